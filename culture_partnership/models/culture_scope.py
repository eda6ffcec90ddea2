from odoo import api, fields, models

from .culture_role import ROLES


class CultureScope(models.Model):
    """The closure that rules read: each structure that a role covers.

    One row a role and structure (its own and those under it), with the role's
    dates. Rewritten when a role or a structure's parent changes, never by hand.
    """

    _name = "culture.scope"
    _inherit = ["culture.covered"]
    _description = "Scope of a role"
    _order = "id"
    _rec_names_search = ("structure_id",)

    role_id = fields.Many2one(
        "culture.role",
        string="Role given",
        required=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    role = fields.Selection(ROLES, required=True)
    structure_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    date_start = fields.Datetime(required=True)
    date_end = fields.Datetime()
    company_id = fields.Many2one("res.company", required=True, index=True)

    _user_structure = models.Index("(user_id, structure_id)")
    _structure = models.Index("(structure_id, user_id)")

    @api.model
    def _rebuild(self, roles):
        """Write the rows of these roles anew.

        sudo: the closure follows from roles and structures that somebody had the
        right to change; nobody writes it directly.

        :param roles: ``culture.role`` records
        """
        roles = roles.sudo().exists()
        wanted = {}
        for role in roles:
            for structure in self._covered(role):
                wanted[role, structure] = {
                    "role_id": role.id,
                    "user_id": role.user_id.id,
                    "role": role.role,
                    "structure_id": structure.id,
                    "date_start": role.date_start,
                    "date_end": role.date_end,
                    "company_id": role.company_id.id,
                }
        stale = self.sudo().browse()
        for row in roles.scope_ids:
            values = wanted.pop((row.role_id, row.structure_id), None)
            if values is None:
                stale |= row
            elif (row.date_start, row.date_end) != (
                values["date_start"],
                values["date_end"],
            ):
                row.write(
                    {"date_start": values["date_start"], "date_end": values["date_end"]}
                )
        stale.unlink()
        self.sudo().create(list(wanted.values()))
        self.env["culture.access"]._forget_reach()
        for name in ("culture.role", "culture.scope"):
            covered = ["is_administered", "is_coordinated"]
            self.env[name].invalidate_model(covered, flush=False)

    @api.model
    def _holders(self, role, structure, company):
        """Who holds a role in force that covers a structure, the longest first.

        sudo: who acts where, to tell one of them; nothing is shown.

        :param role: its code
        :param structure: ``res.partner``
        :param company: ``res.company``
        :return: ``res.users`` records
        """
        rows = self.sudo().search(
            [
                *self.env["culture.role"]._in_force_domain(),
                ("role", "=", role),
                ("structure_id", "=", structure.id),
                ("company_id", "=", company.id),
            ],
            order="date_start, id",
        )
        return rows.user_id

    @api.model
    def _covered(self, role):
        """Structures that a role covers: its own and those under it.

        An administrator of the company itself covers every structure of the
        company: partner organisations stand under nobody.
        """
        structures = role.partner_id.with_context(active_test=False)
        within = [("is_culture_structure", "=", True)]
        within.append(("company_id", "in", (False, role.company_id.id)))
        others = (
            self.env["res.company"].sudo().search([("id", "!=", role.company_id.id)])
        )
        within.append(("id", "not in", others.partner_id.ids))
        if (
            role.role == "administrator"
            and role.partner_id == role.company_id.partner_id
        ):
            return structures.search(within)
        covered = level = structures
        while level:
            level = structures.search([*within, ("parent_id", "in", level.ids)])
            level -= covered
            covered |= level
        return covered
