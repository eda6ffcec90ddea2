import importlib.util
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.modules.module import get_module_path
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .common import CultureCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
class TestBarrier(CultureCase):
    """The lines of a person's barriers, and the list that follows from them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._person()
        names = ("journey", "evening", "childcare")
        cls.journey, cls.evening, cls.childcare = (
            cls.env.ref(f"culture_partnership.barrier_{name}") for name in names
        )

    def _line(self, barrier=None, user=None, **vals):
        lines = self.env["culture.beneficiary.barrier"].with_user(user or self.referent)
        barrier = barrier or self.journey
        return lines.create(
            {"beneficiary_id": self.person.id, "barrier_id": barrier.id, **vals}
        )

    def test_the_first_lever_is_proposed(self):
        line = self._line()
        self.assertEqual(line.lever_id, self.journey.lever_ids[0])
        line.lever_id = self.journey.lever_ids[1]
        line.state = "lasting"
        self.assertEqual(line.lever_id, self.journey.lever_ids[1])
        line.barrier_id = self.evening
        self.assertEqual(line.lever_id, self.evening.lever_ids[0])
        with self.assertRefused("choose one of this barrier"):
            line.lever_id = self.journey.lever_ids[0]
        line.lever_id = False
        self.assertFalse(line.lever_id)

    def test_the_list_is_of_those_not_lifted(self):
        line = self._line()
        other = self._line(self.evening, state="lasting")
        self.assertEqual(self.person.barrier_ids, self.journey + self.evening)
        line.state = "lifted"
        self.env.flush_all()
        self.assertEqual(self.person.barrier_ids, self.evening)
        found = [("barrier_ids", "in", self.journey.ids), ("id", "=", self.person.id)]
        self.assertFalse(self.person.search(found))
        line.state = "current"
        self.env.flush_all()
        self.assertTrue(self.person.search(found))
        other.unlink()
        self.assertEqual(self.person.barrier_ids, self.journey)

    def test_the_lines_follow_the_list(self):
        person = self.person.with_user(self.referent)
        person.barrier_ids = self.journey + self.evening
        lines = person.barrier_line_ids
        self.assertEqual(lines.barrier_id, self.journey + self.evening)
        self.assertEqual(set(lines.mapped("state")), {"current"})
        person.barrier_ids = [Command.unlink(self.journey.id)]
        self.assertEqual(person.barrier_line_ids, lines)
        states = {line.barrier_id: line.state for line in lines}
        self.assertEqual(states, {self.journey: "lifted", self.evening: "current"})
        self.env.invalidate_all()
        self.assertEqual(person.barrier_ids, self.evening)
        person.barrier_ids = [Command.link(self.journey.id)]
        self.env.invalidate_all()
        self.assertEqual(person.barrier_ids, self.journey + self.evening)
        self.assertEqual(person.barrier_line_ids, lines)

    def test_a_lasting_one_stays_so(self):
        line = self._line(state="lasting")
        self.person.with_user(self.referent).barrier_ids += self.evening
        self.assertEqual(line.state, "lasting")

    def test_a_new_file_by_its_referent(self):
        people = self.env["culture.beneficiary"].with_user(self.referent)
        by_list = people.create(
            {"first_name": "List", "barrier_ids": [Command.link(self.journey.id)]}
        )
        self.assertEqual(by_list.barrier_line_ids.barrier_id, self.journey)
        with Form(people) as form:
            form.first_name = "Form"
            with form.barrier_line_ids.new() as line:
                line.barrier_id = self.evening
                line.state = "lasting"
        self.assertEqual(form.record.barrier_ids, self.evening)
        self.assertEqual(form.record.barrier_line_ids.state, "lasting")

    def test_once_a_person(self):
        line = self._line()
        self._line(self.evening)
        with self.assertRefused("noted for this person already"):
            self._line()
        with self.assertRefused("noted for this person already"):
            line.barrier_id = self.evening
        with self.assertRefused("noted for this person already"):
            twice = [Command.create({"barrier_id": self.childcare.id})] * 2
            self.person.with_user(self.referent).barrier_line_ids = twice

    def test_whose_they_are(self):
        line = self._line()
        for user in (self.colleague, self.far_referent, self.far_coordinator):
            theirs = line.with_user(user)
            for act in (
                lambda r=theirs: r.read(["state"]),
                lambda r=theirs: r.write({"state": "lifted"}),
                lambda r=theirs: r.unlink(),
                lambda u=user: self._line(self.evening, u),
            ):
                with self.assertRaises(AccessError), mute_logger(*QUIET):
                    act()
        line.with_user(self.coordinator).state = "lasting"
        self._line(self.evening, self.coordinator).unlink()
        with self.assertRefused("stays with its person"):
            line.beneficiary_id = self._person("Other")
        self.person.with_user(self.coordinator).referent_id = self.colleague_card
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            line.read(["state"])
        self.assertEqual(line.with_user(self.colleague).state, "lasting")

    def test_of_the_same_company(self):
        company, __, person = self._second_company()
        theirs = self.env["culture.barrier"].search(
            [("company_id", "=", company.id)], limit=1
        )
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self._line(theirs)
        line = self.env["culture.beneficiary.barrier"].create(
            {"beneficiary_id": person.id, "barrier_id": theirs.id}
        )
        self.assertEqual(line.lever_id.company_id, company)
        reason = self.env["culture.reason"].search(
            [("company_id", "=", company.id), ("name", "=", theirs.name)], limit=1
        )
        self.assertEqual(reason.barrier_id, theirs)

    def test_what_got_in_the_way_proposes_a_lever(self):
        outing = self._outing(date_begin=fields.Datetime.now() - timedelta(hours=1))
        line = self._register(outing, self.person)
        reason = self.env.ref("culture_partnership.reason_absence_childcare")
        line.action_record("absent", reason_id=reason.id)
        person = self.person.with_user(self.referent)

        def said():
            return person.read_timeline("outings")["lines"][0]["title"]

        proposed = self.childcare.lever_ids[0].name
        self.assertIn(f"Proposed lever: {proposed[:1].lower()}{proposed[1:]}.", said())
        noted = self._line(self.childcare, lever_id=self.childcare.lever_ids[1].id)
        proposed = noted.lever_id.name
        self.assertIn(f"Proposed lever: {proposed[:1].lower()}{proposed[1:]}.", said())
        reason.barrier_id = False
        self.assertNotIn("lever", said())


@tagged("post_install", "-at_install")
class TestBarrierUpdate(CultureCase):
    """What 19.0.1.2.0 kept as tags has lines afterwards, once."""

    def _migrate(self):
        path = get_module_path("culture_partnership")
        path += "/migrations/19.0.1.3.0/post-barriers.py"
        spec = importlib.util.spec_from_file_location("post_barriers", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()

    def test_tags_become_lines(self):
        barriers = self.env["culture.barrier"].search(
            [("company_id", "=", self.company.id)], limit=2
        )
        barriers[1].active = False
        person = self._person()
        field = person._fields["barrier_ids"]
        self.env.flush_all()
        for barrier in barriers:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %s (%s, %s) VALUES (%s, %s)",
                    SQL.identifier(field.relation),
                    SQL.identifier(field.column1),
                    SQL.identifier(field.column2),
                    person.id,
                    barrier.id,
                )
            )
        reason = self.env.ref("culture_partnership.reason_absence_journey")
        reason.barrier_id = False
        for __ in range(2):
            self._migrate()
            self.assertEqual(len(person.barrier_line_ids), 2)
            self.assertEqual(set(person.barrier_line_ids.mapped("state")), {"current"})
            kept = person.with_context(active_test=False).barrier_ids
            self.assertEqual(kept, barriers)
            self.assertEqual(person.barrier_line_ids.structure_id, self.north)
        journey = self.env.ref("culture_partnership.barrier_journey")
        self.assertEqual(reason.barrier_id, journey)
        reason.barrier_id = barriers[0]
        self._migrate()
        self.assertEqual(reason.barrier_id, barriers[0])
