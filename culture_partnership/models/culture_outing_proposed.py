from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class CultureOuting(models.Model):
    """What a partner organisation does with an outing: propose, take places back."""

    _inherit = "culture.outing"

    proposed_by_id = fields.Many2one(
        "res.users",
        string="Proposed by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Who proposed this outing for a partner organisation, on the portal.",
    )
    proposed_venue = fields.Char(
        string="Venue as proposed",
        readonly=True,
        copy=False,
        help="As the partner wrote it: choose the venue before publishing.",
    )

    def _check_filled_by_us(self, vals):
        result = super()._check_filled_by_us(vals)
        if vals.keys() & {"proposed_by_id", "proposed_venue"} and not self.env.su:
            raise AccessError(
                self.env._("A proposal is made by the partner, on the portal.")
            )
        return result

    def _take_back_seats(self, seats, seen):
        """Take unused places back, in one conditional UPDATE.

        As :meth:`_move_seats`, which takes places at the same moment: never below
        what is taken, and the second of two callers reads the truth. A request that
        is sent twice counts once: it says how many places it saw.

        :param seats: how many to take back, at least 1
        :param seen: places in all when it was asked
        :raise UserError: nothing was taken back, and why
        """
        self.ensure_one()
        self.flush_recordset(["seats_taken", "seats_max"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE culture_outing
                   SET seats_max = seats_max - %(seats)s,
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
            ["seats_max", "seats_free", "is_full", "has_free_seats"], flush=False
        )
        if done:
            self._message_log(body=self._taken_back_text(seats, seen))
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

    def _taken_back_text(self, seats, seen):
        return self.env._(
            "%(partner)s took places back: %(seats)s. There were %(before)s, there are "
            "%(after)s.",
            partner=self.provider_id.name,
            seats=seats,
            before=seen,
            after=seen - seats,
        )
