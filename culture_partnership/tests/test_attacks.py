from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .world import WorldCase

REFUSAL = "does not exist or is not open to you"
QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install", "security")
class TestAttacks(WorldCase):
    """What a curious colleague would try, and the lawful path beside it."""

    @mute_logger(*QUIET)
    def test_absent_and_forbidden_answer_alike(self):
        """Threat: ids are counted upwards to learn which files exist."""
        people = self.env["culture.beneficiary"].with_user(self.referent)
        forbidden = people.browse(self.people["other"].id)
        gone = self._person("Gone")
        absent = people.browse(gone.id)
        gone.unlink()
        self.env.flush_all()
        texts = set()
        for record in (forbidden, absent):
            for act in (
                lambda r: r.read(["first_name"]),
                lambda r: r.web_read({"first_name": {}}),
                lambda r: r.write({"chosen_name": "x"}),
                lambda r: r.first_name,
                lambda r: r.check_access("read"),
            ):
                record.invalidate_recordset()
                with self.assertRaises(AccessError) as catcher:
                    act(record)
                texts.add(str(catcher.exception))
        self.assertEqual(len(texts), 1, texts)
        self.assertIn(REFUSAL, texts.pop())

    def test_what_is_missing_is_named_before_the_database_shows_the_row(self):
        """Threat: a refused INSERT writes what is in the row into the server log."""
        people = self.env["culture.beneficiary"].with_user(self.referent)
        held = self.env["culture.permanence"].with_user(self.coordinator)
        mine = people.browse(self.people["own"].id)
        now = fields.Datetime.now()
        cases = [
            (lambda: held.create({"date_begin": now}), "Place: fill it in"),
            (lambda: held.create({"date_begin": "soon"}), "Start: write a day such as"),
            (lambda: mine.write({"channel": False}), "fill it in"),
            (lambda: mine.write({"birth_date": "12/03/1980"}), "write a day such as"),
            (lambda: people.create({"first_name": "Ada", "stage": ""}), "fill it in"),
        ]
        for act, pattern in cases:
            with self.subTest(pattern), self.assertNoLogs("odoo.sql_db", "ERROR"):
                with self.assertRefused(pattern):
                    act()
        self.assertTrue(held.create({"date_begin": now, "venue_id": self.north.id}))

    @mute_logger(*QUIET)
    def test_the_hosts_error_tells_nothing_in_debug(self):
        """Threat: the host's text names the record and the rule in debug mode."""
        self.far_referent.group_ids += self.env.ref("base.group_no_one")
        with self.assertRaises(AccessError) as catcher:
            self.people["own"].with_user(self.far_referent).read(["first_name"])
        for leak in ("Own", "culture", str(self.people["own"].id) + ")", "Blame"):
            self.assertNotIn(leak, str(catcher.exception))

    @mute_logger(*QUIET)
    def test_re_parenting(self):
        """Threat: a child is moved under a target that its writer cannot read."""
        for record, vals in (
            (self.people["own"], {"structure_id": self.south.id}),
            (
                self.people["own"],
                {"household_id": self.records["culture.household"]["other"].id},
            ),
            (self.people["own"], {"referent_id": self.far_card.id}),
            (self.people["own"], {"referent_id": self.colleague_card.id}),
            (self.outings["own"], {"structure_id": self.south.id}),
        ):
            with self.subTest(record=record, vals=vals), self.assertRaises(UserError):
                record.with_user(self.referent).write(vals)
                self.env.flush_all()
        for vals in (
            {"structure_id": self.south.id},
            {"structure_id": self.far_away.partner_id.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.people["own"].with_user(self.coordinator).write(vals)
        self.people["own"].with_user(self.coordinator).write(
            {"referent_id": self.colleague_card.id}
        )
        self.assertFalse(self.people["own"].with_user(self.referent).has_access("read"))
        self.assertTrue(self.people["own"].with_user(self.colleague).has_access("read"))

    @mute_logger(*QUIET)
    def test_parents_do_not_pull_children_in(self):
        """Threat: a one2many of a readable parent shows or takes foreign children."""
        outing = self.outings["own"].with_user(self.far_referent)
        self.assertFalse(outing.registration_ids)
        home = self.records["culture.household"]["own"].with_user(self.referent)
        with self.assertRaises(AccessError):
            home.write({"beneficiary_ids": [Command.link(self.people["other"].id)]})
        partner = self.env["res.partner"].create({"name": "Contact"})
        self.people["other"].partner_id = partner
        with self.assertRaises(AccessError):
            partner.with_user(self.administrator).read(["culture_beneficiary_ids"])
        self.assertFalse(partner.with_user(self.referent).culture_file_open)

    def test_related_paths_in_a_domain(self):
        """Threat: a search through a link answers yes or no about a name."""
        contacts = self.env["res.partner"].create({"name": "Contact"})
        self.people["own"].partner_id = contacts
        for user in (self.stranger, self.far_referent, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                contacts.with_user(user).search(
                    [("culture_beneficiary_ids.first_name", "=", "Own")]
                )
        outings = self.env["culture.outing"].with_user(self.far_referent)
        path = "registration_ids.beneficiary_id.first_name"
        self.assertFalse(outings.search([(path, "=", "Own")]))
        self.assertTrue(outings.with_user(self.referent).search([(path, "=", "Own")]))

    @mute_logger(*QUIET)
    def test_bulk_actions_check_each_record(self):
        mixed = self.people["own"] | self.people["other"]
        with self.assertRaises(AccessError):
            mixed.with_user(self.referent).action_pause()
        lines = self.records["culture.registration"]
        with self.assertRaises(AccessError):
            (lines["own"] | lines["other"]).with_user(self.referent).action_cancel()
        with self.assertRaises(UserError):
            self.outings["own"].with_user(self.referent).action_register(
                [{"beneficiary_id": self.people["other"].id}]
            )
        with self.assertRaises(UserError):
            self.outings["other"].with_user(self.coordinator).action_cancel("venue")

    @mute_logger(*QUIET)
    def test_activities(self):
        """Threat: an assignee reads the note; titles and mails carry the name."""
        person = self.people["own"].with_user(self.referent)
        activity = person.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.referent.id, summary="Call"
        )
        self.assertIn(person.reference, activity.res_name)
        self.assertNotIn("Own", activity.res_name)
        for user in (self.stranger, self.far_referent, self.colleague):
            with self.assertRaises(UserError):
                person.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=user.id
                )
            with self.assertRaises(UserError):
                activity.write({"user_id": user.id})
        seen = self.env["mail.activity"].with_user(self.far_referent)
        self.assertFalse(seen.search([("id", "=", activity.id)]))
        activity.action_feedback("Done")
        self.env.flush_all()
        for model in ("mail.message", "mail.followers"):
            found = self.env[model].search(
                [
                    (
                        "model" if model == "mail.message" else "res_model",
                        "=",
                        "culture.beneficiary",
                    )
                ]
            )
            self.assertFalse(found, model)

    @mute_logger(*QUIET)
    def test_attachments_follow_the_person(self):
        attachments = self.env["ir.attachment"]
        mine = attachments.with_user(self.referent).create(
            {
                "name": "note.txt",
                "raw": b"x",
                "res_model": "culture.beneficiary",
                "res_id": self.people["own"].id,
            }
        )
        self.assertTrue(mine.read(["name"]))
        for user in (self.far_referent, self.administrator, self.stranger):
            with self.assertRaises(AccessError):
                mine.with_user(user).read(["name", "raw"])
            with self.assertRaises(AccessError):
                attachments.with_user(user).create(
                    {
                        "name": "forged",
                        "res_model": "culture.beneficiary",
                        "res_id": self.people["own"].id,
                    }
                )

    def test_messages_on_outings_are_not_for_everybody(self):
        self.outings["own"].message_post(body="Meet at the door")
        message = self.outings["own"].message_ids[:1]
        with self.assertRaises(AccessError):
            message.with_user(self.stranger).read(["body"])
        self.assertTrue(message.with_user(self.colleague).read(["body"]))

    @mute_logger(*QUIET)
    def test_load_and_data_import(self):
        """Threat: the host's import writes over a file by its database id."""
        people = self.env["culture.beneficiary"].with_user(self.referent)
        result = people.load(
            [".id", "chosen_name"], [[str(self.people["other"].id), "Taken"]]
        )
        self.assertFalse(result["ids"])
        self.assertFalse(self.people["other"].chosen_name)
        self.assertNotIn("Far", str(result["messages"]))

    def test_no_formula_leaves_by_an_export(self):
        """Threat: a title or a name that a spreadsheet runs when it opens."""
        person = self._person("=cmd|' /C calc'!A0", phone="@SUM(1+1)")
        outing = self._outing(name="=HYPERLINK(1)", meeting_point="+1")
        self.assertEqual(person.first_name, "cmd|' /C calc'!A0")
        self.assertEqual(outing.name, "HYPERLINK(1)")
        for record, field in ((person, "phone"), (outing, "meeting_point")):
            [[cell]] = record.with_user(self.referent).export_data([field])["datas"]
            self.assertEqual(cell[0], "'")

    def test_what_nobody_creates(self):
        access = {
            "beneficiary_id": self.people["own"].id,
            "user_id": self.far_referent.id,
            "kind": "break_glass",
        }
        for user in self.users.values():
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                self.env["culture.access"].with_user(user).create(access)
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                self.env["culture.scope"].with_user(user).create({})

    @mute_logger(*QUIET)
    def test_assistants_are_private(self):
        """Threat: a wizard of a colleague holds the names it suggests."""
        outing = self._outing(date_begin="2090-01-01 18:00:00")
        action = outing.with_user(self.referent).action_open_register()
        assistant = self.env["culture.register"].browse(action["res_id"])
        self.assertTrue(assistant.with_user(self.referent).line_ids.read(["waited"]))
        for user in (self.colleague, self.coordinator):
            with self.assertRaises(AccessError):
                assistant.with_user(user).read(["seats_free"])
            with self.assertRaises(AccessError):
                assistant.line_ids.with_user(user).read(["beneficiary_id"])

    def test_suggestions_are_in_reach(self):
        action = self.outings["own"].with_user(self.referent).action_open_register()
        assistant = (
            self.env["culture.register"]
            .with_user(self.referent)
            .browse(action["res_id"])
        )
        assistant.only = "all"
        assistant.action_show_filtered()
        self.assertLessEqual(
            assistant.line_ids.beneficiary_id,
            self.env["culture.beneficiary"].with_user(self.referent).search([]),
        )
        with self.assertRaises(UserError), mute_logger(*QUIET):
            assistant.line_ids.create(
                {
                    "assistant_id": assistant.id,
                    "outing_id": self.outings["scope"].id,
                    "beneficiary_id": self.people["other"].id,
                    "selected": True,
                }
            )
            assistant.action_confirm()

    def test_the_load_of_colleagues_is_not_shown(self):
        for user, allowed in ((self.referent, False), (self.coordinator, True)):
            card = self.colleague_card.with_user(user)
            if allowed:
                self.assertEqual(card.caseload, 1)
            else:
                with self.assertRaises(AccessError):
                    card.read(["caseload"])
                with self.assertRaises(AccessError):
                    card.search([("caseload", ">", 0)])


@tagged("post_install", "-at_install", "security")
class TestTime(WorldCase):
    """Rights follow the dates, with the caches warm and no job run."""

    def _reads(self, user):
        """What a user reads of everything, as numbers by model."""
        counts = {}
        for model in self.records:
            records = self.env[model].with_user(user)
            counts[model] = (
                records.search_count([]) if records.has_access("read") else 0
            )
        return counts

    def _role_of(self, user):
        return self.env["culture.role"].search([("user_id", "=", user.id)])

    def test_a_role_that_ended_an_hour_ago(self):
        for user in self.users.values():
            with self.subTest(user=user.login):
                self.assertTrue(any(self._reads(user).values()))
                self._role_of(user).date_end = fields.Datetime.now() - timedelta(
                    hours=1
                )
                self.assertFalse(any(self._reads(user).values()))
                menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
                root = self.env.ref("culture_partnership.menu_root")
                self.assertNotIn(root.id, menus)
                self.assertNotIn(root.id, menus["root"]["children"])

    def test_a_role_to_come(self):
        role = self._role_of(self.referent)
        role.date_start = fields.Datetime.now() + timedelta(hours=1)
        self.assertFalse(any(self._reads(self.referent).values()))

    def test_by_id_after_the_end(self):
        person = self.people["own"].with_user(self.referent)
        person.read(["first_name"])
        self._role_of(self.referent).action_end_now()
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            person.read(["first_name"])
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            person.write({"chosen_name": "Late"})

    def test_a_group_ticked_by_hand_opens_nothing(self):
        groups = ",".join(
            f"culture_partnership.group_culture_partnership_{role}"
            for role in self.users
        )
        user = new_test_user(
            self.env, "test_ticked", groups=f"base.group_user,{groups}"
        )
        self.assertFalse(any(self._reads(user).values()))
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self.people["own"].with_user(user).read(["first_name"])

    def test_handing_over_ends_the_former_access_at_once(self):
        person = self.people["own"]
        self.assertTrue(person.with_user(self.referent).has_access("read"))
        person.referent_id = self.colleague_card
        self.assertFalse(person.with_user(self.referent).has_access("read"))
        line = self.records["culture.registration"]["own"]
        self.assertFalse(line.with_user(self.referent).has_access("read"))
        self.assertTrue(line.with_user(self.colleague).has_access("write"))
        self.assertEqual(line.referent_id, self.colleague_card)

    def test_other_kinds_of_access(self):
        person = self.people["other"]
        for kind in ("replacement", "break_glass"):
            row = self.env["culture.access"].create(
                {
                    "beneficiary_id": person.id,
                    "user_id": self.referent.id,
                    "kind": kind,
                    "date_end": fields.Datetime.now() + timedelta(hours=1),
                }
            )
            opened = kind == "break_glass"
            self.assertEqual(person.with_user(self.referent).has_access("read"), opened)
            row.date_end = fields.Datetime.now()
            self.assertFalse(person.with_user(self.referent).has_access("read"))

    def test_more_than_a_thousand_persons(self):
        """Above the limit, a subselect answers instead of constants: the same."""
        from ..models import culture_access

        people = self._people(5)
        self.patch(culture_access, "PEOPLE_LIMIT", 3)
        self.env["culture.access"]._forget_reach()
        mine = self.env["culture.beneficiary"].with_user(self.referent)
        self.assertTrue(self.env["culture.access"].with_user(self.referent)._reach()[0])
        self.assertEqual(mine.search([]), people.sorted() | self.people["own"])
        for person in people:
            self.assertTrue(person.with_user(self.referent).has_access("write"))
        self.assertFalse(
            self.people["scope"].with_user(self.referent).has_access("read")
        )

    def test_another_user_in_the_same_transaction(self):
        """Threat: a computed answer cached for one user is read by another."""
        person = self.people["own"]
        self.assertTrue(person.with_user(self.referent).has_access("read"))
        self.assertFalse(person.with_user(self.colleague).has_access("read"))
        self.assertTrue(person.with_user(self.coordinator).has_access("read"))


@tagged("post_install", "-at_install", "security")
class TestContacts(WorldCase):
    """The host's contacts tell nothing, and cannot be used to move rights."""

    def setUp(self):
        super().setUp()
        self.contact = self.env["res.partner"].create({"name": "Ada Contact"})
        self.people["own"].partner_id = self.contact

    def test_a_persons_contact_is_deleted_archived_merged_without_a_word(self):
        file = self.people["own"]
        contact = self.contact.with_user(self.stranger)
        contact.active = False
        contact.write({"name": "Other", "active": True})
        contact.unlink()
        self.assertTrue(file.exists())
        self.assertFalse(file.partner_id)
        self.assertEqual(file.first_name, "Own")

    def test_merging_persons_keeps_the_file(self):
        twin = self.env["res.partner"].create({"name": "Ada Contact"})
        self.stranger.group_ids += self.env.ref("base.group_erp_manager")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(
            self.stranger
        )
        wizard._merge([self.contact.id, twin.id], twin.with_user(self.stranger))
        self.env.invalidate_all()
        self.assertEqual(self.people["own"].partner_id, twin)

    def test_structures_and_venues_stay(self):
        for partner in (
            self.north,
            self.venue,
            self.records["culture.relay"]["own"].partner_id,
        ):
            twin = self.env["res.partner"].create({"name": partner.name})
            mine = partner.with_user(self.stranger)
            with self.subTest(partner=partner.name):
                with self.assertRefused("This contact is used"):
                    mine.unlink()
                with self.assertRefused("This contact is used"):
                    mine.action_archive()
                with self.assertRefused("This contact is used"):
                    self.env["base.partner.merge.automatic.wizard"].with_user(
                        self.stranger
                    )._merge([partner.id, twin.id], twin.with_user(self.stranger))

    def test_only_an_administrator_moves_a_structure(self):
        for user in (self.stranger, self.coordinator, self.referent):
            with self.assertRaises(UserError):
                self.south.with_user(user).parent_id = self.north
        with self.assertRaises(AccessError):
            self.contact.with_user(self.stranger).is_culture_structure = True
        with self.assertRaises(UserError):
            self.contact.with_user(self.coordinator).is_culture_structure = True
        far = self.people["other"].with_user(self.coordinator)
        self.assertFalse(far.has_access("read"))
        self.south.with_user(self.administrator).parent_id = self.north
        self.assertTrue(far.has_access("read"))
        self.south.with_user(self.administrator).parent_id = self.ccas
        self.assertFalse(far.has_access("read"))

    def test_the_button(self):
        contact = self.contact.with_user(self.referent)
        self.assertTrue(contact.culture_file_open)
        self.assertEqual(
            contact.action_culture_open_file()["res_id"], self.people["own"].id
        )
        with self.assertRefused("There is a file for this person already"):
            self.contact.with_user(self.far_referent).action_culture_open_file()
        for user in (self.stranger, self.administrator):
            with self.assertRaises(UserError), mute_logger(*QUIET):
                self.contact.with_user(user).action_culture_open_file()

    def test_the_identity_is_copied(self):
        contact = self.env["res.partner"].create(
            {"name": "DUPONT Marie", "phone": "04 65 71 12 34"}
        )
        action = contact.with_user(self.referent).action_culture_open_file()
        person = (
            self.env["culture.beneficiary"]
            .with_user(self.referent)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(
            (person.first_name, person.last_name, person.phone, person.partner_id),
            ("Marie", "Dupont", "04 65 71 12 34", contact),
        )
        self.assertEqual(person.referent_id, self.referent_card)
        self.assertRegex(person.reference, r"^\d{4}-\d{4}$")

    def test_from_a_lead(self):
        lead = self.env["crm.lead"].create(
            {"name": "Request", "contact_name": "Lin Test", "phone": "04 65 71 12 35"}
        )
        action = lead.with_user(self.referent).sudo().action_culture_open_file()
        self.assertEqual(action["context"]["default_first_name"], "Lin")

    def test_views_of_the_host_open_for_who_has_no_role(self):
        self.stranger.group_ids += self.env.ref("sales_team.group_sale_salesman")
        for model in ("res.partner", "crm.lead"):
            arch = (
                self.env[model]
                .with_user(self.stranger)
                .get_views([(False, "form"), (False, "list")])
            )
            tree = etree.fromstring(arch["views"]["form"]["arch"])
            shown = [node.get("name", "") for node in tree.iter("field", "button")]
            self.assertFalse([name for name in shown if "culture" in name])
            names = self.env[model].with_user(self.stranger).fields_get()
            self.assertFalse([name for name in names if "culture" in name])


@tagged("post_install", "-at_install", "security")
class TestRoles(WorldCase):
    """Roles are given inside one's scope, dated, and never deleted."""

    def _give(self, user, structure, role="referent", to=None):
        return (
            self.env["culture.role"]
            .with_user(user)
            .create(
                {
                    "user_id": (to or self.stranger).id,
                    "partner_id": structure.id,
                    "role": role,
                }
            )
        )

    def test_outside_ones_scope(self):
        with self.assertRefused("You can act in: Agency North"):
            self._give(self.local_administrator, self.south)
        with self.assertRefused("You can act in"):
            self._give(
                self.local_administrator,
                self.ccas,
                "administrator",
                self.local_administrator,
            )
        for user in (self.coordinator, self.referent, self.stranger):
            with self.assertRaises(UserError), mute_logger(*QUIET):
                self._give(user, self.north)

    def test_giving_opens_and_ending_closes(self):
        role = self._give(self.local_administrator, self.north, "coordinator")
        person = self.people["own"].with_user(self.stranger)
        self.assertTrue(person.has_access("read"))
        role.action_end_now()
        self.assertFalse(person.has_access("read"))
        with self.assertRaises(UserError):
            role.sudo().unlink()
        with self.assertRaises(UserError):
            role.write({"partner_id": self.south.id})

    def test_the_last_day_is_included(self):
        role = self._role(
            self.stranger, "referent", self.north, date_start="2030-01-01 00:00:00"
        )
        mine = role.with_user(self.local_administrator)
        mine.write({"first_day": "2030-03-01", "last_day": "2030-06-30"})
        self.assertEqual(str(role.date_end), "2030-06-30 22:00:00")
        self.assertEqual(str(role.date_start), "2030-02-28 23:00:00")
        role.invalidate_recordset(["first_day", "last_day"])
        self.assertEqual(str(role.last_day), "2030-06-30")

    def test_what_was_in_force_stays_as_it_was(self):
        """Threat: the history of who had access is rewritten."""
        role = self._give(self.local_administrator, self.north)
        role.sudo().date_start = "2020-01-01"
        mine = role.with_user(self.local_administrator)
        with self.assertRefused("its start stays"):
            mine.date_start = "2025-01-01"
        mine.action_end_now()
        for vals in ({"date_end": False}, {"date_start": "2000-01-01"}):
            with self.assertRefused("ended role stays"):
                mine.write(vals)

    def test_the_last_administrator_stays(self):
        roles = self.env["culture.role"].search(
            [("role", "=", "administrator"), ("company_id", "=", self.company.id)]
        )
        for role in roles[:-1]:
            role.action_end_now()
        with self.assertRefused("last Administration role"):
            roles[-1].action_end_now()

    def test_roles_by_kind_of_user(self):
        portal = new_test_user(self.env, "test_portal", groups="base.group_portal")
        for role in ("referent", "coordinator", "administrator"):
            with self.assertRefused("cannot hold this role"):
                self._give(self.local_administrator, self.north, role, portal)
        for role in ("partner_manager", "observer"):
            with self.assertRefused("cannot hold this role"):
                self._give(self.local_administrator, self.north, role)
            self._give(self.local_administrator, self.north, role, portal)

    def test_the_hosts_administrator_is_the_first_one(self):
        admin = self.env.ref("base.user_admin")
        roles = self.env["culture.role"].search([("user_id", "=", admin.id)])
        self.assertEqual(set(roles.mapped("role")) & {"referent", "coordinator"}, set())
        self.assertIn(self.ccas, roles.partner_id)
        self.assertTrue(self.ccas.is_culture_structure)

    def test_companies_never_meet(self):
        counts = {
            model: self.env[model].with_user(self.elsewhere_user).search([])
            for model in self.records
            if self.env[model].with_user(self.elsewhere_user).has_access("read")
        }
        for model, found in counts.items():
            self.assertEqual(found.company_id, self.far_away, model)
        self.assertEqual(
            set(
                self.env["culture.discipline"]
                .with_user(self.elsewhere_user)
                .search([])
                .mapped("name")
            ),
            set(
                self.env["culture.discipline"]
                .search([("company_id", "=", self.company.id)])
                .mapped("name")
            ),
        )
