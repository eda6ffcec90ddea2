from datetime import timedelta

from odoo.fields import Command
from odoo.http import _generate_routing_rules
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.culture_partnership.security.access_table import ANYBODY, ROUTES

from .portal_common import SECRET, PortalCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install", "security")
class TestRoutes(HttpCase, PortalCase):
    """Every address of the addon is in the table, and opens to whom the table says."""

    def _routes(self):
        """Addresses of the addon, and how each is declared."""
        modules = sorted(self.registry._init_modules)
        for path, endpoint in _generate_routing_rules(modules, nodb_only=False):
            module = endpoint.func.__module__
            if module.startswith("odoo.addons.culture_partnership."):
                yield path, endpoint.routing

    def test_every_route_has_a_row(self):
        """A new route without a row fails here, not in production."""
        self.assertEqual({path for path, __ in self._routes()}, set(ROUTES))

    def test_pages_only_read_and_acts_only_post(self):
        for path, routing in self._routes():
            with self.subTest(route=path):
                by_link = ROUTES[path] == ANYBODY
                self.assertEqual(routing["auth"], "public" if by_link else "user")
                self.assertEqual(routing.get("save_session", True), not by_link)
                self.assertIn(routing["methods"], (["GET"], ["POST"]))
                reads = routing["methods"] == ["GET"]
                self.assertEqual(bool(routing.get("readonly")), reads)
                # without a session there is no token: the link is what one must know
                forged = by_link and not reads
                self.assertEqual(routing.get("csrf", True), not forged)
                if by_link or path.startswith("/my"):
                    self.assertIs(routing["sitemap"], False)

    @mute_logger(*QUIET)
    def test_each_page_as_each(self):
        """Also with a role that ended an hour ago, and with none."""
        outing = self._escorted()
        self._expected(outing)
        held = self._permanence(host_ids=[Command.set(self.card.ids)])
        self._visit(held).beneficiary_id = outing.registration_ids.beneficiary_id
        draft_id, __ = self._partner()._propose(
            {
                "name": "Proposal",
                "venue": "Venue",
                "day": (self.now + timedelta(days=9)).strftime("%Y-%m-%d"),
                "hour": "20:30",
                "seats": "3",
                "access_mode": "desk",
            }
        )
        report = self.env["culture.bilan"].create(
            {
                "structure_id": self.ccas.id,
                "convention_id": self.convention.id,
                "audience": "external",
            }
        )
        report.action_publish()
        ended = self._portal("ended")
        for role in ("relay", "partner_manager", "observer"):
            role = self._role(ended, role, self.association)
            role.write({"date_end": self.now - timedelta(hours=1)})
        new_test_user(self.env, "test_plain", groups="base.group_user")
        logins = {
            "test_volunteer": "relay",
            "test_manager": "partner_manager",
            "test_observer": "observer",
            "test_coordinator": "coordinator",
            "test_nobody": None,
            "test_ended": None,
            "test_plain": None,
        }
        for login, role in logins.items():
            self.authenticate(login, login)
            for route, routing in self._routes():
                if not route.startswith("/my") or routing["methods"] != ["GET"]:
                    continue
                here = draft_id if route.endswith("/change") else outing.id
                path = route.replace("<int:outing_id>", str(here))
                path = path.replace("<int:permanence_id>", str(held.id))
                path = path.replace("<int:report_id>", str(report.id))
                with self.subTest(login=login, path=path):
                    answer = self._get(path)
                    opened = role in ROUTES[route]
                    wanted = (200, 303) if opened else (404,)
                    self.assertIn(answer.status_code, wanted)
                    self.assertNotIn(SECRET, answer.text)

    def test_the_model_answers_no_call(self):
        """Threat: a projection that is called over RPC with another's id."""
        for name, model in self.env.registry.items():
            if name.startswith("culture.portal"):
                public = {
                    attribute
                    for klass in model.mro()
                    if klass.__module__.startswith("odoo.addons.culture_partnership")
                    for attribute, value in vars(klass).items()
                    if not attribute.startswith("_")
                    and not getattr(value, "_api_private", False)
                }
                self.assertFalse(public - {"pool"}, name)
