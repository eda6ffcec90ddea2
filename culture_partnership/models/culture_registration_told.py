from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .culture_beneficiary_told import WRITTEN_TO


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
        """Of an outing to come that is cancelled, whom no message reaches and with
        whom nobody has spoken since."""
        if operator != "in":
            return NotImplemented
        people = Domain("beneficiary_id", "any!", ~WRITTEN_TO)
        return (
            Domain("state", "=", "cancelled")
            & Domain("cancelled_by", "in", ("venue", "structure"))
            & Domain("outing_state", "=", "cancelled")
            & Domain("date_end", ">=", fields.Datetime.now())
            & Domain("beneficiary_id", "!=", False)
            & people
            & Domain.custom(to_sql=self._not_spoken_with_to_sql)
        )

    @api.model
    def _not_spoken_with_to_sql(self, model, alias, query):
        self.env["culture.followup"].flush_model(["beneficiary_id", "create_date"])
        return SQL(
            """NOT EXISTS (
                SELECT FROM culture_followup spoken
                  JOIN culture_registration_log log
                    ON log.registration_id = %s AND log.state_to = 'cancelled'
                 WHERE spoken.beneficiary_id = %s AND spoken.create_date >= log.date)
            """,
            SQL.identifier(alias, "id"),
            SQL.identifier(alias, "beneficiary_id"),
        )
