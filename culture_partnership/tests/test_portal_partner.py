from datetime import date, timedelta

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..models.culture_portal_usage import Tally, settled, told
from .portal_common import SECRET, PortalCase


def few(number, first=0):
    return frozenset(range(first, first + number))


@tagged("post_install", "-at_install", "security")
class TestPartnerPages(PortalCase):
    """What a partner manager sees and does: places, never people."""

    def _typed(self, **typed):
        day = (self.now + timedelta(days=30)).strftime("%Y-%m-%d")
        return {
            "name": "A concert",
            "venue": "Somewhere, 1 street",
            "day": day,
            "hour": "20:30",
            "seats": "12",
            "access_mode": "voucher",
            **typed,
        }

    def test_a_proposal_is_a_draft_of_the_organisation(self):
        id_, errors = self._partner()._propose(
            self._typed(day="2027-03-12", venue=" theatre of the PORT ")
        )
        self.assertEqual(errors, {})
        outing = self.env["culture.outing"].browse(id_)
        self.assertEqual(outing.state, "draft")
        self.assertEqual(outing.provider_id, self.association)
        self.assertEqual(outing.convention_id, self.convention)
        self.assertEqual(outing.structure_id, self.ccas)
        self.assertEqual(outing.user_id, self.coordinator)
        self.assertEqual(outing.proposed_by_id, self.manager)
        self.assertEqual(outing.date_begin.isoformat(), "2027-03-12T19:30:00")
        self.assertEqual(outing.seats_max, 12)
        self.assertNotIn(self.manager.partner_id, outing.message_partner_ids)
        found = self.env["culture.outing"].with_user(self.coordinator)
        filter_ = [("state", "=", "draft"), ("proposed_by_id", "!=", False)]
        self.assertIn(outing, found.search(filter_))

    def test_a_venue_that_is_known_is_found_another_one_is_kept_as_written(self):
        self._outing()
        id_, __ = self._partner()._propose(self._typed(venue="theatre of the PORT"))
        outing = self.env["culture.outing"].browse(id_)
        self.assertEqual(outing.venue_id, self.venue)
        id_, __ = self._partner()._propose(self._typed(name="Other", venue="The barn"))
        outing = self.env["culture.outing"].browse(id_)
        self.assertFalse(outing.venue_id)
        self.assertEqual(outing.proposed_venue, "The barn")
        with self.assertRefused("Venue"):
            outing.action_publish()

    def test_the_same_proposal_twice_is_one(self):
        first = self._partner()._propose(self._typed())
        self.assertEqual(self._partner()._propose(self._typed()), first)
        self.assertEqual(len(self._partner()._home()["proposals"]), 1)

    def test_a_proposal_changes_until_it_is_published(self):
        id_, __ = self._partner()._propose(self._typed(venue="Theatre of the Port"))
        outing = self.env["culture.outing"].browse(id_)
        outing.venue_id = self.venue
        typed = self._typed(seats="9", hour="19:00", venue="Theatre of the Port")
        self.assertEqual(self._partner()._change(id_, typed), (id_, {}))
        self.assertEqual(outing.seats_max, 9)
        self.assertEqual(outing.venue_id, self.venue)
        outing.action_publish()
        self.assertEqual(self._partner()._change(id_, typed), (0, None))
        self.assertIsNone(self._partner()._form(id_))

    def test_garbage_is_told_beside_its_field(self):
        discipline = self.env["culture.discipline"].search(
            [("company_id", "!=", self.company.id)], limit=1
        )
        for name, value in (
            ("name", ""),
            ("name", " = "),
            ("name", "x" * 500),
            ("venue", "\x00\x01"),
            ("venue", "x" * 500),
            ("day", "2020-01-01"),
            ("day", "9999-12-31"),
            ("day", "0001-01-01"),
            ("day", "tomorrow"),
            ("day", "2027-02-30"),
            ("day", (self.now + timedelta(days=800)).strftime("%Y-%m-%d")),
            ("hour", "25:00"),
            ("hour", "late"),
            ("seats", "1000000000"),
            ("seats", "0"),
            ("seats", "-3"),
            ("seats", "2.5"),
            ("seats", "٣"),
            ("seats", ""),
            ("access_mode", "secret"),
            ("discipline", "x"),
            ("discipline", str(discipline.id or 10**9)),
            ("organisation", str(self.other_association.id)),
            ("organisation", "1 OR 1"),
        ):
            with self.subTest(name=name, value=value[:20]):
                id_, errors = self._partner()._propose(self._typed(**{name: value}))
                self.assertEqual(id_, 0)
                self.assertEqual(list(errors), [name])
        late = self._typed(deadline_day="2099-01-01", deadline_hour="12:00")
        self.assertIn("deadline_day", self._partner()._propose(late)[1])
        self.assertFalse(self._partner()._home()["proposals"])

    def test_a_date_outside_the_convention_is_told(self):
        self.convention.date_end = self.now + timedelta(days=20)
        errors = self._partner()._propose(self._typed())[1]
        self.assertIn("Your convention runs", errors["day"])

    def test_nothing_else_of_a_request_is_read(self):
        """Threat: a form with more fields than the page had."""
        id_, __ = self._partner()._propose(
            self._typed(
                state="published",
                seats_taken="5",
                user_id=str(self.stranger.id),
                structure_id=str(self.south.id),
                provider_id=str(self.other_association.id),
                convention_id=str(self.other_convention.id),
                escort_ids=str(self.other_card.id),
            )
        )
        outing = self.env["culture.outing"].browse(id_)
        self.assertEqual((outing.state, outing.seats_taken), ("draft", 0))
        self.assertEqual(outing.provider_id, self.association)
        self.assertEqual(outing.structure_id, self.ccas)
        self.assertFalse(outing.escort_ids)

    def test_who_does_not_manage_the_organisation_finds_nothing(self):
        outing = self._escorted(-24)
        self._expected(outing)
        for user in (
            self.other_manager,
            self.volunteer,
            self.observer,
            self.nobody,
            self.stranger,
            self.referent,
            self.coordinator,
            self.env.ref("base.public_user"),
        ):
            partner = self._partner(user)
            with self.subTest(user=user.login):
                self.assertIsNone(partner._page(outing.id))
                self.assertIsNone(partner._form(outing.id))
                self.assertIsNone(partner._take_back(outing.id, "1", "20"))
                self.assertEqual(partner._change(outing.id, self._typed()), (0, None))
                if user != self.other_manager:
                    self.assertIsNone(partner._home())
                    self.assertEqual(partner._propose(self._typed()), (0, None))
        self.assertEqual(outing.seats_max, 20)

    def test_a_draft_of_the_ccas_is_not_shown(self):
        draft = self._escorted(-24, publish=False)
        self.assertIsNone(self._partner()._page(draft.id))
        with self.assertRaises(AccessError):
            draft.with_user(self.referent).write({"proposed_by_id": self.manager.id})

    def test_an_ended_role_or_convention_closes_all_pages(self):
        outing = self._escorted(-24)
        role = self.env["culture.role"].search([("user_id", "=", self.manager.id)])
        self.assertTrue(self._partner()._page(outing.id))
        self.convention.action_terminate()
        self.assertIsNone(self._partner()._home())
        self.assertFalse(self._partner()._conventions())
        self._convention(self.association)
        self.assertTrue(self._partner()._home())
        role.write({"date_end": self.now - timedelta(hours=1)})
        self.assertIsNone(self._partner()._home())
        self.assertIsNone(self._partner()._page(outing.id))
        self.assertIsNone(self._partner()._form())

    def test_no_name_of_a_person_anywhere(self):
        self.convention.identity_level = "full_name"
        outing = self._escorted(-24)
        past = self._escorted(24 * 40)
        for there in (outing, past):
            self._expected(there)
        partner = self._partner()
        pages = [
            partner._home(),
            partner._page(outing.id),
            partner._page(past.id),
            partner._relays(),
            partner._conventions(),
            partner._use(),
            partner._screens(),
        ]
        self.assertNotIn(SECRET, str(pages))
        self.assertNotIn("culture.", str(pages))
        self.assertEqual(partner._page(past.id)["free"], 0)

    def test_taking_back_stops_at_what_is_taken(self):
        outing = self._escorted(-24, seats=5)
        for __ in range(3):
            self._expected(outing)
        partner = self._partner()
        self.assertEqual(partner._page(outing.id)["free"], 2)
        for seats in ("3", "99999999999", "0", "-1", "x", "", "1.5"):
            self.assertTrue(partner._take_back(outing.id, seats, "5"))
        self.assertEqual(outing.seats_max, 5)
        self.assertEqual(partner._take_back(outing.id, "1", "5"), "")
        self.assertEqual(outing.seats_max, 4)
        again = partner._take_back(outing.id, "1", "5")
        self.assertIn("changed meanwhile", again)
        self.assertEqual((outing.seats_max, outing.seats_taken), (4, 3))
        self.assertIn("took places back", outing.message_ids[0].body)

    def test_nothing_is_taken_back_once_it_has_started(self):
        outing = self._escorted(1)
        self.assertIn("before", self._partner()._take_back(outing.id, "1", "20"))
        with self.assertRaises(UserError):
            outing._take_back_seats(0, 20)

    def test_relays_and_trainings(self):
        self._train(self.card, self.now + timedelta(days=10))
        relays = self._partner()._relays()["relays"]
        self.assertEqual([relay["name"] for relay in relays], ["volunteer"])
        self.assertIn("To renew", relays[0]["training"])
        self.assertEqual(len(self._partner()._home()["renewals"]), 1)

    def test_reports_are_for_observers(self):
        observer = self.env["culture.portal.observer"]
        self.assertTrue(observer.with_user(self.observer)._home())
        self.assertIsNone(observer.with_user(self.manager)._home())
        self.convention.action_terminate()
        self.assertIsNone(observer.with_user(self.observer)._home())


