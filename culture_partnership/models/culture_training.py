from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .culture_links import link_id

PERSON = ("relay_id", "referent_id")


class CultureTraining(models.Model):
    """A training that a relay or a referent follows, and until when it holds.

    One row a person, so that each keeps the own attendance and end; several people of
    one session are noted together by an assistant.
    """

    _name = "culture.training"
    _inherit = ["culture.guarded"]
    _description = "Training"
    _order = "date desc NULLS LAST, id desc"
    _rec_names_search = ("name", "subject_id")
    _check_company_auto = True

    relay_id = fields.Many2one(
        "culture.relay", index="btree_not_null", ondelete="cascade", check_company=True
    )
    referent_id = fields.Many2one(
        "culture.referent",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    name = fields.Char(
        string="Person",
        compute="_compute_from_card",
        store=True,
        precompute=True,
        compute_sudo=True,
    )
    structure_id = fields.Many2one(
        "res.partner",
        compute="_compute_from_card",
        store=True,
        precompute=True,
        compute_sudo=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_from_card",
        store=True,
        precompute=True,
        compute_sudo=True,
        required=True,
        index=True,
    )
    subject_id = fields.Many2one(
        "culture.training.subject",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    for_escort = fields.Boolean(related="subject_id.for_escort")
    date = fields.Date(
        index=True,
        help="Empty for a training that was followed on a day nobody knows any more.",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("attended", "Followed"),
            ("missed", "Not followed"),
        ],
        string="Status",
        required=True,
        default="planned",
        help="A training counts once it is noted as followed.",
    )
    valid_until = fields.Date(
        string="Valid until",
        compute="_compute_valid_until",
        store=True,
        readonly=False,
        precompute=True,
        help="Last day. Proposed by the subject, yours to change.",
    )

    _one_person = models.Constraint(
        "CHECK ((relay_id IS NULL) <> (referent_id IS NULL))",
        "A training is followed by one relay or by one referent.",
    )
    _dates_order = models.Constraint(
        "CHECK (valid_until >= date)", "A training cannot end before it was followed."
    )
    _validity = models.Index("(valid_until, id) WHERE state = 'attended'")

    @api.depends(
        "relay_id.name",
        "relay_id.structure_id",
        "relay_id.company_id",
        "referent_id.name",
        "referent_id.structure_id",
        "referent_id.company_id",
    )
    def _compute_from_card(self):
        for training in self:
            card = training._card()
            training.name = card.name
            training.structure_id = card.structure_id
            training.company_id = card.company_id or self.env.company

    @api.depends("date", "subject_id")
    def _compute_valid_until(self):
        for training in self:
            if training.date:
                training.valid_until = training.subject_id._end_of(training.date)

    @api.depends("name", "subject_id")
    def _compute_display_name(self):
        for training in self:
            parts = (training.subject_id.name, training.name)
            training.display_name = ", ".join(filter(None, parts))
        self._hide_names()

    def _card(self):
        """The card of who follows it: a relay's or a referent's."""
        return self.relay_id or self.referent_id

    @api.model
    def _person_field(self, model):
        return next(n for n in PERSON if self._fields[n].comodel_name == model)

    @api.model
    def _today(self):
        """Today where the company is, whoever asks."""
        return self.env.company._culture_today()

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self._context_defaults()
        for vals in vals_list:
            self._check_one_person({**defaults, **vals})
            self._check_dates({**defaults, **vals})
        trainings = super().create(vals_list)
        trainings._withdraw_renewals()
        return trainings

    def write(self, vals):
        self._check_person_kept(vals)
        if vals.keys() & {"date", "valid_until"}:
            for training in self:
                # a new date brings a new end, if none is given with it
                self._check_dates({"date": training.date, **vals})
        with self.relay_id.sudo()._telling_of_lapses():
            result = super().write(vals)
        if not vals.keys().isdisjoint(("date", "valid_until", "state", "subject_id")):
            self._withdraw_renewals()
        return result

    def unlink(self):
        relays, referents = self.relay_id.sudo(), self.referent_id.sudo()
        with relays._telling_of_lapses():
            result = super().unlink()
        relays._withdraw_renewals()
        referents._withdraw_renewals()
        return result

    def copy_data(self, default=None):
        """A training that is followed again: nothing is known of it yet.

        :param default: values
        :return: list of dicts
        """
        again = {"state": "planned", "date": self._today(), **(default or {})}
        vals_list = super().copy_data(again)
        for vals in vals_list:
            vals.pop("valid_until", None)
        return vals_list

    def _withdraw_renewals(self):
        for name in PERSON:
            self.sudo()[name]._withdraw_renewals()

    # ------------------------------------------------------------------- checks

    def _check_one_person(self, vals):
        """What the constraint says, before its row is written into a log."""
        if bool(vals.get("relay_id")) == bool(vals.get("referent_id")):
            raise UserError(
                self.env._("Person: say who follows it, one relay or one referent.")
            )

    def _check_person_kept(self, vals):
        for name in vals.keys() & {*PERSON}:
            kept = link_id(vals[name]) if vals[name] else False
            if any(training[name].id != kept for training in self):
                raise UserError(
                    self.env._(
                        "Person: a training stays with who followed it. Note another "
                        "one."
                    )
                )

    def _check_dates(self, vals):
        date = fields.Date.to_date(vals.get("date"))
        until = fields.Date.to_date(vals.get("valid_until"))
        for day in filter(None, (date, until)):
            if not 2000 <= day.year <= 2100:
                raise UserError(self.env._("%(year)s: check the year.", year=day.year))
        if date and until and until < date:
            raise UserError(
                self.env._("Valid until: a training ends after it was followed.")
            )

    @api.constrains("date", "state", "valid_until", "subject_id")
    def _check_followed(self):
        """Only what took place was attended, and what counts has an end."""
        today = self._today()
        for training in self:
            if not training.date and training.state != "attended":
                raise ValidationError(self.env._("Date: say when it takes place."))
            if training.state == "planned":
                continue
            if training.date and training.date > today:
                raise ValidationError(
                    self.env._("Date: this training is to come, it is planned.")
                )
            if (
                training.state == "attended"
                and training.for_escort
                and not training.valid_until
            ):
                raise ValidationError(
                    self.env._(
                        "Valid until: say it, this training lets one escort until "
                        "that day."
                    )
                )

    @api.constrains("structure_id", "company_id")
    def _check_follows_card(self):
        """Threat: a structure of one's own on the training of another's relay."""
        for training in self.sudo():
            card = training._card()
            if (training.structure_id, training.company_id) != (
                card.structure_id,
                card.company_id,
            ):
                raise ValidationError(
                    self.env._("The structure follows from who is trained.")
                )

    # --------------------------------------------------------------------- acts

    def action_attended(self):
        """Note that these trainings were followed."""
        self.write({"state": "attended"})

    def action_missed(self):
        """Note that they were not."""
        self.write({"state": "missed"})

    # ---------------------------------------------------------- what is still due

    def _replaced_by(self, others, planned=False):
        """Those that one of the others replaces: the same subject, or both escort.

        :param others: ``culture.training`` of the same people
        :param planned: whether a training to come is enough
        :return: ``culture.training``
        """
        today = self._today()
        by_card = others.grouped(lambda training: training._card())
        return self.filtered(
            lambda training: any(
                other._replaces(training)
                and (
                    other.state == "attended"
                    or (planned and other.state == "planned" and other.date >= today)
                )
                for other in by_card.get(training._card(), ())
            )
        )

    def _replaces(self, training):
        if self == training or not (
            self.subject_id == training.subject_id
            or (self.relay_id and self.for_escort and training.for_escort)
        ):
            return False
        if not self.valid_until or not training.valid_until:
            return not self.valid_until
        return (self.valid_until, self.id) > (training.valid_until, training.id)

    def _of_the_same(self):
        """Trainings of the same people, planned and attended ones."""
        return self.search(
            Domain("state", "in", ("planned", "attended"))
            & (
                Domain("relay_id", "in", self.relay_id.ids)
                | Domain("referent_id", "in", self.referent_id.ids)
            )
        )
