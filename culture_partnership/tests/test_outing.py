from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CultureCase


@tagged("post_install", "-at_install")
class TestOuting(CultureCase):
    """Dates and what follows from them, publication, who may escort."""

    def test_dates_that_follow(self):
        outing = self._outing(date_begin=datetime(2027, 3, 12, 19, 30))
        self.assertEqual(outing.date_end, datetime(2027, 3, 12, 22, 30))
        self.assertEqual(outing.meeting_date, datetime(2027, 3, 12, 19, 0))
        self.assertEqual(outing.cancel_deadline, datetime(2027, 3, 11, 11, 0))
        self.assertEqual(str(outing.return_date), "2027-03-10")

    def test_the_deadline_across_the_change_of_hour(self):
        """Noon in Paris is 11 h in winter, 10 h in summer (28 March 2027)."""
        outing = self._outing(date_begin=datetime(2027, 3, 29, 18, 0))
        self.assertEqual(outing.cancel_deadline, datetime(2027, 3, 28, 10, 0))

    def test_the_deadline_is_told_in_words_while_there_is_time(self):
        outing = self._outing(date_begin=datetime(2030, 3, 12, 19, 30))
        outing = outing.with_context(lang="fr_FR")
        self.assertRegex(
            outing.deadline_label, r"^Prévenir avant lun\. 11 mars, 12\sh$"
        )
        with freeze_time("2030-03-11 11:00:00"):
            outing.invalidate_recordset(["deadline_label"])
            self.assertFalse(outing.deadline_label)

    def test_the_first_of_a_month_in_french(self):
        """« 1er août, 1 h 30 »: the day, and not the hour."""
        first = self._outing(date_begin=datetime(2030, 7, 31, 23, 30))
        eleventh = self._outing(date_begin=datetime(2030, 8, 10, 23, 30))
        labels = (first + eleventh).with_context(lang="fr_FR").mapped("when_label")
        self.assertRegex(labels[0], r"^jeu\. 1er août, 1\sh\s30$")
        self.assertRegex(labels[1], r"^dim\. 11 août, 1\sh\s30$")

    def test_an_outing_after_midnight_is_of_its_local_day(self):
        """00:30 in Paris is the day before in UTC."""
        outing = self._outing(date_begin=datetime(2027, 1, 9, 23, 30))
        self.assertEqual(outing._local_day().isoformat(), "2027-01-10")
        self.assertIn("Jan", outing.when_label)
        self.assertIn("10", outing.when_label)

    def test_open_date(self):
        outing = self._outing(
            date_mode="open", date_begin=False, date_end=datetime(2027, 6, 30, 21, 0)
        )
        self.assertTrue(outing.has_started)
        self.assertIn("Until", outing.when_label)
        with self.assertRefused("open date has only a last day"):
            outing.date_begin = datetime(2027, 6, 1)

    def test_absurd_dates(self):
        begin = datetime(2027, 3, 12, 19, 30)
        with self.assertRefused("ends after it starts"):
            self._outing(date_begin=begin).date_end = begin - timedelta(days=1)
        with self.assertRefused("check the year"):
            self._outing(date_begin=datetime(1827, 3, 12))

    def test_publishing_names_all_that_is_missing_at_once(self):
        outing = self._outing(publish=False, venue_id=False, seats=0, date_begin=False)
        with self.assertRaises(UserError) as catcher:
            outing.action_publish()
        for missing in ("Venue", "Start", "Places in all"):
            self.assertIn(missing, str(catcher.exception))
        with self.assertRefused("takes no registration"):
            self._register(outing, self._person())

    def test_no_registration_once_closed_or_over(self):
        outing = self._outing()
        outing.action_close_registrations()
        with self.assertRefused("takes no registration"):
            self._register(outing, self._person())
        outing.action_reopen_registrations()
        with (
            freeze_time(outing.date_end + timedelta(hours=1)),
            self.assertRefused("is over"),
        ):
            self._register(outing, self._person())

    def test_only_a_draft_is_deleted(self):
        draft, published = self._outing(publish=False), self._outing()
        with self.assertRefused("Only a draft is deleted"):
            published.with_user(self.coordinator).unlink()
        draft.with_user(self.coordinator).unlink()

    def test_a_copy_is_an_empty_draft(self):
        outing = self._outing(escort_ids=[Command.link(self._relay_card().id)])
        self._register(outing, self._person())
        copy = outing.with_user(self.referent).copy()
        self.assertEqual((copy.state, copy.seats_taken), ("draft", 0))
        self.assertFalse(copy.registration_ids)
        self.assertFalse(copy.escort_ids)

    def test_no_move_once_attendance_is_recorded(self):
        outing = self._outing()
        line = self._register(outing, self._person())
        with freeze_time(outing.date_begin):
            line.action_record("attended")
            with self.assertRefused("does not move any more"):
                outing.date_begin = outing.date_begin + timedelta(days=30)

    def test_filters_for_who_reads_no_registration(self):
        self._register(self._outing(), self._person())
        for name in ("with_my_people", "attendance_due", "has_free_seats"):
            for user in (self.administrator, self.agent_relay):
                outings = self.env["culture.outing"].with_user(user)
                outings.search([(name, "=", True)])
                outings.search([(name, "=", False)])

    def test_the_venue_says_access_and_transport(self):
        need = self.env["culture.access.need"].search([], limit=1)
        self.venue.write(
            {
                "culture_access_need_ids": [Command.link(need.id)],
                "culture_transport": "Metro 1, stop Port",
            }
        )
        outing = self._outing()
        self.assertEqual(outing.access_need_ids, need)
        self.assertEqual(outing.transport, "Metro 1, stop Port")
        self.assertEqual(outing.arrondissement, "district 2")


