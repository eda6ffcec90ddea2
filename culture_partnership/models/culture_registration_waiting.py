from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.dialogs import dialog, notice
from .culture_registration_log import SAID
from .culture_registration_rules import SEATED


class CultureRegistration(models.Model):
    """On the waiting list: whose turn it is, what is offered, and why."""

    _inherit = "culture.registration"

    offered_at = fields.Datetime(
        string="Place offered on", readonly=True, help="Once for an outing."
    )
    waiting_rank = fields.Integer(
        string="Rank", compute="_compute_waiting_rank", compute_sudo=True
    )
    waiting_why = fields.Char(
        string="Why this place", compute="_compute_waiting_rank", compute_sudo=True
    )

    @api.depends("state", "waiting_since", "outing_id")
    @api.depends_context("lang")
    def _compute_waiting_rank(self):
        """The place in the order of the rules, and what the rules say of it.

        sudo: how many are before, whoever follows them.
        """
        waiting = self.filtered(lambda line: line.state == "waiting")
        outings = waiting.outing_id._origin
        found = {waiter.id: waiter for waiter in outings._waiters()}
        for line in self:
            waiter = found.get(line._origin.id)
            line.waiting_rank = waiter.rank if waiter else 0
            line.waiting_why = waiter and line._why_words(waiter)

    def _why_words(self, waiter):
        """What the waiting list says of somebody.

        :param waiter: :class:`Waiter`
        :return: translated text
        """
        log = self.env["culture.registration.log"]
        if waiter.offered:
            return log._words("expired")
        said = [log._words(*self.env["culture.outing"]._why(waiter))]
        if waiter.needs:
            needs = self.env["culture.access.need"].browse(waiter.needs)
            said.append(log._words("need", ", ".join(needs.mapped("name"))))
        if waiter.busy:
            said.append(log._words("busy"))
        return " · ".join(said)

    # ------------------------------------------------------------------ trace

    @contextmanager
    def _saying(self, whys):
        """Say in the history why the state changes, within the block.

        :param whys: code and value by registration id
        """
        cache = self.env.cr.cache
        cache[SAID] = whys
        try:
            yield
        finally:
            cache.pop(SAID, None)

    def _state_moved(self, before):
        """What is freed goes to who waits, at once.

        Not what the venue takes away: fewer places than before are no free places.
        """
        result = super()._state_moved(before)
        freed = self.filtered(
            lambda line: (
                before[line.id] in SEATED
                and line.state not in SEATED
                and line.cancelled_by != "venue"
            )
        )
        if freed:
            freed.outing_id._offer_free_places()
        return result

    def _derived_from_state(self, vals):
        derived = super()._derived_from_state(vals)
        if vals["state"] == "offered":
            derived["offered_at"] = fields.Datetime.now()
            derived["offer_expiry"] = self._bounded_expiry(vals.get("offer_expiry"))
        return derived

    def _bounded_expiry(self, asked):
        """When the offer ends: what was asked, or what the rules say.

        :param asked: datetime, or nothing
        :return: datetime, never beyond the start
        :raise UserError: when no place can be offered any more
        """
        now, outing = fields.Datetime.now(), self.outing_id.sudo()
        limits = [one._offer_limit(now) for one in outing]
        if not all(limits):
            raise UserError(
                self.env._(
                    "No place of this outing is offered any more. Confirm it instead, "
                    "if there is still time."
                )
            )
        expiry = fields.Datetime.to_datetime(asked)
        if expiry and expiry <= now:
            raise UserError(
                self.env._("Answer expected before: choose a moment to come.")
            )
        expiry = expiry or min(one._offer_expiry() or limits[0] for one in outing)
        return min(expiry, *limits)

    def _check_protected(self, vals_list):
        """An offer's end comes with the offer, and is not moved afterwards."""
        moved = [v for v in vals_list if "offer_expiry" in v and "state" not in v]
        self._refuse_given({"offer_expiry"}, moved)
        return super()._check_protected(vals_list)

    # ------------------------------------------------------------------ turns

    def _check_transitions(self, target):
        if target == "offered":
            self._check_never_offered()
        return super()._check_transitions(target)

    def _check_never_offered(self):
        if self._once_offered():
            raise UserError(
                self.env._(
                    "A place of this outing was offered already. It is not offered "
                    "twice: talk about it together, then confirm the place."
                )
            )

    def _once_offered(self):
        """Those to whom a place was offered, here or before they came back.

        sudo: that an earlier registration of the same person had an offer.

        :return: ``culture.registration``, some of these
        """
        earlier = self.sudo().search(
            [
                ("offered_at", "!=", False),
                ("outing_id", "in", self.outing_id.ids),
                ("beneficiary_id", "in", self.beneficiary_id.ids),
            ]
        )
        known = {(line.outing_id.id, line.beneficiary_id.id) for line in earlier}
        return self.filtered(
            lambda line: (
                line.offered_at or (line.outing_id.id, line.beneficiary_id.id) in known
            )
        )

    def _check_turn(self, waiting):
        """Refuse to pass before those whom the rules put first.

        Asked when the seats have moved, before the lines have.

        :param waiting: how many wait by outing id, where places were taken
        """
        if not waiting or self.env.su or SAID in self.env.cr.cache:
            return
        lines = self.filtered(lambda line: line.state == "waiting")
        for outing, ours in lines.grouped("outing_id").items():
            if waiting.get(outing.id, 0) > len(ours):
                before = ours._before_us(given=True)
                if before:
                    raise ours._turn_error(before)

    def _before_us(self, given=False):
        """How many come first by the rules, and could come.

        sudo: how many, not who.

        :param given: whether our own places are counted as taken already
        :return: number of registrations
        """
        before = 0
        for outing, lines in self.grouped("outing_id").items():
            outing = outing.sudo()
            waiters = outing._waiters()
            room, ours = outing._room(), set(lines.ids)
            if given:
                room.take({False: -sum(lines.mapped("seats"))})
            ranks = [waiter.rank for waiter in waiters if waiter.id in ours]
            if not ranks:
                continue
            for unit in outing._units(waiters):
                others = [waiter for waiter in unit if waiter.id not in ours]
                if len(others) < len(unit) or unit[0].rank > max(ranks):
                    continue
                if not outing._why_not(unit, room):
                    before += len(others)
        return before

    def _turn_error(self, before):
        if before == 1:
            text = self.env._(
                "1 other registration comes first on the waiting list. The "
                "coordination of the outing may depart from the rules, and says why: "
                "“Offer the place”."
            )
        else:
            text = self.env._(
                "%(n)s other registrations come first on the waiting list. The "
                "coordination of the outing may depart from the rules, and says why: "
                "“Offer the place”.",
                n=before,
            )
        return UserError(text)

    def _may_choose(self):
        """Whether the user may depart from the rules: the outing's coordination.

        :return: bool
        """
        coordinated = self.env["culture.access"]._reach().coordinated
        return all(
            outing.structure_id.id in coordinated.get(outing.company_id.id, ())
            for outing in self.outing_id
        )

    # ------------------------------------------------------------------- acts

    def action_offer(self, expiry=False):
        """Offer a place, held until the answer; out of turn, ask why first.

        :param expiry: datetime (UTC) after which the offer passes on
        :return: an action in a dialog when a reason is wanted, else None
        :raise UserError: out of turn, for who may not depart from the rules
        """
        self.check_access("write")
        waiting = self.filtered(lambda line: line.state == "waiting")
        if len(self) == 1 and waiting and not self.env.su and self._may_choose():
            if self._once_offered() or self._before_us():
                return dialog(
                    self.env["culture.offer"],
                    self.env._("Offer the place"),
                    default_registration_id=self.id,
                )
        return super().action_offer(expiry)

    def _give_by_choice(self, reason):
        """Give a place out of turn, and say why.

        Who let an offer go, and was spoken to since, is not offered it again: the
        place is confirmed.

        :param reason: text, read by who reads the registration
        :raise UserError: for who may not depart from the rules
        """
        self.ensure_one()
        self.check_access("write")
        if not self._may_choose():
            raise UserError(
                self.env._(
                    "Only the coordination of the outing departs from the rules of its "
                    "waiting list."
                )
            )
        state = "confirmed" if self._once_offered() else "offered"
        with self._saying({self.id: ("choice", reason)}):
            self.write({"state": state})

    def action_cancel(self, cancelled_by="person", reason_id=False):
        """Free the places, before the start.

        :param cancelled_by: ``person``, ``structure`` or ``venue``
        :param reason_id: id of a ``culture.reason``
        :return: a notice when a place went to the next person, else None
        """
        began, seated = fields.Datetime.now(), any(r.state in SEATED for r in self)
        super().action_cancel(cancelled_by, reason_id)
        if not seated:
            return None
        # sudo: that a place was offered, not to whom
        passed = self.sudo().search_count(
            [
                ("outing_id", "in", self.outing_id.ids),
                ("state", "=", "offered"),
                ("offered_at", ">=", began),
            ],
            limit=1,
        )
        if not passed:
            return None
        return notice(self.env._("Place freed, offered to the next person."))
