from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .culture_referent import FOLLOWED_STAGES
from .culture_registration_rules import MAJORITY, SEATED

LONGEST_NAME = 100


class CultureBeneficiary(models.Model):
    """A person accompanied. The file holds the identity itself.

    Every internal user reads every contact: the identity stands here, behind
    rules, and the CRM's contact is an optional link that nobody else sees. No
    chatter: a message stays readable after an access ends.
    """

    _name = "culture.beneficiary"
    _inherit = ["culture.reach", "mail.activity.mixin"]
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
    structure_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["culture.role"]._default_structure(),
        domain=[("is_culture_structure", "=", True)],
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
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

    _structure_recent = models.Index("(structure_id, id DESC)")
    _name_birth = models.Index(
        "(company_id, lower(last_name), lower(first_name), birth_date)"
    )
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

    def _refresh_last_contact(self):
        """Latest of the file's opening and the outings attended, in one UPDATE."""
        if not self:
            return
        self.flush_recordset(["opened_date"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE culture_beneficiary person
                   SET last_contact_date = GREATEST(
                        person.opened_date,
                        (SELECT max(line.attended_date)
                           FROM culture_registration line
                          WHERE line.beneficiary_id = person.id
                            AND line.state = 'attended'))
                 WHERE person.id = ANY(%s)
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["last_contact_date"], flush=False)

    @api.depends("registration_ids.state", "registration_ids.date_begin")
    @api.depends_context("lang", "tz")
    def _compute_outings(self):
        lines = self.env["culture.registration"].search_fetch(
            [("beneficiary_id", "in", self.ids), ("state", "in", SEATED)],
            ["beneficiary_id", "state", "date_begin", "date_end", "outing_id"],
            order="date_begin, id",
        )
        by_person = lines.grouped("beneficiary_id")
        now = fields.Datetime.now()
        for person in self:
            mine = by_person.get(person._origin, lines.browse())
            coming = mine.filtered(
                lambda line: (
                    line.state in ("offered", "confirmed") and line.date_end >= now
                )
            )
            following = coming[:1]
            person.outing_count = sum(line.state == "attended" for line in mine)
            person.first_outing = not person.outing_count
            person.next_registration_id = following
            person.next_outing_date = following.date_begin
            person.next_outing_label = bool(following) and self.env._(
                "%(when)s: %(outing)s",
                when=following.outing_id.when_label,
                outing=following.outing_id.name,
            )

    @api.depends("registration_ids.state", "registration_ids.reason_id")
    @api.depends_context("lang", "tz", "uid")
    def _compute_card_badge(self):
        lines = self.env["culture.registration"].search_fetch(
            [
                ("beneficiary_id", "in", self.ids),
                "|",
                ("state", "=", "offered"),
                "&",
                ("state", "=", "absent"),
                ("reason_id", "=", False),
            ],
            ["beneficiary_id", "state", "offer_expiry"],
            order="state desc, id",
        )
        by_person = lines.grouped("beneficiary_id")
        for person in self:
            line = by_person.get(person._origin, lines.browse())[:1]
            person.card_badge = bool(line) and line._card_badge()

    def _search_first_outing(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("registration_ids", "not any", [("state", "=", "attended")])

    @api.depends("referent_id")
    @api.depends_context("lang")
    def _compute_referent_warning(self):
        """Said while choosing, not a refusal: who else would follow the person?"""
        for person in self:
            card = person.referent_id.sudo()
            chosen = card != person._origin.referent_id
            over = card and card.caseload + int(chosen) > card.capacity
            person.referent_warning = bool(over) and self.env._(
                "%(referent)s follows %(caseload)s persons of %(capacity)s already. "
                "Confirm, or choose somebody available.",
                referent=card.name,
                caseload=card.caseload,
                capacity=card.capacity,
            )

    @api.depends("referent_id")
    def _compute_without_referent(self):
        for person in self:
            person.without_referent = (
                not person.sudo().referent_id.has_role
                and person.stage in FOLLOWED_STAGES
            )

    def _search_without_referent(self, operator, value):
        if operator != "in":
            return NotImplemented
        nobody = Domain("referent_id", "=", False) | Domain(
            "referent_id", "any", [("has_role", "=", False)]
        )
        return nobody & Domain("stage", "in", FOLLOWED_STAGES)

    @api.depends("first_name", "last_name", "birth_date")
    @api.depends_context("uid")
    def _compute_has_duplicate(self):
        doubles = self.search(Domain("id", "in", self.ids) & self._duplicate_domain())
        for person in self:
            person.has_duplicate = person in doubles

    def _search_has_duplicate(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._duplicate_domain()

    @api.model
    def _duplicate_domain(self):
        """Persons who share name and birth date with another one in reach."""
        visible = self._search([])
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """
                EXISTS (SELECT 1 FROM culture_beneficiary twin
                         WHERE twin.id IN %(visible)s AND twin.active
                           AND twin.id <> %(t)s.id
                           AND twin.company_id = %(t)s.company_id
                           AND lower(twin.last_name) = lower(%(t)s.last_name)
                           AND lower(twin.first_name) = lower(%(t)s.first_name)
                           AND twin.birth_date = %(t)s.birth_date)
                """,
                visible=visible.subselect(),
                t=SQL.identifier(alias),
            )
        )

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        today = fields.Date.context_today(self)
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            sequence = self.env["ir.sequence"].sudo().with_company(company)
            vals["reference"] = sequence.next_by_code("culture.beneficiary")
            vals["last_contact_date"] = vals.setdefault("opened_date", today)
        self._check_complete(vals_list)
        self._check_in_office(vals_list)
        people = super().create(vals_list)
        people._give_referent_access()
        return people

    def write(self, vals):
        if vals.keys() & {"reference", "last_contact_date"} and not self.env.su:
            raise AccessError(
                self.env._("File number, last contact: the application fills these.")
            )
        self._check_complete([vals])
        if "referent_id" in vals:
            self._check_may_assign()
            self._check_in_office([vals])
        result = super().write(vals)
        if "referent_id" in vals:
            self._give_referent_access()
            self._copy_to_registrations("referent_id")
        if "opened_date" in vals:
            self._refresh_last_contact()
        if "structure_id" in vals:
            self.env["culture.access"]._forget_reach()
            self._copy_to_registrations("structure_id")
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

    def _check_complete(self, vals_list):
        """Name what is missing before PostgreSQL does, which shows the row."""
        for name in ("structure_id", "company_id", "stage", "channel"):
            given = [vals[name] for vals in vals_list if name in vals]
            missing = not all(given)
            if not self and len(given) < len(vals_list):
                missing = missing or not self.default_get([name]).get(name)
            if missing:
                label = self._fields[name]._description_string(self.env)
                raise UserError(self.env._("%(field)s: fill it in.", field=label))

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

    def _check_may_assign(self):
        """Only a coordinator gives a file to another referent.

        A save that ends one's own access would raise half-way: a referent hands
        over by an act of its own.
        """
        if self.env.su:
            return
        coordinated = self.env["culture.role"]._structures("coordinator")
        if self.structure_id - coordinated:
            raise AccessError(
                self.env._(
                    "Only the coordination gives a file to another referent: talk "
                    "to it."
                )
            )

    def _check_in_office(self, vals_list):
        """Nobody is given to who is no referent today: the file would be nobody's."""
        ids = {vals["referent_id"] for vals in vals_list if vals.get("referent_id")}
        cards = self.env["culture.referent"].sudo().browse(ids)
        away = cards.filtered(lambda card: not card.has_role)
        if away and not self.env.su:
            raise UserError(
                self.env._(
                    "%(referent)s holds no role of referent today: choose somebody "
                    "else.",
                    referent=away[0].name,
                )
            )

    def _give_referent_access(self):
        """Open the referent's access row and end the former one at once.

        sudo: nobody writes access rows; this one follows from `referent_id`,
        which its writer had the right to set.
        """
        now = fields.Datetime.now()
        access = self.env["culture.access"].sudo()
        standing = access.search(
            [
                ("beneficiary_id", "in", self.ids),
                ("kind", "=", "referent"),
                ("date_end", "=", False),
            ]
        )
        kept = standing.filtered(
            lambda row: row.user_id == row.beneficiary_id.referent_id.user_id
        )
        (standing - kept).write({"date_end": now})
        standing.flush_recordset(["date_end"])
        access.create(
            [
                {
                    "beneficiary_id": person.id,
                    "user_id": person.referent_id.user_id.id,
                    "kind": "referent",
                    "date_start": now,
                }
                for person in (self - kept.beneficiary_id).sudo()
                if person.referent_id
            ]
        )
        (standing - kept)._pass_on_activities()

    def _copy_to_registrations(self, name):
        """Refresh what registrations copy from the person, in one UPDATE.

        sudo: children follow their parent, whoever may write the parent.
        """
        lines = self.env["culture.registration"].sudo()
        for value, people in self.sudo().grouped(name).items():
            lines.search([("beneficiary_id", "in", people.ids)]).write({name: value.id})


def digits(phone):
    """Digits of a phone number that tell numbers apart, whatever the writing.

    :param phone: number as typed, or False
    :return: its last nine digits
    """
    return "".join(c for c in phone or "" if c.isdigit())[-9:]
