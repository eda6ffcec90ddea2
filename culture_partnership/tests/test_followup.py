from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CultureCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class FollowupCase(CultureCase):
    """One person of the referent, and the dialog in which contacts are noted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._person()
        cls.today = cls.env["culture.followup"]._today()

    def _dialog(self, action):
        dialogs = self.env[action["res_model"]].with_user(self.referent)
        dialogs = dialogs.with_context(**action.get("context", {}))
        return Form(dialogs.browse(action["res_id"]))

    def _note(self, note="We talked", user=None, person=None, **vals):
        """Note a follow-up by the dialog.

        :return: the ``culture.followup``, as its author
        """
        user = user or self.referent
        person = (person or self.person).with_user(user)
        action = person.action_note_followup()
        dialogs = self.env[action["res_model"]].with_user(user)
        dialogs = dialogs.with_context(**action["context"])
        dialog = dialogs.create({"note": note, **vals})
        dialog.action_save()
        return dialog.followup_id

    def _ago(self, days):
        return self.today - timedelta(days=days)


@tagged("post_install", "-at_install")
class TestFollowup(FollowupCase):
    """A contact in ten seconds; what follows from it."""

    def test_noted_in_the_dialog(self):
        action = self.person.with_user(self.referent).action_note_followup()
        with self._dialog(action) as form:
            self.assertEqual(
                (form.kind, str(form.date)), ("interview", str(self.today))
            )
            self.assertFalse(form.shared)
            form.note = "Likes circus"
            form.next_step = "Propose a date"
            form.next_date = self.today + timedelta(days=3)
        notice = form.record.action_save()
        self.assertEqual(notice["params"]["message"], "Follow-up noted.")
        followup = self.person.followup_ids
        self.assertEqual(followup.user_id, self.referent)
        self.assertEqual(followup.structure_id, self.north)
        self.assertEqual(followup.sudo().note, "Likes circus")
        activity = self.person.activity_ids
        self.assertEqual(activity.summary, "Propose a date")
        self.assertEqual(activity.user_id, self.referent)
        self.assertEqual(activity.date_deadline, self.today + timedelta(days=3))
        self.assertEqual(activity.res_name, f"File {self.person.reference}")

    def test_asked_twice_it_is_done_once(self):
        followup = self._note(next_step="Call back")
        dialog = self.env["culture.followup.note"].search([])
        self.assertFalse(dialog.note, "the words stand in one place only")
        dialog.with_user(self.referent).action_save()
        self.assertEqual(self.person.followup_ids, followup)
        self.assertEqual(len(self.person.activity_ids), 1)
        self.assertEqual(followup.sudo().note, "We talked")

    def test_impossible_dates_are_refused_by_name(self):
        tomorrow = self.today + timedelta(days=1)
        for day in (tomorrow, "1999-12-31", "0202-11-24", "9999-01-01"):
            with self.assertRefused("^Date: give the day"):
                self._note(date=day)
        with self.assertRefused("Next step: give a day to come"):
            self._note(next_step="Call", next_date=self._ago(1))
        with self.assertRefused("Confidential note: 10000 characters"):
            self._note("x" * 10_001)
        followups = self.env["culture.followup"].with_user(self.referent)
        for vals in ({"date": False}, {"kind": False}, {"beneficiary_id": False}):
            with self.assertRefused("fill it in"):
                followups.create({"beneficiary_id": self.person.id, **vals})
        self.assertFalse(self.person.followup_ids)
        self.assertFalse(self.person.activity_ids)

    def test_the_day_is_the_company_s(self):
        """At one in the morning in Paris it is the day before in UTC."""
        with freeze_time("2026-11-24 23:30:00"):
            self.assertEqual(str(self.env["culture.followup"]._today()), "2026-11-25")
            self.assertEqual(str(self._note().date), "2026-11-25")

    def test_last_contact_follows(self):
        self.person.opened_date = self._ago(200)
        followup = self._note(date=self._ago(100))
        self.assertEqual(self.person.last_contact_date, self._ago(100))
        other = self._note(date=self._ago(20), kind="call")
        self.assertEqual(self.person.last_contact_date, self._ago(20))
        other.date = self._ago(120)
        self.assertEqual(self.person.last_contact_date, self._ago(100))
        followup.unlink()
        self.assertEqual(self.person.last_contact_date, self._ago(120))
        other.unlink()
        self.assertEqual(self.person.last_contact_date, self._ago(200))

    def test_deleted_until_the_evening_by_its_author(self):
        followup = self._note()
        self.person.with_user(self.coordinator).referent_id = self.colleague_card
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            followup.with_user(self.colleague).unlink()
        self.person.with_user(self.coordinator).referent_id = self.referent_card
        self.assertTrue(followup.may_delete)
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.env.cr.execute(
            "UPDATE culture_followup SET create_date = %s", (yesterday,)
        )
        followup.invalidate_recordset()
        self.assertFalse(followup.may_delete)
        with self.assertRefused("until the evening"):
            followup.unlink()
        dialog = self._dialog(followup.action_correct()).record
        with self.assertRefused("until the evening"):
            dialog.action_delete()

    def test_deleted_by_the_dialog(self):
        followup = self._note()
        dialog = self._dialog(followup.action_correct())
        self.assertTrue(dialog.may_delete)
        dialog.record.action_delete()
        self.assertFalse(self.person.followup_ids)

    def test_corrected_in_the_same_dialog(self):
        followup = self._note(shared=True)
        with self._dialog(followup.action_correct()) as form:
            self.assertEqual((form.note, form.shared), ("We talked", True))
            form.note = "We talked at length"
            form.kind = "visit"
            form.shared = False
        form.record.action_save()
        self.assertEqual(self.person.followup_ids, followup)
        self.assertEqual(followup.sudo().note, "We talked at length")
        self.assertEqual((followup.kind, followup.shared), ("visit", False))

    def test_its_author_shares_and_whoever_follows_closes(self):
        followup = self._note()
        self.person.with_user(self.coordinator).referent_id = self.colleague_card
        theirs = followup.with_user(self.colleague)
        theirs.kind = "call"
        with self.assertRefused("Only who noted"):
            theirs.shared = True
        followup.sudo().shared = True
        theirs.shared = False
        self.assertFalse(followup.sudo().shared)

    def test_copies_follow_the_person(self):
        followup = self._note()
        self.referent_card.structure_id = self.north
        self._role(self.coordinator, "coordinator", self.south)
        self.person.with_user(self.coordinator).structure_id = self.south
        self.assertEqual(followup.sudo().structure_id, self.south)

    def test_who_has_none_moves_too(self):
        """Once refused: the copies of no follow-up were asked for their person."""
        person = self._person("New")
        person.structure_id = self.south
        self.assertEqual(person.structure_id, self.south)

    def test_next_steps_go_with_the_file(self):
        """Done ones too: they keep the words that were typed."""
        self._note(next_step="Call back")
        self._note(next_step="Was done")
        done = self.person.activity_ids.filtered(lambda a: a.summary == "Was done")
        done.with_user(self.referent).action_done()
        self.person.with_user(self.coordinator).referent_id = self.colleague_card
        theirs = self.env["mail.activity"].with_context(active_test=False)
        theirs = theirs.with_user(self.referent)
        self.assertFalse(theirs.search([("res_model", "=", "culture.beneficiary")]))
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            theirs.browse(done.id).read(["summary"])
        self.assertEqual(self.person.activity_ids.user_id, self.colleague)


@tagged("post_install", "-at_install")
class TestWithoutContact(FollowupCase):
    """60 days: a filter, and one gentle reminder for each silence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.opened_date = cls.today - timedelta(days=61)

    def _run(self, days=0):
        job = self.env.ref("culture_partnership.ir_cron_contact_reminder")
        with (
            freeze_time(fields.Datetime.now() + timedelta(days=days)),
            self.enter_registry_test_mode(),
        ):
            job.method_direct_trigger()
        self.env.invalidate_all()
        return self._reminders()

    def _reminders(self):
        return self.env["culture.beneficiary"]._contact_reminders(
            [("res_id", "=", self.person.id)]
        )

    def _silent(self):
        people = self.env["culture.beneficiary"].with_user(self.referent)
        found = people.search([("without_contact", "=", True)])
        self.assertEqual(found, self.person & found)
        self.assertEqual(bool(found), self.person.without_contact)
        return bool(found)

    def test_the_filter(self):
        self.assertTrue(self._silent())
        self.person.opened_date = self._ago(60)
        self.assertFalse(self._silent())
        self.person.opened_date = self._ago(61)
        for stage, silent in (
            ("paused", False),
            ("left", False),
            ("autonomous", False),
            ("orientation", True),
        ):
            self.person.stage = stage
            self.assertEqual(self._silent(), silent, stage)

    def test_reminded_once_while_it_lasts(self):
        reminder = self._run()
        self.assertEqual(reminder.user_id, self.referent)
        self.assertIn(self.person.reference, reminder.summary)
        self.assertNotIn(self.person.first_name, reminder.summary)
        self.assertEqual(self.person.last_contact_date, self._ago(61))
        self.assertEqual(self._run(days=1), reminder)
        reminder.with_user(self.referent).action_done()
        self.assertFalse(self._run(days=8), "ticked off, it does not come back")
        self.assertEqual(self.person.last_contact_date, self._ago(61))

    def test_a_job_that_was_down_makes_up_for_it(self):
        self.person.opened_date = self._ago(50)
        self.assertFalse(self._run())
        self.assertEqual(len(self._run(days=18)), 1)

    def test_a_contact_takes_it_away_and_the_next_silence_tells_again(self):
        self.assertTrue(self._run())
        self._note()
        self.assertFalse(self._reminders())
        self.assertFalse(self._run(days=60))
        self.assertEqual(len(self._run(days=61)), 1)

    def test_an_old_contact_noted_late_is_no_contact_now(self):
        self.assertTrue(self._run())
        self._note(date=self._ago(61))
        self.assertTrue(self._reminders())

    def test_never_for_who_paused_or_left(self):
        for stage in ("paused", "left", "autonomous"):
            self.person.stage = stage
            self.assertFalse(self._run(), stage)
        self.person.stage = "accompanied"
        self.assertTrue(self._run())
        self.person.stage = "paused"
        self.assertFalse(self._run(days=1))

    def test_goes_with_the_file(self):
        reminder = self._run()
        self.person.with_user(self.coordinator).referent_id = self.colleague_card
        self.assertEqual(reminder.user_id, self.colleague)

    def test_nobody_is_told_without_a_referent_in_office(self):
        role = self.env["culture.role"].search([("user_id", "=", self.referent.id)])
        role.action_end_now()
        self.assertFalse(self._run())

    def test_no_mail_leaves(self):
        before = self.env["mail.mail"].search_count([])
        messages = self.env["mail.message"].search_count([])
        self._run()
        self._note(next_step="Call back")
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertEqual(self.env["mail.message"].search_count([]), messages)

    def test_without_its_type_there_is_no_reminder_and_no_error(self):
        """An administrator of the host may delete a type of activity."""
        self.env.ref("culture_partnership.activity_type_without_contact").unlink()
        self.assertFalse(self._run())
        self._note()
        self.assertEqual(self.person.last_contact_date, self.today)

    def test_the_banner_counts_them(self):
        todo = self.env["culture.first.steps"].with_user(self.referent)
        found = {i["key"]: i for i in todo.get_todo("culture.beneficiary")}
        self.assertEqual(found["without_contact"]["count"], 1)
        self._note()
        keys = {i["key"] for i in todo.get_todo("culture.beneficiary")}
        self.assertNotIn("without_contact", keys)


