from odoo import api, fields, models
from odoo.tools import SQL

FOUND_AT_ONCE = 5000
OUTINGS_AT_ONCE = 50

# Registrations with their outing, in the words that the conditions below use.
STANDING = """
    SELECT line.id, line.beneficiary_id, line.structure_id, line.company_id,
           line.outing_id, line.state, line.offer_expiry, outing.venue_id,
           COALESCE(line.date_begin, line.date_end) AS date,
           line.date_begin IS NULL AS open,
           line.state IN ('confirmed', 'offered')
               AND outing.state IN ('published', 'closed') AS live,
           line.state = 'cancelled'
               AND (line.cancelled_by = 'venue' OR outing.state = 'cancelled')
               AS called_off,
           ((COALESCE(line.date_begin, line.date_end) AT TIME ZONE 'UTC')
               AT TIME ZONE %(zone)s)::date - %(today)s AS days_left
      FROM culture_registration line
      JOIN culture_outing outing ON outing.id = line.outing_id
     WHERE line.company_id = %(company)s
       AND line.beneficiary_id IS NOT NULL
"""

# What each kind asks for as long as it holds. The same words find what is due and
# withdraw what is not any more: no row goes back and forth between the two. A message
# that says "tomorrow" or "in a week" leaves while that is true; what somebody has still
# to say stays longer.
HOLDS = """
    line.date > %(now)s AND CASE {kind}
        WHEN 'offer' THEN line.live AND line.state = 'offered'
            AND {date} = line.offer_expiry AND line.offer_expiry > %(now)s
        WHEN 'cancellation' THEN line.called_off
        WHEN 'change' THEN line.live AND {date} = line.date
        ELSE line.live AND line.state = 'confirmed' AND {date} = line.date
            AND CASE {kind}
                WHEN 'week' THEN NOT line.open AND line.days_left
                    >= CASE WHEN {sends} THEN LEAST(5, %(week_days)s - 1) ELSE 2 END
                WHEN 'eve' THEN NOT line.open AND line.days_left
                    >= CASE WHEN {sends} THEN 1 ELSE 0 END
                WHEN 'open_end' THEN line.open AND line.days_left
                    >= CASE WHEN {sends} THEN %(open_days)s - 3 ELSE 1 END
                ELSE TRUE
            END
    END
"""

# When the place was confirmed last; an attendance taken back is none.
JOINED = """
    COALESCE((SELECT max(log.date) FROM culture_registration_log log
               WHERE log.registration_id = line.id AND log.state_to = 'confirmed'
                 AND (log.state_from IS NULL
                      OR log.state_from IN ('requested', 'waiting', 'offered'))),
             '-infinity')
"""

UNTOLD = """
    NOT EXISTS (SELECT 1 FROM culture_reminder told
                 WHERE told.registration_id = line.id AND told.kind = 'confirmation'
                   AND told.state <> 'withdrawn')
"""

# When the person was told of this date instead of another.
MOVED = """
    COALESCE((SELECT max(told.due_date) FROM culture_reminder told
               WHERE told.registration_id = line.id AND told.kind = 'change'
                 AND told.state <> 'withdrawn' AND told.date_told = line.date),
             '-infinity')
"""

WAS_IN = """
    EXISTS (SELECT 1 FROM culture_registration_log log
             WHERE log.registration_id = line.id AND log.state_to = 'cancelled'
               AND log.state_from IN ('confirmed', 'offered')
               AND log.date >= %(since)s)
"""

# The company's hour on a day before the outing, as a moment.
FROM = """
    ((%(today)s + line.days_left - {days} + make_interval(hours => %(hour)s))
        AT TIME ZONE %(zone)s) AT TIME ZONE 'UTC'
"""

