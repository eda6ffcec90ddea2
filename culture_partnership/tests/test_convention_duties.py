from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.culture_convention_figures import is_told
from ..models.culture_evaluation_due import DUTY_TYPE
from .test_convention import QUIET, ConventionCase


@tagged("post_install", "-at_install")
class TestCommitments(ConventionCase):
    """Figures counted from what was done, told when enough people stand behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        cls.convention.write(
            {
                "date_start": today - timedelta(days=60),
                "date_end": today + timedelta(days=300),
                "commitment_ids": [
                    Command.create({"indicator": indicator, "target": 50})
                    for indicator in (
                        "outings",
                        "offered",
                        "given",
                        "used",
                        "people",
                        "relays",
                    )
                ],
            }
        )

    def _reached(self, user=None):
        self.env.invalidate_all()
        lines = self.convention.commitment_ids.with_user(user or self.referent)
        return {line.indicator: line.reached_label for line in lines}

    def _attended(self, people, days_ago=5, attended=None, **vals):
        """An outing of some days ago, and who came."""
        vals.setdefault("convention_id", self.convention.id)
        outing = self._outing(**vals)
        lines = self._register(outing, people).sudo()
        begin = fields.Datetime.now() - timedelta(days=days_ago)
        outing.write({"date_begin": begin, "date_end": begin + timedelta(hours=2)})
        came = lines[: len(lines) if attended is None else attended]
        came.action_record("attended")
        (lines - came).action_record("absent")
        return outing

    def test_counted_from_what_was_done(self):
        people = self._people(6)
        self._attended(people)
        self._attended(people[:5], days_ago=6, seats=8)
        self._outing(seats=4, convention_id=self.convention.id)
        self._outing(seats=4, convention_id=self.convention.id, publish=False)
        self._outing(seats=4)
        self._relay_card(self.association)
        self._relay_card(self.association, trained_until="2020-01-01")
        self._relay_card(self.north)
        self.assertEqual(
            self._reached(),
            {
                "outings": "3",
                "offered": "32",
                "given": "11",
                "used": "11",
                "people": "6",
                "relays": "1",
            },
        )

    def test_the_period_is_the_convention_s(self):
        people = self._people(5)
        self._attended(people, days_ago=40)
        self._attended(people, days_ago=20)
        self.convention.date_start = fields.Date.today() - timedelta(days=30)
        self.assertEqual(self._reached()["used"], "5")
        self.assertEqual(self._reached()["outings"], "1")

    def test_few_people_are_not_told_of(self):
        """Threat (I9): a figure that tells of one of them."""
        self._attended(self._people(4))
        reached = self._reached()
        self.assertEqual((reached["used"], reached["people"]), ("Masked", "Masked"))
        masked = self.convention.commitment_ids.filtered(
            lambda line: line.indicator in ("used", "people")
        )
        self.assertEqual(masked.mapped("is_masked"), [True, True])
        for row in masked.with_user(self.referent).read(["reached"]):
            self.assertEqual(row["reached"], 0, "nor by any other field")

    def test_the_few_who_did_not_come_neither(self):
        """Places given less places used is a figure too."""
        self._attended(self._people(9), attended=8)
        reached = self._reached()
        self.assertEqual((reached["used"], reached["people"]), ("Masked", "8"))

    def test_what_is_told(self):
        for told, value, persons in (
            (True, 0, (0, 0)),
            (False, 3, (0, 0)),
            (False, 3, (4, 0)),
            (True, 5, (5, 0)),
            (False, 5, (5, 4)),
            (True, 5, (5, 5)),
            (False, 0, (0, 1)),
        ):
            with self.subTest(value=value, persons=persons):
                self.assertEqual(is_told(value, *persons), told)

    def test_one_query_for_all_conventions(self):
        self._attended(self._people(5))
        lines = self.convention.commitment_ids.filtered(
            lambda line: line.indicator != "relays"
        )
        for __ in range(6):
            lines |= self.convention.copy().commitment_ids.filtered(
                lambda line: line.indicator != "relays"
            )
        self.env.flush_all()
        few, many = lines[:3], lines
        for some in (few, many):
            self.env.invalidate_all()
            some.mapped("indicator")
            some.convention_id.mapped("date_end")
            some.convention_id.company_id.partner_id.mapped("tz")
            with self.assertQueryCount(1):
                some.mapped("reached_label")

    def test_the_season_s_use_of_the_quota(self):
        self.convention.seat_quota = 400
        with freeze_time("2026-11-20 12:00:00"):
            convention = self._convention(seat_quota=400)
            begin = fields.Datetime.now() + timedelta(days=1)
            outing = self._outing(date_begin=begin, convention_id=convention.id)
            lines = self._register(outing, self._people(6)).sudo()
        with freeze_time("2026-11-21 20:00:00"):
            lines.action_record("attended")
        for moment, label, figures in (
            ("2027-08-31 12:00:00", "Season 2026-2027", (20, 6, "6")),
            ("2027-09-01 12:00:00", "Season 2027-2028", (0, 0, "0")),
        ):
            with freeze_time(moment), self.subTest(moment=moment):
                self.env.invalidate_all()
                seen = convention.with_user(self.coordinator)
                self.assertEqual(seen.season_label, label)
                self.assertEqual(
                    (seen.season_offered, seen.season_given, seen.season_used),
                    figures,
                )

    def test_no_line_is_taken_from_a_signed_convention(self):
        line = self.convention.commitment_ids[0].with_user(self.administrator)
        with self.assertRefused("from a draft only"):
            line.unlink()

    def test_a_renewal_aims_at_the_same(self):
        action = self.convention.action_renew()
        renewal = self.convention.browse(action["res_id"])
        self.assertEqual(
            renewal.commitment_ids.mapped("target"),
            self.convention.commitment_ids.mapped("target"),
        )

    def test_a_line_does_not_leave_its_company(self):
        """Threat: re-parenting a child toward a convention one may not read."""
        far, __, __ = self._second_company()
        foreign = self._convention(sign=False, company_id=far.id)
        line = self.convention.commitment_ids[0].with_user(self.coordinator)
        with self.assertRaises(AccessError), mute_logger(QUIET):
            line.convention_id = foreign


@tagged("post_install", "-at_install")
class TestEvaluationsDue(ConventionCase):
    """What is due when, what is late, and an alert once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.due = cls.env["culture.evaluation.due"].create(
            {
                "convention_id": cls.convention.id,
                "name": "Report of the season",
                "due_date": "2027-06-30",
            }
        )

    def _run(self, moment):
        with freeze_time(moment):
            self.env["culture.evaluation.due"]._cron_alert()

    def _alerts(self):
        return self.convention.activity_search([DUTY_TYPE])

    def test_late_by_the_company_s_day(self):
        conventions = self.env["culture.convention"].with_user(self.coordinator)
        late = [("has_late_evaluation", "=", True), ("id", "=", self.convention.id)]
        for zone, moment, is_late in (
            ("Europe/Paris", "2027-06-30 21:59:00", False),
            ("Europe/Paris", "2027-06-30 22:01:00", True),
            ("Pacific/Noumea", "2027-06-30 12:59:00", False),
            ("Pacific/Noumea", "2027-06-30 13:01:00", True),
        ):
            self.ccas.tz = zone
            self.env.invalidate_all()
            with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                self.assertEqual(self.due.is_late, is_late)
                self.assertEqual(self.due.status, "late" if is_late else "to_come")
                self.assertEqual(bool(conventions.search(late)), is_late)
                self.assertEqual(self.convention.has_late_evaluation, is_late)

    def test_an_alert_once(self):
        self._run("2027-05-30 12:00:00")
        self.assertFalse(self._alerts())
        self._run("2027-05-31 12:00:00")
        self._run("2027-06-01 12:00:00")
        alert = self._alerts()
        self.assertEqual(alert.user_id, self.coordinator)
        self.assertEqual(alert.date_deadline, date(2027, 6, 30))
        alert.action_feedback()
        self._run("2027-07-02 12:00:00")
        self.assertFalse(self._alerts())

    def test_a_scheduler_that_was_down_past_the_day(self):
        self._run("2027-07-08 12:00:00")
        self.assertEqual(len(self._alerts()), 1)

    def test_handing_in_closes_it(self):
        self._run("2027-06-15 12:00:00")
        with freeze_time("2027-07-02 12:00:00"):
            self.due.with_user(self.coordinator).action_done()
            self.assertEqual(self.due.done_date, date(2027, 7, 2))
            self.assertEqual(self.due.status, "done")
        self.assertFalse(self._alerts())

    def test_a_later_day_has_an_alert_of_its_own(self):
        self._run("2027-06-15 12:00:00")
        self.due.with_user(self.coordinator).due_date = "2027-12-31"
        self.assertFalse(self._alerts())
        self._run("2027-12-02 12:00:00")
        self.assertEqual(len(self._alerts()), 1)

    def test_a_draft_owes_nothing_yet(self):
        draft = self._convention(
            sign=False,
            evaluation_ids=[Command.create({"name": "N", "due_date": "2027-06-30"})],
        )
        self._run("2027-07-15 12:00:00")
        self.assertFalse(draft.activity_ids)

    def test_the_document_is_a_pdf(self):
        with self.assertRefused("Only a PDF"):
            self.due.document = b"PGh0bWw+"

    def test_a_renewal_owes_the_same_a_period_later(self):
        self.due.done_date = "2027-06-01"
        renewal = self.convention.browse(self.convention.action_renew()["res_id"])
        self.assertEqual(renewal.evaluation_ids.due_date, date(2028, 6, 29))
        self.assertFalse(renewal.evaluation_ids.done_date)


