from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .ir_rule import refusal


class CultureOuting(models.Model):
    """Which referents came along: what "going out oneself" rests on."""

    _inherit = "culture.outing"

    joined_ids = fields.Many2many(
        "culture.referent",
        "culture_outing_joined_rel",
        "outing_id",
        "referent_id",
        string="Referents who came",
        copy=False,
        check_company=True,
        groups="culture_partnership.group_culture_partnership_referent,"
        "culture_partnership.group_culture_partnership_coordinator",
    )
    i_joined = fields.Boolean(
        compute="_compute_i_joined",
        export_string_translation=False,
        groups="culture_partnership.group_culture_partnership_referent",
    )

    @api.depends("joined_ids")
    @api.depends_context("uid")
    def _compute_i_joined(self):
        mine = self.env["culture.referent"]._mine()
        for outing in self:
            outing.i_joined = bool(mine & outing.joined_ids)

    def action_i_came(self):
        """Note that the user, a referent, came along.

        :raise AccessError: for who is no referent, or may not read the outing
        :raise UserError: before the outing starts, and of one that is cancelled
        """
        if not all(o.has_started and o.state != "cancelled" for o in self):
            raise UserError(
                self.env._("Say that you came once the outing has started.")
            )
        self._join(Command.link)

    def action_i_did_not_come(self):
        """Go back on it.

        :raise AccessError: for who is no referent, or may not read the outing
        """
        self._join(Command.unlink)

    def _join(self, command):
        """sudo: the user's own card, on outings that the user reads: most are organised
        by a colleague."""
        self.check_access("read")
        card = self.env["culture.referent"]._mine()
        if not card or not card.has_role:
            raise refusal(self.env)
        self.sudo().write({"joined_ids": [command(card.id)]})
