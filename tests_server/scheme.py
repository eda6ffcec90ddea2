"""A scheme set up through the screens' own calls: roles, people, an outing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

STAFF_GROUPS = ("base.group_user", "base.group_partner_manager")


def moment(**delta):
    """A UTC moment from now, as the RPC writes it."""
    return (datetime.utcnow() + timedelta(**delta)).strftime("%Y-%m-%d %H:%M:%S")


def day(**delta):
    """The date where the company is, from now, as the RPC writes it."""
    here = datetime.now(ZoneInfo("Europe/Paris"))
    return str((here + timedelta(**delta)).date())


class Scheme:
    """What an administrator and a referent would set up before an outing."""

    def __init__(self, rpc, sql):
        self.rpc = rpc
        self.sql = sql
        self.admin = rpc("admin", "admin")
        [[self.structure]] = sql("SELECT partner_id FROM res_company WHERE id = 1")

    def user(self, login, role=None, **dates):
        """A new agent, with a role in the company's structure.

        :return: a session of that agent, French as agents' are
        """
        groups = [self.ref(xmlid) for xmlid in STAFF_GROUPS]
        email, zone = f"{login}@example.org", "Europe/Paris"
        uid = self.account(login, groups, email=email, tz=zone)
        if role:
            self.role(uid, role, **dates)
        return self.rpc(login)

    def account(self, login, groups, **values):
        """A user whose password is the login, and to whom no invitation is sent.

        :return: the id of the user
        """
        values.update(name=login, login=login, password=login, lang=self.lang())
        values["group_ids"] = [(6, 0, groups)]
        context = {**self.admin.context, "no_reset_password": True}
        return self.admin.call("res.users", "create", values, context=context)

    def role(self, uid, role, **values):
        values = {"user_id": uid, "role": role, "partner_id": self.structure, **values}
        return self.admin.call("culture.role", "create", values)

    def association(self, name, **values):
        """A partner organisation under convention.

        :return: its id, and the convention's
        """
        association = self.admin.call(
            "res.partner",
            "create",
            {"name": name, "is_company": True, "is_culture_structure": True},
        )
        convention = self.admin.call(
            "culture.convention",
            "create",
            {
                "name": "Convention",
                "partner_id": association,
                "project_referent_id": self.admin.uid,
                "date_start": moment(days=-100)[:10],
                "date_end": moment(days=100)[:10],
                **values,
            },
        )
        self.admin.call("culture.convention", "action_sign", [convention])
        return association, convention

    def partner_user(self, login, association, *roles):
        """Somebody of a partner organisation, on the portal, in office since yesterday.

        :return: a session of theirs
        """
        uid = self.account(login, [self.ref("base.group_portal")])
        for role in roles:
            self.role(uid, role, partner_id=association, date_start=moment(days=-1))
        return self.rpc(login)

    def relay_card(self, session, association):
        """Who may escort, for a partner organisation: trained for a year.

        :return: the id of their ``culture.relay``
        """
        [[contact]] = self.sql(
            "SELECT partner_id FROM res_users WHERE id = %s", session.uid
        )
        card = self.admin.call(
            "culture.relay",
            "create",
            {
                "partner_id": contact,
                "user_id": session.uid,
                "structure_id": association,
            },
        )
        subject = self.ref("culture_partnership.training_subject_escorting")
        trainer = self.user("trainer", "coordinator", partner_id=association)
        trainer.call(
            "culture.training",
            "create",
            {
                "relay_id": card,
                "subject_id": subject,
                "state": "attended",
                "date": day(days=-2),
                "valid_until": day(days=365),
            },
        )
        return card

    def ref(self, xmlid):
        module, name = xmlid.split(".")
        [[id_]] = self.sql(
            "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s",
            module,
            name,
        )
        return id_

    def lang(self):
        rows = self.sql("SELECT code FROM res_lang WHERE active AND code = 'fr_FR'")
        return rows[0][0] if rows else "en_US"

    def people(self, session, names):
        values = [
            {"first_name": first, "last_name": last, "structure_id": self.structure}
            for first, last in names
        ]
        return session.call("culture.beneficiary", "create", values)

    def outing(self, session, seats, **values):
        venue = session.call(
            "res.partner", "create", {"name": "Théâtre du Port", "is_company": True}
        )
        outing = session.call(
            "culture.outing",
            "create",
            {
                "name": "La Tempête",
                "structure_id": self.structure,
                "venue_id": venue,
                "seats_max": seats,
                "date_begin": moment(days=10),
                **values,
            },
        )
        session.call("culture.outing", "action_publish", [outing])
        return outing

    def register(self, session, outing, *people):
        """Confirmed places, one for each person."""
        lines = [{"beneficiary_id": person} for person in people]
        return session.call(
            "culture.outing", "action_register", [outing], lines, "confirmed"
        )
