import re
import smtplib
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.culture_partnership.models.culture_message_texts import (
    DEFAULTS,
    EXAMPLE,
    LONG,
)
from odoo.addons.culture_partnership.models.culture_registration_answer import ADDRESS
from odoo.addons.culture_partnership.tools.short_message import (
    LONGEST,
    cut_at_word,
    folded,
    length,
    mobile,
)

from .test_reminder import LATER, SHOW, START, ReminderCase, dates

TELLING = re.compile(
    r"ccas|social|solid|bénéf|benef|partenar|partner|associa|précar|dossier|20\d\d-\d|"
    r"accompagn|aide soc|agence|agency|culture",
    re.IGNORECASE,
)
"""What says who invites, or why."""


@tagged("post_install", "-at_install")
class TestTasks(ReminderCase):
    """Who has no message is told by somebody, in time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.called = cls._person("Bea", channel="call", phone="04 91 00 00 01")

    def test_said_in_person(self):
        line = self._confirmed(self.called)
        self._run(hours=0)
        row = self._row(line, "confirmation").with_user(self.referent)
        self.assertEqual((row.state, row.channel), ("to_tell", "call"))
        self.assertEqual(row.tell_before, datetime(2027, 3, 4, 17))
        [activity] = self.called.activity_ids
        self.assertEqual(activity.user_id, self.referent)
        self.assertEqual(
            activity.summary,
            f"File {self.called.reference}: to tell before 4 March, 18:00",
        )
        self.assertIn("Le Malade imaginaire, jeudi 18 mars", row.text_to_tell)
        todo = self.env["culture.first.steps"].with_user(self.referent)
        counts = {item["key"]: item["count"] for item in todo.get_todo("x")}
        self.assertEqual(counts["to_tell"], 1)
        row.action_told()
        self.assertEqual((row.state, row.told_by_id), ("told", self.referent))
        self.assertFalse(row.to_tell)
        self.assertFalse(activity.active)
        self._run(hours=1)
        self.assertEqual(self._rows(line), [("confirmation", "told")])
        self.assertFalse(self.texts or self.mails)

    def test_task_done_is_told(self):
        """Ticked off among one's activities: the ledger says so, once."""
        line = self._confirmed(self.called)
        self._run(hours=0)
        self.called.activity_ids.with_user(self.referent).action_done()
        self.assertEqual(self._rows(line), [("confirmation", "told")])
        with self._at(hours=1):
            self.outing.write(dates(LATER))
        self._run(hours=1)
        self.assertEqual(self._rows(line)[1:], [("change", "to_tell")])

    def test_who_says_it(self):
        """Who replaces these days, the referent, else the coordination."""
        self._confirmed(self.called)
        alone = self._person("Cleo", channel="desk")
        alone.referent_id = False
        self._confirmed(alone, user=self.coordinator)
        away = self._person("Dora", channel="call")
        self._confirmed(away)
        self.referent_card.write(
            {
                "replacement_id": self.colleague_card.id,
                "replacement_start": "2027-03-02",
                "replacement_end": "2027-03-05",
            }
        )
        self._run(hours=0)
        self.assertEqual(self.called.activity_ids.user_id, self.colleague)
        self.assertEqual(alone.activity_ids.user_id, self.coordinator)

    def test_handed_over(self):
        """What waits goes to who follows the person now; the former one reads none."""
        self._confirmed(self.called)
        self._run(hours=0)
        self.called.write(
            {"referent_id": self.far_card.id, "structure_id": self.south.id}
        )
        row = self.env["culture.reminder"].search(
            [("beneficiary_id", "=", self.called.id)]
        )
        self.assertEqual(row.structure_id, self.south)
        row.with_user(self.far_referent).action_told()
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            row.with_user(self.referent).read(["state"])

    def test_what_is_missing_falls_to_the_other(self):
        cases = [
            ("sms", "06 39 98 10 01", False, "sms"),
            ("sms", "04 91 00 00 01", "a@example.org", "email"),
            ("sms", False, "a@example.org", "email"),
            ("email", "06 39 98 10 01", False, "sms"),
            ("email", "06 39 98 10 01", "a@example.org", "email"),
            ("email", "04 91 00 00 01", False, "call"),
            ("sms", False, False, "desk"),
            ("desk", "06 39 98 10 01", "a@example.org", "desk"),
        ]
        for channel, phone, email, expected in cases:
            person = self._person(channel, channel=channel, phone=phone, email=email)
            line = self._confirmed(person)
            self._run(hours=0)
            row = self._row(line, "confirmation")
            with self.subTest(channel=channel, phone=phone, email=email):
                self.assertEqual(row.channel, expected)
                self.assertEqual(row.to_tell, expected in ("call", "desk"))

    def test_told_in_time(self):
        """The evening before at the latest, and the start when that is over."""
        self._confirmed(self.called)
        self._days(2, 17, hour=7)
        self.assertEqual(
            {
                row.kind: row.tell_before
                for row in self.env["culture.reminder"].search([])
            },
            {
                "confirmation": datetime(2027, 3, 4, 17),
                "week": datetime(2027, 3, 14, 17),
                "eve": datetime(2027, 3, 17, 17),
            },
        )
        line = self._person("Late", channel="call")
        with self._at(2027, 3, 17, 19):
            line = self._confirmed(line)
        self._run(2027, 3, 17, 19)
        self.assertEqual(self._row(line, "confirmation").tell_before, SHOW)
        self._run(2027, 3, 18, 20)
        self.assertFalse(
            self.env["culture.reminder"].search_count([("to_tell", "=", True)])
        )


