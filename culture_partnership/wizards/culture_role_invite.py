import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.dialogs import notice

EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`|~-]{1,64}@[\w-]+(\.[\w-]+)+", re.ASCII)
EMAIL_LENGTH = 254
NAME_LENGTH = 100
NOT_IN_A_NAME = re.compile(r"[<>@{}\[\]\\/]|www\.", re.IGNORECASE)


class CultureRoleInvite(models.TransientModel):
    """Give a role to somebody outside, who gets an access to the portal.

    Who administers roles is no administrator of the host: the contact, the account
    and its invitation are made as superuser, once the structure is checked, with the
    values named here and no others.
    """

    _name = "culture.role.invite"
    _inherit = ["culture.links"]
    _description = "Invite to the portal"

    partner_id = fields.Many2one(
        "res.partner",
        string="Structure",
        required=True,
        ondelete="cascade",
        domain=[("is_culture_structure", "=", True)],
    )
    name = fields.Char(string="First name and last name")
    email = fields.Char(required=True)
    role = fields.Selection(
        [
            ("relay", "Cultural relay"),
            ("partner_manager", "Partner manager"),
            ("observer", "Observation"),
        ],
        required=True,
    )
    description = fields.Text(string="What it opens", compute="_compute_description")
    first_day = fields.Date(
        string="Starting on", required=True, default=fields.Date.context_today
    )
    last_day = fields.Date()
    effect = fields.Text(compute="_compute_effect")
    account_known = fields.Boolean(compute="_compute_effect")

    @api.depends("role")
    @api.depends_context("lang")
    def _compute_description(self):
        roles = self.env["culture.role"]
        for invitation in self:
            invitation.description = roles.new({"role": invitation.role}).description

    @api.depends("email", "role", "partner_id")
    @api.depends_context("uid", "lang")
    def _compute_effect(self):
        """What will happen; only to who may invite there: it tells of accounts."""
        for invitation in self:
            invitation.account_known = False
            invitation.effect = False
            email = (invitation.email or "").strip().lower()
            if not (EMAIL.fullmatch(email) and invitation._is_in_scope()):
                continue
            user = invitation._account(email)
            invitation.account_known = bool(user)
            if user and not invitation._is_to_invite(user):
                invitation.effect = self.env._(
                    "This e-mail has an account: %(user)s. The role is given to it, no "
                    "invitation leaves.",
                    user=user.name,
                )
            else:
                invitation.effect = self.env._(
                    "%(email)s will receive a link to create their access to the "
                    "portal.",
                    email=email,
                )

    # ------------------------------------------------------------------- inviting

    def action_invite(self):
        """Give the role, with an account and an invitation when there is none.

        :return: an action: says what was done and closes the dialog
        :raise AccessError: outside the structures that the user administers
        :raise UserError: when a field cannot be, or the account cannot hold the role
        """
        self.ensure_one()
        if not self._is_in_scope():
            raise self.env["culture.role"]._out_of_scope_error()
        email = self._plain_email()
        user = self._account(email) or self._open_account(self._plain_name(), email)
        self._check_account(user)
        self.env["culture.role"].create(
            {
                "partner_id": self.partner_id.id,
                "user_id": user.id,
                "role": self.role,
                "company_id": self.env.company.id,
                "first_day": self.first_day,
                "last_day": self.last_day,
            }
        )
        if self.role == "relay":
            self._open_relay_card(user)
        kind, message = "success", self.env._("The role is given.")
        if self._is_to_invite(user):
            if self._send_invitation(user):
                message = self.env._("The invitation is sent to %(to)s.", to=email)
            else:
                kind = "danger"
                message = self.env._(
                    "The role is given, but the invitation could not be sent. Have "
                    "the outgoing mail of Odoo checked, then end this role and invite "
                    "again."
                )
        return notice(message, kind, sticky=kind == "danger")

    def _is_in_scope(self):
        mine = self.env["culture.role"]._structures(
            "administrator", company=self.env.company
        )
        return self.partner_id in mine

    def _plain_email(self):
        email = (self.email or "").strip().lower()
        if len(email) > EMAIL_LENGTH or not EMAIL.fullmatch(email):
            raise UserError(
                self.env._("E-mail: write one address, such as name@example.org.")
            )
        return email

    def _plain_name(self):
        name = (self.name or "").strip()
        if (
            not name
            or len(name) > NAME_LENGTH
            or not name.isprintable()
            or NOT_IN_A_NAME.search(name)
        ):
            raise UserError(
                self.env._("First and last name: write them in letters, nothing else.")
            )
        return name

    # -------------------------------------------------------------------- accounts

    @api.model
    def _account(self, email):
        """The account of an e-mail, closed ones included, as superuser.

        A portal user changes the e-mail of the own contact: only an agent is found
        by it, or somebody would get what is meant for another.

        :param email: one address in lower case
        :return: ``res.users``, empty when there is none
        """
        users = self.env["res.users"].sudo().with_context(active_test=False)
        account = users.search([("login", "=ilike", like(email))], limit=1)
        return account or users.search(
            [("email_normalized", "=", email), ("share", "=", False)], limit=1
        )

    def _check_account(self, user):
        """An account of somebody else's world is not opened from here."""
        foreign = self.env.company not in user.company_ids
        if not user.active or foreign or not (user._is_internal() or user._is_portal()):
            raise UserError(
                self.env._(
                    "E-mail: no role can be given to this address from here. Talk to "
                    "who administers Odoo."
                )
            )

    @api.model
    def _is_to_invite(self, user):
        """Whether a portal account has never been opened."""
        return not user or (user._is_portal() and not user.login_date)

    @api.model
    def _open_account(self, name, email):
        """A contact that stands under nobody, and its portal account.

        The context is left behind: its defaults would be written as superuser.
        """
        env = self.env(su=True, context={"no_reset_password": True})
        partner = env["res.partner"].create(
            {"name": name, "email": email, "lang": self.env.user.lang}
        )
        return env["res.users"].create(
            {
                "partner_id": partner.id,
                "login": email,
                "company_id": self.env.company.id,
                "company_ids": [Command.set(self.env.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )

    @api.model
    def _send_invitation(self, user):
        """The host's own invitation to the portal, in the language of the account.

        :return: whether it left; the host keeps what did not
        """
        env = self.env(su=True, context={})
        assistant = env["portal.wizard"].create(
            {"partner_ids": [Command.set(user.partner_id.ids)]}
        )
        kept = [
            ("model", "=", "res.users"),
            ("res_id", "=", user.id),
            ("state", "=", "exception"),
        ]
        before = env["mail.mail"].search(kept)
        assistant.user_ids.action_invite_again()
        return not env["mail.mail"].search(kept) - before

    def _open_relay_card(self, user):
        """A card of relay for who has none: without, no outing is entrusted."""
        cards = self.env["culture.relay"].with_context(active_test=False)
        known = [
            ("partner_id", "=", user.partner_id.id),
            ("company_id", "=", self.env.company.id),
        ]
        if not cards.search_count(known, limit=1):
            cards.create(
                {
                    "partner_id": user.partner_id.id,
                    "structure_id": self.partner_id.id,
                    "user_id": user.id,
                    "company_id": self.env.company.id,
                }
            )


def like(text):
    """A text as a pattern that finds it alone."""
    return re.sub(r"([\\%_])", r"\\\1", text)
