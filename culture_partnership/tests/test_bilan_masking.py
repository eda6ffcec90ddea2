"""Whoever reads a report tries to work out what is hidden in it (I9)."""

from collections import Counter
from random import Random

from odoo.tests import TransactionCase, tagged

from ..models.culture_bilan_count import PLACES, TRAITS
from ..tools.masking import Cell, Earlier, Teller, mask

FEWEST = 3
ALONE = (True,)


def cell(key, *persons, value=None, most=1):
    """A cell of these numbers of persons by piece: only here, in both, only there."""
    pieces = Counter(
        dict(zip(((True, False), (True, True), (False, True)), persons, strict=False))
    )
    return Cell(key, sum(persons[:2]) if value is None else value, pieces, most)


@tagged("post_install", "-at_install", "security")
class TestWorkingItOut(TransactionCase):
    """By every table of whole numbers that what is shown allows."""

    def _world(self, random):
        """People with places, as the statements would count them."""
        people, cells = Counter(), {key: Cell(key) for key in PLACES}
        behind = {key: set() for key in PLACES}
        for person in range(random.randint(0, 9)):
            came = False
            for __ in range(random.randint(1, 2)):
                kind = random.choice(("used", "used", "used", "unused", "unrecorded"))
                seats = random.randint(1, 2)
                came = came or kind == "used"
                for key in {kind, "given", "given" if kind == "used" else "open"}:
                    cells[key].value += seats
                    behind[key].add(person)
            traits = {trait: random.random() < 0.4 for trait in TRAITS}
            people[tuple(traits.items()), came] += 1
        for key, persons in behind.items():
            cells[key].pieces[ALONE] = len(persons)
        return [
            (dict(traits), ALONE, (came,), count)
            for (traits, came), count in people.items()
        ], cells

    def _told(self, people, cells):
        reports = self.env["culture.bilan"]
        teller = Teller(FEWEST)
        reached = Cell(
            "people",
            sum(row[3] for row in people),
            Counter({ALONE: sum(row[3] for row in people)}),
        )
        values = {"people": teller.one(reached)}
        if values["people"] is not None:
            values |= reports._tell_places(teller, teller, reached, people, cells)
            values |= reports._tell_traits(teller, people, values)
        return values

    def _possible(self, values):
        """Every value that each hidden figure can have."""
        found = {}
        people, given = values["people"], values["given"]
        for came in range(people + 1):
            for used in range(came, given + 1):
                for unused in range(given - used + 1):
                    unrecorded = given - used - unused
                    if unused + unrecorded < people - came:
                        continue
                    table = {
                        "came": came,
                        "used": used,
                        "unused": unused,
                        "unrecorded": unrecorded,
                        "stayed": people - came,
                    }
                    if any(
                        values.get(key) not in (None, value)
                        for key, value in table.items()
                    ):
                        continue
                    for key, value in table.items():
                        found.setdefault(key, set()).add(value)
        return found

    def test_nothing_hidden_comes_out(self):
        random, shapes = Random(298), Counter()
        for __ in range(400):
            people, cells = self._world(random)
            values = self._told(people, cells)
            if values.get("given") is None:
                self.assertFalse({k for k, v in values.items() if v is not None})
                shapes["nothing"] += 1
                continue
            if values["came"] is not None:
                values["stayed"] = values["people"] - values["came"]
            for key, possible in self._possible(values).items():
                if values.get(key) is None:
                    self.assertGreater(len(possible), 1, (key, values))
                    self.assertGreaterEqual(max(possible), FEWEST, (key, values))
            shapes[tuple(values[key] is None for key in ("used", "unused"))] += 1
        # each way of telling has been tried
        self.assertGreaterEqual(len(shapes), 4, shapes)

    def test_what_is_shown_rests_on_enough(self):
        """Each part, and what is left of its total."""
        random = Random(1998)
        for __ in range(400):
            people, cells = self._world(random)
            values = self._told(people, cells)
            persons = {
                "used": cells["used"].persons,
                "unused": cells["unused"].persons,
                "unrecorded": cells["unrecorded"].persons or FEWEST,
            }
            for key, count in persons.items():
                if values.get(key) is not None:
                    self.assertGreaterEqual(count, FEWEST, (key, values))
            for part, rest in (
                ("adults", "minors"),
                ("first_outing", "known"),
                ("plan", "no_plan"),
                ("goal", "no_goal"),
                ("need_met", "need_unmet"),
            ):
                shown = values.get(part)
                self.assertEqual(shown is None, values.get(rest) is None)
                if shown is not None:
                    self.assertGreaterEqual(min(shown, values[rest]), FEWEST)

    def test_rows_keep_several_tables(self):
        """Of every row of four that makes ten at most."""
        for total in range(11):
            for first in range(total + 1):
                for second in range(total - first + 1):
                    for third in range(total - first - second + 1):
                        row = [first, second, third, total - first - second - third]
                        shown = mask(row, FEWEST)
                        hidden = [n for n in range(4) if shown[n] is None]
                        left = total - sum(n for n in shown if n is not None)
                        # any split of what is left is possible: up to all of it
                        self.assertTrue(
                            not hidden
                            or not any(shown)
                            or (len(hidden) > 1 and left >= FEWEST),
                            (row, shown),
                        )


