from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .culture_permanence import COUNTERS, MOST

COLUMNS = {name: SQL.identifier(name) for name in COUNTERS}
STEPS = (1, -1)


class CulturePermanence(models.Model):
    """Counting on a phone: each tap moves a number by one statement."""

    _inherit = "culture.permanence"

    def _move_count(self, counter, delta):
        """Add to a counter, in one conditional UPDATE.

        Two phones count at the same time: what one read before the other's tap must
        not be written back. The statement waits for the other transaction, then fails
        and is run again by :meth:`_at_once`. The first number opens the permanence.

        :param counter: one of :data:`COUNTERS`
        :param delta: what to add; below 0, to take
        :raise UserError: when the counter would leave its bounds
        """
        self.ensure_one()
        self.flush_recordset()
        least, most = SQL("0"), SQL("%s", MOST)
        if counter == "people_count":
            least = COLUMNS["first_time_count"]
        elif counter == "first_time_count":
            most = COLUMNS["people_count"]
        self.env.cr.execute(
            SQL(
                """
                UPDATE culture_permanence
                   SET %(counter)s = %(counter)s + %(delta)s,
                       state = CASE state WHEN 'planned' THEN 'open' ELSE state END,
                       write_uid = %(uid)s, write_date = %(now)s
                 WHERE id = %(id)s
                   AND %(counter)s + %(delta)s BETWEEN %(least)s AND %(most)s
             RETURNING id
                """,
                counter=COLUMNS[counter],
                delta=delta,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                id=self.id,
                least=least,
                most=most,
            ),
            log_exceptions=False,  # to lose a race is no error: it is retried
        )
        moved = self.env.cr.fetchone()
        self.invalidate_recordset(
            [*COUNTERS, "state", "write_uid", "write_date"], flush=False
        )
        if not moved:
            raise self._refused_move(counter, delta)

    def _refused_move(self, counter, delta):
        after = self.sudo()[counter] + delta
        inside = 0 <= after <= MOST
        return self._first_time_error() if inside else self._bounds_error(counter)

    def _moment_of_tap(self):
        """When a visit took place that is tapped now: early or late, within the hours.

        :return: naive datetime in UTC
        """
        return min(max(fields.Datetime.now(), self.date_begin), self.date_end)

    # --------------------------------------------------------------------- acts

    def action_count(self, counter=None, delta=0):
        """Add one to a counter, or take one off.

        :param counter: one of :data:`COUNTERS`
        :param delta: 1 or -1
        :return: True
        :raise UserError: when the counter would leave its bounds, the day has not
            come, or the next day is over
        """
        self.ensure_one()
        self.check_access("write")
        if counter not in COUNTERS or type(delta) is not int or delta not in STEPS:
            raise UserError(self.env._("Say what is counted."))
        self._check_open_to_changes()
        self._check_due()
        self._at_once(lambda: self._move_count(counter, delta))
        return True

    def action_tap(self, kind=None):
        """One visit more, and one person more with it.

        :param kind: of the visit
        :return: True
        :raise UserError: when the permanence takes no visit (any more)
        """
        self.ensure_one()
        self.check_access("write")
        visits = self.env["culture.visit"]
        self._at_once(
            lambda: visits.create({"permanence_id": self.id, "kind": kind}).ids
        )
        return True

    def action_undo(self):
        """Take back the last visit that the user has tapped here.

        :return: True
        :raise UserError: when there is none, or it is named already
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open_to_changes()
        # sudo: hosts delete no visit by right; their own last tap only, unnamed
        taps = self.env["culture.visit"].sudo()
        last = taps.search(
            [("permanence_id", "=", self.id), ("create_uid", "=", self.env.uid)],
            order="id desc",
            limit=1,
        )
        if not last:
            raise UserError(self.env._("Nothing to go back on: no visit of yours."))
        if last.beneficiary_id:
            raise UserError(
                self.env._(
                    "Your last visit is linked to a person: it stays. To take the "
                    "link away, delete the follow-up."
                )
            )
        self._at_once(lambda: bool(last.unlink()))
        return True

    def action_close(self):
        """Close the permanence; its numbers stay open until the next day.

        :return: True
        :raise UserError: when its day has not come, or the next day is over
        """
        self.check_access("write")
        self._check_open_to_changes()
        self._check_due()
        self._move_to("closed")
        return True

    def action_reopen(self):
        """Go back on the closing.

        :return: True
        :raise UserError: when the next day is over
        """
        self.check_access("write")
        self._check_open_to_changes()
        self.filtered(lambda p: p.state == "closed")._move_to("open")
        return True

    def action_repeat(self):
        """Open the assistant that makes the next dates of this permanence.

        :return: an action in a dialog
        """
        self.ensure_one()
        self.check_access("write")
        return self.env["culture.permanence.repeat"]._action_of(self)
