import random
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CultureCase

NOW = datetime(2027, 3, 1, 9)
DAY = timedelta(days=1)


class WaitingCase(CultureCase):
    """An outing in ten days, full with one person, and others who wait."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(NOW)
        freezer.start()
        cls.addClassCleanup(freezer.stop)

    def _full(self, seats=1, **vals):
        """:return: outing, the registrations that fill it"""
        outing = self._outing(seats=seats, date_begin=NOW + 10 * DAY, **vals)
        return outing, self._register(outing, self._people(seats))

    def _wait(self, outing, *people, user=None, **line):
        """In this order; one minute apart."""
        lines = self.env["culture.registration"].with_user(user or self.coordinator)
        for number, person in enumerate(people):
            with freeze_time(NOW + timedelta(minutes=number)):
                lines += self._register(
                    outing, person, user or self.coordinator, "waiting", **line
                )
        return lines

    def _went(self, person, days):
        """An outing attended that many days ago."""
        past = self._outing(date_begin=NOW - days * DAY, name="Past")
        with freeze_time(NOW - (days + 1) * DAY):
            line = self._register(past, person, self.coordinator)
        with freeze_time(NOW - days * DAY + timedelta(hours=1)):
            line.action_record("attended")

    def _run_job(self, moment):
        job = self.env.ref("culture_partnership.ir_cron_waiting_lists")
        with freeze_time(moment), self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()

    def _whys(self, line):
        return [why for why in line.sudo().log_ids.mapped("why") if why]


@tagged("post_install", "-at_install")
class TestWaitingList(WaitingCase):
    """I3: by written rules, to each once, with the reason."""

    def test_order_of_the_rules(self):
        """First outing, then longest without one, then order of request."""
        outing, __ = self._full()
        often, long_ago, late, early = self._people(4)
        self._went(often, 20)
        self._went(long_ago, 130)
        lines = self._wait(outing, often, long_ago, early, late)
        shown = outing.with_user(self.coordinator).waiting_ids
        self.assertEqual(shown.beneficiary_id, early | late | long_ago | often)
        self.assertEqual(shown.ids, (lines[2] + lines[3] + lines[1] + lines[0]).ids)
        self.assertEqual(
            shown.mapped("waiting_why"),
            [
                "First outing",
                "First outing",
                "Has waited for 4 months",
                "Has waited for less than a month",
            ],
        )
        self.assertEqual(shown.mapped("waiting_rank"), [1, 2, 3, 4])
        lines[2].action_cancel()
        self.env.invalidate_all()
        self.assertEqual(lines[3].waiting_rank, 1)

    def test_a_freed_place_is_offered_and_passes_on(self):
        """Each once, until nobody is left; expired offers are not made again."""
        outing, seated = self._full()
        first, second = self._wait(outing, *self._people(2))
        notice = seated.action_cancel()
        self.assertEqual(
            notice["params"]["message"], "Place freed, offered to the next person."
        )
        self.assertEqual((first.state, second.state), ("offered", "waiting"))
        self.assertEqual(first.offer_expiry, NOW + DAY)
        log = first.sudo().log_ids[:1]
        self.assertEqual((log.why, log.why_label), ("first", "First outing"))
        self.assertEqual(log.user_id, self.env.ref("base.user_root"))
        self._run_job(NOW + DAY - timedelta(seconds=1))
        self.assertEqual(first.state, "offered")
        # the job was down for a day: it makes up for it
        self._run_job(NOW + 2 * DAY)
        self.assertEqual((first.state, second.state), ("waiting", "offered"))
        self.assertEqual(self._whys(first), ["expired", "first"])
        self._run_job(NOW + 4 * DAY)
        self._run_job(NOW + 4 * DAY)
        self.assertEqual((first.state, second.state), ("waiting", "waiting"))
        self.assertEqual(outing.seats_taken, 0)
        self.assertEqual(self._whys(second), ["expired", "first"])
        with self.assertRefused("not offered twice"):
            first.sudo().action_offer()

    def test_not_twice_to_who_left_and_came_back(self):
        outing, seated = self._full()
        person, other = self._people(2)
        line = self._wait(outing, person)
        seated.action_cancel()
        self.assertFalse(line.action_cancel(), "nobody else waits")
        again, next_one = self._wait(outing, person, other)
        self._run_job(NOW + timedelta(minutes=10))
        self.assertEqual((again.state, next_one.state), ("waiting", "offered"))
        # by hand neither: one has spoken, and the place is confirmed
        outing.sudo().seats_max = 2
        dialog = again.action_offer()
        assistant = self.env["culture.offer"].with_user(self.coordinator)
        assistant = assistant.with_context(**dialog["context"]).create({})
        self.assertIn("offered already", assistant.effect)
        with self.assertRefused("not offered twice"):
            again.write({"state": "offered"})
        assistant.reason = "She comes after all"
        assistant.action_offer()
        self.assertEqual(again.state, "confirmed")

    def test_what_stands_between_is_said(self):
        """Who cannot come, or does not fit, is passed over, and it is written why."""
        outing, seated = self._full()
        busy, needing, large, fitting = self._people(4)
        need = self.env["culture.access.need"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        needing.access_need_ids = need
        lines = self._wait(outing, busy, needing)
        lines += self._wait(outing, large, companion=True)
        lines += self._wait(outing, fitting)
        for number, line in enumerate(lines.sudo()):
            line.waiting_since = NOW + timedelta(minutes=number)
        elsewhere = self._outing(date_begin=outing.date_begin, name="Elsewhere")
        self._register(elsewhere, busy)
        seated.action_cancel()
        self.assertEqual(lines.mapped("state"), ["waiting"] * 3 + ["offered"])
        self.assertEqual(
            [self._whys(line)[:1] for line in lines],
            [["busy"], ["need"], ["room"], ["first"]],
        )
        self.assertIn(need.name, lines[1].sudo().log_ids[:1].why_label)
        self.assertIn(need.name, lines[1].waiting_why)
        count = len(lines.sudo().log_ids)
        lines[3].action_cancel()
        self._run_job(NOW + timedelta(hours=1))
        self.assertEqual(len(lines.sudo().log_ids), count + 1, "said once")

    def test_a_child_is_not_offered_a_place_alone(self):
        """The adult let the offer go, the child came on the list afterwards."""
        outing, seated = self._full()
        parent, child = self._people(2)
        child.birth_date = "2018-01-01"
        home = self.env["culture.household"].create(
            {"name": "Home", "structure_id": self.north.id}
        )
        (parent | child).household_id = home
        self._wait(outing, parent)
        seated.action_cancel()
        self._run_job(NOW + DAY)
        line = self._wait(outing, child)
        self._run_job(NOW + DAY + timedelta(minutes=10))
        self.assertEqual(line.state, "waiting")
        self.assertEqual(self._whys(line), ["minor"])

    def test_a_household_is_not_split(self):
        outing, seated = self._full(2)
        parent, child, alone = self._people(3)
        child.birth_date = "2018-01-01"
        home = self.env["culture.household"].create(
            {"name": "Home", "structure_id": self.north.id}
        )
        (parent | child).household_id = home
        family = self._wait(outing, parent, alone, child)
        self.assertEqual(family.mapped("waiting_rank"), [1, 3, 2])
        seated[0].action_cancel()
        self.assertEqual(family.mapped("state"), ["waiting", "offered", "waiting"])
        self._run_job(NOW + timedelta(minutes=10))
        seated[1].action_cancel()
        self.assertEqual(family.mapped("state"), ["waiting", "offered", "waiting"])
        family[1].action_cancel()
        self.assertEqual(family.mapped("state"), ["offered", "cancelled", "offered"])

    def test_when_no_place_is_offered(self):
        """Cancelled, over, under no convention, past the day to warn, venue's seats."""
        outing, seated = self._full(3)
        line = self._wait(outing, self._person())
        seated[0].action_cancel("venue")
        self.assertEqual(line.state, "waiting", "fewer places than before")
        with freeze_time(outing.cancel_deadline):
            seated[1].action_cancel()
        self._run_job(outing.cancel_deadline)
        self.assertEqual(line.state, "waiting")
        outing.action_cancel()
        self.assertEqual(line.state, "cancelled")
        convention = self.env["culture.convention"].create(
            {
                "name": "Ends",
                "partner_id": self.association.id,
                "project_referent_id": self.coordinator.id,
                "date_start": "2027-01-01",
                "date_end": "2027-03-05",
            }
        )
        convention.action_sign()
        outing, seated = self._full(convention_id=convention.id)
        line = self._wait(outing, self._person())
        with freeze_time(NOW + 6 * DAY):
            seated.action_cancel()
        self._run_job(NOW + 6 * DAY)
        self.assertEqual(line.state, "waiting")

    def test_shorter_near_the_day_and_not_at_night(self):
        """The day to warn is the eve at noon, in Paris 11:00 UTC."""
        outing = self._outing(date_begin=NOW + 10 * DAY)
        deadline = outing.cancel_deadline
        for before, lasts in (
            (timedelta(days=8), DAY),
            (timedelta(hours=26), timedelta(hours=6, minutes=30)),
            # at 17:00 for 2 hours and 42 minutes
            (timedelta(hours=19), timedelta(hours=18)),
            (timedelta(hours=3), timedelta(hours=2)),
            (timedelta(hours=1), None),
        ):
            with self.subTest(before=before), freeze_time(deadline - before):
                expiry = outing._offer_expiry()
                wanted = lasts and deadline - before + lasts
                self.assertEqual(expiry or None, wanted)
        self.env["ir.config_parameter"].set_param(
            "culture_partnership.offer_hours", "12"
        )
        self.assertEqual(outing._offer_expiry(), NOW + DAY / 2 + timedelta(hours=13))

    def test_out_of_turn_is_for_the_coordination_and_says_why(self):
        outing, seated = self._full(2)
        first, second = self._wait(outing, *self._people(2))
        outing.sudo().seats_max = 3
        for act in (second.action_confirm, second.action_offer):
            with self.assertRefused("1 other registration comes first"):
                act.__func__(second.with_user(self.referent))
        with self.assertRefused("1 other registration comes first"):
            second.action_confirm()
        dialog = second.action_offer()
        assistant = (
            self.env["culture.offer"]
            .with_user(self.coordinator)
            .with_context(**dialog["context"])
            .create({})
        )
        self.assertEqual(assistant.effect, "1 other registration comes first.")
        with self.assertRefused("Say why"):
            assistant.action_offer()
        assistant.reason = "Her neighbour comes too"
        assistant.action_offer()
        self.assertEqual((first.state, second.state), ("waiting", "offered"))
        self.assertEqual(second.offer_expiry, NOW + DAY)
        self.assertEqual(
            second.sudo().log_ids[:1].why_label,
            f"Choice of {self.coordinator.name}: Her neighbour comes too",
        )
        with self.assertRefused("Only the coordination"):
            self._wait(outing, self._person("Late")).with_user(
                self.referent
            )._give_by_choice("Mine")
        self._run_job(NOW + 2 * DAY)
        self.assertEqual((first.state, second.state), ("offered", "waiting"))
        first.with_user(self.referent).action_confirm()
        outing.sudo().seats_max = 4
        second._give_by_choice("Spoke on the phone")
        self.assertEqual(second.state, "confirmed")

    def test_another_outing_s_coordination_may_not_choose(self):
        outing, __ = self._full(structure_id=self.south.id)
        first, second = self._wait(outing, *self._people(2))
        outing.sudo().seats_max = 2
        with self.assertRefused("comes first"):
            second.action_offer()
        first.action_offer()
        self.assertEqual(first.state, "offered", "in turn")

    def test_others_are_counted_and_not_shown(self):
        outing, __ = self._full()
        self._wait(outing, self._person(), user=self.referent)
        far = self._person("Far", self.far_card)
        self._wait(outing, far, user=self.far_referent)
        for user, seen, said in (
            (self.referent, 1, "1 other person is waiting."),
            (self.colleague, 0, "2 other persons are waiting."),
        ):
            theirs = outing.sudo().with_user(user)
            self.env.invalidate_all()
            self.assertEqual(len(theirs.waiting_ids), seen)
            self.assertEqual(theirs.waiting_others_label, said)

    def test_an_expiry_is_to_come_and_before_the_start(self):
        outing, __ = self._full(2)
        line = self._wait(outing, self._person())
        outing.sudo().seats_max = 3
        with self.assertRefused("a moment to come"):
            line.action_offer(NOW)
        line.action_offer(NOW + 90 * DAY)
        self.assertEqual(line.offer_expiry, outing.date_begin)
        with self.assertRefused("filled by the application", AccessError):
            line.offer_expiry = NOW + DAY


