from odoo import api, fields, models
from odoo.exceptions import UserError


class CultureAssign(models.TransientModel):
    """Give files to a referent at once: the coordination's act."""

    _name = "culture.assign"
    _inherit = ["culture.picked.people"]
    _description = "Assign to"

    referent_id = fields.Many2one(
        "culture.referent",
        string="Assign to",
        ondelete="cascade",
        domain="[('has_role', '=', True)]",
    )
    effect = fields.Char(compute="_compute_effect")

    @api.depends("person_ids")
    @api.depends_context("lang")
    def _compute_effect(self):
        for assistant in self:
            count = len(assistant.person_ids)
            if count == 1:
                assistant.effect = self.env._("1 file")
            else:
                assistant.effect = self.env._("%(n)s files", n=count)

    def action_assign(self):
        """Give the files to the referent; who had them loses them at once.

        :return: an action: back to the list
        :raise UserError: when the referent has no role where the persons are followed
        """
        self.ensure_one()
        if not self.person_ids or not self.referent_id:
            raise UserError(self.env._("Choose at least one file, and a referent."))
        handovers = self.env["culture.handover"]
        handovers._check_receiver(self.person_ids, self.referent_id)
        count = len(self.person_ids)
        self.person_ids.write({"referent_id": self.referent_id.id})
        if count == 1:
            said = self.env._("1 file assigned.")
        else:
            said = self.env._("%(n)s files assigned.", n=count)
        return handovers._then_list(said)
