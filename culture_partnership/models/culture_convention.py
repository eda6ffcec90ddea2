from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

RETURN_DAYS = 10
"""Before the outing: what is left of a quota then is common."""


class CultureConvention(models.Model):
    """An agreement with a partner organisation: it governs, not only dates."""

    _name = "culture.convention"
    _inherit = ["culture.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "Convention"
    _order = "date_end desc, id desc"

    name = fields.Char(required=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_company", "=", True)],
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    project_referent_id = fields.Many2one(
        "res.users",
        string="Project referent",
        ondelete="restrict",
        tracking=True,
        help="Who carries the project at the CCAS: without, nothing is signed.",
    )
    date_signature = fields.Date(string="Signed on", tracking=True)
    date_start = fields.Date(string="From", tracking=True)
    date_end = fields.Date(string="To", tracking=True, help="Last day included.")
    notice_days = fields.Integer(string="Alert before the end (days)", default=90)
    seat_quota = fields.Integer(string="Places a season")
    quota_return_days = fields.Integer(
        string="Return of the quotas (days before)",
        required=True,
        default=RETURN_DAYS,
        help="What a structure has not taken of its quota by then is common.",
    )
    identity_level = fields.Selection(
        [
            ("number", "A number"),
            ("first_name", "The first name"),
            ("full_name", "First and last name"),
        ],
        string="What relay and venue may see",
        required=True,
        default="number",
        tracking=True,
        help="A name is shown only with the person's agreement; otherwise a number "
        "that means nothing outside the outing.",
    )
    share_access_needs = fields.Boolean(string="Pass on access needs", tracking=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_sign", "To sign"),
            ("active", "In force"),
            ("to_renew", "To renew"),
            ("expired", "Expired"),
            ("terminated", "Terminated"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand="_expand_states",
    )
    outing_ids = fields.One2many("culture.outing", "convention_id")
    active = fields.Boolean(default=True)

    _dates_order = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A convention cannot end before it starts.",
    )
    _signed_with_referent = models.Constraint(
        "CHECK (state IN ('draft', 'to_sign', 'terminated')"
        " OR project_referent_id IS NOT NULL)",
        "To sign, name the project referent.",
    )
    _quota_positive = models.Constraint(
        "CHECK (seat_quota >= 0 AND notice_days >= 0)",
        "Places and days cannot be negative.",
    )
    _return_days = models.Constraint(
        "CHECK (quota_return_days BETWEEN 0 AND 365)",
        "Return of the quotas: between 0 and 365 days before.",
    )

    @api.model
    def _expand_states(self, states, domain):
        return [code for code, __ in self._fields["state"].selection]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_state_untouched(vals)
        return super(
            CultureConvention, self.with_context(default_state="draft")
        ).create(vals_list)

    def write(self, vals):
        self._check_state_untouched(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(convention.state != "draft" for convention in self):
            raise UserError(
                self.env._("Only a draft is deleted: terminate the convention instead.")
            )

    def _check_state_untouched(self, vals):
        if vals.get("state", "draft") != "draft" or (self and "state" in vals):
            raise UserError(
                self.env._("The status changes by the buttons of the convention.")
            )

    def _move_to(self, state):
        """Change the status below :meth:`write`, which refuses it from outside."""
        # pylint: disable=super-method-mismatch
        return super().write({"state": state})

    # ------------------------------------------------------------------ actions

    def action_send_for_signature(self):
        """Say that the text is agreed and waits for signatures."""
        self._check_state("draft")
        self._move_to("to_sign")

    def action_sign(self):
        """Put the convention in force.

        :raise UserError: without project referent, or without dates
        """
        self._check_state("draft", "to_sign")
        for convention in self:
            if not convention.project_referent_id:
                raise UserError(self.env._("To sign, name the project referent."))
            if not (convention.date_start and convention.date_end):
                raise UserError(
                    self.env._("To sign, give the first and the last day (From, To).")
                )
            if not convention.date_signature:
                convention.date_signature = convention._today()
        self._move_to("active")

    def action_terminate(self):
        """End the convention now: no new registration on its outings."""
        self._check_state("draft", "to_sign", "active", "to_renew")
        self._move_to("terminated")

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for convention in self:
            if convention.state not in states:
                raise UserError(
                    self.env._(
                        "%(convention)s is not in a state for this: %(state)s.",
                        convention=convention.name,
                        state=labels[convention.state],
                    )
                )

    # -------------------------------------------------------------- in force (I6)

    def _today(self):
        """The company's day: whoever asks, and in whatever time zone."""
        return self.company_id._culture_today()

    @api.model
    def _of_partner(self, partner, company):
        """Agreements with an organisation, whatever their state.

        sudo: they decide what is open to somebody who may not read them; callers give
        nothing of them out but what they name.

        :param partner: ``res.partner``
        :param company: ``res.company``
        :return: ``culture.convention`` records, as superuser
        """
        return self.sudo().search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )

    def _covers(self, day):
        """Whether a day is within the dates."""
        dates = self.date_start and self.date_end
        return bool(dates and self.date_start <= day <= self.date_end)

    def _in_force(self, day=None):
        """Whether the convention governs a day; its dates decide, no job does.

        :param day: date, the company's today by default
        :return: bool; an empty recordset is in force (nothing to respect)
        """
        if not self:
            return True
        self.ensure_one()
        standing = self.state in ("active", "to_renew")
        return standing and self._covers(day or self._today())

    def _check_in_force(self):
        """Refuse a new registration once the convention is over (I6)."""
        if self._in_force():
            return
        if self.state in ("draft", "to_sign"):
            raise UserError(
                self.env._(
                    "The convention with %(partner)s is not signed yet: no "
                    "registration before.",
                    partner=self.partner_id.name,
                )
            )
        raise UserError(
            self.env._(
                "The convention with %(partner)s ended on %(day)s: no new "
                "registration. Those that exist stay valid. Talk to the coordination.",
                partner=self.partner_id.name,
                day=format_date(self.env, self.date_end),
            )
        )
