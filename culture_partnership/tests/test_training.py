from datetime import date, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from .common import CultureCase
from .portal_common import PortalCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
TODAY = "2027-03-10 10:00:00"
DAY = date(2027, 3, 10)


class TrainingCase(CultureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        subjects = cls.env["culture.training.subject"]
        cls.escorting, cls.precarity, cls.software = (
            cls.env.ref(f"culture_partnership.training_subject_{name}")
            for name in ("escorting", "precarity", "software")
        )
        cls.subjects = subjects
        cls.relay = cls._relay_card(trained_until=False)

    def _training(self, day=None, user=None, **vals):
        return (
            self.env["culture.training"]
            .with_user(user or self.coordinator)
            .create(
                {
                    "relay_id": self.relay.id,
                    "subject_id": self.escorting.id,
                    "date": day,
                    "state": "attended",
                    **vals,
                }
            )
        )

    def _alerts(self, record):
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )


@tagged("post_install", "-at_install")
class TestTraining(TrainingCase):
    """What follows from trainings: until when one escorts, and what is refused."""

    @freeze_time(TODAY)
    def test_the_end_is_proposed_by_the_subject(self):
        self.escorting.validity_months = 18
        training = self._training(date(2027, 1, 31))
        self.assertEqual(training.valid_until, date(2028, 7, 31))
        self.assertEqual(self.relay.trained_until, date(2028, 7, 31))
        training.valid_until = date(2027, 6, 1)
        self.assertEqual(self.relay.trained_until, date(2027, 6, 1))

    @freeze_time(TODAY)
    def test_the_latest_end_counts(self):
        self._training(date(2026, 1, 1))
        self._training(date(2026, 6, 1), subject_id=self.precarity.id)
        self.assertEqual(self.relay.trained_until, date(2028, 6, 1))

    @freeze_time(TODAY)
    def test_what_does_not_let_one_escort(self):
        self._training(date(2027, 1, 1), subject_id=self.software.id)
        self._training(date(2027, 4, 1), state="planned")
        self._training(date(2027, 1, 1), state="missed")
        self.assertFalse(self.relay.trained_until)
        self.software.for_escort = True
        self.assertEqual(self.relay.trained_until, date(2029, 1, 1))

    @freeze_time(TODAY)
    def test_dates_that_cannot_be(self):
        for vals, pattern in (
            ({"day": date(2027, 3, 11)}, "to come"),
            ({"day": date(2027, 3, 11), "state": "missed"}, "to come"),
            ({"day": date(2027, 1, 1), "valid_until": date(2026, 1, 1)}, "Valid until"),
            ({"day": date(1927, 1, 1)}, "check the year"),
            ({"state": "planned"}, "Date: say when"),
            ({}, "Valid until"),
            ({"referent_id": self.referent_card.id}, "one relay or one referent"),
            ({"relay_id": False}, "one relay or one referent"),
        ):
            with self.subTest(**vals), self.assertRefused(pattern):
                self._training(**vals)
        training = self._training(date(2027, 1, 1))
        with self.assertRefused("Valid until"):
            training.valid_until = date(2026, 12, 31)

    @freeze_time(TODAY)
    def test_only_the_end_is_known(self):
        training = self._training(valid_until=date(2027, 9, 1))
        self.assertFalse(training.date)
        self.assertEqual(self.relay.trained_until, date(2027, 9, 1))

    def test_a_list_s_end_is_a_number_of_months(self):
        for months in (-1, 601):
            with self.assertRefused("between 0 and 600"):
                self.escorting.validity_months = months

    @freeze_time(TODAY)
    def test_several_are_noted_at_once(self):
        other = self._relay_card(trained_until=False)
        people = self.relay | other
        action = people.with_user(self.coordinator).action_note_training()
        note = (
            self.env["culture.training.note"]
            .with_user(self.coordinator)
            .with_context(**action["context"])
            .create(
                {
                    "subject_id": self.escorting.id,
                    "referent_ids": [Command.set(self.referent_card.ids)],
                }
            )
        )
        self.assertEqual(note.state, "attended")
        note.action_note()
        trainings = self.env["culture.training"].search([("date", "=", DAY)])
        self.assertEqual(trainings.relay_id, people)
        self.assertEqual(trainings.referent_id, self.referent_card)
        self.assertEqual(set(people.mapped("trained_until")), {date(2029, 3, 10)})
        note.write({"date": date(2027, 4, 1)})
        self.assertEqual(note.state, "planned")

    def test_an_assistant_without_all_it_needs(self):
        notes = self.env["culture.training.note"].with_user(self.coordinator)
        with self.assertRefused("at least one"):
            notes.create({"subject_id": self.escorting.id}).action_note()
        with self.assertRefused("fill in both"):
            notes.create({"relay_ids": self.relay.ids}).action_note()

    @freeze_time(TODAY)
    def test_a_copy_is_followed_again(self):
        again = self._training(date(2026, 1, 1)).copy()
        self.assertEqual((again.state, again.date), ("planned", DAY))
        self.assertEqual(again.valid_until, date(2029, 3, 10))


