from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

USUAL_LENGTH = timedelta(hours=2)
LONGEST = timedelta(hours=24)
COUNTERS = ("people_count", "first_time_count", "needs_count", "offers_count")
MOST = 10_000
"""Of each counter, for one session."""


class CulturePermanence(models.Model):
    """A desk session: a place, hours, who hosts, and how many people came.

    It is held without any name. What it counts is numbers; a visit may be named
    later, and then still counts once.
    """

    _name = "culture.permanence"
    _inherit = ["culture.covered", "culture.in.structure"]
    _description = "Permanence"
    _order = "date_begin desc, id desc"
    _rec_names_search = ("venue_id", "room")
    _check_company_auto = True

    venue_id = fields.Many2one(
        "res.partner",
        string="Place",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_company", "=", True)],
    )
    room = fields.Char(string="Room or desk", help="For who looks for it.")
    familiar = fields.Selection(
        [("familiar", "Familiar place"), ("anonymous", "Anonymous place")],
        string="Familiar or anonymous",
        required=True,
        default="familiar",
        help="Familiar: people come there already for something else.",
    )
    date_begin = fields.Datetime(
        string="Start",
        required=True,
        index=True,
        default=lambda self: fields.Datetime.now().replace(minute=0, second=0),
    )
    date_end = fields.Datetime(
        string="End",
        required=True,
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
    )
    user_ids = fields.Many2many(
        "res.users",
        "culture_permanence_user_rel",
        "permanence_id",
        "user_id",
        string="Agents who host",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    host_ids = fields.Many2many(
        "culture.relay",
        "culture_permanence_host_rel",
        "permanence_id",
        "relay_id",
        string="Relays who host",
        check_company=True,
    )
    state = fields.Selection(
        [("planned", "Planned"), ("open", "Under way"), ("closed", "Closed")],
        string="Status",
        required=True,
        default="planned",
        readonly=True,
        copy=False,
        index=True,
    )
    people_count = fields.Integer(
        string="People seen", required=True, default=0, copy=False
    )
    first_time_count = fields.Integer(
        string="Of whom first time", required=True, default=0, copy=False
    )
    needs_count = fields.Integer(
        string="Needs signposted", required=True, default=0, copy=False
    )
    offers_count = fields.Integer(
        string="Offers shown", required=True, default=0, copy=False
    )
    visit_ids = fields.One2many("culture.visit", "permanence_id", string="Visits")
    visit_count = fields.Integer(
        string="Number of visits", compute="_compute_visits", store=True
    )
    followup_count = fields.Integer(
        string="Visits become follow-ups", compute="_compute_visits", store=True
    )
    registration_count = fields.Integer(
        string="Visits become registrations", compute="_compute_visits", store=True
    )
    has_come = fields.Boolean(
        compute="_compute_moments", export_string_translation=False
    )
    may_count = fields.Boolean(
        compute="_compute_may_count", export_string_translation=False
    )

    _dates_order = models.Constraint(
        "CHECK (date_begin < date_end)", "End: a permanence ends after it starts."
    )
    _counts_in_bounds = models.Constraint(
        "CHECK (first_time_count BETWEEN 0 AND people_count"
        " AND needs_count >= 0 AND offers_count >= 0)",
        "“First time” cannot be more than “People seen”.",
    )

    # ---------------------------------------------------------------- computes

    @api.depends("date_begin")
    def _compute_date_end(self):
        for permanence in self:
            begin, end = permanence.date_begin, permanence.date_end
            if begin and (not end or not begin < end <= begin + LONGEST):
                permanence.date_end = begin + USUAL_LENGTH

    @api.depends("visit_ids.followup_id", "visit_ids.registration_id")
    def _compute_visits(self):
        """Figures without an identity: kept, so that places are compared by them.

        sudo: whether a visit is named is a number here.
        """
        for permanence in self:
            visits = permanence.sudo().visit_ids
            permanence.visit_count = len(visits)
            permanence.followup_count = len(visits.filtered("followup_id"))
            permanence.registration_count = len(visits.filtered("registration_id"))

    @api.depends("date_begin")
    def _compute_moments(self):
        for permanence in self:
            permanence.has_come = bool(permanence.date_begin) and permanence._is_due()

    @api.depends("date_begin", "date_end")
    @api.depends_context("uid")
    def _compute_may_count(self):
        mine = self._origin._filtered_access("write")
        for permanence in self:
            permanence.may_count = (
                permanence._origin in mine
                and permanence.has_come
                and (not permanence._is_late() or permanence.is_coordinated)
            )

    def _is_due(self):
        """Whether its day has come, where it is held."""
        company = self.company_id or self.env.company
        return self._local_day() <= company._culture_today()

    def _is_late(self):
        """Whether the day after it is over: numbers are the coordination's then."""
        company = self.company_id or self.env.company
        last = company._culture_day(self.date_end - timedelta(seconds=1))
        return fields.Datetime.now() >= company._culture_midnight(
            last + timedelta(days=2)
        )

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        # to who may not, one answer only, whatever else is wrong
        self.check_access("create")
        for vals in vals_list:
            self._check_filled_by_us(vals)
            self._check_counts(vals)
        self._check_hosts_known(vals_list)
        clean = self.with_context(default_state="planned")
        permanences = super(CulturePermanence, clean).create(vals_list)
        permanences._open_counted()
        return permanences.with_env(self.env)

    def write(self, vals):
        self.check_access("write")
        self._check_filled_by_us(vals)
        self._check_open_to_changes()
        self._check_counts(vals)
        self._check_hosts_known([vals])
        result = super().write(vals)
        if vals.keys() & set(COUNTERS):
            self._open_counted()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        if any(p.state != "planned" or p.sudo().visit_ids for p in self):
            raise UserError(
                self.env._("A permanence that was held is kept: it has been counted.")
            )

    def _open_counted(self):
        counted = self.filtered(
            lambda p: p.state == "planned" and any(p[name] for name in COUNTERS)
        )
        if counted:
            counted._move_to("open")

    def _move_to(self, state):
        """Change the status below :meth:`write`, which refuses it from outside."""
        # pylint: disable=super-method-mismatch
        return super().write({"state": state})

    # ------------------------------------------------------------------ checks

    def _check_filled_by_us(self, vals):
        if self.env.su:
            return
        if vals.get("state", "planned") != "planned" or (self and "state" in vals):
            raise AccessError(
                self.env._("The status changes by the buttons of the permanence.")
            )
        if "visit_ids" in vals:
            raise AccessError(
                self.env._("Visits are counted by the buttons of the permanence.")
            )

    def _check_hosts_known(self, vals_list):
        """A host is somebody whom the writer may read."""
        for name in ("host_ids", "user_ids"):
            if not self.env.su and any(vals.get(name) for vals in vals_list):
                self._check_many(vals_list, name)

    def _check_open_to_changes(self):
        """Hosts change it until the evening of the next day, then the coordination."""
        if self.env.su:
            return
        if any(p._is_late() and not p.is_coordinated for p in self):
            raise self._late_error()

    def _late_error(self):
        return UserError(
            self.env._(
                "The numbers of a permanence are changed until the next day. Later, "
                "ask the coordination of your structure."
            )
        )

    def _check_due(self):
        for permanence in self:
            if not permanence._is_due():
                raise UserError(
                    self.env._(
                        "This permanence is to come: it is counted from its day on."
                    )
                )

    def _check_counts(self, vals):
        """Say it in words before PostgreSQL refuses, which shows the row."""
        if not vals.keys() & set(COUNTERS):
            return
        for known in self or [self]:
            counts = {name: int(vals.get(name, known[name]) or 0) for name in COUNTERS}
            for name, count in counts.items():
                if not 0 <= count <= MOST:
                    raise self._bounds_error(name)
            if counts["first_time_count"] > counts["people_count"]:
                raise self._first_time_error()

    def _bounds_error(self, name):
        return UserError(
            self.env._(
                "%(counter)s: between 0 and %(most)s.",
                counter=self._field_label(name),
                most=MOST,
            )
        )

    def _first_time_error(self):
        return UserError(self.env._("“First time” cannot be more than “People seen”."))

    @api.constrains("date_begin", "date_end", *COUNTERS)
    def _check_dates(self):
        for permanence in self:
            begin, end = permanence.date_begin, permanence.date_end
            if not begin < end <= begin + LONGEST:
                raise ValidationError(
                    self.env._("End: a permanence ends after it starts, within a day.")
                )
            if not 2000 <= begin.year <= 2100:
                raise ValidationError(
                    self.env._("%(year)s: check the year.", year=begin.year)
                )
            if any(permanence[name] for name in COUNTERS):
                permanence._check_due()

    @api.constrains("user_ids")
    def _check_agents(self):
        if any(user.share for user in self.sudo().user_ids):
            raise ValidationError(
                self.env._("Agents who host: people of partners are relays.")
            )
