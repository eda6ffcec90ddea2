from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    culture_role_ids = fields.One2many(
        "culture.role",
        "user_id",
        string="Roles",
        groups="culture_partnership.group_culture_partnership_administrator",
    )
