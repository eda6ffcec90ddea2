from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CultureCase


@tagged("post_install", "-at_install")
class TestBeneficiary(CultureCase):
    """The file holds the identity; who follows it is dated."""

    def _mine(self, **vals):
        people = self.env["culture.beneficiary"].with_user(self.referent)
        return people.create({"first_name": "Ada", **vals})

    def test_one_name_is_enough(self):
        person = self._mine()
        self.assertEqual(person.structure_id, self.north)
        self.assertEqual(person.referent_id, self.referent_card)
        self.assertEqual(person.display_name, "Ada")
        self.assertTrue(person.is_mine)

    def test_the_form_opens_and_saves_as_a_referent(self):
        people = self.env["culture.beneficiary"].with_user(self.referent)
        with Form(people) as form:
            form.first_name = "Ada"
            form.chosen_name = "Dada"
            form.last_name = "Test"
        self.assertEqual(form.record.display_name, "Dada Test")

    def test_numbers_are_given_once(self):
        numbers = {person.reference for person in self._people(3)}
        self.assertEqual(len(numbers), 3)
        with self.assertRaises(AccessError):
            self._mine().reference = "2000-0001"
        with self.assertRaises(UserError):
            self._mine().copy()

    def test_impossible_dates_and_mails(self):
        person = self._mine()
        for birth in ("1700-01-01", fields.Date.today() + timedelta(days=1)):
            with self.assertRefused("Date of birth"):
                person.birth_date = birth
        with self.assertRefused("E-mail"):
            person.email = "nowhere"

    def test_last_contact_is_a_real_one(self):
        with freeze_time("2026-01-05 09:00:00"):
            person = self._person()
            outing = self._outing(date_begin="2026-02-10 19:00:00")
            line = self._register(outing, person)
        self.assertEqual(str(person.last_contact_date), "2026-01-05")
        with freeze_time("2026-02-10 19:30:00"):
            line.action_record("absent")
            self.assertEqual(str(person.last_contact_date), "2026-01-05")
            line.action_record("attended")
            self.assertEqual(str(person.last_contact_date), "2026-02-10")
            line.action_undo()
            self.assertEqual(str(person.last_contact_date), "2026-01-05")

    def test_first_outing_and_next_one(self):
        person = self._person()
        people = self.env["culture.beneficiary"].with_user(self.referent)
        self.assertTrue(person.first_outing)
        self.assertFalse(person.next_outing_label)
        line = self._register(self._outing(), person)
        self.assertIn("The Tempest", person.next_outing_label)
        self.assertIn(person, people.search([("first_outing", "=", True)]))
        with freeze_time(line.date_begin):
            line.action_record("attended")
        self.assertFalse(person.first_outing)
        self.assertNotIn(person, people.search([("first_outing", "=", True)]))

    def test_duplicates_are_shown_to_who_may_see_both(self):
        birth = fields.Date.to_date("1980-05-01")
        twins = self._person("Zoé", birth_date=birth) | self._person(
            "zoé", self.colleague_card, birth_date=birth
        )
        people = self.env["culture.beneficiary"]
        double = [("has_duplicate", "=", True)]
        self.assertEqual(people.with_user(self.coordinator).search(double), twins)
        self.assertFalse(people.with_user(self.referent).search(double))
        self.assertFalse(twins[0].with_user(self.referent).has_duplicate)

    def test_who_sees_the_file_in_plain_words(self):
        person = self._person()
        self.env["culture.access"].create(
            {
                "beneficiary_id": person.id,
                "user_id": self.colleague.id,
                "kind": "replacement",
                "date_end": fields.Datetime.now() + timedelta(days=3),
            }
        )
        mine = person.with_user(self.referent).who_sees
        self.assertIn("because you follow this person", mine)
        self.assertIn("test_colleague", mine)
        self.assertIn("because you replace", person.with_user(self.colleague).who_sees)
        self.assertIn(
            "because you coordinate", person.with_user(self.coordinator).who_sees
        )

    def test_the_linked_contacts_phone(self):
        contact = self.env["res.partner"].create(
            {"name": "Ada", "phone": "+33 4 65 71 00 01"}
        )
        person = self._mine(partner_id=contact.id, phone="04 65 71 00 01")
        self.assertFalse(person.partner_phone_differs)
        contact.phone = "04 65 71 99 99"
        self.assertTrue(person.partner_phone_differs)
        person.action_take_partner_phone()
        self.assertEqual(person.phone, "04 65 71 99 99")
        self.assertFalse(person.partner_phone_differs)

    def test_a_referent_with_most_room_comes_first(self):
        self.colleague_card.capacity = 2
        self._people(3)
        cards = (
            self.env["culture.referent"]
            .with_user(self.coordinator)
            .with_context(culture_show_load=True)
        )
        found = cards.name_search("", [("structure_id", "=", self.north.id)])
        self.assertEqual(found[0][0], self.referent_card.id)
        self.assertIn("3 of 25", found[0][1])
        hidden = cards.with_user(self.referent).name_search("test")
        self.assertNotIn("of 25", str(hidden))

    def test_nobody_is_given_to_an_ended_referent(self):
        role = self.env["culture.role"].search([("user_id", "=", self.colleague.id)])
        followed = self._person(referent=self.colleague_card)
        role.action_end_now()
        self.assertFalse(self.colleague_card.has_role)
        person = self._person().with_user(self.coordinator)
        with self.assertRefused("no role of referent today"):
            person.referent_id = self.colleague_card
        people = self.env["culture.beneficiary"].with_user(self.coordinator)
        self.assertEqual(people.search([("without_referent", "=", True)]), followed)
        self.assertTrue(followed.without_referent)
        self.assertNotIn(
            "test_colleague", followed.with_user(self.coordinator).who_sees
        )
        group = "culture_partnership.group_culture_partnership_referent"
        self.assertFalse(self.colleague.has_group(group))

    def test_a_referent_over_capacity_is_said_while_choosing(self):
        self.colleague_card.capacity = 1
        self._person(referent=self.colleague_card)
        person = self._person()
        with Form(person.with_user(self.coordinator)) as form:
            self.assertFalse(form.referent_warning)
            form.referent_id = self.colleague_card
            self.assertIn("1 persons of 1", form.referent_warning)

    def test_coming_back(self):
        """To where the accompaniment had got to; see test_stages for the others."""
        person = self._mine()
        person.stage = "accompanied"
        person.action_end()
        self.assertEqual(person.stage, "left")
        person.action_resume()
        self.assertEqual(person.stage, "accompanied")


