from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.tools import ormcache

COPIED_LISTS = (
    "culture.discipline",
    "culture.barrier",
    "culture.access.need",
    "culture.reason",
    "culture.training.subject",
)


class ResCompany(models.Model):
    """A CCAS: its roles, its own closed lists, its own partner as structure."""

    _inherit = "res.company"

    culture_role_ids = fields.One2many(
        "culture.role", "company_id", groups=fields.NO_ACCESS
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._culture_set_up()
        return companies

    def _culture_set_up(self):
        """Give each company its first structure, administrator and lists.

        The company's own partner is the structure; the host's administrator gets
        the role, nobody else any. sudo: at creation and at install only, and a
        company that has roles is left alone.
        """
        for company in self.sudo().filtered(lambda c: not c.culture_role_ids):
            company.partner_id.is_culture_structure = True
            self.env["culture.role"].sudo().create(
                {
                    "partner_id": company.partner_id.id,
                    "user_id": self.env.ref("base.user_admin").id,
                    "role": "administrator",
                    "company_id": company.id,
                }
            )
            if company != self.env.ref("base.main_company"):
                for name in COPIED_LISTS:
                    self.env[name]._copy_to_company(company)

    def _culture_paper_lang(self):
        """Language of what is printed for a person, whoever prints it.

        :return: code of an installed language: French where there is any
        """
        own = self.sudo().partner_id.lang
        installed = [code for code, __ in self.env["res.lang"].get_installed()]
        french = [code for code in installed if code.startswith("fr")]
        if not french or own in french:
            return own if own in installed else self.env.lang
        return "fr_FR" if "fr_FR" in french else french[0]

    # -------------------------------------------------- days, as agents say them

    def _culture_zone(self):
        """Time zone in which the days of roles and replacements begin.

        :return: a ``pytz`` time zone
        """
        zone = self._culture_zone_name() or self.env.user.tz or "Europe/Paris"
        return pytz.timezone(zone)

    @ormcache("self.id")
    def _culture_zone_name(self):
        """Asked at each act, changed never: forgotten when the contact's changes."""
        return self.sudo().partner_id.tz

    def _culture_midnight(self, day):
        """When a day begins.

        :param day: date
        :return: naive datetime in UTC
        """
        local = self._culture_zone().localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _culture_today(self):
        """The day that it is at the company, whoever asks and wherever.

        :return: date
        """
        return self._culture_day(fields.Datetime.now())

    def _culture_day(self, moment):
        """The day of a moment.

        :param moment: naive datetime in UTC, or False
        :return: date, or False
        """
        if not moment:
            return False
        return pytz.utc.localize(moment).astimezone(self._culture_zone()).date()
