from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.culture_partnership.models.culture_permanence import COUNTERS

from .portal_common import SECRET, PortalCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class HostedCase(PortalCase):
    """A permanence that the volunteer hosts, with a visit of a named person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.held = cls._permanence(host_ids=[Command.set(cls.card.ids)])
        cls.visit = cls._visit(cls.held)
        cls.visit.beneficiary_id = cls._person("Ada", last_name=SECRET)

    def _counts(self, permanence=None):
        permanence = permanence or self.held
        return [permanence[name] for name in COUNTERS]


@tagged("post_install", "-at_install", "security")
class TestHostPages(HostedCase):
    """What a relay who hosts sees and counts, and until when."""

    def test_home_tells_the_permanences(self):
        coming = self._permanence(hours=-24 * 9, host_ids=[Command.set(self.card.ids)])
        self._permanence(hours=-24)
        self._permanence(
            hours=24 * 9, host_ids=[Command.set((self.card + self.other_card).ids)]
        )
        shown = self._relay()._home()["permanences"]
        self.assertEqual([card["id"] for card in shown], [self.held.id, coming.id])
        self.assertEqual(self._relay(self.other_volunteer)._home()["permanences"], [])

    def test_numbers_and_nothing_of_the_visits(self):
        page = self._relay()._permanence_page(self.held.id)
        self.assertEqual([c["value"] for c in page["counters"]], [1, 0, 0, 0])
        self.assertNotIn(SECRET, str(page))
        self.assertNotIn("moment", str(page))

    def test_each_counter(self):
        relay = self._relay()
        for counter in COUNTERS:
            self.assertEqual(relay._count(self.held.id, counter, 1), "")
        self.assertEqual(self._counts(), [2, 1, 1, 1])
        self.assertEqual(self.held.state, "open")
        self.assertEqual(self.held.write_uid, self.volunteer)
        self.assertEqual(relay._count(self.held.id, "needs_count", -1), "")
        self.assertIn("between 0", relay._count(self.held.id, "needs_count", -1))
        self.assertEqual(self._counts(), [2, 1, 0, 1])

    def test_the_totals_of_a_sheet(self):
        relay = self._relay()
        typed = {"people_count": "14", "first_time_count": " 3 ", "needs_count": ""}
        self.assertEqual(relay._count_all(self.held.id, typed), "")
        self.assertEqual(self._counts(), [14, 3, 0, 0])
        for typed, said in (
            ({"first_time_count": "15"}, "“First time” cannot be more"),
            ({"people_count": "-1"}, "between 0 and"),
            ({"people_count": "1e3"}, "between 0 and"),
            ({"people_count": "99999"}, "between 0 and"),
            ({"people_count": "٣"}, "between 0 and"),
        ):
            self.assertIn(said, relay._count_all(self.held.id, typed))
        typed = {"state": "closed", "visit_count": "9", "venue_id": "1"}
        self.assertEqual(relay._count_all(self.held.id, typed), "")
        self.assertEqual(self._counts(), [14, 3, 0, 0])
        self.assertEqual((self.held.state, self.held.visit_count), ("open", 1))

    def test_nothing_else_is_counted(self):
        relay = self._relay()
        for counter, step in (
            ("visit_count", 1),
            ("state", 1),
            ("people_count", 2),
            ("people_count", None),
        ):
            self.assertIsNone(relay._count(self.held.id, counter, step))
        self.assertEqual(self._counts(), [1, 0, 0, 0])

    def test_who_does_not_host_it_finds_nothing(self):
        for user in self._all_but_the_relay():
            relay = self._relay(user)
            with self.subTest(user=user.login):
                self.assertIsNone(relay._permanence_page(self.held.id))
                self.assertIsNone(relay._count(self.held.id, "people_count", 1))
                self.assertIsNone(relay._count_all(self.held.id, {"people_count": "9"}))
        self.assertEqual(self._counts(), [1, 0, 0, 0])

    @mute_logger(*QUIET)
    def test_a_portal_user_has_no_right_on_the_models(self):
        for model in ("culture.permanence", "culture.visit"):
            self.assertFalse(
                self.env[model].with_user(self.volunteer).has_access("read")
            )

    def test_an_agent_who_is_a_relay_has_the_same_page(self):
        card = self._relay_card(user_id=self.agent_relay.id)
        held = self._permanence(host_ids=[Command.set(card.ids)])
        self.assertEqual(
            self._relay(self.agent_relay)._count(held.id, "people_count", 1), ""
        )
        self.assertEqual(held.people_count, 1)

    def test_from_its_day_until_the_next(self):
        held = self._permanence(
            date_begin="2027-03-12 13:00:00",
            date_end="2027-03-12 15:00:00",
            host_ids=[Command.set(self.card.ids)],
        )
        for moment, due in (
            ("2027-03-11 22:59:00", False),
            ("2027-03-11 23:00:00", True),
        ):
            with freeze_time(moment):
                self.assertEqual(self._relay()._permanence_page(held.id)["due"], due)
                said = self._relay()._count(held.id, "people_count", 1)
                self.assertEqual(not said, due)
        with freeze_time("2027-03-13 22:59:00"):
            self.assertEqual(self._relay()._count(held.id, "people_count", 1), "")
        with freeze_time("2027-03-13 23:00:00"):
            self.assertIsNone(self._relay()._permanence_page(held.id))
            self.assertIsNone(self._relay()._count(held.id, "people_count", 1))
        self.assertEqual(held.people_count, 2)

    def test_a_closed_one_keeps_its_numbers_open(self):
        self.held.with_user(self.referent).action_close()
        self.assertEqual(self._relay()._count(self.held.id, "offers_count", 1), "")
        self.assertEqual(self.held.state, "closed")

    def test_an_ended_role_and_an_ended_convention(self):
        coming = self._permanence(hours=-48, host_ids=[Command.set(self.card.ids)])
        with freeze_time(self.now + timedelta(minutes=1)):
            self.convention.action_terminate()
            # begun before the end: it stays until the next day (I6)
            self.assertTrue(self._relay()._permanence_page(self.held.id))
            self.assertIsNone(self._relay()._permanence_page(coming.id))
        role = self.env["culture.role"].search([("user_id", "=", self.volunteer.id)])
        role.write({"date_end": self.now - timedelta(hours=1)})
        self.assertIsNone(self._relay()._permanence_page(self.held.id))

    def test_preview_tells_how_many(self):
        screens = dict(self.env["culture.portal"]._screens_of(self.volunteer))
        self.assertEqual(screens["Permanences to hold"], 1)


@tagged("post_install", "-at_install", "security")
class TestHostForms(HttpCase, HostedCase):
    """The same over HTTP, without JavaScript."""

    def _path(self, permanence=None):
        return f"/my/culture/permanence/{(permanence or self.held).id}"

    def _tap(self, token, counter="people_count", step="1", permanence=None):
        path = f"{self._path(permanence)}/count"
        return self._post(path, token, counter=counter, step=step)

    def test_a_tap_counts_and_a_reload_does_not(self):
        self.authenticate("test_volunteer", "test_volunteer")
        token = self._token(self._path())
        answer = self._tap(token)
        self.assertEqual(answer.status_code, 303)
        location = answer.headers["Location"]
        self.assertTrue(location.endswith("?done=counted#people_count"), location)
        for __ in range(3):
            page = self._get(f"{self._path()}?done=counted")
            self.assertEqual(page.status_code, 200)
        self.assertEqual(self.held.people_count, 2)
        # two taps are two people
        self._tap(token)
        self._tap(token)
        self.assertEqual(self.held.people_count, 4)
        self.assertNotIn(SECRET, page.text)
        self.assertIn('aria-live="polite"', self._main(page))

    def test_what_cannot_be_is_said_on_the_page(self):
        self.authenticate("test_volunteer", "test_volunteer")
        token = self._token(self._path())
        answer = self._tap(token, "needs_count", "-1")
        self.assertEqual(answer.status_code, 200)
        self.assertIn('role="alert"', answer.text)
        answer = self._post(
            f"{self._path()}/totals", token, people_count="2", first_time_count="7"
        )
        self.assertIn("cannot be more than", self._main(answer))
        self.assertIn('value="7"', self._main(answer))
        self.assertEqual(self._counts(), [1, 0, 0, 0])
        answer = self._post(f"{self._path()}/totals", token, people_count="7")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.held.people_count, 7)

    def test_forged_and_foreign(self):
        theirs = self._permanence(host_ids=[Command.set(self.other_card.ids)])
        self.authenticate("test_volunteer", "test_volunteer")
        token = self._token(self._path())
        with mute_logger("odoo.http"):
            self.assertEqual(self._tap("forged").status_code, 400)
            self.assertEqual(self._get(f"{self._path()}/count").status_code, 405)
        absent = self._main(self._get("/my/culture/permanence/999999"))
        for answer in (
            self._get(self._path(theirs)),
            self._tap(token, permanence=theirs),
            self._tap(token, counter="state"),
            self._tap(token, step="50"),
            self._post(f"{self._path(theirs)}/totals", token, people_count="9"),
        ):
            self.assertEqual(answer.status_code, 404)
            self.assertEqual(self._main(answer), absent)
        self.assertEqual(self._counts(theirs), [0, 0, 0, 0])
        self.assertEqual(self._counts(), [1, 0, 0, 0])

    def test_home_leads_there(self):
        answer = self._get("/my/culture", "test_volunteer")
        self.assertIn(self._path(), answer.text)
        self.assertIn("My permanences", answer.text)
