"""What leaves of a group: no figure from which one person or referent comes out."""

from collections import defaultdict
from datetime import timedelta
from random import Random

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.culture_partnership.tools.masking import FEWEST_INSIDE, mask

from .test_assessment import QUIET, AssessmentCase


@tagged("post_install", "-at_install", "security")
class TestMasking(AssessmentCase):
    """Threat: the total, the other figures and the way of hiding tell a hidden one."""

    def test_no_figure_rests_on_few(self):
        random = Random(20261124)
        for _row in range(3000):
            counts = [random.randrange(random.choice((4, 9, 40))) for _ in range(4)]
            shown = mask(counts)
            figures = [count for count in shown if count is not None]
            for count, figure in zip(counts, shown, strict=True):
                self.assertIn(figure, (None, count))
            self.assertTrue(all(figure >= FEWEST_INSIDE for figure in figures))
            if figures and len(figures) < 4:
                left = sum(counts) - sum(figures)
                self.assertGreaterEqual(left, FEWEST_INSIDE, "the complement")
                self.assertLessEqual(len(figures), 2)

    def test_what_is_hidden_stays_open(self):
        """Whoever knows total, figures and method has five values left for each."""
        for total in range(FEWEST_INSIDE, 31):
            seen = defaultdict(list)
            for up in range(total + 1):
                for stable in range(total + 1 - up):
                    for down in range(total + 1 - up - stable):
                        row = (up, stable, down, total - up - stable - down)
                        seen[tuple(mask(row))].append(row)
            for shown, rows in seen.items():
                for place, figure in enumerate(shown):
                    if figure is None:
                        left = {row[place] for row in rows}
                        self.assertGreaterEqual(len(left), 5, (total, shown))


@tagged("post_install", "-at_install")
class TestWhatHasMoved(AssessmentCase):
    """Entry against the latest, by the reader's own rights."""

    def _group(self, user=None, **vals):
        group = self.env["culture.assessment.group"].with_user(user or self.referent)
        return group.create(vals)

    def _move(self, person, *places, view="person", user=None):
        """An assessment a place, the last today."""
        for number, place in enumerate(places, 1):
            days = 30 * (len(places) - number)
            self._assess(person, view, user, days=days, **{f"{view}_social": place})

    def _counts(self, **options):
        view = options.pop("view", "person")
        figures = self._group(**options)._figures_of(view)
        return figures["total"], figures["rows"][0]["counts"]

    def test_up_stable_down_and_without_an_answer(self):
        for pace, count in (
            (("1", "5", "3"), 6),
            (("2", "2"), 7),
            (("4", "1"), 5),
            (("2", "unsaid"), 3),
            (("unsaid", "2"), 2),
        ):
            for person in self._people(count):
                self._move(person, *pace)
        self.assertEqual(self._counts(), (23, [6, 7, 5, 5]))
        self.assertEqual(self._counts(view="referent"), (None, [None] * 4))
        html = self._group().figures
        self.assertIn("23", html)
        self.assertIn("Fewer than 5 persons", html)

    def test_who_has_an_entry_only_has_not_moved(self):
        for person in self._people(9):
            self._move(person, "2")
        self.assertEqual(self._counts(), (None, [None] * 4))

    def test_who_comes_back_begins_anew(self):
        for person in self._people(6):
            self._move(person, "5", "5", "1", "2")
            rows = self.env["culture.assessment"].search(
                [("beneficiary_id", "=", person.id)], order="date"
            )
            rows[2].moment = "entry"
        self.assertEqual(self._counts(), (6, [None] * 4))
        for person in self._people(6):
            self._move(person, "3", "3")
        self.assertEqual(self._counts(), (12, [6, None, None, None]))

    def test_four_persons_are_not_shown(self):
        for person in self._people(4):
            self._move(person, "1", "5")
        self.assertEqual(self._counts(), (None, [None] * 4))
        self.assertNotIn(">4<", self._group().figures)

    def test_by_structure_and_period(self):
        for person in self._people(6):
            self._move(person, "1", "5")
        for person in self._people(6, referent=self.far_card):
            self._move(person, "5", "1", user=self.far_referent)
        self._role(self.coordinator, "coordinator", self.south)
        mine = {"user": self.coordinator}
        self.assertEqual(self._counts(**mine)[0], 12)
        north = {"structure_id": self.north.id, **mine}
        self.assertEqual(self._counts(**north)[0], 6)
        self.assertEqual(self._counts(date_end=self._ago(10), **mine)[0], None)
        self.assertEqual(self._counts(date_start=self._ago(10), **mine)[0], 12)
        with Form(
            self.env["culture.assessment.group"].with_user(self.coordinator)
        ) as f:
            self.assertIn("12", f.figures)
            f.structure_id = self.north
            self.assertNotIn("12", f.figures)
        with self.assertRefused("Until: give a day after"):
            self._group(date_start=self.today, date_end=self._ago(3))

    def test_only_what_the_reader_may_open(self):
        for person in self._people(6):
            self._move(person, "1", "5")
        self.assertEqual(self._counts()[0], 6)
        for user in (self.colleague, self.far_coordinator):
            self.assertEqual(self._counts(user=user)[0], None)
            self.assertEqual(
                self._counts(user=user, structure_id=self.north.id)[0], None
            )
        for user in (self.administrator, self.stranger):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                self._group(user)

    def test_asks_as_much_for_many_persons_as_for_few(self):
        spent = []
        for count in (4, 36):
            for person in self._people(count):
                self._move(person, "1", "5")
            group = self._group()
            for _cold in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                group._figures_of("person")
                asked = self.env.cr.sql_log_count - before
            spent.append(asked)
        self.assertEqual(*spent)


