"""Which figures of a group are shown: none from which a single person comes out.

What is not shown cannot be found again either: not from the total, not from what is
left of it, not from knowing how it was decided, not from another report
(docs/decisions/0008).
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

FEWEST_INSIDE = 5
"""Persons on whom a figure rests at least, inside the organisation."""

FEWEST_OUTSIDE = 11
"""The same, of what leaves it."""


def mask(counts, fewest=FEWEST_INSIDE):
    """Hide the figures of a row that rest on too few persons.

    A figure of nought is hidden like a small one: that nobody is in it says something
    of everybody.

    :param counts: list of numbers of distinct persons, each person in one of them
    :param fewest: persons on whom a figure rests at least
    :return: list of the same length, None for what is hidden
    """
    shown = shown_of(
        len(counts), lambda places: sum(counts[n] for n in places) >= fewest
    )
    return [counts[n] if n in shown else None for n in range(len(counts))]


def shown_of(length, may_tell):
    """Which figures of a row are shown, when their sum is known.

    What is hidden rests together on enough persons, else the total less the others
    would be such a figure. And the last figure is hidden with the first one that is:
    were the hidden ones always the small ones, three of four at most each could only be
    four, if they make twelve.

    :param length: number of figures
    :param may_tell: function of a list of places: whether what is there may be told
        as one figure
    :return: set of the places that are shown
    """
    if all(may_tell([n]) for n in range(length)):
        return {*range(length)}
    places = range(length - 1)
    for size in range(len(places) - 1, 0, -1):
        for shown in combinations(places, size):
            hidden = [n for n in range(length) if n not in shown]
            if may_tell(hidden) and all(may_tell([n]) for n in shown):
                return {*shown}
    return set()


@dataclass
class Cell:
    """A figure, and the distinct persons behind it.

    Each person is in one piece: in this report or not, and in which earlier ones.
    """

    key: str
    value: int = 0
    pieces: Counter = field(default_factory=Counter)
    """Persons by tuple of bools: in this report, then in each of the earlier ones."""
    most: int = 1
    """What one person counts for, on one line: two places, with a companion."""
    behind: int | None = None
    """Persons in this report, when one may be in several pieces: by other places."""

    @property
    def persons(self):
        if self.behind is not None:
            return self.behind
        return sum(number for inside, number in self.pieces.items() if inside[0])

    def seen(self, places):
        """Persons by what readers of some of the reports can tell apart.

        Where one may be in several pieces, at least as many as the largest has.

        :param places: of this report, 0, and of earlier ones
        :return: Counter by tuple of bools; nothing of who is in none of them
        """
        found = Counter()
        for inside, number in self.pieces.items():
            piece = tuple(inside[n] for n in places)
            if self.behind is None:
                found[piece] += number
            else:
                found[piece] = max(found[piece], number)
        if self.behind is not None and places == [0]:
            found[True,] = self.behind
        found.pop((False,) * len(places), None)
        return found


@dataclass
class Earlier:
    """A report that its readers know already."""

    fewest: int
    """Persons on whom rests at least what who reads both can work out."""
    values: dict | None = None
    """Its figures, of a report on the same people as the new one: a former version."""
    touched: int = 0
    """Persons of whom something was changed since, of a former version."""


class Teller:
    """Decides what of a report is told, given what was told before it."""

    def __init__(self, fewest, earlier=()):
        """
        :param fewest: persons on whom a figure rests at least
        :param earlier: list of :class:`Earlier`, in the order of the cells' pieces
        """
        self.fewest = fewest
        self.earlier = list(earlier)
        self.readers = {fewest: [0]}
        for least in {report.fewest for report in self.earlier}:
            # who reads what is for fewer readers reads the rest too
            self.readers[least] = [0] + [
                place
                for place, report in enumerate(self.earlier, 1)
                if report.fewest >= least
            ]

    def one(self, cell):
        """A figure that is no part of another.

        :return: its value, None when it is hidden
        """
        return cell.value if self.may_tell([cell], [cell]) else None

    def part(self, part, rest, total):
        """A figure of which what is left of the total is not shown.

        :return: its value, None when it is hidden
        """
        return self.split([part, rest], total)[part.key]

    def split(self, parts, total):
        """The parts of a total that is shown, each person in one of them.

        :param parts: list of :class:`Cell`
        :param total: :class:`Cell`
        :return: dict of values by key, None for what is hidden
        """
        shown = shown_of(
            len(parts),
            lambda places: self.may_tell([parts[n] for n in places], parts, total),
        )
        return {
            part.key: part.value if n in shown else None for n, part in enumerate(parts)
        }

    def may_tell(self, cells, row, total=None):
        """Whether the sum of these figures may be told.

        It rests on enough persons; so does each piece into which earlier reports cut
        it, theirs without this one included: the difference of two reports is a figure
        too. And it has not moved by a few since a former version.

        :param cells: list of :class:`Cell`, each person in one of them
        :param row: list of all the cells that make the total
        :param total: :class:`Cell`, when there is one
        :return: bool
        """
        for fewest, places in self.readers.items():
            seen = Counter()
            for cell in cells:
                seen.update(cell.seen(places))
            if any(number and number < fewest for number in seen.values()):
                return False
        if sum(cell.persons for cell in cells) < self.fewest:
            return False
        return not any(
            self._moved_little(report, cells, row, total) for report in self.earlier
        )

    def _moved_little(self, report, cells, row, total):
        if report.values is None:
            return False
        before = _sum_of(report.values, cells)
        if before is None and total is not None:
            # what is left of the total was known too
            others = _sum_of(report.values, [c for c in row if c not in cells])
            whole = report.values.get(total.key)
            if others is not None and whole is not None:
                before = whole - others
        if before is None:
            return False
        moved = abs(sum(cell.value for cell in cells) - before)
        least = report.fewest * max(cell.most for cell in cells)
        return bool(moved) and (moved < least or report.touched < report.fewest)


def _sum_of(values, cells):
    found = [values.get(cell.key) for cell in cells]
    return None if None in found else sum(found)
