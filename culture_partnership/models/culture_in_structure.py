from odoo import fields, models


class CultureInStructure(models.AbstractModel):
    """What belongs to a structure, by default to that of who makes it."""

    _name = "culture.in.structure"
    _inherit = ["culture.guarded"]
    _description = "In a structure"

    structure_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["culture.role"]._default_structure(),
        domain=[("is_culture_structure", "=", True)],
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
