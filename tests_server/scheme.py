"""A scheme set up through the screens' own calls: roles, people, an outing."""

from datetime import datetime, timedelta

STAFF_GROUPS = ("base.group_user", "base.group_partner_manager")


def moment(**delta):
    """A UTC moment from now, as the RPC writes it."""
    return (datetime.utcnow() + timedelta(**delta)).strftime("%Y-%m-%d %H:%M:%S")


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
        uid = self.admin.call(
            "res.users",
            "create",
            {
                "name": login,
                "login": login,
                "password": login,
                "email": f"{login}@example.org",
                "lang": self.lang(),
                "tz": "Europe/Paris",
                "group_ids": [(6, 0, groups)],
            },
        )
        if role:
            self.role(uid, role, **dates)
        return self.rpc(login)

    def role(self, uid, role, **dates):
        values = {"user_id": uid, "role": role, "partner_id": self.structure, **dates}
        return self.admin.call("culture.role", "create", values)

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
