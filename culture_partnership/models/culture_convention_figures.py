from collections import namedtuple
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .culture_portal_usage import SEASON_STARTS, season_of

FEWEST_INSIDE = 5
"""Distinct persons that a figure inside the CCAS rests on, its complement too (I9)."""

Figures = namedtuple("Figures", "outings offered given used came missed")
"""Outings, places offered, given and used; distinct persons who came, who did not."""

NONE = Figures(0, 0, 0, 0, 0, 0)


def is_told(value, *persons):
    """Whether a figure may be shown at the CCAS.

    :param value: the figure
    :param persons: distinct persons it rests on, then those of its complement
    :return: bool
    """
    on, *others = persons
    return (not value or on >= FEWEST_INSIDE) and all(
        not other or other >= FEWEST_INSIDE for other in others
    )


class CultureConvention(models.Model):
    """What became of the places: figures, never a person."""

    _inherit = "culture.convention"

    season_label = fields.Char(compute="_compute_season")
    season_offered = fields.Integer(
        string="Offered this season", compute="_compute_season"
    )
    season_given = fields.Integer(string="Given this season", compute="_compute_season")
    season_used = fields.Char(
        string="Used this season",
        compute="_compute_season",
        help="As far as attendance is recorded. Masked while it rests on fewer than "
        "five people, so that nobody can be recognised.",
    )

    @api.depends("seat_quota")
    @api.depends_context("lang")
    def _compute_season(self):
        periods = {c._origin: season_days(c._today()) for c in self if c.company_id}
        figures = self.env["culture.convention"]._figures(periods)
        for convention in self:
            first, last = periods.get(convention._origin, (None, None))
            found = figures.get(convention._origin.id, NONE)
            told = is_told(found.used, found.came, found.missed)
            convention.season_label = first and self.env._(
                "Season %(first)s-%(last)s", first=first.year, last=last.year
            )
            convention.season_offered = found.offered
            convention.season_given = found.given
            convention.season_used = self._figure_in_words(found.used, told)

    @api.model
    def _figure_in_words(self, value, told):
        return str(value) if told else self.env._("Masked")

    @api.model
    def _figures(self, periods):
        """Count what was done under conventions, each over a period of its own.

        One statement, whatever their number. It reads the registrations of persons
        whom the user may not see, and gives numbers only: who shows them asks
        :func:`is_told`. The caller has read the conventions as the user.

        :param periods: dict of ``culture.convention`` to first and last day
        :return: dict of the convention's id to :class:`Figures`
        """
        bounds = []
        for convention, (first, last) in periods.items():
            if convention.id and first and last:
                midnight = convention.company_id._culture_midnight
                end = midnight(last + timedelta(days=1))
                bounds.append((convention.id, midnight(first), end))
        if not bounds:
            return {}
        self.env["culture.outing"].flush_model()
        self.env["culture.registration"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH outings AS (
                    SELECT o.id, o.convention_id, o.seats_max, o.seats_taken
                      FROM culture_outing o
                      JOIN (VALUES %s) AS asked (id, begins, ends)
                        ON asked.id = o.convention_id
                     WHERE o.state IN ('published', 'closed', 'done')
                       AND COALESCE(o.date_begin, o.date_end) >= asked.begins
                       AND COALESCE(o.date_begin, o.date_end) < asked.ends
                ), lines AS (
                    SELECT o.convention_id,
                           SUM(r.seats_attended) FILTER (
                               WHERE r.state = 'attended') AS used,
                           COUNT(DISTINCT r.beneficiary_id) FILTER (
                               WHERE r.state = 'attended') AS came,
                           COUNT(DISTINCT r.beneficiary_id) FILTER (
                               WHERE r.state IN ('excused', 'absent')) AS missed
                      FROM outings o
                      JOIN culture_registration r ON r.outing_id = o.id
                     GROUP BY o.convention_id
                )
                SELECT o.convention_id, COUNT(*), SUM(o.seats_max),
                       SUM(o.seats_taken), COALESCE(MAX(l.used), 0),
                       COALESCE(MAX(l.came), 0), COALESCE(MAX(l.missed), 0)
                  FROM outings o
                  LEFT JOIN lines l ON l.convention_id = o.convention_id
                 GROUP BY o.convention_id
                """,
                SQL(", ").join(
                    SQL("(%s, %s::timestamp, %s::timestamp)", *row) for row in bounds
                ),
            )
        )
        return {id_: Figures(*counts) for id_, *counts in rows}

    def _trained_relays(self):
        """Relays of each partner organisation whose training is valid.

        On the last day of a convention that is over, today otherwise.

        :return: dict of the convention's id to a number
        """
        # sudo: numbers, whatever the structures that the user's roles cover
        relays = self.env["culture.relay"].sudo()
        relays = relays.search(
            [
                ("structure_id", "child_of", self.partner_id.ids),
                ("trained_until", "!=", False),
            ]
        )
        above = {relay: set() for relay in relays}
        for relay, ids in above.items():
            structure = relay.structure_id
            while structure:
                ids.add(structure.id)
                structure = structure.parent_id
        counts = {}
        for convention in self:
            today = convention._today()
            day = min(today, convention.date_end or today)
            counts[convention.id] = sum(
                convention.partner_id.id in ids
                and relay.company_id == convention.company_id
                and relay.trained_until >= day
                for relay, ids in above.items()
            )
        return counts


def season_days(day):
    """First and last day of the season of a day."""
    first = date(season_of(day), SEASON_STARTS, 1)
    return first, date(first.year + 1, SEASON_STARTS, 1) - timedelta(days=1)
