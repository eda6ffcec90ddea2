from odoo import api, fields, models
from odoo.fields import Command, Domain


class CultureConvention(models.Model):
    """What the convention aims at, and the evaluations that it owes."""

    _inherit = "culture.convention"

    commitment_ids = fields.One2many(
        "culture.commitment", "convention_id", string="Commitments", copy=True
    )
    evaluation_ids = fields.One2many(
        "culture.evaluation.due", "convention_id", string="Evaluations due"
    )
    has_late_evaluation = fields.Boolean(
        string="Late evaluation",
        compute="_compute_has_late_evaluation",
        search="_search_has_late_evaluation",
    )

    @api.depends("evaluation_ids.due_date", "evaluation_ids.done_date")
    def _compute_has_late_evaluation(self):
        for convention in self:
            convention.has_late_evaluation = any(
                convention.evaluation_ids.mapped("is_late")
            )

    def _search_has_late_evaluation(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("evaluation_ids", "any", [("is_late", "=", True)])

    def _renewal_values(self):
        """The same evaluations, as far into the following period."""
        values = super()._renewal_values()
        if "date_start" in values:
            moved = values["date_start"] - self.date_start
            values["evaluation_ids"] = [
                Command.create({"name": due.name, "due_date": due.due_date + moved})
                for due in self.evaluation_ids
            ]
        return values
