from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

UNINVITED = {"no_reset_password": True}
"""The host would write an invitation to each user of each test."""


class CultureCase(TransactionCase):
    """Two structures of one CCAS, a partner association, one user a role.

    The users are called by what they may do; who is not lawfully here is called
    `stranger`. Nothing comes from demo data.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context, tracking_disable=True, mail_notrack=True, lang="en_US"
            )
        )
        cls.company = cls.env.ref("base.main_company")
        cls.ccas = cls.company.partner_id
        cls.ccas.tz = "Europe/Paris"
        cls.north, cls.south = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "parent_id": cls.ccas.id,
                    "is_culture_structure": True,
                    "phone": "04 65 71 00 00",
                }
                for name in ("Agency North", "Agency South")
            ]
        )
        cls.association, cls.venue = cls.env["res.partner"].create(
            [
                {
                    "name": "Culture for all",
                    "is_company": True,
                    "is_culture_structure": True,
                },
                {"name": "Theatre of the Port", "is_company": True, "zip": "13002"},
            ]
        )
        cls.referent = cls._user("test_referent", "referent", cls.north)
        cls.colleague = cls._user("test_colleague", "referent", cls.north)
        cls.far_referent = cls._user("test_far_referent", "referent", cls.south)
        cls.coordinator = cls._user("test_coordinator", "coordinator", cls.north)
        cls.far_coordinator = cls._user(
            "test_far_coordinator", "coordinator", cls.south
        )
        cls.administrator = cls._user("test_administrator", "administrator", cls.ccas)
        cls.agent_relay = cls._user("test_relay", "relay", cls.north)
        cls.stranger = new_test_user(
            cls.env,
            "test_stranger",
            context=UNINVITED,
            groups="base.group_user,base.group_partner_manager,base.group_allow_export",
        )
        cls.referent_card = cls._card(cls.referent)
        cls.colleague_card = cls._card(cls.colleague)
        cls.far_card = cls._card(cls.far_referent)

    @classmethod
    def _user(cls, login, role, structure, **dates):
        user = new_test_user(
            cls.env,
            login,
            context=UNINVITED,
            groups="base.group_user,base.group_partner_manager,base.group_allow_export",
        )
        cls._role(user, role, structure, **dates)
        return user

    @classmethod
    def _role(cls, user, role, structure, **dates):
        return cls.env["culture.role"].create(
            {
                "user_id": user.id,
                "role": role,
                "partner_id": structure.id,
                "date_start": datetime(2020, 1, 1),
                **dates,
            }
        )

    @classmethod
    def _card(cls, user):
        """The card that a referent was given with the role."""
        return cls.env["culture.referent"].search([("user_id", "=", user.id)])

    @classmethod
    def _person(cls, first_name="Ada", referent=None, **vals):
        card = cls.referent_card if referent is None else referent
        return cls.env["culture.beneficiary"].create(
            {
                "first_name": first_name,
                "last_name": "Test",
                "structure_id": (card.structure_id or cls.north).id,
                "referent_id": card.id,
                **vals,
            }
        )

    @classmethod
    def _people(cls, count, **vals):
        return cls.env["culture.beneficiary"].concat(
            *(cls._person(f"Person {number}", **vals) for number in range(count))
        )

    @classmethod
    def _outing(cls, seats=20, publish=True, **vals):
        soon = datetime.now().replace(microsecond=0) + timedelta(days=10)
        begin = vals.pop("date_begin", soon)
        outing = cls.env["culture.outing"].create(
            {
                "name": "The Tempest",
                "structure_id": cls.north.id,
                "user_id": cls.referent.id,
                "venue_id": cls.venue.id,
                "date_begin": begin,
                "seats_max": seats,
                **vals,
            }
        )
        if publish:
            outing.action_publish()
        return outing

    @classmethod
    def _permanence(cls, hours=1, **vals):
        """A desk session that began `hours` ago, below 0 to come, for two hours."""
        now = datetime.now().replace(microsecond=0)
        begin = vals.pop("date_begin", now - timedelta(hours=hours))
        return cls.env["culture.permanence"].create(
            {
                "venue_id": cls.venue.id,
                "structure_id": cls.north.id,
                "date_begin": begin,
                "user_ids": [Command.set(cls.referent.ids)],
                **vals,
            }
        )

    @classmethod
    def _visit(cls, permanence, kind="moment"):
        return cls.env["culture.visit"].create(
            {"permanence_id": permanence.id, "kind": kind}
        )

    @classmethod
    def _relay_card(cls, structure=None, **vals):
        """:param trained_until: by a training; False for none"""
        until = vals.pop("trained_until", datetime.now() + timedelta(days=365))
        partner = cls.env["res.partner"].create({"name": "Rosa Relay"})
        relay = cls.env["culture.relay"].create(
            {
                "partner_id": partner.id,
                "structure_id": (structure or cls.north).id,
                **vals,
            }
        )
        cls._train(relay, until)
        return relay

    @classmethod
    def _train(cls, relay, until, **vals):
        """Train a relay until a day, and by nothing else.

        :return: ``culture.training``, empty without a day
        """
        relay.training_ids.unlink()
        trainings = cls.env["culture.training"]
        if not until:
            return trainings
        subject = cls.env["culture.training.subject"].search(
            [("for_escort", "=", True), ("company_id", "=", relay.company_id.id)],
            limit=1,
        )
        return trainings.create(
            {
                "relay_id": relay.id,
                "subject_id": subject.id,
                "state": "attended",
                "valid_until": until,
                **vals,
            }
        )

    @contextmanager
    def assertRefused(self, pattern, error=UserError):
        """Expect a refusal whose text matches; what was begun is undone."""
        with self.assertRaises(error) as catcher:
            yield
        self.assertRegex(str(catcher.exception), pattern)

    def _register(self, outing, people, user=None, state="confirmed", **line):
        """Register as `user` (the referent by default).

        :return: ``culture.registration`` records, as that user
        """
        outing = outing.with_user(user or self.referent)
        lines = [{"beneficiary_id": person.id, **line} for person in people]
        return (
            self.env["culture.registration"]
            .with_user(user or self.referent)
            .browse(outing.action_register(lines, state))
        )

    @classmethod
    def _second_company(cls):
        """Another CCAS in the same database, with a referent and a person."""
        company = cls.env["res.company"].create({"name": "CCAS of Elsewhere"})
        user = new_test_user(
            cls.env,
            "test_elsewhere",
            context=UNINVITED,
            groups="base.group_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        cls.env["culture.role"].create(
            {
                "user_id": user.id,
                "role": "referent",
                "partner_id": company.partner_id.id,
                "company_id": company.id,
                "date_start": datetime(2020, 1, 1),
            }
        )
        card = cls._card(user)
        person = cls.env["culture.beneficiary"].create(
            {
                "first_name": "Elsewhere",
                "structure_id": company.partner_id.id,
                "referent_id": card.id,
                "company_id": company.id,
            }
        )
        return company, user, person
