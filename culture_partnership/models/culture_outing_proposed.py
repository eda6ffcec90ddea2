from odoo import fields, models
from odoo.exceptions import AccessError


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
        """Take unused places back, for the partner who gave them.

        :param seats: how many to take back, at least 1
        :param seen: places in all when it was asked
        :raise UserError: nothing was taken back, and why
        """
        self._lower_seats(seats, seen)
        self._message_log(body=self._taken_back_text(seats, seen))

    def _taken_back_text(self, seats, seen):
        return self.env._(
            "%(partner)s took places back: %(seats)s. There were %(before)s, there are "
            "%(after)s.",
            partner=self.provider_id.name,
            seats=seats,
            before=seen,
            after=seen - seats,
        )
