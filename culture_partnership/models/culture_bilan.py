from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.masking import FEWEST_INSIDE, FEWEST_OUTSIDE
from .culture_convention_figures import season_days

DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
THRESHOLDS = {"internal": FEWEST_INSIDE, "external": FEWEST_OUTSIDE}
LONGEST = relativedelta(years=3)
FILLED = frozenset(
    {
        "state",
        "figures",
        "computed_date",
        "published_date",
        "published_by_id",
        "withdrawn_date",
        "replaces_id",
    }
)
"""Filled by acts only."""

AFTERWARDS = frozenset({"presented_date"})
"""What is still noted of a report that is published."""


class CultureBilan(models.Model):
    """A season told in figures, frozen when it is published.

    What was told stays as it was told, with what was hidden: later changes of data
    change nothing in it. To say it anew is a new version. It has no title of its own:
    a title is typed, and names somebody one day.
    """

    _name = "culture.bilan"
    _inherit = ["culture.covered", "culture.in.structure"]
    _description = "Report"
    _order = "date_end desc, id desc"
    _rec_names_search = ("structure_id", "convention_id")
    _check_company_auto = True

    convention_id = fields.Many2one(
        "culture.convention",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Only what was done under it. Empty: all that the structure did.",
    )
    date_start = fields.Date(
        string="First day", required=True, default=lambda self: self._season()[0]
    )
    date_end = fields.Date(
        string="Last day", required=True, default=lambda self: self._season()[1]
    )
    audience = fields.Selection(
        [("internal", "Within the CCAS"), ("external", "Partners")],
        string="For whom",
        required=True,
        default="internal",
    )
    threshold = fields.Integer(
        string="Masking threshold",
        compute="_compute_threshold",
        store=True,
        help="Distinct persons on whom each figure rests at least, and what is left.",
    )
    state = fields.Selection(
        [
            (DRAFT, "Draft"),
            (PUBLISHED, "Made public"),
            (WITHDRAWN, "Taken back"),
        ],
        string="Status",
        required=True,
        default=DRAFT,
        readonly=True,
        copy=False,
        index=True,
    )
    figures = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)
    computed_date = fields.Datetime(string="Counted on", readonly=True, copy=False)
    published_date = fields.Datetime(string="Published on", readonly=True, copy=False)
    published_by_id = fields.Many2one(
        "res.users",
        string="Published by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    withdrawn_date = fields.Datetime(string="Withdrawn on", readonly=True, copy=False)
    presented_date = fields.Date(
        string="Presented on",
        copy=False,
        help="When it was presented to the partners.",
    )
    replaces_id = fields.Many2one(
        "culture.bilan",
        string="New version of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_over = fields.Boolean(
        compute="_compute_is_over", export_string_translation=False
    )
    is_counted = fields.Boolean(
        compute="_compute_is_counted",
        compute_sudo=True,
        export_string_translation=False,
    )

    _dates_order = models.Constraint(
        "CHECK (date_start < date_end)", "Last day: give one after the first day."
    )
    _frozen_whole = models.Constraint(
        "CHECK (state = 'draft' OR figures IS NOT NULL AND published_date IS NOT NULL)",
        "What is published keeps its figures.",
    )

    @api.model
    def _season(self):
        """The last season that is over.

        :return: first and last day
        """
        first, __ = season_days(self.env.company._culture_today())
        return season_days(first - timedelta(days=1))

    # ---------------------------------------------------------------- computes

    @api.depends("audience")
    def _compute_threshold(self):
        for report in self:
            report.threshold = THRESHOLDS.get(report.audience, FEWEST_OUTSIDE)

    @api.depends("date_end", "company_id")
    def _compute_is_over(self):
        for report in self:
            company = report.company_id or self.env.company
            last = report.date_end
            report.is_over = bool(last) and last < company._culture_today()

    @api.depends("figures")
    def _compute_is_counted(self):
        for report in self:
            report.is_counted = bool(report.figures)

    @api.depends("date_start", "date_end", "structure_id", "convention_id")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._(
                "%(period)s – %(subject)s",
                period=report._period_in_words(),
                subject=report._subject(),
            )
        self._hide_names()

    def _subject(self):
        """What it is about: the convention, and the structure.

        sudo: of a report that is read; both names are known to who reads it.
        """
        names = (self.sudo().convention_id.name, self.sudo().structure_id.name)
        return ", ".join(filter(None, names))

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_given(FILLED, [self._context_defaults(), *vals_list])
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_given(FILLED, [vals])
        frozen = self.filtered(lambda report: report.state != DRAFT)
        if frozen and not self.env.su and vals.keys() - AFTERWARDS:
            self.check_access("write")
            raise UserError(
                self.env._(
                    "A report that is published stays as it is. To say it anew, make a "
                    "new version."
                )
            )
        result = super().write(vals)
        if vals.keys() - FILLED - AFTERWARDS:
            # of another period, of others, or for others: to count anew
            self.sudo().write({"figures": False, "computed_date": False})
        return result

    @api.constrains("date_start", "date_end")
    def _check_whole_months(self):
        """Two periods that differ by a day tell of that day."""
        for report in self:
            first, last = report.date_start, report.date_end
            if first.day != 1 or (last + timedelta(days=1)).day != 1:
                raise ValidationError(
                    self.env._(
                        "A report covers whole months: first day the 1st, last day the "
                        "end of a month."
                    )
                )
            if last >= first + LONGEST:
                raise ValidationError(
                    self.env._("Last day: a report covers three years at most.")
                )

    # -------------------------------------------------------------------- acts

    def action_compute(self):
        """Count now, to see what the report would say.

        :return: True
        :raise UserError: of a report that is published
        """
        self.check_access("write")
        self._check_draft()
        for report in self:
            report._fill({"figures": report._figures()})
        return True

    def action_publish(self):
        """Count a last time, freeze, and tell who may read it.

        :return: True
        :raise UserError: before the period is over, or when it is published
        """
        self.check_access("write")
        self._check_draft()
        for report in self:
            if not report.is_over:
                raise UserError(
                    self.env._(
                        "The period is not over: this report can be published from "
                        "the day after its last day on."
                    )
                )
            # two that are published at once would not know each other
            self.sudo().search(
                [("company_id", "=", report.company_id.id)]
            )._lock_quietly()
            report._fill(
                {
                    "figures": report._figures(),
                    "state": PUBLISHED,
                    "published_date": fields.Datetime.now(),
                    "published_by_id": self.env.uid,
                }
            )
            report._after_publication()
        return True

    def action_withdraw(self):
        """Take a report back: nobody but the coordination reads it any more.

        What was read is known: it still counts when another one is published.

        :return: True
        :raise UserError: of a report that is not published
        """
        self.check_access("write")
        if any(report.state != PUBLISHED for report in self):
            raise UserError(self.env._("Only a published report is withdrawn."))
        self._fill({"state": WITHDRAWN, "withdrawn_date": fields.Datetime.now()})
        return True

    def action_new_version(self):
        """Begin the same report anew, beside the one that stays as it is.

        :return: an action that opens the draft
        :raise UserError: of a draft
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == DRAFT:
            raise UserError(self.env._("This report is a draft: change it."))
        kept = ("structure_id", "convention_id", "date_start", "date_end", "audience")
        draft = self.create(
            {
                "company_id": self.company_id.id,
                **{
                    name: self._fields[name].convert_to_write(self[name], self)
                    for name in kept
                },
            }
        )
        draft._fill({"replaces_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [(False, "form")],
        }

    def _check_draft(self):
        if any(report.state != DRAFT for report in self):
            raise UserError(self.env._("This report is published already."))

    def _fill(self, vals):
        """sudo: what acts fill, nobody gives; who acts was asked just before."""
        if "figures" in vals:
            vals["computed_date"] = fields.Datetime.now()
        self.sudo().write(vals)

    def _after_publication(self):
        """What follows, in the same transaction; extended where it is said."""
        # a version that is replaced would be read beside the new one
        former = self.sudo().replaces_id.filtered(lambda r: r.state == PUBLISHED)
        former._fill({"state": WITHDRAWN, "withdrawn_date": fields.Datetime.now()})