@tagged("post_install", "-at_install", "security")
class TestAnotherReport(TransactionCase):
    """The difference of two reports is a figure too."""

    def _may(self, *cells, earlier=(), row=(), total=None):
        teller = Teller(FEWEST, earlier or [Earlier(FEWEST)])
        return teller.may_tell(list(cells), list(row or cells), total)

    def test_nested(self):
        self.assertTrue(self._may(cell("people", 3, 9)))
        self.assertFalse(self._may(cell("people", 2, 9)), "two more than the other")
        self.assertFalse(self._may(cell("people", 4, 9, 1)), "one less than the other")
        self.assertTrue(self._may(cell("people", 0, 9)), "the same people")

    def test_of_three(self):
        """Threat: the whole, less two of its parts, is the third part."""
        whole = Cell(
            "people",
            11,
            Counter(
                {
                    (True, True, False): 5,
                    (True, False, True): 4,
                    (True, False, False): 2,
                }
            ),
        )
        self.assertFalse(self._may(whole, earlier=[Earlier(FEWEST)] * 2))
        whole.pieces[True, False, False] = 3
        self.assertTrue(self._may(whole, earlier=[Earlier(FEWEST)] * 2))

    def test_the_same_people_in_two_pieces(self):
        """Six people, with places in both: twelve in all would count them twice."""
        used = cell("used", 6, 6, value=40, most=2)
        used.behind = 6
        self.assertFalse(Teller(11, [Earlier(5)]).may_tell([used], [used]))
        self.assertTrue(Teller(5, [Earlier(5)]).may_tell([used], [used]))
        used.behind = 12
        self.assertTrue(Teller(11, [Earlier(5)]).may_tell([used], [used]))
        both = Counter({(True, True, True): 6, (True, True, False): 6})
        used = Cell("used", 40, both, most=2, behind=12)
        teller = Teller(11, [Earlier(11), Earlier(5)])
        self.assertFalse(teller.may_tell([used], [used]), "six, as far as one knows")

    def test_of_readers_who_may_know_more(self):
        """What few more inside than outside is known to those inside."""
        teller = Teller(11, [Earlier(5)])
        self.assertTrue(teller.may_tell([cell("people", 6, 20)], []))
        self.assertFalse(teller.may_tell([cell("people", 4, 20)], []))
        teller = Teller(11, [Earlier(11)])
        self.assertFalse(teller.may_tell([cell("people", 6, 20)], []))

    def test_a_version_that_says_a_little_more(self):
        def again(now, **before):
            earlier = [Earlier(FEWEST, before, touched=9)]
            return self._may(cell("came", 0, now), earlier=earlier)

        self.assertTrue(again(9, came=9))
        self.assertFalse(again(10, came=9), "one person more")
        self.assertTrue(again(12, came=9))
        self.assertTrue(again(10, came=None), "it was hidden before")

    def test_a_version_that_one_person_changed(self):
        """Twelve places more, all of one person who goes out a lot."""
        used = cell("used", 0, 9, value=30, most=2)
        earlier = [Earlier(FEWEST, {"used": 18}, touched=1)]
        self.assertFalse(self._may(used, earlier=earlier))
        earlier = [Earlier(FEWEST, {"used": 18}, touched=FEWEST)]
        self.assertTrue(self._may(used, earlier=earlier))

    def test_what_is_left_moves_little(self):
        """Threat: twelve more in all, eleven more of them came: one did not."""
        came, stayed = cell("came", 0, 20), cell("stayed", 0, 11)
        total = cell("people", 0, 31)
        earlier = [Earlier(FEWEST, {"people": 19, "came": 9}, touched=20)]
        teller = Teller(FEWEST, earlier)
        self.assertEqual(
            teller.split([came, stayed], total), {"came": None, "stayed": None}
        )
        # eleven more in all, and eleven more of them came
        teller = Teller(FEWEST, [Earlier(FEWEST, {"people": 20, "came": 9}, 20)])
        self.assertEqual(teller.split([came, stayed], total)["came"], 20)
