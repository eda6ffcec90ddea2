from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CultureCase

EVENING = datetime(2027, 3, 11, 19, 30)
REPORT_TYPE = "culture_partnership.activity_type_outing_report"
QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class EveningCase(CultureCase):
    """An outing on an evening of March 2027, three people on it."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 09:00:00"))
        self.outing = self._outing(date_begin=EVENING)
        self.people = self._people(3)
        self.lines = self._register(self.outing, self.people)


@tagged("post_install", "-at_install")
class TestVenueCancels(EveningCase):
    """What will happen is read before; who is told by nobody is seen after."""

    def _dialog(self, user=None):
        action = self.outing.with_user(user or self.coordinator).action_open_cancel()
        dialog = self.env[action["res_model"]].with_user(user or self.coordinator)
        return dialog.with_context(**action["context"]).create({})

    def test_figures_before_whoever_follows_them(self):
        self.people[0].write({"channel": "sms", "phone": "+33639980000"})
        self.people[1].write({"channel": "email", "email": "a@example.org"})
        far = self._person("Far", self.far_card, channel="sms")
        self._register(self.outing, far, self.far_referent, state="waiting")
        group = self.env["culture.registration"].with_user(self.referent)
        group.create({"outing_id": self.outing.id, "group_label": "Desk", "adults": 4})
        effect = self._dialog().effect
        self.assertIn("3 persons will be told", effect)
        self.assertIn("1 by text message, 1 by e-mail, 1 by phone", effect)
        self.assertIn("Confirmed: 4", effect)
        self.assertIn("On the waiting list: 1", effect)
        self.assertIn("told by who booked: 1", effect)
        self.assertNotIn("Far", effect)

    def test_after_it_whom_no_message_reaches_until_one_spoke_with_them(self):
        self.people[0].write({"channel": "sms", "phone": "+33639980000"})
        kept = self._register(self.outing, self._person("Freed"))
        kept.action_cancel("person")
        action = self._dialog().action_cancel()
        self.assertEqual(set(self.lines.mapped("state")), {"cancelled"})
        self.assertEqual(set(self.lines.mapped("cancelled_by")), {"venue"})
        self.assertEqual(self.outing.seats_taken, 0)
        self.assertEqual(action["context"]["search_default_to_tell"], 1)
        lines = self.env["culture.registration"].with_user(self.coordinator)
        due = [("to_tell", "=", True)]
        self.assertEqual(lines.search(due), self.lines[1:].with_user(self.coordinator))
        reminders = self.env["culture.reminder"].sudo()
        reminders._find_due(self.env["culture.sending"]._of(self.env.company))
        row = reminders.search([("beneficiary_id", "=", self.people[1].id)])
        row._give_to_say("to_tell")
        self.assertEqual(len(lines.search(due)), 2)
        row.with_user(self.referent).action_told()
        self.assertEqual(lines.search(due).beneficiary_id, self.people[2])
        self.assertFalse(lines.with_user(self.colleague).search(due))
        with freeze_time(EVENING + timedelta(days=1)):
            self.assertFalse(lines.search(due))

    @mute_logger(*QUIET)
    def test_figures_are_of_who_may_cancel(self):
        with self.assertRaises(AccessError):
            self._dialog(self.colleague).action_cancel()
        self.assertNotIn("3 persons", self._dialog(self.colleague).effect)


@tagged("post_install", "-at_install")
class TestToday(EveningCase):
    """Counts of the day itself."""

    def test_recorded_confirmed_and_freed(self):
        outing = self.outing.with_user(self.coordinator)
        self.lines[0].action_cancel("person")
        self.assertFalse(outing.recorded_label)
        self.assertEqual(outing.freed_today_count, 1)
        with freeze_time(EVENING - timedelta(minutes=1)):
            outing.invalidate_recordset()
            self.assertEqual(outing.freed_today_count, 0)
            self.lines[1].action_cancel("structure")
            outing.invalidate_recordset()
            self.assertEqual(outing.freed_today_count, 1)
        with freeze_time(EVENING):
            self.lines[2].action_record("attended")
            outing.invalidate_recordset()
            self.assertEqual(outing.recorded_label, "1 recorded of 1")

    def test_numbers_on_paper_are_those_of_the_screen(self):
        """Also when the screen is in another order and one is cancelled."""
        self.people[0].first_name = "Zoe"
        self.lines[1].action_cancel("person")
        pages = self.outing.with_user(self.coordinator)._signature_pages()
        self.assertEqual([row["number"] for row in pages[0]["rows"]], [1, 3])
        shown = self.outing.with_user(self.referent).get_attendance()
        self.assertEqual(
            [(row["id"], row["number"]) for row in shown["rows"]],
            [(self.lines[2].id, 3), (self.lines[0].id, 1)],
        )

    @mute_logger(*QUIET)
    def test_signature_list_is_of_who_may_change_the_outing(self):
        """Threat: names that no agreement allows, or a list for a colleague."""
        with self.assertRaises(AccessError):
            self.outing.with_user(self.colleague)._signature_pages()
        convention = self.env["culture.convention"].create(
            {
                "name": "Held",
                "partner_id": self.association.id,
                "project_referent_id": self.coordinator.id,
                "date_signature": "2026-01-01",
                "date_start": "2026-01-01",
                "date_end": "2027-12-31",
                "identity_level": "first_name",
            }
        )
        convention.action_send_for_signature()
        convention.action_sign()
        self.outing.convention_id = convention
        self.people[0].identity_agreement = True
        [page] = self.outing.with_user(self.referent)._signature_pages()
        self.assertEqual(
            [row["name"] for row in page["rows"]], ["Person 0", "No. 2", "No. 3"]
        )
        many = self._people(18)
        self._register(self.outing.sudo(), many[:15])
        pages = self.outing.with_user(self.referent)._signature_pages()
        self.assertEqual([len(page["rows"]) for page in pages], [9, 9])
        self.assertEqual(pages[1]["label"], "page 2 of 2")
        empty = self._outing(date_begin=EVENING)
        with self.assertRefused("Nobody is expected"):
            empty._signature_pages()

    def test_papers_are_printed(self):
        with freeze_time(EVENING + timedelta(hours=3)):
            self.outing.with_user(self.coordinator)._say_word("Good light <b>")
            self.outing.report_text = "Welcome at the door"
            for report, said in (
                ("report_signature_list", "Signature list"),
                ("report_outing_report", "Good light &lt;b&gt;"),
            ):
                name = f"culture_partnership.{report}"
                html, __ = (
                    self.env["ir.actions.report"]
                    .with_user(self.coordinator)
                    ._render_qweb_html(name, self.outing.ids)
                )
                self.assertIn(said, html.decode())
                self.assertNotIn("Person 0", html.decode())


@tagged("post_install", "-at_install")
class TestReport(EveningCase):
    """What is missing fifteen days after, asked for once."""

    def _tasks(self):
        kind = self.env.ref(REPORT_TYPE)
        return self.outing.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def _run(self, moment):
        job = self.env.ref("culture_partnership.ir_cron_outing_reports")
        with freeze_time(moment), self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()
        return self._tasks()

    def _due(self, moment, user=None):
        with freeze_time(moment):
            self.env.invalidate_all()
            outing = self.outing.with_user(user or self.coordinator)
            found = outing.search([("report_due", "=", True)])
            self.assertEqual(outing in found, outing.report_due)
            return outing.report_due

    def test_asked_once_by_a_job_that_may_be_late(self):
        """Nothing before; a week late, once; ticked off, it does not come back."""
        self.assertFalse(self._run(EVENING + timedelta(days=14)))
        self.assertFalse(self._due(EVENING + timedelta(days=14)))
        late = EVENING + timedelta(days=23)
        self.assertTrue(self._due(late))
        [task] = self._run(late)
        self.assertEqual(task.user_id, self.referent)
        self.assertIn("3 attendances to record, a word on the outing", task.summary)
        self.assertEqual(self._run(late + timedelta(days=1)), task)
        task.unlink()
        self.assertFalse(self._run(late + timedelta(days=2)))
        self.assertTrue(self._due(late))

    def test_it_goes_when_nothing_is_missing(self):
        late = EVENING + timedelta(days=16)
        self.assertTrue(self._run(late))
        with freeze_time(late):
            self.lines.with_user(self.coordinator).action_record("attended")
            self.outing.with_user(self.referent).report_text = "All went well"
            self.assertFalse(self._tasks())
            self.assertFalse(self._due(late))
            self.assertEqual(self.outing.places_used, 3)
            self.assertFalse(self.outing.report_missing)
            self.lines[0].with_user(self.coordinator).action_undo()
            self.assertTrue(self._due(late))

    def test_recorded_and_said_in_time_is_never_asked_for(self):
        with freeze_time(EVENING + timedelta(hours=3)):
            self.lines.action_record("attended")
            self.outing.with_user(self.referent)._say_word("Fine")
        self.assertFalse(self._run(EVENING + timedelta(days=20)))

    def test_the_number_of_days_is_set(self):
        self.env["ir.config_parameter"].set_param(
            "culture_partnership.outing_report_days", "3"
        )
        self.assertTrue(self._due(EVENING + timedelta(days=4)))

    def test_an_organiser_who_left_leaves_it_to_the_coordination(self):
        self.env["culture.role"].search(
            [("user_id", "=", self.referent.id)]
        ).date_end = "2027-03-20"
        self.assertEqual(
            self._run(EVENING + timedelta(days=16)).user_id, self.coordinator
        )

    def test_cancelled_empty_or_to_come_owe_nothing(self):
        self.lines.action_cancel("structure")
        self.assertFalse(self._due(EVENING + timedelta(days=20)))

    @mute_logger(*QUIET)
    def test_who_says_a_word(self):
        """Threat: a note under an outing of others, by who has nothing to do there."""
        with freeze_time(EVENING + timedelta(hours=3)):
            for user in (self.colleague, self.administrator, self.far_referent):
                with self.assertRaises(AccessError):
                    self.outing.with_user(user)._say_word("Mine")
            self.outing.with_user(self.colleague).action_i_came()
            self.outing.with_user(self.colleague)._say_word("I was there")
            with self.assertRefused("write a few words"):
                self.outing.with_user(self.referent)._say_word("  ")
        self.assertIn("I was there", self.outing.words)
        self.assertEqual(self.outing.word_date, fields.Date.to_date("2027-03-11"))
        with self.assertRefused("filled by the application", AccessError):
            self.outing.with_user(self.referent).word_date = "2027-03-12"
        with self.assertRaises(AccessError):
            self.outing.with_user(self.referent)._say_word("Too early")

    def test_the_dialog_keeps_no_text(self):
        with freeze_time(EVENING + timedelta(hours=3)):
            action = self.outing.with_user(self.referent).action_say_word()
            dialog = self.env[action["res_model"]].with_user(self.referent)
            dialog = dialog.with_context(**action["context"]).create({"text": "Fine"})
            dialog.action_send()
            self.assertFalse(dialog.text)
            self.assertIn("Fine", self.outing.words)

    def test_a_relay_s_word_is_shown_to_who_organises(self):
        relay = self._relay_card()
        self.outing.escort_ids = [Command.set(relay.ids)]
        user = self.env["res.users"].browse(self.agent_relay.id)
        relay.user_id = user
        author = relay.partner_id
        with freeze_time(EVENING + timedelta(hours=3)):
            self.outing.message_post(
                body="They waited outside",
                author_id=author.id,
                message_type="comment",
                subtype_xmlid="mail.mt_note",
            )
            self.assertIn("They waited", self.outing.with_user(self.coordinator).words)

    def test_a_word_of_the_person_goes_into_the_file(self):
        with freeze_time(EVENING + timedelta(hours=3)):
            self.lines.action_record("attended")
            action = self.lines[0].with_user(self.referent).action_note_word()
            self.assertEqual(action["res_model"], "culture.followup.note")
            self.assertEqual(
                (
                    action["context"]["default_kind"],
                    action["context"]["default_beneficiary_id"],
                ),
                ("debrief", self.people[0].id),
            )
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                self.lines[0].with_user(self.coordinator).action_note_word()
