import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .culture_links import link_id

LINKS = ("beneficiary_id", "followup_id", "registration_id")
"""Of whom, and what became of it: nobody's fields, filled by acts only."""


class CultureVisit(models.Model):
    """One visit to a permanence, without a name unless the person agrees to one.

    Who hosted beside a colleague reads the colleague's visits; whose visit it was is
    told to who may read that person, and to nobody else.
    """

    _name = "culture.visit"
    _inherit = ["culture.covered"]
    _description = "Visit"
    _order = "date desc, id desc"
    _rec_name = "kind"

    permanence_id = fields.Many2one(
        "culture.permanence", required=True, index=True, ondelete="cascade"
    )
    date = fields.Datetime(required=True, help="Within the hours of the permanence.")
    kind = fields.Selection(
        [
            ("moment", "A moment together"),
            ("discover", "Discover the outings"),
            ("book", "Book"),
            ("talk", "Talk about an outing"),
            ("signpost", "Signposting to a service"),
            ("other", "Other"),
        ],
        required=True,
    )
    beneficiary_id = fields.Many2one(
        "culture.beneficiary",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    followup_id = fields.Many2one(
        "culture.followup",
        string="Follow-up",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    registration_id = fields.Many2one(
        "culture.registration",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    person_id = fields.Many2one("culture.beneficiary", compute="_compute_person_id")
    may_note = fields.Boolean(
        compute="_compute_may_name", export_string_translation=False
    )
    may_register = fields.Boolean(
        compute="_compute_may_name", export_string_translation=False
    )
    outcome = fields.Char(string="What became of it", compute="_compute_outcome")
    hour_label = fields.Char(string="Hour", compute="_compute_hour_label")
    structure_id = fields.Many2one(
        related="permanence_id.structure_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="permanence_id.company_id", store=True, precompute=True, index=True
    )

    # ---------------------------------------------------------------- computes

    @api.depends("beneficiary_id")
    @api.depends_context("uid")
    def _compute_person_id(self):
        """sudo: of the column that has no access, whom the reader may read."""
        people = self.sudo().beneficiary_id.with_env(self.env)
        known = people._filtered_access("read")
        for visit in self:
            visit.person_id = visit.sudo().beneficiary_id.with_env(self.env) & known

    @api.depends(*LINKS)
    @api.depends_context("uid")
    def _compute_may_name(self):
        """What the two buttons of the line may still do."""
        mine = self._origin._filtered_access("write")
        for visit in self:
            hidden = visit.sudo()
            reached = not hidden.beneficiary_id or visit.person_id
            may = visit._origin in mine and bool(reached)
            visit.may_note = may and not hidden.followup_id
            visit.may_register = may and not hidden.registration_id

    @api.depends("followup_id", "registration_id")
    @api.depends_context("lang")
    def _compute_outcome(self):
        """sudo: that there is a follow-up or a registration, nothing of it."""
        for visit in self:
            words = []
            if visit.sudo().followup_id:
                words.append(self.env._("Follow-up noted"))
            if visit.sudo().registration_id:
                words.append(self.env._("Registration"))
            visit.outcome = " · ".join(words)

    @api.depends("date", "company_id")
    @api.depends_context("lang")
    def _compute_hour_label(self):
        zones = self.permanence_id._zones()
        hour = self.env["culture.outing"]._hour_label
        for visit in self:
            zone = zones.get(visit.company_id) or visit.company_id._culture_zone()
            local = visit.date and pytz.utc.localize(visit.date).astimezone(zone)
            visit.hour_label = local and hour(local)

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        # to who may not, one answer only, whatever else is wrong
        self.check_access("create")
        self._check_unnamed(vals_list)
        self._check_kind(vals_list)
        prepared, tapped = [], {}
        for vals in vals_list:
            permanence = self._permanence_of(vals)
            tapped[permanence] = tapped.get(permanence, 0) + 1
            date = vals.get("date") or permanence._moment_of_tap()
            prepared.append({**vals, "permanence_id": permanence.id, "date": date})
        # the row that all wait for comes first: a visit before it would fail loudly
        for permanence, count in tapped.items():
            permanence._move_count("people_count", count)
        return super().create(prepared)

    def write(self, vals):
        self.check_access("write")
        self._check_unnamed([vals])
        if "kind" in vals:
            self._check_kind([vals])
        if "permanence_id" in vals:
            raise UserError(self.env._("A visit stays with its permanence."))
        self.permanence_id._check_open_to_changes()
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        gone = {}
        for visit in self:
            gone[visit.permanence_id] = gone.get(visit.permanence_id, 0) + 1
        for permanence, count in gone.items():
            permanence._move_count("people_count", -count)
        return super().unlink()

    def _permanence_of(self, vals):
        """The permanence that a new visit counts on, which its writer may change."""
        given = vals.get("permanence_id")
        given = given or self.env.context.get("default_permanence_id")
        permanence = self.env["culture.permanence"].browse(link_id(given) or ())
        if not permanence:
            raise UserError(self.env._("Permanence: fill it in."))
        permanence.check_access("write")
        permanence._check_open_to_changes()
        permanence._check_due()
        if permanence.state == "closed" and not self.env.su:
            raise UserError(
                self.env._("This permanence is closed: reopen it to add a visit.")
            )
        return permanence

    # ------------------------------------------------------------------ checks

    def _check_unnamed(self, vals_list):
        """A visit is named by the acts that ask the person's file first."""
        if not self.env.su and any(vals.keys() & set(LINKS) for vals in vals_list):
            raise AccessError(
                self.env._("A visit is named by “Note a follow-up” or “Register”.")
            )

    def _check_kind(self, vals_list):
        kinds = [kind for kind, __ in self._fields["kind"].selection]
        for vals in vals_list:
            if vals.get("kind") not in kinds:
                raise UserError(self.env._("Say what the visit was for."))

    @api.constrains("date")
    def _check_date(self):
        for visit in self:
            held = visit.permanence_id
            if not held.date_begin <= visit.date <= held.date_end:
                raise ValidationError(
                    self.env._("The hour of a visit is within its permanence.")
                )
