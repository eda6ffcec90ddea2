from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.culture_partnership.models.culture_permanence import COUNTERS
from odoo.addons.culture_partnership.wizards.culture_permanence_repeat import (
    same_weekday,
)

from .common import CultureCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
class TestCounting(CultureCase):
    """A permanence is held without a name, and nothing is counted twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.permanence = cls._permanence().with_user(cls.referent)

    def _counts(self):
        return [self.permanence[name] for name in COUNTERS]

    def test_one_tap_is_a_visit_and_a_person(self):
        self.permanence.action_tap("moment")
        self.permanence.action_tap("talk")
        self.assertEqual(self._counts(), [2, 0, 0, 0])
        self.assertEqual(self.permanence.visit_count, 2)
        self.assertEqual(
            set(self.permanence.visit_ids.mapped("kind")), {"moment", "talk"}
        )
        self.assertEqual(self.permanence.state, "open")
        self.assertFalse(self.permanence.visit_ids.person_id)

    def test_presence_without_any_outing_counts(self):
        """No person, no outing, no follow-up: people were there."""
        self.permanence.action_tap("moment")
        self.permanence.action_close()
        self.assertEqual(self.permanence.people_count, 1)

    def test_each_counter_by_its_buttons(self):
        for counter in COUNTERS:
            self.permanence.action_count(counter, 1)
        self.assertEqual(self._counts(), [1, 1, 1, 1])
        for counter in reversed(COUNTERS):
            self.permanence.action_count(counter, -1)
        self.assertEqual(self._counts(), [0, 0, 0, 0])

    def test_never_below_zero_nor_first_above_all(self):
        for counter in ("people_count", "needs_count", "offers_count"):
            with self.assertRefused("between 0 and"):
                self.permanence.action_count(counter, -1)
        with self.assertRefused("“First time” cannot be more than “People seen”"):
            self.permanence.action_count("first_time_count", 1)
        self.permanence.action_count("people_count", 1)
        self.permanence.action_count("first_time_count", 1)
        with self.assertRefused("“First time” cannot be more than “People seen”"):
            self.permanence.action_count("people_count", -1)
        self.assertEqual(self._counts(), [1, 1, 0, 0])

    def test_totals_of_a_sheet_of_paper(self):
        self.permanence.write({"people_count": 12, "first_time_count": 5})
        self.assertEqual(self.permanence.state, "open")
        for vals, pattern in (
            ({"first_time_count": 13}, "“First time” cannot be more"),
            ({"people_count": 4}, "“First time” cannot be more"),
            ({"needs_count": -1}, "between 0 and"),
            ({"offers_count": 10**6}, "between 0 and"),
        ):
            with self.assertRefused(pattern):
                self.permanence.write(vals)
        self.assertEqual(self._counts(), [12, 5, 0, 0])

    def test_nothing_else_moves_a_counter(self):
        for counter, delta in (
            ("people_count", 2),
            ("people_count", 0),
            ("visit_count", 1),
            ("id", 1),
            ("people_count", "1"),
            (["people_count"], 1),
        ):
            with self.assertRefused("Say what is counted"):
                self.permanence.action_count(counter, delta)
        with self.assertRefused("Say what the visit was for"):
            self.permanence.action_tap("anything")

    def test_going_back_undoes_one_s_own_last_tap(self):
        self.permanence.user_ids += self.colleague
        self.permanence.action_tap("moment")
        self.permanence.with_user(self.colleague).action_tap("book")
        self.permanence.action_undo()
        self.assertEqual(self.permanence.visit_ids.mapped("kind"), ["book"])
        self.assertEqual(self.permanence.people_count, 1)
        with self.assertRefused("Nothing to go back on"):
            self.permanence.action_undo()

    def test_a_visit_of_two_phones_is_seen_by_both(self):
        self.permanence.user_ids += self.colleague
        self.permanence.with_user(self.colleague).action_tap("book")
        self.permanence.action_tap("moment")
        self.assertEqual(self.permanence.people_count, 2)

    def test_a_visit_made_by_import_counts_too(self):
        result = (
            self.env["culture.visit"]
            .with_user(self.referent)
            .load(
                ["permanence_id/.id", "kind"],
                [
                    [str(self.permanence.id), "moment"],
                    [str(self.permanence.id), "other"],
                ],
            )
        )
        self.assertEqual(len(result["ids"] or ()), 2, result["messages"])
        self.assertEqual(self.permanence.people_count, 2)
        visits = self.permanence.visit_ids.with_user(self.coordinator)
        visits[0].unlink()
        self.assertEqual(self.permanence.people_count, 1)

    def test_counted_from_its_day_on(self):
        coming = self._permanence(hours=-48).with_user(self.referent)
        for act in (
            lambda: coming.action_tap("moment"),
            lambda: coming.action_count("people_count", 1),
            coming.action_close,
            lambda: coming.write({"people_count": 1}),
        ):
            with self.assertRefused("counted from its day on"):
                act()
        self.permanence.action_tap("moment")
        with self.assertRefused("counted from its day on"):
            self.permanence.write(
                {
                    "date_begin": fields.Datetime.now() + timedelta(days=9),
                    "date_end": fields.Datetime.now() + timedelta(days=9, hours=2),
                }
            )

    def test_numbers_are_open_until_the_next_day(self):
        """A host until midnight of the next day where it is, then the coordination."""
        held = self._permanence(
            date_begin="2026-10-24 12:00:00", date_end="2026-10-24 14:00:00"
        ).with_user(self.referent)
        with freeze_time("2026-10-25 22:59:00"):
            held.action_close()
            held.action_count("people_count", 1)
        for late in ("2026-10-25 23:00:00", "2026-11-20 10:00:00"):
            with freeze_time(late):
                for act in (
                    lambda: held.action_count("people_count", 1),
                    lambda: held.write({"people_count": 7}),
                    lambda: held.action_tap("moment"),
                    lambda: held.write({"date_begin": "2026-11-20 09:00:00"}),
                    held.action_reopen,
                    held.action_undo,
                ):
                    with self.assertRefused("changed until the next day"):
                        act()
                self.assertFalse(held.may_count)
        with freeze_time("2026-11-20 10:00:00"):
            theirs = held.with_user(self.coordinator)
            theirs.action_count("people_count", 1)
            theirs.write({"offers_count": 3})
            self.assertTrue(theirs.may_count)
        self.assertEqual((held.people_count, held.offers_count), (2, 3))

    def test_closed_takes_numbers_and_no_visit(self):
        self.permanence.action_close()
        self.permanence.action_close()
        self.permanence.action_count("people_count", 1)
        with self.assertRefused("is closed"):
            self.permanence.action_tap("moment")
        self.permanence.action_reopen()
        self.permanence.action_tap("moment")
        self.assertEqual(self.permanence.people_count, 2)

    def test_what_was_held_is_kept(self):
        self.permanence.action_tap("moment")
        with self.assertRefused("is kept"):
            self.permanence.with_user(self.coordinator).unlink()
        copy = self.permanence.copy()
        self.assertEqual(
            (copy.state, copy.people_count, copy.visit_count), ("planned", 0, 0)
        )
        copy.with_user(self.coordinator).unlink()

    def test_dates(self):
        with self.assertRefused("ends after it starts"):
            self.permanence.date_end = self.permanence.date_begin
        with self.assertRefused("within a day"):
            self.permanence.date_end = self.permanence.date_begin + timedelta(days=2)
        with self.assertRefused("check the year"):
            self._permanence(date_begin=datetime(2990, 1, 1))
        visit = self._visit(self.permanence).with_user(self.referent)
        with self.assertRefused("within its permanence"):
            visit.date = fields.Datetime.now() + timedelta(days=1)

    def test_the_form_proposes_place_hours_and_host(self):
        permanences = self.env["culture.permanence"].with_user(self.referent)
        with Form(permanences) as form:
            form.venue_id = self.venue
            form.date_begin = datetime(2031, 3, 4, 13)
        made = form.record
        self.assertEqual(made.date_end, datetime(2031, 3, 4, 15))
        self.assertEqual(
            (made.user_ids, made.structure_id), (self.referent, self.north)
        )
        self.assertEqual(
            made.display_name,
            "Theatre of the Port · Tuesday 4 March, 14:00 – 16:00",
        )

    def test_a_place_in_use_stays(self):
        with self.assertRefused("is used"):
            self.venue.unlink()

    def test_figures_by_kind_of_place(self):
        """What is compared is stored, and no identity is in it."""
        self._permanence(familiar="anonymous").with_user(self.referent).write(
            {"people_count": 3, "first_time_count": 2}
        )
        self.permanence.action_tap("moment")
        groups = self.env["culture.permanence"].with_user(self.coordinator)
        groups = groups.formatted_read_group(
            [],
            ["familiar"],
            ["people_count:sum", "first_time_count:sum", "followup_count:sum"],
        )
        found = {group["familiar"]: group["people_count:sum"] for group in groups}
        self.assertEqual(found, {"familiar": 1, "anonymous": 3})


@tagged("post_install", "-at_install", "security")
class TestNaming(CultureCase):
    """A visit becomes a follow-up or a registration of who agreed to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.permanence = cls._permanence(
            user_ids=[Command.set((cls.referent + cls.colleague).ids)]
        ).with_user(cls.referent)
        cls.permanence.action_tap("talk")
        cls.visit = cls.permanence.visit_ids
        cls.person = cls._person("Ada")

    def _note(self, visit, person=None, **vals):
        """The dialog as the browser saves it, then its button."""
        action = visit.action_note_followup()
        dialogs = self.env[action["res_model"]].with_user(visit.env.user)
        dialogs = dialogs.with_context(**action["context"])
        if person:
            vals["beneficiary_id"] = person.id
        return dialogs.create({"note": "Likes circus", **vals}).action_save()

    def test_a_visit_becomes_a_followup_and_counts_once(self):
        self._note(self.visit, self.person)
        followup = self.person.followup_ids
        self.assertEqual((followup.kind, followup.note), ("desk", "Likes circus"))
        self.assertEqual(followup.date, fields.Date.today())
        self.assertEqual(self.visit.person_id, self.person)
        self.assertEqual(self.visit.outcome, "Follow-up noted")
        self.assertEqual(
            (self.permanence.people_count, self.permanence.visit_count), (1, 1)
        )
        self.assertEqual(self.permanence.followup_count, 1)

    def test_last_contact_is_the_followup_s(self):
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            held = self._permanence().with_user(self.referent)
            held.action_tap("moment")
            self._note(held.visit_ids, self.person)
            self.assertEqual(self.person.last_contact_date, fields.Date.today())

    def test_the_dialog_is_that_of_a_visit(self):
        action = self.visit.action_note_followup()
        dialogs = self.env[action["res_model"]].with_user(self.referent)
        with Form(dialogs.with_context(**action["context"])) as form:
            self.assertEqual(form.kind, "desk")
            form.beneficiary_id = self.person
        self.assertEqual(form.record.visit_id, self.visit)

    def test_one_followup_a_visit(self):
        self._note(self.visit, self.person)
        with self.assertRefused("Somebody has just done this"):
            self.visit.action_note_followup()
        context = {"default_visit_id": self.visit.id}
        dialogs = self.env["culture.followup.note"].with_user(self.referent)
        dialog = dialogs.with_context(**context).create(
            {"beneficiary_id": self.person.id}
        )
        with self.assertRefused("Somebody has just done this"):
            dialog.action_save()
        self.assertEqual(len(self.person.followup_ids), 1)

    def test_a_deleted_followup_takes_the_name_away(self):
        self._note(self.visit, self.person)
        self.person.followup_ids.with_user(self.referent).unlink()
        hidden = self.visit.sudo()
        self.assertFalse(hidden.beneficiary_id or hidden.followup_id)
        self.assertEqual(self.permanence.followup_count, 0)
        self.assertEqual(self.permanence.people_count, 1)
        self.permanence.action_undo()
        self.assertEqual(self.permanence.people_count, 0)

    def test_a_named_visit_is_not_undone(self):
        self._note(self.visit, self.person)
        with self.assertRefused("linked to a person"):
            self.permanence.action_undo()

    def test_a_visit_becomes_a_registration(self):
        outing = self._outing()
        action = self.visit.action_register()
        self.assertEqual(action["res_model"], "culture.visit.register")
        chooser = self.env[action["res_model"]].with_user(self.referent)
        chooser = chooser.browse(action["res_id"])
        with self.assertRefused("choose who it was"):
            chooser.action_next()
        chooser.beneficiary_id = self.person
        action = chooser.action_next()
        assistant = self.env[action["res_model"]].with_user(self.referent)
        assistant = assistant.browse(action["res_id"])
        line = assistant.line_ids.filtered(lambda x: x.outing_id == outing)
        line.selected = True
        assistant.action_confirm()
        self.assertEqual(self.person.registration_ids.outing_id, outing)
        self.assertEqual(self.visit.person_id, self.person)
        self.assertEqual(self.permanence.registration_count, 1)
        self.assertEqual(self.permanence.people_count, 1)
        # a follow-up of the same person may come on top, and no other person's
        other = self._person("Blaise")
        with self.assertRefused("of another person"):
            self._note(self.visit, other)
        self._note(self.visit)
        self.assertEqual(self.visit.outcome, "Follow-up noted · Registration")
        self.assertEqual(self.permanence.visit_count, 1)

    def test_known_already_the_outings_come_at_once(self):
        self._note(self.visit, self.person)
        action = self.visit.action_register()
        self.assertEqual(action["res_model"], "culture.register")

    @mute_logger(*QUIET)
    def test_whose_visit_it_was_is_not_the_co_host_s(self):
        """Threat: who hosted beside reads whom a colleague met."""
        self._note(self.visit, self.person)
        theirs = self.visit.with_user(self.colleague)
        self.assertTrue(theirs.read(["kind", "outcome"]))
        self.assertFalse(theirs.person_id)
        self.assertFalse(theirs.may_note or theirs.may_register)
        for name in ("beneficiary_id", "followup_id", "registration_id"):
            for act in (
                lambda n=name: theirs.read([n]),
                lambda n=name: theirs.search([(n, "=", self.person.id)]),
                lambda n=name: theirs.search([(f"{n}.id", ">", 0)]),
                lambda n=name: theirs.formatted_read_group([], [n], ["__count"]),
                lambda n=name: theirs.write({n: False}),
                lambda n=name: theirs.create(
                    {
                        "permanence_id": self.permanence.id,
                        "kind": "other",
                        n: self.person.id,
                    }
                ),
            ):
                with self.assertRaises(AccessError):
                    act()
        for act in (theirs.action_note_followup, theirs.action_register):
            with self.assertRaises(AccessError):
                act()
        self.assertEqual(self.visit.sudo().beneficiary_id, self.person)

    @mute_logger(*QUIET)
    def test_the_coordination_does_not_read_that_a_followup_was_noted(self):
        """Threat: the visit tells the day of a note that was not shared."""
        self._note(self.visit, self.person)
        theirs = self.visit.with_user(self.coordinator)
        self.assertTrue(self.person.with_user(self.coordinator).has_access("read"))
        self.assertFalse(theirs.person_id or theirs.may_register)
        self.assertEqual(theirs.outcome, "Follow-up noted")
        with self.assertRaises(AccessError):
            theirs.action_register()
        # nor by asking of each person whether it was them
        for person in (self.person, self._person("Blaise")):
            asked = self.env["culture.visit.register"].with_user(self.coordinator)
            asked = asked.create(
                {"visit_id": self.visit.id, "beneficiary_id": person.id}
            )
            with self.assertRefused("is not open to you", AccessError):
                asked.action_next()
        self.person.followup_ids.with_user(self.referent).shared = True
        self.env.invalidate_all()
        self.assertEqual(theirs.person_id, self.person)

    @mute_logger(*QUIET)
    def test_beside_a_name_only_what_one_reads(self):
        """Threat: the name comes by the registration, the follow-up stands beside."""
        line = self._register(self._outing(), self.person)
        self.visit.sudo().write(
            {"beneficiary_id": self.person.id, "registration_id": line.id}
        )
        self._note(self.visit)
        theirs = self.visit.with_user(self.coordinator)
        self.assertEqual(theirs.person_id, self.person)
        self.assertEqual(theirs.outcome, "Registration")
        self.assertEqual(self.visit.outcome, "Follow-up noted · Registration")

    def test_a_handover_takes_the_name_along(self):
        self._note(self.visit, self.person)
        self.person.with_user(self.coordinator).referent_id = self.colleague_card
        self.env.invalidate_all()
        self.assertFalse(self.visit.person_id)
        self.assertEqual(self.visit.with_user(self.colleague).person_id, self.person)

    @mute_logger(*QUIET)
    def test_nobody_names_a_person_not_followed(self):
        far = self._person("Far", self.far_card)
        with self.assertRaises(AccessError):
            self._note(self.visit, far)
        chooser = self.env["culture.visit.register"].with_user(self.referent)
        with self.assertRaises(AccessError):
            chooser.create({"visit_id": self.visit.id, "beneficiary_id": far.id})
        self.assertFalse(self.visit.sudo().beneficiary_id)

    @mute_logger(*QUIET)
    def test_nobody_names_a_visit_of_others(self):
        elsewhere = self._permanence(user_ids=[Command.set(self.colleague.ids)])
        visit = self._visit(elsewhere).with_user(self.referent)
        for act in (visit.action_note_followup, visit.action_register):
            with self.assertRaises(AccessError):
                act()
        dialogs = self.env["culture.followup.note"].with_user(self.referent)
        with self.assertRaises(AccessError):
            dialogs.create(
                {"visit_id": visit.id, "beneficiary_id": self.person.id}
            ).action_save()
        self.assertFalse(visit.sudo().beneficiary_id)

    @mute_logger(*QUIET)
    def test_a_coordinator_registers_and_notes_nothing(self):
        visit = self.visit.with_user(self.coordinator)
        self.assertTrue(visit.action_register())
        with self.assertRaises(AccessError):
            visit.action_note_followup()


