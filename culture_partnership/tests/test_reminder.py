from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.sms.tools.sms_api import SmsApi

from .common import CultureCase

START = datetime(2027, 3, 2, 9)
"""A Tuesday, 10:00 in Paris."""

SHOW = datetime(2027, 3, 18, 19, 30)
"""A Thursday, 20:30 in Paris."""

LATER = SHOW + timedelta(days=7)


def dates(begin):
    """What postponing writes."""
    return {"date_begin": begin, "date_end": begin + timedelta(hours=3)}


class ReminderCase(CultureCase):
    """A clock, and what has left: nothing goes on a wire."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        clock = freeze_time(START)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.sending = cls.env["culture.sending"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.sending.write({"email_from": "sorties@example.org", "since": START})
        cls.north.phone = "04 65 71 10 13"
        cls.person = cls._person(
            "Ada", channel="sms", phone="06 39 98 10 01", email="ada@example.org"
        )
        cls.outing = cls._outing(name="Le Malade imaginaire", date_begin=SHOW)

    def setUp(self):
        super().setUp()
        self.mails, self.texts = [], []
        self.mail_error, self.sms_result = None, "success"
        self.patch(IrMail_Server, "send_email", self._take_mail)
        self.patch(SmsApi, "_send_sms_batch", self._take_texts)

    def _take_mail(self, message, **kwargs):
        if self.mail_error:
            raise self.mail_error
        self.mails.append(message)
        return message["Message-Id"]

    def _take_texts(self, messages, delivery_reports_url=False):
        results = []
        for message in messages:
            for number in message["numbers"]:
                self.texts.append((number["number"], message["content"]))
                results.append({"uuid": number["uuid"], "state": self.sms_result})
        return results

    @contextmanager
    def _at(self, *moment, **delta):
        """At a moment (UTC), or that much later than the start."""
        when = datetime(*moment) if moment else START + timedelta(**delta)
        with freeze_time(when):
            yield

    def _run(self, *moment, **delta):
        """The job, as the scheduler runs it, at a moment."""
        with (
            self._at(*moment, **delta),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=1),
        ):
            self.env["culture.reminder"]._cron_remind()
        self.env.invalidate_all()

    def _days(self, first, last, hour=10):
        """The job on each of these days of March 2027, at an hour (UTC)."""
        for day in range(first, last + 1):
            self._run(2027, 3, day, hour)

    def _rows(self, line):
        rows = self.env["culture.reminder"].search(
            [("registration_id", "=", line.id)], order="id"
        )
        return [(row.kind, row.state) for row in rows]

    def _row(self, line, kind):
        return self.env["culture.reminder"].search(
            [("registration_id", "=", line.id), ("kind", "=", kind)],
            order="id desc",
            limit=1,
        )

    def _confirmed(self, person=None, outing=None, **vals):
        line = self._register(outing or self.outing, person or self.person, **vals)
        return line.sudo()


@tagged("post_install", "-at_install")
class TestReminders(ReminderCase):
    """Each is reminded once, of what is true (I4)."""

    def test_a_life(self):
        """Confirmation, a week before, the day before: one each, however often run."""
        line = self._confirmed()
        for _ in range(2):
            self._run(hours=0)
        self.assertEqual(self._rows(line), [("confirmation", "sent")])
        [(number, text)] = self.texts
        self.assertEqual(number, "+33639981001")
        self.assertEqual(
            text,
            "C'est noté : Le Malade imaginaire, jeudi 18 mars à 20h30. "
            "Une question ? 04 65 71 10 13",
        )
        self._days(3, 10)
        self.assertEqual(self._rows(line)[1:], [])
        self._days(11, 17)
        self._days(11, 17, hour=11)
        self.assertEqual(
            self._rows(line),
            [("confirmation", "sent"), ("week", "sent"), ("eve", "sent")],
        )
        self.assertEqual(len(self.texts), 3)
        self.assertIn("Demain 20h30", self.texts[2][1])
        self.assertEqual(self._row(line, "week").sent_date.day, 11)
        self.assertEqual(line.with_user(self.referent).reminder_label[-4:], "sent")

    def test_late_joiner_and_who_is_promoted(self):
        """No reminder of a week that had begun; the day before all the same."""
        other = self._person("Late", channel="sms", phone="06 39 98 10 02")
        with self._at(2027, 3, 12, 9):
            late = self._confirmed()
            [promoted] = self._register(self.outing, other, state="waiting").sudo()
        with self._at(2027, 3, 15, 9):
            promoted.action_confirm()
        self._days(12, 18)
        for line in (late, promoted):
            self.assertEqual(
                self._rows(line), [("confirmation", "sent"), ("eve", "sent")]
            )

    def test_scheduler_down_for_a_week(self):
        """What was confirmed meanwhile is told; no stale "in a week" or "tomorrow"."""
        line = self._confirmed()
        self._run(hours=0)
        with self._at(2027, 3, 9, 9):
            fresh = self._confirmed(
                self._person("Fresh", channel="sms", phone="06 39 98 10 03")
            )
        self._run(2027, 3, 15, 10)
        self.assertEqual(self._rows(line), [("confirmation", "sent")])
        self.assertEqual(self._rows(fresh), [("confirmation", "sent")])
        self._run(2027, 3, 18, 9)
        self._run(2027, 3, 19, 9)
        self.assertEqual(len(self.texts), 2)

    def test_postponed(self):
        """What was queued is withdrawn, the change told once, the new date reminded."""
        line = self._confirmed()
        self._run(hours=0)
        self.sending.paused = True
        self._run(2027, 3, 11, 10)
        self.assertEqual(self._rows(line)[1:], [("week", "to_send")])
        self.sending.paused = False
        with self._at(2027, 3, 12, 9):
            self.outing.write(dates(LATER))
        self.texts.clear()
        self._days(12, 26)
        self.assertEqual(
            self._rows(line),
            [
                ("confirmation", "sent"),
                ("week", "withdrawn"),
                ("change", "sent"),
                ("week", "sent"),
                ("eve", "sent"),
            ],
        )
        self.assertIn("c'est jeudi 25 mars à 20h30", self.texts[0][1])

    def test_there_and_back(self):
        """A date that comes back is news again; one that nobody heard of is none."""
        line = self._confirmed()
        self._run(hours=0)
        moved, back = dates(LATER), dates(SHOW)
        with self._at(hours=1):
            self.outing.write(moved)
            self.outing.write(back)
        self._run(hours=1)
        self.assertEqual(self._rows(line), [("confirmation", "sent")])
        for hour, vals in enumerate((moved, back, moved), start=2):
            with self._at(hours=hour):
                self.outing.write(vals)
            for _ in range(2):
                self._run(hours=hour)
        self.assertEqual(self._rows(line)[1:], [("change", "sent")] * 3)
        self.assertEqual(len(self.texts), 4)

    def test_another_venue(self):
        line = self._confirmed()
        self._run(hours=0)
        self.outing.venue_id = self.env["res.partner"].create(
            {"name": "La Criée", "is_company": True}
        )
        self._run(hours=1)
        self._run(hours=2)
        self.assertEqual(self._rows(line)[1:], [("change", "sent")])
        self.assertIn("c'est à La Criée.", self.texts[1][1])

    def test_who_gives_the_place_back(self):
        """Threat: reminded of a place given back a minute ago."""
        said = self._person("Said", channel="call", phone="04 91 00 00 00")
        line, told = self._confirmed(), self._confirmed(said)
        with patch.object(type(self.env["culture.reminder"]), "_pass_on") as pass_on:
            self._run(hours=0)
            self.assertTrue(pass_on.called)
        self._run_for(told)
        self.assertEqual(self._rows(line), [("confirmation", "to_send")])
        (line | told).action_cancel("person")
        self.assertEqual(self._rows(line), [("confirmation", "withdrawn")])
        self.assertEqual(self._rows(told), [("confirmation", "withdrawn")])
        self.assertFalse(said.activity_ids)
        self._run(hours=1)
        self._days(11, 18)
        self.assertFalse(self.texts)

    def _run_for(self, line):
        """As if only this row had been passed on so far."""
        self._row(line, "confirmation")._give_to_say("to_tell")

    def test_cancelled_by_the_venue(self):
        """Who had a place is told, who had given it back or only waited is not."""
        people = self._people(3, channel="sms", phone="06 39 98 10 09")
        kept, freed = (self._confirmed(person) for person in people[:2])
        self._run(hours=0)
        freed.action_cancel("person")
        [waits] = self._register(self.outing, people[2], state="waiting").sudo()
        self.texts.clear()
        with self._at(2027, 3, 10, 9):
            self.outing.action_cancel("venue")
        self._run(2027, 3, 10, 10)
        self._days(11, 18)
        self.assertEqual(self._rows(kept)[1:], [("cancellation", "sent")])
        self.assertEqual(self._rows(freed)[1:], [])
        self.assertFalse(self._rows(waits))
        [(__, text)] = self.texts
        self.assertEqual(
            text,
            "Le lieu annule : Le Malade imaginaire, jeudi 18 mars. Vous n'avez rien à "
            "faire. Nous vous proposerons autre chose. Une question ? 04 65 71 10 13",
        )

    def test_cancelled_by_the_structure(self):
        """The venue is not said to have cancelled; an untold confirmation is not."""
        line = self._confirmed()
        with self._at(hours=10, minutes=5):
            self.outing.action_cancel("structure")
        self._run(hours=10, minutes=5)
        self.assertEqual(self._rows(line), [("cancellation", "to_send")])
        self._run(hours=24)
        self.assertEqual(self._rows(line), [("cancellation", "sent")])
        self.assertNotIn("lieu annule", self.texts[0][1])

    def test_offer(self):
        """One message an offer; taken, it is confirmed; run out unsaid, withdrawn."""
        line = self._register(self.outing, self.person, state="waiting").sudo()
        self._run(hours=0)
        self.assertFalse(self._rows(line))
        line.action_offer(START + timedelta(hours=30))
        self._run(hours=1)
        self._run(hours=2)
        self.assertEqual(self._rows(line), [("offer", "sent")])
        self.assertEqual(
            self.texts[0][1],
            "Une place pour vous : Le Malade imaginaire, jeudi 18 mars 20h30. Réponse "
            "avant mercredi 16h : 04 65 71 10 13",
        )
        line.action_confirm()
        self._run(hours=3)
        self.assertEqual(self._rows(line)[1:], [("confirmation", "sent")])

    def test_offer_that_runs_out_in_pause(self):
        self.sending.paused = True
        line = self._register(self.outing, self.person, state="waiting").sudo()
        line.action_offer(START + timedelta(hours=30))
        self._run(hours=1)
        self.assertEqual(self._rows(line), [("offer", "to_send")])
        self._run(hours=31)
        self.assertEqual(self._rows(line), [("offer", "withdrawn")])

    def test_open_date(self):
        """Two weeks before the end, once; not at once to who has just joined."""
        outing = self._outing(
            name="Le musée",
            date_mode="open",
            date_begin=False,
            date_end=datetime(2027, 3, 28, 21, 59),
        )
        line = self._confirmed(outing=outing)
        self._run(hours=0)
        self.assertEqual(
            self.texts[0][1],
            "C'est noté : Le musée, jusqu'au dimanche 28 mars. "
            "Une question ? 04 65 71 10 13",
        )
        self._days(3, 27)
        self.assertEqual(self._rows(line)[1:], [("open_end", "sent")])
        # the day itself is a Sunday: they are told on Monday
        self.assertEqual(self._row(line, "open_end").sent_date.day, 15)

    def test_before_the_ledger_began(self):
        """Places confirmed before count as told: no confirmation, but changes."""
        line = self._confirmed()
        self.sending.since = START + timedelta(days=1)
        with self._at(days=1):
            self.env["culture.reminder"]._take_over(self.company)
        self._run(days=1)
        self.assertEqual(self._rows(line), [("confirmation", "told")])
        with self._at(days=1, hours=1):
            self.outing.write(dates(LATER))
        self._run(days=1, hours=1)
        self.assertEqual(self._rows(line)[1:], [("change", "sent")])

    def test_groups_without_names(self):
        self.env["culture.registration"].create(
            {"outing_id": self.outing.id, "group_label": "Atelier", "adults": 3}
        )
        self._run(hours=0)
        self.assertFalse(self.env["culture.reminder"].search_count([]))

    # ---------------------------------------------------------------------- hours

    def test_quiet_hours(self):
        """From 20:00 to 9:00 nothing leaves, whatever the time zone of the server."""
        line = self._confirmed()
        for hour in (19, 20, 23):
            self._run(2027, 3, 2, hour)
            self.assertEqual(self._rows(line), [("confirmation", "to_send")])
        self._run(2027, 3, 3, 7, 59)
        self.assertFalse(self.texts)
        self._run(2027, 3, 3, 8)
        self.assertEqual(self._rows(line), [("confirmation", "sent")])

    def test_sundays(self):
        """Only what is of the next day, and news."""
        monday = self._outing(
            name="Lundi", date_begin=datetime(2027, 3, 8, 18), seats=5
        )
        people = self._people(2, channel="sms", phone="06 39 98 10 09")
        told = self._confirmed(people[0], monday)
        self._run(hours=0)
        with self._at(2027, 3, 6, 20):
            late = self._confirmed(people[1], monday)
            self.outing.write(dates(LATER))
        self._run(2027, 3, 7, 9)
        self.assertEqual(
            self._rows(late), [("confirmation", "to_send"), ("eve", "sent")]
        )
        self.assertEqual(self._rows(told)[-1], ("eve", "sent"))

    def test_news_that_does_not_wait(self):
        """Cancelled at 22:00 for 8:00: somebody would go there for nothing."""
        early = self._outing(name="Tôt", date_begin=datetime(2027, 3, 4, 7))
        line = self._confirmed(outing=early)
        self._run(hours=0)
        with self._at(2027, 3, 3, 21):
            early.action_cancel("venue")
        self._run(2027, 3, 3, 21, 5)
        self.assertEqual(self._rows(line)[-1], ("cancellation", "sent"))

    def test_change_of_hour(self):
        """A week over the change of hour is a week: at 9:00 by the clock there."""
        spring = self._outing(name="Printemps", date_begin=datetime(2027, 3, 31, 18))
        line = self._confirmed(outing=spring)
        self._run(hours=0)
        self._run(2027, 3, 24, 7, 59)
        self.assertFalse(self._row(line, "week"))
        self._run(2027, 3, 24, 8)
        self.assertEqual(self._row(line, "week").state, "sent")
        self._run(2027, 3, 30, 6, 59)
        self.assertEqual(self._row(line, "eve").state, "to_send")
        self._run(2027, 3, 30, 7)
        self.assertEqual(self._row(line, "eve").state, "sent")

    def test_the_day_is_the_company_s(self):
        """Threat: at the antipodes, "tomorrow" said of the day itself."""
        self.ccas.tz = "Pacific/Noumea"
        # 1:30 on the 19th there
        outing = self._outing(name="Loin", date_begin=datetime(2027, 3, 18, 14, 30))
        line = self._confirmed(outing=outing)
        self._run(2027, 3, 2, 23)
        self._run(2027, 3, 16, 23)
        self.assertFalse(self._row(line, "eve"))
        self._run(2027, 3, 17, 23)
        self.assertEqual(self._row(line, "eve").state, "sent")
        self.assertIn("Demain 1h30", self.texts[-1][1])

    # ---------------------------------------------------------------------- bounds

    def test_many_in_batches(self):
        """The job goes on where it stopped, a batch at a time."""
        people = self._people(7, channel="call")
        lines = self._confirmed(people).sudo()
        values = {"most": 3}
        with self._at(hours=0):
            found = []
            while count := self.env["culture.reminder"]._find_due(
                self.sending, **values
            ):
                found.append(count)
        self.assertEqual(found, [3, 3, 1])
        self.assertEqual(
            {self._rows(line)[0] for line in lines}, {("confirmation", "to_send")}
        )

    def test_ledger_is_not_written_by_hand(self):
        line = self._confirmed()
        self._run(hours=0)
        row = self._row(line, "confirmation").with_user(self.referent)
        self.assertEqual(row.state, "sent")
        with self.assertRefused("told already"):
            row.action_told()
        with self.assertRefused("not copied"):
            row.copy()
        self.assertFalse(fields.Datetime.now() < row.sent_date)
