from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_access_acts import QUIET, ActsCase

NAME = "Quorvantou"


@tagged("post_install", "-at_install", "security")
class TestHandover(ActsCase):
    """A referent proposes files, a colleague accepts them, in one transaction."""

    def _propose(self, people, user=None, to=None):
        user = user or self.referent
        handovers = self.env["culture.handover"].with_user(user)
        return handovers._propose(
            people.with_user(user), to or self.colleague_card, "A word"
        ).sudo(False)

    def test_nothing_moves_before_the_colleague_accepts(self):
        people = self._people(3)
        handover = self._propose(people)
        self.assertTrue(self._may_read(people[0], self.referent))
        self.assertFalse(self._may_read(people[0], self.colleague))
        theirs = handover.with_user(self.colleague)
        self.assertTrue(theirs.to_answer)
        self.assertEqual(theirs.file_count, 3)
        self.assertRegex(theirs.effect, "test_referent .*to these 3 files ends")
        theirs.action_accept()
        self.assertEqual(people.referent_id, self.colleague_card)
        self.assertFalse(self._may_read(people[0], self.referent))
        self.assertTrue(self._may_read(people[2], self.colleague))
        self.assertEqual(handover.state, "accepted")

    def test_everything_follows_in_the_same_second(self):
        person = self._person(NAME)
        line = self._register(self._outing(), person)
        activity = person.with_user(self.referent).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.referent.id, summary="Call"
        )
        replacing = self._card(self._user("test_third", "referent", self.north))
        self._replace(date.today(), date.today() + timedelta(days=9), replacing)
        self.assertTrue(self._may_read(person, replacing.user_id))
        self._propose(person).with_user(self.colleague).action_accept()
        self.assertEqual(line.sudo().referent_id, self.colleague_card)
        self.assertEqual(activity.user_id, self.colleague)
        self.assertFalse(self._may_read(person, replacing.user_id))
        self.assertFalse(self._may_read(line, self.referent))
        [former] = self._rows(person, "referent").filtered("date_end")
        self.assertEqual(former.user_id, self.referent)
        leftover = self.env["mail.message"].search_count(
            [("model", "=", "culture.beneficiary")]
        )
        self.assertFalse(leftover, "nothing of a person waits in the host's queues")

    def test_the_sender_is_told_numbers(self):
        person = self._person(NAME)
        handover = self._propose(person)
        handover.with_user(self.colleague).action_accept()
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.referent.partner_id.ids)], limit=1
        )
        self.assertRegex(told.body, "test_colleague .*has taken over 1 file")
        self.assertNotIn(NAME, told.body + str(told.subject))
        self.assertFalse(told.model)

    @mute_logger(*QUIET)
    def test_the_receiver_reads_no_name(self):
        """Threat: names of files not accepted yet, by any field or domain."""
        person = self._person(NAME)
        handover = self._propose(person).with_user(self.colleague)
        line = handover.line_ids
        self.assertEqual(line.reference, person.reference)
        spec = {
            "display_name": {},
            "word": {},
            "line_ids": {"fields": {"reference": {}, "display_name": {}}},
        }
        self.assertNotIn(NAME, str(handover.web_read(spec)))
        self.assertNotIn("beneficiary_id", line.fields_get())
        for act in (
            lambda: line.read(["beneficiary_id"]),
            lambda: line.search([("beneficiary_id.last_name", "=", NAME)]),
            lambda: handover.search(
                [("line_ids.beneficiary_id.first_name", "=", NAME)]
            ),
            lambda: line.search([], order="beneficiary_id"),
            lambda: line.formatted_read_group([], ["beneficiary_id"], ["__count"]),
            lambda: handover.export_data(["line_ids/beneficiary_id/first_name"]),
        ):
            with self.assertRaises(UserError):
                act()
        assistants = self.env["culture.handover.propose"].with_user(self.colleague)
        for commands in ([Command.set(person.ids)], [Command.link(person.id)]):
            with self.assertRaises(AccessError):
                assistants.create({"person_ids": commands})
            with self.assertRaises(AccessError):
                assistants.with_context(default_person_ids=commands).create({})
            with self.assertRaises(AccessError):
                assistants.onchange(
                    {"person_ids": commands}, ["person_ids"], {"effect": {}}
                )

    @mute_logger(*QUIET)
    def test_who_may_propose(self):
        person = self._person()
        far = self._person(referent=self.far_card)
        for user in (self.colleague, self.far_coordinator, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self._propose(person, user)
        with self.assertRaises(AccessError):
            self._propose(person | far)
        with self.assertRefused("choose a colleague"):
            self._propose(person, to=self.referent_card)
        with self.assertRefused("holds no role of referent in: Agency North"):
            self._propose(person, to=self.far_card)
        self._propose(person, self.coordinator)
        with self.assertRefused("waiting already"):
            self._propose(person)

    @mute_logger(*QUIET)
    def test_rows_change_by_the_acts_alone(self):
        person = self._person()
        handover = self._propose(person)
        values = {
            "from_id": self.far_card.id,
            "to_id": self.referent_card.id,
            "structure_id": self.north.id,
        }
        for user in (self.referent, self.colleague, self.coordinator):
            mine = handover.with_user(user)
            for act in (
                lambda r=mine: r.create(values),
                lambda r=mine: r.write({"to_id": self.referent_card.id}),
                lambda r=mine: r.write({"state": "accepted"}),
                lambda r=mine: r.line_ids.write({"result": "moved"}),
                lambda r=mine: r.line_ids.create(
                    {"handover_id": r.id, "beneficiary_id": person.id}
                ),
                lambda r=mine: r.unlink(),
                lambda r=mine: r.copy(),
            ):
                with self.assertRaises(UserError):
                    act()

    @mute_logger(*QUIET)
    def test_only_the_receiver_answers(self):
        handover = self._propose(self._person())
        for user in (
            self.referent,
            self.coordinator,
            self.far_referent,
            self.administrator,
            self.stranger,
        ):
            for name in ("action_accept", "action_decline"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    getattr(handover.with_user(user), name)()
        for user in (self.colleague, self.far_coordinator):
            with self.assertRaises(AccessError):
                handover.with_user(user).action_withdraw()
        role = self.env["culture.role"].search([("user_id", "=", self.colleague.id)])
        role.action_end_now()
        with self.assertRaises(AccessError):
            handover.with_user(self.colleague).action_accept()
        self.assertEqual(handover.state, "proposed")

    def test_answered_once(self):
        handover = self._propose(self._person())
        handover.with_user(self.colleague).action_decline()
        with self.assertRefused("not waiting any more: declined"):
            handover.with_user(self.colleague).action_accept()
        with self.assertRefused("not waiting any more"):
            handover.with_user(self.referent).action_withdraw()

    def test_withdrawn_by_either_sender(self):
        for user in (self.referent, self.coordinator):
            handover = self._propose(self._person())
            handover.with_user(user).action_withdraw()
            with self.assertRefused("not waiting any more: withdrawn"):
                handover.with_user(self.colleague).action_accept()

    def test_files_that_moved_meanwhile_are_left_out(self):
        people = self._people(3)
        handover = self._propose(people)
        other = self._card(self._user("test_third", "referent", self.north))
        people[0].with_user(self.coordinator).referent_id = other
        action = handover.with_user(self.colleague).action_accept()
        self.assertEqual(people[0].referent_id, other)
        self.assertEqual(people[1:].referent_id, self.colleague_card)
        self.assertIn(people[0].reference, action["params"]["message"])
        self.assertIn("2 files", action["params"]["message"])
        alone = self._propose(people[1], self.colleague, self.referent_card)
        people[1].with_user(self.coordinator).referent_id = other
        action = alone.with_user(self.referent).action_accept()
        self.assertIn("none was handed over", action["params"]["message"])
        self.assertEqual(alone.state, "withdrawn")

    def test_the_role_must_cover_at_acceptance_too(self):
        self._role(self.colleague, "referent", self.south)
        self._role(self.referent, "referent", self.south)
        person = self._person(structure_id=self.south.id)
        handover = self._propose(person)
        self.env["culture.role"].search(
            [("user_id", "=", self.colleague.id), ("partner_id", "=", self.south.id)]
        ).action_end_now()
        handover.with_user(self.colleague).action_accept()
        self.assertEqual(person.referent_id, self.referent_card)

    def test_a_whole_caseload_by_the_assistant(self):
        people = self._people(2)
        card = self.referent_card.with_user(self.referent)
        action = card.action_hand_over()
        assistant = self.env["culture.handover.propose"].with_user(self.referent)
        assistant = assistant.browse(action["res_id"])
        self.assertEqual(assistant.person_ids, people)
        self.assertIn("these 2 files", assistant.effect)
        with self.assertRefused("choose a colleague"):
            assistant.action_propose()
        assistant.to_id = self.colleague_card
        assistant.action_propose()
        todo = self.env["culture.first.steps"].with_user(self.colleague)
        [item] = [
            item
            for item in todo.get_todo("culture.beneficiary")
            if item["key"] == "handovers"
        ]
        self.assertEqual(item["count"], 1)

    def test_a_coordinator_hands_over_for_several(self):
        people = self._person() | self._person(referent=self.colleague_card)
        other = self._card(self._user("test_third", "referent", self.north))
        handovers = self._propose(people, self.coordinator, other)
        self.assertEqual(len(handovers), 2)
        self.assertEqual(handovers.from_id, self.referent_card | self.colleague_card)

    @mute_logger(*QUIET)
    def test_another_company_sees_nothing(self):
        handover = self._propose(self._person())
        __, elsewhere, __ = self._second_company()
        self.assertFalse(handover.with_user(elsewhere).search([]))
        with self.assertRaises(AccessError):
            handover.with_user(elsewhere).action_accept()


@tagged("post_install", "-at_install", "security")
class TestAssign(ActsCase):
    """Persons without a referent: the oldest first, given at once."""

    def test_the_oldest_file_comes_first(self):
        nobody = self.env["culture.referent"]
        people = [
            self._person(name, nobody, opened_date=day)
            for name, day in (("Aa", "2026-03-01"), ("Zz", "2025-01-01"))
        ]
        view = self.env.ref("culture_partnership.culture_beneficiary_view_list_oldest")
        arch = self.env["culture.beneficiary"].get_view(view.id, "list")["arch"]
        self.assertIn('default_order="opened_date, id"', arch)
        found = self.env["culture.beneficiary"].with_user(self.coordinator)
        shown = found.search([("without_referent", "=", True)], order="opened_date, id")
        self.assertEqual(list(shown), people[::-1])
        todo = self.env["culture.first.steps"].with_user(self.coordinator)
        [item] = [
            item
            for item in todo.get_todo("culture.beneficiary")
            if item["key"] == "without_referent"
        ]
        self.assertIn("action_without_referent", item["action"])

    @mute_logger(*QUIET)
    def test_assigned_at_once(self):
        people = self._person(referent=self.env["culture.referent"]) | self._person()
        mine = people.with_user(self.coordinator)
        assistants = self.env["culture.assign"].with_user(self.coordinator)
        assistant = assistants.browse(mine.action_assign()["res_id"])
        assistant.referent_id = self.far_card
        with self.assertRefused("holds no role of referent in: Agency North"):
            assistant.action_assign()
        assistant.referent_id = self.colleague_card
        assistant.action_assign()
        self.assertEqual(people.referent_id, self.colleague_card)
        self.assertFalse(self._may_read(people[1], self.referent))
        with self.assertRaises(AccessError):
            people[0].with_user(self.colleague).action_assign()
        far = self._person(referent=self.far_card)
        with self.assertRaises(AccessError):
            assistants.create({"person_ids": [Command.link(far.id)]})
