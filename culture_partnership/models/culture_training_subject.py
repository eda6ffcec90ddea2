from odoo import models


class CultureTrainingSubject(models.Model):
    _name = "culture.training.subject"
    _inherit = ["culture.closed.list"]
    _description = "Training subject"
