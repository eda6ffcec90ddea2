from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .culture_access import IN_REACH_MODELS
from .culture_registration_rules import MAJORITY

LONGEST_NAME = 100
COPYING_STRUCTURE = [m for m in IN_REACH_MODELS if m != "culture.beneficiary"]
"""What a rule reaches by the person's structure has a copy of it."""


class CultureBeneficiary(models.Model):
    """A person accompanied. The file holds the identity itself.

    Every internal user reads every contact: the identity stands here, behind
    rules, and the CRM's contact is an optional link that nobody else sees. No
    chatter: a message stays readable after an access ends.
    """

    _name = "culture.beneficiary"
    _inherit = ["culture.reach", "culture.in.structure", "culture.threadless"]
    _description = "Beneficiary"
    _order = "last_name, first_name, id"
    _rec_names_search = ("last_name", "first_name", "chosen_name", "reference")
    _check_company_auto = True

    _reach_person = "id"

    reference = fields.Char(string="File number", readonly=True, copy=False, index=True)
    last_name = fields.Char(index="trigram")
    first_name = fields.Char(index="trigram")
    chosen_name = fields.Char(string="Called")
    birth_date = fields.Date()
    age = fields.Integer(compute="_compute_age")
    is_minor = fields.Boolean(string="Minor", compute="_compute_age")
    phone = fields.Char()
    email = fields.Char()
    channel = fields.Selection(
        [
            ("sms", "SMS"),
            ("email", "E-mail"),
            ("call", "Call"),
            ("desk", "In person"),
        ],
        string="How to reach",
        default="call",
        required=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Linked contact",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups="culture_partnership.group_culture_partnership_referent,"
        "culture_partnership.group_culture_partnership_coordinator",
    )
    partner_phone = fields.Char(
        string="Phone of the linked contact",
        related="partner_id.phone",
        groups="culture_partnership.group_culture_partnership_referent,"
        "culture_partnership.group_culture_partnership_coordinator",
    )
    partner_phone_differs = fields.Boolean(
        compute="_compute_partner_phone_differs",
        groups="culture_partnership.group_culture_partnership_referent,"
        "culture_partnership.group_culture_partnership_coordinator",
    )
    structure_id = fields.Many2one(index=False)
    referent_id = fields.Many2one(
        "culture.referent",
        string="Social referent",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("has_role", "=", True)],
        default=lambda self: self.env["culture.referent"]._mine(),
    )
    referent_warning = fields.Char(
        compute="_compute_referent_warning",
        groups="culture_partnership.group_culture_partnership_coordinator",
    )
    relay_id = fields.Many2one(
        "culture.relay",
        string="Cultural relay",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    stage = fields.Selection(
        [
            ("orientation", "Orientation"),
            ("first_contact", "First contact"),
            ("accompanied", "Accompaniment"),
            ("autonomous", "Autonomy"),
            ("paused", "Paused"),
            ("left", "Accompaniment ended"),
        ],
        required=True,
        default="orientation",
        group_expand="_expand_stages",
        index=True,
    )
    discipline_ids = fields.Many2many(
        "culture.discipline", string="Wishes", check_company=True
    )
    access_need_ids = fields.Many2many(
        "culture.access.need", string="Access needs", check_company=True
    )
    barrier_ids = fields.Many2many(
        "culture.barrier", string="Barriers", check_company=True
    )
    household_id = fields.Many2one(
        "culture.household",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    information_date = fields.Date(
        string="Informed on",
        help="The person was told what is kept, why, and for how long.",
    )
    adhesion_date = fields.Date(
        string="Free adhesion on",
        help="The person wishes to take part, and may stop at any time.",
    )
    identity_agreement = fields.Boolean(
        string="Agrees to pass on the name",
        copy=False,
        help="Without it, a venue or a relay sees a number only.",
    )
    opened_date = fields.Date(
        string="File opened on", default=fields.Date.context_today, copy=False
    )
    last_contact_date = fields.Date(
        string="Last contact",
        readonly=True,
        copy=False,
        index=True,
        help="Last real exchange. A reminder sent is none.",
    )
    active = fields.Boolean(default=True)
    access_ids = fields.One2many("culture.access", "beneficiary_id", copy=False)
    registration_ids = fields.One2many("culture.registration", "beneficiary_id")
    outing_count = fields.Integer(
        string="Outings", compute="_compute_outings", help="Outings attended."
    )
    next_registration_id = fields.Many2one(
        "culture.registration", compute="_compute_outings"
    )
    next_outing_date = fields.Datetime(compute="_compute_outings")
    next_outing_label = fields.Char(string="Next outing", compute="_compute_outings")
    first_outing = fields.Boolean(
        string="First outing to come",
        compute="_compute_outings",
        search="_search_first_outing",
    )
    card_badge = fields.Char(
        compute="_compute_card_badge", help="The one thing to know on the card."
    )
    without_referent = fields.Boolean(
        compute="_compute_without_referent", search="_search_without_referent"
    )
    has_duplicate = fields.Boolean(
        string="Possible duplicate",
        compute="_compute_has_duplicate",
        search="_search_has_duplicate",
    )
    who_sees = fields.Text(
        string="Who sees this file", compute="_compute_who_sees", compute_sudo=True
    )

    _structure_recent = models.Index("(structure_id, id DESC) INCLUDE (company_id)")
    _name_birth = models.Index(
        "(company_id, lower(last_name), lower(first_name), birth_date)"
    )
    _born = models.Index("(company_id, birth_date) WHERE birth_date IS NOT NULL")
    _reference_once = models.UniqueIndex("(company_id, reference)")
    _a_name = models.Constraint(
        "CHECK (concat(first_name, last_name, chosen_name) <> '')",
        "Give at least a first name or a last name.",
    )

    # ------------------------------------------------------------------- names

    @api.depends("first_name", "last_name", "chosen_name")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for person in self:
            called = person.chosen_name or person.first_name
            person.display_name = " ".join(filter(None, (called, person.last_name)))
        self._hide_names()

    def _file_label(self):
        """How this file is named where other people may read.

        :return: translated "File 2026-0147"
        """
        self.ensure_one()
        return self.env._("File %(reference)s", reference=self.reference or "")

    def _reach_person_id(self):
        return self._origin.id

    @api.model
    def _expand_stages(self, stages, domain):
        return [code for code, __ in self._fields["stage"].selection]

    @api.model
    def _web_read_group_format(self, groupby, aggregates, groups):
        """Fold the column of those who left: they are there, not in the way."""
        result = super()._web_read_group_format(groupby, aggregates, groups)
        if tuple(groupby[:1]) == ("stage",) and self.env.context.get(
            "read_group_expand"
        ):
            for group in result:
                group["__fold"] = group["stage"] == "left"
        return result

    # ---------------------------------------------------------------- computes

    @api.depends("birth_date")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for person in self:
            age = person._age_on(today)
            person.age = age or 0
            person.is_minor = age is not None and age < MAJORITY

    def _age_on(self, day):
        """Age on a day.

        :param day: date
        :return: years, or None when the birth date is unknown
        """
        self.ensure_one()
        return relativedelta(day, self.birth_date).years if self.birth_date else None

    @api.depends("phone", "partner_id.phone")
    def _compute_partner_phone_differs(self):
        for person in self:
            theirs = digits(person.partner_id.phone)
            person.partner_phone_differs = theirs and theirs != digits(person.phone)

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        today = fields.Date.context_today(self)
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            sequence = self.env["ir.sequence"].sudo().with_company(company)
            vals["reference"] = sequence.next_by_code("culture.beneficiary")
            vals["last_contact_date"] = vals.setdefault("opened_date", today)
        self._check_in_office(vals_list)
        self._check_not_elsewhere(vals_list)
        people = super().create(vals_list)
        people._give_referent_access()
        return people

    def write(self, vals):
        if vals.keys() & {"reference", "last_contact_date"} and not self.env.su:
            raise AccessError(
                self.env._("File number, last contact: the application fills these.")
            )
        if "structure_id" in vals:
            self._check_may_move()
        if "referent_id" in vals:
            self._check_may_assign()
            self._check_in_office([vals])
        result = super().write(vals)
        if "referent_id" in vals:
            self._give_referent_access()
            self._copy_down("referent_id", ["culture.registration"])
        if "opened_date" in vals:
            self._refresh_last_contact()
        if "structure_id" in vals:
            self.env["culture.access"]._forget_reach()
            self._copy_down("structure_id", COPYING_STRUCTURE)
        return result

    def copy_data(self, default=None):
        """A file is a person: there is no copy of it."""
        raise UserError(self.env._("A person has one file: it is not copied."))

    @api.constrains("birth_date")
    def _check_birth_date(self):
        today = fields.Date.context_today(self)
        for person in self.filtered("birth_date"):
            if not today - relativedelta(years=120) <= person.birth_date <= today:
                raise ValidationError(
                    self.env._(
                        "Date of birth: %(date)s is not possible. Correct it, or "
                        "leave it empty.",
                        date=person.birth_date,
                    )
                )

    @api.constrains("opened_date")
    def _check_opened_date(self):
        today = fields.Date.context_today(self)
        for person in self.filtered("opened_date"):
            if not 2000 <= person.opened_date.year or person.opened_date > today:
                raise ValidationError(
                    self.env._("File opened on: give a day that has come.")
                )

    @api.constrains("email")
    def _check_email(self):
        for person in self.filtered("email"):
            if "@" not in person.email.strip("@ "):
                raise ValidationError(
                    self.env._("E-mail: write an address such as name@example.org.")
                )

    @api.constrains("first_name", "last_name", "chosen_name")
    def _check_a_name(self):
        for person in self:
            names = (person.first_name, person.last_name, person.chosen_name)
            if any(len(name or "") > LONGEST_NAME for name in names):
                raise ValidationError(
                    self.env._("A name has %(n)s letters at most.", n=LONGEST_NAME)
                )
            if not any((name or "").strip() for name in names):
                raise ValidationError(
                    self.env._("Give at least a first name or a last name.")
                )


def digits(phone):
    """Digits of a phone number that tell numbers apart, whatever the writing.

    :param phone: number as typed, or False
    :return: its last nine digits
    """
    return "".join(c for c in phone or "" if c.isdigit())[-9:]
