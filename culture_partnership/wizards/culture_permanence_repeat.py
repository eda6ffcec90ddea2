from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.day_words import day_in_words
from ..tools.dialogs import dialog, notice
from ..tools.zones import HostZone

MOST_DATES = 60
STEPS = {"week": 1, "fortnight": 2}
"""Weeks between two dates."""


class CulturePermanenceRepeat(models.TransientModel):
    """The next dates of a permanence: same place, same hosts, same hour there.

    The hour is that on the wall of the place: it does not move when the clocks do.
    """

    _name = "culture.permanence.repeat"
    _inherit = ["culture.links"]
    _description = "Make the dates of a permanence"

    permanence_id = fields.Many2one(
        "culture.permanence", readonly=True, ondelete="cascade"
    )
    every = fields.Selection(
        [
            ("week", "Every week"),
            ("fortnight", "Every two weeks"),
            ("month", "Every month, the same weekday"),
        ],
        string="How often",
        required=True,
        default="week",
    )
    until = fields.Date(help="Last day, included.")
    preview = fields.Char(string="Dates", compute="_compute_preview")

    @api.model
    def _action_of(self, permanence):
        """Open the assistant for a permanence that the user may change.

        :param permanence: ``culture.permanence``
        :return: an action in a dialog
        """
        last = permanence._local_day() + timedelta(days=91)
        assistant = self.create({"permanence_id": permanence.id, "until": last})
        return dialog(assistant, self.env._("Make the dates"))

    @api.depends("every", "until", "permanence_id")
    @api.depends_context("lang")
    def _compute_preview(self):
        for assistant in self:
            days = assistant._days()
            if not days:
                assistant.preview = self.env._("No date until that day.")
            elif len(days) > MOST_DATES:
                assistant.preview = self._too_many()
            else:
                assistant.preview = self.env._(
                    "%(n)s dates, from %(first)s to %(last)s",
                    n=len(days),
                    first=self._day_words(days[0]),
                    last=self._day_words(days[-1]),
                )

    def _day_words(self, day):
        return day_in_words(self.env, day, self.env._("EEEE d MMMM"))

    def _too_many(self):
        return self.env._(
            "%(most)s dates at most: choose a nearer day.", most=MOST_DATES
        )

    def _days(self):
        """Days of the dates to come after the permanence's own.

        :return: list of dates, at most one more than :data:`MOST_DATES`
        """
        first = self.permanence_id._local_day()
        if not first or not self.until:
            return []
        days, number = [], 1
        while len(days) <= MOST_DATES:
            day = self._nth_day(first, number)
            if day > self.until:
                break
            days.append(day)
            number += 1
        return days

    def _nth_day(self, first, number):
        if self.every in STEPS:
            return first + timedelta(weeks=number * STEPS[self.every])
        return same_weekday(first, number)

    def action_create_dates(self):
        """Make the dates; those that exist are left alone.

        :return: a notice of what was made; the dialog closes
        :raise AccessError: when the permanence is not the user's to change
        :raise UserError: when there is no date, or too many
        """
        self.ensure_one()
        permanence = self.permanence_id
        permanence.check_access("write")
        days = self._days()
        if not days:
            raise UserError(self.env._("No date until that day."))
        if len(days) > MOST_DATES:
            raise UserError(self._too_many())
        # asked twice at once, the second one waits and finds the dates made
        permanence._lock_quietly()
        wanted = [self._vals_of(permanence, day) for day in days]
        known = permanence._existing([vals["date_begin"] for vals in wanted])
        new = [vals for vals in wanted if vals["date_begin"] not in known]
        self.env["culture.permanence"].create(new)
        return self._notice(len(new), len(wanted) - len(new))

    def _vals_of(self, permanence, day):
        """Values of the date on a day, at the same hours of the place's clock."""
        zone = HostZone(permanence.company_id._culture_zone())
        begin = zone.to_local(permanence.date_begin)
        moved = day - begin.date()
        end = zone.to_local(permanence.date_end)
        return {
            "venue_id": permanence.venue_id.id,
            "room": permanence.room,
            "familiar": permanence.familiar,
            "structure_id": permanence.structure_id.id,
            "company_id": permanence.company_id.id,
            "user_ids": [Command.set(permanence.user_ids.ids)],
            "host_ids": [Command.set(permanence.host_ids.ids)],
            "date_begin": zone.to_utc(begin + moved),
            "date_end": zone.to_utc(end + moved),
        }

    def _notice(self, made, known):
        if made == 1:
            said = self.env._("1 date made.")
        else:
            said = self.env._("%(n)s dates made.", n=made)
        if known == 1:
            said += " " + self.env._("1 was there already.")
        elif known:
            said += " " + self.env._("%(n)s were there already.", n=known)
        return notice(said)


def same_weekday(first, months):
    """The day some months later on the same weekday of the month.

    :param first: date, say the second Tuesday of its month
    :param months: number of months after
    :return: date: the second Tuesday of that month; the last one for a fifth
    """
    index = first.year * 12 + first.month - 1 + months
    month = date(index // 12, index % 12 + 1, 1)
    offset = (first.weekday() - month.weekday()) % 7
    rank = (first.day - 1) // 7
    day = month + timedelta(days=offset + 7 * rank)
    return day if day.month == month.month else day - timedelta(weeks=1)
