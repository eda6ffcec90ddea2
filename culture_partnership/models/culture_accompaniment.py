from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

FIRST_YEAR = 2000
LONGEST_TEXT = 5_000
LAST_REVIEW_AFTER = timedelta(days=5 * 366)
TEXTS = ("words", "wish_with", "wish_when", "wish_where", "who_does_what")


class CultureAccompaniment(models.Model):
    """The plan built with the person: their words first, then what is done.

    One is open at a time. A new version ends the former one, which stays readable
    as it was agreed, and is not changed any more.
    """

    _name = "culture.accompaniment"
    _inherit = ["culture.person.part"]
    _description = "Accompaniment"
    _order = "version desc, id desc"
    _rec_names_search = ("version",)
    _check_company_auto = True
    _asked_for = ("beneficiary_id",)
    _filled_by_application = frozenset(
        {
            "structure_id",
            "company_id",
            "referent_id",
            "date_start",
            "date_end",
            "version",
            "previous_id",
            "wish_what",
            "barriers_then",
        }
    )

    beneficiary_id = fields.Many2one(
        "culture.beneficiary",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
    )
    reference = fields.Char(related="beneficiary_id.reference", related_sudo=False)
    referent_id = fields.Many2one(
        "culture.referent",
        string="Social referent",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    relay_id = fields.Many2one(
        "culture.relay",
        string="Cultural relay",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    date_start = fields.Date(string="Since", required=True, readonly=True, copy=False)
    date_end = fields.Date(string="Until", readonly=True, copy=False)
    words = fields.Text(string="In the person’s own words")
    discipline_ids = fields.Many2many(
        string="What",
        related="beneficiary_id.discipline_ids",
        related_sudo=False,
        readonly=False,
    )
    wish_with = fields.Char(string="With whom")
    wish_when = fields.Char(string="When it suits")
    wish_where = fields.Char(string="Where to")
    goal_ids = fields.One2many("culture.goal", "accompaniment_id", string="Goals")
    barrier_line_ids = fields.One2many(
        related="beneficiary_id.barrier_line_ids", related_sudo=False, readonly=False
    )
    who_does_what = fields.Text(string="Who does what")
    # what the file said on the day when this version ended: it goes on changing
    wish_what = fields.Char(string="What they wished", readonly=True, copy=False)
    barriers_then = fields.Text(
        string="What held back, what helped", readonly=True, copy=False
    )
    review_date = fields.Date(
        string="We meet again on", help="A task reminds of it, by the file’s number."
    )
    agreed_date = fields.Date(
        string="Reread with the person on",
        copy=False,
        help="In place of a signature.",
    )
    version = fields.Integer(required=True, default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "culture.accompaniment",
        string="Former version",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    may_change = fields.Boolean(
        compute="_compute_may_change", export_string_translation=False
    )
    is_empty = fields.Boolean(
        compute="_compute_is_empty", export_string_translation=False
    )

    _open_once = models.UniqueIndex(
        "(beneficiary_id) WHERE date_end IS NULL",
        "This person has a plan already: open it.",
    )
    _structure = models.Index("(structure_id, id)")

    # ---------------------------------------------------------------- computes

    @api.depends("version", "beneficiary_id")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = self.env._("Plan, version %(n)s", n=plan.version or 1)
        self._hide_names()

    @api.depends("date_end")
    @api.depends_context("uid")
    def _compute_may_change(self):
        mine = self._origin._filtered_access("write")
        for plan in self:
            plan.may_change = plan._origin in mine and not plan.date_end

    @api.depends(*TEXTS, "goal_ids")
    def _compute_is_empty(self):
        for plan in self:
            plan.is_empty = not plan.goal_ids and not any(plan[x] for x in TEXTS)

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._put_review()
        return plans

    def write(self, vals):
        self.check_access("write")
        self._check_open()
        self._check_day_to_come([vals])
        result = super().write(vals)
        if "review_date" in vals:
            self._put_review()
        return result

    def _prepare_copies(self, vals):
        person = self._person_of(vals)
        return {
            "referent_id": person.referent_id.id,
            "relay_id": vals.get("relay_id", person.relay_id.id),
            "date_start": vals.get("date_start") or person.company_id._culture_today(),
            **super()._prepare_copies(vals),
        }

    # ------------------------------------------------------------------ checks

    def _check_new(self, vals_list):
        """One open plan a person: told before PostgreSQL tells it with the row."""
        self._check_day_to_come(vals_list)
        people = self.env["culture.beneficiary"]
        for vals in vals_list:
            people |= self._person_of(vals)
        theirs = [("beneficiary_id", "in", people.ids), ("date_end", "=", False)]
        wanted = sum(not vals.get("date_end") for vals in vals_list)
        if wanted and (
            wanted > len(people) or self.sudo().search_count(theirs, limit=1)
        ):
            raise UserError(self.env._("This person has a plan already: open it."))
        return super()._check_new(vals_list)

    def _check_open(self):
        """What was agreed stays as it was."""
        ended = self.filtered("date_end")
        if ended and not self.env.su:
            raise UserError(
                self.env._(
                    "Version %(n)s of the plan is ended: it stays as it is. Change "
                    "the latest one.",
                    n=ended[0].version,
                )
            )

    def _check_day_to_come(self, vals_list):
        """Of what is typed: the day of a plan comes, passes, and stays written."""
        company = self.company_id[:1] or self.env.company
        days = [fields.Date.to_date(vals.get("review_date")) for vals in vals_list]
        if not self.env.su and any(d and d < company._culture_today() for d in days):
            raise UserError(self.env._("We meet again on: give a day to come."))

    @api.constrains("review_date")
    def _check_review_date(self):
        for plan in self.filtered("review_date"):
            today = plan.company_id._culture_today()
            if plan.review_date > today + LAST_REVIEW_AFTER:
                raise ValidationError(self.env._("We meet again on: check the year."))

    @api.constrains("agreed_date")
    def _check_agreed_date(self):
        for plan in self.filtered("agreed_date"):
            today = plan.company_id._culture_today()
            if not FIRST_YEAR <= plan.agreed_date.year or plan.agreed_date > today:
                raise ValidationError(
                    self.env._("Reread with the person on: give a day that has come.")
                )

    @api.constrains(*TEXTS)
    def _check_texts(self):
        for plan in self:
            for name in TEXTS:
                if len(plan[name] or "") > LONGEST_TEXT:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: %(n)s characters at most.",
                            field=self._field_label(name),
                            n=LONGEST_TEXT,
                        )
                    )

    # -------------------------------------------------------------------- acts

    def action_new_version(self):
        """End this plan and begin another one with what is still to be done.

        :return: an action: the new version
        :raise AccessError: when the plan is not the user's to change
        :raise UserError: when the plan has ended
        """
        self.ensure_one()
        self.check_access("write")
        self.beneficiary_id._lock_quietly()
        self.invalidate_recordset()
        self._check_open()
        vals = self._prepare_next()
        # sudo: its end is the application's to write; the plan was asked for above
        self.sudo().write(
            {
                "date_end": self.company_id._culture_today(),
                "wish_what": self._names_of_wishes(),
                "barriers_then": "\n".join(self._paper_barriers()),
            }
        )
        self.flush_recordset(["date_end"])
        # sudo: number and link too, the texts are those of the former one
        following = self.sudo().create(vals).sudo(False).with_env(self.env)
        return following._action_show()

    def _prepare_next(self):
        """Values of the version that follows: goals reached are not taken along."""
        left = self.goal_ids.filtered(lambda goal: goal.state != "reached")
        return {
            **{name: self[name] for name in (*TEXTS, "review_date")},
            "beneficiary_id": self.beneficiary_id.id,
            "relay_id": self.relay_id.id,
            "version": self.version + 1,
            "previous_id": self.id,
            "goal_ids": [Command.create(goal._prepare_next()) for goal in left],
        }

    def action_read_version(self):
        """Open this version on its own page.

        :return: an action
        :raise AccessError: when the plan is not open to the user
        """
        self.ensure_one()
        self.check_access("read")
        return self._action_show()

    def _action_show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def log_opening(self):
        """Log that the user opens the file: its plan is in it.

        :raise AccessError: when the plan is not open to the user
        """
        self.ensure_one()
        self.check_access("read")
        self.beneficiary_id.log_opening()

    def _timeline_lines(self):
        """Plans agreed as the thread of the file shows them.

        :return: dict of dicts by id
        """
        return {
            plan.id: {
                "icon": "fa-map-signs",
                "title": self.env._(
                    "Plan reread together, version %(n)s", n=plan.version
                ),
            }
            for plan in self
        }
