from odoo import models

from ..tools.masking import FEWEST_INSIDE, FEWEST_OUTSIDE, Cell, Earlier, Teller
from .culture_assessment import QUESTIONS, VIEWS
from .culture_beneficiary_milestones import STEPS_TO_AUTONOMY
from .culture_bilan_count import MOVES


class CultureBilan(models.Model):
    """What of the figures is told: docs/decisions/0008.

    Each figure is a part of one that is shown, down from the people reached: under one
    that is hidden, everything is. So what is hidden keeps as many possible values as
    its total leaves it.
    """

    _inherit = "culture.bilan"

    def _figures(self):
        """Count and mask.

        :return: dict to freeze: ``values``, numbers by key, None for what is hidden,
            the rest lists and dicts that name what the keys are about
        """
        self.ensure_one()
        self.env.flush_all()
        known = self._known_reports()
        bases = [self._base(), *(report._base() for report in known)]
        people = self._count_people(bases)
        teller = self._teller(known, bases, people)
        programme = self._count_programme(bases[0])
        actors = self._count_actors(bases[0])
        values = {
            key: programme[key] for key in ("outings", "cancelled", "offered")
        } | actors
        reached = _cell("people", people, lambda traits, had, came: had)
        values["people"] = teller.one(reached)
        if values["people"] is not None:
            values |= self._tell_use(teller, reached, people, bases)
        figures = {
            "values": values,
            "until": str(min(self.date_end, self.company_id._culture_today())),
            "disciplines": programme["disciplines"],
            "districts": programme["districts"],
            "apart": self._is_apart(known, teller),
            "earlier": len(known),
        }
        if figures["apart"] and values["people"] is not None:
            values |= self._tell_traits(teller, reached, people, values)
            figures["barriers"] = self._tell_barriers(teller, reached, bases, values)
            values |= self._tell_moves(teller, reached, bases)
        if not self.convention_id:
            figures["permanences"] = self._tell_permanences(teller, bases, values)
        figures["commitments"] = self._tell_commitments(values)
        return figures

    # ------------------------------------------------------- what is known already

    def _known_reports(self):
        """Reports whose readers know something of these people and this period.

        sudo: also of structures that the user's role does not cover, and withdrawn
        ones: what was read is known. Nothing of them is told but their effect.

        :return: ``culture.bilan`` as superuser
        """
        report = self.sudo()
        published = report.search(
            [
                ("company_id", "=", report.company_id.id),
                ("published_date", "!=", False),
                ("id", "not in", self.ids),
                ("date_start", "<=", report.date_end),
                ("date_end", ">=", report.date_start),
            ],
            order="id",
        )
        mine = {*self._base().structures}
        return published.filtered(
            lambda other: (
                not mine.isdisjoint(other._base().structures)
                and (
                    not report.convention_id
                    or not other.convention_id
                    or report.convention_id == other.convention_id
                )
            )
        )

    def _teller(self, known, bases, people):
        earlier = []
        for place, report in enumerate(known, 1):
            both = {self.audience, report.audience} == {"external"}
            fewest = FEWEST_OUTSIDE if both else FEWEST_INSIDE
            # on the same people: a former version, or the same for others
            if all(had[0] == had[place] for __, had, __, __ in people):
                touched = self._count_touched(bases, report.published_date)
                values = report.figures["values"]
                earlier.append(Earlier(fewest, values, touched))
            else:
                earlier.append(Earlier(fewest))
        return Teller(self.threshold, earlier)

    def _is_apart(self, known, teller):
        """Whether what changes with the period can be compared with the known reports.

        A person's plan or barrier is the same in two reports on the same months; on
        other months it may not be, and no difference could be judged.
        """
        return all(
            report.values is not None
            or (other.date_start, other.date_end) == (self.date_start, self.date_end)
            for report, other in zip(teller.earlier, known, strict=True)
        )

    # --------------------------------------------------------------------- telling

    def _tell_use(self, teller, reached, people, bases):
        """What became of the places, and who came.

        Places used are at least as many as the people who came: neither is shown
        without the other. What is left of the places given is shown in its parts, as
        one, or not at all.
        """
        values = dict.fromkeys(
            ("reserved", "freed", "given", "used", "unused", "unrecorded", "came")
        )
        cells = self._count_places(bases)
        given, freed, used, unused, unrecorded, left = (
            cells[key]
            for key in ("given", "freed", "used", "unused", "unrecorded", "open")
        )
        if teller.one(given) is None:
            return values
        values["given"] = given.value
        if teller.may_tell([freed], [freed]):
            values["freed"] = freed.value
            values["reserved"] = given.value + freed.value
        came = _cell("came", people, lambda traits, had, came: came)
        stayed = _cell("stayed", people, lambda traits, had, came: had and not came)
        if teller.part(came, stayed, reached) is None:
            return values
        if not (teller.may_tell([used], [used]) and teller.may_tell([left], [left])):
            return values
        values["came"], values["used"] = came.value, used.value
        values["open"] = left.value
        # that all is recorded says nothing of anybody
        recorded = not any(unrecorded.pieces.values())
        if teller.may_tell([unused], [unused]) and (
            recorded or teller.may_tell([unrecorded], [unrecorded])
        ):
            values["unused"] = unused.value
            values["unrecorded"] = unrecorded.value
        return values

    def _tell_traits(self, teller, reached, people, values):
        """Who these people are, what they got to."""
        told = {}

        def split(total, keys, parts):
            cells = [
                _cell(key, people, part) for key, part in zip(keys, parts, strict=True)
            ]
            told.update(teller.split(cells, total))

        split(
            reached,
            ("adults", "minors"),
            (
                lambda traits, had, came: had and not traits["minor"],
                lambda traits, had, came: had and traits["minor"],
            ),
        )
        if values.get("came") is not None:
            came = _cell("came", people, lambda traits, had, came: came)
            split(
                came,
                ("first_outing", "known"),
                (
                    lambda traits, had, came: came and not traits["known"],
                    lambda traits, had, came: came and traits["known"],
                ),
            )
            self._tell_needs(teller, came, split, told, people)
        self._tell_plans(teller, reached, split, told, people)
        return told

    def _tell_needs(self, teller, came, split, told, people):
        """Access needs of who came, and of whom every one was met, each time."""
        if any(report.values is None for report in teller.earlier):
            # met in one report and not in another: it depends on the outings
            told.update(dict.fromkeys(("need", "need_met")))
            return
        split(
            came,
            ("need", "no_need"),
            (
                lambda traits, had, came: came and traits["need"],
                lambda traits, had, came: came and not traits["need"],
            ),
        )
        if told["need"] is not None:
            need = _cell(
                "need", people, lambda traits, had, came: came and traits["need"]
            )
            split(
                need,
                ("need_met", "need_unmet"),
                (
                    lambda traits, had, came: (
                        came and traits["need"] and not traits["unmet"]
                    ),
                    lambda traits, had, came: came and traits["unmet"],
                ),
            )

    def _tell_plans(self, teller, reached, split, told, people):
        split(
            reached,
            ("plan", "no_plan"),
            (
                lambda traits, had, came: had and traits["plan"],
                lambda traits, had, came: had and not traits["plan"],
            ),
        )
        if told["plan"] is not None:
            plan = _cell(
                "plan", people, lambda traits, had, came: had and traits["plan"]
            )
            split(
                plan,
                ("goal", "no_goal"),
                (
                    lambda traits, had, came: had and traits["plan"] and traits["goal"],
                    lambda traits, had, came: (
                        had and traits["plan"] and not traits["goal"]
                    ),
                ),
            )
        for step in STEPS_TO_AUTONOMY:
            split(
                reached,
                (step, f"no_{step}"),
                (
                    lambda traits, had, came, step=step: had and traits[step],
                    lambda traits, had, came, step=step: had and not traits[step],
                ),
            )

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
        for name in ("people_count", "first_time_count", "needs_count", "offers_count"):
            values[name] = None
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

    def _tell_commitments(self, values):
        """What the convention aims at, beside the figure of this report: no new one.

        sudo: of the report's convention, targets only.

        :return: list of [indicator, target, key of the figure]
        """
        keys = {"people": "came", "relays": "trained"}
        return [
            [line.indicator, line.target, keys.get(line.indicator, line.indicator)]
            for line in self.sudo().convention_id.commitment_ids
        ]


def _cell(key, people, part):
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
