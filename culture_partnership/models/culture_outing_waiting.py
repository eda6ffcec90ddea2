from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import groupby

from .culture_registration_rules import HOLDING, SEATED

READERS = (
    "culture_partnership.group_culture_partnership_referent,"
    "culture_partnership.group_culture_partnership_coordinator"
)


class Waiter(NamedTuple):
    """Somebody on a waiting list, and what decides about a place."""

    id: int
    outing_id: int
    structure_id: int
    household: int
    """Of the household; those who wait together go together."""
    seats: int
    is_group: bool
    served: date | None
    """Day of the last outing, None before the first."""
    offered: bool
    """A place of this outing was offered once: it is not a second time."""
    minor: bool
    """Under 18, and no adult who has a place nor an escort is there yet."""
    needs: list
    """Ids of the access needs that the outing does not offer."""
    busy: bool
    rank: int


class CultureOuting(models.Model):
    """Who comes next on the waiting list, by the written rules, and why (I3)."""

    _inherit = "culture.outing"

    waiting_ids = fields.Many2many(
        "culture.registration",
        string="Waiting list",
        compute="_compute_waiting",
        groups=READERS,
        help="In the order of the rules: first outing first, then who has waited "
        "longest since the last one, then the order of request.",
    )
    waiting_others_label = fields.Char(
        compute="_compute_waiting", groups=READERS, export_string_translation=False
    )

    @api.depends("registration_ids.state")
    @api.depends_context("uid", "lang")
    def _compute_waiting(self):
        """Those in the user's reach; of the others, how many."""
        lines = self.env["culture.registration"]
        mine = lines.search([("outing_id", "in", self.ids), ("state", "=", "waiting")])
        by_outing = mine.grouped("outing_id")
        for outing in self:
            seen = by_outing.get(outing._origin, lines).sorted("waiting_rank")
            outing.waiting_ids = seen
            others = outing.waiting_count - len(seen)
            if others <= 0:
                outing.waiting_others_label = False
            elif others == 1:
                outing.waiting_others_label = self.env._("1 other person is waiting.")
            else:
                outing.waiting_others_label = self.env._(
                    "%(n)s other persons are waiting.", n=others
                )

    def _waiters(self):
        """Everybody who waits for these outings, in the order of the rules.

        First outing first, then who was out longest ago, then the order of request;
        groups without names after persons. Of a household, all come with the first of
        them. Who let an offer of this outing go comes last, and is offered no other.
        One statement, of ids and numbers: who reads the list reads the persons by
        rights of their own.

        :return: list of :class:`Waiter`
        """
        if not self.ids:
            return []
        for name in ("culture.registration", "culture.beneficiary", "culture.outing"):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH asked AS (
                    SELECT line.*, person.household_id, served.day,
                           line.beneficiary_id IS NULL AS is_group,
                           EXISTS (
                               SELECT 1 FROM culture_registration mine
                                WHERE mine.outing_id = line.outing_id
                                  AND mine.offered_at IS NOT NULL
                                  AND (mine.id = line.id OR
                                       mine.beneficiary_id = line.beneficiary_id)
                           ) AS was_offered
                      FROM culture_registration line
                      LEFT JOIN culture_beneficiary person
                        ON person.id = line.beneficiary_id
                      LEFT JOIN LATERAL (
                          SELECT max(past.attended_date) AS day
                            FROM culture_registration past
                           WHERE past.beneficiary_id = line.beneficiary_id
                             AND past.state = 'attended') served ON TRUE
                     WHERE line.outing_id = ANY(%(outings)s)
                       AND line.state = 'waiting'
                ), placed AS (
                    SELECT asked.*, row_number() OVER (
                               PARTITION BY outing_id
                               ORDER BY is_group, day IS NOT NULL, day,
                                        COALESCE(waiting_since, create_date), id
                           ) AS place
                      FROM asked
                ), together AS (
                    SELECT placed.*, min(place) OVER (
                               PARTITION BY outing_id, was_offered,
                                            COALESCE(household_id, -id)
                           ) AS first_place
                      FROM placed
                )
                SELECT line.id, line.outing_id, line.structure_id,
                       COALESCE(line.household_id, -line.id), line.seats,
                       line.is_group, line.day, line.was_offered,
                       %(minor)s, %(needs)s, %(busy)s,
                       row_number() OVER (
                           PARTITION BY line.outing_id
                           ORDER BY line.was_offered, line.first_place, line.place
                       ) AS rank
                  FROM together line
                 ORDER BY line.outing_id, rank
                """,
                outings=self.ids,
                minor=self._alone_to_sql(),
                needs=self._unmet_to_sql(),
                busy=self._busy_to_sql(),
            )
        )
        return [Waiter(*row) for row in rows]

    @api.model
    def _alone_to_sql(self):
        return SQL(
            """
            line.children > 0 AND line.adults = 0
            AND NOT EXISTS (SELECT 1 FROM culture_outing_escort_rel escort
                             WHERE escort.outing_id = line.outing_id)
            AND NOT EXISTS (
                SELECT 1 FROM culture_registration adult
                  JOIN culture_beneficiary grown ON grown.id = adult.beneficiary_id
                 WHERE adult.outing_id = line.outing_id AND adult.adults > 0
                   AND adult.state IN %s AND grown.household_id = line.household_id)
            """,
            tuple(SEATED),
        )

    @api.model
    def _unmet_to_sql(self):
        wanted = self.env["culture.beneficiary"]._fields["access_need_ids"]
        given = self._fields["access_need_ids"]
        return SQL(
            """
            ARRAY(SELECT wanted.%(need)s FROM %(wanted)s wanted
                   WHERE wanted.%(person)s = line.beneficiary_id
                     AND NOT EXISTS (SELECT 1 FROM %(given)s given
                          WHERE given.%(outing)s = line.outing_id
                            AND given.%(offer)s = wanted.%(need)s))
            """,
            need=SQL.identifier(wanted.column2),
            person=SQL.identifier(wanted.column1),
            wanted=SQL.identifier(wanted.relation),
            outing=SQL.identifier(given.column1),
            offer=SQL.identifier(given.column2),
            given=SQL.identifier(given.relation),
        )

    @api.model
    def _busy_to_sql(self):
        return SQL(
            """
            EXISTS (SELECT 1 FROM culture_registration other
                     WHERE other.beneficiary_id = line.beneficiary_id
                       AND other.id <> line.id AND other.state IN %s
                       AND other.date_begin < line.date_end
                       AND other.date_end > line.date_begin)
            """,
            tuple(HOLDING),
        )

    @api.model
    def _units(self, waiters):
        """Who goes together: a household that waits together is not split.

        :param waiters: of one outing, in order
        :return: list of lists of :class:`Waiter`
        """
        fresh = [waiter for waiter in waiters if not waiter.offered]
        return [unit for __, unit in groupby(fresh, lambda waiter: waiter.household)]

    @api.model
    def _wanted(self, unit):
        """Places that a unit asks for, by structure id."""
        wanted = {}
        for waiter in unit:
            seats = wanted.get(waiter.structure_id, 0) + waiter.seats
            wanted[waiter.structure_id] = seats
        return wanted

    @api.model
    def _why_not(self, unit, room):
        """What stands between a unit and a place, if anything.

        :param unit: list of :class:`Waiter`
        :param room: :class:`Room`
        :return: code of why, "" for nothing
        """
        wanted = self._wanted(unit)
        if any(waiter.busy for waiter in unit):
            return "busy"
        if all(waiter.minor for waiter in unit):
            return "minor"
        if any(waiter.needs for waiter in unit):
            return "need"
        if sum(wanted.values()) > room.seats - room.taken:
            return "room"
        return "" if room.fits(wanted) else "quota"

    @api.model
    def _why(self, waiter):
        """By which rule a place goes to somebody.

        :return: code of why, and its value: months since the last outing
        """
        if waiter.is_group:
            return "order", ""
        if not waiter.served:
            return "first", ""
        today = self.env.company._culture_today()
        return "unserved", str((today - waiter.served).days // 30)
