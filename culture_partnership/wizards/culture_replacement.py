from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.dialogs import dialog


class CultureReplacement(models.TransientModel):
    """Say who replaces a referent, from the first day to the last one."""

    _name = "culture.replacement"
    _inherit = ["culture.links"]
    _description = "Be replaced"

    referent_id = fields.Many2one(
        "culture.referent", required=True, readonly=True, ondelete="cascade"
    )
    colleague_id = fields.Many2one(
        "culture.referent",
        string="Replaced by",
        ondelete="cascade",
        domain="[('has_role', '=', True), ('id', '!=', referent_id)]",
    )
    first_day = fields.Date(string="Replaced from", default=fields.Date.context_today)
    last_day = fields.Date(help="Included.")
    standing = fields.Boolean(
        compute="_compute_standing", export_string_translation=False
    )

    @api.depends("referent_id")
    def _compute_standing(self):
        for assistant in self:
            assistant.standing = bool(assistant.referent_id.replacement_id)

    @api.model
    def _action_open(self, card):
        vals = {"referent_id": card.id}
        if card.replacement_id:
            vals["colleague_id"] = card.replacement_id.id
            vals["first_day"] = card.replacement_start
            vals["last_day"] = card.replacement_end
        return dialog(self.create(vals), self.env._("Be replaced"))

    def action_replace(self):
        """Open the referent's files to the colleague, for these days.

        :return: an action: closes the dialog
        :raise UserError: without a colleague, or when the days cannot be
        """
        self.ensure_one()
        if not self.colleague_id:
            # to nobody, the act below would end the replacement
            raise UserError(self.env._("Replaced by: choose a colleague."))
        self.referent_id._be_replaced(self.colleague_id, self.first_day, self.last_day)
        return self._reload()

    def action_end(self):
        """End the replacement at once.

        :return: an action: closes the dialog
        """
        self.ensure_one()
        self.referent_id._be_replaced(self.env["culture.referent"])
        return self._reload()

    def _reload(self):
        return {"type": "ir.actions.client", "tag": "soft_reload"}
