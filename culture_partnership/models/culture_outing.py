from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .culture_registration_rules import RECORDED

MOST_SEATS = 100_000
USUAL_LENGTH = timedelta(hours=3)
EARLY_ARRIVAL = timedelta(minutes=30)
RETURN_NOTICE = timedelta(days=2)


class CultureOuting(models.Model):
    """One date at one venue with places to give, or an open-dated invitation."""

    _name = "culture.outing"
    _inherit = ["culture.in.structure", "mail.thread", "mail.activity.mixin"]
    _description = "Outing"
    _order = "date_begin, date_end, id"
    _check_company_auto = True

    name = fields.Char(string="Outing", required=True, index="trigram", tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Organised by",
        default=lambda self: self.env.user,
        index="btree_not_null",
        ondelete="restrict",
    )
    discipline_id = fields.Many2one(
        "culture.discipline",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    venue_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_company", "=", True)],
        tracking=True,
    )
    provider_id = fields.Many2one(
        "res.partner",
        string="Places given by",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_company", "=", True)],
    )
    convention_id = fields.Many2one(
        "culture.convention",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    date_mode = fields.Selection(
        [("fixed", "Fixed date"), ("open", "Open date")],
        required=True,
        default="fixed",
    )
    date_begin = fields.Datetime(string="Start", tracking=True)
    date_end = fields.Datetime(
        string="End",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="With an open date: valid until.",
    )
    seats_max = fields.Integer(string="Places in all", required=True, tracking=True)
    seats_taken = fields.Integer(
        string="Places taken", required=True, default=0, readonly=True, copy=False
    )
    seats_free = fields.Integer(string="Places left", compute="_compute_seats_free")
    is_full = fields.Boolean(string="Full", compute="_compute_seats_free")
    has_free_seats = fields.Boolean(
        compute="_compute_seats_free", search="_search_has_free_seats"
    )
    access_mode = fields.Selection(
        [
            ("guest_list", "Guest list"),
            ("voucher", "Voucher"),
            ("desk", "At the ticket desk"),
        ],
        string="How one gets in",
        required=True,
        default="guest_list",
    )
    min_age = fields.Integer(string="Minimum age")
    meeting_point = fields.Char()
    meeting_date = fields.Datetime(
        string="Meeting time",
        compute="_compute_meeting_date",
        store=True,
        readonly=False,
        precompute=True,
    )
    transport = fields.Char(
        string="How to get there",
        compute="_compute_from_venue",
        store=True,
        readonly=False,
        precompute=True,
    )
    access_need_ids = fields.Many2many(
        "culture.access.need",
        string="Access",
        compute="_compute_from_venue",
        store=True,
        readonly=False,
        precompute=True,
        help="What this date offers.",
    )
    escort_ids = fields.Many2many(
        "culture.relay",
        "culture_outing_escort_rel",
        "outing_id",
        "relay_id",
        string="Escorting relays",
        copy=False,
        check_company=True,
    )
    duty_name = fields.Char(string="Who answers that day")
    duty_phone = fields.Char(string="Number to call that day")
    cancel_deadline = fields.Datetime(
        string="Warn before",
        compute="_compute_deadlines",
        store=True,
        readonly=False,
        precompute=True,
        help="A place freed later serves nobody.",
    )
    return_date = fields.Date(
        string="Places to return to the venue on",
        compute="_compute_deadlines",
        store=True,
        readonly=False,
        precompute=True,
    )
    description = fields.Html()
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("published", "Published"),
            ("closed", "Registrations closed"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    uid = fields.Char(string="Imported event", copy=False, readonly=True)
    source_sequence = fields.Integer(copy=False, readonly=True)
    registration_ids = fields.One2many("culture.registration", "outing_id")

    has_started = fields.Boolean(compute="_compute_progress")
    is_past = fields.Boolean(compute="_compute_progress")
    confirmed_count = fields.Integer(string="Confirmed", compute="_compute_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    recorded_count = fields.Integer(
        string="Attendance recorded", compute="_compute_counts"
    )
    unrecorded_count = fields.Integer(
        string="Attendance not recorded", compute="_compute_counts"
    )
    my_people_count = fields.Integer(
        string="Of my beneficiaries", compute="_compute_my_counts"
    )
    my_unrecorded_count = fields.Integer(
        string="Of mine, not recorded", compute="_compute_my_counts"
    )
    with_my_people = fields.Boolean(
        compute="_compute_my_counts", search="_search_with_my_people"
    )
    attendance_due = fields.Boolean(
        compute="_compute_counts", search="_search_attendance_due"
    )
    without_escort = fields.Boolean(
        compute="_compute_without_escort", search="_search_without_escort"
    )

    _seats_in_bounds = models.Constraint(
        "CHECK (seats_taken BETWEEN 0 AND seats_max)",
        "There are not enough places left.",
    )
    _dates_by_mode = models.Constraint(
        "CHECK (state = 'draft' OR date_end IS NOT NULL AND"
        " (date_mode = 'open' AND date_begin IS NULL"
        " OR date_mode = 'fixed' AND date_begin < date_end))",
        "An outing ends after it starts; an open date has only a last day.",
    )
    _minimum_age = models.Constraint(
        "CHECK (min_age BETWEEN 0 AND 120)", "Minimum age: between 0 and 120."
    )
    _uid_once = models.UniqueIndex(
        "(company_id, uid) WHERE uid IS NOT NULL",
        "This event was imported already.",
    )

    # ------------------------------------------------- dates and what follows

    @api.depends("date_begin", "date_mode")
    def _compute_date_end(self):
        for outing in self:
            begin = outing.date_begin
            if outing.date_mode == "fixed" and begin:
                if not outing.date_end or outing.date_end <= begin:
                    outing.date_end = begin + USUAL_LENGTH

    @api.depends("date_begin")
    def _compute_meeting_date(self):
        for outing in self:
            begin = outing.date_begin
            outing.meeting_date = begin and begin - EARLY_ARRIVAL

    @api.depends("date_begin", "date_end", "date_mode")
    def _compute_deadlines(self):
        for outing in self:
            day = outing._local_day()
            if not day:
                outing.cancel_deadline = outing.return_date = False
                continue
            noon = outing._zone().localize(
                datetime.combine(day - timedelta(days=1), time(12))
            )
            outing.cancel_deadline = noon.astimezone(pytz.utc).replace(tzinfo=None)
            outing.return_date = day - RETURN_NOTICE

    @api.depends("venue_id")
    def _compute_from_venue(self):
        for outing in self:
            venue = outing.venue_id.sudo()
            outing.transport = venue.culture_transport or outing.transport
            needs = venue.culture_access_need_ids.filtered(
                lambda need, outing=outing: need.company_id == outing.company_id
            )
            outing.access_need_ids = needs or outing.access_need_ids

    def _zone(self):
        return (self.company_id or self.env.company)._culture_zone()

    def _local(self, moment):
        return pytz.utc.localize(moment).astimezone(self._zone())

    def _local_day(self):
        moment = self.date_begin or self.date_end
        return self._local(moment).date() if moment else False

    @api.depends("date_begin", "date_end")
    def _compute_progress(self):
        now = fields.Datetime.now()
        for outing in self:
            begin = outing.date_begin
            opened = outing.date_mode == "open" and outing.state != "draft"
            outing.has_started = opened or bool(begin and begin <= now)
            outing.is_past = bool(outing.date_end and outing.date_end <= now)

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_filled_by_us(vals)
        clean = self.with_context(default_seats_taken=0, default_state="draft")
        return super(CultureOuting, clean).create(vals_list)

    def write(self, vals):
        self._check_filled_by_us(vals)
        if "seats_max" in vals:
            self._check_seats_above_taken(vals["seats_max"])
        moves = bool(vals.keys() & {"date_mode", "date_begin", "date_end"})
        if moves:
            self._check_may_move(vals)
        result = super().write(vals)
        if moves:
            self._copy_dates_to_registrations()
        if "escort_ids" in vals:
            self._check_minors(self.sudo().registration_ids.filtered("children"))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(outing.state != "draft" for outing in self):
            raise UserError(
                self.env._("Only a draft is deleted: cancel the outing instead.")
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for outing, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%(outing)s (copy)", outing=outing.name)
        return vals_list

    @api.model
    def _check_filled_by_us(self, vals):
        if "seats_taken" in vals:
            raise AccessError(
                self.env._("Places taken: this is counted by the application.")
            )
        if vals.get("state", "draft") != "draft" or (self and "state" in vals):
            raise AccessError(
                self.env._("The status changes by the buttons of the outing.")
            )

    def _copy_dates_to_registrations(self):
        """sudo: lines follow their outing, whoever follows the persons."""
        lines = self.env["culture.registration"].sudo()
        for outing in self:
            mine = lines.search(
                [("outing_id", "=", outing.id), ("state", "!=", "cancelled")]
            )
            moved = {"date_begin": outing.date_begin, "date_end": outing.date_end}
            mine._check_conflicts_at(moved)
            mine.write(moved)

    def _check_may_move(self, vals):
        recorded = (
            self.env["culture.registration"]
            .sudo()
            .search_count(
                [("outing_id", "in", self.ids), ("state", "in", list(RECORDED))],
                limit=1,
            )
        )
        begin = fields.Datetime.to_datetime(vals.get("date_begin"))
        if recorded and begin and begin > fields.Datetime.now():
            raise UserError(
                self.env._(
                    "Attendance is recorded: this outing does not move any more."
                )
            )

    # ------------------------------------------------------------------- checks

    @api.constrains("seats_max", "name")
    def _check_title_and_places(self):
        for outing in self:
            if not (outing.name or "").strip():
                raise ValidationError(self.env._("Outing: give it a title."))
            if not 0 <= outing.seats_max <= MOST_SEATS:
                raise ValidationError(
                    self.env._("Places in all: %(most)s at most.", most=MOST_SEATS)
                )

    @api.constrains(
        "date_begin", "date_end", "date_mode", "meeting_date", "cancel_deadline"
    )
    def _check_dates(self):
        for outing in self:
            begin, end = outing.date_begin, outing.date_end
            if outing.date_mode == "open" and begin:
                raise ValidationError(
                    self.env._("Start: an open date has only a last day (End).")
                )
            if begin and end and end <= begin:
                raise ValidationError(
                    self.env._("End: the outing ends after it starts.")
                )
            others = (outing.meeting_date, outing.cancel_deadline)
            for moment in filter(None, (begin, end, *others)):
                if not 2000 <= moment.year <= 2100:
                    raise ValidationError(
                        self.env._("%(year)s: check the year.", year=moment.year)
                    )

    def _move_to(self, state):
        """Change the status below :meth:`write`, which refuses it from outside."""
        # pylint: disable=super-method-mismatch
        return super().write({"state": state})