@tagged("post_install", "-at_install")
class TestRegisterAssistant(CultureCase):
    """Four clicks from a contact to a confirmed place."""

    def _open(self, record, user=None):
        record = record.with_user(user or self.referent)
        if record._name == "culture.outing":
            action = record.action_open_register()
        else:
            action = record.action_register()
        return (
            self.env["culture.register"]
            .with_user(record.env.user)
            .browse(action["res_id"])
        )

    def test_from_an_outing(self):
        people = self._people(3)
        outing = self._outing(seats=2)
        assistant = self._open(outing)
        self.assertEqual(assistant.line_ids.beneficiary_id, people)
        assistant.line_ids[0].selected = True
        self.assertEqual(assistant.chosen_label, "1 place chosen, 1 will be left.")
        assistant.action_confirm()
        self.assertEqual(outing.seats_taken, 1)

    def test_past_the_last_seat_it_is_said_before_saving(self):
        self._people(3)
        outing = self._outing(seats=2)
        assistant = self._open(outing)
        assistant.line_ids.selected = True
        self.assertEqual(assistant.line_ids.mapped("no_room"), [False, False, True])
        self.assertIn("1 too many", assistant.chosen_label)
        notice = assistant.action_confirm()["params"]["message"]
        self.assertIn("2 places confirmed", notice)
        self.assertIn("1 registration on the waiting list", notice)
        self.assertEqual((outing.seats_taken, outing.waiting_count), (2, 1))

    def test_a_household_is_not_split(self):
        home = self.env["culture.household"].create(
            {"name": "Home", "structure_id": self.north.id}
        )
        self._people(2, household_id=home.id)
        outing = self._outing(seats=1)
        assistant = self._open(outing)
        assistant.line_ids[0].selected = True
        assistant.action_add_household()
        self.assertEqual(assistant.line_ids.mapped("selected"), [True, True])
        self.assertTrue(assistant.nothing_fits)
        assistant.action_wait()
        self.assertEqual((outing.seats_taken, outing.waiting_count), (0, 2))

    def test_what_helps_to_choose(self):
        theatre = self.env["culture.discipline"].search([], limit=1)
        need = self.env["culture.access.need"].search([], limit=1)
        fond, busy = self._person("Fond"), self._person("Busy")
        fond.write(
            {
                "discipline_ids": [Command.link(theatre.id)],
                "access_need_ids": [Command.link(need.id)],
            }
        )
        outing = self._outing(discipline_id=theatre.id)
        self._register(self._outing(), busy)
        lines = {x.beneficiary_id: x for x in self._open(outing).line_ids}
        self.assertIn("yes", lines[fond].wishes)
        self.assertIn("to check with the venue", lines[fond].access)
        self.assertEqual(lines[fond].waited, "First outing")
        self.assertEqual(lines[fond].that_day, "Free")
        self.assertIn("An outing at", lines[busy].that_day)

    def test_first_outing_first_then_longest_wait(self):
        early, late, never = (self._person(name) for name in ("E", "L", "N"))
        self.env["culture.access"].search([]).date_start = "2020-01-01"
        for person, days in ((early, 90), (late, 40)):
            begin = fields.Datetime.now() - timedelta(days=days)
            with freeze_time(begin - timedelta(days=1)):
                line = self._register(self._outing(date_begin=begin), person)
            with freeze_time(begin):
                line.action_record("attended")
        lines = self._open(self._outing()).line_ids
        self.assertEqual(lines.beneficiary_id.ids, (never | early | late).ids)
        self.assertEqual(lines[1].waited, "3 months")

    def test_from_a_person(self):
        person = self._person()
        outings = self._outing() | self._outing(
            date_begin=fields.Datetime.now() + timedelta(days=20)
        )
        assistant = self._open(person)
        self.assertEqual(assistant.line_ids.outing_id, outings)
        assistant.line_ids.selected = True
        assistant.companion = True
        assistant.action_confirm()
        self.assertEqual(outings.mapped("seats_taken"), [2, 2])

    def test_warnings_that_do_not_stop(self):
        person = self._person()
        outing = self._outing(date_begin=fields.Datetime.now() + timedelta(hours=2))
        assistant = self._open(outing)
        assistant.line_ids.selected = True
        for pattern in ("neither phone nor e-mail", "deadline", "not noted yet"):
            self.assertRegex(assistant.warnings, pattern)
        assistant.action_confirm()
        self.assertEqual(person.registration_ids.state, "confirmed")

    def test_nothing_chosen(self):
        self._person()
        with self.assertRefused("Choose at least one"):
            self._open(self._outing()).action_confirm()

    def test_a_group_without_names(self):
        outing = self._outing(seats=10)
        assistant = self._open(outing)
        assistant.write({"group_label": "Desk", "group_adults": 4, "group_children": 2})
        assistant.action_confirm()
        self.assertEqual(outing.seats_taken, 6)
        self.assertEqual(outing.registration_ids.group_label, "Desk")


