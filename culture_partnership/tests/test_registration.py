from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, ExclusionViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CultureCase


@tagged("post_install", "-at_install")
class TestSeats(CultureCase):
    """I1: seats taken are the sum of the lines that hold one, never too many."""

    def assertSeats(self, outing, taken):
        outing.invalidate_recordset(["seats_taken"])
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT o.seats_taken, coalesce(sum(r.seats) FILTER (WHERE r.state IN
                      ('offered', 'confirmed', 'attended', 'excused', 'absent')), 0)
                 FROM culture_outing o
                 LEFT JOIN culture_registration r ON r.outing_id = o.id
                WHERE o.id = %s GROUP BY o.id""",
            [outing.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (taken, taken))
        self.assertEqual(outing.seats_taken, taken)

    def test_every_state_counts_or_not(self):
        outing = self._outing(seats=10)
        person = self._person()
        line = self._register(outing, person, state="requested", companion=True)
        self.assertSeats(outing, 0)
        line.action_wait()
        self.assertSeats(outing, 0)
        line.action_offer()
        self.assertSeats(outing, 2)
        line.action_confirm()
        self.assertSeats(outing, 2)
        with freeze_time(outing.date_begin + timedelta(hours=1)):
            for state in ("attended", "excused", "absent"):
                line.action_record(state)
                self.assertSeats(outing, 2)
            line.action_undo()
            self.assertEqual(line.state, "confirmed")
        line.action_cancel()
        self.assertSeats(outing, 0)

    def test_full_says_how_many_and_registers_nobody(self):
        outing = self._outing(seats=3)
        people = self._people(4)
        with self.assertRefused("4 asked for, 3 left"):
            self._register(outing, people)
        self.assertSeats(outing, 0)
        self._register(outing, people[:3])
        self.assertSeats(outing, 3)
        with self.assertRefused("1 asked for, none left"):
            self._register(outing, people[3])
        self._register(outing, people[3], state="waiting")
        self.assertSeats(outing, 3)

    def test_a_pair_needs_two_places(self):
        outing = self._outing(seats=3)
        people = self._people(2)
        self._register(outing, people[0], companion=True)
        with self.assertRefused("2 asked for, 1 left"):
            self._register(outing, people[1], companion=True)
        self._register(outing, people[1])
        self.assertSeats(outing, 3)

    def test_a_group_without_names(self):
        outing = self._outing(seats=12)
        lines = self.env["culture.registration"].with_user(self.referent)
        group = lines.browse(
            outing.with_user(self.referent).action_register(
                [{"group_label": "Tuesday desk", "adults": 8, "children": 3}]
            )
        )
        self.assertSeats(outing, 11)
        group.write({"adults": 9})
        self.assertSeats(outing, 12)
        with self.assertRaises(UserError):
            group.write({"children": 4})

    def test_the_counter_is_refused_from_outside(self):
        outing = self._outing().with_user(self.referent)
        for vals in ({"seats_taken": 5}, {"state": "done"}):
            with self.assertRaises(AccessError):
                outing.write(vals)
            with self.assertRaises(AccessError):
                outing.create({"name": "Forged", "seats_max": 5, **vals})
        forged = outing.with_context(default_seats_taken=5, default_state="done")
        self.assertEqual(forged.create({"name": "A", "seats_max": 9}).seats_taken, 0)
        self.assertEqual(forged.create({"name": "A", "seats_max": 9}).state, "draft")

    def test_defaults_from_the_context_do_not_take_seats_unseen(self):
        outing = self._outing(seats=10)
        lines = self.env["culture.registration"].with_user(self.referent)
        forged = lines.with_context(
            default_adults=9, default_seats=9, default_structure_id=self.south.id
        )
        line = forged.create(
            {"outing_id": outing.id, "beneficiary_id": self._person().id}
        )
        self.assertEqual((line.seats, line.structure_id), (1, self.north))
        self.assertSeats(outing, 1)

    def test_capacity_below_what_is_taken(self):
        outing = self._outing(seats=5)
        self._register(outing, self._people(3))
        with self.assertRefused("3 places are taken"):
            outing.with_user(self.referent).seats_max = 2
        outing.with_user(self.referent).seats_max = 3
        self.assertTrue(outing.is_full)

    @mute_logger("odoo.sql_db")
    def test_the_database_is_the_last_defence(self):
        outing = self._outing(seats=5)
        self._register(outing, self._people(2))
        self.env.flush_all()
        for column, value in (
            ("seats_taken", 6),
            ("seats_taken", -1),
            ("seats_max", 1),
        ):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.env.cr.execute(
                    f"UPDATE culture_outing SET {column} = %s WHERE id = %s",
                    [value, outing.id],
                )

    def test_the_hosts_import_obeys_too(self):
        outing = self._outing(seats=1)
        people = self._people(2)
        result = (
            self.env["culture.registration"]
            .with_user(self.referent)
            .load(
                ["outing_id/.id", "beneficiary_id/.id"],
                [[str(outing.id), str(person.id)] for person in people],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("Not enough places", result["messages"][0]["message"])
        self.assertSeats(outing, 0)

    def test_cancelling_the_outing_frees_all(self):
        outing = self._outing(seats=5)
        lines = self._register(outing, self._people(3))
        waiting = self._register(outing, self._people(1), state="waiting")
        outing.with_user(self.coordinator).action_cancel("venue")
        self.assertSeats(outing, 0)
        self.assertEqual(set((lines | waiting).mapped("state")), {"cancelled"})
        self.assertEqual(set(lines.mapped("cancelled_by")), {"venue"})

    def test_no_cancelling_once_attendance_is_recorded(self):
        outing = self._outing()
        line = self._register(outing, self._person())
        with freeze_time(outing.date_begin + timedelta(hours=1)):
            line.action_record("absent")
            with self.assertRefused("cannot be cancelled any more"):
                outing.with_user(self.coordinator).action_cancel("venue")


@tagged("post_install", "-at_install")
class TestTransitions(CultureCase):
    """What may follow what, when, and what is kept of it."""

    def test_forbidden_transitions(self):
        outing = self._outing()
        line = self._register(outing, self._person(), state="waiting")
        with self.assertRaises(UserError):
            line.write({"state": "attended"})
        line.action_cancel()
        with self.assertRefused("has changed meanwhile"):
            line.action_confirm()

    def test_a_registration_does_not_start_recorded(self):
        outing = self._outing()
        lines = self.env["culture.registration"].with_user(self.referent)
        for state in ("offered", "attended", "excused", "absent", "cancelled"):
            with self.assertRefused("starts as requested"):
                lines.create(
                    {
                        "outing_id": outing.id,
                        "beneficiary_id": self._person().id,
                        "state": state,
                    }
                )

    def test_attendance_from_the_start_on(self):
        outing = self._outing()
        line = self._register(outing, self._person())
        with self.assertRefused("Attendance is recorded from"):
            line.action_record("attended")
        with freeze_time(outing.date_begin):
            [row] = line.action_record("attended")
            self.assertEqual((row["state"], row["can_undo"]), ("attended", True))
            self.assertEqual(line.attendance_by_id, self.referent)
            with self.assertRefused("Choose attended"):
                line.action_record("confirmed")

    def test_freeing_stops_at_the_start(self):
        outing = self._outing()
        line = self._register(outing, self._person())
        with (
            freeze_time(outing.date_begin),
            self.assertRefused("record the attendance"),
        ):
            line.action_cancel()
        with freeze_time(outing.date_begin - timedelta(minutes=1)):
            line.action_cancel()

    def test_undo_the_same_day_then_the_coordination_only(self):
        outing = self._outing()
        line = self._register(outing, self._person())
        with freeze_time(outing.date_begin):
            line.action_record("absent")
            line.action_undo()
            line.action_record("absent")
        with freeze_time(outing.date_begin + timedelta(days=2)):
            with self.assertRefused("another day"):
                line.action_undo()
            with self.assertRefused("another day"):
                line.action_record("excused")
            line.with_user(self.coordinator).action_record("excused")
        self.assertEqual(line.state, "excused")

    def test_a_group_may_come_in_part(self):
        outing = self._outing()
        line = self._register(outing, self._person(), companion=True)
        with freeze_time(outing.date_begin):
            line.action_record("attended", seats_attended=1)
            self.assertEqual(line.seats_attended, 1)
            with self.assertRefused("no more people can have come"):
                line.action_record("attended", seats_attended=3)

    def test_the_trace_is_kept_and_not_changed(self):
        outing = self._outing()
        line = self._register(outing, self._person(), state="waiting")
        line.action_confirm()
        line.action_cancel()
        self.assertEqual(
            [(log.state_from, log.state_to, log.user_id) for log in line.log_ids[::-1]],
            [
                (False, "waiting", self.referent),
                ("waiting", "confirmed", self.referent),
                ("confirmed", "cancelled", self.referent),
            ],
        )
        for act in (
            lambda log: log.write({"state_to": "attended"}),
            lambda log: log.create({"registration_id": line.id}),
        ):
            with self.assertRaises(UserError):
                act(line.log_ids[:1])
            with self.assertRaises(UserError):
                act(line.log_ids[:1].sudo())

    def test_what_the_application_fills_is_refused(self):
        outing, other = self._outing(), self._outing()
        people = self._people(2)
        line = self._register(outing, people[0])
        for vals in (
            {"structure_id": self.south.id},
            {"date_begin": fields.Datetime.now()},
            {"booked_by_id": self.colleague.id},
            {"seats": 1},
        ):
            with self.assertRaises(AccessError):
                line.write(vals)
        for vals in ({"outing_id": other.id}, {"beneficiary_id": people[1].id}):
            with self.assertRefused("keeps its person"):
                line.write(vals)
        with self.assertRaises(UserError):
            line.copy()
        with self.assertRaises(UserError):
            line.sudo().unlink()


@tagged("post_install", "-at_install")
class TestConflicts(CultureCase):
    """I2: one live registration, no two outings at once, no minor alone."""

    def test_twice_on_one_outing(self):
        outing = self._outing()
        person = self._person()
        line = self._register(outing, person)
        for state in ("confirmed", "waiting"):
            with self.assertRefused("already"):
                self._register(outing, person, state=state)
        line.action_cancel()
        self._register(outing, person)

    def test_twice_in_one_call(self):
        person = self._person()
        with self.assertRefused("already"):
            self._register(self._outing(), person + person)

    def test_two_outings_at_one_time(self):
        first = self._outing()
        person = self._person()
        self._register(first, person)
        meanwhile = self._outing(date_begin=first.date_begin + timedelta(hours=2))
        with self.assertRefused("at that time already"):
            self._register(meanwhile, person)
        waiting = self._register(meanwhile, person, state="waiting")
        with self.assertRefused("at that time already"):
            waiting.action_confirm()
        after = self._outing(date_begin=first.date_end)
        self._register(after, person)

    def test_an_open_date_never_overlaps(self):
        person = self._person()
        self._register(self._outing(), person)
        until = fields.Datetime.now() + timedelta(days=60)
        open_dated = self._outing(date_begin=False, date_mode="open", date_end=until)
        self._register(open_dated, person)

    def test_a_postponed_outing_meets_another(self):
        person = self._person()
        first, second = (
            self._outing(),
            self._outing(date_begin=fields.Datetime.now() + timedelta(days=20)),
        )
        self._register(first, person)
        line = self._register(second, person)
        with self.assertRefused("1 person"):
            second.with_user(self.referent).write(
                {"date_begin": first.date_begin, "date_end": first.date_end}
            )
        moved = first.date_begin + timedelta(days=1)
        second.with_user(self.referent).write(
            {"date_begin": moved, "date_end": moved + timedelta(hours=2)}
        )
        self.assertEqual(line.date_begin, moved)

    @mute_logger("odoo.sql_db")
    def test_the_indexes_are_the_last_defence(self):
        first = self._outing()
        second = self._outing(date_begin=first.date_begin)
        person, other = self._people(2)
        self._register(first, person)
        line = self._register(second, other)
        self.env.flush_all()
        for error, column, value in (
            (ExclusionViolation, "beneficiary_id", person.id),
            (UniqueViolation, "outing_id", first.id),
        ):
            with self.assertRaises(error), self.env.cr.savepoint():
                self.env.cr.execute(
                    f"""UPDATE culture_registration SET {column} = %s,
                        beneficiary_id = %s WHERE id = %s"""
                    if column != "beneficiary_id"
                    else "UPDATE culture_registration SET beneficiary_id = %s"
                    " WHERE id = %s",
                    [value, line.id]
                    if column == "beneficiary_id"
                    else [value, person.id, line.id],
                )

    def test_a_minor_comes_with_an_adult_of_the_household(self):
        home = self.env["culture.household"].create(
            {"name": "Home", "structure_id": self.north.id}
        )
        birth = fields.Date.today() - timedelta(days=10 * 365)
        child = self._person("Child", birth_date=birth, household_id=home.id)
        mother = self._person("Mother", household_id=home.id)
        neighbour = self._person("Neighbour")
        outing = self._outing()
        with self.assertRefused("under 18"):
            self._register(outing, child)
        with self.assertRefused("under 18"):
            self._register(outing, child + neighbour)
        lines = self._register(outing, child + mother)
        self.assertEqual((lines[0].adults, lines[0].children), (0, 1))
        with self.assertRefused("under 18"):
            lines[1].action_cancel()
        lines.action_cancel()

    def test_or_with_an_escort(self):
        birth = fields.Date.today() - timedelta(days=10 * 365)
        child = self._person("Child", birth_date=birth)
        relay = self._relay_card()
        outing = self._outing(escort_ids=[(4, relay.id)])
        self._register(outing, child)
        with self.assertRefused("under 18"):
            outing.with_user(self.referent).escort_ids = [(5,)]

    def test_or_with_a_companion_who_stays(self):
        birth = fields.Date.today() - timedelta(days=10 * 365)
        child = self._person("Child", birth_date=birth)
        line = self._register(self._outing(), child, companion=True)
        with self.assertRefused("under 18"):
            line.companion = False
        line.outing_id.sudo().escort_ids = self._relay_card()
        line.companion = False
        self.assertEqual((line.adults, line.children), (0, 1))

    def test_minimum_age(self):
        birth = fields.Date.today() - timedelta(days=10 * 365)
        child = self._person("Child", birth_date=birth)
        outing = self._outing(min_age=12, escort_ids=[(4, self._relay_card().id)])
        with self.assertRefused("from 12 years on"):
            self._register(outing, child)

    def test_age_is_that_of_the_day_in_the_town(self):
        self.company.partner_id.tz = "Europe/Paris"
        birthday = self._person("Birthday", birth_date="2009-01-16")
        half_past_midnight = datetime(2027, 1, 15, 23, 30)
        outing = self._outing(date_begin=half_past_midnight, min_age=18)
        line = self._register(outing, birthday)
        self.assertEqual((line.adults, line.children), (1, 0))

    def test_a_registration_is_for_an_outing(self):
        lines = self.env["culture.registration"].with_user(self.referent)
        for given in ({}, {"outing_id": False}):
            with self.assertRefused("Outing: fill it in"):
                lines.create({"beneficiary_id": self._person("A").id, **given})


@tagged("post_install", "-at_install")
class TestQueries(CultureCase):
    """One and a hundred registrations cost the same small number of queries."""

    def _count(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.cache.clear()
        self.referent.partner_id.read(["tz"])  # every request reads its user
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _measure(self, number):
        outing = self._outing(seats=200)
        people = self._people(number)
        self._register(outing, people[0], state="waiting").action_cancel()
        counts = {}
        lines = self.env["culture.registration"].with_user(self.referent)

        def create():
            nonlocal lines
            lines = self._register(outing, people, state="waiting")

        counts["create"] = self._count(create)
        counts["confirm"] = self._count(lambda: lines.action_confirm())
        with freeze_time(outing.date_begin + timedelta(hours=1)):
            counts["attend"] = self._count(lambda: lines.write({"state": "attended"}))
        return counts

    def test_flat(self):
        self._measure(2)
        one, hundred = self._measure(1), self._measure(100)
        self.assertEqual(one, hundred)
        self.assertLessEqual(hundred["create"], 10)
        self.assertLessEqual(hundred["confirm"], 6)
        self.assertLessEqual(hundred["attend"], 6)
