import re
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import CultureCase

FEW, MANY = 4, 40


@tagged("post_install", "-at_install")
class TestPerformance(CultureCase):
    """What a screen costs in queries does not grow with what it shows.

    Times are no matter of tests: benchmarks/ measures them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls._user("test_both", "referent", cls.south)
        cls._role(cls.both, "coordinator", cls.north)
        cls.users = {
            "referent": cls.referent,
            "coordinator": cls.coordinator,
            "both": cls.both,
        }
        cls.seen = 0

    def _fill(self, count):
        """Until `count` persons of each are registered, each for another outing."""
        for card in (self.referent_card, self._card(self.both)):
            people = self._people(count - self.seen, referent=card)
            first = datetime(2031, 1, 1, 18) + timedelta(days=self.seen)
            self.env["culture.registration"].create(
                [
                    {
                        "outing_id": self._outing(
                            date_begin=first + timedelta(days=day),
                            structure_id=card.structure_id.id,
                        ).id,
                        "beneficiary_id": person.id,
                    }
                    for day, person in enumerate(people)
                ]
            )
        self.seen = count

    def _fields_of_view(self, records, kind="list"):
        """As browsers ask for them, every column shown."""
        arch = records.get_views([(False, kind)])["views"][kind]["arch"]
        return {
            name: {"fields": {"display_name": {}}}
            if records._fields[name].relational
            else {}
            for name in re.findall(r'<field name="(\w+)"', arch)
        }

    def _queries(self, ask):
        """Queries of a call in a new transaction of a warm process.

        :return: what was answered, number of queries
        """
        spent = []
        for _ in ("cold", "warm", "warm"):
            self.env["culture.access"]._forget_reach()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            answer = ask()
            spent.append(self.env.cr.sql_log_count - before)
        return answer, min(spent)

    def _assert_as_many_queries(self, ask):
        """:param ask: given a user, returns a callable that returns a number"""
        spent = {}
        for count in (FEW, MANY):
            self._fill(count)
            for name, user in self.users.items():
                seen, queries = self._queries(ask(user))
                expected = 2 * count if name == "both" else count
                self.assertEqual(seen, expected, f"what {name} sees")
                spent.setdefault(name, []).append(queries)
        for name, (few, many) in spent.items():
            with self.subTest(user=name):
                self.assertGreater(few, 0)
                self.assertLessEqual(many, few)

    def _list(self, model, order):
        def ask(user):
            records = self.env[model].with_user(user)
            spec = self._fields_of_view(records)
            return lambda: records.web_search_read(
                [], spec, limit=100, order=order, count_limit=101
            )["length"]

        return ask

    def test_list_of_registrations(self):
        self._assert_as_many_queries(self._list("culture.registration", "id desc"))

    def test_list_of_reminders(self):
        def ask(user):
            self.env["culture.reminder"]._take_over(self.company)
            return self._list("culture.reminder", "id desc")(user)

        self._assert_as_many_queries(ask)

    def test_goals_of_a_plan(self):
        """With the outings that serve them, and what may be changed."""
        person = self._person()
        plan = self.env["culture.accompaniment"].create({"beneficiary_id": person.id})
        spent = []
        for count in (FEW, MANY):
            have = len(plan.goal_ids)
            lines = self.env["culture.registration"].create(
                [
                    {
                        "outing_id": self._outing(
                            date_begin=datetime(2032, 1, 1, 18) + timedelta(days=day)
                        ).id,
                        "beneficiary_id": person.id,
                    }
                    for day in range(have, count)
                ]
            )
            plan.goal_ids = [
                Command.create({"name": "Goal", "registration_id": line.id})
                for line in lines
            ]
            goals = self.env["culture.goal"].with_user(self.referent)
            spec = {
                **self._fields_of_view(goals),
                "outing_label": {},
                "may_change": {},
            }
            shown, queries = self._queries(
                lambda goals=goals, spec=spec: goals.web_search_read([], spec)["length"]
            )
            self.assertEqual(shown, count)
            spent.append(queries)
        self.assertLessEqual(spent[1], spent[0])

    def test_waiting_list_of_an_outing(self):
        """Ranks and why of all who wait, and what is kept for each structure."""
        outing = self._outing(seats=50)
        spent = []
        for count in (FEW, MANY):
            waiting = outing.registration_ids
            self._register(outing, self._people(count - len(waiting)), state="waiting")
            structures = self.env["res.partner"].create(
                [
                    {"name": f"Agency {n}", "is_culture_structure": True}
                    for n in range(len(outing.quota_ids), count)
                ]
            )
            outing.quota_ids = [
                Command.create({"structure_id": structure.id, "seats": 1})
                for structure in structures
            ]
            mine = outing.with_user(self.users["coordinator"])
            spec = {
                "waiting_others_label": {},
                "waiting_ids": {
                    "fields": {"waiting_rank": {}, "waiting_why": {}, "name_shown": {}}
                },
                "quota_ids": {"fields": {"seats_taken": {}, "in_force": {}}},
            }
            shown, queries = self._queries(
                lambda mine=mine, spec=spec: len(mine.web_read(spec)[0]["waiting_ids"])
            )
            self.assertEqual(shown, count)
            spent.append(queries)
        self.assertLessEqual(spent[1], spent[0])

    def test_list_of_people(self):
        self._assert_as_many_queries(self._list("culture.beneficiary", None))

    def test_list_and_cards_of_relays_and_trainings(self):
        """With what follows from trainings, outings and rights, for who coordinates."""
        spent = {}
        for count in (FEW, MANY - FEW):
            for _each in range(count):
                self._relay_card()
            for model, view in (
                ("culture.relay", "list"),
                ("culture.relay", "kanban"),
                ("culture.training", "list"),
                ("culture.training", "kanban"),
            ):
                records = self.env[model].with_user(self.coordinator)
                spec = self._fields_of_view(records, view)
                seen, queries = self._queries(
                    lambda r=records, s=spec: r.web_search_read(
                        [], s, limit=100, count_limit=101
                    )["length"]
                )
                spent.setdefault((model, view), []).append((seen, queries))
        for screen, ((few, first), (many, second)) in spent.items():
            with self.subTest(screen=screen):
                self.assertEqual((few, many), (FEW, MANY))
                self.assertEqual(first, second)

    def test_list_and_cards_of_permanences_and_the_visits_of_a_day(self):
        """For who hosts them; some of the visits are of persons in reach, some not."""
        permanences = self.env["culture.permanence"]
        visits = self.env["culture.visit"]
        held = self._permanence()
        spent = {}
        for count in (FEW - 1, MANY - FEW):
            for number in range(count):
                begin = datetime(2031, 1, 1, 9) + timedelta(days=len(permanences))
                permanences |= self._permanence(
                    date_begin=begin, host_ids=self._relay_card().ids
                )
                visit = self._visit(held)
                if number % 2:
                    visit.beneficiary_id = self._person()
            for records, kind in (
                (permanences, "list"),
                (permanences, "kanban"),
                (visits, "form"),
            ):
                mine = records.browse().with_user(self.referent)
                spec = dict.fromkeys(
                    ("hour_label", "kind", "outcome", "may_note", "may_register"), {}
                )
                spec["person_id"] = {"fields": {"display_name": {}}}
                if kind != "form":
                    spec = self._fields_of_view(mine, kind)
                seen, queries = self._queries(
                    lambda r=mine, s=spec: r.web_search_read(
                        [], s, limit=100, count_limit=101
                    )["length"]
                )
                spent.setdefault((records._name, kind), []).append((seen, queries))
        for screen, ((few, first), (many, second)) in spent.items():
            with self.subTest(screen=screen):
                self.assertGreater(many, few)
                self.assertLessEqual(second, first)

    def test_list_of_outings(self):
        def ask(user):
            outings = self.env["culture.outing"].with_user(user)
            spec = self._fields_of_view(outings)
            agencies = self.north | (self.south if user == self.both else self.north)
            theirs = [("structure_id", "in", agencies.ids)]
            return lambda: outings.web_search_read(theirs, spec, limit=100)["length"]

        self._assert_as_many_queries(ask)

    def test_cards_of_people(self):
        def ask(user):
            people = self.env["culture.beneficiary"].with_user(user)
            spec = self._fields_of_view(people, "kanban")
            return lambda: sum(
                len(group["__records"])
                for group in people.web_read_group(
                    [],
                    ["stage"],
                    [],
                    auto_unfold=True,
                    unfold_read_specification=spec,
                )["groups"]
            )

        self._assert_as_many_queries(ask)

    def test_graph(self):
        def ask(user):
            lines = self.env["culture.registration"].with_user(user)
            return lambda: sum(
                group["__count"]
                for group in lines.formatted_read_group(
                    [], ["date_begin:month", "state"], ["seats:sum", "__count"]
                )
            )

        self._assert_as_many_queries(ask)

    def test_count(self):
        def ask(user):
            lines = self.env["culture.registration"].with_user(user)
            return lambda: lines.search_count([])

        self._assert_as_many_queries(ask)

    def test_another_page_is_known_without_a_count(self):
        self._fill(FEW)
        lines = self.env["culture.registration"].with_user(self.referent)
        for limit, length in ((FEW - 1, FEW), (FEW, FEW), (FEW + 1, FEW)):
            with self.subTest(limit=limit):
                page = lines.web_search_read(
                    [], {"seats": {}}, limit=limit, count_limit=limit + 1
                )
                self.assertEqual(page["length"], length)
                self.assertEqual(len(page["records"]), min(limit, FEW))
        later = lines.web_search_read([], {"seats": {}}, 2, 1, "id", count_limit=4)
        self.assertEqual(later["length"], 4)
        self.assertEqual(later["records"][0]["id"], lines.search([], order="id").ids[2])
        beyond = lines.web_search_read([], {"seats": {}}, 9, 1, count_limit=11)
        self.assertEqual(beyond, {"length": 0, "records": []})

    def test_lines_are_read_once(self):
        """Found, read, checked and counted by one query of their table."""
        self._fill(FEW)
        lines = self.env["culture.registration"].with_user(self.referent)
        spec = self._fields_of_view(lines)

        def ask():
            return lines.web_search_read([], spec, limit=2, count_limit=3)

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(
            Cursor, "execute", autospec=True, side_effect=Cursor.execute
        ) as execute:
            ask()
        asked = [str(call.args[1]) for call in execute.call_args_list]
        self.assertEqual(
            sum('FROM "culture_registration"' in text for text in asked), 1
        )

    def test_groups_are_in_reach_as_soon_as_they_are_booked(self):
        """Who booked for no group is asked nothing about groups."""
        lines = self.env["culture.registration"].with_user(self.referent)
        self.assertNotIn("booked_by_id", lines._search([]).select().code)
        group = lines.create(
            {"outing_id": self._outing().id, "group_label": "A class", "adults": 3}
        )
        self.assertIn("booked_by_id", lines._search([]).select().code)
        self.assertEqual(lines.search([]), group)

    def test_few_persons_are_found_by_the_index(self):
        """Else a list of the newest walks the whole table for who has few lines."""
        self._fill(FEW)
        for name, hidden in (("referent", True), ("both", False)):
            lines = self.env["culture.registration"].with_user(self.users[name])
            condition = lines._search([]).select().code
            self.assertEqual("unnest" in condition, hidden, name)

    def test_persons_that_are_asked_for_are_joined(self):
        """Else each of them is looked up with each whom the user follows."""
        self._fill(FEW)
        people = self.env["culture.beneficiary"].with_user(self.referent)
        ids = people.search([]).ids
        condition = people._search([("id", "in", ids)]).select().code
        self.assertIn('"id" IN (SELECT unnest', condition)
        self.assertEqual(people.search([("id", "in", ids)]).ids, ids)
        self.assertNotIn("IN (SELECT", people._search([]).select().code)

    def test_one_structure_is_read_in_the_order_of_its_index(self):
        lines = self.env["culture.registration"].with_user(self.coordinator)
        condition = lines._search([]).select().code
        self.assertIn('"culture_registration"."structure_id" = %s', condition)
