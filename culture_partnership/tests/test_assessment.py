import json
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CultureCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class AssessmentCase(CultureCase):
    """One person of the referent, and pages to fill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._person()
        cls.today = cls.env["culture.assessment"]._today()

    def _ago(self, days):
        return self.today - timedelta(days=days)

    def _assess(self, person=None, view="person", user=None, days=0, **vals):
        """An assessment as the referent enters it.

        :return: ``culture.assessment``, as its author
        """
        if not any(name.startswith(view) for name in vals):
            vals[f"{view}_social"] = "2"
        return (
            self.env["culture.assessment"]
            .with_user(user or self.referent)
            .create(
                {
                    "beneficiary_id": (person or self.person).id,
                    "view": view,
                    "date": self._ago(days),
                    **vals,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestAssessment(AssessmentCase):
    """Two pages, five sentences a question, nothing compulsory."""

    def _page(self, person=None):
        action = (person or self.person).with_user(self.referent).action_take_stock()
        pages = self.env[action["res_model"]].with_user(self.referent)
        return Form(pages.with_context(**action["context"]))

    def test_the_page(self):
        with self._page() as form:
            self.assertEqual(form.beneficiary_id, self.person)
            self.assertEqual(str(form.date), str(self.today))
            form.view = "person"
            self.assertEqual(form.moment, "entry")
            form.person_social = "2"
            form.person_action = "unsaid"
        row = form.record
        self.assertEqual(row.user_id, self.referent)
        self.assertEqual((row.structure_id, row.company_id), (self.north, self.company))
        self.assertEqual(row._place_of("person_social"), 2)
        self.assertIsNone(row._place_of("person_action"), "kept apart, never nought")
        self.assertIsNone(row._place_of("person_mobility"))
        self.assertFalse(row.person_mobility, "and left open is not the same")

    def test_the_moment_is_preset_by_view(self):
        self._assess(days=40)
        for view, moment in (("person", "step"), ("referent", "entry")):
            with self._page() as form:
                form.view = view
                self.assertEqual(form.moment, moment)
                if view == "person":
                    form.person_social = "3"
                else:
                    form.referent_social = "3"
        self.person.stage = "left"
        form = self._page()
        form.view = "person"
        self.assertEqual(form.moment, "exit")

    def test_what_was_picked_for_the_other_view_is_let_go(self):
        with self._page() as form:
            form.view = "person"
            form.person_social = "5"
            form.view = "referent"
            form.referent_social = "2"
        self.assertFalse(form.record.person_social)

    def test_no_row_has_both_views(self):
        with self.assertRefused("One point of view at a time"):
            self._assess(person_social="2", referent_social="3")
        row = self._assess()
        with self.assertRefused("One point of view at a time"):
            row.referent_social = "3"

    def test_an_empty_page_is_not_kept(self):
        with self.assertRefused("Choose at least one sentence"):
            self._assess(person_social=False)
        row = self._assess()
        with self.assertRefused("Choose at least one sentence"):
            row.person_social = False

    def test_once_a_day_and_view(self):
        row = self._assess()
        with self.assertRefused("noted on this day already"):
            self._assess()
        self._assess(view="referent")
        earlier = self._assess(days=9)
        with self.assertRefused("noted on this day already"):
            earlier.date = self.today
        row.date = self.today
        with self.assertRefused("noted on this day already"):
            self.env["culture.assessment"].with_user(self.referent).create(
                [
                    {
                        "beneficiary_id": self.person.id,
                        "view": "person",
                        "date": self._ago(30),
                        "person_social": "1",
                    }
                ]
                * 2
            )

    def test_garbage(self):
        pages = self.env["culture.assessment"].with_user(self.referent)
        good = {
            "beneficiary_id": self.person.id,
            "view": "person",
            "person_social": "1",
        }
        for vals, words in (
            ({"person_social": "6"}, "Social life: choose one of the list"),
            ({"person_social": "0"}, "choose one of the list"),
            ({"person_social": 3}, "choose one of the list"),
            ({"view": "both"}, "Point of view: choose one of the list"),
            ({"moment": "later"}, "Moment: choose one of the list"),
            ({"view": False}, "Point of view: fill it in"),
            ({"moment": False}, "Moment: fill it in"),
            ({"date": False}, "Date: fill it in"),
            ({"beneficiary_id": False}, "Person: fill it in"),
            ({"date": self.today + timedelta(days=1)}, "Date: give the day"),
            ({"date": "1999-12-31"}, "Date: give the day"),
        ):
            with self.subTest(vals=vals), self.assertRefused(words):
                pages.create({**good, **vals})
        self.assertFalse(pages.search([]))

    def test_the_day_is_the_company_s(self):
        """At one in the morning in Paris it is the day before in UTC."""
        with freeze_time("2026-11-24 23:30:00"):
            row = self.env["culture.assessment"].create(
                {
                    "beneficiary_id": self.person.id,
                    "view": "person",
                    "person_social": "1",
                }
            )
            self.assertEqual(str(row.date), "2026-11-25")

    def test_copies_follow_the_person(self):
        row = self._assess()
        self._role(self.coordinator, "coordinator", self.south)
        self.person.with_user(self.coordinator).structure_id = self.south
        self.assertEqual(row.sudo().structure_id, self.south)

    def test_the_end_proposes_and_asks_nothing(self):
        notice = self.person.with_user(self.referent).action_end()
        self.assertIn("If the person wishes", notice["params"]["message"])
        self.assertEqual(self.person.stage, "left")
        other = self._person("Bea")
        self.assertIsNone(other.with_user(self.coordinator).action_end())
        self.assertEqual(other.stage, "left")


@tagged("post_install", "-at_install", "security")
class TestWhoReadsAssessments(AssessmentCase):
    """By every way in, and until the access ends."""

    def _read(self, user, person=None):
        return (person or self.person).with_user(user).read_assessments()

    @mute_logger(*QUIET)
    def test_on_who_s_behalf(self):
        theirs = self._person("Theirs", self.colleague_card)
        for person in (theirs, self._person("Far", self.far_card)):
            with self.assertRefused("not open to you", AccessError):
                self._assess(person)
            with self.assertRefused("not open to you", AccessError):
                person.with_user(self.referent).action_take_stock()
        for user in (self.coordinator, self.administrator, self.stranger):
            with self.assertRaises(AccessError):
                self._assess(user=user)
            with self.assertRaises(AccessError):
                self.person.with_user(user).action_take_stock()

    @mute_logger(*QUIET)
    def test_forged(self):
        row = self._assess()
        other = self._person("Bea")
        for vals, words in (
            ({"beneficiary_id": other.id}, "stays with its person"),
            ({"view": "referent"}, "stays with its person"),
            ({"user_id": self.colleague.id}, "filled by the application"),
            ({"structure_id": self.south.id}, "filled by the application"),
            ({"company_id": self.company.id}, "filled by the application"),
        ):
            with self.subTest(vals=vals), self.assertRefused(words):
                row.write(vals)
        for name, value in (("user_id", self.colleague.id), ("structure_id", 1)):
            with self.assertRefused("filled by the application"):
                self._assess(other, **{name: value})
        with self.assertRaises(AccessError):
            row.unlink()

    @mute_logger(*QUIET)
    def test_after_handover_nothing_is_left(self):
        row = self._assess()
        self.assertTrue(self._read(self.referent)[0]["columns"])
        self.person.with_user(self.coordinator).referent_id = self.colleague_card
        self.assertFalse(row.search([("id", "=", row.id)]))
        with self.assertRaises(AccessError):
            row.read(["person_social"])
        with self.assertRaises(AccessError):
            row.action_correct()
        with self.assertRaises(AccessError):
            self._read(self.referent)
        columns = self._read(self.colleague)[0]["columns"]
        self.assertEqual([c["correct"] for c in columns], [True])
        row.with_user(self.colleague).person_social = "4"

    def test_the_coordination_reads_and_changes_nothing(self):
        row = self._assess().with_user(self.coordinator)
        columns = self._read(self.coordinator)[0]["columns"]
        self.assertEqual([c["correct"] for c in columns], [False])
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            row.person_social = "4"
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            row.action_correct()
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self._read(self.far_coordinator)

    @mute_logger(*QUIET)
    def test_a_role_that_ends_closes_them(self):
        row = self._assess()
        role = self.env["culture.role"].search([("user_id", "=", self.referent.id)])
        role.action_end_now()
        self.referent.group_ids += self.env.ref(
            "culture_partnership.group_culture_partnership_referent"
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            row.read(["person_social"])
        self.assertFalse(row.search([]), "a group without a role in force")

    def test_a_coordinator_s_break_glass_reads_and_notes_nothing(self):
        """Opened for a day: the file is "mine", and the page is a referent's."""
        self._assess()
        access = self.env["culture.access"].with_user(self.far_coordinator)
        access._open_by_number(self.person.reference, "Met at the desk today")
        self.assertTrue(self._read(self.far_coordinator)[0]["columns"])
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self.person.with_user(self.far_coordinator).action_take_stock()
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self._assess(user=self.far_coordinator, days=3)

    def test_what_the_tab_is_given(self):
        self._assess(days=90, person_mobility="1", person_action="unsaid")
        self._assess(days=2, person_mobility="4", person_social="3")
        self._assess(days=2, view="referent", referent_mobility="2")
        person, referent = self._read(self.referent)
        self.assertEqual((person["entry"], person["last"]), (0, 1))
        self.assertEqual((referent["entry"], referent["last"]), (0, 0))
        self.assertEqual(
            [c["moment"] for c in person["columns"]], ["Entry", "On the way"]
        )
        mobility = person["questions"][1]
        self.assertEqual(mobility["label"], "Mobility")
        self.assertEqual([a["place"] for a in mobility["answers"]], [1, 4])
        self.assertEqual(mobility["answers"][0]["words"], "I stay in my neighbourhood.")
        action = person["questions"][3]["answers"]
        self.assertEqual(
            action,
            [
                {"words": "Prefers not to answer", "place": None},
                {"words": "", "place": None},
            ],
        )
        json.dumps([person, referent])

    def test_the_thread_says_that_stock_was_taken_and_no_more(self):
        self._assess(days=9)
        self._assess(view="referent", days=9)
        self._assess(days=1, person_social="5")
        thread = self.person.with_user(self.referent).read_timeline()
        self.assertEqual(
            [line["title"] for line in thread["lines"]],
            ["Assessment on the way", "Assessment at entry"],
        )
        self.assertNotIn("neighbourhood", str(thread))
        for choice in ("followups", "outings"):
            thread = self.person.with_user(self.referent).read_timeline(choice)
            self.assertFalse(thread["lines"])

    def test_the_tab_asks_as_much_for_many_days_as_for_few(self):
        spent = []
        for days in (range(100, 104), range(104, 140)):
            for day in days:
                self._assess(days=day)
            for _cold in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self._read(self.referent)
                count = self.env.cr.sql_log_count - before
            spent.append(count)
        self.assertEqual(*spent)
