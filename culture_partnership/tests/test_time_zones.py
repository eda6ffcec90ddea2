from ast import literal_eval
from datetime import date, datetime, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.tests import Form, tagged

from .common import CultureCase
from .import_common import ImportCase

HALF_PAST_MIDNIGHT = datetime(2026, 3, 11, 23, 30)
"""Thursday 12 March 2026, 00:30 in Paris."""
THURSDAY = date(2026, 3, 12)


class ZoneCase(CultureCase):
    """January 2026 in Paris; the agents are elsewhere, or say no time zone."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-01-05 09:00:00"))
        super().setUpClass()
        cls.referent.tz = "America/Martinique"
        cls.coordinator.tz = False
        cls.person = cls._person()

    def _at(self, moment):
        return freeze_time(moment)


@tagged("post_install", "-at_install")
class TestHalfPastMidnight(ZoneCase):
    """Half past midnight belongs to the day it is in Paris, everywhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outing = cls._outing(date_begin=HALF_PAST_MIDNIGHT)

    def _today(self):
        """Outings of the filter "Today", as a browser in Paris asks for them."""
        outings = self.env["culture.outing"].with_user(self.referent)
        view = outings.get_view(view_type="search")["arch"]
        [found] = etree.fromstring(view).iterfind(".//filter[@name='today']")
        return outings.with_context(tz="Europe/Paris").search(
            [("id", "=", self.outing.id), *literal_eval(found.get("domain"))]
        )

    def test_filter(self):
        for moment, found in (
            ("2026-03-11 22:30:00", False),
            ("2026-03-11 23:00:00", True),
            ("2026-03-12 22:30:00", True),
            ("2026-03-12 23:30:00", False),
        ):
            with self._at(moment), self.subTest(moment=moment):
                self.assertEqual(bool(self._today()), found)

    def test_words_and_deadlines(self):
        outing = self.outing.with_user(self.referent)
        self.assertEqual(outing.when_label, "Thu 12 Mar, 0:30")
        self.assertEqual(outing._long_when(), "Thursday 12 March, 0:30")
        self.assertEqual(outing._local_day(), THURSDAY)
        # noon in Paris, the day before
        self.assertEqual(outing.cancel_deadline, datetime(2026, 3, 11, 11))
        self.assertEqual(outing.return_date, date(2026, 3, 10))

    def test_attendance_and_thread(self):
        [line] = self._register(self.outing, self.person)
        with self._at("2026-03-11 23:29:00"), self.assertRefused("from 0:30 on"):
            line.action_record("attended")
        with self._at("2026-03-11 23:31:00"):
            line.action_record("attended")
        self.assertEqual(line.attended_date, THURSDAY)
        self.assertEqual(self.person.last_contact_date, THURSDAY)
        with self._at("2026-03-13 09:00:00"):
            thread = self.person.with_user(self.referent).read_timeline()
        self.assertEqual({told["day"] for told in thread["lines"]}, {"12 March"})
        [first] = self.person._milestones()[self.person.id].values()
        self.assertEqual(first, (THURSDAY, line.id))

    def test_undone_the_same_day(self):
        """Until midnight in Paris, which is neither UTC's nor Martinique's."""
        [line] = self._register(self.outing, self.person)
        with self._at("2026-03-11 23:31:00"):
            [row] = line.action_record("attended")
            self.assertTrue(row["can_undo"])
        with self._at("2026-03-12 23:01:00"):
            self.assertFalse(line._attendance_rows()[0]["can_undo"])
            with self.assertRefused("only the coordination"):
                line.action_undo()
        with self._at("2026-03-12 22:59:00"):
            self.assertTrue(line._attendance_rows()[0]["can_undo"])
            line.action_undo()
        self.assertEqual(line.state, "confirmed")

    def test_list_of_the_relay(self):
        window = self.outing._list_window()
        self.assertEqual(
            (window.first, window.last), (date(2026, 3, 5), date(2026, 3, 13))
        )
        self.assertEqual(window.opens, datetime(2026, 3, 4, 23))
        self.assertEqual(window.closes, datetime(2026, 3, 13, 23))

    def test_age_on_that_day(self):
        """Who is eighteen on the 12th is an adult that night."""
        grown = self._person("Grown", birth_date="2008-03-12")
        young = self._person("Young", birth_date="2008-03-13")
        self.outing.escort_ids = self._relay_card()
        lines = self._register(self.outing, grown | young)
        self.assertEqual(lines.mapped("children"), [0, 1])

    def test_last_day_of_a_training(self):
        relay = self._relay_card(trained_until="2026-03-11")
        with self.assertRefused("training valid until"):
            self.outing.escort_ids = relay
        self._train(relay, "2026-03-12")
        self.outing.escort_ids = relay
        with self._at("2026-03-20 09:00:00"):
            self.outing.flush_recordset()
            relay._compute_last_activity_date()
            self.assertEqual(relay.last_activity_date, THURSDAY)

    def test_last_day_of_a_convention(self):
        """It covers the outing of its last day, and no longer that night's (I6, I7)."""
        self.person.identity_agreement = True
        self._register(self.outing, self.person)
        for last, shown in (("2026-03-11", "No. 1"), ("2026-03-12", "Ada Test")):
            self.outing.convention_id = self._convention(last)
            with self.subTest(last=last), self._at("2026-03-11 23:40:00"):
                [row] = self.outing._entry_rows()
                self.assertEqual(row["name"], shown)
        with self._at("2026-03-13 09:00:00"):
            [row] = self.outing._entry_rows()
            self.assertEqual(row["name"], "Ada Test", "it had begun in time")

    def _convention(self, last):
        convention = self.env["culture.convention"].create(
            {
                "name": f"Until {last}",
                "partner_id": self.association.id,
                "project_referent_id": self.coordinator.id,
                "date_start": "2026-01-01",
                "date_end": last,
                "identity_level": "full_name",
            }
        )
        convention.action_send_for_signature()
        convention.action_sign()
        return convention

    def test_registrations_end_with_the_convention_s_last_day(self):
        """I6: at midnight in Paris, an hour before UTC's."""
        later = self._outing(
            date_begin=datetime(2026, 5, 1, 18),
            convention_id=self._convention("2026-03-11").id,
        )
        with self._at("2026-03-11 22:59:00"):
            self._register(later, self.person)
        other = self._person("Bea")
        with self._at("2026-03-11 23:01:00"), self.assertRefused("convention"):
            self._register(later, other)