@tagged("post_install", "-at_install", "security")
class TestFileElsewhere(CultureCase):
    """A second file for one person: said by every way in, with whom to ask."""

    TWIN = {"first_name": "Zoé", "last_name": "Test", "birth_date": "1980-05-01"}
    TEXT = r"file for this person already.*: Agency South, 04 65 71 00 00\."

    def setUp(self):
        super().setUp()
        self.hidden = self._person("Zoé", self.far_card, birth_date="1980-05-01")
        self.people = self.env["culture.beneficiary"].with_user(self.referent)

    def test_by_rpc_whatever_the_writing(self):
        for vals in (
            self.TWIN,
            {**self.TWIN, "first_name": "ZOE"},
            {**self.TWIN, "first_name": "Test", "last_name": "zoé"},
        ):
            with self.assertRefused(self.TEXT):
                self.people.create([{"first_name": "Other"}, vals])
        with self.assertRefused(self.TEXT):
            self.people.with_context(default_birth_date="1980-05-01").create(
                {"first_name": "Zoé", "last_name": "Test"}
            )

    def test_in_the_form_and_the_way_out(self):
        with Form(self.people) as form:
            form.first_name = "Zoé"
            form.last_name = "Test"
            self.assertFalse(form.elsewhere_warning)
            form.birth_date = "1980-05-01"
            self.assertRegex(form.elsewhere_warning, self.TEXT)
            with self.assertRefused(self.TEXT):
                form.save()
            form.another_person = True
        self.assertNotEqual(form.record, self.hidden)

    def test_nothing_is_said_of_a_file_in_reach_or_of_another_company(self):
        far = self.env["culture.beneficiary"].with_user(self.far_referent)
        self.assertTrue(far.create(self.TWIN))
        __, elsewhere, __ = self._second_company()
        theirs = self.env["culture.beneficiary"].with_user(elsewhere)
        self.assertTrue(theirs.create(self.TWIN))
        self.assertTrue(self.people.create({**self.TWIN, "birth_date": "1980-05-02"}))
        self.assertTrue(self.people.create({**self.TWIN, "birth_date": False}))
