from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.sms.tools.sms_api import SmsApi

from .common import CultureCase

START = datetime(2027, 3, 2, 9)
"""A Tuesday, 10:00 in Paris."""


class ReminderCase(CultureCase):
    """A clock, and what has left: nothing goes on a wire."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.clock = freeze_time(START)
        cls.clock.start()
        cls.addClassCleanup(cls.clock.stop)
        cls.sending = cls.env["culture.sending"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.sending.write({"email_from": "sorties@example.org", "since": START})
        cls.north.phone = "04 65 71 10 13"
        cls.person = cls._person(
            "Ada", channel="sms", phone="06 39 98 10 01", email="ada@example.org"
        )
        cls.outing = cls._outing(
            name="Le Malade imaginaire", date_begin=datetime(2027, 3, 18, 19, 30)
        )

    def setUp(self):
        super().setUp()
        self.mails, self.texts = [], []
        self.sms_result = "success"
        self.patch(IrMail_Server, "send_email", self._take_mail)
        self.patch(SmsApi, "_send_sms_batch", self._take_texts)

    def _take_mail(self, message, **kwargs):
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

    def _rows(self, line=None):
        domain = [("registration_id", "=", line.id)] if line else []
        rows = self.env["culture.reminder"].search(domain, order="id")
        return [(row.kind, row.state) for row in rows]


@tagged("post_install", "-at_install")
class TestReminders(ReminderCase):
    """Each is reminded once, of what is true, or by somebody (I4)."""

    def test_a_life(self):
        """Confirmation, a week before, the day before: one each, however often run."""
        [line] = self._register(self.outing, self.person)
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
        for day in range(3, 18):
            self._run(2027, 3, day, 12)
            self._run(2027, 3, day, 13)
        self.assertEqual(
            self._rows(line),
            [("confirmation", "sent"), ("week", "sent"), ("eve", "sent")],
        )
        self.assertEqual(len(self.texts), 3)
