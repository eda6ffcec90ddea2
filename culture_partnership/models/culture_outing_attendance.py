from odoo import api, models

from .culture_registration_rules import RECORDED


class CultureOuting(models.Model):
    """Attendance: one screen, one key or tap a registration."""

    _inherit = "culture.outing"

    @api.readonly
    def get_attendance(self):
        """What the attendance screen shows to the current user.

        :return: dict with ``outing`` (title, when, whether it has started),
            ``rows`` (the registrations in the user's reach), ``recorded`` and
            ``total`` of these, ``others`` (how many registrations other people
            record), ``reasons`` (pairs for "what got in the way"), ``ask_reason``
        """
        self.ensure_one()
        self.check_access("read")
        states = ["confirmed", *RECORDED]
        of_outing = [("outing_id", "=", self.id), ("state", "in", states)]
        lines = self.env["culture.registration"].search(of_outing)
        lines = lines.sorted(lambda line: (line.name_shown or "").casefold())
        # sudo: a number of lines, nothing of them
        everybody = lines.sudo().search_count(of_outing)
        rows = lines._attendance_rows()
        # numbers of the signature list, to key it back by them
        numbers = self._entry_numbers()
        for line, row in zip(lines, rows, strict=True):
            row["number"] = numbers[line]
        reasons = self.env["culture.reason"].search(
            [("kind", "=", "absence"), ("company_id", "=", self.company_id.id)]
        )
        return {
            "outing": {
                "id": self.id,
                "name": self.name,
                "when": self.when_label,
                "state": self.state,
                "started": self.has_started,
                "starts_label": self.date_begin and self._hour_label(self.date_begin),
            },
            "rows": rows,
            "recorded": len(lines.filtered(lambda line: line.state in RECORDED)),
            "total": len(lines),
            "others": everybody - len(lines),
            "reasons": [(reason.id, reason.name) for reason in reasons],
            "ask_reason": True,
            "may_note": self.env["culture.followup"].has_access("create"),
        }
