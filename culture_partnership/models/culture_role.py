from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..security.access_table import ROLE_SUMMARIES

ROLES = [
    ("referent", "Social referent"),
    ("coordinator", "Coordination"),
    ("administrator", "Administration"),
    ("relay", "Cultural relay"),
    ("partner_manager", "Partner manager"),
    ("observer", "Observation"),
]
ENDING_SOON = timedelta(days=30)
AGENT_ROLES = ("referent", "coordinator", "administrator", "relay")
DATES = {"date_start", "date_end", "first_day", "last_day"}


class CultureRole(models.Model):
    """Who holds which role in which organisation, from when to when.

    These rows are the only source of rights: the groups they give open nothing
    without a row in force (docs/architecture.md). A row ends, it is never
    deleted: one must be able to say who had access, and when.
    """

    _name = "culture.role"
    _inherit = ["culture.guarded"]
    _description = "Role"
    _order = "partner_id, date_start desc, id desc"
    _rec_names_search = ("user_id", "partner_id")

    partner_id = fields.Many2one(
        "res.partner",
        string="Structure",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_culture_structure", "=", True)],
    )
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="restrict"
    )
    role = fields.Selection(
        ROLES,
        required=True,
        index=True,
    )
    date_start = fields.Datetime(required=True, default=fields.Datetime.now)
    date_end = fields.Datetime(help="Excluded: the midnight after the last day.")
    first_day = fields.Date(
        string="Starting on", compute="_compute_days", inverse="_inverse_first_day"
    )
    last_day = fields.Date(compute="_compute_days", inverse="_inverse_last_day")
    status = fields.Selection(
        [
            ("future", "To come"),
            ("current", "In force"),
            ("ending", "Ending soon"),
            ("ended", "Ended"),
        ],
        compute="_compute_status",
        search="_search_status",
    )
    description = fields.Text(string="What it opens", compute="_compute_description")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    scope_ids = fields.One2many("culture.scope", "role_id")

    _dates_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A role cannot end before it starts.",
    )

    # ------------------------------------------------------------------ fields

    @api.depends("date_start", "date_end", "company_id")
    def _compute_days(self):
        for role in self:
            role.first_day = role._local_date(role.date_start)
            last = role.date_end and role.date_end - timedelta(seconds=1)
            role.last_day = role._local_date(last)

    def _inverse_first_day(self):
        for role in self.filtered("first_day"):
            role.date_start = role._midnight(role.first_day)

    def _inverse_last_day(self):
        for role in self:
            after = role.last_day and role.last_day + timedelta(days=1)
            role.date_end = after and role._midnight(after)

    def _local_date(self, moment):
        return self.company_id._culture_day(moment)

    def _midnight(self, day):
        return self.company_id._culture_midnight(day)

    @api.depends("date_start", "date_end")
    def _compute_status(self):
        now = fields.Datetime.now()
        for role in self:
            if role.date_end and role.date_end <= now:
                role.status = "ended"
            elif role.date_start and role.date_start > now:
                role.status = "future"
            elif role.date_end and role.date_end <= now + ENDING_SOON:
                role.status = "ending"
            else:
                role.status = "current"

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        ended = Domain("date_end", "<=", now)
        future = Domain("date_start", ">", now) & ~ended
        ending = Domain("date_end", "<=", now + ENDING_SOON) & ~ended & ~future
        domains = {
            "ended": ended,
            "future": future,
            "ending": ending,
            "current": ~ended & ~future & ~ending,
        }
        return Domain.OR(domains[status] for status in value if status in domains)

    @api.depends("role")
    @api.depends_context("lang")
    def _compute_description(self):
        for role in self:
            summary = ROLE_SUMMARIES.get(role.role)
            role.description = summary and str(summary)

    @api.depends("user_id", "role", "partner_id")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        labels = dict(self._fields["role"]._description_selection(self.env))
        for role in self:
            parts = (
                role.user_id.sudo().name,
                labels.get(role.role),
                role.partner_id.display_name,
            )
            role.display_name = ", ".join(filter(None, parts))
        self._hide_names()

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._check_scope_of(vals_list)
        roles = super().create(vals_list)
        roles._check_administered()
        roles._check_kind_of_user()
        roles._rebuild_scope()
        roles._give_groups()
        roles._open_referent_cards()
        return roles

    def write(self, vals):
        if vals.keys() & {"user_id", "role", "partner_id", "company_id"}:
            raise UserError(
                self.env._("A role does not change: end it, then add another one.")
            )
        self._check_history_kept(vals)
        result = super().write(vals)
        self._rebuild_scope()
        self._give_groups()
        self._check_administrator_left()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._(
                "A role ends, it is not deleted: one must be able to say who had "
                "access, and when."
            )
        )

    def action_end_now(self):
        """End these roles at once: what they opened is closed from now on."""
        self.write({"date_end": fields.Datetime.now()})

    # ------------------------------------------------------------------ checks

    def _check_scope_of(self, vals_list):
        """Say where one may give roles, before a rule refuses without a word."""
        mine = self._structures("administrator").ids
        if not self.env.su and mine:
            if any(vals.get("partner_id") not in mine for vals in vals_list):
                raise self._out_of_scope_error()

    def _check_administered(self):
        """Refuse to give a role outside the administrator's own scope."""
        if self.env.su:
            return
        for role in self:
            mine = self._structures("administrator", company=role.company_id)
            if role.partner_id not in mine:
                raise self._out_of_scope_error()

    def _check_history_kept(self, vals):
        """What was in force stays as it was: an audit reads these rows."""
        if self.env.su or not vals.keys() & DATES:
            return
        now = fields.Datetime.now()
        for role in self:
            if role.date_end and role.date_end <= now:
                raise UserError(
                    self.env._("An ended role stays as it is: add another one.")
                )
            starts = vals.keys() & {"date_start", "first_day"}
            if starts and role.date_start <= now:
                raise UserError(
                    self.env._("This role is in force: its start stays as it is.")
                )

    def _check_kind_of_user(self):
        """Portal people get portal roles, agents the others (docs/roles)."""
        for role in self:
            portal = role.role in ("partner_manager", "observer")
            internal = role.user_id._is_internal()
            if (portal and internal) or (
                not internal and not portal and role.role != "relay"
            ):
                raise UserError(
                    self.env._(
                        "%(user)s cannot hold this role: coordination, "
                        "administration and referent are for agents, partner "
                        "manager and observation for portal users.",
                        user=role.user_id.name,
                    )
                )

    def _check_administrator_left(self):
        """The last administrator's row cannot be ended."""
        for company in self.filtered(lambda r: r.role == "administrator").company_id:
            standing = self.sudo().search_count(
                [
                    *self._in_force_domain(),
                    ("company_id", "=", company.id),
                    ("partner_id", "=", company.partner_id.id),
                    ("role", "=", "administrator"),
                    ("date_end", "=", False),
                ],
                limit=1,
            )
            if not standing:
                raise UserError(
                    self.env._(
                        "This is the last Administration role: give it to another "
                        "person first."
                    )
                )

    def _out_of_scope_error(self):
        names = ", ".join(self._structures().mapped("display_name"))
        return AccessError(
            self.env._(
                "You can act in: %(structures)s. For the others, ask their "
                "administration.",
                structures=names or "-",
            )
        )

    # ------------------------------------------------------- groups and scopes

    def _give_groups(self):
        """Give the holders the groups of their roles, and take the others back.

        sudo: an administrator of the scheme is no administrator of the host; the
        only groups that move are ours. Nothing waits for it: a group without a row
        in force opens nothing.
        """
        self._sync_groups(self.user_id)

    @api.model
    def _sync_groups(self, users):
        agents = users.sudo().filtered(lambda user: user._is_internal())
        standing = self.sudo().search(
            [
                ("user_id", "in", agents.ids),
                "|",
                ("date_end", "=", False),
                ("date_end", ">", fields.Datetime.now()),
            ]
        )
        for code in AGENT_ROLES:
            group = self._group(code)
            holders = standing.filtered(lambda r, code=code: r.role == code).user_id
            leaving = (group.user_ids & agents) - holders
            moves = [fields.Command.link(user.id) for user in holders - group.user_ids]
            moves += [fields.Command.unlink(user.id) for user in leaving]
            if moves:
                group.user_ids = moves

    def _open_referent_cards(self):
        """Give each new referent a card: without, nobody could be followed.

        sudo: it follows from the role; who gives roles may not keep cards elsewhere.
        """
        cards = self.env["culture.referent"].sudo().with_context(active_test=False)
        for role in self.filtered(lambda r: r.role == "referent"):
            known = [
                ("user_id", "=", role.user_id.id),
                ("company_id", "=", role.company_id.id),
            ]
            if not cards.search_count(known, limit=1):
                cards.create(
                    {
                        "user_id": role.user_id.id,
                        "structure_id": role.partner_id.id,
                        "company_id": role.company_id.id,
                    }
                )

    @api.model
    def _group(self, code):
        return self.env.ref(
            f"culture_partnership.group_culture_partnership_{code}"
        ).sudo()

    def _rebuild_scope(self):
        """Rewrite the closure rows of these roles (see ``culture.scope``)."""
        self.env["culture.scope"]._rebuild(self)

    @api.autovacuum
    def _take_back_groups(self):
        """Take the groups back from whose roles ended by their date."""
        self._sync_groups(
            self.env["res.users"].union(
                *(self._group(code).user_ids for code in AGENT_ROLES)
            )
        )

    # ------------------------------------------------------- the current user's

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
