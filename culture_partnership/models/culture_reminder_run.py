import logging
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from .culture_beneficiary_channel import MESSAGES
from .culture_reminder_due import FOUND_AT_ONCE
from .culture_reminder_wire import Wire

_logger = logging.getLogger(__name__)

TELL_TYPE = "culture_partnership.activity_type_to_tell"
AT_ONCE = 50
"""Rows between two commits: their activities are made together."""

SENDING_TAKES = timedelta(minutes=15)
"""After that, who was sending it is dead."""

TRIED_FOR = timedelta(hours=3)
"""How long a message may wait for a server before somebody says it instead."""

URGENT = ("change", "cancellation")
ON_SUNDAYS = ("eve", *URGENT)
SUNDAY = 6
EVENING = time(18)
DAYS_TO_TELL = {"change": 0, "cancellation": 0, "eve": 0}
USUAL_DAYS_TO_TELL = 2


class CultureReminder(models.Model):
    """The job: find what is due, give what is to be said to somebody, send the rest.

    Each step stands alone and is found from the rows, so a run that was cut off is
    gone on with by the next one.
    """

    _inherit = "culture.reminder"

    @api.model
    def _cron_remind(self):
        """Find what is due and pass it on, as far as the time of the job goes.

        sudo: the job is nobody's, and reads what it writes about.
        """
        self = self.sudo()
        if not self._settle_doubts():
            return
        everywhere = [("company_id", "!=", False)]
        for sending in self.env["culture.sending"].search(everywhere):
            company = sending.company_id
            here = self.with_company(company)
            if not (here._find_all(sending) and here._pass_on(sending)):
                return

    @api.model
    def _commit(self, count=0, remaining=None):
        """:return: whether the job has time left"""
        return bool(self.env["ir.cron"]._commit_progress(count, remaining=remaining))

    @api.model
    def _find_all(self, sending):
        """Withdraw, then find until there is nothing left to find."""
        withdrawn, found = self._at_once(lambda: self._withdraw(sending)), 0
        if not self._commit(withdrawn):
            return False
        last = 0
        while ids := self._next_outings(sending, last):
            last, more = ids[-1], FOUND_AT_ONCE
            while more == FOUND_AT_ONCE:
                more = self._at_once(lambda: self._find_due(sending, outings=ids))
                found += more
                if more and not self._commit(more, remaining=1):
                    return False
        if found:
            _logger.info("Reminders: %s found due", found)
        return self._commit(remaining=0)

    @api.model
    def _settle_doubts(self):
        """What was being sent when its sender died has perhaps arrived: it is said."""
        while lost := self._at_once(self._settle_some):
            if not self._commit(lost):
                return False
        return self._commit()

    @api.model
    def _settle_some(self):
        lost = self._rows_of(
            SQL(
                "UPDATE culture_reminder SET state = 'doubt' WHERE id IN ("
                " SELECT id FROM culture_reminder"
                "  WHERE state = 'sending' AND claimed_date <= %s"
                "  ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id",
                fields.Datetime.now() - SENDING_TAKES,
                AT_ONCE,
            )
        )
        lost._give_to_say("doubt")
        return len(lost)

    # -------------------------------------------------------------- who gets what

    @api.model
    def _pass_on(self, sending):
        """Pass each waiting row on to somebody, or send it, the pressing ones first.

        :return: whether the job has time left
        """
        with Wire(sending) as wire:
            for pressing in (True, False):
                last = 0
                while rows := self._next_rows(sending, pressing, last):
                    last = rows[-1].id
                    if not self._pass_on_rows(sending, rows, wire):
                        return False
        return True

    @api.model
    def _next_rows(self, sending, pressing, last):
        pressing_kinds = ("offer", *ON_SUNDAYS)
        return self.search(
            [
                ("company_id", "=", sending.company_id.id),
                ("state", "=", "to_send"),
                ("kind", "in" if pressing else "not in", pressing_kinds),
                ("id", ">", last),
            ],
            order="id",
            limit=AT_ONCE,
        )

    def _pass_on_rows(self, sending, rows, wire):
        ways = {row: row.beneficiary_id._reached_by() for row in rows}
        for channel in ("call", "desk"):
            said = rows.filtered(lambda row, c=channel: ways[row][0] == c)
            if said:
                said._have_said(sending, channel, "to_tell")
        if not self._commit(len(rows)):
            return False
        now = fields.Datetime.now()
        for channel in MESSAGES:
            sent = rows.filtered(
                lambda row, c=channel: (
                    ways[row][0] == c and row._may_leave(sending, now)
                )
            )
            if sent and not wire.send(sent, channel, ways):
                sent._give_up(sending, now)
        return self._commit()

    def _have_said(self, sending, channel, state):
        """Have somebody say those of these that nobody else has taken up."""
        self._at_once(lambda: self._claim(sending, channel)._give_to_say(state))
        self._commit()

    # --------------------------------------------------------------------- hours

    def _may_leave(self, sending, now):
        """Whether a message may leave at this hour.

        News of an outing that begins before the quiet hours end does not wait for
        their end: somebody would go there for nothing.
        """
        if sending.paused:
            return False
        zone = self.company_id._culture_zone()
        local = pytz.utc.localize(now).astimezone(zone)
        wakes = self._wakes(sending, local)
        if local < wakes:
            begins = pytz.utc.localize(self.date_told)
            return self.kind in URGENT and begins <= wakes
        return local.weekday() != SUNDAY or self.kind in ON_SUNDAYS

    def _wakes(self, sending, local):
        """When the quiet hours of a moment end: that moment, outside of them."""
        if sending.quiet_to <= local.hour < sending.quiet_from:
            return local
        day = local.date() + timedelta(days=local.hour >= sending.quiet_from)
        zone = self.company_id._culture_zone()
        return zone.localize(datetime.combine(day, time(sending.quiet_to)))

    def _give_up(self, sending, now):
        """Have somebody say what no server has taken for hours."""
        zone = self[:1].company_id._culture_zone()
        today = pytz.utc.localize(now).astimezone(zone).date()
        opened = zone.localize(datetime.combine(today, time(sending.quiet_to)))
        opened = opened.astimezone(pytz.utc).replace(tzinfo=None)
        late = self.filtered(
            lambda row: (
                row.state == "to_send"
                and max(row.create_date, opened) + TRIED_FOR <= now
            )
        )
        for row in late:
            row._have_said(sending, row.beneficiary_id._reached_by()[0], "failed")

    # --------------------------------------------------------------------- tasks

    def _give_to_say(self, state):
        """Have somebody say these: a task each, with the number of the file only.

        :param state: what the row tells of itself: ``to_tell``, ``failed``, ``doubt``
        """
        for reminder in self:
            before = reminder._tell_before()
            reminder.write(
                {
                    "state": state,
                    "to_tell": True,
                    "tell_before": before,
                    "activity_id": reminder._put_task(before).id,
                }
            )

    def _put_task(self, before):
        person = self.beneficiary_id
        user = person._who_is_there()
        outing = self.outing_id
        if not user:
            return self.env["mail.activity"]
        speaking = person.with_context(
            lang=user.lang or self.env.lang, mail_activity_quick_update=True
        )
        words = outing.with_env(speaking.env)
        return speaking._put_activity(
            TELL_TYPE,
            user,
            speaking.env._(
                "%(file)s: to tell before %(day)s, %(hour)s",
                file=speaking._file_label(),
                day=words._day_words(before, speaking.env._("d MMMM")),
                hour=words._hour_label(before),
            ),
            outing._local(before).date(),
        )

    def _tell_before(self):
        """By when it is of use: two days at most, and the evening before the outing."""
        now = fields.Datetime.now()
        if self.kind == "offer":
            return self.outing_date
        outing = self.outing_id
        starts = outing.date_begin or outing.date_end
        days = DAYS_TO_TELL.get(self.kind, USUAL_DAYS_TO_TELL)
        last_evening = outing._local(starts).date() - timedelta(days=1)
        today = outing._local(now).date()
        for day in (min(today + timedelta(days=days), last_evening), last_evening):
            evening = outing._zone().localize(datetime.combine(day, EVENING))
            evening = evening.astimezone(pytz.utc).replace(tzinfo=None)
            if evening > now:
                return evening
        return starts
