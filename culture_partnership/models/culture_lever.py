from odoo import fields, models


class CultureLever(models.Model):
    _name = "culture.lever"
    _inherit = ["culture.closed.list"]
    _description = "Lever"

    barrier_id = fields.Many2one(
        "culture.barrier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="barrier_id.company_id",
        store=True,
        precompute=True,
        index=True,
        default=None,
    )
