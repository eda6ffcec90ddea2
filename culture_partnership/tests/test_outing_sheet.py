import base64
from datetime import datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open, file_path, mute_logger

from odoo.addons.culture_partnership.tools.sheet_pages import PAGE, Block, in_pages

from .common import CultureCase

PHONE = "04\xa065\xa071\xa000\xa000"
REPORT = "culture_partnership.report_outing_sheet"
QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class SheetCase(CultureCase):
    """One person's place on an outing of which everything is known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(
            ["culture_partnership"], ["fr_FR"]
        )
        cls.venue.write(
            {
                "street": "2 quay Street",
                "city": "Marseille",
                "culture_transport": "Take the metro 2. Get off at Joliette.",
                "culture_good_to_know": "Come as you are\nYou may go out.",
            }
        )
        cls.theatre = cls.env["culture.discipline"].create(
            {"name": "Theatre", "sheet_sentence": "It is a play.", "is_show": True}
        )
        cls.north.phone = "04 65 71 00 00"

    def setUp(self):
        super().setUp()
        # a Thursday; clocks of Paris are an hour ahead
        self.startPatcher(freeze_time("2027-03-01 09:00:00"))
        self.outing = self._sheet_outing()
        self.person = self._person()
        self.line = self._register(self.outing, self.person)

    def _sheet_outing(self, **vals):
        return self._outing(
            **{
                "date_begin": datetime(2027, 3, 11, 19, 30),
                "date_end": datetime(2027, 3, 11, 21),
                "discipline_id": self.theatre.id,
                "meeting_point": "before the door",
                "meeting_date": datetime(2027, 3, 11, 19),
                "escort_ids": self._relay_card().ids,
                "duty_phone": "06 39 98 00 00",
                **vals,
            }
        )

    def _said(self, line=None):
        """:return: dict of lines by heading"""
        [sheet] = (line or self.line)._sheets()
        return {b.heading: b.lines for page in sheet["pages"] for b in page}


@tagged("post_install", "-at_install")
class TestOutingSheet(SheetCase):
    """What it says, to the word, and what it leaves out."""

    def test_all_that_is_known(self):
        self.assertEqual(
            self._said(),
            {
                "Votre sortie": ["The Tempest", "It is a play."],
                "Quel jour\xa0?": ["Jeudi 11 mars 2027."],
                "À quelle heure\xa0?": [
                    "Le spectacle commence à 20\xa0h\xa030.",
                    "Il finit vers 22\xa0h.",
                ],
                "Où\xa0?": [
                    "Theatre of the Port.",
                    "2 quay Street.",
                    "13002 Marseille.",
                ],
                "Comment venir\xa0?": ["Take the metro 2.", "Get off at Joliette."],
                "Le rendez-vous": [
                    "À 20\xa0h, before the door.",
                    "Rosa vous attend.",
                ],
                "À l’entrée": [
                    "Dites\xa0: j’ai une invitation.",
                    "Donnez ce nom ou ce numéro\xa0: N° 1.",
                    "Vous avez 1 place.",
                    "Vous n’avez rien à payer.",
                ],
                "Bon à savoir": ["Come as you are.", "You may go out."],
                "Vous ne pouvez pas venir\xa0?": [
                    f"Appelez le {PHONE} avant le mercredi 10 mars à midi.",
                    "Une autre personne viendra à votre place.",
                    "Le jour même, appelez le 06\xa039\xa098\xa000\xa000.",
                ],
            },
        )

    def test_only_what_is_known(self):
        """Three hours are the application's guess, so is when one meets."""
        venue = self.env["res.partner"].create({"name": "Hall", "is_company": True})
        self.north.phone = self.company.phone = False
        bare = self._outing(venue_id=venue.id, date_begin=datetime(2027, 4, 1, 18))
        self.assertEqual(
            self._said(self._register(bare, self.person)),
            {
                "Votre sortie": ["The Tempest"],
                "Quel jour\xa0?": ["Jeudi 1er avril 2027."],
                "À quelle heure\xa0?": ["La sortie commence à 20\xa0h."],
                "Où\xa0?": ["Hall."],
                "À l’entrée": [
                    "Dites\xa0: j’ai une invitation.",
                    "Donnez ce nom ou ce numéro\xa0: N° 1.",
                    "Vous avez 1 place.",
                    "Vous n’avez rien à payer.",
                ],
            },
        )

    def test_voucher_desk_and_two_places(self):
        self.line.companion = True
        self.outing.access_mode = "voucher"
        entrance = ["Vous avez 2 places.", "Vous n’avez rien à payer."]
        self.assertEqual(
            self._said()["À l’entrée"], ["Montrez votre billet.", *entrance]
        )
        self.outing.access_mode = "desk"
        self.assertEqual(
            self._said()["À l’entrée"],
            [
                "Allez à la billetterie 30 minutes avant.",
                "Donnez ce nom ou ce numéro\xa0: N° 1.",
                *entrance,
            ],
        )

    def test_an_open_date_and_several_days(self):
        opened = self._sheet_outing(
            date_mode="open", date_begin=False, date_end=datetime(2027, 6, 30, 20)
        )
        said = self._said(self._register(opened, self.person))
        self.assertEqual(
            said["Quel jour\xa0?"],
            ["Le jour que vous voulez.", "Jusqu’au 30 juin 2027."],
        )
        self.assertNotIn("À quelle heure\xa0?", said)
        stay = self._sheet_outing(
            date_begin=datetime(2027, 5, 1, 8), date_end=datetime(2027, 5, 3, 16)
        )
        said = self._said(self._register(stay, self.person))
        self.assertEqual(
            said["Quel jour\xa0?"], ["Samedi 1er mai 2027.", "Jusqu’au 3 mai 2027."]
        )
        self.assertEqual(
            said["À quelle heure\xa0?"], ["Le spectacle commence à 10\xa0h."]
        )

    def test_no_date_that_is_over(self):
        with freeze_time("2027-03-11 08:00:00"):
            self.assertEqual(
                self._said()["Vous ne pouvez pas venir\xa0?"],
                [
                    "Appelez le 04\xa065\xa071\xa000\xa000.",
                    "Le jour même, appelez le 06\xa039\xa098\xa000\xa000.",
                ],
            )

    def test_the_name_that_the_entrance_asks_for(self):
        """I7: by the convention and the person's agreement, a number otherwise."""
        convention = self.env["culture.convention"].create(
            {
                "name": "Convention",
                "partner_id": self.association.id,
                "project_referent_id": self.coordinator.id,
                "date_start": "2026-01-01",
                "date_end": "2028-12-31",
                "identity_level": "full_name",
            }
        )
        convention.action_send_for_signature()
        convention.action_sign()
        self.outing.convention_id = convention
        given = "Donnez ce nom ou ce numéro\xa0: %s."
        self.assertIn(given % "N° 1", self._said()["À l’entrée"])
        self.person.identity_agreement = True
        self.assertIn(given % "Ada Test", self._said()["À l’entrée"])
        convention.identity_level = "first_name"
        self.assertIn(given % "Ada", self._said()["À l’entrée"])
        convention.identity_level = "number"
        self.assertIn(given % "N° 1", self._said()["À l’entrée"])

    def test_nothing_of_who_invites(self):
        html = self._html(self.line)
        for told in (
            self.company.name,
            self.north.name,
            self.person.reference,
            self.person.last_name,
            self.referent.name,
            "Rosa Relay",
            "/logo",
            "o_company",
        ):
            self.assertNotIn(told, html)

    def test_the_drawn_map_comes_from_the_venue(self):
        with file_open("culture_partnership/static/description/icon.png", "rb") as file:
            self.venue.culture_map = base64.b64encode(file.read())
        self.assertIn('src="data:image/png;base64,', self._html(self.line))

    def _html(self, lines):
        report = self.env["ir.actions.report"].with_user(self.referent)
        return report._render_qweb_html(REPORT, lines.ids)[0].decode()

    def test_in_french_whoever_prints(self):
        self.assertEqual(self.referent.lang, "en_US")
        html = self._html(self.line)
        self.assertIn('lang="fr"', html)
        for words in (
            "Quel jour\xa0?",
            "Jeudi 11 mars 2027.",
            "Le spectacle commence à 20\xa0h\xa030.",
            "Vous n’avez rien à payer.",
            "avant le mercredi 10 mars à midi.",
            "page 1 sur 2",
        ):
            self.assertIn(words, html)

    def test_pages_are_numbered_for_each_person(self):
        other = self._register(self.outing, self._person("Bea"))
        sheets = (self.line | other)._sheets()
        self.assertEqual(len(sheets), 2)
        for sheet in sheets:
            self.assertEqual(sheet["numbers"], ["page 1 sur 2", "page 2 sur 2"])
        html = self._html(self.line | other)
        self.assertEqual(html.count("page 2 sur 2"), 2)
        self.assertEqual(html.count("<h1"), 2)

    def test_a_text_however_long_is_on_pages(self):
        long = Block("way", "How to come?", [f"Line {n}." for n in range(60)])
        short = Block("day", "Quel jour\xa0?", ["Today."])
        pages = in_pages([short, long, short])
        self.assertEqual(
            [line for page in pages for block in page for line in block.lines],
            ["Today.", *long.lines, "Today."],
        )
        for page in pages:
            self.assertLessEqual(sum(block.height for block in page), PAGE)

    def test_databases_get_the_sentences_once(self):
        """Where nothing is said yet; run twice, it changes nothing."""
        path = "culture_partnership/migrations/19.0.1.3.0/post-disciplines.py"
        spec = spec_from_file_location("post_disciplines", file_path(path))
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        theatre, dance, cinema = (
            self.env.ref(f"culture_partnership.discipline_{name}")
            for name in ("theatre", "dance", "cinema")
        )
        (theatre | cinema).write({"sheet_sentence": False, "is_show": False})
        dance.write({"sheet_sentence": "Our own.", "is_show": False})
        for __ in range(2):
            script.migrate(self.env.cr, "19.0.1.2.0")
            self.assertEqual(theatre.sheet_sentence, "C’est une pièce de théâtre.")
            self.assertEqual(dance.sheet_sentence, "Our own.")
            self.assertEqual((theatre.is_show, cinema.is_show), (True, False))

    def test_of_a_confirmed_place_only(self):
        waiting = self._register(self.outing, self._person("Bea"), state="waiting")
        with self.assertRefused("for a confirmed place"):
            waiting.action_print_sheets()
        action = (self.line | waiting).action_print_sheets()
        self.assertEqual(action["context"]["active_ids"], self.line.ids)

    def test_from_the_person_and_from_the_outing(self):
        mine = self.person.with_user(self.referent)
        self.assertEqual(
            mine.action_print_sheets()["context"]["active_ids"], self.line.ids
        )
        with (
            freeze_time("2027-03-12 09:00:00"),
            self.assertRefused("None is confirmed here"),
        ):
            mine.action_print_sheets()
        outing = self.outing.with_user(self.referent)
        self.assertEqual(
            outing.action_print_sheets()["context"]["active_ids"], self.line.ids
        )


