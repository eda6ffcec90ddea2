from contextlib import suppress
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CultureCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class PlanCase(CultureCase):
    """One person of the referent, and a plan begun from the file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._person()
        cls.today = cls.company._culture_today()

    def _plan(self, user=None, person=None, **vals):
        """:return: the ``culture.accompaniment`` begun by the button, as that user"""
        user = user or self.referent
        person = (person or self.person).with_user(user)
        plan = self._shown(person.action_write_plan(), user)
        if vals:
            plan.write(vals)
        return plan

    def _shown(self, action, user=None):
        records = self.env[action["res_model"]].with_user(user or self.referent)
        return records.browse(action["res_id"])

    def _goal(self, plan, **vals):
        vals = {"accompaniment_id": plan.id, "name": "See a play", **vals}
        return plan.goal_ids.create(vals)

    def _later(self, days):
        return self.today + timedelta(days=days)


@tagged("post_install", "-at_install")
class TestPlan(PlanCase):
    """The plan: begun once, written as a page, followed by another version."""

    def test_begun_once_from_the_file(self):
        plan = self._plan()
        self.assertTrue(plan.is_empty)
        self.assertEqual(plan.version, 1)
        self.assertEqual(plan.date_start, self.today)
        self.assertEqual(plan.referent_id, self.referent_card)
        self.assertEqual(plan.structure_id, self.north)
        self.assertEqual(self._plan(), plan)
        self.assertEqual(self.person.with_user(self.referent).plan_id, plan)
        with self.assertRefused("has a plan already"):
            plan.create({"beneficiary_id": self.person.id})
        with self.assertRefused("has a plan already"):
            plan.copy()
        goal = self._goal(plan)
        self.assertEqual(goal.copy().beneficiary_id, self.person)

    def test_written_as_a_page(self):
        barrier = self.env.ref("culture_partnership.barrier_journey")
        circus = self.env.ref("culture_partnership.discipline_circus")
        with Form(self._plan()) as form:
            form.words = "I would like to laugh"
            form.wish_with = "My sister"
            form.discipline_ids.add(circus)
            with form.goal_ids.new() as goal:
                goal.name = "See a circus"
                goal.small_step = "Look at the programme"
                goal.discipline_id = circus
            with form.barrier_line_ids.new() as line:
                line.barrier_id = barrier
                self.assertEqual(line.lever_id, barrier.lever_ids[0])
            form.who_does_what = "Nadia asks for the places"
            form.review_date = self._later(30)
            form.agreed_date = self.today
        plan = form.record
        self.assertFalse(plan.is_empty)
        self.assertEqual(plan.goal_ids.beneficiary_id, self.person)
        self.assertEqual(plan.goal_ids.state, "to_come")
        self.assertEqual(self.person.discipline_ids, circus)
        self.assertEqual(self.person.barrier_ids, barrier)
        self.assertEqual(self.person.barrier_line_ids.lever_id, barrier.lever_ids[0])

    def test_the_day_to_meet_again_is_a_task(self):
        plan = self._plan(review_date=self._later(30))
        activity = self.person.activity_ids
        self.assertEqual(activity.user_id, self.referent)
        self.assertEqual(activity.date_deadline, self._later(30))
        self.assertIn(self.person.reference, activity.summary)
        self.assertNotIn("Ada", activity.summary + activity.res_name)
        plan.review_date = self._later(20)
        self.assertEqual(self.person.activity_ids, activity)
        self.assertEqual(activity.date_deadline, self._later(20))
        plan.review_date = False
        self.assertFalse(self.person.activity_ids)

    def test_impossible_values_are_refused_by_name(self):
        plan = self._plan()
        with self.assertRefused("We meet again on: give a day"):
            plan.review_date = self._later(-1)
        for vals, pattern in (
            ({"review_date": "9999-01-01"}, "We meet again on: check the year"),
            ({"agreed_date": self._later(1)}, "Reread with the person on"),
            ({"agreed_date": "0202-11-24"}, "Reread with the person on"),
            ({"words": "x" * 5001}, "In the person’s own words: 5000 characters"),
        ):
            with self.subTest(vals=vals), self.assertRefused(pattern, ValidationError):
                plan.write(vals)
        for vals, pattern in (
            ({"name": " "}, "Goal: fill it in"),
            ({"state": False}, "Where it stands: fill it in"),
        ):
            with self.subTest(vals=vals), self.assertRefused(pattern):
                self._goal(plan, **vals)
        for vals, pattern in (
            ({"name": "x" * 501}, "Goal: 500 characters"),
            ({"due_date": "9999-01-01"}, "By when: check the year"),
        ):
            with self.subTest(vals=vals), self.assertRefused(pattern, ValidationError):
                self._goal(plan, **vals)

    def test_what_the_application_fills_nobody_gives(self):
        plan = self._plan()
        goal = self._goal(plan)
        for record, vals in (
            (plan, {"version": 7}),
            (plan, {"date_end": self.today}),
            (plan, {"referent_id": self.colleague_card.id}),
            (plan, {"structure_id": self.south.id}),
            (plan, {"previous_id": plan.id}),
            (goal, {"reached_date": self.today}),
        ):
            with (
                self.subTest(vals=vals),
                self.assertRefused("application", AccessError),
            ):
                record.write(vals)
        other = self._person("Other")
        with self.assertRefused("stays with its person"):
            plan.beneficiary_id = other
        with self.assertRefused("stays with its person"):
            goal.accompaniment_id = self._plan(person=other)

    def test_a_new_version_keeps_the_former(self):
        barrier = self.env.ref("culture_partnership.barrier_journey")
        circus = self.env.ref("culture_partnership.discipline_circus")
        self.person.write({"barrier_ids": barrier.ids, "discipline_ids": circus.ids})
        plan = self._plan(words="At first", review_date=self._later(30))
        kept = self._goal(plan, small_step="Call", state="ongoing")
        self._goal(plan, name="Reached", state="reached")
        following = self._shown(plan.action_new_version())
        self.assertEqual((following.version, following.previous_id), (2, plan))
        self.assertEqual(following.words, "At first")
        self.assertEqual(following.goal_ids.mapped("name"), [kept.name])
        self.assertEqual(following.goal_ids.state, "ongoing")
        self.assertFalse(following.agreed_date)
        self.assertEqual(len(self.person.activity_ids), 1)
        self.assertEqual(plan.date_end, self.today)
        self.assertEqual(len(plan.goal_ids), 2)
        person = self.person.with_user(self.referent)
        self.assertEqual((person.plan_id, person.former_plan_ids), (following, plan))
        self.assertEqual(person.goal_reached_count, 1)
        self.assertEqual(plan.read(["words"])[0]["words"], "At first")
        # what the file said then stays said, whatever becomes of it
        self.person.write({"barrier_ids": False, "discipline_ids": False})
        self.assertEqual(plan.wish_what, circus.name)
        self.assertIn(barrier.name, plan.barriers_then)
        self.assertIn(barrier.name, str(plan._plan_page()))

    def test_an_ended_version_is_not_changed(self):
        plan = self._plan()
        goal = self._goal(plan)
        plan.action_new_version()
        for act in (
            lambda: plan.write({"words": "Changed"}),
            lambda: plan.write({"goal_ids": [Command.create({"name": "New"})]}),
            lambda: plan.write({"discipline_ids": [Command.clear()]}),
            lambda: goal.write({"state": "reached"}),
            lambda: self._goal(plan),
            lambda: goal.action_find_outing(),
            lambda: plan.action_new_version(),
        ):
            with self.assertRefused("Version 1 of the plan is ended"):
                act()

    def test_it_goes_with_the_person(self):
        plan = self._plan(review_date=self._later(10))
        goal = self._goal(plan)
        former = plan
        plan = self._shown(plan.action_new_version())
        self.person.with_user(self.coordinator).referent_id = self.colleague_card
        self.assertEqual(plan.sudo().referent_id, self.colleague_card)
        self.assertEqual(former.sudo().referent_id, self.referent_card)
        self.assertEqual(self.person.activity_ids.user_id, self.colleague)
        for record in (plan, former, goal):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                record.read(["display_name"])
            self.assertTrue(record.with_user(self.colleague).read(["display_name"]))
        plan.with_user(self.colleague).words = "Taken over"
        self.person.structure_id = self.south
        for record in (plan, former, goal):
            self.assertEqual(record.sudo().structure_id, self.south)

    def test_a_plan_without_referent_is_told_to_who_follows_next(self):
        self.person.referent_id = False
        plan = self.env["culture.accompaniment"].create(
            {"beneficiary_id": self.person.id, "review_date": self._later(10)}
        )
        self.assertFalse(self.person.activity_ids)
        self.person.referent_id = self.referent_card
        self.assertEqual(plan.referent_id, self.referent_card)
        self.assertEqual(self.person.activity_ids.user_id, self.referent)

    def test_the_coordination_reads_it(self):
        plan = self._plan(words="Words")
        self.assertTrue(plan.may_change)
        seen = plan.with_user(self.coordinator)
        self.assertFalse(seen.may_change)
        self.assertEqual(seen.words, "Words")
        self.assertEqual(self.person.with_user(self.coordinator).plan_id, plan)
        self.assertEqual(self._plan(self.coordinator), plan)
        for act in (
            lambda: seen.write({"words": "Changed"}),
            seen.action_new_version,
            lambda: self._goal(seen),
            lambda: self._plan(self.coordinator, self._person("Other")),
        ):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                act()

    def test_its_days_are_the_company_s(self):
        """At one in the morning in Paris it is the day before in UTC."""
        with freeze_time("2026-11-24 23:30:00"):
            plan = self._plan()
            self.assertEqual(str(plan.date_start), "2026-11-25")
            goal = self._goal(plan, state="reached")
            self.assertEqual(str(goal.reached_date), "2026-11-25")
            plan.agreed_date = "2026-11-25"

    def test_its_page_is_an_opening_of_the_file(self):
        plan = self._plan()
        log = self.env["culture.access.log"].search
        before = log([("beneficiary_id", "=", self.person.id)])
        plan.log_opening()
        rows = log([("beneficiary_id", "=", self.person.id)]) - before
        self.assertEqual(rows.user_id, self.referent)
        self.assertEqual(self._shown(plan.action_read_version()), plan)

    def test_the_paper(self):
        circus = self.env.ref("culture_partnership.discipline_circus")
        self.person.write(
            {"chosen_name": "Adou", "last_name": "Zyxsecret", "discipline_ids": circus}
        )
        plan = self._plan(words="I would like <b>to laugh</b>", agreed_date=self.today)
        self._goal(plan, small_step="Look at the programme")
        report = self.env["ir.actions.report"].with_user(self.referent)
        name = "culture_partnership.report_plan"
        html = report._render_qweb_html(name, plan.ids)[0].decode()
        self.assertIn("I would like &lt;b&gt;to laugh", html)
        self.assertLess(html.index("to laugh"), html.index("See a play"))
        for said in ("Adou", "Look at the programme", circus.name, "Reread together"):
            self.assertIn(said, html)
        for hidden in ("Zyxsecret", self.person.reference):
            self.assertNotIn(hidden, html)


@tagged("post_install", "-at_install")
class TestGoal(PlanCase):
    """Goals: their states, the outing that serves them, what the thread says."""

    def test_the_day_it_is_reached(self):
        goal = self._goal(self._plan())
        self.assertFalse(goal.reached_date)
        goal.state = "reached"
        self.assertEqual(goal.reached_date, self.today)
        with freeze_time(self._later(3)):
            goal.write({"state": "reached", "small_step": "More"})
            self.assertEqual(goal.reached_date, self.today)
        goal.state = "set_aside"
        self.assertFalse(goal.reached_date)

    def test_an_outing_for_the_goal(self):
        circus = self.env.ref("culture_partnership.discipline_circus")
        wanted = self._outing(discipline_id=circus.id)
        self._outing(name="Another")
        goal = self._goal(self._plan(), discipline_id=circus.id)
        assistant = self._shown(goal.action_find_outing())
        self.assertEqual(assistant.beneficiary_id, self.person)
        self.assertEqual(assistant.line_ids.outing_id, wanted)
        assistant.line_ids.selected = True
        assistant.action_confirm()
        line = goal.registration_id
        self.assertEqual((line.outing_id, line.state), (wanted, "confirmed"))
        self.assertEqual(line.beneficiary_id, self.person)
        self.assertEqual(goal.state, "ongoing")
        self.assertIn("The Tempest", goal.outing_label)
        following = self._shown(goal.accompaniment_id.action_new_version())
        self.assertEqual(following.goal_ids.registration_id, line)
        line.action_cancel("person")
        self.assertFalse(following.goal_ids.outing_label)

    def test_the_choice_may_be_widened(self):
        circus = self.env.ref("culture_partnership.discipline_circus")
        outing = self._outing()
        goal = self._goal(self._plan(), discipline_id=circus.id)
        assistant = self._shown(goal.action_find_outing())
        self.assertFalse(assistant.line_ids)
        assistant.discipline_id = False
        assistant.action_show_filtered()
        self.assertIn(outing, assistant.line_ids.outing_id)

    def test_waiting_for_the_goal(self):
        outing = self._outing(seats=1)
        self._register(outing, self._person("First"))
        goal = self._goal(self._plan(), state="set_aside")
        assistant = self._shown(goal.action_find_outing())
        line = assistant.line_ids.filtered(lambda x: x.outing_id == outing)
        line.selected = True
        assistant.action_wait()
        self.assertEqual(goal.registration_id.state, "waiting")
        self.assertEqual(goal.state, "set_aside")

    @mute_logger(*QUIET)
    def test_only_the_person_s_registration(self):
        goal = self._goal(self._plan())
        outing = self._outing()
        [mine, theirs] = self._register(
            outing, self._person("Other") + self.person
        ).sorted(lambda x: x.beneficiary_id == self.person)
        with self.assertRefused("Linked registration", ValidationError):
            goal.registration_id = mine
        goal.registration_id = theirs
        hidden = self._register(
            outing, self._person("Far", self.far_card), self.far_referent
        )
        with self.assertRaises(AccessError):
            goal.registration_id = hidden.id

    def test_the_thread(self):
        plan = self._plan(agreed_date=self.today)
        self._goal(plan, state="reached")
        self._goal(plan, name="To come")
        person = self.person.with_user(self.referent)
        titles = [line["title"] for line in person.read_timeline("goals")["lines"]]
        self.assertEqual(
            sorted(titles),
            ["Goal reached: See a play", "Plan reread together, version 1"],
        )
        everything = person.read_timeline()["lines"]
        self.assertEqual(len(everything), 2)
        self.assertFalse(person.read_timeline("outings")["lines"])
        seen = self.person.with_user(self.coordinator).read_timeline("goals")
        self.assertEqual(len(seen["lines"]), 2)


@tagged("post_install", "-at_install", "security")
class TestPlanAttacks(PlanCase):
    """Ways toward a plan, a goal or a barrier beside the walks of the table."""

    @mute_logger(*QUIET)
    def test_the_assistant_takes_no_foreign_goal(self):
        outing = self._outing()
        theirs = self._goal(
            self._plan(self.far_referent, self._person("Far", self.far_card))
        )
        assistants = self.env["culture.register"].with_user(self.referent)
        vals = {"beneficiary_id": self.person.id, "goal_id": theirs.id}
        with self.assertRaises(AccessError):
            assistants.create(vals)
        with self.assertRaises(AccessError):
            assistants.with_context(default_goal_id=theirs.id).create({})
        mine = assistants.create({"beneficiary_id": self.person.id})
        with self.assertRaises(AccessError):
            mine.goal_id = theirs.id
        # of another of one's own persons: nothing is registered
        mine.goal_id = self._goal(self._plan(person=self._person("Other")))
        mine._suggest()
        mine.line_ids.selected = True
        with self.assertRefused("choose one of this person", ValidationError):
            mine.action_confirm()
        self.assertFalse(outing.registration_ids)

    @mute_logger(*QUIET)
    def test_who_coordinates_serves_no_goal(self):
        outing = self._outing()
        goal = self._goal(self._plan())
        assistant = self.env["culture.register"].with_user(self.coordinator)
        assistant = assistant.create(
            {"beneficiary_id": self.person.id, "goal_id": goal.id}
        )
        assistant._suggest()
        assistant.line_ids.selected = True
        with self.assertRaises(AccessError):
            assistant.action_confirm()
        self.assertFalse(outing.registration_ids)
        self.assertFalse(goal.registration_id)

    @mute_logger(*QUIET)
    def test_a_file_opened_for_a_day(self):
        """A coordinator reads the plan then, a referent also writes it."""
        plan = self._plan(words="Words")
        for user, writes in ((self.far_coordinator, False), (self.far_referent, True)):
            theirs = plan.with_user(user)
            with self.assertRaises(AccessError):
                theirs.read(["words"])
            access = self.env["culture.access"].with_user(user)
            access._open_by_number(self.person.reference, "Met at the desk today")
            self.assertEqual(theirs.words, "Words")
            self.assertEqual(theirs.has_access("write"), writes)
            self.assertEqual(self._goal_made(theirs), writes)

    def _goal_made(self, plan):
        try:
            return bool(self._goal(plan))
        except AccessError:
            return False

    @mute_logger(*QUIET)
    def test_with_the_role_ends_the_plan(self):
        plan = self._plan()
        goal = self._goal(plan)
        role = self.env["culture.role"].search([("user_id", "=", self.referent.id)])
        role.action_end_now()
        for record in (plan, goal):
            for act in (
                lambda r=record: r.read(["display_name"]),
                lambda r=record: r.write({"display_name": "x"}),
                lambda r=record: r.copy(),
            ):
                with self.assertRaises(AccessError):
                    act()
        with self.assertRaises(AccessError):
            self._plan()

    @mute_logger(*QUIET)
    def test_no_administrator_reads_it(self):
        plan = self._plan(words="Words")
        theirs = plan.with_user(self.administrator)
        for act in (
            lambda: theirs.read(["words"]),
            lambda: theirs._plan_page(),
            lambda: theirs.log_opening(),
            lambda: theirs.search([("words", "ilike", "W")]),
        ):
            with self.assertRaises(AccessError):
                act()

    @mute_logger(*QUIET)
    def test_no_plan_by_the_form_of_another(self):
        """Threat: commands on a file's lists make or take lines of other files."""
        theirs = self._plan(self.colleague, self._person("Other", self.colleague_card))
        goal = self._goal(theirs)
        mine = self._plan()
        for commands in (
            [Command.link(goal.id)],
            [Command.update(goal.id, {"name": "Taken"})],
            [Command.create({"name": "N", "accompaniment_id": theirs.id})],
        ):
            with self.subTest(commands=commands):
                with suppress(UserError), self.env.cr.savepoint():
                    mine.write({"goal_ids": commands})
                self.env.invalidate_all()
                self.assertEqual(theirs.sudo().goal_ids, goal)
                self.assertEqual(goal.sudo().name, "See a play")