@tagged("post_install", "-at_install", "security")
class TestRights(CultureCase):
    """Who holds a permanence, who reads it, who changes its record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relay = cls._relay_card(user_id=cls.agent_relay.id)
        cls.permanence = cls._permanence(host_ids=[Command.set(cls.relay.ids)])
        cls.visit = cls._visit(cls.permanence)

    @mute_logger(*QUIET)
    def test_others_reach_nothing(self):
        for user in (
            self.colleague,
            self.far_referent,
            self.far_coordinator,
            self.administrator,
            self.stranger,
        ):
            theirs = self.permanence.with_user(user)
            with self.subTest(user=user.login):
                for act in (
                    lambda t=theirs: t.read(["people_count"]),
                    lambda t=theirs: t.write({"people_count": 9}),
                    lambda t=theirs: t.action_count("people_count", 1),
                    lambda t=theirs: t.action_tap("moment"),
                    theirs.action_undo,
                    theirs.action_close,
                    theirs.action_reopen,
                    theirs.action_repeat,
                    theirs.unlink,
                ):
                    with self.assertRaises(AccessError):
                        act()
        self.assertEqual(self.permanence.people_count, 1)
        self.assertEqual(self.permanence.state, "open")

    @mute_logger(*QUIET)
    def test_an_agent_who_is_a_relay_reads_numbers_only(self):
        theirs = self.permanence.with_user(self.agent_relay)
        self.assertEqual(theirs.read(["people_count"])[0]["people_count"], 1)
        for act in (
            lambda: theirs.write({"people_count": 9}),
            lambda: theirs.action_count("people_count", 1),
            lambda: theirs.read(["visit_ids"]),
            lambda: self.visit.with_user(self.agent_relay).read(["kind"]),
        ):
            with self.assertRaises(AccessError):
                act()
        self.permanence.host_ids = False
        self.assertFalse(theirs.search([("id", "=", theirs.id)]))

    @mute_logger(*QUIET)
    def test_what_one_has_created_stays_one_s_own(self):
        made = self._made_by_referent(user_ids=[Command.set(self.colleague.ids)])
        made.action_tap("moment")
        self.assertTrue(made.with_user(self.colleague).has_access("write"))
        role = self.env["culture.role"].search([("user_id", "=", self.referent.id)])
        role.action_end_now()
        self.assertFalse(made.has_access("read"))

    def _made_by_referent(self, **vals):
        return (
            self.env["culture.permanence"]
            .with_user(self.referent)
            .create(
                {
                    "venue_id": self.venue.id,
                    "structure_id": self.north.id,
                    "date_begin": fields.Datetime.now() - timedelta(hours=1),
                    **vals,
                }
            )
        )

    @mute_logger(*QUIET)
    def test_a_referent_creates_where_the_role_covers(self):
        for structure in (self.south, self.association, self.ccas):
            with self.assertRaises(UserError):
                self._made_by_referent(structure_id=structure.id)
        mine = self._made_by_referent()
        with self.assertRaises(UserError):
            mine.structure_id = self.south
        with self.assertRaises(AccessError):
            mine.state = "closed"
        with self.assertRaises(AccessError):
            self._made_by_referent(state="closed")
        with self.assertRaises(AccessError):
            mine.write({"visit_ids": [Command.create({"kind": "moment"})]})

    @mute_logger(*QUIET)
    def test_another_role_lends_no_structure_to_the_referent(self):
        """Threat: an administrator's scope lets the referent in them create there."""
        self._role(self.referent, "administrator", self.south)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._made_by_referent(structure_id=self.south.id)
        self.assertTrue(self._made_by_referent())

    @mute_logger(*QUIET)
    def test_a_visit_stays_with_its_permanence(self):
        """Threat: a visit that is moved counts twice, or out of another's sight."""
        mine = self._made_by_referent()
        visit = self.visit.with_user(self.referent)
        with self.assertRefused("stays with its permanence"):
            visit.permanence_id = mine
        theirs = self._permanence(user_ids=[Command.set(self.colleague.ids)])
        with self.assertRaises(AccessError):
            visit.create({"permanence_id": theirs.id, "kind": "other"})
        with self.assertRaises(AccessError):
            visit.with_context(default_permanence_id=theirs.id).create(
                {"kind": "other"}
            )
        self.assertEqual((mine.people_count, theirs.people_count), (0, 0))

    def test_people_of_partners_are_relays(self):
        portal = new_test_user(self.env, "test_portal", groups="base.group_portal")
        with self.assertRefused("people of partners are relays"):
            self._made_by_referent(user_ids=[Command.set(portal.ids)])


