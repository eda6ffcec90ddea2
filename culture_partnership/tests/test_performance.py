import re
from datetime import datetime, timedelta

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

    def _fields_of_list(self, records):
        return self._fields_of(records, "list")

    def _fields_of(self, records, view):
        """As browsers ask for them."""
        arch = records.get_views([(False, view)])["views"][view]["arch"]
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
        for _ in ("cold", "warm"):
            self.env["culture.access"]._forget_reach()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            answer = ask()
        return answer, self.env.cr.sql_log_count - before

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
                self.assertEqual(few, many)

    def _list(self, model, order):
        def ask(user):
            records = self.env[model].with_user(user)
            spec = self._fields_of_list(records)
            return lambda: records.web_search_read(
                [], spec, limit=100, order=order, count_limit=101
            )["length"]

        return ask

    def test_list_of_registrations(self):
        self._assert_as_many_queries(self._list("culture.registration", "id desc"))

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
                spec = self._fields_of(records, view)
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

    def test_few_persons_are_found_by_the_index(self):
        """Else a list of the newest walks the whole table for who has few lines."""
        self._fill(FEW)
        for name, hidden in (("referent", True), ("both", False)):
            lines = self.env["culture.registration"].with_user(self.users[name])
            condition = lines._search([]).select().code
            self.assertEqual("unnest" in condition, hidden, name)
