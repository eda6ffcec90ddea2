from odoo import fields, models


class CultureAccessNeed(models.Model):
    """What a seat or a venue must offer; never why a person needs it."""

    _name = "culture.access.need"
    _inherit = ["culture.closed.list"]
    _description = "Access need"

    icon = fields.Char(help="Name of a Font Awesome icon, such as fa-wheelchair.")
