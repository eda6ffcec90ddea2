from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.day_words import day_in_words


class CultureRoleRenew(models.TransientModel):
    """Give roles a new last day; an ended one begins anew, its history stays."""

    _name = "culture.role.renew"
    _inherit = ["culture.links"]
    _description = "Renew roles"

    role_ids = fields.Many2many("culture.role", string="Roles", required=True)
    last_day = fields.Date(
        string="New last day",
        compute="_compute_last_day",
        store=True,
        readonly=False,
        compute_sudo=False,
        help="Empty: the role has no end.",
    )
    effect = fields.Char(compute="_compute_effect")

    @api.depends("role_ids")
    def _compute_last_day(self):
        """Propose one year more, from the end or from today."""
        today = fields.Date.context_today(self)
        for assistant in self:
            days = [role.last_day or today for role in assistant.role_ids]
            later = max([*days, today])
            assistant.last_day = later + relativedelta(years=1)

    @api.depends("role_ids", "last_day")
    @api.depends_context("lang")
    def _compute_effect(self):
        for assistant in self:
            day = assistant.last_day and day_in_words(
                self.env, assistant.last_day, "d MMMM y"
            )
            until = (
                self.env._("Until %(day)s, that day included.", day=day)
                if day
                else self.env._("Without end.")
            )
            anew = any(role.status == "ended" for role in assistant.role_ids)
            begins = anew and self.env._(
                "What has ended begins anew now, on a line of its own."
            )
            assistant.effect = " ".join(filter(None, (until, begins)))

    def action_renew(self):
        """Renew the roles until the last day.

        :return: closes the dialog
        :raise UserError: when the last day cannot be, or the role is held already
        """
        self.ensure_one()
        if not self.role_ids:
            raise UserError(self.env._("Roles: choose one at least."))
        self.role_ids._renew(self.last_day)
        return {"type": "ir.actions.act_window_close"}