@tagged("post_install", "-at_install")
class TestTermination(ConventionCase):
    """What stops and what goes on is said in figures, before."""

    @freeze_time("2027-03-10 12:00:00")
    def test_the_effect_is_told(self):
        for name, people in (("One", 2), ("Two", 3)):
            outing = self._outing(
                name=name,
                date_begin="2027-04-01 18:00:00"
                if people == 2
                else "2027-04-02 18:00:00",
                convention_id=self.convention.id,
            )
            self._register(outing, self._people(people))
        self._outing(publish=False, convention_id=self.convention.id)
        for user in (self.coordinator, self.administrator):
            action = self.convention.with_user(user).action_open_terminate()
            assistant = (
                self.env[action["res_model"]]
                .with_user(user)
                .with_context(**action["context"])
                .create({})
            )
            self.assertEqual(
                assistant.effect,
                "End on Wednesday 10 March 2027: no new registration, nor any access "
                "for the partner. The 2 outings under way go to their end. The 5 "
                "registrations confirmed on them stay valid.",
            )
        assistant.action_terminate()
        self.assertEqual(self.convention.state, "terminated")
        with self.assertRefused("no new registration"):
            self._register(outing, self._person())

    def test_words_for_one_and_for_none(self):
        assistant = self.env["culture.convention.terminate"].create(
            {"convention_id": self.convention.id}
        )
        self.assertIn("No outing is under way.", assistant.effect)
        outing = self._outing(
            date_begin="2090-04-01 18:00:00", convention_id=self.convention.id
        )
        with freeze_time("2027-03-10 12:00:00"):
            self._register(outing, self._person())
        assistant.invalidate_recordset()
        self.assertIn("The outing under way goes to its end.", assistant.effect)
        self.assertIn("registration confirmed on it", assistant.effect)

    def test_of_a_convention_that_one_may_not_read(self):
        far, __, __ = self._second_company()
        foreign = self._convention(sign=False, company_id=far.id)
        with self.assertRaises(AccessError), mute_logger(QUIET):
            self.env["culture.convention.terminate"].with_user(self.coordinator).create(
                {"convention_id": foreign.id}
            )