@tagged("post_install", "-at_install")
class TestEscortTrained(TrainingCase):
    """An escort is refused with the reason and the way out; its end is told."""

    @freeze_time(TODAY)
    def test_from_refusal_to_acceptance(self):
        self._training(date(2025, 4, 1))
        outing = self._outing(date_begin=datetime(2027, 4, 2, 18))
        escort = {"escort_ids": [Command.link(self.relay.id)]}
        with self.assertRefused("valid until 04/01/2027.*plan a training"):
            outing.with_user(self.coordinator).write(escort)
        self._training(DAY)
        outing.with_user(self.coordinator).write(escort)
        self.assertEqual(outing.escort_ids, self.relay)

    @freeze_time(TODAY)
    def test_a_correction_is_told_to_who_organises(self):
        training = self._training(DAY)
        outing = self._outing(
            date_begin=datetime(2027, 4, 2, 18), escort_ids=self.relay.ids
        )
        soon = self._outing(
            date_begin=datetime(2027, 3, 12, 18), escort_ids=self.relay.ids
        )
        training.valid_until = date(2027, 3, 20)
        self.assertEqual(outing.escort_ids, self.relay)
        self.assertFalse(self._alerts(soon))
        told = self._alerts(outing)
        self.assertEqual(told.user_id, self.referent)
        self.assertIn("plan a training", told.summary)
        self.assertNotIn("Rosa", f"{told.summary} {told.note} {told.res_name}")
        training.state = "missed"
        self.assertEqual(self._alerts(outing), told)
        self.assertTrue(self._alerts(soon))

    @freeze_time(TODAY)
    def test_a_deletion_and_a_list_are_corrections_too(self):
        for act in (
            lambda training: training.unlink(),
            lambda training: self.escorting.write({"for_escort": False}),
        ):
            with self.env.cr.savepoint() as savepoint:
                training = self._training(DAY)
                outing = self._outing(
                    date_begin=datetime(2027, 4, 2, 18), escort_ids=self.relay.ids
                )
                act(training)
                self.assertTrue(self._alerts(outing))
                self.assertFalse(self.relay.trained_until)
                savepoint.rollback()
            self.env.invalidate_all()

    @freeze_time(TODAY)
    def test_nothing_is_told_while_another_training_holds(self):
        training = self._training(DAY)
        self._training(date(2027, 1, 1), subject_id=self.precarity.id)
        outing = self._outing(
            date_begin=datetime(2027, 4, 2, 18), escort_ids=self.relay.ids
        )
        training.unlink()
        self.assertFalse(self._alerts(outing))


