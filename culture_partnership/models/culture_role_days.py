from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

ENDING_SOON = timedelta(days=30)


class CultureRole(models.Model):
    """A role's moments as people say them: days, and where it stands today."""

    _inherit = "culture.role"

    first_day = fields.Date(
        string="Starting on", compute="_compute_days", inverse="_inverse_first_day"
    )
    last_day = fields.Date(compute="_compute_days", inverse="_inverse_last_day")
    status = fields.Selection(
        [
            ("future", "To come"),
            ("current", "In force"),
            ("ending", "Ending soon"),
            ("ended", "Ended"),
        ],
        compute="_compute_status",
        search="_search_status",
    )

    @api.depends("date_start", "date_end", "company_id")
    def _compute_days(self):
        for role in self:
            role.first_day = role._local_date(role.date_start)
            last = role.date_end and role.date_end - timedelta(seconds=1)
            role.last_day = role._local_date(last)

    def _inverse_first_day(self):
        for role in self.filtered("first_day"):
            role.date_start = role._midnight(role.first_day)

    def _inverse_last_day(self):
        for role in self:
            after = role.last_day and role.last_day + timedelta(days=1)
            role.date_end = after and role._midnight(after)

    def _zone(self):
        zone = self.company_id.partner_id.tz or self.env.user.tz or "Europe/Paris"
        return pytz.timezone(zone)

    def _local_date(self, moment):
        if not moment:
            return False
        return pytz.utc.localize(moment).astimezone(self._zone()).date()

    def _midnight(self, day):
        local = self._zone().localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.depends("date_start", "date_end")
    def _compute_status(self):
        now = fields.Datetime.now()
        for role in self:
            if role.date_end and role.date_end <= now:
                role.status = "ended"
            elif role.date_start and role.date_start > now:
                role.status = "future"
            elif role.date_end and role.date_end <= now + ENDING_SOON:
                role.status = "ending"
            else:
                role.status = "current"

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        ended = Domain("date_end", "<=", now)
        future = Domain("date_start", ">", now) & ~ended
        ending = Domain("date_end", "<=", now + ENDING_SOON) & ~ended & ~future
        domains = {
            "ended": ended,
            "future": future,
            "ending": ending,
            "current": ~ended & ~future & ~ending,
        }
        return Domain.OR(domains[status] for status in value if status in domains)
