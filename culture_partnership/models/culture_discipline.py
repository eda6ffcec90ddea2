from odoo import fields, models


class CultureDiscipline(models.Model):
    _name = "culture.discipline"
    _inherit = ["culture.closed.list"]
    _description = "Discipline"

    color = fields.Integer()
    is_show = fields.Boolean(
        string="A show", help="One sits down, and it begins at its hour."
    )
    sheet_sentence = fields.Char(
        string="On the outing sheet",
        help="What it is, in a short and simple sentence: “It is a play.”",
    )
