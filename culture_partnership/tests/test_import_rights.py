from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .import_common import ImportCase


@tagged("post_install", "-at_install", "security")
class TestImportRights(ImportCase):
    """Who may import, and that an import stays its owner's."""

    def test_who_may_open_it(self):
        allowed = {
            "culture.import.people": (self.referent, self.coordinator),
            "culture.import.programme": (self.coordinator,),
        }
        users = (
            *(self.referent, self.coordinator, self.administrator),
            *(self.agent_relay, self.stranger),
        )
        for model, lawful in allowed.items():
            for user in users:
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(
                        self.env[model].with_user(user).has_access("create"),
                        user in lawful,
                    )

    def test_a_role_that_ended(self):
        """The group alone opens nothing: the row has to be in force at the import."""
        assistant = self._import("people", "people_windows.csv")
        self.env["culture.role"].search(
            [("user_id", "=", self.coordinator.id)]
        ).action_end_now()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            assistant.action_import()
        with self.assertRaises(AccessError):
            self._import("people", "people_windows.csv")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_another_ones_import(self):
        """Attack: a colleague's lines are neither read nor changed nor imported."""
        colleague = self._user("test_second_coordinator", "coordinator", self.north)
        mine = self._import("people", "people_windows.csv")
        theirs = mine.with_user(colleague)
        self.assertFalse(theirs.search([("id", "=", mine.id)]))
        lines = theirs.env["culture.import.people.line"]
        self.assertFalse(lines.search([("wizard_id", "=", mine.id)]))
        for act in (
            lambda: theirs.read(["summary"]),
            lambda: theirs.action_import(),
            lambda: theirs._report(),
            lambda: lines.browse(mine.line_ids.ids).read(["last_name"]),
            lambda: lines.browse(mine.line_ids.ids).write({"choice": "skip"}),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                act()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_attaching_to_a_file_out_of_reach(self):
        """Attack: a hidden file written into a line tells its name and is changed."""
        hidden = self._person("Ada", self.far_card)
        visible = self._person("Bob", phone="0612345678")
        assistant = self._import("people", "Nom;Téléphone\nTest;0612345678\n")
        line = assistant.line_ids
        self.assertEqual(line.match_ids, visible)
        for vals in (
            {"beneficiary_id": hidden.id, "choice": "attach"},
            {"match_ids": [Command.set(hidden.ids)]},
            {"match_ids": [Command.link(hidden.id)]},
        ):
            with self.assertRaises(AccessError):
                line.write(vals)
            with self.assertRaises(AccessError):
                line.create({"wizard_id": assistant.id, **vals})
        with self.assertRaises(AccessError):
            assistant.write({"choice_line_ids": [Command.update(line.id, vals)]})
        shown = {"beneficiary_id": {"fields": {"display_name": {}}}}
        with self.assertRaises(AccessError):
            line.onchange({"beneficiary_id": hidden.id}, ["beneficiary_id"], shown)
        # a file in reach, but not one that the line looks like
        other = self._person("Chen")
        line.write({"beneficiary_id": other.id, "choice": "attach"})
        assistant.action_import()
        self.assertEqual(assistant.state, "check")
        self.assertEqual(line.result, "error")
        self.assertFalse(other.phone)

    def test_two_companies(self):
        """A coordinator of here, with both companies selected, imports here."""
        company, user, person = self._second_company()
        self.coordinator.sudo().company_ids = [Command.link(company.id)]
        both = self.env["culture.import.people"].with_user(self.coordinator)
        both = both.with_context(allowed_company_ids=[self.company.id, company.id])
        self.assertEqual(both._structures(), self.north)
        assistant = self._import("people", "people_windows.csv")
        self.assertEqual(assistant.company_id, self.company)

    def test_the_sources_of_an_outing(self):
        """What an outing keeps of its source is the coordination's."""
        fields = self.env["culture.outing"].with_user(self.referent).fields_get()
        for name in ("source_values", "source_modified", "source_venue"):
            self.assertNotIn(name, fields)


@tagged("post_install", "-at_install", "security")
class TestImportDownloads(HttpCase, ImportCase):
    """The template and the report, over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.coordinator, cls.referent, cls.stranger):
            user.password = user.login

    def _get(self, user, path):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/culture/import/{path}")

    def test_templates(self):
        response = self._get(self.coordinator, "template/people")
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith("\ufeffNom;Prénom;".encode()))
        self.assertIn("attachment", response.headers["Content-Disposition"])
        response = self._get(self.coordinator, "template/programme")
        self.assertTrue(response.content.startswith("\ufeffSortie;Date;".encode()))
        self.assertEqual(self._get(self.coordinator, "template/x").status_code, 404)

    def test_templates_are_for_who_imports(self):
        for user, kind, status in (
            (self.referent, "people", 200),
            (self.referent, "programme", 404),
            (self.stranger, "people", 404),
        ):
            with self.subTest(user=user.login, kind=kind):
                self.assertEqual(
                    self._get(user, f"template/{kind}").status_code, status
                )

    def test_report(self):
        assistant = self._import("people", "people_garbage.csv")
        path = f"report/people/{assistant.id}"
        response = self._get(self.coordinator, path)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertIn("'=cmd|' /C calc'!A0", response.content.decode())
        # another one's and an absent one answer alike
        self.assertEqual(self._get(self.referent, path).status_code, 404)
        self.assertEqual(self._get(self.stranger, path).status_code, 404)
        self.assertEqual(
            self._get(self.coordinator, "report/people/999999999").status_code, 404
        )
        self.assertEqual(
            self._get(self.coordinator, f"report/programme/{assistant.id}").status_code,
            404,
        )

    def test_anonymous(self):
        self.authenticate(None, None)
        response = self.url_open("/culture/import/template/people")
        self.assertIn("/web/login", response.url)
