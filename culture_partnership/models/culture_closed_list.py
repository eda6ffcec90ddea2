from odoo import fields, models


class CultureClosedList(models.AbstractModel):
    """A short list of words that the administrator edits.

    Free text about people ends up holding what must not be written (health,
    income, a diagnosis): a closed list cannot.
    """

    _name = "culture.closed.list"
    _inherit = ["culture.guarded"]
    _description = "Closed list"
    _order = "sequence, name, id"

    name = fields.Char(
        required=True,
        help="Not a word on health, a diagnosis, income or a legal status.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    def _copy_to_company(self, company):
        """Give `company` its own copy of each list of this model.

        :param company: the new ``res.company``
        """
        model = self.sudo().with_context(active_test=True)
        rows = model.search([("company_id", "=", self.env.ref("base.main_company").id)])
        model.create(
            [dict(values, company_id=company.id) for values in rows.copy_data()]
        )
