from datetime import date
from statistics import median_low

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from ..tools.masking import FEWEST_INSIDE
from .culture_assessment_words import SEMESTER
from .ir_rule import refusal

QUESTIONS = tuple(SEMESTER)
SEMESTERS_TOLD = 4


class CultureSemester(models.Model):
    """What outings change for a referent, in the referent's own eyes, twice a year.

    One's own, and nobody else's. The coordination is told what the answers in the
    middle say, once the semester is over and nothing in it can change any more: two
    looks at a semester under way would tell what came in between.
    """

    _name = "culture.semester"
    _inherit = ["culture.answers"]
    _description = "My semester"
    _order = "date_start desc, id desc"
    _rec_names_search = ("user_id",)

    _filled_by_application = frozenset(
        {"user_id", "structure_id", "company_id", "date_start"}
    )

    user_id = fields.Many2one(
        "res.users",
        string="Referent",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    date_start = fields.Date(
        string="First day", required=True, readonly=True, index=True
    )
    moving = fields.Selection(
        SEMESTER["moving"], string="Going out, and changing one's place"
    )
    relation = fields.Selection(
        SEMESTER["relation"], string="Building another relation"
    )
    building = fields.Selection(
        SEMESTER["building"], string="Building the project together"
    )
    # as it was then: a card that moves takes no answer along
    structure_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    is_current = fields.Boolean(
        compute="_compute_is_current", export_string_translation=False
    )

    _once = models.UniqueIndex(
        "(user_id, company_id, date_start)",
        "You have answered for this semester already: open it to correct it.",
    )

    # ---------------------------------------------------------------- computes

    @api.model
    def _answers(self):
        return [*QUESTIONS]

    @api.model
    def _current(self):
        """First day of the semester that it is at the company.

        :return: date
        """
        today = self.env.company._culture_today()
        return date(today.year, 1 if today.month < 7 else 7, 1)

    @api.depends("date_start")
    def _compute_is_current(self):
        for semester in self:
            start = semester.date_start
            semester.is_current = not start or start >= self._current()

    @api.depends("date_start")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        for semester in self:
            semester.display_name = self._label(semester.date_start or self._current())
        self._hide_names()

    @api.model
    def _label(self, start):
        if start.month < 7:
            return self.env._("First semester of %(year)s", year=start.year)
        return self.env._("Second semester of %(year)s", year=start.year)

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self = self.with_env(self.env(context=clean_context(self.env.context)))
        # to who may not, one answer only, whatever else is wrong
        self.check_access("create")
        self._refuse_given(self._filled_by_application, vals_list)
        self._check_choices(vals_list)
        vals_list = [{**self._prepare_mine(), **vals} for vals in vals_list]
        for vals in vals_list:
            self._check_once(vals, len(vals_list) > 1)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_given(self._filled_by_application, [vals])
        self._check_choices([vals])
        self.check_access("write")
        if not self.env.su and not all(semester.is_current for semester in self):
            raise UserError(
                self.env._("This semester is over: what it says stays as it is.")
            )
        return super().write(vals)

    @api.model
    def _prepare_mine(self):
        if self.env.su:
            return {}
        card = self.env["culture.referent"]._mine()
        if not card:
            raise refusal(self.env)
        return {
            "user_id": self.env.uid,
            "structure_id": card.structure_id.id,
            "company_id": card.company_id.id,
            "date_start": self._current(),
        }

    @api.model
    def _check_once(self, vals, several):
        """sudo: of the user's own."""
        own = [(name, "=", vals[name]) for name in ("user_id", "company_id")]
        own.append(("date_start", "=", vals["date_start"]))
        if not self.env.su and (several or self.sudo().search_count(own, limit=1)):
            raise UserError(
                self.env._(
                    "You have answered for this semester already: open it to correct "
                    "it."
                )
            )

    # ----------------------------------------------------------------- screens

    @api.model
    def action_mine(self):
        """Open one's own page of the semester that it is.

        :return: an action
        :raise AccessError: for who is no referent
        """
        self.check_access("create")
        mine = self.search(
            [
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.env.company.id),
                ("date_start", "=", self._current()),
            ],
            limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My semester"),
            "res_model": self._name,
            "res_id": mine.id,
            "views": [(False, "form")],
            "target": "main",
        }

    def action_earlier(self):
        """List one's own pages.

        :return: an action
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My semesters"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("user_id", "=", self.env.uid)],
        }

    # ------------------------------------------------------------ what is told

    @api.model
    def _told(self):
        """What the answers in the middle say, of the semesters that are over.

        sudo: answers that nobody but their author reads leave as one sentence for
        five referents at least, of the structures that the user coordinates; how
        many answered is not said, and no choice of structures is offered, by which
        one referent's answer would come out.

        :return: list of dicts: ``label``, and ``sentences``, one a question, False
            when too few answered
        """
        company = self.env.company
        roles = self.env["culture.role"]
        structures = roles._structures("coordinator", company=company)
        rows = self.sudo().search(
            [
                ("structure_id", "in", structures.ids),
                ("company_id", "=", company.id),
                ("date_start", "<", self._current()),
            ]
        )
        semesters = rows.grouped("date_start")
        return [
            {
                "label": self._label(start),
                "sentences": [theirs._middle_of(name) for name in QUESTIONS],
            }
            for start, theirs in [*semesters.items()][:SEMESTERS_TOLD]
        ]

    @api.model
    def _question_labels(self):
        return [self._field_label(name) for name in QUESTIONS]

    def _middle_of(self, name):
        places = {row.user_id: row._place_of(name) for row in self}
        said = [place for place in places.values() if place]
        if len(said) < FEWEST_INSIDE:
            return False
        words = dict(self._fields[name]._description_selection(self.env))
        return words[str(median_low(said))]
