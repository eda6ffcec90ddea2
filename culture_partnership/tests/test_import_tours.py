from odoo.tests import HttpCase, tagged

from .common import CultureCase


@tagged("post_install", "-at_install")
class TestImportTours(HttpCase, CultureCase):
    """A coordinator imports a season and a list of people, on the real screens."""

    def test_programme(self):
        self.venue.name = "Tour theatre"
        self.start_tour(
            "/odoo/culture-import-programme",
            "culture_coordinator_imports_programme",
            login=self.coordinator.login,
        )
        outings = self.env["culture.outing"].search([("uid", "like", "tour-")])
        self.assertEqual(len(outings), 2)
        self.assertEqual(outings.venue_id, self.venue)
        self.assertEqual(outings.structure_id, self.north)
        self.assertEqual(set(outings.mapped("state")), {"draft"})

    def test_people(self):
        self._person("Dora", phone="+33 6 12 34 56 78")
        self.start_tour(
            "/odoo/culture-import-people",
            "culture_coordinator_imports_people",
            login=self.coordinator.login,
        )
        people = self.env["culture.beneficiary"].search([("last_name", "=", "Import")])
        self.assertEqual(set(people.mapped("first_name")), {"Ada", "Chen"})
        self.assertEqual(people.structure_id, self.north)
