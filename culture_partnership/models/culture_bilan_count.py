"""What a report counts: a few statements, whatever the number of registrations."""

from collections import Counter, namedtuple
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..tools.masking import Cell
from .culture_assessment import QUESTIONS
from .culture_beneficiary_milestones import FIRST_TIMES, STEPS_TO_AUTONOMY
from .culture_outing_entry import EXPECTED

HELD = ("published", "closed", "done")
"""States of outings that took place."""

MOVES = ("up", "stable", "down", "no_answer")
PLACES = ("given", "freed", "used", "unused", "unrecorded", "open")
TRAITS = ("minor", "known", "need", "unmet", "plan", "goal", *STEPS_TO_AUTONOMY)
BECAME = {
    "given": (SQL("seats"), SQL("state <> 'cancelled'")),
    "freed": (SQL("seats"), SQL("state = 'cancelled'")),
    "used": (SQL("came"), SQL("state = 'attended'")),
    "unused": (
        SQL("seats - CASE state WHEN 'attended' THEN came ELSE 0 END"),
        SQL("(state IN ('excused', 'absent') OR state = 'attended' AND came < seats)"),
    ),
    "unrecorded": (SQL("seats"), SQL("state = 'confirmed'")),
    "open": (
        SQL("seats - CASE state WHEN 'attended' THEN came ELSE 0 END"),
        SQL(
            "(state IN ('confirmed', 'excused', 'absent')"
            " OR state = 'attended' AND came < seats)"
        ),
    ),
}
"""What became of places: how many of a line, and of which lines."""

TWO = 2
"""Places of one person on one outing, at most."""

Base = namedtuple("Base", "structures convention begins ends providers")
"""What a report is about: ids of structures, of a convention, moments in UTC; or, of
the figures of use of a partner, ids of who gives the places."""