# The person has heard of another date or another venue than those of now.
DUE = f"""
    INSERT INTO culture_reminder
        (registration_id, kind, outing_date, version, date_told, venue_told_id,
         beneficiary_id, structure_id, company_id, outing_id, state, to_tell,
         due_date, create_uid, create_date, write_uid, write_date)
    SELECT line.id, due.kind, due.date, due.version, line.date, line.venue_id,
           line.beneficiary_id, line.structure_id, line.company_id, line.outing_id,
           'to_send', FALSE, COALESCE(due.since, %(now)s),
           %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM ({STANDING}
            AND (%(outings)s::int[] IS NULL OR line.outing_id = ANY(%(outings)s))
            AND (line.state IN ('confirmed', 'offered')
                 AND (line.date_begin > %(now)s
                      OR line.date_begin IS NULL AND line.date_end > %(now)s)
                 OR line.state = 'cancelled'
                 AND line.cancelled_by IN ('venue', 'structure')
                 AND line.date_end > %(now)s)) line
      LEFT JOIN LATERAL (
            SELECT id, date_told, venue_told_id FROM culture_reminder
             WHERE registration_id = line.id AND kind <> 'cancellation'
               AND state NOT IN ('withdrawn', 'to_send', 'to_tell')
             ORDER BY id DESC LIMIT 1
      ) heard ON TRUE
      CROSS JOIN LATERAL (
            SELECT heard.id IS NOT NULL
                   AND (heard.date_told IS DISTINCT FROM line.date
                        OR heard.venue_told_id IS DISTINCT FROM line.venue_id)
                   AS is_news,
                   {FROM.format(days="%(week_days)s")} AS week_from,
                   {FROM.format(days="%(open_days)s")} AS open_from
      ) news
      CROSS JOIN LATERAL (VALUES
            ('confirmation', line.date, 0, NULL::timestamp,
             {UNTOLD} AND {JOINED} >= %(since)s),
            ('change', line.date, COALESCE(heard.id, 0), NULL, news.is_news),
            ('week', line.date, 0, news.week_from,
             news.week_from <= %(now)s AND NOT news.is_news
             AND {MOVED} < news.week_from AND {JOINED} < news.week_from),
            ('eve', line.date, 0, NULL, line.days_left = 1),
            ('open_end', line.date, 0, news.open_from,
             news.open_from <= %(now)s AND NOT news.is_news
             AND {MOVED} < news.open_from AND {JOINED} < news.open_from),
            ('offer', line.offer_expiry, 0, NULL, TRUE),
            ('cancellation', line.date, 0, NULL, line.called_off AND {WAS_IN})
      ) due(kind, date, version, since, is_due)
     WHERE ({HOLDS.format(kind="due.kind", date="due.date", sends="TRUE")})
       AND NOT EXISTS (
            SELECT 1 FROM culture_reminder same
             WHERE same.registration_id = line.id AND same.kind = due.kind
               AND same.outing_date = due.date AND same.version = due.version
               AND same.state <> 'withdrawn')
       AND due.is_due
     LIMIT %(most)s
    ON CONFLICT DO NOTHING
"""

# Whether a row of the ledger still holds.
STILL = f"""
    {
    HOLDS.format(
        kind="reminder.kind",
        date="reminder.outing_date",
        sends="reminder.state = 'to_send'",
    )
}
    AND (reminder.kind <> 'change'
         OR reminder.venue_told_id IS NOT DISTINCT FROM line.venue_id)
"""

STALE = f"""
    UPDATE culture_reminder
       SET state = CASE WHEN state IN ('to_send', 'to_tell') THEN 'withdrawn'
                        ELSE state END,
           to_tell = FALSE, write_date = %(now)s
     WHERE id IN (
        SELECT reminder.id
          FROM culture_reminder reminder
          JOIN ({STANDING}) line ON line.id = reminder.registration_id
         WHERE (reminder.state = 'to_send' OR reminder.to_tell)
           AND reminder.company_id = %(company)s
           AND (%(lines)s::int[] IS NULL OR reminder.registration_id = ANY(%(lines)s))
           AND ({STILL}) IS NOT TRUE
         ORDER BY reminder.id
           FOR UPDATE OF reminder SKIP LOCKED)
    RETURNING id
"""

CLAIM = f"""
    UPDATE culture_reminder
       SET state = 'sending', channel = %(channel)s, claimed_date = %(now)s,
           date_told = claimed.date, venue_told_id = claimed.venue_id,
           write_date = %(now)s
      FROM (SELECT reminder.id, line.date, line.venue_id
              FROM culture_reminder reminder
              JOIN ({STANDING}) line ON line.id = reminder.registration_id
             WHERE reminder.id = ANY(%(ids)s)
               AND reminder.state = 'to_send'
               AND ({STILL})
             ORDER BY reminder.id
               FOR UPDATE OF reminder SKIP LOCKED) claimed
     WHERE culture_reminder.id = claimed.id
    RETURNING culture_reminder.id
"""

