from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import groupby

from ..tools.quiet_log import unlogged
from .culture_registration_rules import HOLDING


class CultureRegistration(models.Model):
    """One live registration, one place at a time, no minor alone (I2)."""

    _inherit = "culture.registration"

    def _check_conflicts_before(self, state):
        self._check_conflicts(
            [
                {
                    "id": line.id,
                    "outing_id": line.outing_id.id,
                    "beneficiary_id": line.beneficiary_id.id,
                    "date_begin": line.date_begin,
                    "date_end": line.date_end,
                    "state": state,
                }
                for line in self
            ]
        )

    def _check_conflicts_at(self, dates):
        """Refuse to move an outing onto another one of the same persons.

        :param dates: ``date_begin`` and ``date_end`` to come
        :raise UserError: with how many persons, not who
        """
        holding = self.filtered(lambda line: line.state in HOLDING)
        if not holding or not dates["date_begin"]:
            return
        clashing = self.search_count(
            [
                ("beneficiary_id", "in", holding.beneficiary_id.ids),
                ("id", "not in", self.ids),
                ("state", "in", list(HOLDING)),
                ("date_begin", "<", dates["date_end"]),
                ("date_end", ">", dates["date_begin"]),
            ]
        )
        if clashing == 1:
            raise UserError(
                self.env._(
                    "1 person has another outing then. Choose another date, or free "
                    "one of the places."
                )
            )
        if clashing:
            raise UserError(
                self.env._(
                    "%(n)s persons have another outing then. Choose another date, or "
                    "free one of the places.",
                    n=clashing,
                )
            )

    @api.model
    def _check_conflicts(self, vals_list):
        """Refuse a second live registration, and two outings at one time.

        Read in one query before anything is written: a violated index would write
        the row into the server's log. The indexes stay as last defence.
        """
        lines = [vals for vals in vals_list if vals.get("beneficiary_id")]
        if not lines:
            return
        self._check_conflicts_within(lines)
        self.flush_model(["state", "date_begin", "date_end"])
        found = self.env.execute_query(
            SQL(
                """
                SELECT wanted.beneficiary_id, other.outing_id, other.state,
                       other.outing_id = wanted.outing_id
                  FROM unnest(%s::int[], %s::int[], %s::int[],
                              %s::timestamp[], %s::timestamp[], %s::bool[])
                       AS wanted(id, beneficiary_id, outing_id,
                                 date_begin, date_end, holding)
                  JOIN culture_registration other
                    ON other.beneficiary_id = wanted.beneficiary_id
                   AND other.id <> wanted.id
                   AND other.state <> 'cancelled'
                   AND (other.outing_id = wanted.outing_id
                        OR wanted.holding AND other.state IN %s
                           AND other.date_begin < wanted.date_end
                           AND other.date_end > wanted.date_begin)
                 LIMIT 1
                """,
                [vals.get("id", 0) for vals in lines],
                [vals["beneficiary_id"] for vals in lines],
                [vals["outing_id"] for vals in lines],
                [vals["date_begin"] or None for vals in lines],
                [vals["date_end"] for vals in lines],
                [vals["state"] in HOLDING for vals in lines],
                tuple(HOLDING),
            )
        )
        for person_id, outing_id, state, same_outing in found:
            raise self._conflict_error(person_id, outing_id, state, same_outing)

    @api.model
    def _check_conflicts_within(self, lines):
        """The same between the lines of one batch."""
        for person_id, mine in groupby(lines, lambda vals: vals["beneficiary_id"]):
            if len(mine) == 1:
                continue
            outing_ids = [vals["outing_id"] for vals in mine]
            if len(set(outing_ids)) < len(mine):
                state = mine[0]["state"]
                raise self._conflict_error(person_id, outing_ids[0], state, True)
            dated = sorted(
                (v for v in mine if v["date_begin"]), key=lambda v: v["date_begin"]
            )
            for former, latter in zip(dated, dated[1:], strict=False):
                holding = {former["state"], latter["state"]}
                if holding <= HOLDING and latter["date_begin"] < former["date_end"]:
                    raise self._conflict_error(
                        person_id, former["outing_id"], "confirmed", False
                    )

    @api.model
    def _conflict_error(self, person_id, outing_id, state, same_outing):
        name = self.env["culture.beneficiary"].browse(person_id).display_name
        if same_outing:
            labels = dict(self._fields["state"]._description_selection(self.env))
            text = self.env._(
                "%(person)s has a registration for this outing already (%(state)s).",
                person=name,
                state=labels[state],
            )
            return unlogged(UserError(text))
        # sudo: the person is in reach, the outing's title names nobody
        outing = self.env["culture.outing"].sudo().browse(outing_id)
        text = self.env._(
            "%(person)s has an outing at that time already: %(outing)s. Choose "
            "another date, or free the other place.",
            person=name,
            outing=outing.name,
        )
        return unlogged(UserError(text))

    def _check_minors_after(self, state):
        """Ask only where it may have changed: a child comes, or an adult leaves."""
        if state == "cancelled":
            self.outing_id._check_minors(self)
        elif state in HOLDING:
            alone = self.filtered(lambda line: line.children and not line.adults)
            alone.outing_id._check_minors(alone)
