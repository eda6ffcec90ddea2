import base64
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models.culture_convention_life import RENEWAL_TYPE
from .common import CultureCase

QUIET = "odoo.addons.base.models.ir_rule"
MODEL_ACCESS = "odoo.addons.base.models.ir_model"


class ConventionCase(CultureCase):
    """A convention of the season 2026-2027, alert ninety days before its end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.convention = cls._convention()

    @classmethod
    def _convention(cls, sign=True, **vals):
        convention = cls.env["culture.convention"].create(
            {
                "name": "Season 2026-2027",
                "partner_id": cls.association.id,
                "project_referent_id": cls.coordinator.id,
                "date_start": "2026-09-01",
                "date_end": "2027-08-31",
                "notice_days": 90,
                **vals,
            }
        )
        if sign:
            convention.action_sign()
        return convention

    def _run(self, moment):
        with freeze_time(moment):
            self.env["culture.convention"]._cron_follow_dates()

    def _alerts(self, convention=None):
        return (convention or self.convention).activity_search([RENEWAL_TYPE])


@tagged("post_install", "-at_install")
class TestLife(ConventionCase):
    """What the daily job words, whenever it comes to run."""

    def test_the_status_follows_the_dates(self):
        for moment, state in (
            ("2027-06-01 12:00:00", "active"),
            ("2027-06-02 12:00:00", "to_renew"),
            ("2027-08-31 12:00:00", "to_renew"),
            ("2027-09-01 12:00:00", "expired"),
        ):
            with self.subTest(moment=moment):
                self._run(moment)
                self.assertEqual(self.convention.state, state)

    def test_the_alert_is_given_once(self):
        self._run("2027-06-01 12:00:00")
        self.assertFalse(self._alerts())
        self._run("2027-06-02 12:00:00")
        alert = self._alerts()
        self.assertEqual(alert.user_id, self.coordinator)
        self.assertEqual(alert.date_deadline, date(2027, 8, 31))
        self._run("2027-06-02 18:00:00")
        self._run("2027-06-03 12:00:00")
        self.assertEqual(self._alerts(), alert)
        alert.action_feedback()
        self._run("2027-06-04 12:00:00")
        self.assertFalse(self._alerts(), "done is done")

    def test_alerts_survive_a_scheduler_that_was_down_for_a_week(self):
        self._run("2027-05-30 12:00:00")
        self._run("2027-06-06 12:00:00")
        self.assertEqual(self.convention.state, "to_renew")
        self.assertEqual(len(self._alerts()), 1)
        self.assertEqual(self.convention.renewal_alert_date, date(2027, 6, 6))

    def test_an_end_that_the_scheduler_slept_through_is_told(self):
        self.convention.notice_days = 3
        self._run("2027-09-04 12:00:00")
        self.assertEqual(self.convention.state, "expired")
        self.assertEqual(len(self._alerts()), 1)
        self._run("2027-09-05 12:00:00")
        self.assertEqual(len(self._alerts()), 1)

    def test_what_stops_does_not_wait_for_the_job(self):
        with freeze_time("2027-09-01 12:00:00"):
            self.assertEqual(self.convention.state, "active")
            self.assertFalse(self.convention._in_force())
            with self.assertRefused("ended on"):
                self.convention._check_in_force()

    def test_days_are_the_company_s(self):
        """At one moment it is the next day in Nouméa, and not yet in Cayenne."""
        moment = "2027-08-31 23:30:00"
        for zone, state, in_force in (
            ("America/Cayenne", "to_renew", True),
            ("Europe/Paris", "expired", False),
            ("Pacific/Noumea", "expired", False),
        ):
            self.ccas.tz = zone
            convention = self._convention()
            for reader in ("Pacific/Noumea", "America/Cayenne"):
                seen = convention.with_context(tz=reader)
                with self.subTest(zone=zone, reader=reader), freeze_time(moment):
                    self.assertEqual(seen._in_force(), in_force)
                    seen.env["culture.convention"]._cron_follow_dates()
                    self.assertEqual(convention.state, state)

    def test_the_first_day_of_the_notice_is_the_company_s(self):
        self.ccas.tz = "Pacific/Noumea"
        self._run("2027-06-01 12:30:00")
        self.assertEqual(self.convention.state, "active")
        self._run("2027-06-01 13:30:00")
        self.assertEqual(self.convention.state, "to_renew")

    def test_a_later_end_takes_the_alert_back(self):
        self._run("2027-06-02 12:00:00")
        with freeze_time("2027-06-03 12:00:00"):
            self.convention.with_user(self.coordinator).date_end = "2027-12-31"
        self.assertEqual(self.convention.state, "active")
        self.assertFalse(self._alerts())
        self._run("2027-10-03 12:00:00")
        self.assertEqual(self.convention.state, "to_renew")
        self.assertEqual(len(self._alerts()), 1, "for the new end, a new alert")

    def test_an_expired_convention_that_is_prolonged_governs_again(self):
        self._run("2027-09-02 12:00:00")
        self.assertEqual(self.convention.state, "expired")
        with freeze_time("2027-09-03 12:00:00"):
            self.convention.date_end = "2027-12-31"
            self.assertTrue(self.convention._in_force())

    def test_after_a_departure_somebody_else_is_told(self):
        role = self.env["culture.role"].search(
            [("user_id", "=", self.coordinator.id), ("role", "=", "coordinator")]
        )
        role.action_end_now()
        self._run("2027-06-02 12:00:00")
        self.assertEqual(self._alerts().user_id, self.far_coordinator)

    def test_an_ended_convention_alerts_nobody(self):
        self._run("2027-06-02 12:00:00")
        self.convention.with_user(self.coordinator).action_terminate()
        self.assertFalse(self._alerts())
        self._run("2027-09-04 12:00:00")
        self.assertEqual(self.convention.state, "terminated")
        self.assertFalse(self._alerts())

    def test_one_that_lost_its_dates_stops_nobody_else_s_alert(self):
        """As a database of 19.0.1.1.0 may hold it."""
        lost = self._convention()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE culture_convention SET date_start = NULL, date_end = NULL"
                " WHERE id = %s",
                lost.id,
            )
        )
        self.env.invalidate_all()
        self._run("2027-06-02 12:00:00")
        self.assertEqual(len(self._alerts()), 1)
        self.assertFalse(lost._in_force())
        renewal = lost.browse(lost.action_renew()["res_id"])
        self.assertFalse(renewal.date_start)

    def test_a_signed_convention_keeps_its_dates(self):
        with self.assertRefused("first and a last day"):
            self.convention.date_end = False


@tagged("post_install", "-at_install")
class TestRenewal(ConventionCase):
    """A copy for the following period, once, each knowing the other."""

    def _renew(self, convention=None):
        convention = (convention or self.convention).with_user(self.coordinator)
        action = convention.action_renew()
        return convention.browse(action["res_id"])

    def test_the_following_period(self):
        for first, last, after in (
            ("2026-09-01", "2027-08-31", ("2027-09-01", "2028-08-31")),
            ("2027-03-01", "2027-08-31", ("2027-09-01", "2028-02-29")),
            ("2026-09-15", "2027-06-30", ("2027-07-01", "2028-04-16")),
        ):
            with self.subTest(first=first):
                renewal = self._renew(self._convention(date_start=first, date_end=last))
                dates = (str(renewal.date_start), str(renewal.date_end))
                self.assertEqual(dates, after)

    def test_a_draft_of_its_own(self):
        renewal = self._renew()
        self.assertEqual(renewal.state, "draft")
        self.assertEqual(renewal.partner_id, self.association)
        self.assertFalse(renewal.date_signature)
        self.assertEqual(renewal.renews_id, self.convention)
        self.assertEqual(self.convention.renewal_id, renewal)
        self.assertIn("Renews", renewal.message_ids[0].body)
        self.assertIn("Renewed by", self.convention.message_ids[0].body)

    def test_not_twice(self):
        renewal = self._renew()
        self.assertEqual(self._renew(), renewal)
        self.assertEqual(len(self.convention.renewal_ids), 1)
        renewal.action_terminate()
        self.assertNotEqual(self._renew(), renewal, "the first was given up")

    def test_who_may_not_change_conventions_renews_none(self):
        with self.assertRefused("not open to you"), mute_logger(QUIET):
            self.convention.with_user(self.referent).action_renew()

    def test_only_what_was_signed(self):
        draft = self._convention(sign=False)
        with self.assertRefused("not in a state for this"):
            self._renew(draft)

    def test_signing_closes_the_alert(self):
        self._run("2027-06-02 12:00:00")
        with freeze_time("2027-06-10 12:00:00"):
            renewal = self._renew()
            self.assertTrue(self._alerts(), "a draft is no convention yet")
            renewal.action_send_for_signature()
            renewal.action_sign()
        self.assertFalse(self._alerts())
        self.assertEqual(self.convention.state, "active", "nothing left to renew")
        self._run("2027-06-11 12:00:00")
        self.assertFalse(self._alerts())
        self._run("2027-09-01 12:00:00")
        self.assertEqual(self.convention.state, "expired")
        self.assertFalse(self._alerts())
        self.assertEqual(renewal.state, "active")


@tagged("post_install", "-at_install", "security")
class TestSignedDocument(ConventionCase):
    """The signed PDF: a PDF, of a bounded size, for who reads the convention."""

    PDF = base64.b64encode(b"%PDF-1.7\n1 0 obj\n")

    def test_it_is_read_as_the_convention_is(self):
        self.convention.with_user(self.coordinator).write(
            {"signed_document": self.PDF, "signed_document_name": "signed.pdf"}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        kept = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "culture.convention"),
                ("res_field", "=", "signed_document"),
                ("res_id", "=", self.convention.id),
            ]
        )
        self.assertEqual(len(kept), 1)
        self.assertFalse(kept.public)
        portal = self.env["res.users"].create(
            {
                "name": "Partner",
                "login": "test_manager",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self._role(portal, "partner_manager", self.association)
        for user in (self.referent, self.coordinator, self.administrator):
            with self.subTest(user=user.login):
                self.assertEqual(
                    self.convention.with_user(user).signed_document, self.PDF
                )
                self.assertTrue(kept.with_user(user).read(["raw"]))
        for user in (self.agent_relay, self.stranger, portal):
            with self.subTest(user=user.login), mute_logger(QUIET, MODEL_ACCESS):
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    self.convention.with_user(user).read(["signed_document"])
                with self.assertRaises(AccessError):
                    kept.with_user(user).read(["raw"])

    def test_only_a_pdf(self):
        """Threat: a page of script that colleagues open as the convention."""
        for content, name in (
            (b"<html><script>", "signed.pdf"),
            (b"PK\x03\x04 a spreadsheet", "signed.pdf"),
            (b" %PDF-1.7", "signed.pdf"),
            (b"%PDF-1.7", "signed.html"),
            (b"%PD", None),
        ):
            vals = {
                "signed_document": base64.b64encode(content),
                "signed_document_name": name,
            }
            with self.subTest(content=content), self.assertRefused("Only a PDF"):
                self.convention.with_user(self.coordinator).write(vals)
            with self.subTest(content=content), self.assertRefused("Only a PDF"):
                self._convention(sign=False, **vals)

    def test_a_size_bound(self):
        large = base64.b64encode(b"%PDF-" + bytes(10 * 1024 * 1024))
        with self.assertRefused("too large"):
            self.convention.signed_document = large

    def test_a_renewal_has_none_yet(self):
        self.convention.write(
            {"signed_document": self.PDF, "signatory_partner": "Chair"}
        )
        action = self.convention.action_renew()
        renewal = self.convention.browse(action["res_id"])
        self.assertFalse(renewal.signed_document)
        self.assertEqual(renewal.signatory_partner, "Chair")
