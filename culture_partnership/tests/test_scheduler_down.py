from datetime import date, datetime, time, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common import CultureCase

START = datetime(2027, 3, 1, 9)
DUE = date(2027, 4, 30)
"""The first day on which anything is to be told."""

CRONS = (
    "ir_cron_convention_dates",
    "ir_cron_evaluations_due",
    "ir_cron_training_renewal",
    "ir_cron_contact_reminder",
    "ir_cron_access_review",
    "ir_cron_waiting_lists",
    "ir_cron_quota_review",
)


@tagged("post_install", "-at_install")
class TestSchedulerDown(CultureCase):
    """Threat: the scheduler stands still for a week, and what fell in it is never told.

    Each of the daily jobs finds by `<=` what has not been told; each alert comes once.
    """

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time(START))
        super().setUpClass()
        cls.convention = cls.env["culture.convention"].create(
            {
                "name": "Convention",
                "partner_id": cls.association.id,
                "project_referent_id": cls.coordinator.id,
                "date_start": "2027-01-01",
                "date_end": DUE + timedelta(days=60),
                "notice_days": 60,
                "evaluation_ids": [
                    Command.create(
                        {"name": "Yearly", "due_date": DUE + timedelta(days=30)}
                    )
                ],
            }
        )
        cls.convention.action_send_for_signature()
        cls.convention.action_sign()
        cls.relay = cls._relay_card(trained_until=DUE + timedelta(days=60))
        cls.person = cls._person()
        cls.before = cls.env["mail.activity"].search([])

    def _run(self, day, hour=4):
        moment = datetime.combine(day, time(hour))
        with freeze_time(moment), self.enter_registry_test_mode():
            for name in CRONS:
                self.env.ref(f"culture_partnership.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _told(self):
        """:return: dict of number of alerts by type"""
        activities = self.env["mail.activity"].with_context(active_test=False)
        told = activities.search([("id", "not in", self.before.ids)])
        return {
            kind.get_external_id()[kind.id].partition(".")[2]: len(mine)
            for kind, mine in told.grouped("activity_type_id").items()
        }

    def _open_by_number(self):
        access = self.env["culture.access"].with_user(self.far_referent)
        access._open_by_number(self.person.reference, "Emergency")
        # what tells the referent at once is no alert of the scheduler
        self.before = self.env["mail.activity"].search([])

    def test_nothing_too_early(self):
        self._run(DUE - timedelta(days=1))
        self.assertEqual(self._told(), {})

    def test_a_week_late_each_is_told_once(self):
        self._run(DUE - timedelta(days=1))
        with freeze_time(datetime.combine(DUE, time(9))):
            self._open_by_number()
        once = {
            "activity_type_convention_renewal": 1,
            "activity_type_evaluation_due": 1,
            "activity_type_training_renewal": 1,
            "activity_type_without_contact": 1,
            "activity_type_access_review": 1,
        }
        late = DUE + timedelta(days=8)
        self._run(late)
        self.assertEqual(self._told(), once)
        self._run(late)
        self._run(late, hour=5)
        self.assertEqual(self._told(), once, "run twice, told once")
        for days in (1, 7, 14):
            self._run(late + timedelta(days=days))
        self.assertEqual(self._told(), once, "nor on the days after")
        self.assertEqual(self.convention.state, "to_renew")

    def test_late_until_after_the_end(self):
        """What ended while nothing ran is told too, once, and is over."""
        late = DUE + timedelta(days=68)
        self._run(late)
        told = self._told()
        self.assertEqual(self.convention.state, "expired")
        self.assertEqual(
            told,
            {
                "activity_type_convention_renewal": 1,
                "activity_type_evaluation_due": 1,
                "activity_type_training_renewal": 1,
                "activity_type_without_contact": 1,
            },
        )
        self._run(late + timedelta(days=1))
        self.assertEqual(self._told(), told)

    def test_what_was_settled_meanwhile_is_not_told(self):
        """A contact, a renewal, a paper handed in while the scheduler stood still."""
        with freeze_time(datetime.combine(DUE, time(9))):
            self.env["culture.followup"].with_user(self.referent).create(
                {"beneficiary_id": self.person.id}
            )
            self.convention.evaluation_ids.action_done()
            self._train(self.relay, DUE + timedelta(days=700))
        self._run(DUE + timedelta(days=8))
        self.assertEqual(self._told(), {"activity_type_convention_renewal": 1})
