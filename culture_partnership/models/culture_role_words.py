from odoo import api, fields, models

from ..security.access_table import ROLE_SUMMARIES


class CultureRole(models.Model):
    """What a role opens, in plain words."""

    _inherit = "culture.role"

    description = fields.Text(string="What it opens", compute="_compute_description")

    @api.depends("role")
    @api.depends_context("lang")
    def _compute_description(self):
        for role in self:
            summary = ROLE_SUMMARIES.get(role.role)
            role.description = summary and str(summary)
