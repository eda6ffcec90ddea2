from odoo import api, fields, models
from odoo.fields import Command

from ..models.culture_links import link_id
from ..models.ir_rule import refusal


class CultureRelayProposeLine(models.TransientModel):
    """One relay who could escort."""

    _name = "culture.relay.propose.line"
    _inherit = ["culture.links"]
    _description = "Relay proposed"
    _order = "sequence, id"

    propose_id = fields.Many2one(
        "culture.relay.propose", required=True, readonly=True, ondelete="cascade"
    )
    sequence = fields.Integer(readonly=True)
    relay_id = fields.Many2one("culture.relay", readonly=True, ondelete="cascade")
    structure_id = fields.Many2one(related="relay_id.structure_id", related_sudo=False)
    availability = fields.Char(related="relay_id.availability", related_sudo=False)
    languages = fields.Char(readonly=True)
    reason = fields.Char(string="Why", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            assistant = self.env["culture.relay.propose"].browse(
                link_id(vals.get("propose_id")) or ()
            )
            if not assistant.has_access("write"):
                raise refusal(self.env)
        return super().create(vals_list)

    def action_choose(self):
        """Let this relay escort the outing, if all still holds.

        :return: an action that closes the dialog
        :raise UserError: when the relay was taken meanwhile
        """
        self.ensure_one()
        self.propose_id.outing_id.write(
            {"escort_ids": [Command.link(self.relay_id.id)]}
        )
        return {"type": "ir.actions.act_window_close"}
