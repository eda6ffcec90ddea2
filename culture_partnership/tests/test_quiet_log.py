import logging

from psycopg2 import DatabaseError

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CultureCase


@tagged("post_install", "-at_install", "security")
class TestQuietLog(CultureCase):
    """Threat: whoever reads the server's log reads names."""

    def _failed(self, statement):
        with self.assertLogs("odoo.sql_db", logging.ERROR) as logs:
            with self.assertRaises(DatabaseError), self.env.cr.savepoint():
                self.env.cr.execute(statement)
        return "\n".join(logs.output)

    def test_a_failed_statement_on_our_tables(self):
        person = self._person("Quorvantou", phone="0639987654")
        self.env.flush_all()
        said = self._failed(
            f"""UPDATE culture_beneficiary SET first_name = 'Quorvantou', stage = NULL
                 WHERE id = {person.id}"""
        )
        self.assertIn("culture_beneficiary", said)
        self.assertIn("not-null", said)
        for leak in ("Quorvantou", "0639987654", "DETAIL"):
            self.assertNotIn(leak, said)

    def test_other_tables_are_logged_as_ever(self):
        said = self._failed("SELECT name FROM res_partner WHERE no_such_column = 'x'")
        self.assertIn("no_such_column", said)

    def test_refusals_that_name_a_person_are_not_logged(self):
        person = self._person("Quorvantou")
        outing = self._outing()
        self._register(outing, person)
        with self.assertRaises(UserError) as catcher:
            self._register(outing, person)
        self.assertIn("Quorvantou", str(catcher.exception))
        self.assertEqual(catcher.exception.loglevel, logging.NOTSET)
