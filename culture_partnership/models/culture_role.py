from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ROLES = [
    ("referent", "Social referent"),
    ("coordinator", "Coordination"),
    ("administrator", "Administration"),
    ("relay", "Cultural relay"),
    ("partner_manager", "Partner manager"),
    ("observer", "Observation"),
]
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
