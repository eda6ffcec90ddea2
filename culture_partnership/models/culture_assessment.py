from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.dialogs import dialog
from .culture_assessment_words import PERSON, REFERENT
from .culture_links import link_id

FIRST_YEAR = 2000
QUESTIONS = tuple(PERSON)
VIEWS = ("person", "referent")


def answers_of(view):
    """Fields of a point of view, in the order of the questions.

    :param view: ``person`` or ``referent``
    :return: list of names
    """
    return [f"{view}_{question}" for question in QUESTIONS]


class CultureAssessment(models.Model):
    """Where a person is, by one point of view, on one day.

    The person's answers and the professional's are different sentences: each has
    columns of its own, a row has those of one view only, and nothing adds them up.
    It is no condition of anything.
    """

    _name = "culture.assessment"
    _inherit = ["culture.person.part", "culture.answers"]
    _description = "Assessment"
    _order = "date desc, id desc"
    _rec_names_search = ("user_id",)

    _asked_for = ("beneficiary_id", "date", "view", "moment")
    _filled_by_application = frozenset({"user_id", "structure_id", "company_id"})

    beneficiary_id = fields.Many2one(
        "culture.beneficiary", string="Person", required=True, ondelete="restrict"
    )
    date = fields.Date(required=True, default=lambda self: self._today())
    view = fields.Selection(
        [("person", "What the person feels"), ("referent", "Professional view")],
        string="Point of view",
        required=True,
    )
    moment = fields.Selection(
        [
            ("entry", "Entry"),
            ("step", "On the way"),
            ("exit", "End of the accompaniment"),
        ],
        required=True,
        compute="_compute_moment",
        store=True,
        readonly=False,
        precompute=True,
    )
    person_social = fields.Selection(PERSON["social"], string="Social life")
    person_mobility = fields.Selection(PERSON["mobility"], string="Mobility")
    person_confidence = fields.Selection(
        PERSON["confidence"], string="Confidence and autonomy"
    )
    person_action = fields.Selection(PERSON["action"], string="Moving forward")
    referent_social = fields.Selection(
        REFERENT["social"], string="Social life, professional view"
    )
    referent_mobility = fields.Selection(
        REFERENT["mobility"], string="Mobility, professional view"
    )
    referent_confidence = fields.Selection(
        REFERENT["confidence"], string="Confidence and autonomy, professional view"
    )
    referent_action = fields.Selection(
        REFERENT["action"], string="Moving forward, professional view"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Entered by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )

    structure_id = fields.Many2one(index=True)

    _once_a_day = models.UniqueIndex(
        "(beneficiary_id, view, date)",
        "This point of view has been noted on this day already: correct it.",
    )
    _person_s_own = models.Constraint(
        "CHECK (view = 'person' OR COALESCE(person_social, person_mobility,"
        " person_confidence, person_action) IS NULL)",
        "What the person feels has a page of its own.",
    )
    _referent_s_own = models.Constraint(
        "CHECK (view = 'referent' OR COALESCE(referent_social, referent_mobility,"
        " referent_confidence, referent_action) IS NULL)",
        "The professional view has a page of its own.",
    )

    # ---------------------------------------------------------------- computes

    @api.model
    def _answers(self):
        return [name for view in VIEWS for name in answers_of(view)]

    @api.depends("beneficiary_id", "view")
    def _compute_moment(self):
        """The first of its view is the entry, what comes later is on the way."""
        known = {
            (person.id, view)
            for person, view in self._read_group(
                [("beneficiary_id", "in", self.beneficiary_id._origin.ids)],
                ["beneficiary_id", "view"],
            )
        }
        for assessment in self:
            person = assessment.beneficiary_id._origin
            if not person or (person.id, assessment.view) not in known:
                assessment.moment = "entry"
            else:
                assessment.moment = "exit" if person.stage == "left" else "step"

    @api.depends("moment", "date")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        moments = dict(self._fields["moment"]._description_selection(self.env))
        for assessment in self:
            assessment.display_name = self.env._(
                "%(moment)s, %(day)s",
                moment=moments.get(assessment.moment, ""),
                day=format_date(self.env, assessment.date),
            )
        self._hide_names()

    @api.onchange("view")
    def _onchange_view(self):
        """What was picked for the other view is not kept behind the page."""
        for view in VIEWS:
            if view != self.view:
                self.update(dict.fromkeys(answers_of(view), False))

    def _today(self):
        company = self.company_id or self.env.company
        return company._culture_today()

    # -------------------------------------------------------------------- CRUD

    def write(self, vals):
        if "date" in vals:
            self.check_access("write")
            others = self.filtered(
                lambda row: row.date != fields.Date.to_date(vals["date"])
            )
            others._check_once_a_day(
                [(row.beneficiary_id.id, row.view, vals["date"]) for row in others]
            )
        return super().write(vals)

    def _prepare_copies(self, vals):
        user_id = vals.get("user_id") or self.env.uid
        return {**super()._prepare_copies(vals), "user_id": user_id}

    # ------------------------------------------------------------------ checks

    def _check_protected(self, vals_list):
        if self and not self.env.su and any("view" in vals for vals in vals_list):
            raise UserError(
                self.env._("An assessment stays with its person and point of view.")
            )
        return super()._check_protected(vals_list)

    def _check_given(self, vals_list, new=False):
        self._check_choices(vals_list)
        return super()._check_given(vals_list, new)

    def _check_new(self, vals_list):
        """A page filled by hand: PostgreSQL would show the row."""
        self._check_one_view(vals_list)
        self._check_once_a_day(
            [
                (
                    link_id(vals["beneficiary_id"]),
                    vals["view"],
                    vals.get("date") or self._today(),
                )
                for vals in vals_list
            ]
        )
        return super()._check_new(vals_list)

    def _check_one_view(self, vals_list):
        for vals in vals_list:
            other = "referent" if vals["view"] == "person" else "person"
            if any(vals.get(name) for name in answers_of(other)):
                raise self._two_views_error()

    def _two_views_error(self):
        return ValidationError(
            self.env._("One point of view at a time: each has a page of its own.")
        )

    @api.model
    def _check_once_a_day(self, keys):
        """sudo: of persons that the user may read, asked before; nothing is shown.

        :param keys: list of ``(id of the person, view, day)``
        """
        keys = [(person, view, fields.Date.to_date(day)) for person, view, day in keys]
        rows = self.sudo().search_fetch(
            [
                ("beneficiary_id", "in", [person for person, __, __ in keys]),
                ("date", "in", [day for __, __, day in keys]),
            ],
            ["beneficiary_id", "view", "date"],
        )
        known = [(row.beneficiary_id.id, row.view, row.date) for row in rows]
        if len({*known, *keys}) < len(known) + len(keys):
            raise UserError(
                self.env._(
                    "Date: this point of view has been noted on this day already. "
                    "Correct it, in the tab “Assessments”."
                )
            )

    @api.constrains("date")
    def _check_date(self):
        for assessment in self:
            day = assessment.date
            if day.year < FIRST_YEAR or day > assessment._today():
                raise ValidationError(
                    self.env._(
                        "Date: give the day on which you talked it over, today at the "
                        "latest."
                    )
                )

    @api.constrains(lambda self: self._answers())
    def _check_own_answers(self):
        for assessment in self:
            other = "referent" if assessment.view == "person" else "person"
            if any(assessment[name] for name in answers_of(other)):
                raise self._two_views_error()

    # ------------------------------------------------------------------ screens

    @api.model
    def _action_take(self, person):
        """Open an empty page; it covers the file, and with it the other view.

        :param person: ``culture.beneficiary``
        :return: an action in a dialog
        """
        title = self.env._("Take stock")
        return dialog(self.browse(), title, default_beneficiary_id=person.id)

    def action_correct(self):
        """Open the page again.

        :return: an action in a dialog
        :raise AccessError: when the assessment is not the user's to change
        """
        self.ensure_one()
        self.check_access("write")
        return dialog(self, self.env._("Correct"))

    def _timeline_lines(self):
        """That stock was taken, and no more: what was said stays in its tab.

        :return: dict of dicts by id
        """
        titles = {
            "entry": self.env._("Assessment at entry"),
            "step": self.env._("Assessment on the way"),
            "exit": self.env._("Assessment at the end of the accompaniment"),
        }
        return {
            assessment.id: {"icon": "fa-compass", "title": titles[assessment.moment]}
            for assessment in self
        }
