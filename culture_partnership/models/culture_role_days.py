from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.day_words import day_in_words
from .culture_links import link_id

ENDING_SOON = timedelta(days=30)


class CultureRole(models.Model):
    """A role's moments as people say them: days, and where it stands today."""

    _inherit = "culture.role"

    first_day = fields.Date(
        string="Starting on", compute="_compute_days", readonly=False
    )
    last_day = fields.Date(compute="_compute_days", readonly=False)
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
    status_words = fields.Char(string="Now", compute="_compute_status_words")

    @api.depends("date_start", "date_end", "company_id")
    def _compute_days(self):
        for role in self:
            role.first_day = role._local_date(role.date_start)
            last = role.date_end and role.date_end - timedelta(seconds=1)
            role.last_day = role._local_date(last)

    def _without_days(self, vals):
        """Values with the moments that the typed days mean.

        A first day begins at the midnight before it, a last one ends at the
        midnight after it, both where the company is.

        :param vals: dict of values, of one company's roles
        :return: dict of values without ``first_day`` and ``last_day``
        :raise UserError: when a day or a moment cannot be read, naming the field
        """
        vals = {**vals}
        for name in vals.keys() & {"first_day", "last_day", "date_start", "date_end"}:
            vals[name] = self._plain_moment(name, vals[name])
        company_id = link_id(vals.get("company_id"))
        company = self.company_id or (
            # sudo: only its time zone is read
            self.env["res.company"].sudo().browse(company_id).exists()
            or self.env.company
        )
        first = vals.pop("first_day", None)
        if first:
            vals["date_start"] = company._culture_midnight(first)
        if "last_day" in vals:
            last = vals.pop("last_day")
            vals["date_end"] = last and company._culture_midnight(
                last + timedelta(days=1)
            )
        return vals

    def _plain_moment(self, name, value):
        field = self._fields[name]
        is_day = field.type == "date"
        read = fields.Date.to_date if is_day else fields.Datetime.to_datetime
        try:
            value = read(value)
        except (AttributeError, TypeError, ValueError):
            raise self._unreadable_error(field) from None
        if value and not 2000 <= value.year <= 2100:
            raise self._unreadable_error(field)
        if not value and name == "date_start":
            raise self._unreadable_error(field)
        return value or False

    def _unreadable_error(self, field):
        return UserError(
            self.env._(
                "%(field)s: check this day and its year.",
                field=field._description_string(self.env),
            )
        )

    def _local_date(self, moment):
        return self.company_id._culture_day(moment)

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

    @api.depends("date_start", "date_end", "company_id")
    @api.depends_context("lang")
    def _compute_status_words(self):
        labels = dict(self._fields["status"]._description_selection(self.env))
        for role in self:
            if role.status == "ended":
                role.status_words = role._ended_words()
            elif role.status == "ending":
                role.status_words = role._ending_words()
            else:
                role.status_words = labels[role.status]

    def _ended_words(self):
        if self.date_start == self.date_end:
            return self.env._("Cancelled before its start")
        return self.env._("Ended on %(day)s", day=self._day_words(self.last_day))

    def _ending_words(self):
        days = (self.last_day - self._local_date(fields.Datetime.now())).days
        if days < 1:
            return self.env._("Ends today")
        if days == 1:
            return self.env._("Ends tomorrow")
        return self.env._("Ends in %(n)s days", n=days)

    def _day_words(self, day):
        """A day in words, with its year when it is not this one."""
        this_year = day.year == self._local_date(fields.Datetime.now()).year
        pattern = "d MMMM" if this_year else "d MMMM y"
        return day_in_words(self.env, day, pattern)

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

    # ---------------------------------------------------------------- renewing

    def _renew(self, last_day):
        """Give these roles a new last day; an ended one gets a new row from now on.

        What was stays written: an ended row does not change.

        :param last_day: date, or False for no end
        :return: ``culture.role`` records that stand from now on
        """
        ended = self.filtered(lambda role: role.status == "ended")
        (self - ended).write({"last_day": last_day})
        anew = self.create(
            [
                {
                    "partner_id": role.partner_id.id,
                    "user_id": role.user_id.id,
                    "role": role.role,
                    "company_id": role.company_id.id,
                    "last_day": last_day,
                }
                for role in ended
            ]
        )
        return (self - ended) | anew
