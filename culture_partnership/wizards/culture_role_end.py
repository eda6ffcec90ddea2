from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.day_words import day_in_words


class CultureRoleEnd(models.TransientModel):
    """End roles, said in words before it happens: whose, which, where, when."""

    _name = "culture.role.end"
    _inherit = ["culture.links"]
    _description = "End roles"

    role_ids = fields.Many2many("culture.role", string="Roles", required=True)
    moment = fields.Selection(
        [("now", "Right now"), ("day", "On a last day")],
        string="When",
        required=True,
        default="now",
    )
    last_day = fields.Date()
    effect = fields.Char(compute="_compute_effect")

    @api.depends("moment", "last_day")
    @api.depends_context("lang")
    def _compute_effect(self):
        for assistant in self:
            if assistant.moment == "now":
                assistant.effect = self.env._(
                    "Right now: the access stops and open sessions are closed."
                )
            elif assistant.last_day:
                day = day_in_words(self.env, assistant.last_day, "EEEE d MMMM y")
                assistant.effect = self.env._("On %(day)s at midnight.", day=day)
            else:
                assistant.effect = False

    def action_end(self):
        """End the roles, now or after the last day.

        :return: closes the dialog
        :raise UserError: without a last day, or when it cannot be
        """
        self.ensure_one()
        if not self.role_ids:
            raise UserError(self.env._("Roles: choose one at least."))
        if self.moment == "now":
            self.role_ids.action_end_now()
        elif self.last_day:
            self.role_ids.write({"last_day": self.last_day})
        else:
            raise UserError(self.env._("Last day: choose one, or “Right now”."))
        return {"type": "ir.actions.act_window_close"}
