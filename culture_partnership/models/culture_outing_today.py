from odoo import api, fields, models
from odoo.tools import SQL

from .culture_registration_rules import SEATED


class CultureOuting(models.Model):
    """What moves on the day: who is recorded, and which places were given back."""

    _inherit = "culture.outing"

    recorded_label = fields.Char(string="Attendance", compute="_compute_recorded_label")
    freed_today_count = fields.Integer(
        string="Freed today", compute="_compute_freed_today_count"
    )

    @api.depends("recorded_count", "confirmed_count", "date_begin", "state")
    @api.depends_context("lang")
    def _compute_recorded_label(self):
        for outing in self:
            total = outing.recorded_count + outing.confirmed_count
            if not total or not (outing.recorded_count or outing._attendance_is_due()):
                outing.recorded_label = False
            elif outing.recorded_count < 2:
                outing.recorded_label = self.env._(
                    "%(recorded)s recorded of %(total)s",
                    recorded=outing.recorded_count,
                    total=total,
                )
            else:
                outing.recorded_label = self.env._(
                    "%(recorded)s of %(total)s recorded",
                    recorded=outing.recorded_count,
                    total=total,
                )

    @api.depends("registration_ids.state")
    def _compute_freed_today_count(self):
        """Registrations that gave a place back since midnight; numbers only."""
        self.env["culture.registration"].flush_model(["state"])
        freed = {}
        for company, outings in self._origin.grouped("company_id").items():
            if not company:
                continue
            midnight = company._culture_midnight(company._culture_today())
            freed.update(
                self.env.execute_query(
                    SQL(FREED_SINCE, outings.ids, midnight, tuple(SEATED))
                )
            )
        for outing in self:
            outing.freed_today_count = freed.get(outing._origin.id, 0)


FREED_SINCE = """
    SELECT line.outing_id, count(DISTINCT line.id)
      FROM culture_registration line
      JOIN culture_registration_log log ON log.registration_id = line.id
     WHERE line.outing_id = ANY(%s) AND line.state = 'cancelled'
       AND log.date >= %s AND log.state_to = 'cancelled' AND log.state_from IN %s
     GROUP BY line.outing_id
"""
