from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

FOLLOWED_STAGES = ("orientation", "first_contact", "accompanied")


class CultureReferent(models.Model):
    """A social worker who accompanies persons, with room for how many."""

    _name = "culture.referent"
    _inherit = ["culture.trainee", "culture.in.structure"]
    _description = "Social referent"
    _order = "available desc, name, id"
    _check_company_auto = True

    _any_structure_for = frozenset({"administrator"})

    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char(
        compute="_compute_name", store=True, precompute=True, compute_sudo=True
    )
    capacity = fields.Integer(
        default=25, help="How many persons this referent can follow at once."
    )
    caseload = fields.Integer(
        compute="_compute_caseload",
        compute_sudo=True,
        groups="culture_partnership.group_culture_partnership_coordinator,"
        "culture_partnership.group_culture_partnership_administrator",
        help="Persons followed now, those in pause or gone apart.",
    )
    room = fields.Integer(
        compute="_compute_caseload",
        compute_sudo=True,
        groups="culture_partnership.group_culture_partnership_coordinator,"
        "culture_partnership.group_culture_partnership_administrator",
    )
    load_label = fields.Char(
        string="Persons followed",
        compute="_compute_caseload",
        compute_sudo=True,
        groups="culture_partnership.group_culture_partnership_coordinator,"
        "culture_partnership.group_culture_partnership_administrator",
    )
    has_role = fields.Boolean(
        string="In office",
        compute="_compute_has_role",
        search="_search_has_role",
        compute_sudo=True,
        help="Holds the role of a referent today.",
    )
    available = fields.Boolean(string="Can take on", default=True)
    replacement_id = fields.Many2one(
        "culture.referent",
        string="Replaced by",
        domain="[('id', '!=', id), ('company_id', '=', company_id)]",
        check_company=True,
    )
    replacement_start = fields.Date(string="Replaced from")
    replacement_end = fields.Date(string="Replaced until")
    active = fields.Boolean(default=True)

    _user_once = models.Constraint(
        "UNIQUE (user_id, company_id)",
        "This agent is a referent already.",
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity >= 0)", "The capacity cannot be negative."
    )
    _replacement_dates = models.Constraint(
        "CHECK (replacement_end >= replacement_start)",
        "A replacement cannot end before it starts.",
    )

    def write(self, vals):
        if "user_id" in vals and any(r.user_id.id != vals["user_id"] for r in self):
            raise UserError(
                self.env._(
                    "A referent's card keeps its agent: give the files to another "
                    "referent."
                )
            )
        return super().write(vals)

    @api.depends("user_id.name")
    def _compute_name(self):
        for referent in self:
            referent.name = referent.user_id.name

    @api.depends("capacity")
    def _compute_caseload(self):
        followed = dict(
            self.env["culture.beneficiary"]._read_group(
                [("referent_id", "in", self.ids), ("stage", "in", FOLLOWED_STAGES)],
                ["referent_id"],
                ["__count"],
            )
        )
        for referent in self:
            referent.caseload = followed.get(referent._origin, 0)
            referent.room = referent.capacity - referent.caseload
            referent.load_label = self.env._(
                "%(caseload)s of %(capacity)s",
                caseload=referent.caseload,
                capacity=referent.capacity,
            )

    @api.depends("name", "available")
    @api.depends_context("culture_show_load", "uid", "lang")
    def _compute_display_name(self):
        show_load = self.env.context.get("culture_show_load") and self._shows_load()
        for referent in self:
            name = referent.name or ""
            if show_load:
                name = f"{name} ({referent.load_label})"
            elif not referent.available:
                name = self.env._("%(referent)s (takes on nobody now)", referent=name)
            referent.display_name = name

    @api.depends("user_id", "company_id")
    def _compute_has_role(self):
        in_office = self.search([("id", "in", self.ids), ("has_role", "=", True)])
        for referent in self:
            referent.has_role = referent._origin in in_office

    def _search_has_role(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["culture.role"].flush_model()
        now = fields.Datetime.now()
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """
                EXISTS (SELECT 1 FROM culture_role r
                         WHERE r.user_id = %(card)s.user_id
                           AND r.company_id = %(card)s.company_id
                           AND r.role = 'referent' AND r.date_start <= %(now)s
                           AND (r.date_end IS NULL OR r.date_end > %(now)s))
                """,
                card=SQL.identifier(alias),
                now=now,
            )
        )

    @api.model
    def _shows_load(self):
        """Whether the user reads caseloads; names are computed as superuser."""
        groups = self._fields["load_label"].groups
        return any(self.env.user.has_group(group) for group in groups.split(","))

    @api.model
    def _search_display_name(self, operator, value):
        return Domain("name", operator, value)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Referents by name, those with most room first for who sees the load.

        :return: list of ``(id, display name)``
        """
        if not self.env.context.get("culture_show_load") or not self._shows_load():
            return super().name_search(name, domain, operator, limit)
        found = self.search_fetch(
            Domain("display_name", operator, name) & Domain(domain or Domain.TRUE),
            ["name", "capacity", "available"],
        ).sorted(lambda r: (r.available, r.room), reverse=True)
        return [(r.id, r.display_name) for r in found[:limit]]

    @api.model
    def _mine(self):
        """The current user's own record in the current company.

        :return: ``culture.referent``, empty when there is none
        """
        return self.search(
            [("user_id", "=", self.env.uid), ("company_id", "=", self.env.company.id)],
            limit=1,
        )
