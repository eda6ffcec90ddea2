from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CultureCovered(models.AbstractModel):
    """Rows about a structure, within the roles that cover it in their company.

    A structure without a company of its own may stand in several: whoever covers
    it in one of them covers nothing of the others. A rule cannot compare two
    columns; these fields do.
    """

    _name = "culture.covered"
    _inherit = ["culture.guarded"]
    _description = "Covered by a role in the same company"

    _covered_structure = "structure_id"

    is_administered = fields.Boolean(
        compute="_compute_covered",
        search="_search_is_administered",
        compute_sudo=True,
        export_string_translation=False,
    )
    is_coordinated = fields.Boolean(
        compute="_compute_covered",
        search="_search_is_coordinated",
        compute_sudo=True,
        export_string_translation=False,
    )

    @api.depends_context("uid")
    def _compute_covered(self):
        scope = self.env["culture.scope"]
        rows = scope.search(
            [
                *self.env["culture.role"]._in_force_domain(),
                ("user_id", "=", self.env.uid),
                ("role", "in", ("administrator", "coordinator")),
            ]
        )
        covered = {(row.role, row.structure_id, row.company_id) for row in rows}
        for record in self:
            place = (record[self._covered_structure], record.company_id)
            record.is_administered = ("administrator", *place) in covered
            record.is_coordinated = ("coordinator", *place) in covered

    def _search_is_administered(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(to_sql=partial(self._covered_to_sql, "administrator"))

    def _search_is_coordinated(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(to_sql=partial(self._covered_to_sql, "coordinator"))

    @api.model
    def _covered_to_sql(self, role, model, alias, query):
        self.env["culture.scope"].flush_model()
        return SQL(
            """
            EXISTS (
                SELECT 1 FROM culture_scope s
                 WHERE s.user_id = %s AND s.role = %s
                   AND s.structure_id = %s AND s.company_id = %s AND %s
            )
            """,
            self.env.uid,
            role,
            SQL.identifier(alias, self._covered_structure),
            SQL.identifier(alias, "company_id"),
            self.env["culture.access"]._in_force("s"),
        )
