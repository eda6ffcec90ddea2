from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.short_message import folded
from .culture_message_texts import DEFAULTS

NEUTRAL_SENDER = "Sorties"


class CultureSending(models.Model):
    """How persons are written to: by what name, from when on, at what hours.

    One row a company. Nothing in it says who invites: telephones and letter boxes are
    read by others.
    """

    _name = "culture.sending"
    _inherit = ["culture.guarded"]
    _description = "Sending of messages"
    _order = "company_id, id"

    name = fields.Char(
        string="Sender",
        required=True,
        default=NEUTRAL_SENDER,
        help="Shown as sender of the e-mails. Say nothing of who invites, or why.",
    )
    email_from = fields.Char(
        string="Sender’s address",
        help="The address that e-mails come from; empty, that of the mail server. "
        "It names no service: others read letter boxes.",
    )
    phone = fields.Char(
        string="Phone shown",
        help="Empty: that of the person’s structure.",
    )
    quiet_from = fields.Integer(string="Quiet from (hour)", required=True, default=20)
    quiet_to = fields.Integer(string="Quiet until (hour)", required=True, default=9)
    week_days = fields.Integer(
        string="Reminder before the day before (days)", required=True, default=7
    )
    open_days = fields.Integer(
        string="Open date (days before the end)", required=True, default=14
    )
    paused = fields.Boolean(
        string="In pause",
        help="No SMS and no e-mail leaves. What is to be said in person goes on.",
    )
    since = fields.Datetime(
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="Places confirmed before that moment get no confirmation any more.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )

    _company_once = models.UniqueIndex(
        "(company_id)", "The sending of this company is set up already."
    )
    _hours = models.Constraint(
        "CHECK (quiet_to BETWEEN 0 AND 12 AND quiet_from BETWEEN 13 AND 24)",
        "Quiet hours: from an hour after noon until an hour before noon.",
    )
    _days = models.Constraint(
        "CHECK (week_days BETWEEN 3 AND 30 AND open_days BETWEEN 4 AND 60)",
        "Days before: from 3 to 30; for an open date from 4 to 60.",
    )

    @api.depends("company_id")
    def _compute_display_name(self):
        for sending in self:
            sending.display_name = sending.name or NEUTRAL_SENDER

    @api.constrains("name", "email_from", "phone")
    def _check_sender(self):
        for sending in self:
            if sending.email_from and "@" not in sending.email_from:
                raise ValidationError(
                    self.env._("Sender’s address: an address has an @.")
                )
            if sending.phone and len(folded(sending.phone.strip())) > 20:
                raise ValidationError(self.env._("Phone shown: 20 characters at most."))

    @api.model
    def _set_up(self, companies):
        """Give each company its row, its texts, and what was told before as told.

        At install, at an update and for a new company; a company that has them is left
        alone. sudo: nobody creates these.

        :param companies: ``res.company``
        """
        sendings, messages = self.sudo(), self.env["culture.message"].sudo()
        for company in companies:
            if not sendings.search_count([("company_id", "=", company.id)], limit=1):
                sendings.create({"company_id": company.id})
                self.env["culture.reminder"]._take_over(company)
            have = messages.search([("company_id", "=", company.id)])
            have = set(have.mapped(lambda message: (message.kind, message.channel)))
            messages.create(
                [
                    {
                        "company_id": company.id,
                        "kind": kind,
                        "channel": channel,
                        "subject": subject,
                        "body": body,
                    }
                    for (kind, channel), (subject, body) in DEFAULTS.items()
                    if (kind, channel) not in have
                ]
            )

    @api.model
    def _of(self, company):
        """:return: the row of a company, as superuser"""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)


class ResCompany(models.Model):
    """A new company writes to its persons too."""

    _inherit = "res.company"

    def _culture_set_up(self):
        result = super()._culture_set_up()
        self.env["culture.sending"]._set_up(self)
        return result