@tagged("post_install", "-at_install")
class TestQuotas(WaitingCase):
    """Places kept for a structure are not given to others until they are common."""

    def _quota(self, outing, structure, seats, **vals):
        return self.env["culture.outing.quota"].create(
            {
                "outing_id": outing.id,
                "structure_id": structure.id,
                "seats": seats,
                **vals,
            }
        )

    def test_kept_then_common(self):
        outing = self._outing(seats=5, date_begin=NOW + 30 * DAY)
        quota = self._quota(outing, self.south, 2)
        self.assertEqual(str(quota.return_date), "2027-03-21")
        self.assertTrue(quota.in_force)
        people = self._people(5)
        with self.assertRefused("quota of your structure is reached.*21 March"):
            self._register(outing, people[:4])
        self._register(outing, people[:3])
        waiting = self._wait(outing, people[3], people[4])
        with self.assertRefused("quota"):
            waiting[0].action_confirm()
        far = self._person("Far", self.far_card)
        self._register(outing, far, self.far_referent)
        self.assertEqual((quota.seats_taken, outing.seats_taken), (1, 4))
        assistant = self.env["culture.register"].with_user(self.referent)
        assistant = assistant.create(
            {
                "outing_id": outing.id,
                "line_ids": [
                    Command.create(
                        {
                            "beneficiary_id": self._person("New").id,
                            "outing_id": outing.id,
                            "selected": True,
                        }
                    )
                ],
            }
        )
        self.assertTrue(assistant.nothing_fits)
        self.assertIn("goes to the waiting list", assistant.warnings)
        # by the day alone, and the job offers what is common then
        self._run_job(NOW + 19 * DAY)
        self.assertEqual(waiting[0].state, "waiting")
        self.assertEqual(self._whys(waiting[0]), ["quota"])
        self._run_job(NOW + 20 * DAY)
        self.assertEqual(waiting.mapped("state"), ["offered", "waiting"])

    def test_a_quota_is_sound(self):
        outing = self._outing(seats=5, date_begin=NOW + 30 * DAY)
        quota = self._quota(outing, self.south, 2)
        with self.assertRefused("6 places are kept in all, and there are 5"):
            self._quota(outing, self.north, 4)
        with self.assertRefused("has a quota for this outing already"):
            self._quota(outing, self.south, 1)
        with self.assertRefused("one of the scheme's structures"):
            self._quota(outing, self.venue, 1)
        with self.assertRefused("stays with its outing"):
            quota.outing_id = self._outing(date_begin=NOW + 9 * DAY)
        with self.assertRefused("fill it in"):
            self.env["culture.outing.quota"].create({"outing_id": outing.id})
        with self.assertRefused("kept for structures"):
            outing.seats_max = 1

    def test_against_a_plain_model(self):
        """Random acts of three structures; two have a quota."""
        chance = random.Random(7)
        cards = [self.referent_card, self.far_card]
        structures = [self.north, self.south, self.ccas]
        root = self._user("test_root_referent", "referent", self.ccas)
        cards.append(self._card(root))
        people = {
            structure: [self._person(f"P{n}", card) for n in range(8)]
            for structure, card in zip(structures, cards, strict=True)
        }
        for turn in range(3):
            seats = chance.randint(3, 9)
            kept = {self.north: chance.randint(0, seats)}
            kept[self.south] = chance.randint(0, seats - kept[self.north])
            outing = self._outing(seats=seats, date_begin=NOW + (40 + turn) * DAY)
            for structure, number in kept.items():
                self._quota(outing, structure, number)
            taken = {structure: [] for structure in structures}
            for __ in range(25):
                structure = chance.choice(structures)
                if taken[structure] and chance.random() < 0.3:
                    taken[structure].pop().action_cancel()
                    continue
                busy = [line.beneficiary_id for line in taken[structure]]
                free = [p for p in people[structure] if p not in busy]
                if not free:
                    continue
                counts = {s: len(lines) for s, lines in taken.items()}
                counts[structure] += 1
                # whatever happens, every structure can still have what is kept for it
                fits = sum(max(kept.get(s, 0), n) for s, n in counts.items()) <= seats
                try:
                    with self.env.cr.savepoint():
                        line = self.env["culture.registration"].create(
                            {"outing_id": outing.id, "beneficiary_id": free[0].id}
                        )
                except UserError:
                    line = None
                self.assertEqual(bool(line), fits, (seats, kept, counts))
                if line:
                    taken[structure].append(line)

    def test_without_a_quota_no_query_more(self):
        outing, other = self._outing(), self._outing(date_begin=NOW + 40 * DAY)
        quota = self._quota(other, self.south, 2)
        self.assertEqual(other.quota_until, quota.return_date)
        self.assertFalse(outing.quota_until)
        spent = []
        for one in (other, outing):
            person = self._person()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._register(one, person)
            spent.append(self.env.cr.sql_log_count - before)
        self.assertGreater(spent[0], spent[1])
        quota.unlink()
        self.assertFalse(other.quota_until)
