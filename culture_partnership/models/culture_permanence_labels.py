import pytz

from odoo import api, fields, models

from ..tools.day_words import day_in_words


class CulturePermanence(models.Model):
    """A permanence in the words of cards and lists: when, where, how many."""

    _inherit = "culture.permanence"

    when_label = fields.Char(string="When", compute="_compute_when_label")
    place_label = fields.Char(string="Where", compute="_compute_place_label")
    heading = fields.Char(
        compute="_compute_display_name", export_string_translation=False
    )

    def _zones(self):
        """Time zones by company: a list asks for few of them.

        :return: dict of ``pytz`` time zones by ``res.company``
        """
        companies = self.company_id or self.env.company
        return {company: company._culture_zone() for company in companies}

    @api.depends("date_begin", "date_end", "company_id")
    @api.depends_context("lang")
    def _compute_when_label(self):
        zones = self._zones()
        hour = self.env["culture.outing"]._hour_label
        for permanence in self:
            if not permanence.date_begin or not permanence.date_end:
                permanence.when_label = False
                continue
            zone = zones[permanence.company_id or self.env.company]
            begin, end = (
                pytz.utc.localize(moment).astimezone(zone)
                for moment in (permanence.date_begin, permanence.date_end)
            )
            permanence.when_label = self.env._(
                "%(day)s, %(begin)s – %(end)s",
                day=day_in_words(self.env, begin, self.env._("EEEE d MMMM")),
                begin=hour(begin),
                end=hour(end),
            )

    @api.depends("venue_id", "room")
    def _compute_place_label(self):
        for permanence in self:
            # sudo: a place's name is at the end of a link of who reads this
            names = (permanence.sudo().venue_id.name, permanence.room)
            permanence.place_label = ", ".join(filter(None, names))

    @api.depends("when_label", "place_label")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """The place first: a day of the calendar has no room for more."""
        for permanence in self:
            when, where = permanence.when_label, permanence.place_label
            permanence.display_name = " · ".join(filter(None, (where, when)))
            permanence.heading = self.env._(
                "Permanence, %(when_and_where)s",
                when_and_where=" · ".join(filter(None, (when, where))),
            )

    def _local_day(self):
        """The day on which it is held, where it is held.

        :return: date, False without a date
        """
        company = self.company_id or self.env.company
        return company._culture_day(self.date_begin)

    def _existing(self, moments):
        """Which of these moments have a permanence at the same place already.

        sudo: whether there is one, whoever hosts it; nothing of it.

        :param moments: list of naive datetimes in UTC
        :return: set of them
        """
        self.ensure_one()
        there = self.sudo().search(
            [
                ("venue_id", "=", self.venue_id.id),
                ("room", "=", self.room),
                ("structure_id", "=", self.structure_id.id),
                ("company_id", "=", self.company_id.id),
                ("date_begin", "in", moments),
            ]
        )
        return set(there.mapped("date_begin"))
