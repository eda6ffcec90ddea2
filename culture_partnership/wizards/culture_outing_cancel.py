from odoo import api, fields, models


class CultureOutingCancel(models.TransientModel):
    """Cancel an outing, with what will happen in figures before it does."""

    _name = "culture.outing.cancel"
    _inherit = ["culture.links"]
    _description = "Cancel an outing"

    outing_id = fields.Many2one("culture.outing", required=True, ondelete="cascade")
    cancelled_by = fields.Selection(
        [("venue", "The venue"), ("structure", "The structure")],
        required=True,
        default="venue",
    )
    reason_id = fields.Many2one(
        "culture.reason", domain="[('kind', '=', cancelled_by)]", ondelete="cascade"
    )
    effect = fields.Text(compute="_compute_effect")

    @api.depends("outing_id")
    def _compute_effect(self):
        for assistant in self:
            outing = assistant.outing_id
            live = outing.confirmed_count + outing.waiting_count
            if live == 1:
                told = self.env._("1 registration ends.")
            else:
                told = self.env._("%(n)s registrations end.", n=live)
            freed = self.env._("Their places are freed, nobody is noted as absent.")
            assistant.effect = f"{told} {freed}"

    def action_cancel(self):
        """Cancel the outing.

        :return: closes the dialog
        """
        self.outing_id.action_cancel(self.cancelled_by, self.reason_id.id)
        return {"type": "ir.actions.act_window_close"}
