from odoo import fields, models


class CultureReason(models.Model):
    _name = "culture.reason"
    _inherit = ["culture.closed.list"]
    _description = "Reason"
    _order = "kind, sequence, name, id"

    kind = fields.Selection(
        [
            ("person", "Cancelled by the person"),
            ("structure", "Cancelled by the structure"),
            ("venue", "Cancelled by the venue"),
            ("absence", "What got in the way"),
        ],
        required=True,
        default="person",
    )