@tagged("post_install", "-at_install", "security")
class TestFewPeople(PortalCase):
    """No figure rests on fewer than eleven persons, nor does a difference (I9)."""

    def _tally(self, came, missed, first=0):
        people = came + missed
        return Tally(
            people,
            people,
            came,
            few(people, first),
            few(came, first),
            few(missed, first + came),
        )

    def _told(self, *tallies):
        months = {(2026, 9 + n): tally for n, tally in enumerate(tallies)}
        return told(2026, months, (2027, 1))

    def test_thresholds(self):
        for came, missed, given, used in (
            (10, 0, None, None),
            (11, 0, 11, None),
            (11, 10, 21, None),
            (10, 11, 21, None),
            (11, 11, 22, 11),
            (40, 1, 41, None),
        ):
            with self.subTest(came=came, missed=missed):
                season = self._told(self._tally(came, missed))
                self.assertEqual((season["given"], season["used"]), (given, used))

    def test_a_small_month_waits_for_enough_people(self):
        """Threat: the figure of today less that of yesterday tells of a few."""
        season = self._told(self._tally(20, 20), self._tally(2, 1, first=100))
        self.assertEqual((season["given"], season["used"]), (40, 20))
        self.assertEqual(season["used_until"], date(2026, 9, 30))
        season = self._told(
            self._tally(20, 20),
            self._tally(2, 1, first=100),
            self._tally(11, 11, first=200),
        )
        self.assertEqual((season["given"], season["used"]), (65, 33))
        self.assertEqual(season["used_until"], date(2026, 11, 30))

    def test_the_same_people_count_once(self):
        season = self._told(self._tally(6, 6), self._tally(6, 6))
        self.assertEqual((season["given"], season["used"]), (24, None))

    def test_the_month_under_way_is_left_out(self):
        months = {(2026, 9): self._tally(20, 20)}
        safe = settled(months, (2026, 9), lambda tally: True)
        self.assertEqual(safe, (None, None))

    def test_of_real_outings(self):
        with freeze_time("2027-03-20 12:00:00"):
            outing = self._escorted(
                date_begin="2027-01-12 19:30:00",
                date_end="2027-01-12 22:00:00",
                seats=40,
            )
            lines = [self._expected(outing) for __ in range(12)]
            self.env["culture.registration"].create(
                {"outing_id": outing.id, "group_label": "Group", "adults": 9}
            )
            for line in lines:
                line.action_record("attended")
            season = self._partner()._use()[0]
            figures = [figure for __, figure in season["rows"]]
            self.assertEqual(figures, [40, 21, None])


