"""What the walks of every way in share: the world, marked, and who tries.

Each record at each distance carries a marker of its own. Whoever the table keeps away
from a record meets its marker nowhere.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import SQL

from odoo.addons.culture_partnership.security.access_table import ACCESS

from .common import UNINVITED
from .world import PLACES, REACHED, WorldCase

ROLES = ("referent", "coordinator", "administrator", "relay")
QUIET = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.sql_db",
)
MARKED = ("last_name", "name", "group_label", "reason")
ODD = (ValueError, UserError)
FIRST_OF_RIGHTS = {repr(r): model for model, r in reversed(ACCESS.items())}.values()
"""Of the models that share their rights, the first."""
BESIDE = (
    "calendar.event",
    "ir.attachment",
    "mail.activity",
    "mail.followers",
    "mail.mail",
    "mail.message",
    "mail.notification",
    "mail.scheduled.message",
    "sms.sms",
)
"""Models of the host that keep something beside any record."""


class WaysCase(WorldCase):
    """The world, marked, and who has no role in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, "test_portal", "base.group_portal", UNINVITED
        )
        cls.public = cls.env.ref("base.public_user")
        cls.outsiders = (cls.stranger, cls.portal, cls.public)
        cls.env.flush_all()
        for model, records in cls.records.items():
            for place, record in records.items():
                cls._mark(record, f"Zyx{model}{place}".replace(".", ""))
        cls.env.invalidate_all()

    @classmethod
    def _marked_field(cls, model):
        fields = cls.env[model]._fields
        for name in MARKED:
            if name in fields and fields[name].store and fields[name].type == "char":
                return fields[name]
        return None

    @classmethod
    def _mark(cls, record, marker):
        """By SQL: what is translated or kept by its owner is marked too."""
        field = cls._marked_field(record._name)
        if field is None or field.related:
            return
        if record._name == "culture.registration" and record.beneficiary_id:
            return
        value = f'{{"en_US": "{marker}"}}' if field.translate else marker
        cls.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                SQL.identifier(record._table),
                SQL.identifier(field.name),
                value,
                record.ids,
            )
        )

    def _walk(self, letter="r"):
        """Each model, role and distance, and whether the table lets the role in."""
        for model, rights in ACCESS.items():
            for role in ROLES:
                reached = REACHED[rights.get(role, {}).get(letter)]
                for place in PLACES:
                    record = self.at(model, role, place)
                    yield record.with_user(self.users[role]), place in reached

    def _readers(self):
        """Each model with each role that reads some of it, and what is hidden."""
        for model, rights in ACCESS.items():
            for role in ROLES:
                reached = REACHED[rights.get(role, {}).get("r")]
                if not reached:
                    continue
                seen, hidden = (
                    self.env[model].concat(
                        *(
                            self.at(model, role, place)
                            for place in PLACES
                            if (place in reached) is wanted
                        )
                    )
                    for wanted in (True, False)
                )
                yield self.env[model].with_user(self.users[role]), seen, hidden

    def _who_tries(self, record):
        """The role's user, and once a model who has no role at all."""
        nearest = self.at(record._name, ROLES[0], "own").with_user(self.users[ROLES[0]])
        outsiders = self.outsiders if record.env == nearest.env else ()
        return (record.env.user, *(outsiders if record == nearest else ()))

    def _as_root(self, record):
        """Not by sudo(): its author would be the user who is tried."""
        return self.env[record._name].browse(record.id)

    def _sub(self, record, **more):
        return self.subTest(record=str(record), user=record.env.user.login, **more)

    def _try(self, act):
        """Do it in vain.

        :return: what it answers, or how it is refused, as text
        """
        try:
            with self.env.cr.savepoint() as savepoint:
                answer = str(act())
                self.env.flush_all()
                savepoint.rollback()
        except ODD as error:
            answer = str(error)
        self.env.invalidate_all()
        return answer

    def _assert_refused(self, act, error=AccessError):
        with self.assertRaises(error):
            act()
        self.env.invalidate_all()

    def _assert_unmarked(self, text, user, act=None):
        """No marker in a text but those of what this user may read."""
        role = next((r for r, holder in self.users.items() if holder == user), None)
        for model in self.records:
            for place in REACHED[ACCESS[model].get(role, {}).get("r")]:
                text = text.replace(f"Zyx{model}{place}".replace(".", ""), "")
        self.assertNotIn("Zyx", text, act)

    # ------------------------------------------- acts on what one may not open

    def _hidden(self):
        """Each record with each user who may not read it, outsiders at the nearest."""
        for record, allowed in self._walk():
            for user in self._who_tries(record):
                if not allowed or user in self.outsiders:
                    yield record.with_user(user)

    def _hidden_nearest(self):
        """The nearest of them for each user: what lets no further one be reached."""
        met = set()
        for record in self._hidden():
            pair = record._name, record.env.uid
            if pair not in met:
                met.add(pair)
                yield record

    def _hidden_once(self):
        """One model for all of the same rights.

        For ways of the host, which are the same code on any record.
        """
        for record in self._hidden_nearest():
            if record._name in FIRST_OF_RIGHTS:
                yield record

    @classmethod
    def _state(cls):
        """What the tables hold that an act might change, as one value to compare."""
        content = "SELECT count(*), md5(string_agg(t::text, '' ORDER BY id)) FROM %s t"
        models = [cls.env[model] for model in (*cls.records, *BESIDE)]
        tables = [model._table for model in models if model._auto]
        return cls.env.execute_query(
            SQL(" UNION ALL ").join(
                SQL(content, SQL.identifier(table)) for table in tables
            )
        )

    def _probe(self, act, name=None):
        """Do it as a remote call would, and undo it.

        :return: (what it answers or how it is refused, as text; whether it was
            refused), having seen that what is not refused leaves everything as it was
        """
        try:
            with self.env.cr.savepoint() as savepoint:
                answer = str(act())
                self.env.flush_all()
                changed = self._state() != self.kept
                savepoint.rollback()
        except ODD as error:
            self.env.invalidate_all()
            return str(error), True
        self.env.invalidate_all()
        self.assertFalse(changed, f"{name}: it has changed something")
        return answer, False

    def _made_by(self, model, user):
        """A row of a user, whatever else it would need: by SQL, undone after."""
        table = SQL.identifier(self.env[model]._table)
        for name, column in self.env[model]._fields.items():
            if column.store and column.required and column.column_type:
                self.env.cr.execute(
                    SQL(
                        "ALTER TABLE %s ALTER %s DROP NOT NULL",
                        table,
                        SQL.identifier(name),
                    )
                )
        [[id_]] = self.env.execute_query(
            SQL(
                "INSERT INTO %s (create_uid, write_uid, create_date) "
                "VALUES (%s, %s, now() AT TIME ZONE 'UTC') RETURNING id",
                table,
                user.id,
                user.id,
            )
        )
        return self.env[model].browse(id_)
