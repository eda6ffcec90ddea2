from odoo import models

from ..tools.masking import Cell
from .culture_assessment import QUESTIONS, VIEWS
from .culture_beneficiary_milestones import STEPS_TO_AUTONOMY
from .culture_bilan_count import MOVES
from .culture_bilan_programme import COUNTED

PARTS = (
    ("people", "minors", "adults", "minor"),
    ("came", "known", "first_outing", "known"),
    ("came", "need", "no_need", "need"),
    ("need", "need_unmet", "need_met", "unmet"),
    ("people", "plan", "no_plan", "plan"),
    ("plan", "goal", "no_goal", "goal"),
    *(("people", step, f"no_{step}", step) for step in STEPS_TO_AUTONOMY),
)
"""Of a total, the part that has a trait, and the rest."""


class CultureBilan(models.Model):
    """What is told of the people reached, and of permanences."""

    _inherit = "culture.bilan"

    def _tell_traits(self, teller, people, values):
        """Who these people are, what they got to: down the tree, part by part.

        :return: dict of values by key, None for what is hidden
        """
        told, parts = {}, {"people": _had, "came": _came}
        for total, part, rest, trait in PARTS:
            parts[part] = _both(parts[total], trait)
            parts[rest] = _both(parts[total], trait, wanted=False)
            apart = total != "need" or all(
                # met in one report and not in another: it depends on the outings
                report.same
                for report in teller.earlier
            )
            if apart and {**values, **told}.get(total) is not None:
                cells = [cell_of(key, people, parts[key]) for key in (part, rest)]
                told |= teller.split(cells, cell_of(total, people, parts[total]))
            else:
                told |= {part: None, rest: None}
        return told

    def _tell_barriers(self, teller, reached, bases, values):
        """Barriers that may be told, the most named first; the others are not listed.

        :return: list of [id, name]
        """
        listed = []
        for id_, name, named, lifted in self._count_barriers(bases):
            count = teller.part(named, _less("", reached, named), reached)
            if count is None:
                continue
            values[named.key] = count
            values[lifted.key] = teller.part(lifted, _less("", named, lifted), named)
            listed.append((-count, name, id_))
        return [[id_, name] for __, name, id_ in sorted(listed)]

    def _tell_moves(self, teller, reached, bases):
        values = {}
        found = self._count_moves(bases)
        for view in VIEWS:
            values[f"{view}_pairs"] = None
            rows = [found.get((view, question)) for question in QUESTIONS]
            if None in rows:
                continue
            pairs = _sum(f"{view}_pairs", list(rows[0].values()))
            values[pairs.key] = teller.part(
                pairs, _less(f"no_{view}_pairs", reached, pairs), reached
            )
            if values[pairs.key] is None:
                continue
            for row in rows:
                values |= teller.split([row[move] for move in MOVES], pairs)
        return values

    def _tell_permanences(self, teller, bases, values):
        """Visits by kind of place; the split only where there are both.

        :return: dict of numbers of sessions by kind of place
        """
        found = self._count_permanences(bases)
        values |= dict.fromkeys(COUNTED)
        cells = [kind["people_count"] for kind in found.values()]
        if cells:
            total = _sum("people_count", cells)
            values["people_count"] = teller.one(total)
            if values["people_count"] is not None:
                if len(cells) > 1:
                    values |= teller.split(cells, total)
                first = _sum(
                    "first_time_count",
                    [kind["first_time_count"] for kind in found.values()],
                )
                values[first.key] = teller.part(
                    first, _less("again_count", total, first), total
                )
            for name in ("needs_count", "offers_count"):
                values[name] = teller.one(
                    _sum(name, [kind[name] for kind in found.values()])
                )
        return {kind: cells["sessions"] for kind, cells in found.items()}


def _had(traits, had, came):
    return had


def _came(traits, had, came):
    return came


def _both(part, trait, wanted=True):
    return lambda traits, had, came: part(traits, had, came) and traits[trait] is wanted


def cell_of(key, people, part):
    """The persons of a part, by the reports in which they are in it.

    :param people: as ``_count_people`` gives them
    :param part: function of traits, had a place, came: whether a person is in it
    """
    cell = Cell(key)
    for traits, had, came, count in people:
        inside = tuple(
            bool(part(traits, *each)) for each in zip(had, came, strict=True)
        )
        cell.pieces[inside] += count
        cell.value += count if inside[0] else 0
    return cell


def _less(key, total, part):
    """What is left of a total.

    :return: :class:`Cell`
    """
    pieces = total.pieces.copy()
    pieces.subtract(part.pieces)
    return Cell(key, total.value - part.value, pieces)


def _sum(key, cells):
    """Several figures as one, each person in one of them.

    :return: :class:`Cell`
    """
    total = Cell(key)
    for cell in cells:
        total.pieces.update(cell.pieces)
        total.value += cell.value
    return total
