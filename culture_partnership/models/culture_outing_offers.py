import logging
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

OFFER_HOURS = "culture_partnership.offer_hours"
USUAL_HOURS = 24
FEWEST_HOURS = 2
ASKED_IN_TURN = 4
"""Near the deadline, so many can still be asked one after the other."""
MORNING, EVENING = 9, 20
"""Hours between which persons are written to, and can answer."""


class CultureOuting(models.Model):
    """A free place is offered to who comes next, for a time, and passes on (I3)."""

    _inherit = "culture.outing"

    def _offer_free_places(self):
        """Offer what is free to who waits, in the order of the rules.

        Idempotent: what is free is offered once, and never to the same person twice.
        By the application and not by who freed the place: the next person may be
        followed by somebody else, of whom who freed it learns nothing. Only the
        waiting lines of these outings change, only their state.

        :return: number of registrations to which a place was offered
        """
        offered = 0
        for outing in self.with_user(SUPERUSER_ID):
            expiry = outing._offer_expiry()
            if expiry and outing.seats_free > 0:
                offered += outing._offer_until(expiry)
        return offered

    def _offer_until(self, expiry):
        waiters = self._waiters()
        if not waiters:
            return 0
        room, chosen, passed = self._room(), [], {}
        for unit in self._units(waiters):
            if room.taken >= room.seats:
                break
            why = self._why_not(unit, room)
            if not why and not self._offer_to(unit, expiry):
                why = "busy"
            if why:
                for waiter in unit:
                    passed[waiter.id] = (why, self._value_of(why, waiter))
                continue
            chosen += unit
            room.take(self._wanted(unit))
        self.env["culture.registration.log"]._note(passed)
        return len(chosen)

    def _value_of(self, why, waiter):
        if why != "need":
            return ""
        needs = self.env["culture.access.need"].browse(waiter.needs)
        return ", ".join(needs.mapped("name"))

    def _offer_to(self, unit, expiry):
        """Offer their places to those of a unit.

        Who took another outing at this very moment is not seen by any question asked
        before: the constraint is, and then the place goes to the next.

        :return: whether it was done
        """
        lines = self.env["culture.registration"].browse(w.id for w in unit)
        whys = {waiter.id: self._why(waiter) for waiter in unit}
        try:
            with self.env.cr.savepoint(), lines._saying(whys):
                lines.write({"state": "offered", "offer_expiry": expiry})
                lines.flush_recordset()
        except (IntegrityError, UserError):
            lines.invalidate_recordset(flush=False)
            return False
        return True

    # ------------------------------------------------------------------ when

    def _offer_limit(self, now):
        """Until when an answer still serves: the day to warn, else the start.

        :return: naive datetime in UTC, False for an outing that gives no place
        """
        # sudo: whether the convention governs today, for who offers a place
        outing = self.sudo()
        if outing.state not in ("published", "closed"):
            return False
        if not outing.convention_id._in_force():
            return False
        start = outing.date_begin or outing.date_end
        return start if start and start > now else False

    def _offer_expiry(self):
        """Until when an offer made now stands.

        A day, shorter near the deadline so that several can still be asked, and never
        ending at night; never beyond the day to warn or the start. Then a freed place
        is given by hand.

        :return: naive datetime in UTC, False when nothing is offered any more
        """
        now = fields.Datetime.now()
        limit = self._offer_limit(now)
        if not limit:
            return False
        limit = min(limit, self.cancel_deadline or limit)
        left = limit - now
        if left < timedelta(hours=FEWEST_HOURS):
            return False
        usual = timedelta(hours=self._offer_hours())
        fewest = timedelta(hours=FEWEST_HOURS)
        expiry = now + max(min(usual, left / ASKED_IN_TURN), fewest)
        if expiry < now + timedelta(hours=USUAL_HOURS):
            expiry = self._after_night(expiry)
        return min(expiry.replace(microsecond=0), limit)

    def _after_night(self, moment):
        """A moment at night becomes the next morning, late enough to answer."""
        local = self._local(moment)
        early = local.hour < MORNING + FEWEST_HOURS
        if not early and local.hour < EVENING:
            return moment
        day = local.date() if early else local.date() + timedelta(days=1)
        midnight = self.company_id._culture_midnight(day)
        return midnight + timedelta(hours=MORNING + FEWEST_HOURS)

    @api.model
    def _offer_hours(self):
        value = self.env["ir.config_parameter"].sudo().get_param(OFFER_HOURS)
        hours = int(value) if (value or "").isdigit() else USUAL_HOURS
        return min(max(hours, FEWEST_HOURS), 7 * USUAL_HOURS)

    # ------------------------------------------------------------------- job

    @api.model
    def _cron_waiting_lists(self):
        """End the offers that ran out, and offer what is free.

        An outing at a time, each in a transaction of its own that is run again when
        somebody acted meanwhile; by `<=`, so that a job that was down for a week makes
        up for it.
        """
        cron = self.env["ir.cron"]
        lapsed = self._with_lapsed_offers()
        free = self._with_free_places() - lapsed
        todo = lapsed + free
        cron._commit_progress(remaining=len(todo))
        for number, outing in enumerate(todo, 1):
            outing._at_once(outing._pass_on)
            _logger.info("waiting lists: outing %s of %s", number, len(todo))
            if not cron._commit_progress(1):
                break

    def _pass_on(self):
        """End what ran out; what it frees goes to who comes next.

        :return: number of registrations to which a place was offered
        """
        mine = [("outing_id", "=", self.id), *self._lapsed_domain()]
        lines = self.env["culture.registration"].search(mine)
        if lines:
            with lines._saying(dict.fromkeys(lines.ids, ("expired", ""))):
                lines.write({"state": "waiting"})
        return self._offer_free_places()

    @api.model
    def _lapsed_domain(self):
        return [
            ("state", "=", "offered"),
            ("offer_expiry", "<=", fields.Datetime.now()),
        ]

    @api.model
    def _with_lapsed_offers(self):
        lines = self.env["culture.registration"].search(self._lapsed_domain())
        return lines.outing_id.sorted("id")

    @api.model
    def _with_free_places(self):
        """Outings to come with room, for which somebody waits."""
        return self.search(
            [
                ("state", "in", ("published", "closed")),
                ("date_end", ">", fields.Datetime.now()),
                ("has_free_seats", "=", True),
                ("registration_ids", "any", [("state", "=", "waiting")]),
            ],
            order="id",
        )
