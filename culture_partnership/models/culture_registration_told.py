from odoo import api, fields, models
from odoo.fields import Domain

from .culture_beneficiary_channel import MESSAGES
from .culture_registration_rules import SEATED


class CultureRegistration(models.Model):
    """An outing that is cancelled: whom somebody has to tell still."""

    _inherit = "culture.registration"

    to_tell = fields.Boolean(
        string="To tell in person of a cancelled outing",
        compute="_compute_to_tell",
        search="_search_to_tell",
    )

    @api.depends("state", "date_end")
    @api.depends_context("uid")
    def _compute_to_tell(self):
        found = self.search([("id", "in", self._origin.ids), ("to_tell", "=", True)])
        for line in self:
            line.to_tell = line._origin in found

    def _search_to_tell(self, operator, value):
        """Who had a place on a cancelled outing to come, whom no message reaches, and
        of whom nobody has noted yet that they were told."""
        if operator != "in":
            return NotImplemented
        lines = self.search(
            Domain("state", "=", "cancelled")
            & Domain("cancelled_by", "in", ("venue", "structure"))
            & Domain("outing_state", "=", "cancelled")
            & Domain("date_end", ">=", fields.Datetime.now())
            & Domain("beneficiary_id", "!=", False)
            & Domain("log_ids.state_from", "in", list(SEATED))
        )
        # sudo: whether it was said, of registrations that the user reads
        said = lines.sudo().reminder_ids.filtered(
            lambda row: (row.kind, row.state) == ("cancellation", "told")
        )
        lines -= said.registration_id.with_env(self.env)
        left = lines.filtered(
            lambda line: line.beneficiary_id._reached_by()[0] not in MESSAGES
        )
        return Domain("id", "in", left.ids)
