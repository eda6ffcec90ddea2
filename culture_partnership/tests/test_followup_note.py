from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import NotNullViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_followup import QUIET, FollowupCase


@tagged("post_install", "-at_install", "security")
class TestConfidentialNote(FollowupCase):
    """Who reads a note, by which way, and until when."""

    SECRET = "Quorvantou"

    def _thread_of(self, user, person=None):
        self.env.invalidate_all()
        person = (person or self.person).with_user(user)
        return str(person.read_timeline()["lines"])

    def _assert_closed(self, followup, user):
        """Nothing of it is there: no row, no note, no dialog."""
        self.env.flush_all()
        self.env.invalidate_all()
        theirs = followup.with_user(user)
        if theirs.browse().has_access("read"):
            self.assertFalse(theirs.search([("id", "=", followup.id)]))
        acts = (
            lambda: theirs.read(["kind"]),
            lambda: theirs.write({"kind": "call"}),
            lambda: theirs.unlink(),
            lambda: theirs.action_correct(),
            lambda: theirs._save_note("x"),
            lambda: theirs._read_notes(),
        )
        for act in acts:
            with mute_logger(*QUIET), self.assertRaises(AccessError) as catcher:
                act()
            for leak in (self.SECRET, "Ada", "note", "culture."):
                self.assertNotIn(leak, str(catcher.exception))
        self.assertEqual(followup.sudo().note, self.SECRET)

    def test_the_coordination_reads_what_is_shared(self):
        followup = self._note(self.SECRET)
        self._assert_closed(followup, self.coordinator)
        self.assertNotIn(self.SECRET, self._thread_of(self.coordinator))
        person = self.person.with_user(self.coordinator)
        self.assertEqual((person.followup_count, person.followup_ids.ids), (0, []))
        followup.shared = True
        self.assertIn(self.SECRET, self._thread_of(self.coordinator))
        theirs = followup.with_user(self.coordinator)
        self.assertEqual(theirs.read(["kind"])[0]["kind"], "interview")
        for act in (
            lambda: theirs.write({"kind": "call"}),
            lambda: theirs.unlink(),
            lambda: theirs.action_correct(),
            lambda: theirs.create({"beneficiary_id": self.person.id}),
            lambda: person.action_note_followup(),
            lambda: theirs._save_note("x"),
        ):
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                act()
        followup.shared = False
        self.assertNotIn(self.SECRET, self._thread_of(self.coordinator))
        self._assert_closed(followup, self.coordinator)

    def test_a_coordinator_who_follows_the_person_reads_as_referent(self):
        both = self._user("test_both", "referent", self.north)
        self._role(both, "coordinator", self.north)
        mine = self._person("Mine", self._card(both))
        followup = self._note(self.SECRET, user=both, person=mine)
        self.assertIn(self.SECRET, self._thread_of(both, mine))
        followup.unlink()
        others = self._note(self.SECRET)
        self._assert_closed(others, both)

    def test_after_handover_nothing_is_left_of_one_s_own(self):
        followup = self._note(self.SECRET)
        open_dialog = followup.action_correct()
        dialog = self.env["culture.followup.note"].browse(open_dialog["res_id"])
        self.assertEqual(dialog.with_user(self.referent).note, self.SECRET)
        self.person.with_user(self.coordinator).referent_id = self.colleague_card
        self._assert_closed(followup, self.referent)
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            self._thread_of(self.referent)
        mine = dialog.with_user(self.referent)
        self.assertFalse(mine.search([]))
        for act in (
            lambda: mine.read(["note"]),
            lambda: mine.action_save(),
            lambda: mine.action_delete(),
        ):
            self.env.invalidate_all()
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                act()
        self.assertIn(self.SECRET, self._thread_of(self.colleague))

    def test_break_glass_opens_for_its_day_only(self):
        followup = self._note(self.SECRET)
        self._assert_closed(followup, self.far_referent)
        access = self.env["culture.access"].with_user(self.far_referent)
        access._open_by_number(self.person.reference, "Met at the desk today")
        self.assertIn(self.SECRET, self._thread_of(self.far_referent))
        self._note("Seen at the desk", user=self.far_referent)
        later = fields.Datetime.now() + timedelta(hours=25)
        with freeze_time(later):
            self.env["culture.access"]._forget_reach()
            self._assert_closed(followup, self.far_referent)
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                self._thread_of(self.far_referent)

    def test_break_glass_of_a_coordinator_opens_what_is_shared(self):
        """A referent's group left over from a role that ended does not help."""
        followup = self._note(self.SECRET)
        access = self.env["culture.access"].with_user(self.far_coordinator)
        access._open_by_number(self.person.reference, "Met at the desk today")
        self.assertNotIn(self.SECRET, self._thread_of(self.far_coordinator))
        group = "culture_partnership.group_culture_partnership_referent"
        self.far_coordinator.group_ids += self.env.ref(group)
        self._assert_closed(followup, self.far_coordinator)
        followup.shared = True
        self.assertIn(self.SECRET, self._thread_of(self.far_coordinator))

    def test_replacement_reads_and_notes_for_its_days(self):
        followup = self._note(self.SECRET)
        self.referent_card.write(
            {
                "replacement_id": self.colleague_card.id,
                "replacement_start": self.today,
                "replacement_end": self.today + timedelta(days=3),
            }
        )
        self.assertIn(self.SECRET, self._thread_of(self.colleague))
        self._note("In replacement", user=self.colleague)
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            self.env["culture.access"]._forget_reach()
            self._assert_closed(followup, self.colleague)

    def test_nobody_else(self):
        followup = self._note(self.SECRET, shared=True)
        for user in (
            self.colleague,
            self.far_referent,
            self.far_coordinator,
            self.administrator,
            self.agent_relay,
            self.stranger,
        ):
            with self.subTest(user=user.login):
                self._assert_closed(followup, user)
                with mute_logger(*QUIET), self.assertRaises(AccessError):
                    self._thread_of(user)
                self.env.invalidate_all()
                with mute_logger(*QUIET), self.assertRaises(AccessError):
                    self.person.with_user(user).action_note_followup()

    def _ways_out(self):
        """Calls that would answer a note, or say by a search whether it is this one."""
        asked = [("note", "ilike", self.SECRET)]
        path = "followup_ids.note"
        spec = {"followup_ids": {"fields": {"note": {}}}}
        yield from (
            lambda r, __, ___: r.search(asked).ids,
            lambda r, __, ___: r.search_count(asked),
            lambda r, __, ___: r.read(["note"]),
            lambda r, __, ___: r.search_read([], ["note"]),
            lambda r, __, ___: r.search([], order="note").ids,
            lambda r, __, ___: r.export_data(["note"]),
            lambda r, __, ___: r.formatted_read_group([], ["note"], ["__count"]),
            lambda r, __, ___: r.formatted_read_group([], [], ["note:array_agg"]),
            lambda r, __, ___: r.web_read_group([], ["note"], ["__count"]),
            lambda r, __, ___: r.web_read({"note": {}}),
            lambda r, __, ___: r.web_search_read([], {"note": {}}),
            lambda r, __, ___: r.mapped("note"),
            lambda r, __, ___: r.filtered_domain(asked).ids,
            lambda r, __, ___: r.onchange({}, [], {"note": {}}),
            lambda r, __, ___: r.onchange({"note": "x"}, ["note"], {"note": {}}),
            lambda r, __, ___: r.web_save({"kind": "call"}, {"note": {}}),
            lambda r, __, ___: r.copy_data(),
            lambda r, __, ___: r.copy().sudo().note,
            lambda __, p, ___: p.search([(path, "ilike", self.SECRET)]).ids,
            lambda __, p, ___: p.search([("followup_ids", "any", asked)]).ids,
            lambda __, p, ___: p.export_data(["followup_ids/note"]),
            lambda __, p, ___: p.web_read(spec),
            lambda __, p, ___: p.search([], order=path).ids,
            lambda __, p, ___: p.mapped(path),
            lambda __, p, ___: p.onchange({}, [], spec),
            lambda __, p, ___: p.formatted_read_group([], [path], ["__count"]),
            lambda __, ___, x: x.search([(f"beneficiary_id.{path}", "!=", 0)]).ids,
        )

    @mute_logger(*QUIET, "odoo.sql_db")
    def test_no_call_takes_the_note_out(self):
        """By search, path, group, order, export, onchange, copy, context."""
        followup = self._note(self.SECRET, shared=True)
        outing = self._outing()
        self._register(outing, self.person)
        for user in (self.referent, self.coordinator):
            records = (
                followup.with_user(user),
                self.person.with_user(user),
                self.env["culture.registration"].with_user(user),
            )
            for number, act in enumerate(self._ways_out()):
                with self.subTest(user=user.login, way=number):
                    answer = self._answer(act, records)
                    self.assertNotIn(self.SECRET, answer)
                    self.assertNotRegex(answer, r"^(\[\d|1$)")
            self.assertNotIn(
                followup.id, dict(records[0].name_search(self.SECRET)), user.login
            )
            self.assertNotIn("note", records[0].fields_get())

    def _answer(self, act, records):
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint() as savepoint:
                answer = str(act(*records))
                savepoint.rollback()
        except (UserError, ValueError) as error:
            answer = str(error)
        return answer

    @mute_logger(*QUIET, "odoo.sql_db")
    def test_no_call_puts_a_note_in_but_the_dialog(self):
        followup = self._note(self.SECRET)
        followups = self.env["culture.followup"].with_user(self.referent)
        mine = followup.with_user(self.referent)
        person = self.person.with_user(self.referent)
        forged = {"beneficiary_id": self.person.id, "note": "Forged"}
        for act in (
            lambda: followups.create(forged),
            lambda: mine.write({"note": "Forged"}),
            lambda: mine.web_save({"note": "Forged"}, {}),
            lambda: person.write(
                {"followup_ids": [fields.Command.create({"note": "Forged"})]}
            ),
            lambda: person.write(
                {
                    "followup_ids": [
                        fields.Command.update(followup.id, {"note": "Forged"})
                    ]
                }
            ),
        ):
            with self.assertRaises(AccessError):
                act()
            self.env.invalidate_all()
        for columns, row in (
            ([".id", "note"], [str(followup.id), "Forged"]),
            (["beneficiary_id/.id", "note"], [str(self.person.id), "Forged"]),
        ):
            try:
                self.assertFalse(followups.load(columns, [row])["ids"])
            except AccessError:
                self.env.invalidate_all()
        self.assertEqual(self.person.sudo().followup_ids, followup)
        bare = followups.with_context(default_note="Forged").create(
            {"beneficiary_id": self.person.id}
        )
        self.assertFalse(bare.sudo().note)
        self.assertEqual(followup.sudo().note, self.SECRET)

    @mute_logger(*QUIET)
    def test_author_person_and_place_are_not_forged(self):
        other = self._person("Other")
        far = self._person("Far", self.far_card)
        followup = self._note(self.SECRET)
        followups = self.env["culture.followup"].with_user(self.referent)
        base = {"beneficiary_id": self.person.id}
        for vals in (
            {**base, "user_id": self.colleague.id},
            {**base, "structure_id": self.south.id},
            {**base, "company_id": self.company.id},
            {"beneficiary_id": far.id},
            {"beneficiary_id": 2**31 - 1},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                followups.create(vals)
        made = followups.with_context(
            default_user_id=self.colleague.id, default_structure_id=self.south.id
        ).create(base)
        self.assertEqual(made.user_id, self.referent)
        self.assertEqual(made.structure_id, self.north)
        for vals in (
            {"user_id": self.colleague.id},
            {"beneficiary_id": other.id},
            {"structure_id": self.south.id},
            {"company_id": self.company.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                followup.write(vals)
        with self.assertRaises(UserError):
            followup.copy()

    @mute_logger(*QUIET)
    def test_the_dialog_takes_no_foreign_person_or_followup(self):
        far = self._person("Far", self.far_card)
        theirs = self._note(self.SECRET, user=self.far_referent, person=far)
        dialogs = self.env["culture.followup.note"].with_user(self.referent)
        mine = dialogs.create({"beneficiary_id": self.person.id})
        for act in (
            lambda: dialogs.create({"beneficiary_id": far.id}),
            lambda: dialogs.create(
                {"beneficiary_id": self.person.id, "followup_id": theirs.id}
            ),
            lambda: mine.write({"beneficiary_id": far.id}),
            lambda: mine.write({"beneficiary_id": False}),
            lambda: mine.write({"followup_id": theirs.id}),
            lambda: mine.action_delete(),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                act()

    def test_companies_stay_apart(self):
        """Who works in two CCAS reads in one what is of that one."""
        company, user, far_person = self._second_company()
        user.company_ids += self.company
        self._role(user, "referent", self.north, company_id=self.company.id)
        mine = self.env["culture.referent"].search(
            [("user_id", "=", user.id), ("company_id", "=", self.company.id)]
        )
        followups = self.env["culture.followup"].create(
            [
                {"beneficiary_id": person.id, "user_id": user.id}
                for person in (far_person, self._person("Here", mine))
            ]
        )
        for selected, seen in (
            (company, followups[0]),
            (self.company, followups[1]),
            (company + self.company, followups),
        ):
            theirs = followups.with_user(user).with_context(
                allowed_company_ids=selected.ids
            )
            self.assertEqual(theirs.search([]).sorted("id"), seen)

    def test_what_is_said_of_the_notes(self):
        for user, words in (
            (
                self.referent,
                "it reads the assessments, and a note only if you share it.",
            ),
            (self.coordinator, "a note only if its author shares it."),
        ):
            self.assertIn(words, self.person.with_user(user).who_sees)

    def test_nothing_of_a_note_in_the_log(self):
        with self.assertLogs("odoo.sql_db", "ERROR") as log:
            with self.assertRaises(NotNullViolation), self.env.cr.savepoint():
                self.env.cr.execute(
                    "INSERT INTO culture_followup (note) VALUES (%s)", (self.SECRET,)
                )
        self.assertNotIn(self.SECRET, str(log.output))
