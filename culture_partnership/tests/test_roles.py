from ast import literal_eval
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.culture_partnership.models.culture_role_words import OPERATIONS, WHOSE
from odoo.addons.culture_partnership.security.access_table import (
    ACCESS,
    ROLE_SUMMARIES,
)

from .common import CultureCase
from .world import WorldCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
NOW = "2026-03-10 10:00:00"


class RoleCase(CultureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = cls.env["culture.role"].with_user(cls.administrator)
        cls.agent = new_test_user(cls.env, "test_agent", groups="base.group_user")

    def _given(self, role="coordinator", user=None, structure=None, **vals):
        """A role given by the administrator, as the screen does."""
        return self.roles.create(
            {
                "user_id": (user or self.agent).id,
                "role": role,
                "partner_id": (structure or self.north).id,
                **vals,
            }
        )

    def _assistant(self, name, roles, user=None, **vals):
        action = getattr(roles.with_user(user or self.administrator), f"action_{name}")
        assistants = self.env[f"culture.role.{name}"].with_user(
            user or self.administrator
        )
        return assistants.with_context(**action()["context"]).create(vals)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRoleDays(RoleCase):
    """Days as people type them, and where a role stands in words."""

    def test_days_given_with_the_role(self):
        role = self._given(first_day="2026-03-20", last_day="2026-04-30")
        self.assertEqual(str(role.date_start), "2026-03-19 23:00:00")
        self.assertEqual(str(role.date_end), "2026-04-30 22:00:00")
        self.assertEqual((role.first_day, role.last_day), self._days(3, 20, 4, 30))

    def _days(self, month, day, last_month, last_day):
        return date(2026, month, day), date(2026, last_month, last_day)

    def test_the_screen_gives_the_same(self):
        form = Form(self.roles)
        form.user_id = self.agent
        form.partner_id = self.north
        form.role = "coordinator"
        form.first_day = "2026-03-20"
        form.last_day = "2026-04-30"
        role = form.save()
        self.assertEqual((role.first_day, role.last_day), self._days(3, 20, 4, 30))

    def test_status_in_words(self):
        words = {
            "2026-03-10": "Ends today",
            "2026-03-11": "Ends tomorrow",
            "2026-03-22": "Ends in 12 days",
            "2026-06-30": "In force",
            False: "In force",
        }
        role = self._given()
        for day, expected in words.items():
            role.last_day = day
            self.assertEqual(role.status_words, expected)
        role.sudo().date_start = "2025-01-01"
        for end, expected in (
            ("2026-02-28 23:00:00", "Ended on 28 February"),
            ("2025-06-30 22:00:00", "Ended on 30 June 2025"),
        ):
            role.sudo().date_end = end
            self.assertEqual(role.status_words, expected)
        later = self._given("referent", first_day="2026-04-01")
        self.assertEqual(later.status_words, "To come")
        later.action_end_now()
        self.assertEqual(later.status_words, "Cancelled before its start")

    def test_absurd_days_name_the_field(self):
        role = self._given()
        cases = (
            ({"last_day": "9999-12-31"}, "Last Day: check this day"),
            ({"last_day": "0001-01-01"}, "Last Day: check this day"),
            ({"last_day": "soon"}, "Last Day: check this day"),
            ({"last_day": 7}, "Last Day: check this day"),
            ({"last_day": [1]}, "Last Day: check this day"),
            ({"date_end": "9999-12-31 23:59:59"}, "Date End: check this day"),
            ({"date_end": {"a": 1}}, "Date End: check this day"),
            ({"last_day": "2026-03-09"}, "not started by then"),
        )
        for vals, pattern in cases:
            with self.subTest(vals=vals):
                with self.assertRefused(pattern):
                    role.write(vals)
                with self.assertRefused(pattern):
                    self._given("referent", **vals)
        role.sudo().date_start = "2026-01-01"
        with self.assertRefused("this day is over"):
            role.last_day = "2026-03-09"
        for vals, pattern in (
            ({"date_start": False}, "check this day"),
            ({"first_day": "x"}, "Starting on: check"),
            ({"first_day": "2026-05-01", "last_day": "2026-04-01"}, "not started by"),
            ({"role": "boss"}, "Role: choose one"),
            ({"role": 3}, "Role: choose one"),
        ):
            with self.subTest(vals=vals), self.assertRefused(pattern):
                self._given(**{"role": "referent", **vals})

    def test_nobody_holds_a_role_twice(self):
        self._given(last_day="2026-06-30")
        with self.assertRefused("held there already"):
            self._given(first_day="2026-06-30")
        self._given(first_day="2026-07-01", last_day="2026-07-31")
        with self.assertRefused("held there already"):
            self._given(first_day="2026-07-31")
        self._given(structure=self.south)
        self._given("referent")

    def test_ending_on_a_day(self):
        role = self._given()
        assistant = self._assistant("end", role, moment="day", last_day="2026-03-31")
        self.assertEqual(assistant.role_ids, role)
        self.assertEqual(assistant.effect, "On Tuesday 31 March 2026 at midnight.")
        assistant.action_end()
        self.assertEqual(role.last_day, date(2026, 3, 31))
        self.assertEqual(role.status, "ending")

    def test_ending_several_right_now(self):
        roles = self._given() | self._given("referent", first_day="2026-05-01")
        assistant = self._assistant("end", roles)
        self.assertIn("sessions are closed", assistant.effect)
        assistant.action_end()
        self.assertEqual(set(roles.mapped("status")), {"ended"})
        for moment, pattern in (("day", "Last day: choose"), ("now", "stays as it is")):
            assistant.moment = moment
            with self.assertRefused(pattern):
                assistant.action_end()

    def test_renewing(self):
        ending = self._given(last_day="2026-03-31")
        gone = self._given("referent")
        gone.sudo().write({"date_start": "2025-01-01", "date_end": "2026-01-31"})
        assistant = self._assistant("renew", ending | gone)
        self.assertEqual(assistant.last_day, date(2027, 3, 31))
        self.assertIn("begins anew", assistant.effect)
        assistant.action_renew()
        self.assertEqual(ending.last_day, date(2027, 3, 31))
        self.assertEqual(str(gone.date_end), "2026-01-31 00:00:00")
        anew = self.roles.search([("user_id", "=", self.agent.id)]) - ending - gone
        self.assertEqual((anew.role, anew.partner_id), ("referent", self.north))
        self.assertEqual(anew.date_start, fields.Datetime.now())
        self.assertEqual(anew.last_day, date(2027, 3, 31))
        with self.assertRefused("held there already"):
            self._assistant("renew", gone).action_renew()

    def test_renewing_without_end_and_into_the_past(self):
        role = self._given(last_day="2026-03-31")
        with self.assertRefused("not started by then"):
            self._assistant("renew", role, last_day="2026-03-01").action_renew()
        self._assistant("renew", role, last_day=False).action_renew()
        self.assertFalse(role.date_end)

    @mute_logger(*QUIET)
    def test_assistants_only_in_scope(self):
        local = self._user("test_local", "administrator", self.north)
        role = self._given(structure=self.south)
        for name in ("end", "renew"):
            with self.assertRaises(AccessError):
                self._assistant(name, role, user=local)
            assistants = self.env[f"culture.role.{name}"].with_user(local)
            with self.assertRaises(UserError):
                assistant = assistants.create({"role_ids": [Command.set(role.ids)]})
                getattr(assistant, f"action_{name}")()
        self.assertFalse(role.date_end)


@tagged("post_install", "-at_install")
class TestRoleScreens(RoleCase):
    """Lines of a structure and of a user, from either side."""

    def test_other_roles(self):
        role = self._given()
        self.assertFalse(role.other_roles)
        self._given("referent", structure=self.south)
        self._given("relay").action_end_now()
        role.invalidate_recordset()
        self.assertEqual(role.other_roles, "Social referent (Agency South)")
        local = self._user("test_local", "administrator", self.north)
        self.assertFalse(role.with_user(local).other_roles)

    def test_roles_of_another_company_are_not_shown(self):
        far_away, *_others = self._second_company()
        self.agent.company_ids += far_away
        self.administrator.company_ids += far_away
        elsewhere = self.env["culture.role"].create(
            {
                "user_id": self.agent.id,
                "role": "relay",
                "partner_id": self.association.id,
                "company_id": far_away.id,
            }
        )
        here = self._given("relay", structure=self.association)
        both = (self.company + far_away).ids
        seen = here.with_context(allowed_company_ids=both)
        self.assertFalse(seen.other_roles)
        partner = self.association.with_user(self.administrator)
        partner = partner.with_context(allowed_company_ids=both)
        self.assertEqual(partner.culture_standing_role_ids, here)
        for act in (
            lambda: elsewhere.with_env(partner.env).action_end_now(),
            lambda: elsewhere.with_env(partner.env).action_preview(),
        ):
            with self.assertRaises(UserError), mute_logger(*QUIET):
                act()

    def test_lines_of_a_structure_and_of_a_user(self):
        current = self._given()
        self._given("referent").action_end_now()
        for record in (self.north, self.agent):
            record = record.with_user(self.administrator)
            record.invalidate_recordset()
            self.assertIn(current, record.culture_standing_role_ids)
            self.assertNotIn("ended", record.culture_standing_role_ids.mapped("status"))
            self.assertEqual(len(record.culture_role_ids & current), 1)
        for user in (self.coordinator, self.referent, self.stranger):
            for record in (self.north, self.agent):
                with self.assertRaises(AccessError), mute_logger(*QUIET):
                    record.with_user(user).read(["culture_standing_role_ids"])

    @mute_logger(*QUIET)
    def test_no_role_by_the_other_side(self):
        """Threat: a role is given through the contact or the user."""
        local = self._user("test_local", "administrator", self.north)
        vals = {"user_id": local.id, "role": "coordinator"}
        for user in (local, self.coordinator, self.stranger):
            for record, extra in (
                (self.south, {}),
                (user, {"partner_id": self.south.id, "user_id": user.id}),
            ):
                for name in ("culture_role_ids", "culture_standing_role_ids"):
                    command = [Command.create({**vals, **extra})]
                    with self.assertRaises(UserError):
                        record.with_user(user).write({name: command})
                        self.env.flush_all()
            given = self.env["culture.role"].search(
                [("user_id", "=", user.id), ("partner_id", "=", self.south.id)]
            )
            self.assertFalse(given)
        for user in (self.coordinator, self.stranger, local):
            with self.assertRaises(UserError):
                self._given(structure=self.south).with_user(user).copy()
        roles = self.env["culture.role"].with_user(local)
        labels = [local.name, "administrator", self.south.name]
        result = roles.load(["user_id", "role", "partner_id"], [labels])
        self.assertFalse(result["ids"])

    def test_scope_follows_a_moved_structure(self):
        role = self._given(structure=self.north)
        person = self._person("Moved", self.far_card)
        person = person.with_user(self.agent)
        self.assertFalse(person.has_access("read"))
        self.south.with_user(self.administrator).parent_id = self.north
        self.assertTrue(person.has_access("read"))
        self.assertIn(self.south, role.sudo().scope_ids.structure_id)
        self.south.with_user(self.administrator).parent_id = self.ccas
        self.assertFalse(person.has_access("read"))


@tagged("post_install", "-at_install")
class TestRoleWords(CultureCase):
    """The words beside a role are the table of rights, nothing less or more."""

    def test_every_line_of_the_table_is_said(self):
        roles = self.env["culture.role"]
        labels = dict(roles._fields["role"]._description_selection(self.env))
        self.assertEqual(set(ROLE_SUMMARIES), set(labels))
        for code in labels:
            said = roles._rights_lines(code)
            html = str(roles.new({"role": code}).rights_html or "")
            for model, rights in ACCESS.items():
                name = roles._model_words(model)
                found = [
                    line for line in said if name in line.split(": ")[0].split(", ")
                ]
                with self.subTest(role=code, model=model):
                    if code not in rights:
                        self.assertFalse(found)
                        continue
                    self.assertEqual(len(found), 1)
                    self.assertIn(f"<li>{found[0]}</li>", html.replace("&#39;", "'"))
                    parts = found[0].split(": ")[1].split("; ")
                    told = {
                        letter: word
                        for part in parts
                        for word, whose in WHOSE.items()
                        if part.endswith(f" {whose._source}")
                        for letter, operation in OPERATIONS.items()
                        if operation._source
                        in part.removesuffix(f" {whose._source}").split(", ")
                    }
                    self.assertEqual(told, dict(rights[code]))


@tagged("post_install", "-at_install", "security")
class TestPreview(WorldCase):
    """What is said of somebody's rights is what they are; nothing moves."""

    def _preview(self, user, by=None):
        return (
            self.env["culture.role.preview"]
            .with_user(by or self.administrator)
            .create({"user_id": user.id})
        )

    def test_figures_and_answers_are_the_rights(self):
        for role, user in self.users.items():
            preview = self._preview(user)
            self.assertTrue(preview.has_role)
            self.assertTrue(preview.line_ids)
            screens = [*preview._screens(self.env(user=user))]
            pages = self.env["culture.portal"]._screens_of(user)
            on_portal = preview.line_ids[len(screens) :]
            self.assertEqual([(p.name, p.count) for p in on_portal], pages)
            self.assertEqual(bool(pages), role == "relay")
            for line, (menu, action) in zip(
                preview.line_ids[: len(screens)], screens, strict=True
            ):
                records = self.env[action.res_model].with_user(user)
                with self.subTest(role=role, screen=menu.name):
                    self.assertEqual(line.name, menu.name)
                    if action.res_model not in ACCESS:
                        continue
                    domain = literal_eval(action.domain or "[]")
                    self.assertEqual(line.count, records.search_count(domain))
                    rights = ACCESS[action.res_model][role]
                    for letter, name in (
                        ("c", "may_create"),
                        ("r", "may_read"),
                        ("u", "may_write"),
                        ("d", "may_unlink"),
                    ):
                        expected = {None: "no", "company": "yes"}.get(
                            rights.get(letter), "own"
                        )
                        self.assertEqual(line[name], expected)

    def test_a_portal_user_sees_pages_and_no_screen(self):
        manager = new_test_user(
            self.env, "test_preview_portal", groups="base.group_portal"
        )
        self._role(manager, "partner_manager", self.association)
        self.assertFalse(self._preview(manager).line_ids, "no convention in force")
        convention = self.env["culture.convention"].create(
            {
                "name": "In force",
                "partner_id": self.association.id,
                "project_referent_id": self.coordinator.id,
                "date_start": "2020-01-01",
                "date_end": "2090-12-31",
            }
        )
        convention.action_send_for_signature()
        convention.action_sign()
        lines = self._preview(manager).line_ids
        self.assertTrue(lines)
        self.assertEqual({*lines.mapped("may_read")}, {"own"})
        self.assertEqual({*lines.mapped("may_write")}, {"no"})

    def test_nothing_is_written_nor_shown(self):
        person = self.people["own"]
        roles = self.env["culture.role"].search([])
        before = roles.mapped("write_date")
        groups = self.referent.group_ids
        preview = self._preview(self.referent)
        self.assertEqual(roles.mapped("write_date"), before)
        self.assertEqual(self.referent.group_ids, groups)
        text = str(preview.read()) + str(preview.line_ids.read())
        self.assertNotIn(person.first_name, text)

    def test_only_who_administers_a_role_of_theirs(self):
        for user, by in (
            (self.far_referent, self.local_administrator),
            (self.stranger, self.administrator),
            (self.elsewhere_user, self.administrator),
            (self.referent, self.coordinator),
            (self.referent, self.stranger),
        ):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                self._preview(user, by)
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                user.with_user(by).action_culture_preview()
        for garbage in ("x", [10**9], False, 10**9, {"a": 1}):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                self.env["culture.role.preview"].with_user(self.administrator).create(
                    {"user_id": garbage}
                )
        self.assertTrue(self._preview(self.referent, self.local_administrator))

    def test_what_the_caller_gives_is_not_believed(self):
        preview = self.env["culture.role.preview"].with_user(self.administrator)
        preview = preview.create(
            {"user_id": self.referent.id, "has_role": False, "roles_words": "All"}
        )
        self.assertTrue(preview.has_role)
        self.assertIn("Social referent (Agency North)", preview.roles_words)

    def test_without_a_role_in_force(self):
        self.env["culture.role"].search(
            [("user_id", "=", self.referent.id)]
        ).action_end_now()
        preview = self._preview(self.referent)
        self.assertFalse(preview.has_role)
        self.assertFalse(preview.line_ids)

    def test_a_portal_role_is_told_in_words(self):
        portal = new_test_user(self.env, "test_portal", groups="base.group_portal")
        self._role(portal, "observer", self.association)
        preview = self._preview(portal)
        self.assertTrue(preview.has_role)
        self.assertIn("Observation (Culture for all)", preview.roles_words)
        self.assertFalse(preview.line_ids)


@tagged("post_install", "-at_install", "security")
class TestGroupsByHand(WorldCase):
    """A group without a row in force opens nothing, nowhere."""

    @mute_logger(*QUIET)
    def test_over_every_model_and_menu(self):
        groups = self.env["res.groups"].union(
            *(
                self.env.ref(f"culture_partnership.group_culture_partnership_{role}")
                for role in self.users
            )
        )
        self.stranger.group_ids += groups
        ended = self.env["culture.role"].search([("user_id", "=", self.colleague.id)])
        ended.write({"date_end": datetime.now() - timedelta(days=1)})
        self.colleague.group_ids += groups
        for user in (self.stranger, self.colleague):
            for model in ACCESS:
                records = self.env[model].with_user(user)
                place = self.at(model, "referent", "own").with_user(user)
                with self.subTest(model=model, user=user.login):
                    self.assertFalse(records.search_count([]))
                    for operation in ("read", "write", "unlink"):
                        self.assertFalse(place.has_access(operation))
                    with self.assertRaises(AccessError):
                        place.read(["display_name"])
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            self.assertNotIn(self.env.ref("culture_partnership.menu_root").id, menus)
            for vals in (
                {"partner_id": self.north.id, "user_id": user.id, "role": "referent"},
                {"partner_id": self.ccas.id, "user_id": user.id, "role": "coordinator"},
            ):
                with self.assertRaises(UserError):
                    self.env["culture.role"].with_user(user).create(vals)
