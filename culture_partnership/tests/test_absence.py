from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CultureCase

TYPE = "culture_partnership.activity_type_absence"
VENUE_TYPE = "culture_partnership.activity_type_venue"
EVENING = datetime(2027, 3, 11, 19, 30)
QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class AbsenceCase(CultureCase):
    """An evening in March 2027, and the days after it."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-03-01 09:00:00"))

    def _absent(self, person, days=0, user=None, state="absent", **recorded):
        """A registration of `person` on which somebody records an absence."""
        begin = EVENING + timedelta(days=days)
        outing = self._outing(date_begin=begin)
        line = self._register(outing, person, self.coordinator)
        if line.state == "requested":
            line.action_confirm()
        with freeze_time(begin + timedelta(hours=1)):
            line.with_user(user or self.coordinator).action_record(state, **recorded)
        return line

    def _tasks(self, person):
        kind = self.env.ref(TYPE)
        return person.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def _reason(self, name):
        return self.env.ref(f"culture_partnership.reason_absence_{name}")

    def _talk(self, line, reason, user=None):
        action = line.with_user(user or self.referent).action_talk()
        talk = self.env[action["res_model"]].browse(action["res_id"])
        talk = talk.with_user(user or self.referent)
        talk.reason_id = self._reason(reason)
        return talk


@tagged("post_install", "-at_install")
class TestAbsenceTask(AbsenceCase):
    """An absence without news: a task to talk about it, once, with a way back."""

    def test_a_task_once_for_who_follows_without_a_name(self):
        person = self._person("Ada")
        line = self._absent(person)
        [task] = self._tasks(person)
        self.assertEqual(task.user_id, self.referent)
        self.assertEqual(
            task.summary, f"File {person.reference}: talk it over together"
        )
        self.assertNotIn("Ada", f"{task.summary} {task.res_name} {task.note}")
        self.assertFalse(line.reason_id)
        with freeze_time(EVENING + timedelta(hours=2)):
            line.action_record("absent")
        self._absent(person, days=7)
        self.assertEqual(self._tasks(person), task)

    def test_it_follows_what_is_recorded(self):
        """Undone, excused, or the reason known: there is nothing to ask any more."""
        person = self._person()
        line = self._absent(person)
        with freeze_time(EVENING + timedelta(hours=2)):
            for end in (
                line.action_undo,
                lambda: line.action_record("excused"),
                lambda: line.action_set_absence_reason(self._reason("evening").id),
            ):
                self.assertTrue(self._tasks(person))
                end()
                self.assertFalse(self._tasks(person))
                if line.state != "confirmed":
                    line.action_undo()
                line.action_record("absent")

    def test_nobody_is_asked_of_a_group_or_who_came(self):
        with self.subTest("excused"):
            person = self._person()
            self._absent(person, state="excused")
            self.assertFalse(self._tasks(person))
        outing = self._outing(date_begin=EVENING)
        group = self.env["culture.registration"].with_user(self.referent)
        group = group.create({"outing_id": outing.id, "group_label": "Desk"})
        with freeze_time(EVENING + timedelta(hours=1)):
            group.action_record("absent")
        self.assertTrue(group.to_understand)
        self.assertFalse(group.with_user(self.colleague).has_access("read"))

    def test_who_replaces_then_who_coordinates(self):
        person = self._person()
        self.referent_card.write(
            {
                "replacement_id": self.colleague_card.id,
                "replacement_start": "2027-03-08",
                "replacement_end": "2027-03-15",
            }
        )
        with freeze_time(EVENING + timedelta(hours=1)):
            self.assertEqual(person._who_is_there(), self.colleague)
        alone = self._person(referent=self.env["culture.referent"])
        alone.structure_id = self.north
        self._absent(alone)
        self.assertEqual(self._tasks(alone).user_id, self.coordinator)

    def test_a_handover_takes_it_along(self):
        person = self._person()
        self._absent(person)
        person.referent_id = self.colleague_card
        self.assertEqual(self._tasks(person).user_id, self.colleague)

    def test_filter_card_and_banner(self):
        person = self._person()
        line = self._absent(person)
        lines = self.env["culture.registration"].with_user(self.referent)
        due = [("to_understand", "=", True)]
        self.assertEqual(lines.search(due), line)
        mine = person.with_user(self.referent)
        self.assertEqual(mine.card_badge, "Absence to understand")
        self.assertTrue(mine.absence_to_understand)
        steps = self.env["culture.first.steps"].with_user(self.referent)
        [item] = [
            i for i in steps.get_todo("culture.beneficiary") if "absen" in i["key"]
        ]
        self.assertEqual(item["count"], 1)
        line.with_user(self.referent).action_set_absence_reason(
            self._reason("no_news_yet").id
        )
        self.assertEqual(lines.search(due), line)
        self.assertTrue(self._tasks(person))
        line.with_user(self.referent).action_set_absence_reason(
            self._reason("rather_not_say").id
        )
        self.assertFalse(lines.search(due))
        self.assertFalse(self._tasks(person))
        self.assertFalse(mine.absence_to_understand)

    def test_without_its_type_attendance_is_still_recorded(self):
        self.env.ref(TYPE).unlink()
        line = self._absent(self._person())
        self.assertEqual(line.state, "absent")

    def test_nobody_absent_costs_nothing(self):
        """Many are registered in ten statements, and recorded in six."""
        outing = self._outing(date_begin=EVENING, seats=100)
        people = self._people(40)
        self._register(outing, self._person(), self.coordinator)
        self.env.flush_all()
        with self.assertQueryCount(10):
            lines = self._register(outing, people, self.coordinator)
            self.env.flush_all()
        with freeze_time(EVENING + timedelta(hours=1)):
            self.env["culture.access"]._reach()
            lines.mapped("state")
            with self.assertQueryCount(6):
                lines.write({"state": "attended"})
                self.env.flush_all()


@tagged("post_install", "-at_install")
class TestAbsenceTalk(AbsenceCase):
    """The assistant: what got in the way, a lever, the next outing."""

    def test_barrier_and_lever_become_the_person_s(self):
        person = self._person()
        line = self._absent(person)
        talk = self._talk(line, "journey")
        barrier = self.env.ref("culture_partnership.barrier_journey")
        self.assertEqual(talk.lever_id, barrier.lever_ids[:1])
        talk.lever_id = barrier.lever_ids[1]
        talk.action_done()
        self.assertEqual(line.reason_id, self._reason("journey"))
        [noted] = person.barrier_line_ids
        self.assertEqual(noted.barrier_id, barrier)
        self.assertEqual(noted.lever_id, barrier.lever_ids[1])
        self.assertFalse(self._tasks(person))
        noted.state = "lifted"
        again = self._talk(self._absent(person, days=7), "journey")
        self.assertEqual(again.lever_id, barrier.lever_ids[1])
        again.action_done()
        self.assertEqual(person.barrier_line_ids, noted)
        self.assertEqual(noted.state, "current")

    def test_no_news_yet_is_asked_again_in_a_week(self):
        person = self._person()
        talk = self._talk(self._absent(person), "no_news_yet")
        talk.action_done()
        [task] = self._tasks(person)
        self.assertEqual(task.date_deadline, fields.Date.to_date("2027-03-08"))
        self.assertFalse(person.barrier_line_ids)

    def test_the_entrance_is_asked_of_the_venue_not_of_the_person(self):
        people = self._people(2)
        lines = [self._absent(person) for person in people]
        outing = lines[0].outing_id
        kind = self.env.ref(VENUE_TYPE)
        for line in lines:
            line.with_user(self.coordinator).action_set_absence_reason(
                self._reason("refused_at_door").id
            )
        tasks = outing.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        self.assertEqual(len(tasks), 1)
        self.assertEqual(tasks.user_id, outing.user_id)
        self.assertNotIn("Person", f"{tasks.summary} {tasks.note}")
        self.assertFalse(self._tasks(people[0]))
        self.assertFalse(people.barrier_line_ids)

    def test_a_reason_is_asked_for_and_the_state_is_read_again(self):
        line = self._absent(self._person())
        talk = self._talk(line, "evening")
        talk.reason_id = False
        with self.assertRefused("Choose one of the list"):
            talk.action_done()
        talk.reason_id = self._reason("evening")
        with freeze_time(EVENING + timedelta(hours=2)):
            line.action_undo()
        with self.assertRefused("has changed meanwhile"):
            talk.action_done()

    def test_the_next_outing_is_one_button_away(self):
        person = self._person()
        talk = self._talk(self._absent(person), "evening")
        action = talk.action_find_outing()
        self.assertEqual(action["res_model"], "culture.register")
        register = self.env["culture.register"].browse(action["res_id"])
        self.assertEqual(register.beneficiary_id, person)
        self.assertTrue(person.barrier_line_ids)

    @mute_logger(*QUIET)
    def test_not_for_who_does_not_follow(self):
        """Threat: the dialog of an absence outlives the access to the file."""
        person = self._person()
        line = self._absent(person)
        for user in (self.colleague, self.far_coordinator, self.administrator):
            with self.assertRaises(AccessError):
                line.with_user(user).action_talk()
        talk = self._talk(line, "evening")
        person.referent_id = self.colleague_card
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            talk.read(["reason_id"])
        with self.assertRaises(AccessError):
            talk.action_done()


@tagged("post_install", "-at_install")
class TestThirdAbsence(AbsenceCase):
    """I8: after the third in a season, one talks first; nothing is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._person("Ada")

    def _thrice(self):
        return [self._absent(self.person, days=days) for days in (0, 7, 14)]

    def _next(self, days=40, user=None, **line):
        outing = self._outing(date_begin=EVENING + timedelta(days=days))
        return self._register(outing, self.person, user, **line)

    def test_every_way_in_stays_requested_and_takes_no_place(self):
        self._thrice()
        lines = self.env["culture.registration"].with_user(self.referent)
        with freeze_time("2027-03-28 09:00:00"):
            by_rpc = self._next()
            outings = [
                self._outing(date_begin=EVENING + timedelta(days=days))
                for days in (50, 60)
            ]
            created = lines.create(
                {"outing_id": outings[0].id, "beneficiary_id": self.person.id}
            )
            loaded = lines.browse(
                lines.load(
                    ["outing_id/.id", "beneficiary_id/.id"],
                    [[str(outings[1].id), str(self.person.id)]],
                )["ids"]
            )
            for line in (by_rpc, created, loaded):
                self.assertEqual(line.state, "requested")
                self.assertEqual(line.outing_id.seats_taken, 0)
                self.assertTrue(line.after_talk)
            others = self._register(by_rpc.outing_id, self._person("Blaise"))
            self.assertEqual(others.state, "confirmed")
            self.assertFalse(others.after_talk)

    def test_one_exchange_is_enough_until_another_absence(self):
        self._thrice()
        with freeze_time("2027-03-28 09:00:00"):
            line = self._next()
            line.action_confirm()
            self.assertEqual(line.state, "confirmed")
            self.assertEqual(self._next(days=50).state, "confirmed")
        with freeze_time("2027-05-20 09:00:00"):
            self._absent(self.person, days=75)
        with freeze_time("2027-05-30 09:00:00"):
            self.assertEqual(self._next(days=90).state, "requested")

    def test_two_are_none_nor_what_the_venue_did(self):
        self._absent(self.person)
        self._absent(self.person, days=7)
        self._absent(self.person, days=14, reason_id=self._reason("refused_at_door").id)
        self._absent(self.person, days=21, state="excused")
        with freeze_time("2027-04-03 09:00:00"):
            self.assertEqual(self._next().state, "confirmed")

    def test_each_season_starts_afresh(self):
        self._thrice()
        # the first of September begins two hours earlier in UTC
        for days, moment, state in (
            (300, "2027-08-31 21:59:00", "requested"),
            (310, "2027-08-31 22:01:00", "confirmed"),
        ):
            with freeze_time(moment):
                self.assertEqual(self._next(days).state, state, moment)

    def test_a_place_in_the_queue_is_kept(self):
        self._thrice()
        with freeze_time("2027-03-28 09:00:00"):
            self.assertEqual(self._next(state="waiting").state, "waiting")

    def test_the_assistant_says_so_before_and_after(self):
        self._thrice()
        with freeze_time("2027-03-28 09:00:00"):
            outing = self._outing(date_begin=EVENING + timedelta(days=40))
            register = self.env["culture.register"].with_user(self.referent)
            register = register.browse(
                register._action_open(outing=outing.with_user(self.referent))["res_id"]
            )
            line = register.line_ids.filtered(
                lambda line: line.beneficiary_id == self.person
            )
            line.selected = True
            self.assertIn("Third absence without news", register.warnings)
            notice = register.action_confirm()["params"]
            self.assertIn("to confirm after talking it over", notice["message"])
            self.assertNotIn("place confirmed", notice["message"])

    def test_nothing_of_it_is_stored(self):
        """No figure and no mark of a person: it is counted when it is asked."""
        names = set(self.env["culture.beneficiary"]._fields)
        stored = {
            name
            for name in names
            if "absen" in name and self.env["culture.beneficiary"]._fields[name].store
        }
        self.assertFalse(stored)


