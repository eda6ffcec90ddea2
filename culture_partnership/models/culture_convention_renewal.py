from dateutil.relativedelta import relativedelta

from odoo import fields, models

from .culture_convention_life import SIGNED


class CultureConvention(models.Model):
    """A convention is followed by a copy of it, each knowing the other."""

    _inherit = "culture.convention"

    renews_id = fields.Many2one(
        "culture.convention",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    renewal_ids = fields.One2many(
        "culture.convention", "renews_id", string="Renewals", readonly=True
    )
    renewal_id = fields.Many2one(
        "culture.convention", string="Renewed by", compute="_compute_renewal_id"
    )

    _renewed_once = models.UniqueIndex(
        "(renews_id) WHERE renews_id IS NOT NULL AND state <> 'terminated'",
        "This convention has its renewal already.",
    )

    def _compute_renewal_id(self):
        for convention in self:
            convention.renewal_id = convention._renewal()

    def _renewal(self):
        """The convention that follows this one; one that was given up does not."""
        return self.renewal_ids.filtered(lambda c: c.state != "terminated")[:1]

    def _is_renewed(self):
        """Whether what follows is signed."""
        return self._renewal().state in SIGNED

    def action_renew(self):
        """Write the draft of the following period, or open the one that exists.

        :return: action that opens the renewal
        :raise UserError: when the convention was never signed, or was terminated
        """
        self.ensure_one()
        self.check_access("write")
        # of two renewals at one time, the second opens the draft of the first; whether
        # one was given up is asked of the database
        self.flush_model()
        self._lock_quietly()
        renewal = self._renewal()
        if not renewal:
            self._check_state(*SIGNED)
            renewal = self.copy(self._renewal_values())
            self.message_post(
                body=self.env._(
                    "Renewed by %(convention)s.", convention=renewal._get_html_link()
                )
            )
            renewal.message_post(
                body=self.env._(
                    "Renews %(convention)s.", convention=self._get_html_link()
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": renewal.id,
            "views": [(False, "form")],
        }

    def action_sign(self):
        """Put the convention in force; who had to renew the former one is done.

        :raise UserError: without project referent, or without dates
        """
        result = super().action_sign()
        self.renews_id._close_alert()
        self.renews_id._follow_dates()
        return result

    def _renewal_values(self):
        """What the renewal has of its own: the period that follows, just as long."""
        values = {"renews_id": self.id, "date_signature": False, "active": True}
        if self.date_start and self.date_end:
            first = self.date_end + relativedelta(days=1)
            length = relativedelta(first, self.date_start)
            last = first + length - relativedelta(days=1)
            values.update(date_start=first, date_end=last)
        return values