@tagged("post_install", "-at_install")
class TestDates(CultureCase):
    """The next dates: the same hour on the wall of the place."""

    def _repeat(self, permanence, every, until, user=None):
        permanence = permanence.with_user(user or self.referent)
        action = permanence.action_repeat()
        assistant = self.env[action["res_model"]].with_user(user or self.referent)
        assistant = assistant.browse(action["res_id"])
        assistant.write({"every": every, "until": until})
        return assistant

    def _dates(self):
        found = self.env["culture.permanence"].search([], order="date_begin")
        return [moment.strftime("%m-%d %H:%M") for moment in found.mapped("date_begin")]

    @freeze_time("2026-10-05 08:00:00")
    def test_the_hour_stays_when_the_clocks_go_back(self):
        first = self._permanence(
            date_begin="2026-10-13 12:00:00", date_end="2026-10-13 14:30:00"
        )
        assistant = self._repeat(first, "week", "2026-11-03")
        self.assertEqual(
            assistant.preview, "3 dates, from Tuesday 20 October to Tuesday 3 November"
        )
        notice = assistant.action_create_dates()
        self.assertIn("3 dates made.", notice["params"]["message"])
        self.assertEqual(
            self._dates(), ["10-13 12:00", "10-20 12:00", "10-27 13:00", "11-03 13:00"]
        )
        made = self.env["culture.permanence"].search([("id", "!=", first.id)])
        self.assertEqual(
            set(made.with_user(self.referent).mapped("when_label")),
            {
                "Tuesday 20 October, 14:00 – 16:30",
                "Tuesday 27 October, 14:00 – 16:30",
                "Tuesday 3 November, 14:00 – 16:30",
            },
        )
        self.assertEqual(made.user_ids, self.referent)
        self.assertEqual(set(made.mapped("state")), {"planned"})

    @freeze_time("2027-03-01 08:00:00")
    def test_the_hour_stays_when_the_clocks_go_forward(self):
        first = self._permanence(
            date_begin="2027-03-17 13:00:00", date_end="2027-03-17 15:00:00"
        )
        self._repeat(first, "fortnight", "2027-04-14").action_create_dates()
        self.assertEqual(self._dates(), ["03-17 13:00", "03-31 12:00", "04-14 12:00"])

    @freeze_time("2026-10-05 08:00:00")
    def test_every_month_on_the_same_weekday(self):
        first = self._permanence(
            date_begin="2026-10-13 12:00:00", date_end="2026-10-13 14:00:00"
        )
        self._repeat(first, "month", "2027-01-31").action_create_dates()
        self.assertEqual(
            self._dates(), ["10-13 12:00", "11-10 13:00", "12-08 13:00", "01-12 13:00"]
        )

    def test_a_fifth_weekday_is_the_last_one(self):
        self.assertEqual(same_weekday(date(2026, 9, 29), 1), date(2026, 10, 27))
        self.assertEqual(same_weekday(date(2026, 9, 29), 3), date(2026, 12, 29))
        self.assertEqual(same_weekday(date(2026, 12, 1), 1), date(2027, 1, 5))

    @freeze_time("2026-10-05 08:00:00")
    def test_what_exists_is_left_alone(self):
        first = self._permanence(
            date_begin="2026-10-13 12:00:00", date_end="2026-10-13 14:00:00"
        )
        there = self._permanence(
            date_begin="2026-10-20 12:00:00",
            date_end="2026-10-20 14:00:00",
            user_ids=[Command.set(self.colleague.ids)],
        )
        message = self._repeat(first, "week", "2026-10-27").action_create_dates()
        self.assertEqual(
            message["params"]["message"], "1 date made. 1 was there already."
        )
        self.assertEqual(there.user_ids, self.colleague)
        self._repeat(first, "week", "2026-10-27").action_create_dates()
        self.assertEqual(len(self._dates()), 3)

    @freeze_time("2026-10-05 08:00:00")
    def test_bounds(self):
        first = self._permanence(
            date_begin="2026-10-13 12:00:00", date_end="2026-10-13 14:00:00"
        )
        with self.assertRefused("60 dates at most"):
            self._repeat(first, "week", "2031-01-01").action_create_dates()
        with self.assertRefused("No date until that day"):
            self._repeat(first, "week", "2026-10-14").action_create_dates()
        self.assertEqual(len(self._dates()), 1)
        self._repeat(first, "week", "2027-12-07").action_create_dates()
        self.assertEqual(len(self._dates()), 61)

    @mute_logger(*QUIET)
    def test_only_who_may_change_it(self):
        permanence = self._permanence()
        assistant = self._repeat(
            permanence, "week", fields.Date.today() + timedelta(days=9)
        )
        permanence.user_ids = self.colleague
        with self.assertRaises(AccessError):
            assistant.action_create_dates()
