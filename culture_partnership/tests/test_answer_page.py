import re
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged
from odoo.tests.common import Opener

from odoo.addons.culture_partnership.models.culture_portal_tries import MOST_WRONG

from .portal_common import SECRET, PortalCase

SAID_TO_SCANNERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
}
OUR_WORDS = re.compile(
    r"ccas|social|solidar|bénéfic|benefic|partner|partenaire|associat|agency|culture|"
    r"odoo|dossier|file",
    re.IGNORECASE,
)


@tagged("post_install", "-at_install", "security")
class TestAnswerPage(HttpCase, PortalCase):
    """The page behind a link, as a telephone and as a scanner see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.partner_id.lang = "fr_FR"
        cls.north.phone = "04 91 00 00 01"
        cls.venue.write({"street": "1 quai du Port", "city": "Marseille"})
        cls.convention.identity_level = "full_name"
        cls.person = cls._person(
            "Ada", last_name=SECRET, identity_agreement="2026-01-01"
        )
        cls.outing = cls._outing(
            name="La Tempête",
            convention_id=cls.convention.id,
            date_begin=datetime.now().replace(microsecond=0, second=0)
            + timedelta(days=10),
            escort_ids=cls.card.ids,
            meeting_point="devant l’entrée",
            duty_phone="06 00 00 00 02",
        )
        cls.card.partner_id.name = "Rosa Relais"

    def setUp(self):
        super().setUp()
        self.opener = Opener(self)
        self.line = self._register(self.outing, self.person).sudo()

    def _token(self, kind="week"):
        return self.line._answer_token(kind)

    def _offer(self, hours=24, **vals):
        self.line.action_cancel("structure")
        self.line = self._register(self.outing, self.person, state="waiting").sudo()
        self.line.action_offer(datetime.now() + timedelta(hours=hours))
        return self._token("offer")

    def _ask(self, token, answer=None, **more):
        data = None if answer is None else {"answer": answer}
        page = self.url_open(f"/o/{token}", data=data, timeout=30, **more)
        self.line.invalidate_recordset()
        return page

    def _text(self, page):
        text = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", page.text, flags=16)
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
        return re.sub(r" ([.,])", r"\1", text).strip()

    def test_what_the_page_says(self):
        page = self._ask(self._token())
        self.assertEqual(page.status_code, 200)
        text = self._text(page)
        when = self.outing.with_context(lang="fr_FR")
        for words in (
            "La Tempête",
            when._long_when(),
            "Theatre of the Port",
            "Voir sur une carte",
            "devant l’entrée",
            "Rosa vous attend",
            "1 place. Rien à payer.",
            "À l’entrée : dites votre nom.",
            "Oui, je viens",
            "Non, je ne peux pas venir",
            "Appelez-moi",
            "Ou appelez le 04 91 00 00 01.",
            "Réponse avant",
            "Le jour même, appelez le 06 00 00 00 02.",
        ):
            self.assertIn(words.replace("\xa0", " "), text.replace("\xa0", " "))
        self.assertEqual(page.text.count("<form"), 3)
        self.assertIn('href="tel:0491000001"', page.text)
        self.assertIn("<title>Votre sortie</title>", page.text)
        self.assertIn('lang="fr"', page.text)

    def test_what_the_page_does_not_say(self):
        page = self._ask(self._token())
        for secret in (SECRET, "Ada", "Relais", self.person.reference):
            self.assertNotIn(secret, page.text)
        hidden = re.sub(r"<style>.*?</style>", "", page.text, flags=re.DOTALL)
        self.assertFalse(OUR_WORDS.findall(hidden))
        for unwanted in ("<script", "<img", "<link", "src=", "csrf"):
            self.assertNotIn(unwanted, page.text)
        self.assertLess(len(page.content), 30_000)
        for name, value in SAID_TO_SCANNERS.items():
            self.assertEqual(page.headers[name], value)
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertNotIn("Set-Cookie", page.headers)

    def test_reading_changes_nothing(self):
        token = self._token()
        for method in ("GET", "HEAD", "OPTIONS", "GET"):
            self.opener.request(method, f"{self.base_url()}/o/{token}?answer=no")
        self.assertEqual(self._ask(token).status_code, 200)
        self.line.invalidate_recordset()
        self.assertEqual((self.line.state, self.line.answer), ("confirmed", False))

    def test_yes_then_again(self):
        token = self._token()
        page = self._ask(token, "yes")
        self.assertIn("C’est noté. À ", self._text(page))
        self.assertNotIn("Set-Cookie", page.headers)
        self.assertEqual((self.line.answer, self.line.state), ("yes", "confirmed"))
        for again in ("no", None):
            page = self._ask(token, again)
            self.assertIn("Votre réponse est déjà notée.", self._text(page))
            self.assertIn("La Tempête", page.text)
        self.assertEqual((self.line.answer, self.line.state), ("yes", "confirmed"))

    def test_no_frees_the_place(self):
        page = self._ask(self._token(), "no")
        self.assertIn("Merci d’avoir prévenu.", self._text(page))
        self.assertNotIn("La Tempête", page.text)
        self.assertEqual((self.line.state, self.line.answer), ("cancelled", "no"))
        self.assertEqual(self.line.cancelled_by, "person")
        self.outing.invalidate_recordset()
        self.assertEqual(self.outing.seats_taken, 0)
        log = self.line.log_ids[:1]
        self.assertEqual(log.user_id, self.env.ref("base.public_user"))
        self.assertEqual(log.with_context(lang="fr_FR").origin, "Réponse par le lien")
        self.assertFalse(self.line.log_ids[-1:].origin)

    def test_an_offer(self):
        token = self._offer()
        text = self._text(self._ask(token))
        self.assertIn("Oui, je prends la place", text)
        self.assertNotIn("À l’entrée", text)
        self._ask(token, "yes")
        self.assertEqual((self.line.state, self.line.answer), ("confirmed", "yes"))
        self.assertEqual(self._ask(self._token("eve")).status_code, 200)

    def test_an_offer_that_passed_meanwhile(self):
        token = self._offer()
        self.line.offer_expiry = datetime.now() - timedelta(seconds=1)
        late = self._ask(self._token("offer"), "yes")
        self.assertIn("Ce n’est plus possible ici.", self._text(late))
        self.line.action_wait()
        gone = self._ask(token, "yes")
        self.assertEqual(gone.status_code, 404)
        self.assertEqual((self.line.state, self.line.answer), ("waiting", False))

    def test_call_me(self):
        page = self._ask(self._token(), "call")
        self.assertIn("Entendu. Nous vous appelons avant ", self._text(page))
        self.assertEqual((self.line.state, self.line.answer), ("confirmed", "call"))
        activity = self.line.call_activity_id
        self.assertEqual(activity.user_id, self.referent)
        self.assertIn(self.person.reference, activity.summary)
        self.assertNotIn(SECRET, f"{activity.summary}{activity.note}")
        activity.with_user(self.referent).action_done()
        self.assertEqual(self.line.answer, "called")

    def test_call_me_and_called_from_the_list(self):
        self._ask(self._token(), "call")
        activity = self.line.call_activity_id
        self.line.with_user(self.referent).action_called()
        self.assertEqual(self.line.answer, "called")
        self.assertFalse(activity.active)

    def test_by_when_we_call(self):
        wanted = {
            "2027-03-10 09:00:00": "2027-03-11 17:00:00",
            "2027-03-12 09:00:00": "2027-03-15 17:00:00",
            "2027-03-27 09:00:00": "2027-03-29 16:00:00",
        }
        for now, before in wanted.items():
            with freeze_time(now):
                moment = self.line._call_before(datetime(2027, 12, 1))
                self.assertEqual(str(moment), before)
        deadline = datetime(2027, 3, 10, 11)
        with freeze_time("2027-03-10 09:00:00"):
            self.assertEqual(self.line._call_before(deadline), deadline)

    def test_past_the_deadline(self):
        self.outing.cancel_deadline = datetime.now() - timedelta(minutes=1)
        for answer in (None, "no", "yes"):
            page = self._ask(self._token(), answer)
            self.assertIn("Ce n’est plus possible ici.", self._text(page))
            self.assertIn("devant l’entrée", page.text)
        self.assertEqual((self.line.state, self.line.answer), ("confirmed", False))

    def test_a_number_at_the_entrance(self):
        self.person.identity_agreement = False
        text = self._text(self._ask(self._token())).replace("\xa0", " ")
        self.assertIn("À l’entrée : dites le numéro 1.", text)
        self.outing.access_mode = "voucher"
        self.assertIn("montrez votre billet", self._text(self._ask(self._token())))

    def test_garbage_is_told_one_thing(self):
        """Also what was a link once: cancelled, or of another date."""
        old = self._token()
        self.outing.date_begin += timedelta(days=1)
        gone = self._token()
        self.line.action_cancel("structure")
        pages = [
            self._ask(token, answer)
            for token in (old, gone, gone[:-1] + "%C3%A9", "a" * 5000, "%00", "")
            for answer in (None, "no")
        ]
        self.assertEqual({page.status_code for page in pages}, {404})
        self.assertEqual(len({page.text for page in pages}), 1)
        text = self._text(pages[0])
        self.assertIn("Ce lien n’est plus valable.", text)
        self.assertIn("Appelez le 04 65 71 10 00", text)
        self.assertFalse(OUR_WORDS.findall(text))

    def test_a_form_that_says_nothing(self):
        for answer in ("", "maybe", "yes\x00", "x" * 10_000):
            self.assertEqual(self._ask(self._token(), answer).status_code, 200)
        self.assertEqual((self.line.state, self.line.answer), ("confirmed", False))

    def test_too_many_wrong_links(self):
        """Counted by address; a day later nothing is known of it."""
        for __ in range(MOST_WRONG):
            self.assertEqual(self._ask("wrong").status_code, 404)
        page = self._ask(self._token(), "no")
        self.assertEqual(page.status_code, 429)
        self.assertIn("Réessayez dans quelques minutes", self._text(page))
        self.assertEqual(self.line.state, "confirmed")
        tries = self.env["culture.portal.tries"]
        count = "SELECT count(*) FROM culture_portal_try"
        self.env.cr.execute(f"{count} WHERE address LIKE '%127.0%'")
        self.assertEqual(self.env.cr.fetchone(), (0,))
        with freeze_time(datetime.now() + timedelta(minutes=11)):
            self.assertFalse(tries._too_many("127.0.0.1"))
            tries._forget()
        self.env.cr.execute(count)
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_addresses_of_one_subscriber(self):
        hidden = self.env["culture.portal.tries"]._hidden
        self.assertEqual(hidden("2001:db8::1"), hidden("2001:db8::2"))
        self.assertNotEqual(hidden("2001:db8::1"), hidden("2001:db8:0:1::1"))
        self.assertNotEqual(hidden("192.0.2.1"), hidden("192.0.2.2"))
        self.assertTrue(hidden(None))

    def test_whoever_is_signed_in(self):
        """Threat: an agent looks at a person's telephone, or the reverse."""
        self.authenticate("test_coordinator", "test_coordinator")
        page = self._ask(self._token(), "no")
        self.assertNotIn("Set-Cookie", page.headers)
        self.assertEqual(self.line.log_ids[:1].user_id.login, "public")
