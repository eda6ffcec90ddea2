from odoo import models
from odoo.fields import Domain

WRITTEN_TO = Domain.OR(
    [
        Domain("channel", "=", "sms") & Domain("phone", "not in", (False, "")),
        Domain("channel", "=", "email") & Domain("email", "not in", (False, "")),
    ]
)
"""Persons whom a message reaches; the others are told by somebody."""


class CultureBeneficiary(models.Model):
    """How a person learns of a change."""

    _inherit = "culture.beneficiary"

    def _told_by(self):
        """How somebody learns that an outing is cancelled.

        :return: ``sms`` or ``email`` when a message reaches; else ``call`` or ``desk``
        """
        self.ensure_one()
        if self.filtered_domain(WRITTEN_TO):
            return self.channel
        return "call" if self.phone and self.channel != "desk" else "desk"
