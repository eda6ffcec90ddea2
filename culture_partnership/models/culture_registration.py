from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query
from odoo.tools.misc import clean_context

from .culture_registration_rules import HOLDING, SEATED, STATES


class CultureRegistration(models.Model):
    """A person's places on an outing, or an unnamed group's.

    Every change of state goes through :meth:`write`, whoever asks for it and by
    whatever way: it checks the transition, moves the outing's seats, keeps the
    trace. No chatter on the line: the trace is ``culture.registration.log``.
    """

    _name = "culture.registration"
    _inherit = ["culture.reach"]
    _description = "Registration"
    _order = "id desc"
    _rec_names_search = ("beneficiary_id", "group_label")

    outing_id = fields.Many2one("culture.outing", required=True, ondelete="restrict")
    beneficiary_id = fields.Many2one(
        "culture.beneficiary", string="Person", ondelete="restrict"
    )
    group_label = fields.Char(
        string="Group without names", help="A label for a group: no name of a person."
    )
    companion = fields.Boolean(
        string="Companion place", help="One more place, for whom the person chooses."
    )
    adults = fields.Integer(required=True, default=1)
    children = fields.Integer(required=True, default=0)
    seats = fields.Integer(
        string="Places", compute="_compute_seats", store=True, precompute=True
    )
    state = fields.Selection(STATES, required=True, default="confirmed")
    proposed_by_person = fields.Boolean(
        string="Proposed by the person",
        help="The idea of this outing is the person's own.",
    )
    cancelled_by = fields.Selection(
        [
            ("person", "The person"),
            ("structure", "The structure"),
            ("venue", "The venue"),
        ],
    )
    reason_id = fields.Many2one(
        "culture.reason", index="btree_not_null", ondelete="restrict"
    )
    offer_expiry = fields.Datetime(string="Answer expected before")
    waiting_since = fields.Datetime(readonly=True)
    booked_by_id = fields.Many2one(
        "res.users",
        string="Registered by",
        readonly=True,
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    seats_attended = fields.Integer(
        string="Places used", help="A group or a companion may come in part."
    )
    attendance_by_id = fields.Many2one(
        "res.users", string="Attendance recorded by", readonly=True, ondelete="restrict"
    )
    attendance_date = fields.Datetime(string="Recorded on", readonly=True)
    attended_date = fields.Date(readonly=True)
    log_ids = fields.One2many("culture.registration.log", "registration_id")

    # copies of what rules, lists and graphs filter by, refreshed by their owner
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    structure_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict"
    )
    referent_id = fields.Many2one(
        "culture.referent", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    date_begin = fields.Datetime(string="Start", readonly=True)
    date_end = fields.Datetime(string="End", required=True, readonly=True)

    venue_id = fields.Many2one(related="outing_id.venue_id", related_sudo=False)
    discipline_id = fields.Many2one(
        related="outing_id.discipline_id", related_sudo=False
    )
    outing_state = fields.Selection(
        related="outing_id.state", string="Outing status", related_sudo=False
    )
    cancel_deadline = fields.Datetime(
        related="outing_id.cancel_deadline", related_sudo=False
    )
    access_mode = fields.Selection(related="outing_id.access_mode", related_sudo=False)
    duty_phone = fields.Char(related="outing_id.duty_phone", related_sudo=False)
    name_shown = fields.Char(string="Who", compute="_compute_name_shown")
    is_minor = fields.Boolean(related="beneficiary_id.is_minor", related_sudo=False)
    attendance_due = fields.Boolean(
        string="Not recorded",
        compute="_compute_attendance_due",
        search="_search_attendance_due",
    )

    # lists and graphs are found in these alone: what they filter by is in them
    _person_recent = models.Index(
        "(beneficiary_id, date_begin, id) INCLUDE (state, seats, company_id)"
    )
    _structure_recent = models.Index(
        "(structure_id, date_begin, id) INCLUDE (state, seats, company_id)"
    )
    _to_come = models.Index(
        "(date_begin, id)"
        " INCLUDE (date_end, beneficiary_id, structure_id, company_id)"
        " WHERE state IN ('requested', 'waiting', 'offered', 'confirmed')"
    )
    _outing_state = models.Index("(outing_id, state)")
    _groups_booked = models.Index("(booked_by_id) WHERE beneficiary_id IS NULL")
    _seats_sum = models.Constraint(
        "CHECK (seats = adults + children AND seats >= 1 AND adults >= 0"
        " AND children >= 0)",
        "A registration has at least one place.",
    )
    _person_or_group = models.Constraint(
        "CHECK ((beneficiary_id IS NULL) <> (group_label IS NULL))",
        "A registration is for a person, or for a group under a label.",
    )
    _attended_in_part = models.Constraint(
        "CHECK (seats_attended BETWEEN 0 AND seats)",
        "No more people can have come than there were places.",
    )
    _live_once = models.UniqueIndex(
        "(outing_id, beneficiary_id) WHERE state <> 'cancelled'",
        "This person has a registration for this outing already.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (beneficiary_id WITH =,"
        " tsrange(date_begin, date_end) WITH &&)"
        " WHERE (state IN ('offered', 'confirmed', 'attended')"
        " AND date_begin IS NOT NULL)",
        "This person has another outing at that time.",
    )

    # ---------------------------------------------------------------- computes

    @api.depends("adults", "children")
    def _compute_seats(self):
        for line in self:
            line.seats = line.adults + line.children

    @api.depends("beneficiary_id.display_name", "group_label")
    def _compute_name_shown(self):
        # no other column of the persons than their names
        self.beneficiary_id.fetch(["first_name", "last_name", "chosen_name"])
        for line in self:
            line.name_shown = line.beneficiary_id.display_name or line.group_label

    @api.depends("name_shown", "outing_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(who)s: %(outing)s", who=line.name_shown, outing=line.outing_id.name
            )

    @api.depends("state", "date_begin", "date_end")
    def _compute_attendance_due(self):
        now = fields.Datetime.now()
        for line in self:
            line.attendance_due = (
                line.state == "confirmed" and (line.date_begin or line.date_end) <= now
            )

    def _search_attendance_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return Domain("state", "=", "confirmed") & (
            Domain("date_begin", "<=", now)
            | (Domain("date_begin", "=", False) & Domain("date_end", "<=", now))
        )

    # ------------------------------------------------------------------- reach

    def _is_reached_otherwise(self, reach):
        """A referent reaches the groups without names that he or she booked."""
        return (
            not self.beneficiary_id
            and self.booked_by_id.id == self.env.uid
            and self.structure_id.id in reach.followed.get(self.company_id.id, ())
        )

    @api.model
    def _guard_columns(self):
        return [*super()._guard_columns(), "booked_by_id"]

    @api.model
    def _reach_otherwise_to_sql(self, reach, alias):
        if not reach.groups:
            # without the OR, the person's index alone answers
            return []
        return [
            SQL(
                "(%s IS NULL AND %s = %s AND %s = %s AND %s = ANY(%s))",
                SQL.identifier(alias, "beneficiary_id"),
                SQL.identifier(alias, "booked_by_id"),
                self.env.uid,
                SQL.identifier(alias, "company_id"),
                company_id,
                SQL.identifier(alias, "structure_id"),
                sorted(structures),
            )
            for company_id, structures in reach.followed.items()
        ]

    @api.model
    @api.private
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """The host's, which finds the page first, in an index, and then its columns."""
        if not limit or not field_names or self.env.su:
            return super().search_fetch(domain, field_names, offset, limit, order)
        order = order or self._order
        found = self._search(domain, offset=offset, limit=limit, order=order)
        if found.is_empty():
            return super().search_fetch(domain, field_names, offset, limit, order)
        page = Query(self.env, self._table, self._table_sql)
        page.add_where(
            SQL("%s IN %s", SQL.identifier(self._table, "id"), found.subselect())
        )
        page.order = self._order_to_sql(order, page)
        columns = self._determine_fields_to_fetch(
            [*field_names, *self._guard_columns()]
        )
        return self._fetch_query(page, columns)

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            self._plain_counts(vals) for vals in self._with_defaults(vals_list)
        ]
        clean = self.env(context=clean_context(self.env.context))
        self = self.with_env(clean)
        # before seats move and anything is told: to who may not, one answer only
        self.check_access("create")
        self._check_protected(vals_list)
        self._check_outing_given(vals_list)
        self._check_links(vals_list)
        self._check_reasons(vals_list)
        vals_list = self._prepare_lines(vals_list)
        self._check_conflicts(vals_list)
        outings = self.env["culture.outing"]
        moved = outings._move_seats(self._seats_wanted(vals_list))
        lines = super().create(vals_list)
        lines._check_quotas(moved.shared)
        if any(not line.beneficiary_id for line in lines):
            self.env["culture.access"]._forget_reach()
        lines._check_minors_after("confirmed")
        lines._state_moved(dict.fromkeys(lines.ids))
        return lines

    def write(self, vals):
        vals = self._plain_counts(vals)
        self._check_protected([vals])
        self._check_reasons([vals])
        if vals.get("state") == "attended" and len(self) > 1:
            alike = self.grouped(lambda line: (line.date_begin, line.seats)).values()
            if len(alike) > 1:
                return all(lines.write(vals) for lines in alike)
        before = {line.id: line.state for line in self}
        states = set(before.values())
        if "state" in vals:
            self._check_transitions(vals["state"])
            vals = dict(vals, **self._derived_from_state(vals))
            if vals["state"] in HOLDING and not states <= HOLDING:
                self._check_conflicts_before(vals["state"])
        if vals.keys() & {"adults", "children", "companion", "group_label"}:
            vals = self._prepare_counts(vals)
        outings = self.env["culture.outing"]
        moved = outings._move_seats(self._seats_moved(vals))
        self._check_still_open(vals.get("state"), moved.doubtful)
        self._check_turn(moved.waiting)
        result = super().write(vals)
        self._check_quotas(moved.shared)
        if "state" in vals:
            self._refresh_last_contact({"attended"} & (states | {vals["state"]}))
            self._check_minors_after(vals["state"])
            self._state_moved(before)
        elif "adults" in vals:
            self.outing_id._check_minors(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._(
                "A registration is cancelled, not deleted: the place and its history "
                "stay readable."
            )
        )

    def copy_data(self, default=None):
        """A place is taken once.

        :raise UserError: always
        """
        raise UserError(self.env._("A registration is not copied: register again."))

    @api.model
    def _load_records(self, data_list, update=False):
        try:
            return super()._load_records(data_list, update)
        except SerializationFailure as error:
            self.env.context.get("culture_lost_races", []).append(error)
            raise

    @api.model
    def load(self, fields, data):
        """The host's import, tried again by the host when seats moved meanwhile.

        ``load()`` swallows a lost race and would report an unknown error where a
        second try finds out whether there is still room.

        :param fields: field names
        :param data: rows
        :return: the host's dict of ids and messages
        """
        lost = []
        self = self.with_context(culture_lost_races=lost)
        result = super().load(fields, data)
        if lost:
            raise lost[0]
        return result

    # -------------------------------------------------------------------- seats

    @api.model
    def _seats_wanted(self, vals_list):
        moved = {}
        for vals in vals_list:
            if vals["state"] in SEATED:
                seats = vals["adults"] + vals["children"]
                moved[vals["outing_id"]] = moved.get(vals["outing_id"], 0) + seats
        return moved

    def _seats_moved(self, vals):
        """Places that a write takes (or frees, below 0), by outing id."""
        moved = {}
        if not vals.keys() & {"state", "adults", "children"}:
            return moved
        for line in self:
            after = vals.get("adults", line.adults) + vals.get(
                "children", line.children
            )
            taken = after if vals.get("state", line.state) in SEATED else 0
            freed = line.seats if line.state in SEATED else 0
            if taken != freed:
                outing_id = line.outing_id.id
                moved[outing_id] = moved.get(outing_id, 0) + taken - freed
        return moved

    def _check_quotas(self, outings):
        """Leave to each structure what is kept for it, once seats have moved.

        That the seats could move proves that nobody else moved any meanwhile: what is
        counted in this transaction's view is all there is (docs/architecture.md).

        :param outings: of ours, those with quotas of which places were taken
        """
        for outing in outings:
            mine = self.filtered(
                lambda line, o=outing: line.outing_id == o and line.state in SEATED
            )
            if not outing._room().is_fair_to(mine.structure_id.ids):
                raise outing._quota_error()

    # -------------------------------------------------------------------- trace

    def _state_moved(self, before):
        """What follows from a change of state, in the same transaction.

        The one place where it is extended: whoever changed the state, by whatever
        way, ends here, once a batch. What needs no transaction of its own (a message,
        an offer that runs out) is found from the rows by a job instead.

        :param before: former state (None at creation) by id
        """
        self.env["culture.registration.log"]._append(self, before)

    def _refresh_last_contact(self, needed):
        if needed:
            self.flush_recordset(["state", "attended_date"])
            self.beneficiary_id.sudo()._refresh_last_contact()