class CultureBilan(models.Model):
    """The counting. It reads what its user may not, and gives numbers only: what is
    told of them is decided by ``_figures``."""

    _inherit = "culture.bilan"

    # ------------------------------------------------------------------ the base

    def _base(self):
        """What this report is about, up to now.

        sudo: the structures under one that the user's role covers are covered too.

        :return: :class:`Base`
        """
        self.ensure_one()
        report = self.sudo()
        structures = self.env["res.partner"].sudo().with_context(active_test=False)
        midnight = report.company_id._culture_midnight
        return Base(
            structures.search([("id", "child_of", report.structure_id.id)]).ids,
            report.convention_id.id or None,
            midnight(report.date_start),
            min(midnight(report.date_end + timedelta(days=1)), fields.Datetime.now()),
            None,
        )

    def _is_in(self, base):
        """SQL: whether registration ``r`` on outing ``o`` is in a report."""
        whose = SQL("r.structure_id = ANY(%s)", base.structures)
        if base.providers:
            whose = SQL("o.provider_id = ANY(%s)", base.providers)
        under = SQL("TRUE")
        if base.convention:
            under = SQL("o.convention_id = %s", base.convention)
        return SQL(
            "(%s AND COALESCE(o.date_begin, o.date_end) >= %s"
            " AND COALESCE(o.date_begin, o.date_end) < %s AND %s)",
            whose,
            base.begins,
            base.ends,
            under,
        )

    def _lines(self, bases, states):
        """SQL of the registrations in this report or in those known to its readers.

        Found by the outing's day; ``inside`` says in which of the reports each is.

        :param bases: list of :class:`Base`, of this report first
        :param states: of registrations
        """
        return SQL(
            """
            SELECT r.id, r.beneficiary_id AS person, r.outing_id, r.state, r.seats,
                   COALESCE(r.seats_attended, 0) AS came, r.children, r.write_date,
                   ARRAY[%(inside)s] AS inside
              FROM culture_outing o
              JOIN culture_registration r ON r.outing_id = o.id
             WHERE r.company_id = %(company)s AND o.state = ANY(%(held)s)
               AND r.state = ANY(%(states)s)
               AND COALESCE(o.date_begin, o.date_end) >= %(begins)s
               AND COALESCE(o.date_begin, o.date_end) < %(ends)s
               AND (%(any)s)
            """,
            inside=SQL(", ").join(map(self._is_in, bases)),
            any=SQL(" OR ").join(map(self._is_in, bases)),
            company=self.company_id.id,
            held=list(HELD),
            states=list(states),
            begins=min(base.begins for base in bases),
            ends=max(base.ends for base in bases),
        )

    def _each(self, bases, condition):
        """SQL: an array that says of each report whether a line in it has this."""
        return SQL(
            "ARRAY[%s]",
            SQL(", ").join(
                SQL("bool_or(inside[%s] AND %s)", n, condition)
                for n in range(1, len(bases) + 1)
            ),
        )

    def _people(self, bases):
        """SQL of the persons who had a place: in which reports, came in which."""
        return SQL(
            """
            SELECT person, %(had)s AS had, %(came)s AS came,
                   COALESCE(
                       bool_or(children > 0) FILTER (WHERE inside[1]),
                       bool_or(children > 0)
                   ) AS minor
              FROM (%(lines)s) AS lines
             WHERE person IS NOT NULL
             GROUP BY person
            """,
            had=self._each(bases, SQL("TRUE")),
            came=self._each(bases, SQL("state = 'attended'")),
            lines=self._lines(bases, EXPECTED),
        )

    # -------------------------------------------------------------------- places

    def _count_places(self, bases):
        """Places by what became of them, and how many distinct persons are behind.

        A group without names counts as nobody: how many people it was is not known.

        :return: dict of :class:`Cell` by key (:data:`PLACES`)
        """
        columns = SQL(", ").join(
            SQL(
                "COALESCE(SUM(%(seats)s) FILTER (WHERE %(which)s), 0),"
                " COUNT(DISTINCT person) FILTER (WHERE %(which)s)",
                seats=seats,
                which=which,
            )
            for seats, which in (BECAME[key] for key in PLACES)
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT inside, inside[1], %(columns)s
                  FROM (%(lines)s) AS line
                 WHERE state <> 'cancelled' OR EXISTS (
                     SELECT FROM culture_registration_log log
                      WHERE log.registration_id = line.id
                        AND log.state_to = 'confirmed')
                 GROUP BY GROUPING SETS ((inside), (inside[1]))
                """,
                columns=columns,
                lines=self._lines(bases, (*EXPECTED, "cancelled")),
            )
        )
        cells = {key: Cell(key, most=TWO, behind=0) for key in PLACES}
        for inside, here, *counts in rows:
            for n, key in enumerate(PLACES):
                seats, persons = counts[2 * n : 2 * n + 2]
                if inside is not None:
                    cells[key].pieces[tuple(inside)] += persons
                elif here:
                    # one who has places in two pieces is one person all the same
                    cells[key].value, cells[key].behind = int(seats), persons
        return cells

    def _count_touched(self, bases, since):
        """Persons of this report of whom a registration was written since a moment."""
        [[count]] = self.env.execute_query(
            SQL(
                "SELECT COUNT(DISTINCT person) FROM (%s) AS line WHERE write_date > %s",
                self._lines(bases[:1], (*EXPECTED, "cancelled")),
                since,
            )
        )
        return count

    # -------------------------------------------------------------------- people

    def _count_people(self, bases):
        """Persons by what is known of them, as a few hundred rows at most.

        :return: list of (dict of :data:`TRAITS`, tuple of reports in which the person
            had a place, tuple of those in which the person came, number of persons)
        """
        relation = self.env["culture.beneficiary"]._fields["access_need_ids"]
        offered = self.env["culture.outing"]._fields["access_need_ids"]
        rows = self.env.execute_query(
            SQL(
                TRAITS_OF_PEOPLE,
                people=self._people(bases),
                lines=self._lines(bases[:1], EXPECTED),
                company=self.company_id.id,
                first=self.date_start,
                last=self.date_end,
                begins=bases[0].begins,
                ends=bases[0].ends,
                person=SQL.identifier(relation.column1),
                need=SQL.identifier(relation.column2),
                needs=SQL.identifier(relation.relation),
                offered=SQL.identifier(offered.relation),
                outing=SQL.identifier(offered.column1),
                outing_need=SQL.identifier(offered.column2),
                milestones=SQL(FIRST_TIMES, people=SQL(THESE_PEOPLE)),
            )
        )
        size = len(TRAITS)
        return [
            (
                dict(zip(TRAITS, row[:size], strict=True)),
                tuple(row[size]),
                tuple(row[size + 1]),
                row[size + 2],
            )
            for row in rows
        ]

    def _count_barriers(self, bases):
        """Barriers of these people, named before the end of the period.

        :return: list of tuples: id and name of the barrier, :class:`Cell` of those
            who named it, :class:`Cell` of those for whom it is lifted
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH people AS MATERIALIZED (%s)
                SELECT barrier.id, barrier.name, line.state = 'lifted', had, COUNT(*)
                  FROM people
                  JOIN culture_beneficiary_barrier line
                    ON line.beneficiary_id = people.person
                  JOIN culture_barrier barrier ON barrier.id = line.barrier_id
                 WHERE line.create_date < %s
                 GROUP BY barrier.id, barrier.name, line.state = 'lifted', had
                """,
                self._people(bases),
                bases[0].ends,
            )
        )
        found = {}
        for id_, name, lifted, had, count in rows:
            __, __, named, gone = found.setdefault(
                id_,
                (id_, name, Cell(f"barrier_{id_}"), Cell(f"barrier_{id_}_lifted")),
            )
            for cell in (named, gone) if lifted else (named,):
                cell.pieces[tuple(had)] += count
                cell.value += count if had[0] else 0
        return list(found.values())

    def _count_moves(self, bases):
        """What moved between the entry and the latest assessment of the period.

        :return: dict by (view, question) of dicts of :class:`Cell` by move
        """
        answers = SQL(", ").join(
            SQL(
                "(%s, COALESCE(e.%s, e.%s), COALESCE(l.%s, l.%s))",
                question,
                *[
                    SQL.identifier(f"{view}_{question}")
                    for view in ("person", "referent")
                ]
                * 2,
            )
            for question in QUESTIONS
        )
        rows = self.env.execute_query(
            SQL(
                MOVES_OF_PEOPLE,
                people=self._people(bases),
                first=self.date_start,
                last=self.date_end,
                answers=answers,
            )
        )
        found = {}
        for view, question, move, had, count in rows:
            cells = found.setdefault(
                (view, question),
                {m: Cell(f"{view}_{question}_{m}", pieces=Counter()) for m in MOVES},
            )
            cells[move].pieces[tuple(had)] += count
            cells[move].value += count if had[0] else 0
        return found


THESE_PEOPLE = "ARRAY(SELECT person FROM people)"

TRAITS_OF_PEOPLE = """
    WITH people AS MATERIALIZED (%(people)s), known AS (
        SELECT DISTINCT beneficiary_id AS person
          FROM culture_registration
         WHERE company_id = %(company)s AND state = 'attended'
           AND attended_date < %(first)s
    ), needs AS (
        SELECT %(person)s AS person, %(need)s AS need FROM %(needs)s
    ), unmet AS (
        SELECT DISTINCT person
          FROM (%(lines)s) AS line
          JOIN needs USING (person)
         WHERE line.state = 'attended' AND line.inside[1]
           AND NOT EXISTS (
               SELECT FROM %(offered)s AS offer
                WHERE offer.%(outing)s = line.outing_id
                  AND offer.%(outing_need)s = needs.need)
    ), plans AS (
        SELECT DISTINCT beneficiary_id AS person
          FROM culture_accompaniment
         WHERE company_id = %(company)s AND date_start <= %(last)s
           AND (date_end IS NULL OR date_end >= %(first)s)
    ), goals AS (
        SELECT DISTINCT beneficiary_id AS person
          FROM culture_goal
         WHERE company_id = %(company)s AND state = 'reached'
           AND reached_date BETWEEN %(first)s AND %(last)s
    ), steps AS (
        SELECT DISTINCT beneficiary_id AS person, kind
          FROM (%(milestones)s) AS times
         WHERE day BETWEEN %(first)s AND %(last)s
            OR moment >= %(begins)s AND moment < %(ends)s
    )
    SELECT minor,
           EXISTS (SELECT FROM known k WHERE k.person = p.person) AS known,
           EXISTS (SELECT FROM needs n WHERE n.person = p.person) AS need,
           EXISTS (SELECT FROM unmet u WHERE u.person = p.person) AS unmet,
           EXISTS (SELECT FROM plans a WHERE a.person = p.person) AS plan,
           EXISTS (SELECT FROM goals g WHERE g.person = p.person) AS goal,
           EXISTS (SELECT FROM steps s WHERE s.person = p.person
                       AND s.kind = 'alone') AS alone,
               EXISTS (SELECT FROM steps s WHERE s.person = p.person
                       AND s.kind = 'warned') AS warned,
               EXISTS (SELECT FROM steps s WHERE s.person = p.person
                       AND s.kind = 'proposed') AS proposed,
               had, came, COUNT(*)
      FROM people p
     GROUP BY minor, known, need, unmet, plan, goal, alone, warned, proposed,
              had, came
"""

MOVES_OF_PEOPLE = """
    WITH people AS MATERIALIZED (%(people)s), e AS (
        SELECT DISTINCT ON (a.beneficiary_id, a.view) a.*
          FROM culture_assessment a
          JOIN people ON people.person = a.beneficiary_id
         WHERE a.moment = 'entry' AND a.date <= %(last)s
         ORDER BY a.beneficiary_id, a.view, a.date DESC, a.id DESC
    ), l AS (
        SELECT DISTINCT ON (a.beneficiary_id, a.view) a.*
          FROM culture_assessment a
          JOIN e ON e.beneficiary_id = a.beneficiary_id
                AND e.view = a.view
         WHERE a.moment <> 'entry'
           AND a.date BETWEEN %(first)s AND %(last)s
           AND (a.date, a.id) > (e.date, e.id)
         ORDER BY a.beneficiary_id, a.view, a.date DESC, a.id DESC
    )
    SELECT e.view, said.question,
           CASE WHEN COALESCE(said.before, '') !~ '^[1-5]$'
                  OR COALESCE(said.after, '') !~ '^[1-5]$'
                THEN 'no_answer'
                WHEN said.after > said.before THEN 'up'
                WHEN said.after < said.before THEN 'down'
                ELSE 'stable' END AS move,
           people.had, COUNT(*)
      FROM e
      JOIN l ON l.beneficiary_id = e.beneficiary_id AND l.view = e.view
      JOIN people ON people.person = e.beneficiary_id
     CROSS JOIN LATERAL (VALUES %(answers)s)
           AS said (question, before, after)
     GROUP BY e.view, said.question, move, people.had
"""
