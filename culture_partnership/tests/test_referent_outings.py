from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CultureCase
from .ways import QUIET


@tagged("post_install", "-at_install")
class TestOutingsJoined(CultureCase):
    """A referent says that he or she came along, and nobody says it for them."""

    def setUp(self):
        super().setUp()
        self.outing = self._outing(user_id=self.colleague.id)
        self.begun = self.outing.date_begin + timedelta(hours=1)

    def test_on_a_colleague_s_outing(self):
        mine = self.outing.with_user(self.referent)
        card = self.referent_card.with_user(self.referent)
        with freeze_time(self.begun):
            self.assertFalse(mine.i_joined)
            mine.action_i_came()
            mine.action_i_came()
            self.assertTrue(mine.i_joined)
            self.assertEqual(self.outing.joined_ids, self.referent_card)
            self.assertEqual(card.joined_count, 1)
            action = card.action_open_joined()
            found = mine.search(action["domain"])
            self.assertEqual(found, mine)
            mine.action_i_did_not_come()
            self.assertFalse(mine.i_joined)
            self.assertEqual(card.joined_count, 0)

    def test_not_before_it_starts_nor_of_one_cancelled(self):
        mine = self.outing.with_user(self.referent)
        with self.assertRefused("once the outing has started"):
            mine.action_i_came()
        self.outing.action_cancel("venue")
        with freeze_time(self.begun), self.assertRefused("once the outing"):
            mine.action_i_came()

    @mute_logger(*QUIET)
    def test_only_who_is_a_referent_now(self):
        self.env["culture.role"].search(
            [("user_id", "=", self.colleague.id)]
        ).action_end_now()
        with freeze_time(self.begun):
            for user in (self.coordinator, self.agent_relay, self.colleague):
                mine = self.outing.with_user(user)
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    mine.action_i_came()
        self.assertFalse(self.outing.joined_ids)


@tagged("post_install", "-at_install")
class TestLoad(CultureCase):
    """Files month by month, as the accesses say."""

    def _followed(self, user=None):
        loads = self.env["culture.referent.load"].with_user(user or self.referent)
        rows = loads.search([("referent_id", "=", self.referent_card.id)])
        return {row.month: row.files_count for row in rows}

    def test_by_the_accesses_that_ended_and_stand(self):
        person, other = self._person("A"), self._person("B")
        row = person.access_ids
        row.date_start = datetime(2026, 1, 10)
        other.access_ids.write(
            # from the first of March on, until the end of April, in Paris
            {
                "date_start": datetime(2026, 2, 28, 23),
                "date_end": datetime(2026, 4, 30, 22),
            }
        )
        with freeze_time("2026-05-12 09:00:00"):
            followed = self._followed()
        self.assertEqual(len(followed), 24)
        self.assertEqual(
            [followed[date(2026, month, 1)] for month in range(1, 6)], [1, 1, 2, 2, 1]
        )
        self.assertEqual(followed[date(2025, 12, 1)], 0)

    def test_the_month_under_way_tells_of_now(self):
        self._person("A")
        today = self.company._culture_today().replace(day=1)
        self.assertEqual(self._followed()[today], 1)

    def test_for_oneself_and_the_coordination(self):
        self.assertFalse(self._followed(self.colleague))
        self.assertFalse(self._followed(self.far_coordinator))
        self.assertEqual(len(self._followed(self.coordinator)), 24)
        action = self.referent_card.with_user(self.coordinator).action_open_load()
        self.assertEqual(action["res_model"], "culture.referent.load")
