from datetime import datetime, timedelta

from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..wizards.culture_first_steps import SCREENS, TODO
from .common import CultureCase


@tagged("post_install", "-at_install")
class TestFirstSteps(CultureCase):
    """What opens first, and what the banner counts, for each role."""

    def _steps(self, user):
        return self.env["culture.first.steps"].with_user(user)

    def _todo(self, user, model="culture.beneficiary"):
        items = self._steps(user).get_todo(model)
        return {item["key"]: item["count"] for item in items}

    def _started(self, **vals):
        begin = datetime.now() - timedelta(hours=1)
        return self._outing(date_begin=begin, **vals)

    # ------------------------------------------------------------ first screens

    def test_home_of_each_role(self):
        """Every role lands on a screen that its rights open."""
        self._person()
        self._outing()
        screens = {
            self.referent: "culture.beneficiary",
            self.coordinator: "culture.outing",
            self.administrator: "culture.role",
            self.agent_relay: "culture.outing",
        }
        for user, model in screens.items():
            with self.subTest(user=user.login):
                action = self._steps(user).action_home()
                self.assertEqual(action["res_model"], model)
                self.env[model].with_user(user).check_access("read")

    def test_home_without_role(self):
        """A group whose role has ended opens nothing, and says so."""
        with self.assertRaises(UserError):
            self._steps(self.stranger).action_home()
        roles = self.env["culture.role"].search([("user_id", "=", self.referent.id)])
        roles.action_end_now()
        with self.assertRaises(UserError):
            self._steps(self.referent).action_home()

    def test_home_unfinished(self):
        """The administrator of a scheme without a person starts by the steps."""
        action = self._steps(self.administrator).action_home()
        self.assertEqual(action["res_model"], "culture.first.steps")
        steps = self._steps(self.administrator).create({})
        self.assertTrue(steps.structures_done)
        self.assertTrue(steps.roles_done)
        self.assertFalse(steps.outing_done)
        self.assertFalse(steps.person_done)
        self.assertFalse(steps.accompanies)
        self._person()
        self._outing()
        steps = self._steps(self.administrator).create({})
        self.assertTrue(steps.outing_done)
        self.assertTrue(steps.person_done)

    # ------------------------------------------------------------------ banner

    def test_todo_of_a_referent(self):
        """Only what concerns one's own persons is counted."""
        mine = self._people(3)
        theirs = self._person("Far", referent=self.colleague_card)
        outing = self._started()
        lines = self.env["culture.registration"].create(
            [
                {"outing_id": outing.id, "beneficiary_id": person.id}
                for person in (*mine, theirs)
            ]
        )
        self.assertEqual(self._todo(self.referent), {"attendance": 3})
        self.assertEqual(self._todo(self.colleague), {"attendance": 1})

        lines[0].action_record("absent")
        lines[1].action_record("attended")
        self.assertEqual(self._todo(self.referent), {"attendance": 1, "absences": 1})

        reason = self.env["culture.reason"].search([("kind", "=", "absence")], limit=1)
        lines[0].action_set_absence_reason(reason.id)
        self.assertEqual(self._todo(self.referent), {"attendance": 1})

    def test_todo_of_a_group(self):
        """A group without names waits for who booked it, and for nobody else."""
        outing = self._started()
        self.env["culture.registration"].with_user(self.referent).sudo().create(
            {"outing_id": outing.id, "group_label": "French course", "adults": 6}
        )
        self.assertEqual(self._todo(self.referent), {"attendance": 1})
        self.assertEqual(self._todo(self.colleague), {})

    def test_todo_of_an_offer(self):
        """An answer that is expected waits for the referent of the person."""
        line = self.env["culture.registration"].create(
            {
                "outing_id": self._outing().id,
                "beneficiary_id": self._person().id,
                "state": "waiting",
            }
        )
        line.action_offer()
        self.assertEqual(self._todo(self.referent), {"expected_answers": 1})
        self.assertEqual(self._todo(self.colleague), {})

    def test_todo_of_a_coordinator(self):
        """What waits in the scope, and nothing of another one."""
        empty = self.env["culture.referent"]
        self._person("Nobody", referent=empty)
        born = "1980-02-03"
        self._person("Twin", birth_date=born)
        self._person("Twin", birth_date=born)
        waiting = self._person("Waiting")
        self._outing(publish=False)
        self.env["culture.registration"].create(
            {
                "outing_id": self._outing().id,
                "beneficiary_id": waiting.id,
                "state": "waiting",
            }
        )
        self.env["culture.registration"].create(
            {"outing_id": self._started().id, "beneficiary_id": waiting.id}
        )
        self.assertEqual(
            self._todo(self.coordinator),
            {
                "to_publish": 1,
                "waiting": 1,
                "not_recorded": 1,
                "without_referent": 1,
                "duplicates": 2,
            },
        )
        far = self._todo(self.far_coordinator)
        self.assertFalse(far.keys() & {"waiting", "without_referent", "duplicates"})

    def test_todo_of_the_others(self):
        """Who follows nobody has nothing to do here, role or not."""
        self._person("Nobody", referent=self.env["culture.referent"])
        for user in (self.administrator, self.agent_relay, self.stranger):
            self.assertEqual(self._todo(user), {})

    def test_todo_opens_what_it_counts(self):
        """The filters that a count sets show what it counts.

        On another model, they show what holds it; there the names have to exist.
        """
        for todo in TODO:
            with self.subTest(todo=todo.key):
                user = getattr(self, todo.role)
                filters = self._filters(todo.screen, user)
                shown = Domain.AND(filters[name] for name in todo.filters)
                if todo.counted == todo.screen:
                    records = self.env[todo.screen].with_user(user)
                    counted = self._steps(user)._todo_domain(todo)
                    self.assertEqual(
                        records.search(shown | counted), records.search(shown & counted)
                    )

    def test_todo_leads_elsewhere(self):
        """On another screen, the count carries the action and its filters."""
        self._outing(publish=False)
        for model, elsewhere in (("culture.outing", False), ("culture.role", True)):
            (item,) = self._steps(self.coordinator).get_todo(model)
            self.assertEqual(item["key"], "to_publish")
            self.assertEqual(item["filter"], "to_publish")
            self.assertEqual("action" in item, elsewhere)
        self.assertEqual(item["action"], SCREENS["culture.outing"])
        self.assertEqual(item["context"], {"search_default_to_publish": 1})

    def _filters(self, model, user):
        """Domains of the filters that `user` finds in the screen of `model`."""
        action = self.env["ir.actions.act_window"]._for_xml_id(SCREENS[model])
        records = self.env[model].with_user(user)
        arch = records.get_view(action["search_view_id"][0], "search")["arch"]
        return {
            node.get("name"): Domain(safe_eval(node.get("domain"), {"uid": user.id}))
            for node in etree.fromstring(arch).iter("filter")
            if node.get("domain")
        }