@tagged("post_install", "-at_install")
class TestFreeingAPlace(AbsenceCase):
    """Who gives a place back is asked: only the person's own warning is a step."""

    def _free(self, line, cancelled_by, reason=None):
        action = line.with_user(self.referent).action_free_place()
        dialog = self.env[action["res_model"]].with_user(self.referent)
        dialog = dialog.with_context(**action["context"]).create({})
        self.assertFalse(dialog.cancelled_by)
        if cancelled_by:
            dialog.cancelled_by = cancelled_by
        dialog.reason_id = reason
        return dialog

    def test_only_the_person_s_own_is_a_milestone(self):
        for who, kind, told in (
            ("structure", "structure", False),
            ("person", "person", True),
        ):
            person = self._person(who)
            line = self._register(self._outing(date_begin=EVENING), person)
            reason = self.env["culture.reason"].search(
                [("kind", "=", kind), ("company_id", "=", self.company.id)], limit=1
            )
            self._free(line, who, reason).action_free()
            self.assertEqual(
                (line.state, line.cancelled_by, line.reason_id),
                ("cancelled", who, reason),
            )
            self.assertEqual("warned" in person._milestones().get(person.id, {}), told)
            self.assertEqual(line.outing_id.seats_taken, 0)

    def test_it_is_asked_and_only_while_a_place_is_held(self):
        line = self._register(self._outing(date_begin=EVENING), self._person())
        with self.assertRefused("Who gives it back"):
            self._free(line, False).action_free()
        dialog = self._free(line, "person")
        line.action_cancel("structure")
        with self.assertRefused("has changed meanwhile"):
            dialog.action_free()

    def test_down_to_the_last_minute_wherever_one_is(self):
        """A minute before the start by the clock of Paris, asked from overseas."""
        self.referent.tz = "Pacific/Noumea"
        outing = self._outing(date_begin=EVENING)
        first, second = self._register(outing, self._people(2))
        with freeze_time(EVENING - timedelta(minutes=1)):
            self._free(first, "person").action_free()
            self.assertEqual(outing.seats_taken, 1)
            with self.assertRefused("recorded from 20:30"):
                second.action_record("absent")
        with freeze_time(EVENING):
            with self.assertRefused("record the attendance"):
                self._free(second, "person").action_free()
            for state in ("excused", "absent", "attended"):
                second.action_record(state)
                self.assertEqual(second.state, state)
