from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .portal_common import SECRET, PortalCase


@tagged("post_install", "-at_install", "security")
class TestRelayPages(PortalCase):
    """What a relay sees of an outing, and when."""

    def test_who_follows_the_person_reads_what_the_relay_will_see(self):
        outing = self._escorted(hours=-72)
        for agrees, shown in ((True, "Ada"), (False, "No. 2")):
            person = self._expected(outing, agrees=agrees).beneficiary_id
            self.assertIn(shown, self._names(outing))
            said = person.with_user(self.referent).who_sees.split("\n")[-1]
            self.assertIn(f"“{shown}, 1 place”", said)
            self.assertNotIn(SECRET, said)
        outing.escort_ids = False
        self.env.invalidate_all()
        self.assertNotIn("the relay will see", person.with_user(self.referent).who_sees)

    def test_names_as_convention_and_person_allow(self):
        outing = self._escorted()
        self._expected(outing, "Ada")
        self._expected(outing, "Blaise", agrees=False)
        self._expected(outing, "Ada", chosen_name="Chen")
        self.assertEqual(self._names(outing), ["Ada", "Chen", "No. 2"])
        self.convention.identity_level = "full_name"
        self.assertEqual(
            self._names(outing), [f"Ada {SECRET}", f"Chen {SECRET}", "No. 2"]
        )
        self.convention.identity_level = "number"
        self.assertEqual(self._names(outing), ["No. 1", "No. 2", "No. 3"])

    def test_two_of_one_name_are_told_apart(self):
        outing = self._escorted()
        self._expected(outing, "Ada")
        self._expected(outing, "ada")
        self.assertEqual(self._names(outing), ["Ada, No. 1", "ada, No. 2"])

    def test_a_number_stays_when_others_leave(self):
        outing = self._escorted(-24)
        first = self._expected(outing, agrees=False)
        self._expected(outing, agrees=False)
        first.action_cancel()
        self._expected(outing, agrees=False)
        self.assertEqual(self._names(outing), ["No. 2", "No. 3"])

    def test_a_group_looks_like_a_number(self):
        """Threat: the label of a group says which service people come from."""
        outing = self._escorted()
        self.env["culture.registration"].create(
            {"outing_id": outing.id, "group_label": "Shelter", "adults": 4}
        )
        page = self._relay()._page(outing.id)
        self.assertNotIn("Shelter", str(page))
        self.assertEqual(page["list"]["rows"][0]["seats"], 4)

    def test_without_convention_numbers_only_and_no_needs(self):
        need = self.env["culture.access.need"].search([], limit=1)
        vals = {"access_need_ids": [Command.set(need.ids)]}
        outing = self._escorted()
        self._expected(outing, "Ada", **vals)
        rows = self._relay()._page(outing.id)["list"]["rows"]
        self.assertEqual(rows[0]["needs"], [need.name])
        self.convention.share_access_needs = False
        rows = self._relay()._page(outing.id)["list"]["rows"]
        self.assertEqual((rows[0]["name"], rows[0]["needs"]), ("Ada", []))
        self.convention.share_access_needs = True
        outing.convention_id = False
        rows = self._relay()._page(outing.id)["list"]["rows"]
        self.assertEqual((rows[0]["name"], rows[0]["needs"]), ("No. 1", []))

    def test_the_stricter_of_two_conventions_decides(self):
        """Threat: a convention with others opens names to one who signed for none."""
        outing = self._escorted(escort_ids=self.other_card.ids)
        self._expected(outing, "Ada")
        self.other_convention.identity_level = "number"
        self.assertEqual(self._names(outing, self.other_volunteer), ["No. 1"])
        self.other_convention.identity_level = "full_name"
        self.assertEqual(self._names(outing, self.other_volunteer), ["Ada"])

    def test_an_unsigned_convention_shares_nothing(self):
        draft = self.env["culture.convention"].create(
            {
                "name": "Draft",
                "partner_id": self.association.id,
                "date_start": self.now - timedelta(days=9),
                "date_end": self.now + timedelta(days=9),
                "identity_level": "full_name",
                "share_access_needs": True,
            }
        )
        outing = self._escorted(convention_id=draft.id)
        self._expected(outing, "Ada")
        self.assertEqual(self._names(outing), ["No. 1"])

    def test_the_list_is_there_from_seven_days_before_to_the_day_after(self):
        outing = self._escorted(
            date_begin="2027-03-12 19:30:00", date_end="2027-03-12 22:00:00"
        )
        self._expected(outing)
        for moment, status, told in (
            ("2027-03-04 22:59:59", "early", "from 5 March 2027 to 13 March 2027."),
            ("2027-03-04 23:00:00", "open", "until 13 March 2027."),
            ("2027-03-13 22:59:59", "open", "until 13 March 2027."),
            ("2027-03-13 23:00:00", "over", "since 14 March 2027."),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                people = self._relay()._page(outing.id)["list"]
                self.assertEqual(people["status"], status)
                self.assertEqual(bool(people["rows"]), status == "open")
                self.assertIn(told, people["told"])

    def test_a_cancelled_outing_says_so_and_has_no_list(self):
        outing = self._escorted(-24)
        self._expected(outing)
        outing.action_cancel()
        page = self._relay()._page(outing.id)
        self.assertTrue(page["cancelled"])
        self.assertFalse(page["list"]["rows"])
        self.assertTrue(self._relay()._home()["later"][0]["cancelled"])

    def test_home_begins_with_the_next(self):
        self._escorted(24 * 30, name="Long ago")
        self._escorted(-24 * 3, name="Next")
        self._escorted(-24 * 20, name="Later")
        self._escorted(-24 * 5, name="Of another", escort_ids=self.other_card.ids)
        self._escorted(-24 * 6, name="A draft", publish=False)
        home = self._relay()._home()
        self.assertEqual(home["next"]["name"], "Next")
        self.assertEqual([card["name"] for card in home["later"]], ["Later"])
        self.assertEqual([card["name"] for card in home["past"]], ["Long ago"])
        self.assertIn("Valid until", home["trainings"][0]["valid"])
        self.assertEqual(home["trainings"][0]["phone"]["text"], "04 65 71 10 00")

    def test_who_is_not_the_relay_of_it_finds_nothing(self):
        outing = self._escorted()
        self._expected(outing)
        for user in self._all_but_the_relay():
            relay = self._relay(user)
            with self.subTest(user=user.login):
                self.assertIsNone(relay._page(outing.id))
                self.assertIsNone(relay._calendar(outing.id))
                self.assertIsNone(relay._record(outing.id, 1, "attended"))
                self.assertIsNone(relay._say(outing.id, "Fine"))
        self.assertEqual(outing.registration_ids.state, "confirmed")

    def test_an_agent_who_is_a_relay_has_the_same_page(self):
        card = self._relay_card(user_id=self.agent_relay.id)
        outing = self._escorted(escort_ids=card.ids)
        self._expected(outing, "Ada")
        self.assertEqual(self._names(outing, self.agent_relay), ["Ada"])

    def test_a_role_that_ended_closes_everything_at_once(self):
        outing = self._escorted()
        self._expected(outing)
        role = self.env["culture.role"].search([("user_id", "=", self.volunteer.id)])
        self.assertTrue(self._relay()._page(outing.id))
        role.write({"date_end": self.now - timedelta(hours=1)})
        self.assertIsNone(self._relay()._page(outing.id))
        self.assertIsNone(self._relay()._home())
        self.assertIsNone(self._relay()._record(outing.id, 1, "attended"))
        self.assertFalse(self.env["culture.portal"]._screens_of(self.volunteer))

    def test_a_role_elsewhere_opens_nothing(self):
        """Threat: a relay's role in one association opens the card of another."""
        outing = self._escorted()
        role = self.env["culture.role"].search([("user_id", "=", self.volunteer.id)])
        role.action_end_now()
        self._role(self.volunteer, "relay", self.other_association)
        self.assertIsNone(self._relay()._page(outing.id))

    def test_after_a_convention_the_outing_begun_before_stays(self):
        begun = self._escorted(2, name="Begun")
        coming = self._escorted(-24, name="To come")
        self._expected(begun, "Ada")
        self.convention.action_terminate()
        self.assertEqual(self._names(begun), ["Ada"])
        self.assertEqual(self._relay()._record(begun.id, 1, "attended"), "")
        self.assertIsNone(self._relay()._page(coming.id))
        self.assertFalse(self._relay()._home()["trainings"])
        with freeze_time(self.now + timedelta(days=3)):
            self.assertIsNone(self._relay()._page(begun.id))

    def test_an_outing_begun_after_the_end_is_closed(self):
        outing = self._escorted(2)
        self._expected(outing)
        self.convention.action_terminate()
        self.convention.terminated_date = self.now - timedelta(hours=3)
        self.assertIsNone(self._relay()._page(outing.id))
        self.convention.terminated_date = False
        self.assertIsNone(self._relay()._page(outing.id))

    def test_a_convention_that_ends_by_its_date(self):
        outing = self._escorted(
            date_begin="2027-03-12 19:30:00", date_end="2027-03-12 22:00:00"
        )
        self._expected(outing, "Ada")
        self.convention.date_end = "2027-03-12"
        with freeze_time("2027-03-13 12:00:00"):
            self.assertEqual(self._names(outing), ["Ada"])
        self.convention.date_end = "2027-03-11"
        with freeze_time("2027-03-10 12:00:00"):
            self.assertEqual(self._names(outing), ["No. 1"])
        with freeze_time("2027-03-12 12:00:00"):
            self.assertIsNone(self._relay()._page(outing.id))

    def test_screens_for_the_administrator(self):
        outing = self._escorted()
        self._expected(outing)
        portal = self.env["culture.portal"].with_user(self.administrator)
        portal = portal.with_context(allowed_company_ids=self.company.ids)
        screens = portal._screens_of(self.volunteer)
        self.assertEqual([number for __, number in screens], [1, 1, 1, 0])
        self.assertNotIn(SECRET, str(screens))
        self.assertFalse(self.env["culture.portal"]._screens_of(self.nobody))


@tagged("post_install", "-at_install", "security")
class TestRelayActs(PortalCase):
    """What a relay writes goes through the registration's own rules."""

    def test_attendance_and_undo(self):
        outing = self._escorted()
        line = self._expected(outing)
        relay = self._relay()
        for state in ("attended", "excused", "absent", "attended", "confirmed"):
            self.assertEqual(relay._record(outing.id, 1, state), "")
            self.assertEqual(line.state, state)
        relay._record(outing.id, 1, "attended")
        self.assertEqual(line.attendance_by_id, self.volunteer)
        self.assertEqual(line.seats_attended, 1)
        self.assertEqual(line.log_ids[0].user_id, self.volunteer)
        traces = len(line.log_ids)
        self.assertEqual(relay._record(outing.id, 1, "attended"), "")
        self.assertEqual(len(line.log_ids), traces)
        self.assertEqual(outing.seats_taken, 1)

    def test_part_of_a_group_came(self):
        """As many as came, and no more than there were places."""
        outing = self._escorted()
        group = self.env["culture.registration"].create(
            {"outing_id": outing.id, "group_label": "Desk", "adults": 3, "children": 2}
        )
        relay = self._relay()
        for came in (0, 6, -1, 10**6):
            error = relay._record(outing.id, 1, "attended", came)
            self.assertEqual(error, "How many came? Give a number from 1 to 5.")
        self.assertEqual(group.state, "confirmed")
        self.assertEqual(relay._record(outing.id, 1, "attended", 3), "")
        self.assertEqual((group.state, group.seats_attended), ("attended", 3))
        [row] = relay._page(outing.id)["list"]["rows"]
        self.assertEqual(row["label"], "Attended: 3 of 5")
        self.assertEqual(relay._record(outing.id, 1, "confirmed", 3), "")
        self.assertEqual(group.seats_attended, 0)
        self.assertEqual(relay._record(outing.id, 1, "attended"), "")
        self.assertEqual(group.seats_attended, 5)
        [row] = relay._page(outing.id)["list"]["rows"]
        self.assertEqual(row["label"], "Attended")

    def test_not_before_the_start_nor_after_the_day_after(self):
        outing = self._escorted(
            date_begin="2027-03-12 19:30:00", date_end="2027-03-12 22:00:00"
        )
        line = self._expected(outing)
        with freeze_time("2027-03-12 19:00:00"):
            error = self._relay()._record(outing.id, 1, "attended")
            self.assertEqual(error, "Attendance is recorded from 20:30 on.")
        with freeze_time("2027-03-14 12:00:00"):
            self.assertIsNone(self._relay()._record(outing.id, 1, "attended"))
        self.assertEqual(line.state, "confirmed")

    def test_an_attendance_of_the_day_before_stays(self):
        outing = self._escorted(
            date_begin="2027-03-12 19:30:00", date_end="2027-03-12 22:00:00"
        )
        line = self._expected(outing)
        with freeze_time("2027-03-12 20:00:00"):
            self._relay()._record(outing.id, 1, "absent")
        with freeze_time("2027-03-13 12:00:00"):
            self.assertIn(
                "could not be recorded",
                self._relay()._record(outing.id, 1, "attended"),
            )
        self.assertEqual(line.state, "absent")

    def test_only_lines_of_the_list_and_known_states(self):
        outing = self._escorted()
        gone = self._expected(outing)
        gone.write({"state": "cancelled", "cancelled_by": "person"})
        for number in (0, 1, 2, 10**30, -1):
            self.assertIsNone(self._relay()._record(outing.id, number, "attended"))
        line = self._expected(outing)
        for state in ("cancelled", "waiting", "", "offered", None):
            self.assertIsNone(self._relay()._record(outing.id, 2, state))
        self.assertEqual((gone.state, line.state), ("cancelled", "confirmed"))

    def test_an_error_tells_no_name(self):
        """Threat: the refusal of a double booking names the person and the place."""
        outing = self._escorted()
        line = self._expected(outing, agrees=False)
        self._relay()._record(outing.id, 1, "absent")
        elsewhere = self._outing(name="Elsewhere", date_begin=self.now)
        self.env["culture.registration"].create(
            {"outing_id": elsewhere.id, "beneficiary_id": line.beneficiary_id.id}
        )
        error = self._relay()._record(outing.id, 1, "attended")
        self.assertIn("could not be recorded", error)
        self.assertNotIn(SECRET, error)
        self.assertNotIn("Elsewhere", error)
        self.assertEqual(line.state, "absent")

    def test_a_word_is_kept_as_the_relay_and_once(self):
        outing = self._escorted()
        before = outing.message_ids
        text = "A fine evening.\n<script>alert(1)</script>"
        self.assertEqual(self._relay()._say(outing.id, text), "")
        self.assertEqual(self._relay()._say(outing.id, text), "")
        message = outing.message_ids - before
        self.assertEqual(len(message), 1)
        self.assertEqual(message.author_id, self.volunteer.partner_id)
        self.assertNotIn("<script", message.body)
        self.assertIn("&lt;script", message.body)
        self.assertNotIn(self.volunteer.partner_id, outing.message_partner_ids)
        self.assertFalse(message.notified_partner_ids)

    def test_a_word_has_bounds(self):
        outing = self._escorted()
        self.assertIn("empty", self._relay()._say(outing.id, " \n "))
        self.assertIn("at most", self._relay()._say(outing.id, "x" * 5000))
        coming = self._escorted(-24)
        self.assertIn("not started", self._relay()._say(coming.id, "Hello"))

    def test_the_calendar_file_tells_title_and_dates(self):
        outing = self._escorted(-24, name="Carmen; act 1,\r\nBEGIN:VALARM " + "é" * 60)
        self._expected(outing)
        text = self._relay()._calendar(outing.id)
        self.assertNotIn(SECRET, text)
        self.assertNotIn("Ada", text)
        self.assertNotIn("\nBEGIN:VALARM", text)
        self.assertIn("SUMMARY:Carmen\\; act 1\\, BEGIN:VALARM", text)
        for line in text.split("\r\n"):
            self.assertLessEqual(len(line.encode()), 75)


@tagged("post_install", "-at_install", "security")
class TestRelayHttp(HttpCase, PortalCase):
    """The same in a browser's hands: forms, tokens, addresses."""

    def test_attendance_by_forms_only(self):
        outing = self._escorted()
        line = self._expected(outing, "Ada")
        path = f"/my/culture/outing/{outing.id}"
        page = self._get(path, "test_volunteer")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Ada", page.text)
        self.assertNotIn(SECRET, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        act = f"{path}/attendance"
        self.assertEqual(self._get(f"{act}?state=attended&number=1").status_code, 405)
        for token in ("", "forged"):
            answer = self._post(act, token, state="attended", number="1")
            self.assertEqual(answer.status_code, 400)
        self.assertEqual(line.state, "confirmed")
        token = self._token(path)
        for __ in range(2):
            answer = self._post(act, token, state="attended", number="1")
            self.assertEqual(answer.status_code, 303)
            self.assertNotIn("Ada", answer.headers["Location"])
        self.assertEqual(line.state, "attended")
        self.assertEqual(len(line.log_ids), 2)
        for number in ("2", "x", "", "9" * 40, "-1", "1 OR 1"):
            answer = self._post(act, token, state="attended", number=number)
            self.assertEqual(answer.status_code, 404)

    def test_how_many_came_is_asked_where_there_are_several(self):
        outing = self._escorted()
        self._expected(outing)
        group = self.env["culture.registration"].create(
            {"outing_id": outing.id, "group_label": "Desk", "adults": 5}
        )
        path = f"/my/culture/outing/{outing.id}"
        self.authenticate("test_volunteer", "test_volunteer")
        page = self._get(path).text
        self.assertEqual(page.count('name="came"'), 1)
        self.assertIn('for="came2"', page)
        act, token = f"{path}/attendance", self._token(path)
        vals = {"state": "attended", "number": "2"}
        for came in ("6", "x", "-1", "1 OR 1"):
            answer = self._post(act, token, **vals, came=came)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("How many came? Give a number from 1 to 5.", answer.text)
        self.assertEqual(group.state, "confirmed")
        self.assertEqual(self._post(act, token, **vals, came="4").status_code, 303)
        self.assertEqual(group.seats_attended, 4)

    def test_another_page_and_an_absent_one_answer_alike(self):
        mine = self._escorted()
        others = self._escorted(1, escort_ids=self.other_card.ids)
        self._expected(others)
        answers = set()
        self.authenticate("test_volunteer", "test_volunteer")
        token = self._token(f"/my/culture/outing/{mine.id}")
        for number in (others.id, 10**8, 10**30):
            path = f"/my/culture/outing/{number}"
            for answer in (
                self._get(path),
                self._get(f"{path}/calendar.ics"),
                self._post(f"{path}/word", token, text="Hello"),
                self._post(f"{path}/attendance", token, state="absent", number="1"),
            ):
                self.assertEqual(answer.status_code, 404)
                answers.add(self._main(answer))
        self.assertEqual(len(answers), 1)
        self.assertIn("04 65 71 10 00", answers.pop())

    def test_the_public_is_sent_to_the_login(self):
        outing = self._escorted()
        answer = self._get(f"/my/culture/outing/{outing.id}")
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_what_was_typed_stays_with_an_error(self):
        outing = self._escorted()
        path = f"/my/culture/outing/{outing.id}"
        self.authenticate("test_volunteer", "test_volunteer")
        token = self._token(path)
        text = "<b>kept</b>" * 300
        answer = self._post(f"{path}/word", token, text=text)
        self.assertIn("&lt;b&gt;kept", answer.text)
        self.assertNotIn("<b>kept", answer.text)

    def test_the_way_in_is_there_for_who_has_pages(self):
        for login, there in (
            ("test_volunteer", True),
            ("test_manager", True),
            ("test_observer", True),
            ("test_nobody", False),
            ("test_stranger", False),
        ):
            with self.subTest(login=login):
                page = self._get("/my", login)
                self.assertEqual(page.status_code, 200)
                self.assertEqual("/my/culture" in page.text, there)

    def test_the_language_is_the_user_s(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.volunteer.lang = "fr_FR"
        self._escorted(-24)
        page = self._get("/fr/my/culture", "test_volunteer")
        self.assertEqual(page.status_code, 200)
        self.assertIn('lang="fr-FR"', page.text)
