import importlib.util
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .common import CultureCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
BEFORE = datetime(2026, 3, 31, 21, 59)
"""A minute before the first of April in Paris, in UTC."""


class ActsCase(CultureCase):
    def _may_read(self, person, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return person.with_user(user).has_access("read")

    def _replace(self, first, last, colleague=None, user=None, card=None):
        card = card or self.referent_card
        card.with_user(user or self.referent)._be_replaced(
            colleague or self.colleague_card,
            fields.Date.to_date(first),
            fields.Date.to_date(last),
        )

    def _rows(self, person, kind="replacement"):
        return person.access_ids.filtered(lambda row: row.kind == kind)


@tagged("post_install", "-at_install", "security")
class TestReplacement(ActsCase):
    """Who replaces reads the files of those days, from the first to the last."""

    def test_both_days_are_included_and_no_job_is_needed(self):
        with freeze_time(BEFORE):
            person = self._person()
            self._replace("2026-04-01", "2026-04-03")
            self.assertFalse(self._may_read(person, self.colleague))
        with freeze_time(BEFORE + timedelta(minutes=2)):
            self.env["culture.access"]._forget_reach()
            self.assertTrue(self._may_read(person, self.colleague))
            self.assertTrue(person.with_user(self.colleague).is_mine)
        with freeze_time("2026-04-03 21:59:00"):
            self.env["culture.access"]._forget_reach()
            self.assertTrue(self._may_read(person, self.colleague))
        with freeze_time("2026-04-03 22:00:00"):
            self.env["culture.access"]._forget_reach()
            self.assertFalse(self._may_read(person, self.colleague))
        self.assertTrue(self._rows(person), "what was in force stays as history")

    def test_files_given_or_taken_away_meanwhile(self):
        self._replace(date.today(), date.today() + timedelta(days=5))
        given = self._person()
        self.assertTrue(self._may_read(given, self.colleague))
        given.with_user(self.coordinator).referent_id = self._other_card()
        self.assertFalse(self._may_read(given, self.colleague))
        self.assertEqual(len(self._rows(given)), 1)

    def _other_card(self):
        return self._card(self._user("test_other", "referent", self.north))

    def test_changed_and_ended(self):
        person = self._person()
        today = date.today()
        self._replace(today + timedelta(days=3), today + timedelta(days=5))
        [row] = self._rows(person)
        self._replace(today + timedelta(days=2), today + timedelta(days=4))
        self.assertEqual(self._rows(person), row)
        self._replace(today, today + timedelta(days=1))
        self.assertEqual(self._rows(person), row)
        self.assertTrue(self._may_read(person, self.colleague))
        other = self._other_card()
        self._replace(today, today + timedelta(days=1), colleague=other)
        self.assertFalse(self._may_read(person, self.colleague))
        self.assertTrue(self._may_read(person, other.user_id))
        self.referent_card.with_user(self.coordinator).write(
            {
                "replacement_id": False,
                "replacement_start": False,
                "replacement_end": False,
            }
        )
        self.assertFalse(self._may_read(person, other.user_id))
        self.assertEqual(len(self._rows(person)), 2)

    def test_the_update_opens_what_the_cards_promised(self):
        """Cards of 19.0.1.0.0 named a replacement that opened nothing."""
        person = self._person()
        self._replace(date.today(), date.today() + timedelta(days=5))
        self._rows(person).unlink()
        path = file_path(
            "culture_partnership/migrations/19.0.1.1.0/post-replacements.py"
        )
        spec = importlib.util.spec_from_file_location("post_replacements", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        for __ in range(2):
            script.migrate(self.env.cr, "19.0.1.0.0")
            self.assertEqual(self._rows(person).user_id, self.colleague)
            self.assertEqual(len(self._rows(person)), 1)

    def test_one_not_begun_leaves_no_trace(self):
        person = self._person()
        today = date.today()
        self._replace(today + timedelta(days=3), today + timedelta(days=5))
        self.referent_card.with_user(self.referent)._be_replaced(
            self.env["culture.referent"]
        )
        self.assertFalse(self._rows(person))

    def test_the_file_says_why(self):
        with freeze_time("2026-04-02 09:00:00"):
            person = self._person()
            self._replace("2026-04-02", "2026-04-20")
            said = person.with_user(self.colleague).who_sees
            self.assertRegex(said, r"replace test_ref.* from 2 April 2026 to 20 April")
            self.assertIn("20 April", person.with_user(self.referent).who_sees)

    def test_the_colleague_needs_the_role_there(self):
        self._person()
        with self.assertRefused("holds no role of referent in: Agency North"):
            self._replace(date.today(), date.today(), colleague=self.far_card)
        with self.assertRefused("choose a colleague"):
            self._replace(date.today(), date.today(), colleague=self.referent_card)
        with self.assertRefused("last day that is not over"):
            self._replace("2020-01-01", "2020-01-02")

    @mute_logger(*QUIET)
    def test_nobody_makes_oneself_the_replacement(self):
        """Threat: a card's three fields open files."""
        person = self._person()
        days = {
            "replacement_id": self.colleague_card.id,
            "replacement_start": date.today(),
            "replacement_end": date.today(),
        }
        self._role(self.colleague, "administrator", self.ccas)
        for user in (
            self.colleague,
            self.far_coordinator,
            self.administrator,
            self.agent_relay,
            self.stranger,
        ):
            card = self.referent_card.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(UserError):
                card.write(days)
            with self.subTest(user=user.login), self.assertRaises(UserError):
                card._be_replaced(self.colleague_card, date.today(), date.today())
        self.assertFalse(self._may_read(person, self.colleague))
        assistants = self.env["culture.replacement"].with_user(self.colleague)
        assistant = assistants.create(
            {
                "referent_id": self.referent_card.id,
                "colleague_id": self.colleague_card.id,
                "first_day": date.today(),
                "last_day": date.today(),
            }
        )
        with self.assertRaises(AccessError):
            assistant.action_replace()
        self.assertFalse(self._rows(person))

    @mute_logger(*QUIET)
    def test_a_coordinator_opens_no_file_out_of_scope(self):
        """Threat: a card of one agency whose persons are another's too."""
        self._role(self.referent, "referent", self.south)
        self._role(self.colleague, "referent", self.south)
        self._person(structure_id=self.south.id)
        with self.assertRaises(AccessError):
            self._replace(date.today(), date.today(), user=self.coordinator)
        self._replace(date.today(), date.today())

    def test_an_ended_role_replaces_nobody(self):
        person = self._person()
        self._replace(date.today(), date.today() + timedelta(days=5))
        role = self.env["culture.role"].search([("user_id", "=", self.colleague.id)])
        role.action_end_now()
        self.assertFalse(self._may_read(person, self.colleague))
        self.assertNotIn("test_colleague", person.with_user(self.referent).who_sees)

    def test_what_was_to_do_goes_back(self):
        person = self._person()
        self._replace(date.today(), date.today() + timedelta(days=1))
        activity = person.with_user(self.colleague).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.colleague.id
        )
        with freeze_time(datetime.now() + timedelta(days=4)):
            self.env["culture.access"]._pass_on_after_the_last_day()
        self.assertEqual(activity.user_id, self.referent)

    def test_it_goes_back_to_nobody_when_the_role_has_ended(self):
        person = self._person()
        self._replace(date.today(), date.today() + timedelta(days=1))
        activity = person.with_user(self.colleague).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.colleague.id
        )
        role = self.env["culture.role"].search([("user_id", "=", self.referent.id)])
        role.action_end_now()
        with freeze_time(datetime.now() + timedelta(days=4)):
            self.env["culture.access"]._pass_on_after_the_last_day()
        self.assertFalse(activity.user_id)

    def test_by_the_assistant(self):
        person = self._person()
        card = self.referent_card.with_user(self.referent)
        self.assertTrue(card.may_be_replaced)
        self.assertFalse(self.colleague_card.with_user(self.referent).may_be_replaced)
        assistant = self.env["culture.replacement"].browse(
            card.action_be_replaced()["res_id"]
        )
        assistant = assistant.with_user(self.referent)
        assistant.colleague_id = self.colleague_card
        assistant.last_day = date.today()
        assistant.action_replace()
        assistant.colleague_id = False
        with self.assertRefused("choose a colleague"):
            assistant.action_replace()
        self.assertTrue(assistant.referent_id.replacement_id)
        self.assertTrue(self._may_read(person, self.colleague))
        assistant.action_end()
        self.assertFalse(self._may_read(person, self.colleague))
        self.assertFalse(card.replacement_id)

    @mute_logger(*QUIET)
    def test_who_replaces_hands_nothing_over(self):
        person = self._person()
        self._replace(date.today(), date.today() + timedelta(days=5))
        mine = person.with_user(self.colleague)
        self.assertFalse(mine.may_hand_over)
        with self.assertRaises(UserError):
            self.env["culture.handover"].with_user(self.colleague)._propose(
                mine, self.colleague_card
            )