@tagged("post_install", "-at_install", "security")
class TestSheetRights(SheetCase):
    """Threat: a sheet is printed of somebody whom one does not follow."""

    def test_of_one_s_own_people_only(self):
        theirs = self._person("Bea", self.colleague_card)
        other = self._register(self.outing, theirs, self.colleague)
        for user, found in (
            (self.referent, self.line),
            (self.colleague, other),
            (self.coordinator, self.line | other),
        ):
            with self.subTest(user=user.login):
                action = self.outing.with_user(user).action_print_sheets()
                self.assertEqual(action["context"]["active_ids"], found.ids)
        for user in (self.far_referent, self.far_coordinator):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.outing.with_user(user).action_print_sheets()
        with self.assertRefused("not open to you"):
            (self.line | other).with_user(self.referent)._sheets()


@tagged("post_install", "-at_install", "security")
class TestSheetAddress(HttpCase, CultureCase):
    """Threat: the address of a report takes any id."""

    @mute_logger(*QUIET, "odoo.http")
    def test_papers(self):
        line = self._register(
            self._outing(date_begin=datetime.now() + timedelta(days=9)), self._person()
        )
        path = f"/report/html/{REPORT}/{line.id}"
        for user, lawful in (
            (self.referent, True),
            (self.coordinator, True),
            (self.colleague, False),
            (self.far_coordinator, False),
            (self.administrator, False),
            (self.agent_relay, False),
            (self.stranger, False),
        ):
            self.authenticate(user.login, user.login)
            with self.subTest(user=user.login):
                answer = self.url_open(path)
                self.assertEqual(answer.status_code == 200, lawful)
                self.assertEqual("The Tempest" in answer.text, lawful)