@tagged("post_install", "-at_install", "security")
class TestPartnerHttp(HttpCase, PortalCase):
    """Forms: errors beside the field, on top as links, what was typed is kept."""

    def test_errors_and_what_was_typed(self):
        self.authenticate("test_manager", "test_manager")
        path = "/my/culture/partner/propose"
        token = self._token(path)
        evil = '"><script>alert(1)</script>'
        answer = self._post(path, token, name=evil, venue=evil, seats="1000000000")
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("<script>alert", answer.text)
        tree = html.fromstring(answer.text)
        self.assertEqual(tree.xpath("//input[@name='name']/@value"), [evil])
        self.assertEqual(tree.xpath("//input[@name='seats']/@value"), ["1000000000"])
        alert = tree.xpath("//*[@role='alert']")[0]
        for target in alert.xpath(".//a/@href"):
            field = tree.xpath(f"//*[@id='{target[1:]}']")[0]
            self.assertEqual(field.get("aria-invalid"), "true")
            described = field.get("aria-describedby").split()[-1]
            self.assertTrue(tree.xpath(f"//*[@id='{described}']")[0].text_content())
        outings = self.env["culture.outing"]
        self.assertFalse(outings.search_count([("proposed_by_id", "!=", False)]))

    def test_get_changes_nothing(self):
        outing = self._escorted(-24)
        self.authenticate("test_manager", "test_manager")
        path = f"/my/culture/partner/outing/{outing.id}"
        answer = self._get(f"{path}/take-back?seats=1&seen=20")
        self.assertEqual(answer.status_code, 405)
        before = self.env["culture.outing"].search_count([])
        self._get("/my/culture/partner/propose?name=X&venue=Y&seats=3&day=2027-03-12")
        self.assertEqual(self.env["culture.outing"].search_count([]), before)
        self.assertEqual(outing.seats_max, 20)

    def test_a_replayed_form_takes_back_once(self):
        outing = self._escorted(-24)
        self.authenticate("test_manager", "test_manager")
        path = f"/my/culture/partner/outing/{outing.id}"
        token = self._token(path)
        answers = [
            self._post(f"{path}/take-back", token, seats="4", seen="20")
            for __ in range(2)
        ]
        self.assertEqual([a.status_code for a in answers], [303, 200])
        self.assertIn("changed meanwhile", answers[1].text)
        outing.invalidate_recordset()
        self.assertEqual(outing.seats_max, 16)

    def test_another_organisation_s_and_an_absent_page_answer_alike(self):
        outing = self._escorted(-24)
        self.authenticate("test_other_manager", "test_other_manager")
        token = self._token("/my/culture/partner/propose")
        answers = set()
        for number in (outing.id, 10**8, 10**30):
            path = f"/my/culture/partner/outing/{number}"
            for answer in (
                self._get(path),
                self._get(f"{path}/change"),
                self._post(f"{path}/change", token, name="Mine"),
                self._post(f"{path}/take-back", token, seats="1", seen="20"),
            ):
                self.assertEqual(answer.status_code, 404)
                answers.add(self._main(answer))
        self.assertEqual(len(answers), 1)
        self.assertEqual(outing.seats_max, 20)
