from odoo import fields, models


class CultureDiscipline(models.Model):
    _name = "culture.discipline"
    _inherit = ["culture.closed.list"]
    _description = "Discipline"

    color = fields.Integer()
