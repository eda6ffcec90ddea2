from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .world import WorldCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
NAME = "Quorvantou"


@tagged("post_install", "-at_install", "security")
class TestLeaks(WorldCase):
    """Doors of the host by which a name or a right got out, each once found open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret = cls._person(NAME, cls.far_card)
        home = {"name": NAME, "structure_id": cls.south.id}
        cls.home = cls.env["culture.household"].create(home)
        cls.secret.household_id = cls.home
        cls.line = cls.env["culture.registration"].create(
            {"outing_id": cls.outings["other"].id, "beneficiary_id": cls.secret.id}
        )
        cls.portal = new_test_user(cls.env, "test_portal", groups="base.group_portal")
        cls.curious = (
            *cls.users.values(),
            cls.colleague,
            cls.administrator,
            cls.stranger,
            cls.portal,
        )

    def _answer(self, act):
        """What an RPC would answer, or how it refuses, as text."""
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                return str(act())
        except (UserError, ValueError) as error:
            return str(error)

    def _names_shown(self):
        """Ways by which the host names a record whose id the caller gives."""
        for record in (self.secret, self.home, self.line):
            yield (
                "mail.message",
                {"model": record._name, "res_id": record.id},
                {"record_name": {}},
                {},
            )
            model_id = self.env["ir.model"]._get_id(record._name)
            yield (
                "mail.activity",
                {"res_model_id": model_id, "res_id": record.id},
                {"res_name": {}},
                {},
            )
        named = {"fields": {"display_name": {}}}
        for model in ("culture.registration", "culture.register.line"):
            yield (
                model,
                {"beneficiary_id": self.secret.id},
                {"beneficiary_id": named, "is_minor": {}}
                if model == "culture.registration"
                else {"beneficiary_id": named, "badge": {}, "household_label": {}},
                {},
            )
        nested = {"fields": {"registration_ids": {"fields": {"beneficiary_id": named}}}}
        command = [
            Command.create(
                {
                    "registration_ids": [
                        Command.create({"beneficiary_id": self.secret.id})
                    ]
                }
            )
        ]
        yield (
            "culture.relay",
            {},
            {"outing_ids": nested},
            {"default_outing_ids": command},
        )
        yield (
            "culture.beneficiary",
            {},
            {"household_id": named},
            {"default_household_id": self.home.id},
        )

    @mute_logger(*QUIET)
    def test_no_name_by_an_onchange(self):
        """Threat: display names are computed as superuser on any id given."""
        for user in self.curious:
            for model, values, spec, context in self._names_shown():
                records = self.env[model].with_user(user).with_context(**context)
                with self.subTest(user=user.login, model=model, values=values):
                    answer = self._answer(
                        lambda r=records, v=values, s=spec: r.onchange(v, list(v), s)
                    )
                    self.assertNotIn(NAME, answer)

    def test_the_name_is_there_for_who_follows(self):
        line = self.line.with_user(self.far_referent)
        self.assertIn(NAME, line.display_name)
        self.assertIn(NAME, line.beneficiary_id.display_name)
        self.assertEqual(self.home.with_user(self.far_referent).display_name, NAME)
        self.assertNotIn(NAME, self.secret.with_user(self.stranger).sudo().display_name)

    @mute_logger(*QUIET)
    def test_assistants_take_no_foreign_person(self):
        outing = self._outing(date_begin="2030-01-01 18:00:00")
        assistants = self.env["culture.register"].with_user(self.referent)
        for vals in (
            {"beneficiary_id": self.secret.id},
            {"outing_id": outing.id, "add_person_id": self.secret.id},
        ):
            with self.assertRaises(AccessError):
                assistants.create(vals)
        mine = assistants.create({"outing_id": outing.id})
        for act in (
            lambda: mine.write({"add_person_id": self.secret.id}),
            lambda: mine.line_ids.create(
                {
                    "assistant_id": mine.id,
                    "outing_id": outing.id,
                    "beneficiary_id": self.secret.id,
                }
            ),
            lambda: mine.with_context(default_beneficiary_id=self.secret.id).create({}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_counts_are_whole_numbers(self):
        """Threat: a float or a number for yes moves more seats than it shows."""
        outing = self._outing(seats=20).with_user(self.referent)
        lines = self.env["culture.registration"].with_user(self.referent)
        for adults in (2.7, True, "3", -1, 10**9):
            with self.assertRefused("whole number"):
                lines.create(
                    {"outing_id": outing.id, "group_label": "G", "adults": adults}
                )
        line = lines.create(
            {"outing_id": outing.id, "beneficiary_id": self._person().id}
        )
        line.write({"companion": 5})
        self.assertEqual((line.seats, outing.seats_taken), (2, 2))
        line.write({"companion": 0})
        self.assertEqual((line.seats, outing.seats_taken), (1, 1))

    @mute_logger(*QUIET)
    def test_escorts_only_by_the_outing(self):
        relay = self.records["culture.relay"]["scope"]
        for user in (self.administrator, self.coordinator):
            with self.assertRaises(UserError):
                relay.with_user(user).write(
                    {"outing_ids": [Command.link(self.outings["scope"].id)]}
                )

    def test_a_local_administrator_annexes_nobody(self):
        local = self.local_administrator
        for structure, vals in (
            (self.south, {"parent_id": self.north.id}),
            (self.south, {"is_culture_structure": False}),
            (self.north, {"parent_id": False}),
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                structure.with_user(local).write(vals)
        with self.assertRaises(UserError):
            self.env["res.partner"].with_user(self.referent).with_context(
                default_is_culture_structure=True
            ).create({"name": "Forged", "parent_id": self.north.id})
        under = self.env["res.partner"].with_user(local)
        self.assertTrue(
            under.create(
                {
                    "name": "Desk",
                    "parent_id": self.north.id,
                    "is_culture_structure": True,
                }
            )
        )

    @mute_logger(*QUIET)
    def test_roles_stay_in_their_company(self):
        self.administrator.company_ids += self.far_away
        roles = self.env["culture.role"].with_user(self.administrator)
        roles = roles.with_context(
            allowed_company_ids=(self.company + self.far_away).ids
        )
        for structure in (self.far_away.partner_id, self.association):
            with self.assertRaises(UserError):
                roles.create(
                    {
                        "partner_id": structure.id,
                        "user_id": self.administrator.id,
                        "role": "administrator",
                        "company_id": self.far_away.id,
                    }
                )
        for record in (
            self.records["culture.convention"]["own"],
            self.records["culture.discipline"]["own"],
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.administrator).write(
                    {"company_id": self.far_away.id}
                )

    def test_a_card_keeps_its_agent(self):
        with self.assertRefused("keeps its agent"):
            self.referent_card.with_user(self.coordinator).user_id = self.stranger

    def test_what_was_to_do_goes_with_the_file(self):
        """Threat: the former referent still reads the note of an activity."""
        person = self.people["own"]
        activity = person.with_user(self.referent).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.referent.id, note="Secret"
        )
        person.with_user(self.coordinator).referent_id = self.colleague_card
        self.assertEqual(activity.sudo().user_id, self.colleague)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            activity.with_user(self.referent).read(["note"])

    def test_states_move_by_their_buttons_only(self):
        outing = self._outing().with_user(self.coordinator)
        outing.action_cancel("venue")
        with self.assertRaises(AccessError):
            outing.write({"state": "draft"})
        with self.assertRefused("has changed meanwhile"):
            outing.action_publish()
        with self.assertRefused("Say who cancels"):
            self._outing().with_user(self.coordinator).action_cancel("person")
        convention = self.records["culture.convention"]["own"]
        convention.action_terminate()
        with self.assertRaises(UserError):
            convention.with_user(self.administrator).write({"state": "draft"})
        with self.assertRefused("not in a state for this"):
            convention.with_user(self.administrator).action_sign()

    def test_an_ended_role_learns_nothing_by_the_button(self):
        contact = self.env["res.partner"].create({"name": "Contact"})
        self.secret.partner_id = contact
        role = self.env["culture.role"].search([("user_id", "=", self.colleague.id)])
        role.action_end_now()
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            contact.with_user(self.colleague).action_culture_open_file()

    def test_who_waited_gets_a_place_by_the_same_rules(self):
        outing = self._outing()
        line = self._register(outing, self._person(), state="waiting")
        outing.convention_id = self.records["culture.convention"]["own"]
        with self.assertRefused("not signed yet"):
            line.action_confirm()
        outing.convention_id = False
        outing.action_close_registrations()
        line.action_confirm()

    def test_reasons_of_the_right_kind_and_company(self):
        line = self._register(self._outing(), self._person())
        reasons = self.env["culture.reason"]
        foreign = reasons.search([("company_id", "=", self.far_away.id)], limit=1)
        absence = reasons.search(
            [("kind", "=", "absence"), ("company_id", "=", self.company.id)], limit=1
        )
        for reason in (foreign, absence):
            with self.assertRefused("choose one of the list"):
                line.action_cancel("person", reason.id)
        venue = reasons.search(
            [("kind", "=", "venue"), ("company_id", "=", self.company.id)], limit=1
        )
        line.action_cancel("venue", venue.id)

    def test_activities_and_messages_stand_where_they_may(self):
        line = self.records["culture.registration"]["own"]
        model_id = self.env["ir.model"]._get_id(line._name)
        activities = self.env["mail.activity"].with_user(self.referent)
        with self.assertRefused("on the person or on the outing"):
            activities.create(
                {"res_model_id": model_id, "res_id": line.id, "summary": "x"}
            )
        with self.assertRefused("has no access"):
            self.outings["own"].with_user(self.referent).activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.stranger.id
            )
        for record in (self.people["own"], line):
            with self.assertRefused("no messages on a person"):
                self.env["mail.message"].with_user(self.referent).create(
                    {"model": record._name, "res_id": record.id, "body": "x"}
                )

    def test_absurd_values(self):
        for vals, pattern in (
            ({"opened_date": "9999-01-01"}, "a day that has come"),
            ({"last_name": "x" * 9000}, "letters at most"),
        ):
            with self.assertRefused(pattern):
                self.people["own"].with_user(self.referent).write(vals)
        late = fields.Datetime.now() + timedelta(days=400 * 365)
        for vals, pattern in (
            ({"cancel_deadline": late}, "check the year"),
            ({"seats_max": 10**7}, "at most"),
            ({"name": "="}, "give it a title"),
        ):
            with self.assertRefused(pattern):
                self.outings["own"].with_user(self.referent).write(vals)
