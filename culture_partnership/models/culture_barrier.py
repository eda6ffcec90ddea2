from odoo import fields, models


class CultureBarrier(models.Model):
    _name = "culture.barrier"
    _inherit = ["culture.closed.list"]
    _description = "Barrier"

    lever_ids = fields.One2many("culture.lever", "barrier_id", copy=True)
