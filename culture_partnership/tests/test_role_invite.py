from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models.mail_mail import MailMail

from .common import CultureCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install", "security")
class TestInvite(CultureCase):
    """An account of the portal by who administers roles, and nothing beyond."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(MailMail, "send", autospec=True))
        cls.local = cls._user("test_local", "administrator", cls.north)
        cls.portal = new_test_user(
            cls.env, "known@example.org", groups="base.group_portal"
        )

    def _invite(self, user=None, structure=None, context=None, **vals):
        assistants = self.env["culture.role.invite"].with_user(
            user or self.administrator
        )
        assistants = assistants.with_context(**(context or {}))
        invitation = assistants.create(
            {
                "partner_id": (structure or self.association).id,
                "name": "Rosa Relay",
                "email": "rosa@example.org",
                "role": "relay",
                **vals,
            }
        )
        invitation.action_invite()
        return self.env["culture.role"].search([], order="id desc", limit=1)

    def test_a_new_account(self):
        role = self._invite(last_day="2090-06-30")
        user = role.user_id
        self.assertEqual(user.login, "rosa@example.org")
        self.assertEqual(user.group_ids, self.env.ref("base.group_portal"))
        self.assertEqual(user.company_ids, self.company)
        self.assertFalse(user.partner_id.parent_id)
        self.assertEqual(user.lang, self.administrator.lang)
        self.assertEqual(str(role.last_day), "2090-06-30")
        self.assertEqual((role.role, role.partner_id), ("relay", self.association))
        card = self.env["culture.relay"].search([("user_id", "=", user.id)])
        self.assertEqual(card.structure_id, self.association)
        mail = self.env["mail.mail"].search(
            [("model", "=", "res.users"), ("res_id", "=", user.id)]
        )
        self.assertEqual(len(mail), 1)

    def test_an_account_that_exists_is_used(self):
        for email in ("known@example.org", " KNOWN@example.org "):
            invitation = self.env["culture.role.invite"].with_user(self.administrator)
            seen = invitation.new({"partner_id": self.association, "email": email})
            self.assertTrue(seen.account_known)
        role = self._invite(email="Known@Example.org", name=False, role="observer")
        self.assertEqual(role.user_id, self.portal)
        with self.assertRefused("held there already"):
            self._invite(email="known@example.org", role="observer")
        self._invite(email="known@example.org", role="relay")
        self._invite(email="known@example.org", role="relay", structure=self.north)
        cards = self.env["culture.relay"].search([("user_id", "=", self.portal.id)])
        self.assertEqual(len(cards), 1)

    def test_an_agent_is_relay_only(self):
        self.stranger.email = "agent@example.org"
        role = self._invite(email="agent@example.org", structure=self.north)
        self.assertEqual(role.user_id, self.stranger)
        for code in ("observer", "partner_manager"):
            with self.assertRefused("cannot hold this role"):
                self._invite(email="agent@example.org", role=code)

    def test_an_email_written_by_a_portal_user_catches_nothing(self):
        """Threat: who changes the own e-mail gets the role meant for another."""
        self.portal.partner_id.email = "rosa@example.org"
        role = self._invite()
        self.assertNotEqual(role.user_id, self.portal)
        self.assertEqual(role.user_id.login, "rosa@example.org")

    def test_closed_and_foreign_accounts_stay_so(self):
        company, foreign, _person = self._second_company()
        foreign.login = "foreign@example.org"
        self.portal.active = False
        for email in ("foreign@example.org", "known@example.org"):
            with self.assertRefused("who administers Odoo"):
                self._invite(email=email)
        self.assertFalse(self.portal.active)
        self.assertEqual(foreign.company_ids, company)

    def test_garbage(self):
        for email in (
            "rosa",
            "rosa@example",
            "a@example.org, b@example.org",
            "a@example.org\nBcc: b@example.org",
            "Rosa <rosa@example.org>",
            "<script>@example.org",
            "%@example.org%",
            "é@example.org",
            f"{'x' * 300}@example.org",
            "   ",
        ):
            with self.subTest(email=email), self.assertRefused("E-mail: write one"):
                self._invite(email=email)
        for name in (
            False,
            "  ",
            "Rosa\nBcc: b@example.org",
            "<b>Rosa</b>",
            "{{ object.password }}",
            "win at https://example.org",
            "see www.example.org",
            "x" * 101,
        ):
            with self.subTest(name=name), self.assertRefused("First and last name"):
                self._invite(name=name)
        with self.assertRefused("check this day"):
            self._invite(last_day="9998-01-01")
        with self.assertRefused("not started by then"):
            self._invite(first_day="2090-01-02", last_day="2090-01-01")
        count = self.env["res.users"].search_count([("login", "=ilike", "%rosa%")])
        self.assertEqual(count, 0)

    def test_a_pattern_is_a_text(self):
        role = self._invite(email="kn_wn@example.org")
        self.assertNotEqual(role.user_id, self.portal)

    @mute_logger(*QUIET)
    def test_outside_ones_scope(self):
        for user, structure in (
            (self.local, self.south),
            (self.local, self.association),
            (self.coordinator, self.north),
            (self.stranger, self.north),
            (self.administrator, self.venue),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._invite(user, structure)
        self.assertTrue(self._invite(self.local, self.north))

    @mute_logger(*QUIET)
    def test_whether_an_account_exists_is_not_told(self):
        """Threat: a form without rights says which addresses have an account."""
        values = {"email": "known@example.org", "partner_id": self.north.id}
        spec = {"effect": {}, "account_known": {}}
        for user in (self.stranger, self.coordinator, self.portal):
            assistants = self.env["culture.role.invite"].with_user(user)
            try:
                answer = assistants.onchange(dict(values), ["email"], spec)
            except UserError:
                continue
            self.assertFalse(answer["value"].get("account_known"))
            self.assertNotIn(self.portal.name, str(answer["value"].get("effect")))

    def test_the_callers_context_is_left_behind(self):
        """Threat: defaults of a context are written as superuser."""
        system = self.env.ref("base.group_system")
        role = self._invite(
            context={
                "default_group_ids": [Command.link(system.id)],
                "default_parent_id": self.association.id,
                "default_is_company": True,
                "default_is_culture_structure": True,
                "default_company_ids": [],
                "default_password": "known",
            }
        )
        user = role.user_id
        self.assertEqual(user.group_ids, self.env.ref("base.group_portal"))
        partner = user.partner_id
        self.assertFalse(partner.parent_id or partner.is_company)
        self.assertFalse(partner.is_culture_structure)
        self.env.flush_all()
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        self.assertFalse(self.env.cr.fetchone()[0])
