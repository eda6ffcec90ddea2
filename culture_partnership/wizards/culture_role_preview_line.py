from odoo import fields, models

ANSWERS = [("yes", "yes"), ("own", "their own"), ("no", "no")]


class CultureRolePreviewLine(models.TransientModel):
    """One screen of a preview."""

    _name = "culture.role.preview.line"
    _inherit = ["culture.links"]
    _description = "Screen of a preview"

    preview_id = fields.Many2one(
        "culture.role.preview", required=True, ondelete="cascade"
    )
    name = fields.Char(string="Screen")
    count = fields.Integer(string="Number of records")
    may_read = fields.Selection(ANSWERS, string="Read")
    may_create = fields.Selection(ANSWERS, string="Create")
    may_write = fields.Selection(ANSWERS, string="Change")
    may_unlink = fields.Selection(ANSWERS, string="Delete")
