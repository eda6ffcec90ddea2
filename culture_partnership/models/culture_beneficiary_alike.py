from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CultureBeneficiary(models.Model):
    """Files that are perhaps of one person."""

    _inherit = "culture.beneficiary"

    @api.depends("first_name", "last_name", "birth_date")
    @api.depends_context("uid")
    def _compute_has_duplicate(self):
        doubles = self.search(Domain("id", "in", self.ids) & self._duplicate_domain())
        for person in self:
            person.has_duplicate = person in doubles

    def _search_has_duplicate(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._duplicate_domain()

    @api.model
    def _duplicate_domain(self):
        """Persons who share name and birth date with another one in reach."""
        visible = self._search([])
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """
                EXISTS (SELECT 1 FROM culture_beneficiary twin
                         WHERE twin.id IN %(visible)s AND twin.active
                           AND twin.id <> %(t)s.id
                           AND twin.company_id = %(t)s.company_id
                           AND lower(twin.last_name) = lower(%(t)s.last_name)
                           AND lower(twin.first_name) = lower(%(t)s.first_name)
                           AND twin.birth_date = %(t)s.birth_date)
                """,
                visible=visible.subselect(),
                t=SQL.identifier(alias),
            )
        )
