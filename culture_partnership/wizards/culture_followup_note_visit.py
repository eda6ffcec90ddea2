from odoo import fields, models


class CultureFollowupNote(models.TransientModel):
    """The same dialog, opened from a visit to a permanence."""

    _inherit = "culture.followup.note"

    visit_id = fields.Many2one("culture.visit", readonly=True, ondelete="cascade")

    def _action_note_visit(self, visit, person):
        """Open the dialog for a visit, whose person is chosen in it unless known.

        :param visit: ``culture.visit`` that the user may change
        :param person: ``culture.beneficiary``, possibly none
        :return: an action in a dialog
        """
        action = self._action_note(person)
        day = visit.company_id._culture_day(visit.date)
        action["context"] |= {
            "default_visit_id": visit.id,
            "default_kind": "desk",
            "default_date": fields.Date.to_string(day),
        }
        return action

    def _save_followup(self):
        followup = super()._save_followup()
        if self.visit_id and not self.followup_id:
            self.visit_id._become("followup_id", followup)
        return followup
