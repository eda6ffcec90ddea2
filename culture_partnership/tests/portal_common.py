from datetime import datetime, timedelta

from lxml import html

from odoo.tests import new_test_user

from .common import UNINVITED, CultureCase

SECRET = "Quorvantou"
"""A family name that stands nowhere else: where it is read, something leaked."""


class PortalCase(CultureCase):
    """An association under convention, with its people on the portal, and another one.

    `volunteer` escorts for the association, `manager` manages it, `observer` observes;
    `other_*` are the same of another association, which has a convention too.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.phone = "04 65 71 10 00"
        cls.now = datetime.now().replace(minute=0, second=0, microsecond=0)
        cls.other_association = cls.env["res.partner"].create(
            {
                "name": "Other association",
                "is_company": True,
                "is_culture_structure": True,
            }
        )
        cls.convention = cls._convention(cls.association)
        cls.other_convention = cls._convention(cls.other_association)
        cls.volunteer, cls.card = cls._volunteer("volunteer", cls.association)
        cls.other_volunteer, cls.other_card = cls._volunteer(
            "other_volunteer", cls.other_association
        )
        cls.manager = cls._portal("manager", "partner_manager", cls.association)
        cls.other_manager = cls._portal(
            "other_manager", "partner_manager", cls.other_association
        )
        cls.observer = cls._portal("observer", "observer", cls.association)
        cls.nobody = cls._portal("nobody")

    @classmethod
    def _portal(cls, login, role=None, structure=None, **dates):
        user = new_test_user(
            cls.env, f"test_{login}", "base.group_portal", UNINVITED, name=login
        )
        if role:
            cls._role(user, role, structure, **dates)
        return user

    def _all_but_the_relay(self):
        """Everybody whom what is entrusted to `volunteer` does not concern."""
        return (
            self.other_volunteer,
            self.manager,
            self.observer,
            self.nobody,
            self.agent_relay,
            self.referent,
            self.coordinator,
            self.stranger,
            self.env.ref("base.public_user"),
        )

    @classmethod
    def _volunteer(cls, login, structure):
        user = cls._portal(login, "relay", structure)
        card = cls.env["culture.relay"].create(
            {
                "partner_id": user.partner_id.id,
                "user_id": user.id,
                "structure_id": structure.id,
            }
        )
        cls._train(card, cls.now + timedelta(days=400))
        return user, card

    @classmethod
    def _convention(cls, partner, **vals):
        convention = cls.env["culture.convention"].create(
            {
                "name": f"Convention of {partner.name}",
                "partner_id": partner.id,
                "project_referent_id": cls.coordinator.id,
                "date_start": cls.now - timedelta(days=900),
                "date_end": cls.now + timedelta(days=900),
                "identity_level": "first_name",
                "share_access_needs": True,
                **vals,
            }
        )
        convention.action_sign()
        return convention

    @classmethod
    def _escorted(cls, hours=0, **vals):
        """An outing that began `hours` ago (below 0: to come), with the volunteer."""
        return cls._outing(
            **{
                "date_begin": cls.now - timedelta(hours=hours),
                "escort_ids": cls.card.ids,
                "convention_id": cls.convention.id,
                "provider_id": cls.association.id,
                "duty_phone": "06 00 00 00 01",
                **vals,
            }
        )

    @classmethod
    def _expected(cls, outing, first_name="Ada", agrees=True, **vals):
        """A registration of a new person."""
        person = cls._person(
            first_name, last_name=SECRET, identity_agreement=agrees, **vals
        )
        return cls.env["culture.registration"].create(
            {"outing_id": outing.id, "beneficiary_id": person.id}
        )

    def _relay(self, user=None):
        return self.env["culture.portal.relay"].with_user(user or self.volunteer)

    def _partner(self, user=None):
        return self.env["culture.portal.partner"].with_user(user or self.manager)

    def _names(self, outing, user=None):
        """What the page of the outing shows of whom."""
        page = self._relay(user)._page(outing.id)
        return [row["name"] for row in page["list"]["rows"]]

    # --------------------------------------------------------------------- HTTP

    def _get(self, path, login=None):
        if login is not None:
            self.authenticate(login, login)
        self.env.flush_all()
        return self.url_open(path, allow_redirects=False)

    def _token(self, path):
        """The token against forged requests that a page carries."""
        tree = html.fromstring(self._get(path).text)
        return tree.xpath("//input[@name='csrf_token']/@value")[0]

    def _main(self, answer):
        """What a page says, without the host's frame, in which the address stands."""
        main = html.fromstring(answer.text).xpath("//main")[0]
        return html.tostring(main, encoding="unicode")

    def _post(self, path, token, **data):
        self.env.flush_all()
        return self.url_open(
            path, data={"csrf_token": token, **data}, allow_redirects=False
        )
