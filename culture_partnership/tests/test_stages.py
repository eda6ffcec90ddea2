from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import CultureCase


class StageCase(CultureCase):
    """One person, and a way to let things happen on given days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._person()

    def setUp(self):
        super().setUp()
        self.mine = self.person.with_user(self.referent)

    def _goes(self, day, escorts=(), **line):
        """Registered and attended on a day, 20:00 UTC.

        :return: ``culture.registration``, as the referent
        """
        begin = datetime.fromisoformat(f"{day} 20:00:00")
        with freeze_time(f"{day} 08:00:00"):
            outing = self._outing(
                date_begin=begin, escort_ids=[relay.id for relay in escorts]
            )
            registration = self._register(outing, self.person, **line)
        with freeze_time(f"{day} 20:30:00"):
            registration.action_record("attended")
        return registration

    def _cancels(self, day, **vals):
        begin = datetime.fromisoformat(f"{day} 20:00:00")
        with freeze_time(f"{day} 08:00:00"):
            registration = self._register(
                self._outing(date_begin=begin), self.person, **vals
            )
            registration.action_cancel()
        return registration

    def _milestones(self):
        return {
            kind: (str(day), line_id)
            for kind, (day, line_id) in self.mine._milestones()
            .get(self.person.id, {})
            .items()
        }

    def _proposal(self):
        self.mine.invalidate_recordset()
        return self.mine.stage_proposal


@tagged("post_install", "-at_install")
class TestMilestones(StageCase):
    """What happened for the first time, found in what is noted anyway."""

    def test_first_outing(self):
        self.assertEqual(self._milestones(), {})
        second = self._goes("2027-03-20")
        first = self._goes("2027-03-12")
        self.assertEqual(self._milestones(), {"outing": ("2027-03-12", first.id)})
        with freeze_time("2027-03-12 21:00:00"):
            first.action_undo()
        self.assertEqual(self._milestones(), {"outing": ("2027-03-20", second.id)})

    def test_without_a_relay_after_one_with(self):
        relay = self._relay_card()
        alone = self._goes("2027-02-10")
        self.assertEqual(self._milestones(), {"outing": ("2027-02-10", alone.id)})
        self._goes("2027-02-20", relay)
        self.assertNotIn("alone", self._milestones())
        again = self._goes("2027-03-10")
        self._goes("2027-03-20")
        self.assertEqual(self._milestones()["alone"], ("2027-03-10", again.id))

    def test_a_relay_who_left_was_there_all_the_same(self):
        relay = self._relay_card()
        self._goes("2027-02-20", relay)
        relay.active = False
        second = self._goes("2027-03-10")
        self.assertEqual(self._milestones()["alone"], ("2027-03-10", second.id))

    def test_warned_of_not_coming(self):
        with freeze_time("2027-03-01 08:00:00"):
            outing = self._outing(date_begin=datetime(2027, 3, 30, 18))
            queued = self._register(outing, self.person, state="waiting")
            queued.action_cancel()
        self.assertEqual(self._milestones(), {}, "who only waited held no place")
        self._cancels("2027-03-02").sudo().cancelled_by = "structure"
        self.assertEqual(self._milestones(), {})
        warned = self._cancels("2027-03-03")
        self._cancels("2027-03-04")
        self.assertEqual(self._milestones(), {"warned": ("2027-03-03", warned.id)})

    def test_proposed_by_the_person(self):
        with freeze_time("2027-03-01 08:00:00"):
            outing = self._outing(date_begin=datetime(2027, 3, 30, 18))
            registration = self._register(outing, self.person, proposed_by_person=True)
        self.assertTrue(registration.proposed_by_person)
        self.assertEqual(
            self._milestones(), {"proposed": ("2027-03-01", registration.id)}
        )
        registration.proposed_by_person = False
        self.assertEqual(self._milestones(), {})

    def test_ticked_in_the_assistant(self):
        outing = self._outing()
        action = self.mine.action_register()
        assistant = self.env["culture.register"].with_user(self.referent)
        assistant = assistant.browse(action["res_id"])
        line = assistant.line_ids.filtered(lambda x: x.outing_id == outing)
        line.write({"selected": True, "proposed_by_person": True})
        assistant.action_confirm()
        registration = self.person.registration_ids
        self.assertEqual(registration.outing_id, outing)
        self.assertTrue(registration.proposed_by_person)

    def test_a_group_proposes_nothing(self):
        group = {"group_label": "Desk", "adults": 3, "proposed_by_person": True}
        outing = self._outing().with_user(self.referent)
        lines = outing.env["culture.registration"].browse(
            outing.action_register([group])
        )
        self.assertFalse(lines.proposed_by_person)

    def test_the_thread_tells_them(self):
        registration = self._goes("2027-03-12", proposed_by_person=True)
        told = self.mine.read_timeline()["lines"]
        self.assertEqual(
            [(line["day"], line["title"]) for line in told],
            [
                ("12 March", "Milestone: first outing proposed by the person"),
                ("12 March", "Milestone: first outing"),
                ("12 March", "Outing: attendance, The Tempest"),
            ],
        )
        self.assertEqual(len({line["key"] for line in told}), 3)
        for choice, milestones in (("goals", 2), ("outings", 0), ("followups", 0)):
            events = self.mine._timeline_events(choice)
            found = [r for __, r in events if r._name == "culture.timeline.milestone"]
            self.assertEqual(len(found), milestones, choice)
        self.assertEqual(registration.state, "attended")

    def test_as_many_queries_for_a_hundred_outings(self):
        spent = []
        for months in ((1,), range(2, 10)):
            for month in months:
                self._goes(f"2027-{month:02}-12", proposed_by_person=True)
            self.mine.read_timeline()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.mine.read_timeline()
            spent.append(self.env.cr.sql_log_count - before)
        few, many = spent
        self.assertLessEqual(many, few)


@tagged("post_install", "-at_install")
class TestStageProposals(StageCase):
    """Proposed by what happens, never forced, asked once."""

    def _note(self, day):
        with freeze_time(f"{day} 10:00:00"):
            return self.mine.env["culture.followup"].create(
                {"beneficiary_id": self.person.id, "date": day}
            )

    def test_first_contact(self):
        self.assertFalse(self._proposal())
        self._note("2027-03-01")
        self.assertEqual(
            self._proposal(),
            "Stage proposed: First contact. A first follow-up is noted.",
        )
        self.assertEqual(self.person.stage, "orientation", "nothing moves by itself")
        self.mine.action_take_stage()
        self.assertEqual(self.person.stage, "first_contact")
        self.assertFalse(self._proposal())

    def test_first_registration(self):
        registration = self._register(self._outing(), self.person)
        self.assertIn("A first registration is made.", self._proposal())
        registration.action_cancel()
        self.assertFalse(self._proposal())

    def test_accompaniment_after_a_first_outing(self):
        self._note("2027-03-01")
        self._goes("2027-03-12")
        self.assertEqual(
            self._proposal(),
            "Stage proposed: Accompaniment. First outings done.",
        )
        self.mine.action_take_stage()
        self.assertEqual(self.person.stage, "accompanied")
        self.assertFalse(self._proposal())

    def test_accompaniment_once_a_plan_is_written(self):
        plans = self.mine.env["culture.accompaniment"]
        plan = plans.create({"beneficiary_id": self.person.id, "words": "Sing again"})
        self.assertEqual(
            self._proposal(),
            "Stage proposed: Accompaniment. A plan is written together.",
        )
        self.mine.action_take_stage()
        plan.action_new_version()
        self.assertFalse(self._proposal())

    def test_autonomy_after_two_milestones_of_three(self):
        self.person.stage = "accompanied"
        self._goes("2027-03-12", proposed_by_person=True)
        self.assertFalse(self._proposal(), "one is not enough")
        self._cancels("2027-03-20")
        self.assertEqual(
            self._proposal(),
            "Stage proposed: Autonomy. First cancellation announced by the person. "
            "First outing proposed by the person.",
        )
        self.mine.action_take_stage()
        self.assertEqual(self.person.stage, "autonomous")
        self.mine.stage = "accompanied"
        self.assertFalse(self._proposal(), "what was taken is not proposed again")

    def test_not_now_is_for_the_same_event_only(self):
        self.person.stage = "accompanied"
        relay = self._relay_card()
        self._goes("2027-03-12", relay, proposed_by_person=True)
        self._cancels("2027-03-20")
        self.mine.action_leave_stage()
        self.assertEqual(self.person.stage, "accompanied")
        self.assertFalse(self._proposal())
        self._cancels("2027-03-21")
        self.assertFalse(self._proposal(), "a second warning is no new milestone")
        self._goes("2027-03-25")
        self.assertIn("Autonomy. First outing without a relay.", self._proposal())

    def test_left_for_the_furthest_the_nearer_is_proposed(self):
        self._note("2027-03-01")
        self._goes("2027-03-12")
        self.mine.action_leave_stage()
        self.assertIn("First contact", self._proposal())
        self.mine.action_leave_stage()
        self.assertFalse(self._proposal())

    def test_paused_and_seen_again(self):
        self._note("2027-03-01")
        with freeze_time("2027-03-10 10:00:00"):
            self.mine.action_pause()
        self._note("2027-03-10")
        self.assertFalse(self._proposal(), "the note on the day of the pause")
        self._note("2027-05-02")
        self.assertEqual(
            self._proposal(),
            "Stage proposed: Accompaniment. A follow-up is noted.",
        )
        self.mine.action_leave_stage()
        self.assertFalse(self._proposal())
        self._note("2027-05-20")
        self.assertIn("A follow-up is noted.", self._proposal())
        self.mine.action_leave_stage()
        with freeze_time("2027-06-01 10:00:00"):
            self._register(self._outing(), self.person)
        self.assertIn("A registration is made.", self._proposal())

    def test_ended_is_ended(self):
        with freeze_time("2027-03-10 10:00:00"):
            self.mine.action_end()
        self._note("2027-05-02")
        self.assertFalse(self._proposal())

    def test_coming_back_is_one_click(self):
        """To where it had got to, and to no less than a first contact."""
        for before, after in (
            ("orientation", "first_contact"),
            ("first_contact", "first_contact"),
            ("accompanied", "accompanied"),
            ("autonomous", "accompanied"),
        ):
            for leave in ("action_pause", "action_end"):
                with self.subTest(before=before, leave=leave):
                    self.mine.stage = before
                    getattr(self.mine, leave)()
                    self.mine.action_resume()
                    self.assertEqual(self.person.stage, after)
        self.mine.stage = "orientation"
        self._goes("2027-03-12")
        self.mine.action_end()
        self.mine.action_resume()
        self.assertEqual(self.person.stage, "accompanied")

    def test_paused_then_ended_comes_back_to_where_it_was(self):
        self.mine.stage = "first_contact"
        self.mine.action_pause()
        self.mine.action_end()
        self.mine.action_resume()
        self.assertEqual(self.person.stage, "first_contact")

    def test_found_by_the_filter(self):
        far = self._person("Far", self.far_card)
        proposed = [("has_stage_proposal", "=", True)]
        people = self.env["culture.beneficiary"]
        self.assertFalse(people.with_user(self.referent).search(proposed))
        self._note("2027-03-01")
        self._register(self._outing(structure_id=self.south.id), far, self.far_referent)
        for user, found in (
            (self.referent, self.person),
            (self.coordinator, self.person),
            (self.far_referent, far),
            (self.colleague, people),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(people.with_user(user).search(proposed), found)
        self.mine.action_leave_stage()
        self.assertFalse(people.with_user(self.coordinator).search(proposed))

    def test_as_many_queries_for_many(self):
        people, spent = self.env["culture.beneficiary"], []
        proposed = [("has_stage_proposal", "=", True)]
        outing = self._outing(seats=100)
        for count in (4, 40):
            self._register(outing, self._people(count))
            mine = people.with_user(self.referent)
            mine.search(proposed)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = mine.search(proposed)
            found.mapped("stage_proposal")
            spent.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(found), 44)
        few, many = spent
        self.assertLessEqual(many, few)


@tagged("post_install", "-at_install", "security")
class TestStageRights(StageCase):
    """Threat: a stage is moved, or an event learned, by who may not open the file."""

    def test_who_may_not_open_it(self):
        self._goes("2027-03-12")
        for user in (self.colleague, self.far_coordinator, self.administrator):
            theirs = self.person.with_user(user)
            for act in ("action_take_stage", "action_leave_stage", "action_resume"):
                with self.subTest(user=user.login, act=act):
                    self.assertRefusedAccess(getattr(theirs, act))
        self.assertEqual(self.person.stage, "orientation")

    def assertRefusedAccess(self, act):
        with self.assertRefused("does not exist or is not open to you"):
            act()