@tagged("post_install", "-at_install")
class TestTimeline(FollowupCase):
    """One readable column, newest first."""

    def _thread(self, user=None, **options):
        person = self.person.with_user(user or self.referent)
        return person.read_timeline(**options)

    def _titles(self, **options):
        return [line["title"] for line in self._thread(**options)["lines"]]

    def _happened(self, day, state, name, reason=None):
        begin = fields.Datetime.to_datetime(self._ago(day)) + timedelta(hours=18)
        outing = self._outing(name=name, date_begin=begin)
        line = self.env["culture.registration"].create(
            {"outing_id": outing.id, "beneficiary_id": self.person.id}
        )
        if state != "confirmed":
            line.write({"state": state, "reason_id": reason and reason.id})
        return line

    def test_newest_first_with_months_and_words(self):
        self.assertEqual(self._thread(), {"lines": [], "more": False})
        reason = self.env["culture.reason"].create(
            {"name": "Childcare", "kind": "absence"}
        )
        self._happened(10, "attended", "Circus")
        self._happened(20, "excused", "Concert", reason)
        self._happened(30, "absent", "Museum")
        self._happened(40, "confirmed", "Not recorded")
        self._note("First words", date=self._ago(50))
        self._note("Last words", date=self._ago(5), kind="call", shared=True)
        self.assertEqual(
            self._titles(),
            [
                "Call",
                "Milestone: first outing",
                "Outing: attendance, Circus",
                "Could not come: childcare. Outing: Concert",
                "Absence without news: Museum",
                "Interview",
            ],
        )
        first = self._thread()["lines"][0]
        self.assertEqual((first["note"], first["shared"]), ("Last words", True))
        self.assertEqual(first["by"], self.referent.name)
        self.assertIn(str(self._ago(5).year), first["month"])

    def test_what_was_cancelled(self):
        reason = self.env["culture.reason"].create(
            {"name": "Journey", "kind": "person"}
        )
        coming = self._outing(name="To come")
        line = self._register(coming, self.person)
        line.write(
            {"state": "cancelled", "cancelled_by": "person", "reason_id": reason.id}
        )
        thread = self._thread()["lines"]
        self.assertEqual(
            [event["title"] for event in thread],
            [
                "Milestone: first cancellation announced by the person",
                "Registration cancelled: To come. Reason: journey.",
            ],
        )
        self.assertIn(str(self.today.day), thread[0]["day"])

    def test_choices_and_pages(self):
        self._happened(1, "attended", "Circus")
        for day in range(42):
            self._note(str(day), date=self._ago(day))
        thread = self._thread()
        self.assertEqual((len(thread["lines"]), thread["more"]), (40, True))
        thread = self._thread(limit=80)
        self.assertEqual((len(thread["lines"]), thread["more"]), (44, False))
        self.assertEqual(self._titles(choice="outings"), ["Outing: attendance, Circus"])
        self.assertEqual(set(self._titles(choice="followups")), {"Interview"})
        self.assertEqual(len(self._titles(choice="nothing of ours")), 40)

    def test_reading_is_logged(self):
        log = self.env["culture.access.log"]
        mine = [("beneficiary_id", "=", self.person.id)]
        self.assertFalse(log.search(mine))
        self._thread()
        self.assertEqual(log.search(mine).user_id, self.referent)
        self._thread()
        self.assertEqual(len(log.search(mine)), 1)
        self.person.access_log_ids.sudo().unlink()
        followup = self._note()
        followup.action_correct()
        self.assertEqual(len(log.search(mine)), 1)

    def _queries(self, ask):
        for _ in ("cold", "warm"):
            self.env["culture.access"]._forget_reach()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            ask()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow(self):
        def fill(count, first):
            for day in range(first, first + count):
                self._happened(day, "attended", f"Outing {day}")
                self._happened(day + 500, "cancelled", f"Outing {day}")
                self._note(date=self._ago(day))

        followups = self.env["culture.followup"].with_user(self.referent)
        spec = {
            "date": {},
            "kind": {},
            "may_correct": {},
            "may_delete": {},
            "user_id": {"fields": {"display_name": {}}},
            "display_name": {},
        }

        def ask_list():
            return followups.web_search_read([], spec, limit=80)

        spent = []
        for first, count in ((1, 2), (3, 18)):
            fill(count, first)
            thread = self._queries(lambda: self._thread(limit=100))
            spent.append((thread, self._queries(ask_list)))
        self.assertEqual(spent[0], spent[1])