TAKE_OVER = f"""
    INSERT INTO culture_reminder
        (registration_id, kind, outing_date, version, date_told, venue_told_id,
         beneficiary_id, structure_id, company_id, outing_id, state, to_tell,
         channel, due_date, create_uid, create_date, write_uid, write_date)
    SELECT line.id, 'confirmation', line.date, 0, line.date, line.venue_id,
           line.beneficiary_id, line.structure_id, line.company_id, line.outing_id,
           'told', FALSE, 'desk', %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM ({STANDING}) line
     WHERE line.live AND line.state = 'confirmed' AND line.date > %(now)s
    ON CONFLICT DO NOTHING
"""


class CultureReminder(models.Model):
    """What is due, found from the rows alone, and what is not any more.

    Nothing is planned ahead: a registration, an offer or an outing that moves needs to
    tell nobody. What a row says is compared with what is true, so that a job that did
    not run makes up for it, and two that run at once find the same.
    """

    _inherit = "culture.reminder"

    @api.model
    def _due_values(self, sending, **more):
        company = sending.company_id
        return {
            "company": company.id,
            "zone": company._culture_zone().zone,
            "now": fields.Datetime.now(),
            "today": company._culture_today(),
            "hour": sending.quiet_to,
            "week_days": sending.week_days,
            "open_days": sending.open_days,
            "since": sending.since,
            "uid": self.env.uid,
            "lines": None,
            "outings": None,
            "most": FOUND_AT_ONCE,
            **more,
        }

    @api.model
    def _find_due(self, sending, most=FOUND_AT_ONCE, outings=None):
        """Write down what is due and is not in the ledger yet.

        :param sending: ``culture.sending`` of the company
        :param most: number of rows at once
        :param outings: ids of the outings to look at, None for all
        :return: number of rows written
        """
        self.env.flush_all()
        values = self._due_values(sending, most=most, outings=outings)
        self.env.cr.execute(SQL(DUE, **values), log_exceptions=False)
        found = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        return found

    @api.model
    def _next_outings(self, sending, after):
        """Outings to come, some at a time: a run reads each registration once.

        :param sending: ``culture.sending`` of the company
        :param after: the last id of those before
        :return: list of ids
        """
        outings = self.env["culture.outing"].sudo()
        return outings.search(
            [
                ("company_id", "=", sending.company_id.id),
                ("state", "in", ("published", "closed", "cancelled")),
                ("date_end", ">", fields.Datetime.now()),
                ("id", ">", after),
            ],
            order="id",
            limit=OUTINGS_AT_ONCE,
        ).ids

    @api.model
    def _withdraw(self, sending, lines=None):
        """Withdraw what was not told yet and does not hold any more.

        :param sending: ``culture.sending`` of the company
        :param lines: ``culture.registration``, None for all
        :return: number of rows
        """
        self.env.flush_all()
        values = self._due_values(sending, lines=lines and lines.ids)
        stale = self.sudo()._rows_of(SQL(STALE, **values))
        stale._close_tasks()
        return len(stale)

    def _claim(self, sending, channel):
        """Mark as being sent those that still hold and that nobody else has marked.

        :param sending: ``culture.sending`` of the company
        :param channel: by which they are sent
        :return: those of them that are this caller's to send
        """
        self.env.flush_all()
        values = self._due_values(sending, ids=self.ids, channel=channel)
        return self._rows_of(SQL(CLAIM, **values))

    @api.model
    def _rows_of(self, update):
        """Run an update that gives ids back; who loses a race has nothing to log."""
        self.env.cr.execute(update, log_exceptions=False)
        ids = sorted(id_ for (id_,) in self.env.cr.fetchall())
        self.invalidate_model(flush=False)
        return self.browse(ids)

    @api.model
    def _take_over(self, company):
        """Take places confirmed before the ledger began as told in person.

        They get no confirmation any more; a change of their outing is told.

        :param company: ``res.company``
        """
        self.env.flush_all()
        sending = self.env["culture.sending"]._of(company)
        self.env.cr.execute(SQL(TAKE_OVER, **self._due_values(sending)))
        self.invalidate_model(flush=False)
