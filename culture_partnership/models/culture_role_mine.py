from odoo import api, fields, models


class CultureRole(models.Model):
    """The roles of the current user, which screens and checks ask for."""

    _inherit = "culture.role"

    @api.model
    def _in_force_domain(self):
        """Domain of the rows in force now; `date_end` is excluded."""
        now = fields.Datetime.now()
        return [
            ("date_start", "<=", now),
            "|",
            ("date_end", "=", False),
            ("date_end", ">", now),
        ]

    @api.model
    def _roles_in_force(self):
        """Roles that the current user holds now.

        :return: set of role codes, over the companies the user has selected
        """
        return set(self._mine().mapped("role"))

    @api.model
    def _mine(self):
        return self.sudo().search(
            [
                *self._in_force_domain(),
                ("user_id", "=", self.env.uid),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    @api.model
    def _structures(self, *codes, company=None):
        """Structures that the current user's roles in force cover.

        :param codes: only the roles with these codes; all when there is none
        :param company: only the roles of this company; of those selected otherwise
        :return: ``res.partner`` recordset, as the current user
        """
        domain = [
            *self._in_force_domain(),
            ("user_id", "=", self.env.uid),
            ("company_id", "in", self.env.companies.ids),
        ]
        if company:
            domain.append(("company_id", "=", company.id))
        if codes:
            domain.append(("role", "in", codes))
        scope = self.env["culture.scope"].sudo().search(domain)
        return scope.structure_id.with_env(self.env)

    @api.model
    def _default_structure(self):
        """The structure in which the current user works, to fill in forms.

        :return: ``res.partner``, empty when the user has no role in force
        """
        mine = self._mine().filtered(lambda r: r.company_id == self.env.company)
        working = mine.filtered(lambda r: r.role in ("referent", "coordinator"))
        return (working or mine)[:1].partner_id.with_env(self.env)
