from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .culture_registration_rules import RECORDED


class CultureRegistration(models.Model):
    """Attendance: who came, recorded and taken back."""

    _inherit = "culture.registration"

    def action_record(self, state, seats_attended=None, reason_id=None):
        """Record who came, from the start of the outing on.

        :param state: ``attended``, ``excused`` or ``absent``
        :param seats_attended: how many came, for a group or with a companion
        :param reason_id: id of a ``culture.reason`` of kind ``absence``
        :return: the fresh rows, as :meth:`_attendance_rows`
        """
        if state not in RECORDED:
            raise UserError(self.env._("Choose attended, excused or absent."))
        vals = {"state": state}
        if seats_attended is not None:
            self._check_part(seats_attended)
            vals["seats_attended"] = seats_attended
        if reason_id is not None:
            vals["reason_id"] = reason_id
        self.write(vals)
        return self._attendance_rows()

    def _check_part(self, seats_attended):
        for seats in set(self.mapped("seats")):
            if not 0 <= seats_attended <= seats:
                raise UserError(
                    self.env._(
                        "Places used: no more people can have come than there were "
                        "places (%(seats)s).",
                        seats=seats,
                    )
                )

    def action_undo(self):
        """Take the recorded attendance back: it is not recorded again.

        :return: the fresh rows, as :meth:`_attendance_rows`
        """
        self.write({"state": "confirmed"})
        return self._attendance_rows()

    def action_set_absence_reason(self, reason_id):
        """Say what got in the way, once it is understood.

        :param reason_id: id of a ``culture.reason`` of kind ``absence``, or False
        :return: the fresh rows, as :meth:`_attendance_rows`
        """
        self.filtered(lambda line: line.state in ("excused", "absent")).write(
            {"reason_id": reason_id}
        )
        return self._attendance_rows()

    def _attendance_rows(self):
        """Rows of the attendance screen.

        :return: list of dicts, one a registration
        """
        rows = []
        for line in self:
            rows.append(
                {
                    "id": line.id,
                    "name": line.name_shown,
                    "badge": line._attendance_badge(),
                    "group": not line.beneficiary_id,
                    "adults": line.adults,
                    "children": line.children,
                    "seats": line.seats,
                    "seats_attended": line.seats_attended,
                    "state": line.state,
                    "reason_id": line.reason_id.id,
                    "can_undo": line._is_recorded_today(),
                    "mine": bool(line.beneficiary_id) and line.is_mine,
                }
            )
        return rows

    def action_note_word(self):
        """Note what the person says of the outing, in the person's file.

        :return: the dialog of a follow-up
        """
        self.ensure_one()
        action = self.beneficiary_id.action_note_followup()
        return {**action, "context": {**action["context"], "default_kind": "debrief"}}

    def _attendance_badge(self):
        if not self.beneficiary_id:
            return ""
        parts = [self.env._("child")] if self.children else []
        if self.companion:
            parts.append("+ 1")
        return ", ".join(parts)

    def _card_badge(self):
        """What this registration asks of who follows the person.

        :return: translated text for the person's card
        """
        self.ensure_one()
        if self.state == "absent":
            return self.env._("Absence to understand")
        if not self.offer_expiry:
            return self.env._("Answer expected")
        return self.env._(
            "Answer expected before %(moment)s",
            moment=format_datetime(self.env, self.offer_expiry, dt_format="short"),
        )
