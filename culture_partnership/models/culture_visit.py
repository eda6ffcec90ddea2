import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .culture_links import link_id

LINKS = ("beneficiary_id", "followup_id", "registration_id")
"""Of whom, and what became of it: nobody's fields, filled by acts only."""


class CultureVisit(models.Model):
    """One visit to a permanence, without a name unless the person agrees to one.

    Who hosted beside a colleague reads the colleague's visits; whose visit it was is
    told to who may read that person and what the visit became, and to nobody else.
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
    person_id = fields.Many2one("culture.beneficiary", compute="_compute_told")
    may_note = fields.Boolean(
        compute="_compute_may_name", export_string_translation=False
    )
    may_register = fields.Boolean(
        compute="_compute_may_name", export_string_translation=False
    )
    outcome = fields.Char(string="What became of it", compute="_compute_told")
    hour_label = fields.Char(string="Hour", compute="_compute_hour_label")
    structure_id = fields.Many2one(
        related="permanence_id.structure_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="permanence_id.company_id", store=True, precompute=True, index=True
    )

    # ---------------------------------------------------------------- computes

    @api.depends(*LINKS)
    @api.depends_context("uid", "lang")
    def _compute_told(self):
        """Whose visit it was, and what became of it.

        A coordination reads the person, and not that a follow-up was noted unless it
        is shared: so the name is told to who reads the follow-up or the registration,
        and beside the name nothing else. Without a name all is told, it is a figure.
        sudo: of the columns that have no access, as far as the reader's rights go.
        """
        hidden = self.sudo()
        read = {
            name: hidden[name].with_env(self.env)._filtered_access("read")
            for name in LINKS
        }
        words = {
            "followup_id": self.env._("Follow-up noted"),
            "registration_id": self.env._("Registration"),
        }
        for visit in self:
            row = visit.sudo()
            seen = [name for name in words if row[name].with_env(self.env) & read[name]]
            person = row.beneficiary_id.with_env(self.env) & read["beneficiary_id"]
            visit.person_id = person if seen else False
            told = seen if visit.person_id else [name for name in words if row[name]]
            visit.outcome = " · ".join(words[name] for name in told)

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
            raise self._missing_error("permanence_id")
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
