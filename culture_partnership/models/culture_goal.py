from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.day_words import day_in_words
from .culture_links import link_id

REACHED = "reached"
FIRST_YEAR = 2000
LONGEST_LINE = 500
MOST_YEARS = 5


class CultureGoal(models.Model):
    """What the person wants to get to, and the small step that leads there."""

    _name = "culture.goal"
    _inherit = ["culture.person.part"]
    _description = "Goal"
    _order = "id"
    _rec_names_search = ("name",)
    _check_company_auto = True
    _asked_for = ("accompaniment_id", "name", "state")
    _filled_by_application = frozenset(
        {"beneficiary_id", "structure_id", "company_id", "reached_date"}
    )

    accompaniment_id = fields.Many2one(
        "culture.accompaniment",
        string="Plan",
        required=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Char(string="Goal", required=True)
    small_step = fields.Char(string="Small step", help="What comes next, within reach.")
    state = fields.Selection(
        [
            ("to_come", "To come"),
            ("ongoing", "Under way"),
            (REACHED, "Reached"),
            ("set_aside", "Put aside"),
        ],
        string="Where it stands",
        required=True,
        default="to_come",
    )
    due_date = fields.Date(string="By when")
    reached_date = fields.Date(
        string="Reached on",
        compute="_compute_reached_date",
        store=True,
        readonly=True,
        copy=False,
    )
    discipline_id = fields.Many2one(
        "culture.discipline",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    registration_id = fields.Many2one(
        "culture.registration",
        string="Linked registration",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        domain="[('beneficiary_id', '=', beneficiary_id)]",
    )
    outing_id = fields.Many2one(
        string="Linked outing", related="registration_id.outing_id", related_sudo=False
    )
    outing_label = fields.Char(string="Outing planned", compute="_compute_outing_label")
    may_change = fields.Boolean(
        compute="_compute_may_change", export_string_translation=False
    )

    # a copy of the plan's, for the rules
    beneficiary_id = fields.Many2one(
        "culture.beneficiary",
        string="Person",
        required=True,
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _person_reached = models.Index("(beneficiary_id, reached_date)")
    _structure = models.Index("(structure_id, id)")

    # ---------------------------------------------------------------- computes

    @api.depends("name")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for goal in self:
            goal.display_name = goal.name
        self._hide_names()

    @api.depends("registration_id.state")
    @api.depends_context("lang", "tz")
    def _compute_outing_label(self):
        for goal in self:
            line, outing = goal.registration_id, goal.registration_id.outing_id
            live = bool(line) and line.state != "cancelled"
            goal.outing_label = live and self.env._(
                "%(when)s: %(outing)s", when=outing.when_label, outing=outing.name
            )

    @api.depends("accompaniment_id.date_end")
    @api.depends_context("uid")
    def _compute_may_change(self):
        for goal in self:
            goal.may_change = goal.accompaniment_id.may_change

    @api.depends("state")
    def _compute_reached_date(self):
        for goal in self:
            if goal.state != REACHED:
                goal.reached_date = False
            elif not goal.reached_date:
                company = goal.accompaniment_id.company_id or self.env.company
                goal.reached_date = company._culture_today()

    # -------------------------------------------------------------------- CRUD

    def write(self, vals):
        if "accompaniment_id" in vals and not self.env.su:
            raise UserError(self.env._("What is in a file stays with its person."))
        self.check_access("write")
        self.accompaniment_id._check_open()
        return super().write(vals)

    def _person_of(self, vals):
        """sudo: a plan that the user may read, asked just before."""
        return self._plan_of(vals).beneficiary_id

    def _plan_of(self, vals):
        plans = self.env["culture.accompaniment"].sudo()
        return plans.browse(link_id(vals["accompaniment_id"]))

    def _prepare_copies(self, vals):
        copies = super()._prepare_copies(vals)
        return {**copies, "beneficiary_id": self._person_of(vals).id}

    def _prepare_next(self):
        """Values of this goal in the next version of the plan."""
        return {
            "name": self.name,
            "small_step": self.small_step,
            "state": self.state,
            "due_date": self.due_date,
            "discipline_id": self.discipline_id.id,
            "registration_id": self.registration_id.id,
        }

    # ------------------------------------------------------------------ checks

    def _check_new(self, vals_list):
        for vals in vals_list:
            self._plan_of(vals).sudo(self.env.su)._check_open()
        return super()._check_new(vals_list)

    @api.constrains("name", "small_step")
    def _check_length(self):
        for goal in self:
            for name in ("name", "small_step"):
                if len(goal[name] or "") > LONGEST_LINE:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: %(n)s characters at most.",
                            field=self._field_label(name),
                            n=LONGEST_LINE,
                        )
                    )

    @api.constrains("due_date")
    def _check_due_date(self):
        for goal in self.filtered("due_date"):
            today = goal.company_id._culture_today()
            if not FIRST_YEAR <= goal.due_date.year <= today.year + MOST_YEARS:
                raise ValidationError(self.env._("By when: check the year."))

    @api.constrains("registration_id")
    def _check_registration(self):
        """sudo: that it is the person's is asked, and nothing of it is told."""
        for goal in self.sudo().filtered("registration_id"):
            if goal.registration_id.beneficiary_id != goal.beneficiary_id:
                raise ValidationError(
                    self.env._("Linked registration: choose one of this person.")
                )

    # -------------------------------------------------------------------- acts

    def action_find_outing(self):
        """Look for an outing that serves this goal: it is linked once registered.

        :return: an action in a dialog
        :raise AccessError: when the goal is not the user's to change
        :raise UserError: when its plan has ended
        """
        self.ensure_one()
        self.check_access("write")
        self.accompaniment_id._check_open()
        return self.env["culture.register"]._action_open(
            beneficiary=self.beneficiary_id, goal=self
        )

    def _serve_by(self, registrations):
        """Link what was registered for this goal; it has begun then.

        :param registrations: ``culture.registration`` records of its person
        """
        vals = {"registration_id": registrations[0].id}
        if self.state == "to_come":
            vals["state"] = "ongoing"
        self.write(vals)

    def _timeline_lines(self):
        """Goals reached as the thread of the file shows them.

        :return: dict of dicts by id
        """
        return {
            goal.id: {
                "icon": "fa-flag",
                "title": self.env._("Goal reached: %(goal)s", goal=goal.name),
            }
            for goal in self
        }

    def _paper_lines(self):
        """The goal on paper, days in full.

        :return: dict with ``name`` and ``lines``
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        due = self.due_date and day_in_words(self.env, self.due_date, "d MMMM y")
        reached = self.reached_date and day_in_words(
            self.env, self.reached_date, "d MMMM y"
        )
        if reached:
            lines = [self.env._("Reached on %(day)s.", day=reached)]
        else:
            lines = [
                self.small_step
                and self.env._("My small step: %(step)s", step=self.small_step),
                self._paper_outing(),
                due and self.env._("By when: %(day)s", day=due),
                self.env._("Where I am: %(state)s", state=states[self.state].lower()),
            ]
        return {"name": self.name, "lines": list(filter(None, lines))}

    def _paper_outing(self):
        outing = self.outing_id
        if not self.outing_label:
            return False
        if not outing.date_begin:
            return self.env._("The outing: %(outing)s", outing=self.outing_label)
        return self.env._(
            "The outing: %(outing)s, on %(day)s, %(hour)s",
            outing=outing.name,
            day=day_in_words(self.env, outing._local_day(), "EEEE d MMMM"),
            hour=outing._hour_label(outing.date_begin),
        )