@tagged("post_install", "-at_install", "security")
class TestSemester(AssessmentCase):
    """A referent's own: nobody else reads it, what is told rests on five."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pages = cls.env["culture.semester"]

    def _answer(self, user, **vals):
        return self.pages.with_user(user).create({"moving": "2", **vals})

    def _past(self, *places):
        """The answers of so many referents in North, the semester before."""
        start = self.pages._current() - timedelta(days=1)
        start = start.replace(month=1 if start.month < 7 else 7, day=1)
        for place in places:
            number = self.env["res.users"].search_count(
                [("login", "like", "test_sem_")]
            )
            user = self._user(f"test_sem_{number}", "referent", self.north)
            self.pages.create(
                {
                    "user_id": user.id,
                    "structure_id": self.north.id,
                    "company_id": self.company.id,
                    "date_start": start,
                    "moving": place,
                }
            )

    def test_once_a_semester(self):
        action = self.pages.with_user(self.referent).action_mine()
        self.assertFalse(action["res_id"])
        with Form(self.pages.with_user(self.referent)) as form:
            form.moving = "3"
            form.building = "unsaid"
        row = form.record
        self.assertEqual(row.user_id, self.referent)
        self.assertEqual(row.structure_id, self.north)
        self.assertEqual(row.date_start, self.pages._current())
        action = self.pages.with_user(self.referent).action_mine()
        self.assertEqual(action["res_id"], row.id)
        with self.assertRefused("answered for this semester already"):
            self._answer(self.referent)
        with self.assertRefused("answered for this semester already"):
            self.pages.with_user(self.colleague).create([{"moving": "1"}] * 2)
        row.moving = "4"
        self._answer(self.colleague)

    def test_its_days(self):
        for day, start, label in (
            ("2026-06-30 21:59:00", "2026-01-01", "First semester of 2026"),
            ("2026-06-30 22:01:00", "2026-07-01", "Second semester of 2026"),
            ("2026-12-31 23:30:00", "2027-01-01", "First semester of 2027"),
        ):
            with freeze_time(day):
                self.assertEqual(str(self.pages._current()), start)
                self.assertEqual(self.pages._label(self.pages._current()), label)

    def test_what_is_over_stays_as_it_is(self):
        row = self._answer(self.referent)
        with freeze_time(fields_moment(self.today + timedelta(days=200))):
            row.invalidate_recordset()
            self.assertTrue(row.read(["moving"]))
            self.assertFalse(row.is_current)
            with self.assertRefused("This semester is over"):
                row.moving = "5"

    def test_garbage(self):
        for vals, words in (
            ({"moving": "6"}, "choose one of the list"),
            ({"moving": False}, "Choose at least one sentence"),
            ({"user_id": self.colleague.id}, "filled by the application"),
            ({"date_start": "2020-01-01"}, "filled by the application"),
            ({"structure_id": self.south.id}, "filled by the application"),
        ):
            with self.subTest(vals=vals), self.assertRefused(words):
                self._answer(self.referent, **vals)
        row = self._answer(self.referent)
        for name in ("user_id", "date_start", "structure_id", "company_id"):
            with self.assertRefused("filled by the application"):
                row.write({name: row[name]})

    @mute_logger(*QUIET)
    def test_nobody_else(self):
        row = self._answer(self.referent)
        for user in (
            self.colleague,
            self.coordinator,
            self.administrator,
            self.agent_relay,
            self.stranger,
        ):
            theirs = row.with_user(user)
            with self.subTest(user=user.login):
                for act in (
                    lambda t=theirs: t.read(["moving"]),
                    lambda t=theirs: t.write({"moving": "1"}),
                    lambda t=theirs: t.export_data(["moving"]),
                ):
                    with self.assertRaises(AccessError):
                        act()
                if user != self.colleague:
                    for act in (
                        lambda t=theirs: t.search([]),
                        lambda t=theirs: t.formatted_read_group([], ["moving"]),
                        lambda t=theirs: t.create({"moving": "1"}),
                        lambda t=theirs: t.action_mine(),
                    ):
                        with self.assertRaises(AccessError):
                            act()
        self.assertFalse(row.with_user(self.colleague).search([]))
        role = self.env["culture.role"].search([("user_id", "=", self.referent.id)])
        role.action_end_now()
        self.referent.group_ids += self.env.ref(
            "culture_partnership.group_culture_partnership_referent"
        )
        self.env.invalidate_all()
        self.assertFalse(row.search([]), "a group without a role in force")

    @mute_logger(*QUIET)
    def test_companies_stay_apart(self):
        company, __, __ = self._second_company()
        self.referent.company_ids += company
        self._role(self.referent, "referent", company.partner_id, company_id=company.id)
        here = self._answer(self.referent)
        there = here.browse().with_company(company).create({"moving": "5"})
        self.assertEqual((here + there).company_id, self.company + company)
        both = here.with_context(allowed_company_ids=(self.company + company).ids)
        self.assertEqual(both.search([]), here + there)
        narrow = there.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(narrow.search([]), here)
        with self.assertRaises(AccessError):
            narrow.read(["moving"])

    def _told(self, user=None):
        return self.pages.with_user(user or self.coordinator)._told()

    def test_told_from_five_on(self):
        self._past("1", "2", "3", "3")
        self.assertEqual([s["sentences"] for s in self._told()], [[False] * 3])
        self.pages.search([]).unlink()
        self._past("1", "2", "4", "5", "5", "unsaid")
        [semester] = self._told()
        self.assertEqual(
            semester["sentences"],
            [
                "I have taken part in several outings, in another place than at the "
                "office.",
                False,
                False,
            ],
        )
        html = self.env["culture.assessment.group"].with_user(self.coordinator)
        html = html.create({}).semesters
        self.assertIn("several outings", html)
        self.assertNotIn("test_sem", html)

    def test_who_prefers_not_to_answer_is_not_among_the_five(self):
        self._past("1", "2", "3", "3", "unsaid")
        self.assertEqual(self._told()[0]["sentences"], [False] * 3)

    def test_a_semester_under_way_is_not_told(self):
        """Threat: two looks at it tell what came in between."""
        self._past("1", "2", "3", "3", "3")
        for user in (self.referent, self.colleague):
            self._answer(user)
        self.assertEqual(len(self._told()), 1)

    def test_told_of_the_structures_one_coordinates(self):
        self._past("1", "2", "3", "3", "3")
        self.assertEqual(self._told(self.far_coordinator), [])
        self.assertEqual(self._told(self.referent), [])
        group = self.env["culture.assessment.group"].with_user(self.referent)
        self.assertFalse(group.create({}).coordinates)

    def test_a_card_that_moves_takes_no_answer_along(self):
        """Threat: a coordinator moves a card to be told without one referent."""
        self._past("1", "2", "3", "3", "3")
        card = self._card(self.env["res.users"].search([("login", "=", "test_sem_0")]))
        card.structure_id = self.south
        self.assertTrue(self._told()[0]["sentences"][0])
        self.assertEqual(self._told(self.far_coordinator), [])


def fields_moment(day):
    """Noon of a day, as text."""
    return f"{day} 12:00:00"
