from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

RENEWAL_NOTICE = timedelta(days=60)
GIVEN_STATES = ("published", "closed", "done")
"""Of outings that take place, or did."""


class CultureRelay(models.Model):
    """Who opens the door to culture: a volunteer, a mediator or an agent."""

    _name = "culture.relay"
    _inherit = ["culture.trainee"]
    _description = "Cultural relay"
    _order = "name, id"

    _any_structure_for = frozenset({"administrator"})

    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_company", "=", False), ("parent_id", "=", False)],
    )
    name = fields.Char(
        compute="_compute_name", store=True, precompute=True, compute_sudo=True
    )
    structure_id = fields.Many2one(
        "res.partner",
        string="Organisation",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_culture_structure", "=", True)],
    )
    user_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    discipline_ids = fields.Many2many("culture.discipline")
    language_ids = fields.Many2many(
        "res.lang",
        string="Languages",
        context={"active_test": False},
    )
    trained_until = fields.Date(
        string="Training valid until",
        compute="_compute_trained_until",
        store=True,
        compute_sudo=True,
        help="Follows from the trainings. Who escorts is trained on the outing's date.",
    )
    training_status = fields.Selection(
        [
            ("valid", "Valid"),
            ("expiring", "To renew"),
            ("none", "To follow"),
        ],
        compute="_compute_training_status",
        search="_search_training_status",
    )
    last_activity_date = fields.Date(
        string="Last activity", compute="_compute_last_activity_date", compute_sudo=True
    )
    outing_ids = fields.Many2many(
        "culture.outing",
        "culture_outing_escort_rel",
        "relay_id",
        "outing_id",
        string="Outings escorted",
    )
    active = fields.Boolean(default=True)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_outings_untouched(vals)
            self._check_training_untouched(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_outings_untouched(vals)
        self._check_training_untouched(vals)
        return super().write(vals)

    def _check_outings_untouched(self, vals):
        """Escorts are given on the outing, where training and dates are checked."""
        if "outing_ids" in vals or "default_outing_ids" in self.env.context:
            raise UserError(
                self.env._("Escorts are chosen on the outing, not on the relay.")
            )

    @api.depends("partner_id.name")
    def _compute_name(self):
        for relay in self:
            relay.name = relay.partner_id.name

    @api.depends("trained_until")
    def _compute_training_status(self):
        today = fields.Date.context_today(self)
        for relay in self:
            if not relay.trained_until or relay.trained_until < today:
                relay.training_status = "none"
            elif relay.trained_until <= today + RENEWAL_NOTICE:
                relay.training_status = "expiring"
            else:
                relay.training_status = "valid"

    def _search_training_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        valid = Domain("trained_until", ">", today + RENEWAL_NOTICE)
        none = Domain("trained_until", "=", False) | Domain("trained_until", "<", today)
        domains = {"valid": valid, "none": none, "expiring": ~valid & ~none}
        return Domain.OR(domains[status] for status in value if status in domains)

    @api.depends("outing_ids.date_begin", "outing_ids.state")
    def _compute_last_activity_date(self):
        now = fields.Datetime.now()
        for relay in self:
            past = relay.outing_ids.filtered(
                lambda o: (
                    o.date_begin and o.date_begin <= now and o.state in GIVEN_STATES
                )
            )
            latest = max(past.mapped("date_begin"), default=False)
            relay.last_activity_date = relay.company_id._culture_day(latest)

    @api.constrains("partner_id")
    def _check_partner_alone(self):
        """A portal user reads the siblings of his company: a relay has none."""
        for relay in self:
            if relay.sudo().partner_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "%(relay)s belongs to a company in the contacts: remove that "
                        "link, the organisation is said here.",
                        relay=relay.name,
                    )
                )

    def _has_convention_on(self, day):
        """Whether a relay of a partner organisation has a convention that day (I7).

        :param day: date of the outing
        :return: bool; an agent of the CCAS itself needs none
        """
        self.ensure_one()
        return bool(self._with_convention_on(day))

    def _with_convention_on(self, day):
        """Those of these relays who may escort that day by their organisation (I7).

        :param day: date of the outing
        :return: ``culture.relay``
        """
        # sudo: whether there is one, nothing of it
        conventions = self.env["culture.convention"].sudo()
        conventions = conventions.search(
            [
                ("partner_id", "in", self.structure_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        covered = {
            (convention.partner_id, convention.company_id)
            for convention in conventions
            if convention._in_force(day)
        }
        return self.filtered(
            lambda relay: (
                relay._is_of_the_company()
                or (relay.structure_id.sudo(), relay.company_id.sudo()) in covered
            )
        )

    def _is_of_the_company(self):
        """Whether the relay is an agent: of a structure of the CCAS itself."""
        organisation = self.structure_id.sudo()
        while organisation and organisation != self.company_id.partner_id:
            organisation = organisation.parent_id
        return bool(organisation)

    def _partner_organisation(self):
        """The organisation whose convention binds this relay.

        :return: ``res.partner``, empty for an agent of the CCAS itself
        """
        self.ensure_one()
        # sudo: under which structure an organisation stands, nothing of it
        structure = self.structure_id.sudo()
        return structure.browse() if self._is_of_the_company() else structure
