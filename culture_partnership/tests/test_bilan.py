from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CultureCase

FIRST, LAST = "2024-09-01", "2025-08-31"


@tagged("post_install", "-at_install", "security")
class TestReport(CultureCase):
    """A season of the north: 16 came, 8 did not, 6 freed their place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.convention = cls.env["culture.convention"].create(
            {
                "name": "Convention",
                "partner_id": cls.association.id,
                "project_referent_id": cls.coordinator.id,
                "date_start": "2020-01-01",
                "date_end": "2090-01-01",
                "commitment_ids": [
                    Command.create({"indicator": "people", "target": 40})
                ],
            }
        )
        cls.convention.action_sign()
        cls.outing = cls._past(seats=60, discipline_id=cls._discipline().id)
        cls.people = cls._people(30)
        cls.came, missed, freed = cls.people[:16], cls.people[16:24], cls.people[24:]
        cls._had(cls.outing, cls.came, "attended")
        cls._had(cls.outing, missed, "absent")
        cls._had(cls.outing, freed, "cancelled")

    @classmethod
    def _discipline(cls):
        domain = [("company_id", "=", cls.company.id)]
        return cls.env["culture.discipline"].search(domain, limit=1)

    @classmethod
    def _past(cls, day="2025-03-15", **vals):
        begin = datetime.combine(datetime.fromisoformat(day), time(19))
        return cls._outing(date_begin=begin, convention_id=cls.convention.id, **vals)

    @classmethod
    def _had(cls, outing, people, state, **vals):
        lines = cls.env["culture.registration"].create(
            [
                {"outing_id": outing.id, "beneficiary_id": person.id, **vals}
                for person in people
            ]
        )
        if state == "cancelled":
            before = outing.date_begin - timedelta(days=9)
            with freeze_time(before):
                lines.write({"state": state, "cancelled_by": "person"})
        elif state != "confirmed":
            lines.write({"state": state})
        return lines

    @classmethod
    def _report(cls, structure=None, **vals):
        return cls.env["culture.bilan"].create(
            {
                "structure_id": (structure or cls.north).id,
                "date_start": FIRST,
                "date_end": LAST,
                **vals,
            }
        )

    def _values(self, report):
        report.action_compute()
        return report.sudo().figures["values"]

    def _told(self, report, *keys):
        values = self._values(report)
        return [values.get(key) for key in keys]

    # ------------------------------------------------------------------- figures

    def test_what_became_of_the_places(self):
        report = self._report().with_user(self.coordinator)
        self.assertEqual(
            self._told(report, "outings", "offered", "reserved", "given"),
            [1, 60, 30, 24],
        )
        self.assertEqual(
            self._told(report, "used", "unused", "unrecorded", "people", "came"),
            [16, 8, 0, 24, 16],
        )
        self.assertEqual(self._told(report, "first_outing", "known"), [None, None])
        self.assertIn("Places used", report.page)
        self.assertIn("Season 2024-2025", report.display_name)

    def test_not_recorded_is_not_absent(self):
        self._had(self.outing, self._people(7), "confirmed")
        report = self._report()
        self.assertEqual(
            self._told(report, "given", "used", "unused", "unrecorded"),
            [31, 16, 8, 7],
        )

    def test_few_not_recorded_hide_in_what_is_left(self):
        self._had(self.outing, self._people(2), "confirmed")
        report = self._report()
        self.assertEqual(
            self._told(report, "given", "used", "unused", "unrecorded"),
            [26, 16, None, None],
        )

    def test_outside_more_is_hidden(self):
        """Eight who did not come: shown inside, hidden outside, and who came too."""
        report = self._report(audience="external")
        self.assertEqual(report.threshold, 11)
        self.assertEqual(
            self._told(report, "people", "given", "came", "used", "reserved"),
            [24, 24, None, None, None],
        )
        self.assertIn("Masked", report.page)

    def test_groups_without_names_are_nobody(self):
        group = {"outing_id": self.outing.id, "group_label": "Group", "adults": 20}
        self.env["culture.registration"].create(group).write(
            {"state": "attended", "seats_attended": 18}
        )
        self.assertEqual(
            self._told(self._report(), "given", "used", "unused", "people"),
            [44, 34, 10, 24],
        )

    def test_other_structures_and_other_months(self):
        report = self._report(self.south)
        self.assertEqual(self._told(report, "outings", "people"), [0, None])
        later = self._report(date_start="2025-04-01", date_end="2025-08-31")
        self.assertEqual(self._told(later, "outings", "people"), [0, None])
        whole = self._report(self.ccas)
        self.assertEqual(self._told(whole, "outings", "people", "came"), [1, 24, 16])

    def test_who_these_people_are(self):
        for person in self.came[:6]:
            person.birth_date = "2012-01-01"
        self.outing.registration_ids.filtered(
            lambda line: line.beneficiary_id in self.came[:6]
        ).sudo()._write({"adults": 0, "children": 1})
        need = self.env["culture.access.need"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.came[:10].access_need_ids = need
        self.came[:5].barrier_ids = barrier = self.env["culture.barrier"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        with freeze_time("2025-01-10"):
            self._assess(self.came[:8])
        report = self._report()
        values = self._values(report)
        self.assertEqual([values["adults"], values["minors"]], [18, 6])
        self.assertEqual(values["need"], 10)
        self.assertIsNone(values["need_met"], "of none of the ten")
        self.assertEqual(report.figures["barriers"], [], "named after the season")
        self.assertEqual(values["person_pairs"], 8)
        self.assertIsNone(values["person_social_down"])
        self.assertIn(report.figures["disciplines"][0][0], report.page)
        self.env.cr.execute(
            "UPDATE culture_beneficiary_barrier SET create_date = '2025-01-01'"
        )
        values = self._values(report)
        self.assertEqual(report.figures["barriers"], [[barrier.id, barrier.name]])
        self.assertEqual(values[f"barrier_{barrier.id}"], 5)

    def _assess(self, people):
        for moment, day, answer in (
            ("entry", "2024-10-01", "2"),
            ("step", "2025-01-09", "3"),
        ):
            self.env["culture.assessment"].create(
                [
                    {
                        "beneficiary_id": person.id,
                        "view": "person",
                        "date": day,
                        "moment": moment,
                        "person_social": answer,
                    }
                    for person in people
                ]
            )

    def test_permanences(self):
        for familiar, seen in (("familiar", 9), ("anonymous", 2)):
            permanence = self._permanence(
                date_begin=datetime(2025, 2, 3, 9), familiar=familiar
            )
            permanence.sudo()._write({"people_count": seen, "state": "closed"})
        report = self._report()
        self.assertEqual(
            self._told(report, "people_count", "familiar_people_count"), [11, None]
        )
        self.assertEqual(report.figures["permanences"], {"familiar": 1, "anonymous": 1})

    def test_commitments_are_told_by_the_report_s_own_figures(self):
        report = self._report(convention_id=self.convention.id)
        report.action_compute()
        self.assertEqual(report.figures["commitments"], [["people", 40, "came"]])
        self.assertNotIn("permanences", report.figures)

    def test_queries_do_not_depend_on_how_many(self):
        report = self._report()
        report._figures()
        before = self.cr.sql_log_count
        report._figures()
        few = self.cr.sql_log_count - before
        self._had(self.outing, self._people(20), "attended")
        self.env.flush_all()
        before = self.cr.sql_log_count
        report._figures()
        self.assertLessEqual(self.cr.sql_log_count - before, few)

    # -------------------------------------------------------------------- frozen

    def test_published_stays_as_it_was(self):
        report = self._report().with_user(self.coordinator)
        report.action_publish()
        figures, page = report.sudo().figures, report.page
        self._had(self.outing, self._people(9), "attended")
        self.env.invalidate_all()
        self.assertEqual(report.sudo().figures, figures)
        self.assertEqual(report.page, page)
        with self.assertRefused("new version"):
            report.date_start = "2024-10-01"
        with self.assertRefused("published already"):
            report.action_compute()
        with self.assertRaises(AccessError), self.cr.savepoint():
            report.figures = {"values": {"people": 1000}}
        with self.assertRaises(AccessError), self.cr.savepoint():
            report.state = "draft"
        report.presented_date = "2025-10-01"

    def test_a_new_version(self):
        """One more person would be singled out; ten are not."""
        report = self._report().with_user(self.coordinator)
        report.action_publish()
        # what follows was written later than this transaction began
        report.sudo().write({"published_date": datetime(2025, 9, 2)})
        self._had(self.outing, self._people(1), "attended")
        again = self.env["culture.bilan"].browse(report.action_new_version()["res_id"])
        again = again.with_user(self.coordinator)
        self.assertEqual(self._told(again, "people", "given"), [None, None])
        self._had(self.outing, self._people(9), "attended")
        self.assertEqual(self._told(again, "people", "came", "used"), [34, 26, 26])
        again.action_publish()
        self.assertEqual(report.state, "withdrawn")
        self.assertTrue(report.withdrawn_date)
        self.assertEqual(again.replaces_id, report)

    def test_same_figures_for_others(self):
        self._report().action_publish()
        report = self._report(audience="external")
        self.assertEqual(self._told(report, "people", "given"), [24, 24])

    def test_a_whole_less_its_part(self):
        """Two of the south: the whole, after the north, would be about them."""
        self._report().action_publish()
        outing = self._past(seats=9, structure_id=self.south.id)
        few = self._people(2, referent=self.far_card)
        self._had(outing, few, "attended")
        whole = self._report(self.ccas)
        self.assertEqual(self._told(whole, "people", "given", "used"), [None] * 3)
        self.assertIn("another report", whole.page)
        self._had(outing, self._people(4, referent=self.far_card), "attended")
        self.assertEqual(self._told(whole, "people", "given"), [30, 30])
        self.assertEqual(self._told(whole, "came", "unused"), [22, 8])

    def test_months_less_other_months(self):
        """The same by months: a season, then the season and two months."""
        self._report().action_publish()
        outing = self._past("2025-09-20", seats=9)
        self._had(outing, self._people(2), "attended")
        longer = self._report(date_end="2025-10-31")
        self.assertEqual(self._told(longer, "people", "given"), [None, None])
        self._had(outing, self._people(5), "attended")
        values = self._values(longer)
        self.assertEqual(values["people"], 31)
        self.assertFalse(longer.figures["apart"])
        self.assertNotIn("adults", values)

    def test_a_withdrawn_report_is_still_known(self):
        report = self._report()
        report.action_publish()
        report.action_withdraw()
        self.assertEqual(self._report()._known_reports(), report)

    # -------------------------------------------------------------------- period

    def test_whole_months_that_are_over(self):
        with self.assertRefused("whole months", ValidationError):
            self._report(date_start="2024-09-02")
        with self.assertRefused("whole months", ValidationError):
            self._report(date_end="2025-08-30")
        report = self._report()
        with freeze_time("2025-08-31 12:00:00"), self.assertRefused("not over"):
            report.action_publish()
        with freeze_time("2025-11-24"):
            first, last = self.env["culture.bilan"]._season()
        self.assertEqual((str(first), str(last)), (FIRST, LAST))

    # -------------------------------------------------------------------- rights

    def test_who_makes_and_who_reads(self):
        report = self._report()
        reports = self.env["culture.bilan"]
        mine = report.with_user(self.referent)
        self.assertFalse(mine.search([]))
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine.read(["figures"])
        report.action_publish()
        self.assertEqual(mine.search([]), report)
        self.assertTrue(mine.page)
        for act in ("action_publish", "action_withdraw", "action_new_version"):
            with self.assertRaises(AccessError), self.cr.savepoint():
                getattr(mine, act)()
        self.assertFalse(reports.with_user(self.far_referent).search([]))
        self.assertFalse(reports.with_user(self.administrator).has_access("read"))
        vals = {
            "structure_id": self.north.id,
            "date_start": FIRST,
            "date_end": LAST,
        }
        self.assertTrue(reports.with_user(self.coordinator).create(vals))
        for user in (self.far_coordinator, self.referent, self.administrator):
            with self.assertRaises(AccessError), self.cr.savepoint():
                reports.with_user(user).create(vals)
        with self.assertRaises(UserError), self.cr.savepoint():
            reports.with_user(self.coordinator).create(
                {**vals, "figures": {"values": {}}, "state": "published"}
            )
