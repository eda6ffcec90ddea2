from odoo import models
from odoo.tools import email_normalize

from ..tools.short_message import mobile

MESSAGES = ("sms", "email")


class CultureBeneficiary(models.Model):
    """How a person learns of something, and who is there to tell them."""

    _inherit = "culture.beneficiary"

    def _reached_by(self):
        """By which channel the person is reached, and where.

        What the file lacks falls to the other message, then to somebody who says it.

        :return: pair of ``sms``, ``email``, ``call`` or ``desk``, and of an address,
            empty for what is said
        """
        self.ensure_one()
        country = self.company_id.country_id.code or "FR"
        known = {
            "sms": mobile(self.phone, country),
            "email": email_normalize(self.email or "") or "",
        }
        if self.channel not in MESSAGES:
            return self.channel, ""
        other = "email" if self.channel == "sms" else "sms"
        for channel in (self.channel, other):
            if known[channel]:
                return channel, known[channel]
        return ("call" if self.phone else "desk"), ""

    def _who_is_there(self):
        """Who is there now: who replaces, else the referent, else the coordination.

        :return: one of ``res.users`` who reads the file now, or none
        """
        counting = self.env["culture.access"]._that_count(self)
        replacing = counting.filtered(lambda row: row.kind == "replacement")
        coordinating = self.env["culture.scope"]._holders(
            "coordinator", self.structure_id, self.company_id
        )
        return self._first_reader(
            replacing.user_id | self.referent_id.user_id | coordinating
        )