@tagged("post_install", "-at_install")
class TestEscorts(CultureCase):
    """I7: trained on the date, under an active convention, not double-booked."""

    def test_training_valid_on_the_date_of_the_outing(self):
        day = fields.Date.today() + timedelta(days=5)
        relay = self._relay_card(trained_until=day)
        for trained, pattern in (
            (day, "training valid until"),
            (False, "no training yet"),
        ):
            self._train(relay, trained)
            with self.assertRefused(pattern):
                self._outing(escort_ids=[Command.link(relay.id)])
        soon = datetime.now() + timedelta(days=2)
        self._train(relay, day)
        self._outing(escort_ids=[Command.link(relay.id)], date_begin=soon)

    def test_a_relay_of_a_partner_needs_a_convention(self):
        relay = self._relay_card(self.association)
        with self.assertRefused("no convention in force"):
            self._outing(escort_ids=[Command.link(relay.id)])
        self._convention()
        self._outing(escort_ids=[Command.link(relay.id)])

    def test_not_two_outings_at_one_time(self):
        relay = self._relay_card()
        escorted = [Command.link(relay.id)]
        outing = self._outing(escort_ids=escorted)
        with self.assertRefused("escorts another outing"):
            self._outing(escort_ids=escorted, date_begin=outing.date_begin)
        self._outing(escort_ids=escorted, date_begin=outing.date_end)
        moved = self._outing(
            escort_ids=escorted, date_begin=outing.date_end + timedelta(days=1)
        )
        moved.action_close_registrations()
        with self.assertRefused("escorts another outing"):
            moved.write({"date_begin": outing.date_begin, "date_end": outing.date_end})
        with self.assertRefused("training valid until"):
            later = datetime.now() + timedelta(days=900)
            moved.write({"date_begin": later, "date_end": later + timedelta(hours=2)})
        self._train(relay, fields.Date.today())
        moved.action_cancel("venue")
        outing.action_close_registrations()
        self._train(relay, fields.Date.today() + timedelta(days=99))
        outing.action_cancel("venue")
        self._outing(escort_ids=escorted, date_begin=outing.date_begin)

    def _convention(self, **vals):
        today = fields.Date.today()
        convention = self.env["culture.convention"].create(
            {
                "name": "2026-2027",
                "partner_id": self.association.id,
                "project_referent_id": self.coordinator.id,
                "date_start": today - timedelta(days=30),
                "date_end": today + timedelta(days=300),
                **vals,
            }
        )
        convention.action_sign()
        return convention

    def test_a_convention_is_not_signed_without_its_referent(self):
        with self.assertRefused("name the project referent"):
            self._convention(project_referent_id=False)
        with self.assertRefused("by the buttons"):
            self._convention().write({"state": "expired"})

    def test_a_convention_that_ended_stops_new_registrations(self):
        convention = self._convention()
        outing = self._outing(convention_id=convention.id)
        line = self._register(outing, self._person())
        convention.date_end = fields.Date.today() - timedelta(days=1)
        with self.assertRefused("no new registration"):
            self._register(outing, self._person())
        line.action_cancel()
        convention.date_end = fields.Date.today()
        self._register(outing, self._person())
        convention.action_terminate()
        with self.assertRefused("no new registration"):
            self._register(outing, self._person())