@tagged("post_install", "-at_install")
class TestSending(ReminderCase):
    """Once at most: what may have left is said by somebody, never sent again."""

    def _by_mail(self):
        self.person.channel = "email"
        return self._confirmed()

    def _refused(self, error):
        refusal = MailDeliveryException("Mail Delivery Failed", "x")
        refusal.__context__ = error
        return refusal

    def test_refused(self):
        """An address that does not exist: somebody says it."""
        line = self._by_mail()
        self.mail_error = self._refused(
            smtplib.SMTPRecipientsRefused({"ada@example.org": (550, b"no")})
        )
        self._run(hours=0)
        row = self._row(line, "confirmation")
        self.assertEqual((row.state, row.to_tell), ("failed", True))
        self.assertTrue(row.activity_id)
        self.mail_error = None
        self._run(hours=1)
        self.assertFalse(self.mails)

    def test_cut_off(self):
        line = self._by_mail()
        self.mail_error = smtplib.SMTPServerDisconnected("x")
        self._run(hours=0)
        self.assertEqual(self._rows(line), [("confirmation", "doubt")])
        row = self._row(line, "confirmation").with_user(self.referent)
        self.assertIn("perhaps", row.doubt_label)
        self.mail_error = None
        self._run(hours=1)
        self.assertFalse(self.mails)
        row.action_told()
        self.assertEqual(row.state, "told")

    def test_not_now(self):
        """A server that takes nothing now is asked again; after hours it is said."""
        line = self._by_mail()
        self.mail_error = self._refused(smtplib.SMTPDataError(451, b"later"))
        self._run(hours=0)
        self._run(hours=2)
        self.assertEqual(self._rows(line), [("confirmation", "to_send")])
        self.mail_error = None
        self._run(hours=2, minutes=5)
        self.assertEqual(self._rows(line), [("confirmation", "sent")])
        self.mail_error = self._refused(smtplib.SMTPDataError(451, b"later"))
        other = self._confirmed(
            self._person("Eve", channel="email", email="eve@example.org")
        )
        self._run(hours=3)
        self._run(hours=7)
        self.assertEqual(self._rows(other), [("confirmation", "failed")])

    def test_killed_while_sending(self):
        """Threat: the sender dies between the mark and the wire, or just after it."""
        line = self._by_mail()
        with self._at(hours=0):
            reminders = self.env["culture.reminder"]
            reminders._find_due(self.sending)
            row = self._row(line, "confirmation")
            self.assertTrue(row._claim(self.sending, "email"))
            self.assertFalse(row._claim(self.sending, "email"))
        self._run(minutes=10)
        self.assertEqual(self._rows(line), [("confirmation", "sending")])
        self._run(minutes=16)
        self.assertEqual(self._rows(line), [("confirmation", "doubt")])
        self.assertFalse(self.mails)
        self.assertTrue(row.to_tell)

    @mute_logger("odoo.addons.culture_partnership.models.culture_reminder_wire")
    def test_text_that_cannot_be_made(self):
        """One that fails is said by somebody, and keeps none of the others back."""
        broken = self._by_mail()
        fine = self._confirmed(
            self._person("Ida", channel="email", email="ida@example.org")
        )
        make = type(broken)._sheet_meeting

        def fails(line):
            if line == broken:
                raise AttributeError
            return make(line)

        self.patch(type(broken), "_sheet_meeting", fails)
        self._run(hours=0)
        self.assertEqual(self._rows(broken), [("confirmation", "to_tell")])
        self.assertEqual(self._rows(fine), [("confirmation", "sent")])

    def test_nothing_is_left_in_the_host(self):
        """No number, no text, no thread: the ledger is what remains."""
        models = ("mail.mail", "mail.message", "sms.sms", "mail.notification")
        before = {name: self.env[name].search_count([]) for name in models}
        partners = self.env["res.partner"].search_count([])
        self._by_mail()
        self._confirmed(self._person("Fay", channel="sms", phone="06 39 98 10 05"))
        self._run(hours=0)
        self.assertEqual((len(self.mails), len(self.texts)), (1, 1))
        for name in models:
            self.assertEqual(self.env[name].search_count([]), before[name], name)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_sms_not_delivered(self):
        """Told by the gateway at once, or by a report that comes later."""
        self.sms_result = "wrong_number_format"
        line = self._confirmed()
        self._run(hours=0)
        self.assertEqual(self._rows(line), [("confirmation", "failed")])
        self.sms_result = "success"
        other = self._confirmed(
            self._person("Gus", channel="sms", phone="06 39 98 10 06")
        )
        self._run(hours=1)
        row = self._row(other, "confirmation")
        self.assertEqual(row.state, "sent")
        tracker = self.env["sms.tracker"].search([("sms_uuid", "=", row.sms_uuid)])
        with self._at(hours=2):
            tracker._action_update_from_provider_error("not_delivered")
        self.assertEqual((row.state, row.to_tell), ("failed", True))
        with self._at(2027, 3, 20):
            self.env["culture.reminder"]._forget_messages()
        self.assertFalse(row.sms_uuid or tracker.exists())

    def test_gateway_is_down(self):
        """Perhaps sent: said by somebody. No account: nothing left, tried again."""
        line = self._confirmed()
        self.sms_result = "insufficient_credit"
        self._run(hours=0)
        self.assertEqual(self._rows(line), [("confirmation", "to_send")])
        self.sms_result = "server_error"
        self._run(hours=1)
        self.assertEqual(self._rows(line), [("confirmation", "doubt")])

    def test_in_pause(self):
        """No message leaves; what is said in person goes on."""
        self.sending.paused = True
        line = self._confirmed()
        said = self._confirmed(self._person("Hal", channel="call"))
        self._run(hours=0)
        self._run(hours=5)
        self.assertEqual(self._rows(line), [("confirmation", "to_send")])
        self.assertEqual(self._rows(said), [("confirmation", "to_tell")])