@tagged("post_install", "-at_install")
class TestRenewals(TrainingCase):
    """Told once, 60 days before the end, whatever days the job did not run."""

    def _run(self, day):
        with freeze_time(f"{day} 04:00:00"):
            self.env["culture.training"]._cron_tell_of_renewals()
            return self._alerts(self.relay)

    def _ending(self, until="2027-06-30", **vals):
        with freeze_time(TODAY):
            return self._training(valid_until=until, **vals)

    def test_once_and_in_time(self):
        training = self._ending()
        self.assertFalse(self._run("2027-04-30"))
        alert = self._run("2027-05-01")
        self.assertEqual(alert.user_id, self.coordinator)
        self.assertEqual(alert.date_deadline, training.valid_until)
        self.assertIn("To renew before", alert.summary)
        self.assertNotIn("Rosa", f"{alert.summary} {alert.note} {alert.res_name}")
        self.assertEqual(self._run("2027-05-02"), alert)
        alert.unlink()
        self.assertFalse(self._run("2027-05-03"))

    def test_a_week_without_the_job(self):
        self._ending()
        self.assertFalse(self._run("2027-04-30"))
        self.assertTrue(self._run("2027-05-08"))

    def test_months_without_the_job(self):
        self._ending()
        alert = self._run("2027-08-01")
        self.assertIn("Over since", alert.summary)
        self.assertEqual(alert.date_deadline, date(2027, 8, 1))

    def test_silent_once_replaced(self):
        self._ending()
        self._ending("2028-06-30", subject_id=self.precarity.id)
        self.assertFalse(self._run("2027-05-08"))

    def test_another_subject_replaces_nothing(self):
        self._ending(subject_id=self.software.id)
        self._ending("2028-06-30")
        self.assertTrue(self._run("2027-05-08"))

    def test_what_is_noted_takes_the_alert_back(self):
        self._ending()
        self.assertTrue(self._run("2027-05-08"))
        with freeze_time("2027-05-09 10:00:00"):
            new = self._training(date(2027, 5, 9))
            self.assertFalse(self._alerts(self.relay))
            new.unlink()
        self.assertFalse(self._run("2027-05-10"))

    def test_planned_is_waited_for_and_missed_is_told(self):
        self._ending()
        with freeze_time(TODAY):
            planned = self._training(date(2027, 5, 20), state="planned")
        self.assertFalse(self._run("2027-05-08"))
        with freeze_time("2027-05-21 10:00:00"):
            planned.action_missed()
        self.assertTrue(self._run("2027-05-22"))

    def test_a_new_end_is_told_again(self):
        training = self._ending()
        self.assertTrue(self._run("2027-05-08"))
        with freeze_time("2027-05-09 10:00:00"):
            training.valid_until = "2028-05-09"
            self.assertFalse(self._alerts(self.relay))
        self.assertTrue(self._run("2028-04-01"))

    def test_who_is_told(self):
        """Where nobody coordinates, who carries the project; a referent, oneself."""
        self.relay = self._relay_card(self.association, trained_until=False)
        with freeze_time(TODAY):
            self.env["culture.training"].create(
                {
                    "relay_id": self.relay.id,
                    "subject_id": self.escorting.id,
                    "state": "attended",
                    "valid_until": "2027-06-30",
                }
            )
            self.env["culture.training"].create(
                {
                    "referent_id": self.referent_card.id,
                    "subject_id": self.software.id,
                    "state": "attended",
                    "valid_until": "2027-06-30",
                }
            )
        self.assertEqual(self._run("2027-05-08").user_id, self.administrator)
        self.assertEqual(self._alerts(self.referent_card).user_id, self.referent)

    def test_a_relay_who_left_is_nobody_s_task(self):
        self._ending()
        self.relay.active = False
        self.assertFalse(self._run("2027-05-08"))

    def test_the_filter_and_the_field_agree(self):
        trainings = self._ending() | self._ending("2028-06-30")
        trainings |= self._ending("2026-01-01", subject_id=self.software.id)
        with freeze_time(TODAY):
            shown = self.env["culture.training"].search(
                [("id", "in", trainings.ids), ("to_renew", "=", True)]
            )
            self.assertEqual(shown, trainings.filtered("to_renew"))
            self.assertEqual(shown, trainings[2])


