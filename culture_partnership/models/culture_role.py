from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.dialogs import dialog

ROLES = [
    ("referent", "Social referent"),
    ("coordinator", "Coordination"),
    ("administrator", "Administration"),
    ("relay", "Cultural relay"),
    ("partner_manager", "Partner manager"),
    ("observer", "Observation"),
]
DATES = {"date_start", "date_end"}
CLOCK_GRACE = timedelta(minutes=1)
"""By how much the clock of who ends a role may be late."""


class CultureRole(models.Model):
    """Who holds which role in which organisation, from when to when.

    These rows are the only source of rights: the groups they give open nothing
    without a row in force (docs/architecture.md). A row ends, it is never
    deleted: one must be able to say who had access, and when.
    """

    _name = "culture.role"
    _inherit = ["culture.covered"]
    _description = "Role"
    _order = "partner_id, date_start desc, id desc"
    _rec_names_search = ("user_id", "partner_id")
    _covered_structure = "partner_id"

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
        vals_list = [self._without_days(vals) for vals in vals_list]
        self._check_scope_of(vals_list)
        for vals in vals_list:
            self._check_known_role(vals)
            self._check_moments(
                vals.get("date_start") or fields.Datetime.now(), vals.get("date_end")
            )
        roles = super().create(vals_list)
        roles._check_administered()
        roles._check_kind_of_user()
        roles._check_not_held_twice()
        roles._rebuild_scope()
        roles._give_groups()
        roles._open_referent_cards()
        return roles

    def write(self, vals):
        if vals.keys() & {"user_id", "role", "partner_id", "company_id"}:
            raise UserError(
                self.env._("A role does not change: end it, then add another one.")
            )
        if len(self.company_id) > 1:
            # each company has its own midnight
            return all(r.write(vals) for r in self.grouped("company_id").values())
        vals = self._without_days(vals)
        self._check_history_kept(vals)
        if vals.keys() & DATES:
            for role in self:
                self._check_moments(
                    vals.get("date_start") or role.date_start,
                    vals.get("date_end", role.date_end),
                )
        standing = self.filtered(lambda r: r.status != "ended")
        result = super().write(vals)
        self._rebuild_scope()
        self._give_groups()
        self._check_administrator_left()
        standing._close_sessions_of_ended()
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
        """End these roles at once: what they opened is closed from now on.

        What had not begun never will.
        """
        now = fields.Datetime.now()
        to_come = self.filtered(lambda role: role.date_start > now)
        to_come.write({"date_start": now, "date_end": now})
        (self - to_come).write({"date_end": now})

    # ---------------------------------------------------------------- assistants

    def action_end(self):
        """Ask when these roles end.

        :return: an action: a dialog
        """
        return self._action_ask("culture.role.end", self.env._("End the role"))

    def action_renew(self):
        """Ask until when these roles are renewed.

        :return: an action: a dialog
        """
        return self._action_ask("culture.role.renew", self.env._("Renew the role"))

    def action_preview(self):
        """Open what the holder of this role sees.

        :return: an action: a dialog
        :raise AccessError: when the current user administers none of the holder's
        """
        self.ensure_one()
        return self.env["culture.role.preview"]._action_of(self.user_id)

    def _action_ask(self, model, name):
        return dialog(self.env[model], name, default_role_ids=self.ids)

    # ------------------------------------------------------------------ checks

    def _check_scope_of(self, vals_list):
        """Say where one may give roles, before a rule refuses without a word."""
        mine = self._structures("administrator").ids
        if not self.env.su and mine:
            if any(vals.get("partner_id") not in mine for vals in vals_list):
                raise self._out_of_scope_error()

    def _check_administered(self):
        """Refuse to give a role outside the administrator's own scope."""
        if not self.env.su and self - self._administered():
            raise self._out_of_scope_error()

    def _administered(self):
        """Those of these roles that the current user administers.

        A structure may stand in several companies; a role of administration counts
        in its own.
        """
        # sudo: asked of rows that one may not read, to say that one may not
        mine = {
            company.id: self._structures("administrator", company=company).ids
            for company in self.sudo().company_id
        }
        return self.filtered(
            lambda role: role.sudo().partner_id.id in mine[role.sudo().company_id.id]
        )

    def _check_known_role(self, vals):
        if "role" in vals and vals["role"] not in dict(ROLES):
            raise UserError(self.env._("Role: choose one of the list."))

    def _check_moments(self, start, end):
        """Say in words what the constraint would say of two moments.

        What has ended already opens nothing: such a row would only be written to
        make others believe that somebody had a right.
        """
        if not end:
            return
        now = fields.Datetime.now()
        # a role that is cancelled before its start ends where it begins: now
        if end < start or end == start > now:
            raise UserError(self.env._("Last day: the role has not started by then."))
        if not self.env.su and end < now - CLOCK_GRACE:
            raise UserError(
                self.env._("Last day: this day is over. To end it now: “Right now”.")
            )

    def _check_not_held_twice(self):
        """Refuse a role that somebody holds already, or will, in the structure."""
        for role in self if not self.env.su else ():
            # sudo: who gives the role administers the structure
            others = self.sudo().search(
                [
                    ("id", "!=", role.id),
                    ("user_id", "=", role.user_id.id),
                    ("partner_id", "=", role.partner_id.id),
                    ("role", "=", role.role),
                    ("company_id", "=", role.company_id.id),
                    "|",
                    ("date_end", "=", False),
                    ("date_end", ">", role.date_start),
                ]
            )
            if any(not role.date_end or o.date_start < role.date_end for o in others):
                raise UserError(
                    self.env._(
                        "User: this role is held there already at these dates. Renew "
                        "it, or choose other dates."
                    )
                )

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