@tagged("post_install", "-at_install")
class TestChangesOfHour(ZoneCase):
    """29 March 2026 has no 02:30 in Paris, 25 October has it twice."""

    def _postponed(self, begin):
        outing = self._outing(date_begin=datetime(2026, 3, 26, 19, 30))
        mine = outing.with_user(self.referent)
        action = mine.action_open_postpone()
        assistants = mine.env[action["res_model"]].with_context(**action["context"])
        with Form(assistants) as form:
            form.date_begin = begin
        form.record.action_postpone()
        return outing

    def test_postponed_over_the_change(self):
        """The same hour on the clock; noon stays noon, half an hour half an hour."""
        outing = self._postponed(datetime(2026, 3, 29, 18, 30))
        self.assertEqual(outing.when_label, "Sun 29 Mar, 20:30")
        self.assertEqual(outing.date_end - outing.date_begin, timedelta(hours=3))
        self.assertEqual(outing.meeting_date, datetime(2026, 3, 29, 18))
        self.assertEqual(outing.cancel_deadline, datetime(2026, 3, 28, 11))
        self.assertEqual(outing._local_day(), date(2026, 3, 29))

    def test_the_deadline_is_noon_on_either_side(self):
        for begin, deadline in (
            (datetime(2026, 3, 30, 18), datetime(2026, 3, 29, 10)),
            (datetime(2026, 10, 26, 19), datetime(2026, 10, 25, 11)),
        ):
            outing = self._outing(date_begin=begin)
            with self.subTest(begin=begin):
                self.assertEqual(outing.cancel_deadline, deadline)

    def test_the_hour_that_is_left_out(self):
        """No moment is called 02:30: clocks go from 01:59 to 03:00."""
        for begin, label in (
            (datetime(2026, 3, 29, 0, 30), "Sun 29 Mar, 1:30"),
            (datetime(2026, 3, 29, 1, 30), "Sun 29 Mar, 3:30"),
        ):
            self.assertEqual(self._outing(date_begin=begin).when_label, label)
        zone = self.company._culture_zone()
        typed = zone.localize(datetime(2026, 3, 29, 2, 30))
        outing = self._outing(date_begin=self._naive(typed))
        self.assertEqual(outing.when_label, "Sun 29 Mar, 3:30", "the hour after")

    def _naive(self, moment):
        return (moment - moment.utcoffset()).replace(tzinfo=None)

    def test_the_hour_that_comes_twice(self):
        """Two moments of one name: they are an hour apart, and no overlap."""
        summer, winter = (
            self._outing(date_begin=begin, date_end=begin + timedelta(minutes=45))
            for begin in (datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 30))
        )
        self.assertEqual(
            [summer.when_label, winter.when_label], ["Sun 25 Oct, 2:30"] * 2
        )
        lines = self._register(summer, self.person)
        lines |= self._register(winter, self.person)
        self.assertEqual(set(lines.mapped("state")), {"confirmed"})
        with self._at("2026-10-25 00:45:00"):
            lines[0].action_record("attended")
            with self.assertRefused("from 2:30 on"):
                lines[1].action_record("attended")
        self.assertEqual(lines[0].attended_date, date(2026, 10, 25))

    def test_list_of_the_relay_over_the_change(self):
        """Whole days in Paris: seven before, one after, of whatever length."""
        outing = self._outing(date_begin=datetime(2026, 3, 31, 22, 30))
        window = outing._list_window()
        self.assertEqual(window.opens, datetime(2026, 3, 24, 23))
        self.assertEqual(window.closes, datetime(2026, 4, 2, 22))

    def test_the_company_moves(self):
        """A CCAS overseas has its own midnight, from the moment it says so."""
        midnight = self.company._culture_midnight
        self.assertEqual(midnight(THURSDAY), datetime(2026, 3, 11, 23))
        self.ccas.tz = "America/Martinique"
        self.assertEqual(midnight(THURSDAY), datetime(2026, 3, 12, 4))

    def test_roles_and_days_begin_at_midnight_in_paris(self):
        midnight = self.company._culture_midnight
        self.assertEqual(midnight(date(2026, 3, 29)), datetime(2026, 3, 28, 23))
        self.assertEqual(midnight(date(2026, 3, 30)), datetime(2026, 3, 29, 22))
        self.assertEqual(midnight(date(2026, 10, 26)), datetime(2026, 10, 25, 23))


@tagged("post_install", "-at_install")
class TestImportedHours(ImportCase):
    """What a table says at 02:30 on the nights of the changes."""

    def test_the_hour_after_and_the_second_of_the_two(self):
        assistant = self._import(
            "programme",
            "Sortie;Date;Heure;Lieu;Places\r\n"
            f"Night walk;28/03/2027;02:30;{self.venue.name};5\r\n"
            f"Long night;31/10/2027;02:30;{self.venue.name};5\r\n",
        )
        self.assertEqual(set(self._results(assistant).values()), {"create"})
        assistant.action_import()
        self.assertEqual(
            {
                o.name: (o.date_begin, o.when_label)
                for o in assistant.line_ids.outing_id
            },
            {
                "Night walk": (datetime(2027, 3, 28, 1, 30), "Sun 28 Mar, 3:30"),
                "Long night": (datetime(2027, 10, 31, 1, 30), "Sun 31 Oct, 2:30"),
            },
        )
