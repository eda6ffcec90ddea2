from odoo import models
from odoo.tools import SQL

from ..tools.masking import Cell
from .culture_bilan_count import HELD

COUNTED = ("people_count", "first_time_count", "needs_count", "offers_count")
FAMILIAR = ("familiar", "anonymous")


class CultureBilan(models.Model):
    """What was offered and who saw to it: known to everybody, and hidden from nobody.

    The people who work for the scheme, volunteers included, are counted and not masked:
    their partners know them by name. What is counted at a permanence is masked, as far
    as a number of visits can be: whose they were was never noted.
    """

    _inherit = "culture.bilan"

    def _outings_of(self, base):
        """SQL: whether outing ``o`` was made for the structures of the report."""
        return SQL(
            "o.company_id = %s AND o.structure_id = ANY(%s)"
            " AND COALESCE(o.date_begin, o.date_end) >= %s"
            " AND COALESCE(o.date_begin, o.date_end) < %s AND %s",
            self.company_id.id,
            base.structures,
            base.begins,
            base.ends,
            SQL("o.convention_id = %s", base.convention)
            if base.convention
            else SQL("TRUE"),
        )

    def _count_programme(self, base):
        """Outings and the places on them, in all, by discipline, by district.

        :return: dict with ``outings``, ``cancelled``, ``offered`` and the lists of
            (name, outings, offered) ``disciplines`` and ``districts``
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.state = 'cancelled', discipline.name, venue.zip,
                       COUNT(*), SUM(o.seats_max)
                  FROM culture_outing o
                  LEFT JOIN culture_discipline discipline
                    ON discipline.id = o.discipline_id
                  LEFT JOIN res_partner venue ON venue.id = o.venue_id
                 WHERE o.state = ANY(%s) AND %s
                 GROUP BY o.state = 'cancelled', discipline.name, venue.zip
                """,
                [*HELD, "cancelled"],
                self._outings_of(base),
            )
        )
        held = [row[1:] for row in rows if not row[0]]
        return {
            "outings": sum(row[2] for row in held),
            "cancelled": sum(row[3] for row in rows if row[0]),
            "offered": sum(row[3] for row in held),
            "disciplines": _grouped(held, 0),
            "districts": _grouped(held, 1),
        }

    def _count_actors(self, base):
        """Who went along and who was trained: distinct persons, and trainings.

        :return: dict of numbers
        """
        return {**self._count_escorts(base), **self._count_trainings(base)}

    def _count_escorts(self, base):
        [[relays, referents]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(DISTINCT escort.relay_id),
                       COUNT(DISTINCT joined.referent_id)
                  FROM culture_outing o
                  LEFT JOIN culture_outing_escort_rel escort
                    ON escort.outing_id = o.id
                  LEFT JOIN culture_outing_joined_rel joined
                    ON joined.outing_id = o.id
                 WHERE o.state = ANY(%s) AND %s
                """,
                list(HELD),
                self._outings_of(base),
            )
        )
        return {"relays": relays, "referents": referents}

    def _count_trainings(self, base):
        [[trainings, trained]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*),
                       COUNT(DISTINCT (COALESCE(relay_id, 0), COALESCE(referent_id, 0)))
                  FROM culture_training
                 WHERE company_id = %s AND state = 'attended'
                   AND date BETWEEN %s AND %s AND structure_id = ANY(%s)
                """,
                self.company_id.id,
                self.date_start,
                self.date_end,
                self._trained_structures(base),
            )
        )
        return {"trainings": trainings, "trained": trained}

    def _trained_structures(self, base):
        """Of a convention, the partner's people; else, those of the structures."""
        partner = self.sudo().convention_id.partner_id
        if not partner:
            return base.structures
        structures = partner.with_context(active_test=False)
        return structures.search([("id", "child_of", partner.id)]).ids

    def _count_permanences(self, bases):
        """What was counted at permanences, by kind of place.

        :return: dict by :data:`FAMILIAR` of dicts: ``sessions``, a number, and a
            :class:`Cell` by counter, whose pieces are visits
        """
        inside = SQL(", ").join(map(_is_held_in, bases))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.familiar, ARRAY[%(inside)s] AS inside, COUNT(*), %(counters)s
                  FROM culture_permanence p
                 WHERE p.company_id = %(company)s AND p.state <> 'planned'
                 GROUP BY p.familiar, inside
                """,
                inside=inside,
                company=self.company_id.id,
                counters=SQL(", ").join(
                    SQL("SUM(%s)", SQL.identifier("p", name)) for name in COUNTED
                ),
            )
        )
        found = {}
        for familiar, within, sessions, *counts in rows:
            kind = found.setdefault(
                familiar,
                {name: Cell(f"{familiar}_{name}") for name in COUNTED}
                | {"sessions": 0},
            )
            kind["sessions"] += sessions if within[0] else 0
            for name, count in zip(COUNTED, counts, strict=True):
                kind[name].pieces[tuple(within)] += int(count)
                kind[name].value += int(count) if within[0] else 0
        return {kind: cells for kind, cells in found.items() if cells["sessions"]}


def _is_held_in(base):
    """SQL: whether permanence ``p`` is in a report; in that of a convention, none."""
    return SQL(
        "(%s AND p.structure_id = ANY(%s)"
        " AND p.date_begin >= %s AND p.date_begin < %s)",
        not base.convention,
        base.structures,
        base.begins,
        base.ends,
    )


def _grouped(rows, place):
    """:return: list of [name, outings, offered], the most outings first"""
    groups = {}
    for row in rows:
        group = groups.setdefault(row[place] or "", [row[place] or "", 0, 0])
        group[1] += row[2]
        group[2] += row[3]
    return sorted(groups.values(), key=lambda group: (-group[1], group[0]))
