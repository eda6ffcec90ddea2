from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .portal_common import SECRET, PortalCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
REPORT = "culture_partnership.culture_outing_report_entry_list"


@tagged("post_install", "-at_install", "security")
class TestEntryList(PortalCase):
    """The venue's list: as little as the entrance needs, for who may send it."""

    def _entry(self, outing, user=None):
        return outing.with_user(user or self.coordinator)._entry_list()

    def test_names_places_and_needs(self):
        need = self.env["culture.access.need"].search([], limit=1)
        outing = self._escorted(-24)
        self._expected(outing, "Ada", access_need_ids=[Command.set(need.ids)])
        self._expected(outing, "Blaise", agrees=False)
        self._expected(outing, "Chen").action_cancel()
        self.env["culture.registration"].create(
            {"outing_id": outing.id, "group_label": "Shelter", "adults": 3}
        )
        entry = self._entry(outing)
        rows = [(row["name"], row["seats"], row["needs"]) for row in entry["rows"]]
        self.assertEqual(
            rows, [("Ada", 1, [need.name]), ("No. 2", 1, []), ("No. 4", 3, [])]
        )
        self.assertEqual(entry["count"], "Invitations: 3. Places: 5.")

    def test_it_is_the_relay_s_list(self):
        """One projection for both: what one must not see, the other does not."""
        outing = self._escorted()
        for agrees in (True, False):
            self._expected(outing, agrees=agrees)
        relay = self._relay()._page(outing.id)["list"]["rows"]
        venue = self._entry(outing)["rows"]
        seen = ("name", "seats", "needs", "number")
        self.assertEqual(
            [[row[name] for name in seen] for row in relay],
            [[row[name] for name in seen] for row in venue],
        )

    def test_only_who_may_change_the_outing(self):
        outing = self._escorted(-24)
        self._expected(outing)
        for user in (self.coordinator, self.referent):
            self.assertTrue(self._entry(outing, user)["rows"])
        for user in (
            self.colleague,
            self.far_referent,
            self.far_coordinator,
            self.administrator,
            self.agent_relay,
            self.stranger,
            self.volunteer,
            self.manager,
            self.env.ref("base.public_user"),
        ):
            for act in ("_entry_list", "_entry_csv", "action_entry_csv"):
                with (
                    self.subTest(user=user.login, act=act),
                    self.assertRaises(AccessError),
                    mute_logger(*QUIET),
                ):
                    getattr(outing.with_user(user), act)()

    def test_an_ended_role_gets_none(self):
        outing = self._escorted(-24)
        role = self.env["culture.role"].search([("user_id", "=", self.coordinator.id)])
        role.action_end_now()
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self._entry(outing)

    def test_cells_are_no_formulas(self):
        self.convention.identity_level = "full_name"
        outing = self._escorted(-24)
        person = self._expected(outing).beneficiary_id
        self.env.cr.execute(
            "UPDATE culture_beneficiary SET first_name = '=1+1' WHERE id = %s",
            [person.id],
        )
        person.invalidate_recordset()
        text = outing.with_user(self.coordinator)._entry_csv().decode("utf-8-sig")
        self.assertIn(f"'=1+1 {SECRET};1;", text)

    def test_the_paper_says_nothing_else(self):
        outing = self._escorted(-24)
        self._expected(outing, "Ada")
        reports = self.env["ir.actions.report"].with_user(self.coordinator)
        content, __ = reports._render_qweb_html(REPORT, outing.ids)
        text = content.decode()
        self.assertIn("Invitations", text)
        self.assertIn("Ada", text)
        for secret in (SECRET, self.company.name, self.convention.name, "eneficiar"):
            self.assertNotIn(secret, text)

    @mute_logger(*QUIET)
    def test_the_paper_is_refused_to_others(self):
        outing = self._escorted(-24)
        for user in (self.colleague, self.stranger, self.volunteer):
            reports = self.env["ir.actions.report"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                reports._render_qweb_html(REPORT, outing.ids)


@tagged("post_install", "-at_install", "security")
class TestEntryListHttp(HttpCase, PortalCase):
    @mute_logger(*QUIET)
    def test_the_file_for_the_organiser_only(self):
        outing = self._escorted(-24)
        self._expected(outing, "Ada")
        path = f"/culture/outing/{outing.id}/invitations.csv"
        answer = self._get(path, "test_coordinator")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Ada", answer.text)
        self.assertNotIn(SECRET, answer.text)
        for login in ("test_colleague", "test_stranger", "test_volunteer"):
            for number in (outing.id, 10**8, 10**30):
                other = f"/culture/outing/{number}/invitations.csv"
                self.assertEqual(self._get(other, login).status_code, 404)
