from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_waiting import DAY, NOW, WaitingCase


@tagged("post_install", "-at_install")
class TestSavedPlaces(WaitingCase):
    """What nobody takes goes back in time; what was kept in vain is used by others."""

    def test_places_go_back_to_the_venue(self):
        outing = self._outing(seats=5, date_begin=NOW + 10 * DAY)
        self._register(outing, self._people(2))
        theirs = outing.with_user(self.coordinator)
        found = theirs.search([("places_to_return", "=", True)])
        self.assertNotIn(theirs, found)
        assistant = self.env["culture.outing.return"].with_user(self.coordinator)
        with freeze_time(NOW + 8 * DAY):
            self.env.invalidate_all()
            self.assertTrue(theirs.places_to_return)
            self.assertIn(theirs, theirs.search([("places_to_return", "=", True)]))
            todo = self.env["culture.first.steps"].with_user(self.coordinator)
            keys = {item["key"] for item in todo.get_todo("culture.outing")}
            self.assertIn("to_return", keys)
            assistant = assistant.create({"outing_id": outing.id})
            self.assertEqual(
                (assistant.seats, assistant.effect), (3, "3 places are free.")
            )
            assistant.seats = 4
            with self.assertRefused("at most 3"):
                assistant.action_return()
            assistant.seats = 0
            with self.assertRefused("whole number"):
                assistant.action_return()
            assistant.seats = 2
            assistant.action_return()
            with self.assertRefused("there are 3 now"):
                assistant.action_return()
        self.assertEqual((outing.seats_max, outing.seats_returned), (3, 2))
        self.assertEqual(outing.seats_saved, 2)
        with (
            freeze_time(NOW + 10 * DAY),
            self.assertRefused("before the outing starts"),
        ):
            assistant.action_return()
        with self.assertRefused("does not exist", AccessError):
            outing.with_user(self.colleague)._return_seats(1, 3)
        for name in ("seats_returned", "seats_reused"):
            with self.assertRefused("counted by the application", AccessError):
                outing[name] = 9

    def test_kept_in_vain_and_used(self):
        """Of 4 places 3 are kept; one of those is used by others in the end."""
        outing = self._outing(seats=4, date_begin=NOW + 30 * DAY)
        self.env["culture.outing.quota"].create(
            {"outing_id": outing.id, "structure_id": self.south.id, "seats": 3}
        )
        self._register(outing, self._person("Far", self.far_card), self.far_referent)
        self._register(outing, self._person())
        with freeze_time(NOW + 20 * DAY):
            self._register(outing, self._person("Late"))
            self.env["culture.outing"]._count_reused()
        self.assertEqual((outing.seats_reused, outing.seats_saved), (1, 1))


@tagged("post_install", "-at_install")
class TestQuotaReview(WaitingCase):
    """A structure's rate, on enough persons, once a season, and nobody's."""

    def _season(self, absences, count=12, people=6):
        """Each of the persons at as many outings as make the count."""
        everybody = self._people(people)
        lines = self.env["culture.registration"]
        for number in range(0, count, people):
            outing = self._outing(date_begin=NOW + (number + 10) * DAY)
            lines += self._register(outing, everybody)
        for number, line in enumerate(lines):
            with freeze_time(line.date_begin + timedelta(hours=1)):
                line.action_record("absent" if number < absences else "attended")

    def _run_review(self, moment):
        job = self.env.ref("culture_partnership.ir_cron_quota_review")
        with freeze_time(moment), self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()
        return self.env["culture.quota.review"].search(
            [("structure_id", "=", self.north.id), ("season_start", "=", "2026-09-01")]
        )

    def test_from_eleven_and_once(self):
        self._season(3)
        review = self._run_review(NOW + 40 * DAY)
        self.assertEqual(
            (review.expected_count, review.absent_count, review.absent_percent),
            (12, 3, 25),
        )
        activity = review.activity_ids
        self.assertEqual(activity.user_id, self.coordinator)
        self.assertEqual(activity.res_name, "Agency North 2026-2027")
        activity.action_feedback()
        self.assertFalse(self._run_review(NOW + 41 * DAY).activity_ids, "once")
        mine = review.with_user(self.coordinator)
        self.assertEqual(mine.display_name, "Agency North 2026-2027")
        with self.assertRefused("does not exist", AccessError):
            review.with_user(self.far_coordinator).read(["absent_percent"])

    def test_on_too_few_nothing(self):
        self._season(4, count=10, people=5)
        self.assertFalse(self._run_review(NOW + 40 * DAY))

    def test_of_too_few_persons_nothing(self):
        self._season(12, count=12, people=4)
        self.assertFalse(self._run_review(NOW + 40 * DAY))


@tagged("post_install", "-at_install")
class TestFairness(WaitingCase):
    """The sheet of a quarter: numbers that rest on enough persons."""

    def _sheet(self, user=None):
        return (
            self.env["culture.fairness"]
            .with_user(user or self.coordinator)
            .create({"quarter": "2027-01-01"})
        )

    def test_figures(self):
        first, back = self._people(7), self._people(6)
        past = self._outing(date_begin=NOW - 200 * DAY)
        now = self._outing(date_begin=NOW - 2 * DAY, name="Now")
        with freeze_time(NOW - 210 * DAY):
            far = self._person("Far", self.far_card)
            before = self._register(past, back, self.coordinator)
            lines = self._register(now, first | back, self.coordinator).sudo()
            lines += self._register(now, far, self.far_coordinator).sudo()
        with freeze_time(NOW - 199 * DAY):
            before.action_record("attended")
        with freeze_time(NOW - DAY):
            lines.write({"state": "attended"})
        outing, seated = self._full(6)
        self._wait(outing, *first[:6])
        seated.action_cancel()
        sheet = self._sheet()
        waits, structures, offers = sheet._tables()
        self.assertEqual(waits["total"], 13, "of one's own structures")
        # the last one is hidden with the first that is
        self.assertEqual(waits["rows"][0], ("First outing", 7))
        self.assertEqual([n for __, n in waits["rows"][1:]], [None] * 3)
        self.assertEqual(structures["rows"], [("Agency North", 13)])
        self.assertEqual((offers["total"], offers["rows"][1][1]), (6, None))
        self.assertIn("First outing", sheet.figures)
        self.assertNotIn("Person", str(sheet.figures).replace("Persons", ""))
        report = self.env["ir.actions.report"].with_user(self.coordinator)
        html, __ = report._render_qweb_html(
            "culture_partnership.report_fairness", sheet.ids
        )
        self.assertIn("Quarter 1 of 2027", html.decode())

    def test_of_too_few_nothing(self):
        self.assertEqual(
            [table["total"] for table in self._sheet()._tables()], [None] * 3
        )
        self.assertIn("Fewer than 5 persons", self._sheet().figures)
