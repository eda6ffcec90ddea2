from odoo import api, fields, models

from .ir_rule import refusal


class CultureBeneficiary(models.Model):
    """The contacts with the person."""

    _inherit = "culture.beneficiary"

    followup_ids = fields.One2many(
        "culture.followup", "beneficiary_id", string="Follow-ups", copy=False
    )
    followup_count = fields.Integer(
        string="Number of follow-ups", compute="_compute_followup_count"
    )

    @api.depends("followup_ids")
    @api.depends_context("uid")
    def _compute_followup_count(self):
        """Those that the reader may read: a count never tells more than the list."""
        counts = dict(
            self.env["culture.followup"]._read_group(
                [("beneficiary_id", "in", self.ids)], ["beneficiary_id"], ["__count"]
            )
        )
        for person in self:
            person.followup_count = counts.get(person._origin, 0)

    def action_note_followup(self):
        """Open the dialog in which a contact with this person is noted.

        :return: an action in a dialog
        :raise AccessError: when the user does not follow the person
        """
        self.ensure_one()
        if not self.is_mine:
            raise refusal(self.env)
        return self.env["culture.followup.note"]._action_note(self)
