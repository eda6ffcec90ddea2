from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.quiet_log import unlogged
from .culture_registration_rules import RECORDED, TRANSITIONS


class CultureRegistration(models.Model):
    """What may follow what, when, and what it fills."""

    _inherit = "culture.registration"

    def action_confirm(self):
        """Confirm these registrations: each takes its places.

        :raise UserError: when there is not enough room
        """
        self.write({"state": "confirmed"})

    def action_wait(self):
        """Put these registrations on the waiting list."""
        self.write({"state": "waiting"})

    def action_offer(self, expiry=False):
        """Offer a place, held until the answer.

        :param expiry: datetime (UTC) after which the offer passes on
        """
        self.write({"state": "offered", "offer_expiry": expiry})

    def action_cancel(self, cancelled_by="person", reason_id=False):
        """Free the places, before the start.

        :param cancelled_by: ``person``, ``structure`` or ``venue``
        :param reason_id: id of a ``culture.reason``
        """
        self.write(
            {"state": "cancelled", "cancelled_by": cancelled_by, "reason_id": reason_id}
        )

    def _check_transitions(self, target):
        for line in self:
            if target not in TRANSITIONS[line.state]:
                raise line._state_error(target)
        if self.env.su:
            return
        if target == "cancelled":
            self._check_cancellable()
        elif target in RECORDED:
            self._check_recordable()
            self.filtered(lambda line: line.state in RECORDED)._check_undo()
        elif target == "confirmed":
            self.filtered(lambda line: line.state in RECORDED)._check_undo()

    def _state_error(self, target):
        labels = dict(self._fields["state"]._description_selection(self.env))
        text = self.env._(
            "%(who)s has changed meanwhile: %(state)s. Nothing was done (%(wanted)s).",
            who=self.name_shown,
            state=labels[self.state],
            wanted=labels.get(target, target),
        )
        return unlogged(UserError(text))

    def _check_still_open(self, target, doubtful):
        """Who waited gets a place by the rules of a new registration.

        :param doubtful: the outings that may take none any more
        """
        if target in ("offered", "confirmed") and doubtful and not self.env.su:
            waited = self.filtered(lambda line: line.state in ("requested", "waiting"))
            outings = (waited.outing_id & doubtful).sudo()
            outings._check_open_for_registration(("published", "closed"))

    def _check_cancellable(self):
        """A warning frees the place down to the start; then there is attendance."""
        now = fields.Datetime.now()
        for line in self.filtered(lambda line: line.state == "confirmed"):
            if (line.date_begin or line.date_end) <= now:
                raise UserError(
                    self.env._(
                        "The outing has started: record the attendance instead of "
                        "freeing the place."
                    )
                )

    def _check_recordable(self):
        now = fields.Datetime.now()
        for outing in self.outing_id.sudo():
            if outing.state not in ("published", "closed", "done"):
                raise UserError(
                    self.env._("Attendance is recorded on a published outing.")
                )
            if outing.date_begin and outing.date_begin > now:
                raise UserError(
                    self.env._(
                        "Attendance is recorded from %(hour)s on. Somebody warns you? "
                        "Use “Free the place”.",
                        hour=outing._hour_label(outing.date_begin),
                    )
                )

    def _check_undo(self):
        """Undone the same day by anybody, later by the coordination only."""
        coordinated = self.env["culture.access"]._reach().coordinated
        for line in self.filtered(lambda line: not line._is_recorded_today()):
            if line.structure_id.id not in coordinated.get(line.company_id.id, ()):
                raise UserError(
                    self.env._(
                        "This attendance was recorded another day: only the "
                        "coordination changes it now."
                    )
                )

    def _is_recorded_today(self):
        """Whether the attendance was recorded on the day that it is at the CCAS."""
        day = self.company_id._culture_day(self.attendance_date)
        return bool(day) and day == self.company_id._culture_today()

    def _derived_from_state(self, vals):
        """Columns that follow from the new state."""
        state = vals["state"]
        now = fields.Datetime.now()
        if state in RECORDED:
            attended = state == "attended"
            derived = {
                "attendance_by_id": self.env.uid,
                "attendance_date": now,
                "attended_date": attended and self._attended_on(),
            }
            if not attended:
                derived["seats_attended"] = 0
            elif "seats_attended" not in vals:
                derived["seats_attended"] = self[:1].seats
            return derived
        if state == "confirmed":
            return {
                "attendance_by_id": False,
                "attendance_date": False,
                "attended_date": False,
                "seats_attended": 0,
                "reason_id": False,
                "offer_expiry": False,
            }
        if state == "waiting":
            return {"waiting_since": now, "offer_expiry": False}
        if state == "cancelled":
            return {"cancelled_by": vals.get("cancelled_by") or "person"}
        return {}

    def _attended_on(self):
        company = self[:1].company_id
        return company._culture_day(self[:1].date_begin) or company._culture_today()
