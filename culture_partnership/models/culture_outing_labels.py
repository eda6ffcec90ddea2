import babel.dates
import pytz

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse

from ..tools.day_words import day_in_words


class CultureOuting(models.Model):
    """An outing in the words of cards and lists: when, where, for whom."""

    _inherit = "culture.outing"

    when_label = fields.Char(string="When", compute="_compute_when_label")
    deadline_label = fields.Char(
        string="Deadline in words", compute="_compute_deadline_label"
    )
    arrondissement = fields.Char(compute="_compute_arrondissement")
    age_label = fields.Char(compute="_compute_age_label")

    def _hour_label(self, moment):
        """An hour as people write it.

        :param moment: naive UTC datetime, or a local one
        :return: "20:30", in French « 20 h 30 » and « 20 h »
        """
        pattern = self.env._("H:mm")
        if not moment.minute:
            pattern = self.env._("H:00")
        return babel.dates.format_datetime(
            self._here(moment), pattern, locale=babel_locale_parse(self.env.lang)
        )

    def _here(self, moment):
        return moment if moment.tzinfo else self._local(moment)

    def _day_words(self, moment, pattern):
        return day_in_words(self.env, self._here(moment), pattern)

    def _moment_label(self, moment):
        """A day and an hour as cards write them.

        :param moment: naive UTC datetime, or a local one
        :return: in French « jeu. 12 mars, 20 h 30 »
        """
        local = self._here(moment)
        return self.env._(
            "%(day)s, %(hour)s",
            day=self._day_words(local, self.env._("EEE d MMM")),
            hour=self._hour_label(local),
        )

    def _moment_in_full(self, moment):
        """A day and an hour as one says them.

        :param moment: naive UTC datetime, or a local one
        :return: in French « jeudi 12 mars, 20 h 30 »
        """
        local = self._here(moment)
        return self.env._(
            "%(day)s, %(hour)s",
            day=self._day_words(local, self.env._("EEEE d MMMM")),
            hour=self._hour_label(local),
        )

    def _zones(self):
        """Time zones by company: a list of outings asks for few of them.

        :return: dict of ``pytz`` time zones by ``res.company``
        """
        by_company = self.grouped("company_id")
        return {company: mine[:1]._zone() for company, mine in by_company.items()}

    @api.depends("date_begin", "date_end", "date_mode")
    @api.depends_context("lang")
    def _compute_when_label(self):
        zones = self._zones()
        for outing in self:
            if outing.date_begin:
                begin = pytz.utc.localize(outing.date_begin)
                local = begin.astimezone(zones[outing.company_id])
                outing.when_label = outing._moment_label(local)
            elif outing.date_end:
                day = outing._day_words(outing.date_end, self.env._("d MMMM"))
                outing.when_label = self.env._("Until %(day)s", day=day)
            else:
                outing.when_label = False

    @api.depends("cancel_deadline", "state")
    @api.depends_context("lang")
    def _compute_deadline_label(self):
        """Told while there is still time to warn, and to nobody afterwards."""
        now = fields.Datetime.now()
        for outing in self:
            deadline = outing.cancel_deadline
            open_yet = deadline and deadline > now and outing.state != "cancelled"
            outing.deadline_label = open_yet and self.env._(
                "Warn before %(moment)s", moment=outing._moment_label(deadline)
            )

    @api.depends("name", "when_label")
    @api.depends_context("lang", "culture_show_date")
    def _compute_display_name(self):
        dated = self.env.context.get("culture_show_date")
        if self.env.su and not dated:
            # the name at the end of a link: no other column
            self.fetch(["name"])
        for outing in self:
            outing.display_name = outing.name
            if dated and outing.when_label:
                outing.display_name = f"{outing.name} ({outing.when_label})"

    @api.depends("min_age")
    @api.depends_context("lang")
    def _compute_age_label(self):
        for outing in self:
            outing.age_label = bool(outing.min_age) and self.env._(
                "From %(n)s years on", n=outing.min_age
            )

    @api.depends("venue_id.zip")
    @api.depends_context("lang")
    def _compute_arrondissement(self):
        """Marseille's arrondissement, read from the postcode 130xx."""
        for outing in self:
            code = outing.venue_id.zip or ""
            number = code[3:].lstrip("0") if code[:3] == "130" else ""
            if not number.isdigit() or not 1 <= int(number) <= 16:
                outing.arrondissement = False
            elif number == "1":
                outing.arrondissement = self.env._("1st district")
            else:
                outing.arrondissement = self.env._("district %(n)s", n=number)