@tagged("post_install", "-at_install")
class TestWords(ReminderCase):
    """What a person reads, to the character."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        relay = cls._relay_card(trained_until=START + timedelta(days=365))
        cls.outing.write(
            {
                "meeting_point": "Devant l’entrée",
                "escort_ids": [Command.set(relay.ids)],
                "transport": "Métro 1, arrêt Vieux-Port",
                "duty_phone": "04 65 71 10 14",
                "venue_id": cls.env["res.partner"]
                .create({"name": "La Criée", "is_company": True})
                .id,
            }
        )
        cls.person.write({"channel": "email", "first_name": "Zoé"})

    def _mail(self):
        [mail] = self.mails
        self.mails.clear()
        parts = {
            part.get_content_type(): part.get_content()
            for part in mail.walk()
            if not part.is_multipart()
        }
        return mail, parts

    def test_confirmation_and_its_calendar(self):
        self._confirmed(companion=True)
        self._run(hours=0)
        mail, parts = self._mail()
        self.assertEqual(mail["Subject"], "Votre sortie du jeudi 18 mars")
        self.assertEqual(mail["From"], "Sorties <sorties@example.org>")
        self.assertEqual(mail["To"], "ada@example.org")
        self.assertEqual(
            parts["text/plain"].strip().replace("\xa0", " "),
            "Bonjour, c’est noté : 2 places pour Le Malade imaginaire, jeudi 18 mars à "
            "20 h 30, La Criée.\n\n"
            "Rendez-vous à 20 h, devant l’entrée.\n\n"
            "Rosa vous attend.\n\n"
            "Si vous ne pouvez pas venir, dites-le avant le mercredi 17 mars, 12 h : "
            "une autre personne pourra en profiter.\n\n"
            "Une question ? 04 65 71 10 13",
        )
        self.assertIn("SUMMARY:Le Malade imaginaire", parts["text/calendar"])
        self.assertNotIn("<img", parts["text/html"])

    def test_the_day_before(self):
        self._confirmed()
        self._run(hours=0)
        self.mails.clear()
        self._run(2027, 3, 17, 9)
        mail, parts = self._mail()
        self.assertEqual(
            mail["Subject"].replace("\xa0", " "), "Demain : Le Malade imaginaire"
        )
        text = parts["text/plain"].replace("\xa0", " ")
        self.assertIn("Pour venir : Métro 1, arrêt Vieux-Port.", text)
        self.assertIn("À l’entrée : dites le numéro 1.", text)
        self.assertIn("Un imprévu ? 04 65 71 10 13.", text)
        self.assertIn("Demain, appelez le 04 65 71 10 14.", text)
        self.assertNotIn("text/calendar", parts)

    def test_link_to_answer(self):
        """In an SMS that still is one; in an e-mail a button, and written out."""
        self.env["ir.config_parameter"].set_param(ADDRESS, "sorties.example.org")
        sms = self._person("Zoé", channel="sms", phone="0639981007")
        line = self._confirmed(sms)
        self._confirmed()
        self._run(hours=0)
        url = line._answer_url("confirmation", short=True)
        self.assertTrue(url.startswith("sorties.example.org/o/"))
        [confirmation] = [text for __, text in self.texts if "noté" in text]
        self.assertEqual(
            confirmation,
            "C'est noté : Le Malade imaginaire, jeudi 18 mars à 20h30. "
            f"Détails : {url} Une question ? 04 65 71 10 13",
        )
        mail, parts = self._mail()
        [own] = re.findall(r"https://sorties\.example\.org/o/\w+", parts["text/plain"])
        self.assertIn(f'href="{own}"', parts["text/html"])
        self.assertIn("Voir et répondre", parts["text/html"])
        self.assertNotIn("[", parts["text/plain"])
        said = self._confirmed(self._person("Yann", channel="call"))
        self._run(hours=1)
        text = self._row(said, "confirmation").with_user(self.referent).text_to_tell
        self.assertNotIn("sorties.example.org", text)

    def test_change_says_before_and_now(self):
        self._confirmed()
        self._run(hours=0)
        self.mails.clear()
        with self._at(hours=1):
            self.outing.write(dates(LATER))
        self._run(hours=1)
        text = self._mail()[1]["text/plain"].replace("\xa0", " ")
        self.assertIn("Avant : jeudi 18 mars à 20 h 30.", text)
        self.assertIn("Maintenant : jeudi 25 mars à 20 h 30.", text)

    def test_nothing_says_who_invites(self):
        """Threat: a child, an ex-husband, a colleague reads the telephone.

        In any message, its headers and its calendar, by any kind and channel.
        """
        self.company.name = "CCAS de Test"
        self.venue.name = "La Criée"
        sms = self._person("Zoé", last_name="Xyz", channel="sms", phone="0639981007")
        lines = self._confirmed(self.person | sms)
        self._days(2, 17)
        with self._at(2027, 3, 17, 12):
            self.outing.write(dates(SHOW + timedelta(days=1)))
        self._run(2027, 3, 17, 12)
        with self._at(2027, 3, 17, 13):
            self.outing.action_cancel("venue")
        self._run(2027, 3, 17, 13)
        self.assertGreaterEqual(len(self.mails), 5)
        self.assertEqual(len(self.texts), len(self.mails))
        told = [text for __, text in self.texts]
        for mail in self.mails:
            told += [mail.as_string()]
            told += [
                part.get_content() for part in mail.walk() if not part.is_multipart()
            ]
        references = lines.beneficiary_id.mapped("reference")
        for text in told:
            self.assertFalse(TELLING.findall(text), text)
            for word in ("Zoé", "Xyz", *references):
                self.assertNotIn(word, text)

    def test_shipped_texts_fit(self):
        """Each in one SMS at the longest; a long title is cut at a word."""
        messages = self.env["culture.message"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            {(m.kind, m.channel): (m.subject or "", m.body) for m in messages}, DEFAULTS
        )
        longest = "Le Bourgeois gentilhomme, comédie-ballet en cinq actes"
        for message in messages.filtered(lambda m: m.channel == "sms"):
            text = message._sms(dict(LONG, titre=longest))
            with self.subTest(kind=message.kind):
                self.assertLessEqual(length(text), LONGEST)
                self.assertIn("Le Bourgeois", text)
                for name in re.findall(r"\{(\w+)\}", message.body):
                    if name != "titre":
                        self.assertIn(folded(LONG[name]), text)
                self.assertNotRegex(text, r"[{}]")

    def test_texts_are_the_administration_s(self):
        """Changed by it alone; what would break a message is refused, and named."""
        message = self.env["culture.message"].search(
            [
                ("company_id", "=", self.company.id),
                ("kind", "=", "eve"),
                ("channel", "=", "sms"),
            ]
        )
        theirs = message.with_user(self.administrator)
        with self.assertRefused("none of the words", ValidationError):
            theirs.body = "Bonjour {nom}"
        with self.assertRefused("brace", ValidationError):
            theirs.body = "Demain {titre"
        with self.assertRefused("160 characters at most", ValidationError):
            theirs.body = f"{theirs.body} Venez comme vous êtes, c'est gratuit."
        theirs.body = "Demain, {heure} : {titre}. {tel}"
        self.assertEqual(
            theirs.preview, "Demain, 20h30 : Le Malade imaginaire. 04 65 71 10 13"
        )
        self.person.write({"channel": "sms"})
        self._confirmed()
        self._run(2027, 3, 17, 9)
        self.assertEqual(
            self.texts[0][1], "Demain, 20h30 : Le Malade imaginaire. 04 65 71 10 13"
        )
        theirs.action_restore()
        self.assertEqual(theirs.body, DEFAULTS["eve", "sms"][1])
        mail = theirs.search([("kind", "=", "eve"), ("channel", "=", "email")], limit=1)
        self.assertEqual(mail.preview_subject, "Demain\xa0: Le Malade imaginaire")
        self.assertIn(EXAMPLE["lien"], mail.preview)

    def test_alphabet_of_telephones(self):
        self.assertEqual(
            folded("« L’âme » où ça ? À Œuvre…\xa0– ÉÇ é"),
            '" L\'ame " où ca ? A OEuvre... - ÉÇ é',
        )
        self.assertEqual(folded("Театр 🎭"), "????? ?")
        self.assertEqual(length("a€"), 3)
        self.assertEqual(cut_at_word("Le Malade imaginaire", 12), "Le Malade")
        self.assertEqual(cut_at_word("Anticonstitutionnellement", 12), "Anticonstitu")
        self.assertEqual(mobile("07.39.98.10.01", "FR"), "+33739981001")
        self.assertEqual(mobile("0033 6 39 98 10 01", "FR"), "+33639981001")
        self.assertEqual(mobile("+32 470 12 34 56", "FR"), "+32470123456")
        for number in ("04 91 00 00 00", "12", "", False, "06 39 98 10"):
            self.assertEqual(mobile(number, "FR"), "")