@tagged("post_install", "-at_install")
class TestProposed(TrainingCase):
    """Who is proposed for an outing, in which order, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theatre = cls.env.ref("culture_partnership.discipline_theatre")
        cls.arabic = cls.env.ref("base.lang_ar")
        cls._train(cls.relay, datetime.now() + timedelta(days=300))
        cls.outing = cls._outing(discipline_id=cls.theatre.id)

    def _proposed(self, **vals):
        assistant = (
            self.env["culture.relay.propose"]
            .with_user(self.referent)
            .create({"outing_id": self.outing.id, **vals})
        )
        lines = assistant.line_ids
        return [(line.relay_id, line.reason or "") for line in lines], lines

    def test_who_fits_most_comes_first(self):
        self.assertEqual(self._proposed()[0], [(self.relay, "")])
        near = self._relay_card(
            discipline_ids=self.theatre.ids, language_ids=self.arabic.ids
        )
        near.partner_id.zip = self.venue.zip
        found, __ = self._proposed(language_id=self.arabic.id)
        self.assertEqual(
            found, [(near, "Théâtre, Arabic, same district"), (self.relay, "")]
        )

    def test_who_is_not_proposed(self):
        self._relay_card(trained_until=False)
        self._relay_card(self.association)
        self._relay_card(available=False)
        busy = self._relay_card()
        self._outing(date_begin=self.outing.date_begin, escort_ids=busy.ids)
        back = self._relay_card(available=False, back_on=datetime.now())
        found, __ = self._proposed()
        self.assertEqual({relay for relay, __ in found}, {self.relay, back})

    def test_choosing(self):
        __, lines = self._proposed()
        lines.action_choose()
        self.assertEqual(self.outing.escort_ids, self.relay)
        self.assertFalse(self._proposed()[0])

    def test_taken_meanwhile(self):
        __, lines = self._proposed()
        self._outing(date_begin=self.outing.date_begin, escort_ids=self.relay.ids)
        with self.assertRefused("escorts another outing"):
            lines.action_choose()

    def test_one_s_own_outing_only(self):
        other = self._outing(user_id=self.colleague.id, structure_id=self.south.id)
        assistant = (
            self.env["culture.relay.propose"]
            .with_user(self.referent)
            .create({"outing_id": other.id})
        )
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            assistant.line_ids[0].action_choose()

    def test_as_many_queries_for_many(self):
        spent = []
        for count in (4, 36):
            for _each in range(count):
                self._relay_card(discipline_ids=self.theatre.ids)
            for _again in ("cold", "warm"):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                found = self.outing.with_user(self.referent)._relays_that_fit()
            spent.append((self.env.cr.sql_log_count - before, len(found)))
        self.assertEqual([found for __, found in spent], [5, 41])
        self.assertEqual(spent[0][0], spent[1][0])

    def test_without_activity(self):
        relays = self.env["culture.relay"]
        self.assertTrue(self.relay.is_dormant)
        self.relay.with_user(self.coordinator).action_pause()
        self.assertFalse(self.relay.is_dormant)
        self.assertIn(self.relay, relays.search([("is_paused", "=", True)]))
        self.relay.with_user(self.coordinator).action_end_pause()
        self.outing.escort_ids = self.relay
        self.assertFalse(self.relay.is_dormant)
        self.assertNotIn(self.relay, relays.search([("is_dormant", "=", True)]))
        action = self.relay.with_user(self.coordinator).action_outings_to_propose()
        self.assertEqual(action["res_model"], "culture.outing")


@tagged("post_install", "-at_install", "security")
class TestTrainingAttacks(TrainingCase):
    """Threat: an untrained escort, by a word, a link or a list of one's own."""

    @mute_logger(*QUIET)
    def test_nobody_types_until_when(self):
        relay = self.relay.with_user(self.coordinator)
        for act in (
            lambda: relay.write({"trained_until": "2090-01-01"}),
            lambda: relay.with_context(default_trained_until="2090-01-01").create(
                {"partner_id": self.stranger.partner_id.id}
            ),
            lambda: relay.create(
                {
                    "partner_id": self.stranger.partner_id.id,
                    "structure_id": self.north.id,
                    "trained_until": "2090-01-01",
                }
            ),
        ):
            with self.assertRefused("follows from the trainings"):
                act()
        result = relay.load(
            ["partner_id/.id", "structure_id/.id", "trained_until"],
            [[self.stranger.partner_id.id, self.north.id, "2090-01-01"]],
        )
        self.assertFalse(result["ids"])

    @mute_logger(*QUIET)
    def test_no_training_on_another_s_relay(self):
        far = self._relay_card(self.south, trained_until=False)
        trainings = self.env["culture.training"].with_user(self.coordinator)
        vals = {
            "relay_id": far.id,
            "subject_id": self.escorting.id,
            "state": "attended",
            "valid_until": "2090-01-01",
        }
        forged = {"structure_id": self.north.id}
        for act in (
            lambda: trainings.create(vals),
            lambda: trainings.create({**vals, **forged}),
            lambda: trainings.with_context(default_structure_id=self.north.id).create(
                vals
            ),
            lambda: self._training(valid_until="2090-01-01").write(
                {"relay_id": far.id}
            ),
            lambda: self._training(valid_until="2090-01-01").write(
                {"structure_id": self.south.id}
            ),
            lambda: far.with_user(self.coordinator).write(
                {"training_ids": [Command.create({k: vals[k] for k in vals})]}
            ),
        ):
            with self.env.cr.savepoint() as savepoint, self.assertRaises(UserError):
                act()
                self.env.flush_all()
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertFalse(far.trained_until)

    @mute_logger(*QUIET)
    def test_an_assistant_takes_no_foreign_person(self):
        __, elsewhere, person = self._second_company()
        notes = self.env["culture.training.note"].with_user(self.coordinator)
        for vals in (
            {"referent_ids": [Command.link(person.referent_id.id)]},
            {"referent_ids": [Command.set(person.referent_id.ids)]},
            {"relay_ids": [Command.create({"partner_id": elsewhere.partner_id.id})]},
            {"relay_ids": [Command.update(self.relay.id, {"active": False})]},
        ):
            with self.assertRaises(AccessError):
                notes.create(vals)
        with self.assertRaises(AccessError):
            notes.with_context(default_referent_ids=person.referent_id.ids).create({})
        far = self._relay_card(self.south, trained_until=False)
        note = notes.create(
            {
                "relay_ids": far.ids,
                "subject_id": self.escorting.id,
                "date": "2026-01-01",
            }
        )
        with self.assertRaises(AccessError):
            note.action_note()

    @mute_logger(*QUIET)
    def test_a_proposal_is_found_not_given(self):
        """Threat: a relay's reasons or places written by hand, another's dialog."""
        outing = self._outing()
        proposals = self.env["culture.relay.propose"].with_user(self.referent)
        mine = proposals.create(
            {
                "outing_id": outing.id,
                "line_ids": [Command.create({"relay_id": self.relay.id})],
            }
        )
        self.assertFalse(mine.line_ids)
        with self.assertRaises(AccessError):
            self.env["culture.relay.propose.line"].with_user(self.colleague).create(
                {"propose_id": mine.id, "relay_id": self.relay.id}
            )
        forged = mine.line_ids.create(
            {"propose_id": mine.id, "relay_id": self.relay.id}
        )
        with self.assertRefused("no training yet"):
            forged.action_choose()

    @mute_logger(*QUIET)
    def test_who_ends_sees_no_training(self):
        training = self._training(valid_until="2090-01-01")
        self.relay.user_id = self.agent_relay
        self.assertTrue(training.with_user(self.agent_relay).has_access("read"))
        self.env["culture.role"].search(
            [("user_id", "=", self.agent_relay.id)]
        ).action_end_now()
        self.assertFalse(training.with_user(self.agent_relay).has_access("read"))
        for user in (self.administrator, self.stranger, self.referent):
            with self.assertRaises(AccessError):
                training.with_user(user).read(["subject_id"])
        with self.assertRaises(AccessError):
            self.relay.with_user(self.administrator).read(["training_ids"])


