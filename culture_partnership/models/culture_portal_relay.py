from odoo import fields, models
from odoo.tools.mail import html2plaintext

from .culture_registration_rules import RECORDED

LATER_SHOWN = 20
PAST_SHOWN = 10
LONGEST_WORD = 2000
OPENING_STATES = ("published", "closed", "done")


class CulturePortalRelay(models.AbstractModel):
    """The pages of who escorts outings: a volunteer, a mediator or an agent."""

    _name = "culture.portal.relay"
    _inherit = ["culture.portal"]
    _description = "Portal pages of a relay"

    # -------------------------------------------------------------------- scope

    def _cards(self):
        """Relay cards of the user where a relay role of theirs is in force.

        :return: ``culture.relay`` records, as superuser
        """
        roles = self._roles("relay")
        covered = {
            (scope.structure_id.id, scope.company_id.id) for scope in roles.scope_ids
        }
        cards = self.env["culture.relay"].sudo()
        cards = cards.search([("user_id", "=", self.env.uid)])
        return cards.filtered(lambda c: (c.structure_id.id, c.company_id.id) in covered)

    def _standing(self):
        """Those whose organisation has a convention today, or needs none (I6).

        :return: ``culture.relay`` records, as superuser
        """
        return self._cards().filtered(
            lambda c: c._has_convention_on(c.company_id._culture_today())
        )

    def _outings(self):
        """Outings open to the user now, with the card by which each is.

        The convention of a relay's organisation being over, only the outing that
        began before stays, until the day after (I6).

        :return: dict of ``culture.relay`` by ``culture.outing``, as superuser, in the
            order of their dates
        """
        cards, standing = self._cards(), self._standing()
        outings = self.env["culture.outing"].sudo()
        outings = outings.with_context(lang=self.env.lang).search(
            [("escort_ids", "in", cards.ids), ("state", "!=", "draft")]
        )
        opened = {}
        for outing in outings:
            mine = outing.escort_ids & cards
            card = (mine & standing)[:1] or mine.filtered(
                lambda c, o=outing: self._stays_open(o, c)
            )
            if card:
                opened[outing] = card[:1]
        return opened

    def _stays_open(self, outing, card):
        begin, now = outing.date_begin, fields.Datetime.now()
        if not begin or not begin <= now < outing._list_window().closes:
            return False
        conventions = self.env["culture.convention"]._of_partner(
            card.structure_id, card.company_id
        )
        day = outing._local_day()
        return any(convention._held(day, begin) for convention in conventions)

    def _outing(self, outing_id):
        """One of them.

        :return: (``culture.outing``, ``culture.relay``), or (None, None) for one that
            is absent, of others, or not open any more: nobody learns which
        """
        for outing, card in self._outings().items():
            if outing.id == outing_id:
                return outing, card
        return None, None

    # -------------------------------------------------------------------- pages

    def _home(self):
        """The first page.

        :return: dict with ``next`` (a page as :meth:`_page`, or None), ``later`` and
            ``past`` (lists of cards), ``trainings``, ``phone``; None for who is no
            relay now
        """
        cards = self._cards()
        if not cards:
            return None
        now = fields.Datetime.now()
        outings = self._outings()
        coming = [o for o in outings if o.date_end > now and o.state != "cancelled"]
        off = [o for o in outings if o.date_end > now and o.state == "cancelled"]
        past = [o for o in outings if o.date_end <= now]
        past.sort(key=lambda outing: outing.date_end, reverse=True)
        return {
            "next": coming and self._page(coming[0].id) or None,
            "later": [self._card(o) for o in (coming[1:] + off)[:LATER_SHOWN]],
            "past": [self._card(o) for o in past[:PAST_SHOWN]],
            "trainings": self._trainings(),
            "phone": self._phone(),
        }

    def _card(self, outing):
        """An outing in a list: nothing of the people."""
        return {
            "id": outing.id,
            "name": outing.name,
            "when": outing._long_when(),
            "venue": outing.venue_id.name or "",
            "state": self._state_label(outing),
            "cancelled": outing.state == "cancelled",
        }

    def _page(self, outing_id):
        """The page of an outing that the user escorts.

        :param outing_id: id, any number
        :return: dict of plain values, None for what is not open
        """
        outing, card = self._outing(outing_id)
        if not outing:
            return None
        meeting = ""
        if outing.meeting_date and outing.date_begin:
            meeting = outing._hour_label(outing.meeting_date)
        return {
            **self._card(outing),
            "place": self._place(outing.venue_id),
            "meeting": [part for part in (meeting, outing.meeting_point) if part],
            "transport": outing.transport or "",
            "duty_name": outing.duty_name or "",
            "duty_phone": self._tell(outing.duty_phone),
            "words": html2plaintext(outing.description or "").strip(),
            "seats": self._places(outing.seats_taken),
            "dated": bool(outing.date_begin),
            "started": self._has_begun(outing),
            "starts": outing.date_begin and self._starts(outing) or "",
            "list": self._list(outing, card),
            "longest_word": LONGEST_WORD,
            "phone": self._phone(),
        }

    def _starts(self, outing):
        return self.env._(
            "Attendance is recorded from %(hour)s on.",
            hour=outing._hour_label(outing.date_begin),
        )

    def _has_begun(self, outing):
        return outing.has_started and outing.state in OPENING_STATES

    def _list(self, outing, card):
        """Who comes, in the days in which that is shown; before and after, no row.

        :return: dict with ``status`` (``early``, ``open``, ``over`` or ``none``),
            ``rows``, ``told`` (from when to when, in words); while it is open
            ``numbers_only`` and ``progress``
        """
        window = outing._list_window()
        if outing.state not in OPENING_STATES:
            return {"status": "none", "rows": []}
        now = fields.Datetime.now()
        if now < window.opens:
            told = self.env._(
                "The list is visible from %(first)s to %(last)s.",
                first=self._day(window.first),
                last=self._day(window.last),
            )
            return {"status": "early", "rows": [], "told": told}
        if now >= window.closes:
            told = self.env._(
                "Thank you. The list is not visible any more since %(day)s.",
                day=self._day(fields.Date.add(window.last, days=1)),
            )
            return {"status": "over", "rows": [], "told": told}
        organisation = card._partner_organisation()
        rows = outing._entry_rows(organisation)
        self._word_rows(rows)
        return {
            "status": "open",
            "rows": rows,
            "told": self.env._(
                "The list is visible until %(last)s.", last=self._day(window.last)
            ),
            "numbers_only": outing._shared_level(organisation)[0] == "number",
            "progress": self._progress(rows),
        }

    def _word_rows(self, rows):
        """Add the words of the page to rows: places, state once it is recorded."""
        state = self.env["culture.registration"]._fields["state"]
        labels = dict(state._description_selection(self.env))
        for row in rows:
            row["recorded"] = row["state"] in RECORDED
            row["label"] = labels[row["state"]] if row["recorded"] else ""
            if row["state"] == "attended" and row["came"] < row["seats"]:
                row["label"] = self.env._(
                    "%(state)s: %(came)s of %(seats)s",
                    state=row["label"],
                    came=row["came"],
                    seats=row["seats"],
                )
            row["places"] = self._places(row["seats"])

    def _progress(self, rows):
        recorded = sum(row["recorded"] for row in rows)
        if recorded > 1:
            return self.env._(
                "%(recorded)s of %(total)s recorded", recorded=recorded, total=len(rows)
            )
        return self.env._(
            "%(recorded)s recorded of %(total)s", recorded=recorded, total=len(rows)
        )

    def _trainings(self):
        """How long the user may escort, and by which trainings.

        :return: list of dicts with ``organisation``, ``valid`` and ``renew``
            (sentences, possibly empty), ``phone`` of whom to talk to, ``lines`` (see
            ``culture.portal._training_lines``)
        """
        trainings = []
        for card in self._standing():
            contact = self._contact_of(card)
            who = contact.name or card.company_id.name
            valid = renew = ""
            if card.training_status == "none":
                renew = self.env._("To follow: talk to %(who)s", who=who)
            else:
                day = self._day(card.trained_until)
                valid = self.env._("Valid until %(day)s", day=day)
            if card.training_status == "expiring":
                renew = self.env._("To renew: talk to %(who)s", who=who)
            trainings.append(
                {
                    "organisation": card.structure_id.name,
                    "valid": valid,
                    "renew": renew,
                    "phone": self._tell(contact.phone or card.company_id.phone),
                    "lines": self._training_lines(card),
                }
            )
        return trainings

    def _contact_of(self, card):
        """Who carries the project at the CCAS, under the convention in force."""
        conventions = self.env["culture.convention"]._of_partner(
            card.structure_id, card.company_id
        )
        standing = conventions.filtered(lambda c: c._in_force())
        return standing[:1].project_referent_id

    def _screens(self):
        """See ``culture.portal._screens_of``.

        :return: list of pairs (label, number)
        """
        if not self._cards():
            return []
        outings = self._outings()
        lists = [self._list(outing, card) for outing, card in outings.items()]
        shown = sum(len(found["rows"]) for found in lists)
        return [
            (self.env._("Outings to escort"), len(outings)),
            (self.env._("Lines of a list of people, in these days"), shown),
            (self.env._("My trainings"), len(self._trainings())),
        ]
