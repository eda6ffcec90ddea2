from datetime import datetime

from odoo.tests import BaseCase, tagged

from odoo.addons.culture_partnership.tools.districts import of_address

from .common import CultureCase


@tagged("post_install", "-at_install")
class TestDistricts(BaseCase):
    """An arrondissement in Paris, Lyon and Marseille, elsewhere the town."""

    def test_the_same(self):
        for one, other in (
            (("13002", "Marseille"), ("13 002", "MARSEILLE 2e")),
            (("75016", "Paris"), ("75116", "Paris")),
            (("69003", "Lyon"), ("69003", False)),
            (("13100", "Aix-en-Provence"), ("13090", "Aix en Provence")),
            (("13400", "Aubagne"), ("13677", "Aubagne Cedex")),
            (("13500", "Martigues"), ("13500", "Martigues")),
            (("42000", "Saint-Étienne"), ("42100", "St Etienne")),
            (("13600", False), ("13600", "")),
        ):
            with self.subTest(one=one, other=other):
                self.assertEqual(of_address(*one), of_address(*other))

    def test_others(self):
        for one, other in (
            (("13001", "Marseille"), ("13016", "Marseille")),
            (("13001", "Marseille"), ("75001", "Paris")),
            (("13001", "Marseille"), (False, "Marseille")),
            (("69100", "Villeurbanne"), ("69001", "Lyon")),
            (("13100", "Aix-en-Provence"), ("13400", "Aubagne")),
            (("13114", "Puyloubier"), ("13014", "Marseille")),
            (("75021", False), ("75020", False)),
        ):
            with self.subTest(one=one, other=other):
                self.assertNotEqual(of_address(*one), of_address(*other))

    def test_not_known(self):
        for address in ((False, False), ("", " "), (False, "cedex 20")):
            self.assertIsNone(of_address(*address), address)


@tagged("post_install", "-at_install")
class TestRelayMatching(CultureCase):
    """Who fits an outing: discipline, language, district, and free."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theatre = cls.env["culture.discipline"].create({"name": "Théâtre"})
        cls.arabic = cls.env["res.lang"]._activate_lang("ar_001")
        cls.venue.write({"zip": "13002", "city": "Marseille"})
        cls.outing = cls._outing(
            date_begin=datetime(2027, 3, 11, 19), discipline_id=cls.theatre.id
        )

    def _reasons(self, language=None):
        outing = self.outing.with_user(self.referent)
        return [
            (relay, ", ".join(reasons))
            for relay, reasons in outing._relays_that_fit(language)
        ]

    def _relay_of(self, postcode, town, **vals):
        relay = self._relay_card(**vals)
        relay.partner_id.write({"zip": postcode, "city": town})
        return relay

    def test_discipline_language_and_district(self):
        away = self._relay_of("13016", "Marseille")
        near = self._relay_of(
            "13 002",
            "Marseille",
            discipline_ids=self.theatre.ids,
            language_ids=self.arabic.ids,
        )
        self.assertEqual(
            self._reasons(self.arabic),
            [(near, "Théâtre, Arabic, same district"), (away, "")],
        )
        self.assertEqual(self._reasons()[0], (near, "Théâtre, same district"))

    def test_another_arrondissement_is_another_district(self):
        for postcode, town, found in (
            ("13002", "Marseille", "same district"),
            ("13001", "Marseille", ""),
            ("13100", "Aix-en-Provence", ""),
            (False, False, ""),
        ):
            relay = self._relay_of(postcode, town)
            with self.subTest(postcode=postcode):
                self.assertEqual(dict(self._reasons())[relay], found)

    def test_elsewhere_the_town_is_the_district(self):
        self.venue.write({"zip": "13100", "city": "Aix-en-Provence"})
        relay = self._relay_of("13090", "Aix en Provence")
        self.assertEqual(self._reasons(), [(relay, "same district")])
        self.venue.write({"zip": False, "city": False})
        relay.partner_id.write({"zip": False, "city": False})
        self.assertEqual(self._reasons(), [(relay, "")], "two unknowns are no match")

    def test_the_district_of_the_organisation_counts_too(self):
        self.north.write({"zip": "13002", "city": "Marseille"})
        relay = self._relay_of("13016", "Marseille")
        self.assertEqual(self._reasons(), [(relay, "same district")])

    def test_who_escorts_at_that_time_is_not_proposed(self):
        relay = self._relay_of("13002", "Marseille")
        self._outing(date_begin=datetime(2027, 3, 11, 20, 30), escort_ids=relay.ids)
        self.assertEqual(self._reasons(), [])
