from datetime import timedelta
from functools import wraps

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common import UNINVITED


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    """The main job of each role, done in a browser as that role."""

    def setUp(self):
        super().setUp()
        self.structure = self.env["res.partner"].create(
            {"name": "Tour structure", "is_company": True, "is_culture_structure": True}
        )
        self.venue = self.env["res.partner"].create(
            {"name": "Tour theatre", "is_company": True, "zip": "13001"}
        )

    def _user(self, login, *roles):
        user = new_test_user(
            self.env,
            login,
            "base.group_user,base.group_partner_manager",
            UNINVITED,
        )
        self.env["culture.role"].create(
            [
                {"partner_id": self.structure.id, "user_id": user.id, "role": role}
                for role in roles
            ]
        )
        return user

    def _referent(self, user):
        """The card that comes with the role of referent."""
        return self.env["culture.referent"].search([("user_id", "=", user.id)])

    def _person(self, first_name, referent, **values):
        return self.env["culture.beneficiary"].create(
            {
                "first_name": first_name,
                "last_name": "Tour",
                "structure_id": self.structure.id,
                "referent_id": referent.id,
                **values,
            }
        )

    def _outing(self, name, user, begin):
        outing = self.env["culture.outing"].create(
            {
                "name": name,
                "user_id": user.id,
                "structure_id": self.structure.id,
                "venue_id": self.venue.id,
                "date_begin": begin,
                "seats_max": 10,
            }
        )
        outing.action_publish()
        return outing

    def test_referent_main_job(self):
        """A contact to a confirmed place in four clicks; attendance by keys."""
        user = self._user("tour_referent", "referent")
        referent = self._referent(user)
        contact = self.env["res.partner"].create({"name": "Ada Tour"})
        people = [
            self._person("Ada", referent, partner_id=contact.id),
            self._person("Blaise", referent),
            self._person("Chen", referent),
        ]
        now = fields.Datetime.now()
        coming = self._outing("Tour outing to come", user, now + timedelta(days=5))
        past = self._outing("Tour outing of yesterday", user, now - timedelta(days=1))
        lines = self.env["culture.registration"].create(
            [{"outing_id": past.id, "beneficiary_id": person.id} for person in people]
        )

        self.start_tour(
            f"/odoo/res.partner/{contact.id}",
            "culture_referent_main_job",
            login=user.login,
        )

        self.assertEqual(coming.registration_ids.beneficiary_id, people[0])
        self.assertEqual(coming.registration_ids.state, "confirmed")
        self.assertEqual(coming.registration_ids.booked_by_id, user)
        self.assertEqual(
            lines.mapped("state"),
            ["attended", "excused", "attended"],
        )
        self.assertEqual(lines.attendance_by_id, user)

    def test_referent_understands_an_absence(self):
        """From the banner: the reason, a lever, the next outing; the task is gone."""
        user = self._user("tour_referent", "referent")
        person = self._person("Ada", self._referent(user))
        now = fields.Datetime.now()
        past = self._outing("Tour outing of yesterday", user, now - timedelta(days=1))
        coming = self._outing("Tour outing to come", user, now + timedelta(days=5))
        line = self.env["culture.registration"].create(
            {"outing_id": past.id, "beneficiary_id": person.id}
        )
        line.action_record("absent")
        self.assertEqual(person.activity_ids.user_id, user)

        self.start_tour(
            "/odoo/culture-beneficiaries",
            "culture_referent_understands_an_absence",
            login=user.login,
        )

        journey = self.env.ref("culture_partnership.barrier_journey")
        self.assertEqual(line.reason_id.barrier_id, journey)
        self.assertEqual(person.barrier_line_ids.barrier_id, journey)
        self.assertTrue(person.barrier_line_ids.lever_id)
        self.assertFalse(person.activity_ids)
        self.assertEqual(coming.registration_ids.state, "confirmed")

    def test_coordinator_cancels_for_the_venue(self):
        """Three clicks; nobody is absent; whom no message reaches is shown."""
        user = self._user("tour_coordinator", "coordinator")
        referent = self._referent(self._user("tour_referent", "referent"))
        people = [
            self._person("Ada", referent, channel="sms", phone="+33639980001"),
            self._person("Blaise", referent, phone="+33639980002"),
        ]
        soon = fields.Datetime.now() + timedelta(days=5)
        outing = self._outing("Tour outing to come", user, soon)
        lines = self.env["culture.registration"].create(
            [{"outing_id": outing.id, "beneficiary_id": p.id} for p in people]
        )

        self.start_tour(
            "/odoo/culture-outings",
            "culture_coordinator_cancels_for_the_venue",
            login=user.login,
        )

        self.assertEqual(outing.state, "cancelled")
        self.assertEqual(outing.seats_taken, 0)
        self.assertEqual(set(lines.mapped("cancelled_by")), {"venue"})

    def test_referent_takes_stock(self):
        """Entry, then a point on the way: seven clicks, and charts are drawn."""
        user = self._user("tour_referent", "referent")
        person = self._person("Bea", self._referent(user))
        pages = self.env["culture.assessment"].with_user(user)
        pages.create(
            {
                "beneficiary_id": person.id,
                "view": "person",
                "date": pages._today() - timedelta(days=90),
                "person_social": "1",
            }
        )

        self.start_tour(
            "/odoo/culture-beneficiaries",
            "culture_referent_takes_stock",
            login=user.login,
        )

        today = pages.search([("date", "=", pages._today())]).grouped("view")
        row = today["person"]
        self.assertEqual((row.moment, row.user_id), ("step", user))
        self.assertEqual((row.person_social, row.person_mobility), ("3", "1"))
        row = today["referent"]
        self.assertEqual((row.moment, row.referent_mobility), ("entry", "3"))

    def test_referent_notes_a_followup(self):
        """Three clicks from the card; the words are read in the file only."""
        user = self._user("tour_referent", "referent")
        person = self._person("Ada", self._referent(user))

        self.start_tour(
            "/odoo/culture-beneficiaries",
            "culture_referent_notes_a_followup",
            login=user.login,
        )

        followup = person.followup_ids
        self.assertEqual((followup.kind, followup.user_id), ("call", user))
        self.assertEqual(followup.note, "Likes circus a lot")
        self.assertEqual(person.activity_ids.summary, "Propose a date")
        self.assertEqual(person.activity_ids.user_id, user)
        self.assertEqual(person.access_log_ids.user_id, user)

    def test_referent_writes_a_plan(self):
        """From the file's gear to a goal reached by an outing."""
        user = self._user("tour_referent", "referent")
        person = self._person("Ada", self._referent(user))
        soon = fields.Datetime.now() + timedelta(days=5)
        outing = self._outing("Tour outing to come", user, soon)

        self.start_tour(
            "/odoo/culture-beneficiaries",
            "culture_referent_writes_a_plan",
            login=user.login,
        )

        plan = person.accompaniment_ids
        self.assertEqual(
            (plan.wish_with, plan.referent_id.user_id), ("My sister", user)
        )
        self.assertEqual(plan.goal_ids.registration_id.outing_id, outing)
        self.assertEqual((plan.goal_ids.state, plan.version), ("reached", 1))
        self.assertEqual(person.registration_ids.state, "confirmed")

    def test_referent_takes_a_stage(self):
        user = self._user("tour_referent", "referent")
        person = self._person("Ada", self._referent(user))
        self.env["culture.followup"].create(
            {"beneficiary_id": person.id, "user_id": user.id}
        )
        self.start_tour(
            "/odoo/culture-beneficiaries",
            "culture_referent_takes_a_stage",
            login="tour_referent",
        )
        self.assertEqual(person.stage, "first_contact")

    def test_a_caseload_is_handed_over(self):
        """Proposed from one's own card, accepted from the banner."""
        sender = self._user("tour_sender", "referent")
        receiver = self._user("tour_receiver", "referent")
        people = self._person("Ada", self._referent(sender))
        people |= self._person("Blaise", self._referent(sender))

        self.start_tour(
            f"/odoo/culture-referents/{self._referent(sender).id}",
            "culture_handover_propose",
            login=sender.login,
        )
        self.assertEqual(people.referent_id, self._referent(sender))
        self.start_tour(
            "/odoo/culture-beneficiaries",
            "culture_handover_accept",
            login=receiver.login,
        )

        self.assertEqual(people.referent_id, self._referent(receiver))
        self.assertFalse(people[0].with_user(sender).has_access("read"))

    def test_a_place_out_of_turn(self):
        """The list and why; the second is chosen, with a reason."""
        user = self._user("tour_coordinator", "coordinator")
        referent = self._referent(self._user("tour_referent", "referent"))
        now = fields.Datetime.now()
        outing = self._outing("Tour outing", user, now + timedelta(days=12))
        people = [self._person(name, referent) for name in ("Ada", "Blaise")]
        lines = self.env["culture.registration"].create(
            [
                {
                    "outing_id": outing.id,
                    "beneficiary_id": person.id,
                    "state": "waiting",
                }
                for person in people
            ]
        )

        self.start_tour(
            f"/odoo/culture-outings/{outing.id}",
            "culture_place_out_of_turn",
            login=user.login,
        )

        self.assertEqual(lines.mapped("state"), ["waiting", "offered"])
        self.assertEqual(lines[1].log_ids[:1].why_text, "His sister goes too")

    def test_training_of_an_escort(self):
        """Refused with the reason and the way out; trained, and accepted."""
        user = self._user("tour_coordinator", "coordinator")
        self.structure.parent_id = self.env.company.partner_id
        now = fields.Datetime.now()
        outing = self._outing("Tour outing", user, now + timedelta(days=5))
        contact = self.env["res.partner"].create({"name": "Tour relay"})
        relay = self.env["culture.relay"].create(
            {"partner_id": contact.id, "structure_id": self.structure.id}
        )
        self.env["culture.training"].create(
            {
                "relay_id": relay.id,
                "subject_id": self.env.ref(
                    "culture_partnership.training_subject_escorting"
                ).id,
                "state": "attended",
                "valid_until": fields.Date.today() - timedelta(days=3),
            }
        )

        self.start_tour(
            f"/odoo/culture-outings/{outing.id}",
            "culture_training",
            login=user.login,
        )

        self.assertEqual(outing.escort_ids, relay)
        self.assertEqual(len(relay.training_ids), 2)

    def test_hidden_columns_are_not_asked_for(self):
        """A column is read when it is ticked: each link costs a name a line."""
        user = self._user("tour_lean", "referent")
        outing = self._outing("Tour outing", user, fields.Datetime.now() + timedelta(5))
        person = self._person("Ada", self._referent(user))
        lines = self.env["culture.registration"]
        lines.create({"outing_id": outing.id, "beneficiary_id": person.id})
        asked, read = [], type(lines).web_search_read

        @wraps(read)
        def remember(records, domain, specification, *args, **kwargs):
            asked.append("venue_id" in specification)
            return read(records, domain, specification, *args, **kwargs)

        self.patch(type(lines), "web_search_read", remember)
        self.start_tour(
            "/odoo/culture-registrations", "culture_lean_list", login=user.login
        )

        self.assertFalse(asked[0])
        self.assertIn(True, asked)

    def test_coordinator_conventions(self):
        """Signs one, finds the late evaluation of another, renews that one."""
        user = self._user("tour_coordinator", "coordinator")
        today = fields.Date.today()
        conventions = self.env["culture.convention"].create(
            [
                {
                    "name": name,
                    "partner_id": self.venue.id,
                    "project_referent_id": user.id,
                    "date_start": today - timedelta(days=300),
                    "date_end": today + timedelta(days=days),
                }
                for name, days in (("Tour to sign", 400), ("Tour that ends", 40))
            ]
        )
        signed, ending = conventions
        signed.action_send_for_signature()
        ending.action_sign()
        due = self.env["culture.evaluation.due"].create(
            {
                "convention_id": ending.id,
                "name": "Tour report",
                "due_date": today - timedelta(days=3),
            }
        )
        conventions._cron_follow_dates()
        due._cron_alert()
        self.assertEqual(len(ending.activity_ids), 2)

        self.start_tour(
            "/odoo/culture-conventions",
            "culture_coordinator_conventions",
            login=user.login,
        )

        self.assertEqual(signed.state, "active")
        self.assertEqual(due.status, "done")
        self.assertEqual(len(ending.activity_ids), 1, "the renewal is not signed yet")
        self.assertEqual(ending.renewal_id.state, "draft")
        ending.renewal_id.with_user(user).action_sign()
        self.assertFalse(ending.activity_ids)

    def test_administrator_roles(self):
        """A new association with two roles, one of them invited, and a preview."""
        company = self.env.company
        company.email = "ccas@example.org"
        user = self._user("tour_administrator")
        agent = new_test_user(
            self.env, "tour_agent", groups="base.group_user", name="Tour agent"
        )
        self.env["culture.role"].create(
            {
                "partner_id": company.partner_id.id,
                "user_id": user.id,
                "role": "administrator",
            }
        )

        self.start_tour(
            "/odoo/action-culture_partnership.res_partner_action_structure",
            "culture_administrator_roles",
            login=user.login,
        )

        structure = self.env["res.partner"].search([("name", "=", "Tour association")])
        roles = self.env["culture.role"].search([("partner_id", "=", structure.id)])
        self.assertEqual(len(roles), 2)
        self.assertIn(agent, roles.user_id)
        invited = (roles.user_id - agent).ensure_one()
        self.assertEqual(invited.login, "rosa.tour@example.org")
        self.assertTrue(invited.share)
