from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.dialogs import dialog

USED = ("attended", "confirmed", "offered")
TOLD_DAYS = 14
"""After an outing, its figures may still follow a corrected attendance."""


class CultureOuting(models.Model):
    """Places that nobody takes go back to the venue in time, and are counted."""

    _inherit = "culture.outing"

    seats_returned = fields.Integer(
        string="Places returned to the venue",
        required=True,
        default=0,
        readonly=True,
        copy=False,
    )
    seats_reused = fields.Integer(
        string="Places made common and used",
        required=True,
        default=0,
        readonly=True,
        copy=False,
        help="Kept for a structure that did not take them, then used by others.",
    )
    seats_saved = fields.Integer(string="Places saved", compute="_compute_seats_saved")
    places_to_return = fields.Boolean(
        compute="_compute_places_to_return",
        search="_search_places_to_return",
        export_string_translation=False,
    )

    @api.depends("seats_returned", "seats_reused")
    def _compute_seats_saved(self):
        for outing in self:
            outing.seats_saved = outing.seats_returned + outing.seats_reused

    @api.depends("return_date", "state", "seats_max", "seats_taken", "date_begin")
    def _compute_places_to_return(self):
        for outing in self:
            outing.places_to_return = bool(
                outing.state in ("published", "closed")
                and outing.seats_free > 0
                and outing.return_date
                and outing.return_date <= outing.company_id._culture_today()
                and not outing._is_too_late_to_return()
            )

    def _search_places_to_return(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return (
            Domain("state", "in", ("published", "closed"))
            & Domain("has_free_seats", "=", True)
            & Domain("date_end", ">", now)
            & (Domain("date_begin", ">", now) | Domain("date_begin", "=", False))
            & Domain.OR(
                Domain("company_id", "=", company.id)
                & Domain("return_date", "<=", company._culture_today())
                for company in self.env.companies
            )
        )

    def _is_too_late_to_return(self):
        moment = self.date_begin or self.date_end
        return bool(moment) and moment <= fields.Datetime.now()

    def _check_filled_by_us(self, vals):
        result = super()._check_filled_by_us(vals)
        if vals.keys() & {"seats_returned", "seats_reused"}:
            raise AccessError(
                self.env._("Places returned: this is counted by the application.")
            )
        return result

    # ------------------------------------------------------------------ return

    def action_open_return(self):
        """Ask how many places go back to the venue.

        :return: an action in a dialog
        """
        self.ensure_one()
        return dialog(
            self.env["culture.outing.return"],
            self.env._("Return places"),
            default_outing_id=self.id,
        )

    def _return_seats(self, seats, seen):
        """Give places back to the venue, before the outing starts.

        :param seats: how many, at least 1
        :param seen: places in all when it was asked: sent twice, it counts once
        :raise UserError: nothing was returned, and why
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("published", "closed") or self._is_too_late_to_return():
            raise UserError(self.env._("Places are returned before the outing starts."))
        if seats < 1:
            raise UserError(self.env._("Say how many places, as a whole number."))

        def act():
            self._lower_seats(seats, seen)
            self._message_log(body=self._returned_text(seats, seen))

        self._at_once(act)

    def _lower_seats(self, seats, seen):
        """Take places away, in one conditional UPDATE, and count them.

        As :meth:`_move_seats`, which takes places at the same moment: never below
        what is taken, and the second of two callers reads the truth. A request that
        is sent twice counts once: it says how many places it saw.

        :param seats: how many, at least 1
        :param seen: places in all when it was asked
        :raise UserError: nothing was taken away, and why
        """
        self.ensure_one()
        self.flush_recordset(["seats_taken", "seats_max", "seats_returned"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE culture_outing
                   SET seats_max = seats_max - %(seats)s,
                       seats_returned = seats_returned + %(seats)s,
                       write_uid = %(uid)s, write_date = %(now)s
                 WHERE id = %(id)s AND %(seats)s >= 1
                   AND seats_max = %(seen)s AND seats_max - %(seats)s >= seats_taken
                """,
                id=self.id,
                seats=seats,
                seen=seen,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            ),
            log_exceptions=False,  # to lose a race is no error: it is retried
        )
        done = self.env.cr.rowcount
        self.invalidate_recordset(
            ["seats_max", "seats_returned", "seats_free", "is_full", "has_free_seats"],
            flush=False,
        )
        if done:
            return
        if self.seats_max != seen:
            raise UserError(
                self.env._(
                    "The number of places has changed meanwhile: there are %(seats)s "
                    "now. Nothing was taken back.",
                    seats=self.seats_max,
                )
            )
        raise UserError(
            self.env._(
                "You can take back at most %(seats)s. Nothing was taken back.",
                seats=self.seats_free,
            )
        )

    def _returned_text(self, seats, seen):
        return self.env._(
            "Places returned to the venue: %(seats)s. There were %(before)s, there are "
            "%(after)s.",
            seats=seats,
            before=seen,
            after=seen - seats,
        )

    # ----------------------------------------------------------------- figures

    @api.model
    def _count_reused(self):
        """Count what became common and was used, by what is taken beyond the quotas.

        The places that were common from the start go first; what others took beyond
        them had been kept for somebody. One statement, of numbers.
        """
        for name in ("culture.outing", "culture.outing.quota", "culture.registration"):
            self.env[name].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH quota AS (
                    SELECT outing_id, structure_id, sum(seats) AS seats
                      FROM culture_outing_quota GROUP BY outing_id, structure_id
                ), share AS (
                    SELECT quota.outing_id, sum(quota.seats) AS kept,
                           sum(LEAST(quota.seats, (
                               SELECT COALESCE(sum(line.seats), 0)
                                 FROM culture_registration line
                                WHERE line.outing_id = quota.outing_id
                                  AND line.structure_id = quota.structure_id
                                  AND line.state IN %(used)s))) AS used
                      FROM quota GROUP BY quota.outing_id
                ), figure AS (
                    SELECT o.id, GREATEST(0,
                               (SELECT COALESCE(sum(line.seats), 0)
                                  FROM culture_registration line
                                 WHERE line.outing_id = o.id
                                   AND line.state IN %(used)s)
                               - share.used
                               - GREATEST(0, o.seats_max + o.seats_returned
                                             - share.kept)
                           ) AS reused
                      FROM culture_outing o JOIN share ON share.outing_id = o.id
                     WHERE o.quota_until <= %(today)s AND o.state <> 'cancelled'
                       AND o.date_end > %(since)s
                )
                UPDATE culture_outing o SET seats_reused = figure.reused
                  FROM figure
                 WHERE o.id = figure.id AND o.seats_reused <> figure.reused
                """,
                used=USED,
                today=fields.Date.today(),
                since=fields.Datetime.subtract(fields.Datetime.now(), days=TOLD_DAYS),
            ),
            log_exceptions=False,
        )
        self.invalidate_model(["seats_reused", "seats_saved"], flush=False)
