from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import CultureCase


@tagged("post_install", "-at_install")
class TestPermanenceTours(HttpCase, CultureCase):
    """A permanence held on a telephone."""

    browser_size = "375x812"
    touch_enabled = True

    def test_held_on_a_phone(self):
        self.venue.name = "Tour theatre"
        now = fields.Datetime.now()
        person = self._person("Ada")
        with_today = {
            # of today, whatever the hour at which this runs
            "date_begin": self.company._culture_midnight(self.company._culture_today()),
            "date_end": now + timedelta(minutes=1),
        }
        permanence = self._permanence(**with_today)

        self.start_tour(
            "/odoo/culture-permanences",
            "culture_permanence_on_a_phone",
            login=self.referent.login,
        )

        followup = person.followup_ids
        self.assertEqual(followup.kind, "desk")
        self.assertEqual(followup.note, "Would like to see a circus")
        self.assertEqual(permanence.visit_ids.mapped("kind"), ["talk", "moment"])
        named = permanence.visit_ids.filtered(lambda visit: visit.kind == "talk")
        self.assertEqual(named.sudo().followup_id, followup)
        self.assertEqual((permanence.people_count, permanence.first_time_count), (2, 1))
        self.assertEqual(permanence.followup_count, 1)
        self.assertEqual(permanence.state, "closed")
