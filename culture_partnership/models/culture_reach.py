from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

HIDDEN_LENGTH = 200
"""Up to this number of persons, the planner always takes the person's index."""


class CultureReach(models.AbstractModel):
    """Records of a person, within reach of who follows or coordinates them.

    Rules say ``[('in_reach', '=', True)]`` and nothing else. An OR of two dated
    subqueries would read the whole table; here the same dated rows are read once
    per transaction and given as constants (docs/architecture.md, "Rules that
    stay fast").
    """

    _name = "culture.reach"
    _inherit = ["culture.guarded"]
    _description = "Within reach of who accompanies the person"

    _reach_person = "beneficiary_id"

    in_reach = fields.Boolean(
        compute="_compute_in_reach",
        search="_search_in_reach",
        compute_sudo=True,
        export_string_translation=False,
    )
    is_mine = fields.Boolean(
        string="Of a person I follow",
        compute="_compute_is_mine",
        search="_search_is_mine",
        compute_sudo=True,
    )

    @api.depends_context("uid")
    def _compute_in_reach(self):
        reach = self.env["culture.access"]._reach()
        people = self._people_in_reach(reach)
        inside = self.filtered(
            lambda record: (
                record._reach_person_id() in people
                or record.structure_id.id
                in reach.coordinated.get(record.company_id.id, ())
                or record._is_reached_otherwise(reach)
            )
        )
        # all at once: setting a field costs the host as much for one as for all
        inside.in_reach = True
        (self - inside).in_reach = False

    @api.depends_context("uid")
    def _compute_is_mine(self):
        people = self._people_in_reach(self.env["culture.access"]._reach())
        for record in self:
            record.is_mine = record._reach_person_id() in people

    def _search_in_reach(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(to_sql=self._reach_to_sql)

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(to_sql=self._mine_to_sql)

    @api.model
    def _guard_columns(self):
        columns = super()._guard_columns()
        return sorted({*columns, "structure_id", self._reach_person} - {"id"})

    # -------------------------------------------------- hooks for single models

    def _reach_person_id(self):
        return self[self._reach_person].id

    def _is_reached_otherwise(self, reach):
        """Whether a record is in reach for a reason of its own model."""
        return False

    @api.model
    def _reach_otherwise_to_sql(self, reach, alias):
        """The same in SQL.

        :return: list of SQL conditions
        """
        return []

    # --------------------------------------------------------------------- SQL

    def _people_in_reach(self, reach):
        if not reach.truncated:
            return reach.people
        ids = list({record._reach_person_id() for record in self} - {False})
        return {
            row
            for (row,) in self.env.execute_query(
                SQL(
                    "SELECT id FROM culture_beneficiary"
                    " WHERE id = ANY(%s) AND id IN (%s)",
                    ids,
                    self.env["culture.access"]._people_in_force(),
                )
            )
        }

    @api.model
    def _mine_to_sql(self, model, alias, query):
        reach = self.env["culture.access"]._reach()
        return self._people_to_sql(reach, alias, query, alone=True)

    @api.model
    def _reach_to_sql(self, model, alias, query):
        reach = self.env["culture.access"]._reach()
        parts = [
            SQL(
                "(%s AND %s = %s)",
                one_of(SQL.identifier(alias, "structure_id"), structures),
                SQL.identifier(alias, "company_id"),
                company_id,
            )
            for company_id, structures in reach.coordinated.items()
        ]
        parts += self._reach_otherwise_to_sql(reach, alias)
        if reach.people or not parts:
            # a referent's groups have an index of their own beside the person's
            alone = not reach.coordinated
            parts.insert(0, self._people_to_sql(reach, alias, query, alone))
        return SQL("(%s)", SQL(" OR ").join(parts))

    @api.model
    def _people_to_sql(self, reach, alias, query, alone):
        """Condition on the person's column, in the form that suits the planner.

        A user who follows few persons with few lines would otherwise be answered
        by a walk of the primary key: a subselect of constants hides their number
        from the planner, which then takes the index of the person. And where single
        persons are asked for already, two lists of constants are looked up each with
        each, or the whole table is read: a join is not.
        """
        person = SQL.identifier(alias, self._reach_person)
        if not reach.people:
            return SQL("FALSE")
        if reach.truncated:
            people = self.env["culture.access"]._people_in_force()
            return SQL("%s IN (%s)", person, people)
        asked = f"{person.code} IN "
        if alone and asked in query.where_clause.code:
            return SQL("%s IN (SELECT unnest(%s::int[]))", person, reach.people_text)
        # as one text: a list of a thousand parameters takes longer than its query
        if alone and len(reach.people) <= HIDDEN_LENGTH:
            return SQL(
                "%s = ANY(ARRAY(SELECT unnest(%s::int[])))", person, reach.people_text
            )
        return SQL("%s = ANY(%s::int[])", person, reach.people_text)


def one_of(column, ids):
    """Condition on a column; of a single id an index is read in its own order.

    :param column: SQL
    :param ids: non-empty set of ids
    :return: SQL
    """
    if len(ids) == 1:
        return SQL("%s = %s", column, *ids)
    return SQL("%s = ANY(%s)", column, sorted(ids))