@tagged("post_install", "-at_install", "security")
class TestBreakGlass(ActsCase):
    """A file opened by its number: 24 hours, told, read again."""

    REASON = "Her referent cannot be reached today"

    def _open(self, person, user, reason=REASON, number=None):
        assistant = self.env["culture.break.glass"].with_user(user)
        assistant = assistant.create(
            {"reference": number or person.reference, "reason": reason}
        )
        return assistant.action_open_file()

    def test_24_hours(self):
        with freeze_time("2026-04-02 09:00:00"):
            person = self._person(referent=self.far_card)
            self.assertFalse(self._may_read(person, self.referent))
            action = self._open(person, self.referent)
            self.assertEqual(action["res_id"], person.id)
            self.assertTrue(self._may_read(person, self.referent))
            self.assertIn(
                "you asked for a break-glass access",
                person.with_user(self.referent).who_sees,
            )
        with freeze_time("2026-04-03 09:00:00"):
            self.env["culture.access"]._forget_reach()
            self.assertFalse(self._may_read(person, self.referent))

    def test_a_place_is_taken_meanwhile(self):
        """What the access is for: a place kept for who is followed elsewhere."""
        person = self._person(referent=self.far_card, structure_id=self.south.id)
        self._open(person, self.referent)
        line = self._register(self._outing(), person)
        self.assertEqual(line.sudo().structure_id, self.south)
        line.action_cancel()
        self.assertEqual(line.state, "cancelled")

    def test_the_referent_is_told_without_a_name(self):
        person = self._person("Quorvantou", referent=self.far_card)
        messages = self.env["mail.message"].search_count([])
        mails = self.env["mail.mail"].search_count([])
        self._open(person, self.referent)
        activity = person.activity_ids
        self.assertEqual(activity.user_id, self.far_referent)
        self.assertIn(person.reference, activity.summary)
        self.assertNotIn("Quorvantou", str(activity.read()))
        self.assertEqual(self.env["mail.message"].search_count([]), messages)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_it_opens_though_nobody_can_be_told(self):
        """The referent's role stands, elsewhere than where the person is followed."""
        person = self._person(referent=self.far_card, structure_id=self.north.id)
        self._open(person, self.colleague)
        self.assertFalse(person.activity_ids)
        self.assertTrue(self._may_read(person, self.colleague))

    @mute_logger(*QUIET)
    def test_unknown_and_elsewhere_answer_alike(self):
        __, __, elsewhere = self._second_company()
        texts = set()
        for number in ("1999-0001", elsewhere.reference + "x", "%", ""):
            with self.assertRaises(UserError) as catcher:
                self._open(elsewhere, self.referent, number=number or " ")
            texts.add(str(catcher.exception))
        elsewhere.sudo().reference = "2001-7777"
        with self.assertRaises(UserError) as catcher:
            self._open(elsewhere, self.referent)
        texts.add(str(catcher.exception))
        self.assertEqual(len(texts), 1)
        self.assertFalse(self._rows(elsewhere, "break_glass"))

    def test_a_reason_in_a_few_words(self):
        person = self._person(referent=self.far_card)
        for reason in ("urgent", "  ", "a b", ". . .", "a - b"):
            with self.assertRefused("few words"):
                self._open(person, self.referent, reason=reason)

    def test_open_already(self):
        person = self._person(referent=self.far_card)
        self._open(person, self.referent)
        for user in (self.referent, self.far_referent, self.far_coordinator):
            with self.assertRefused("open to you already"):
                self._open(person, user)
        self.assertEqual(len(self._rows(person, "break_glass")), 1)

    @mute_logger(*QUIET)
    def test_only_referents_and_coordinators(self):
        person = self._person(referent=self.far_card)
        for user in (self.administrator, self.agent_relay, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._open(person, user)
        self.env["culture.role"].search(
            [("user_id", "=", self.referent.id)]
        ).action_end_now()
        with self.assertRaises(AccessError):
            self._open(person, self.referent)

    @mute_logger(*QUIET)
    def test_a_day_is_not_for_ever(self):
        """Threat: what was opened for a day is brought home, or given away."""
        person = self._person(referent=self.far_card)
        self._open(person, self.coordinator)
        mine = person.with_user(self.coordinator)
        with self.assertRaises(AccessError):
            mine.structure_id = self.north
        with self.assertRaises(AccessError):
            mine.referent_id = self.referent_card
        self.assertFalse(mine.may_hand_over)
        [row] = self._rows(person, "break_glass")
        with self.assertRaises(AccessError):
            row.with_user(self.coordinator).date_end = False
        with self.assertRaises(AccessError):
            row.with_user(self.coordinator).copy()
        with self.assertRaises(AccessError):
            row.with_user(self.coordinator).action_review()

    @mute_logger(*QUIET)
    def test_read_again_by_the_coordination_of_the_structure(self):
        person = self._person(referent=self.far_card)
        self._open(person, self.coordinator)
        [row] = self._rows(person, "break_glass")
        accesses = self.env["culture.access"]
        to_review = [("to_review", "=", True)]
        self.assertFalse(accesses.with_user(self.coordinator).search(to_review))
        self.assertFalse(accesses.with_user(self.far_referent).search(to_review))
        theirs = accesses.with_user(self.far_coordinator)
        self.assertEqual(theirs.search(to_review), row)
        for user in (self.far_referent, self.administrator, self.stranger):
            with self.assertRaises(AccessError):
                row.with_user(user).action_review()
        todo = self.env["culture.first.steps"].with_user(self.far_coordinator)
        keys = [item["key"] for item in todo.get_todo("culture.outing")]
        self.assertIn("break_glass", keys)
        row.with_user(self.far_coordinator).action_review()
        self.assertEqual(row.reviewed_by_id, self.far_coordinator)
        self.assertFalse(theirs.search(to_review))

    def test_the_coordination_is_reminded_once(self):
        person = self._person("Quorvantou", referent=self.far_card)
        access = self.env["culture.access"]
        access._cron_ask_review()
        reminders = access._reminders(self.far_coordinator)
        self.assertFalse(reminders)
        self._open(person, self.referent)
        with freeze_time(datetime.now() + timedelta(days=40)):
            access._cron_ask_review()
            access._cron_ask_review()
        [reminder] = access._reminders(self.far_coordinator)
        self.assertNotIn("Quorvantou", str(reminder.read()))
        self.assertFalse(access._reminders(self.coordinator))
        row = self._rows(person, "break_glass")
        row.with_user(self.far_coordinator).action_review()
        self.assertFalse(reminder.exists())
        access._cron_ask_review()
        self.assertFalse(access._reminders(self.far_coordinator))


@tagged("post_install", "-at_install", "security")
class TestAccessLog(ActsCase):
    """Who opened a file, when: once an hour, written by the opening alone."""

    def _log(self, person, user=None):
        log = self.env["culture.access.log"]
        return log.with_user(user or self.env.user).search(
            [("reference", "=", person.reference)]
        )

    def test_once_a_user_person_and_hour(self):
        with freeze_time("2026-04-02 09:10:00"):
            person = self._person()
            person.with_user(self.referent).log_opening()
            person.with_user(self.referent).log_opening()
            person.with_user(self.coordinator).log_opening()
        with freeze_time("2026-04-02 09:59:00"):
            person.with_user(self.referent).log_opening()
        self.assertEqual(len(self._log(person)), 2)
        with freeze_time("2026-04-02 10:00:00"):
            person.with_user(self.referent).log_opening()
        rows = self._log(person)
        self.assertEqual(len(rows), 3)
        self.assertEqual(set(rows.mapped("kind")), {"referent", "coordination"})
        self.assertEqual(person.with_user(self.referent).access_log_ids, rows)

    def test_a_plain_read_logs_nothing(self):
        person = self._person().with_user(self.referent)
        person.web_read({"display_name": {}, "who_sees": {}})
        self.assertFalse(self._log(person))

    @mute_logger(*QUIET)
    def test_nobody_logs_what_is_closed_nor_changes_a_row(self):
        person = self._person()
        for user in (self.far_referent, self.administrator, self.stranger):
            with self.assertRaises(AccessError):
                person.with_user(user).log_opening()
        with self.assertRaises(AccessError):
            person.with_user(self.referent).browse(10**9).log_opening()
        person.with_user(self.referent).log_opening()
        row = self._log(person)
        values = {
            "reference": "x",
            "user_id": self.colleague.id,
            "date": datetime.now(),
            "hour": datetime.now(),
            "kind": "referent",
            "beneficiary_id": person.id,
        }
        for user in (self.referent, self.coordinator, self.administrator):
            mine = row.with_user(user)
            for act in (
                lambda r=mine: r.write({"kind": "coordination"}),
                lambda r=mine: r.unlink(),
                lambda r=mine: r.copy(),
                lambda r=mine: r.create(values),
            ):
                with self.assertRaises(UserError):
                    act()
        mine = person.with_user(self.referent)
        for command in (Command.clear(), Command.delete(row.id), Command.set([])):
            with self.assertRaises(UserError):
                mine.write({"access_log_ids": [command]})
        self.assertTrue(row.exists())

    @mute_logger(*QUIET)
    def test_an_administrator_reads_numbers_only(self):
        person = self._person("Quorvantou")
        person.with_user(self.referent).log_opening()
        rows = self._log(person, self.administrator)
        fields_ = list(rows.fields_get())
        self.assertNotIn("beneficiary_id", fields_)
        self.assertNotIn("Quorvantou", str(rows.read(fields_)))
        for act in (
            lambda: rows.read(["beneficiary_id"]),
            lambda: rows.search([("beneficiary_id.last_name", "=", "Test")]),
            lambda: rows.search([], order="beneficiary_id"),
            lambda: rows.formatted_read_group([], ["beneficiary_id"], ["__count"]),
            lambda: rows.export_data(["beneficiary_id/last_name"]),
        ):
            with self.assertRaises(UserError):
                act()

    def test_the_order_of_the_log_does_not_tell_names(self):
        """Threat: who also follows persons sorts closed files around one's own."""
        self._role(self.administrator, "referent", self.south)
        hidden = self._person("Quorvantou")
        hidden.with_user(self.referent).log_opening()
        card = self.env["culture.referent"].search(
            [("user_id", "=", self.administrator.id)]
        )
        mine = self._person(referent=card, structure_id=self.south.id)
        mine.with_user(self.administrator).log_opening()
        log = self.env["culture.access.log"].with_user(self.administrator)
        domain = [("reference", "in", [hidden.reference, mine.reference])]
        orders = set()
        for name in ("Aa", "Zz"):
            mine.write({"first_name": name, "last_name": name})
            for order in ("beneficiary_id", "beneficiary_id desc"):
                rows = log.search(domain, order=order)
                groups = log.formatted_read_group(
                    domain, ["beneficiary_id"], ["__count"], order=order
                )
                ids = tuple(group["beneficiary_id"][0] for group in groups)
                orders.add((order, tuple(rows.mapped("reference")), ids))
        self.assertEqual(len(orders), 2)

    def test_twelve_months_are_kept(self):
        with freeze_time("2026-04-02 09:10:00"):
            person = self._person()
            person.with_user(self.referent).log_opening()
        log = self.env["culture.access.log"]
        with freeze_time("2027-04-02 09:00:00"):
            log._purge()
            self.assertTrue(self._log(person))
        with freeze_time("2027-04-02 09:20:00"):
            log._purge()
            self.assertFalse(self._log(person))

    def test_who_sees_asks_as_much_for_ten_rows_as_for_one(self):
        person = self._person()
        users = [
            self._user(f"test_many_{n}", "referent", self.north) for n in range(10)
        ]
        counts = []
        for some in (users[:1], users[1:]):
            self.env["culture.access"].create(
                [
                    {
                        "beneficiary_id": person.id,
                        "user_id": u.id,
                        "kind": "replacement",
                    }
                    for u in some
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            mine = person.with_user(self.referent)
            before = self.env.cr.sql_log_count
            self.assertIn(some[-1].login, mine.who_sees)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
