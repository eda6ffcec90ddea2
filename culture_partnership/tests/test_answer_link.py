from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.culture_partnership.models.culture_registration_answer import (
    ADDRESS,
    ASKED_BY,
    LONGEST_LINK,
)
from odoo.addons.culture_partnership.tools.link_text import (
    ALPHABET,
    to_number,
    to_text,
)

from .common import CultureCase


@tagged("post_install", "-at_install", "security")
class TestAnswerLink(CultureCase):
    """What a link opens, and for how long."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        settings = cls.env["ir.config_parameter"].sudo()
        settings.set_param(ADDRESS, "https://sorties.exemple.fr/")
        cls.person = cls._person()
        cls.outing = cls._outing()
        cls.lines = cls.env["culture.registration"].sudo()

    def _line(self, state="confirmed", outing=None):
        return self._register(outing or self.outing, self.person, state=state).sudo()

    def _offered(self, hours=24):
        line = self._line("waiting")
        line.action_offer(datetime.now() + timedelta(hours=hours))
        return line

    def _standing(self, token):
        link = self.lines._of_answer_link(token)
        return link.line._answer_standing(link) if link.line else ""

    def test_numbers_as_text(self):
        for number in (0, 1, 55, 56, 2**34, 56**10 - 1):
            self.assertEqual(to_number(to_text(number)), number)
        self.assertEqual(to_text(1, 3), "223")
        self.assertIsNone(to_number("l"))
        self.assertIsNone(to_number("é2"))

    def test_a_link_is_short_and_says_nothing(self):
        line = self._line()
        url = line._answer_url("week", short=True)
        self.assertRegex(url, r"^https://sorties\.exemple\.fr/o/[2-9A-Za-z]{11,16}$")
        self.assertLessEqual(len(url), LONGEST_LINK)
        most = self.lines._signed_token(2**31 - 1, 7, datetime(2026, 1, 1))
        self.assertLessEqual(len(f"https://sorties.exemple.fr/o/{most}"), LONGEST_LINK)
        urls = {line._answer_url(kind) for kind in ASKED_BY}
        self.assertEqual(len(urls), len(ASKED_BY))

    def test_the_address_as_typed(self):
        line = self._line()
        settings = self.env["ir.config_parameter"].sudo()
        settings.set_param(ADDRESS, "sorties.exemple.fr")
        short, whole = line._answer_url("eve", short=True), line._answer_url("eve")
        self.assertTrue(short.startswith("sorties.exemple.fr/o/"))
        self.assertEqual(whole, f"https://{short}")
        settings.set_param(ADDRESS, f"https://{'sorties.' * 5}exemple.fr")
        self.assertEqual(line._answer_url("eve", short=True), "")
        self.assertTrue(line._answer_url("eve"))
        settings.set_param(ADDRESS, "")
        self.assertEqual(line._answer_url("eve"), "")

    def test_no_link_for_a_group(self):
        outing = self.outing.with_user(self.referent)
        ids = outing.action_register([{"group_label": "Choir", "adults": 4}])
        self.assertEqual(self.lines.browse(ids)._answer_url("week"), "")

    def test_what_it_is_good_for(self):
        line = self._line()
        for kind in ASKED_BY:
            wanted = "" if kind == "offer" else "open"
            self.assertEqual(self._standing(line._answer_token(kind)), wanted, kind)
        link = self.lines._of_answer_link(line._answer_token("week"))
        self.assertEqual((link.line, link.kind, link.used), (line, "week", False))

    def test_no_other_text_opens_anything(self):
        line = self._line()
        token = line._answer_token("week")
        altered = [
            token[:place]
            + ALPHABET[(ALPHABET.index(char) + 1) % 56]
            + token[place + 1 :]
            for place, char in enumerate(token)
        ]
        other = self._register(self.outing, self._person("Other")).sudo()
        grafted = other._answer_token("week")[:-10] + token[-10:]
        garbage = [
            "",
            "2",
            "l" * 14,
            "é" * 14,
            "\x00" * 14,
            "%s" * 7,
            f"2{token}",
            f"{token}2",
            f" {token}",
            token[:-1],
            token.swapcase(),
            token * 1000,
            "z" * 16,
            "1" * 100_000,
        ]
        for text in (*altered, grafted, *garbage):
            with self.subTest(text=text[:40]):
                self.assertFalse(self.lines._of_answer_link(text).line)
        self.assertEqual(self._standing(token), "open")

    def test_another_date_is_another_question(self):
        line = self._line()
        token = line._answer_token("week")
        link = self.lines._of_answer_link(token)
        self.assertTrue(line._answer(link, token, "yes"))
        self.assertEqual(line.answer, "yes")
        self.assertEqual(self._standing(token), "answered")
        self.outing.date_begin += timedelta(days=3)
        self.assertFalse(line.answer)
        self.assertFalse(line.answered_at)
        self.assertFalse(self.lines._of_answer_link(token).line)
        self.assertEqual(self._standing(line._answer_token("week")), "open")

    def test_another_end_changes_nothing(self):
        line = self._line()
        token = line._answer_token("week")
        line._answer(self.lines._of_answer_link(token), token, "yes")
        self.outing.date_end += timedelta(hours=1)
        self.assertEqual(line.answer, "yes")
        self.assertEqual(self._standing(token), "answered")

    def test_another_offer_is_another_question(self):
        line = self._offered()
        token = line._answer_token("offer")
        self.assertEqual(self._standing(token), "open")
        line.offer_expiry += timedelta(hours=6)
        self.assertEqual(self._standing(token), "")
        self.assertEqual(self._standing(line._answer_token("offer")), "open")
        line.action_wait()
        self.assertEqual(self._standing(line._answer_token("offer")), "")

    def test_until_when(self):
        line = self._line()
        token = line._answer_token("week")
        self.outing.cancel_deadline = datetime.now() - timedelta(minutes=1)
        self.assertEqual(self._standing(token), "late")
        now = datetime.now().replace(microsecond=0)
        line.write(
            {
                "date_begin": now - timedelta(hours=4),
                "date_end": now - timedelta(hours=1),
            }
        )
        self.assertEqual(self._standing(line._answer_token("week")), "")

    def test_an_offer_that_ran_out(self):
        line = self._offered(hours=1)
        token = line._answer_token("offer")
        with freeze_time(datetime.now() + timedelta(hours=2)):
            self.assertEqual(self._standing(token), "late")

    def test_yes_once(self):
        line = self._line()
        token = line._answer_token("week")
        link = self.lines._of_answer_link(token)
        self.assertTrue(line._answer(link, token, "yes"))
        self.assertFalse(line._answer(link, token, "no"))
        self.assertEqual((line.answer, line.state), ("yes", "confirmed"))
        eve = line._answer_token("eve")
        self.assertEqual(self._standing(eve), "open")
        self.assertTrue(line._answer(self.lines._of_answer_link(eve), eve, "no"))
        self.assertEqual((line.answer, line.state), ("no", "cancelled"))
        self.assertEqual(line.cancelled_by, "person")

    def test_an_offer_is_taken_or_not(self):
        line = self._offered()
        token = line._answer_token("offer")
        line._answer(self.lines._of_answer_link(token), token, "yes")
        self.assertEqual((line.answer, line.state), ("yes", "confirmed"))
        self.assertEqual(self._standing(token), "answered")
        self.assertEqual(self.outing.seats_taken, 1)
        eve = line._answer_token("eve")
        line._answer(self.lines._of_answer_link(eve), eve, "no")
        self.assertEqual(self.outing.seats_taken, 0)

    def test_nobody_types_an_answer(self):
        line = self._line().with_user(self.referent)
        with self.assertRefused("filled by the application", Exception):
            line.write({"answer": "yes"})

    def test_who_is_there(self):
        """Who is there: the referent, who replaces, else the coordination."""
        person = self.person
        self.assertEqual(person._who_is_there(), self.referent)
        row = self.env["culture.access"].create(
            {
                "beneficiary_id": person.id,
                "user_id": self.colleague.id,
                "kind": "replacement",
                "date_start": datetime.now() - timedelta(hours=1),
                "date_end": datetime.now() + timedelta(hours=1),
            }
        )
        self.assertEqual(person._who_is_there(), self.colleague)
        row.unlink()
        person.referent_id = False
        self.assertEqual(person._who_is_there(), self.coordinator)