@tagged("post_install", "-at_install", "security")
class TestTrainingPortal(PortalCase):
    """Relays read their own, managers their organisation's, by subject and end."""

    def test_own_and_no_other(self):
        self._train(self.card, self.now + timedelta(days=30))
        [told] = self._relay()._trainings()
        self.assertRegex(told["lines"][0], "^[^:]+.*: valid until ")
        self.card.training_ids.write({"state": "missed", "date": self.now})
        self.assertFalse(self._relay()._trainings()[0]["lines"])
        self._train(self.card, self.now + timedelta(days=30))
        self.assertIn("To renew: talk to", told["renew"])
        self.assertFalse(self._relay(self.nobody)._trainings())

    def test_an_organisation_s_and_no_other(self):
        subject = self.env["culture.training.subject"].create({"name": "Zyx subject"})
        other = self.env["culture.relay"].search(
            [("structure_id", "=", self.other_association.id)], limit=1
        ) or self._relay_card(self.other_association)
        for relay in (self.card, other):
            self.env["culture.training"].create(
                {
                    "relay_id": relay.id,
                    "subject_id": subject.id,
                    "date": "2026-01-01",
                    "state": "attended",
                }
            )
        mine = self._partner()._relays()["relays"]
        self.assertEqual(str(mine).count("Zyx subject"), 1)
        self.assertEqual([relay["name"] for relay in mine], [self.card.name])
        self.assertFalse(
            self.env["culture.training"].with_user(self.manager).has_access("read")
        )


@tagged("post_install", "-at_install")
class TestTrainingMigration(TrainingCase):
    """Who could escort with the version before still can."""

    def _migrate(self):
        path = "culture_partnership/migrations/19.0.1.2.0/post-trainings.py"
        spec = spec_from_file_location("post_trainings", file_path(path))
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()

    def test_typed_dates_become_trainings(self):
        over = self._relay_card(trained_until=False, active=False)
        none = self._relay_card(trained_until=False)
        self.escorting.for_escort = self.precarity.for_escort = False
        self.env.flush_all()
        typed = {self.relay: date(2090, 1, 1), over: date(2020, 1, 1)}
        for relay, day in typed.items():
            self.env.cr.execute(
                "UPDATE culture_relay SET trained_until = %s WHERE id = %s",
                (day, relay.id),
            )
        self.env.invalidate_all()
        for _run in ("first", "again"):
            self._migrate()
            for relay, day in typed.items():
                self.assertEqual(relay.trained_until, day)
                self.assertEqual(relay.training_ids.subject_id, self.escorting)
                self.assertFalse(relay.training_ids.date)
            self.assertFalse(none.training_ids)
        self.assertTrue(over.training_ids.renewal_told_on)
        self.assertFalse(self.relay.training_ids.renewal_told_on)
        self.assertTrue(self.precarity.for_escort)
