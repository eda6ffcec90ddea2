from datetime import timedelta
from ipaddress import ip_address, ip_network

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL, hmac

MOST_WRONG = 20
WINDOW = timedelta(minutes=10)
ONE_LINE = 64
"""Bits that one subscriber has of an IPv6 address: the others are free to change."""


class CulturePortalTries(models.AbstractModel):
    """Wrong links, counted by address over all workers, and forgotten at once.

    A table without a model: no role, no screen and no call reaches it. It keeps a
    number made of the address with the database's secret, not the address. A try is a
    row: two at once do not meet. Only wrong links are counted, and only they write.
    """

    _name = "culture.portal.tries"
    _description = "Wrong links"

    @api.private
    def init(self):
        self.env.cr.execute(
            """
            CREATE TABLE IF NOT EXISTS culture_portal_try
                (address text NOT NULL, moment timestamp NOT NULL);
            CREATE INDEX IF NOT EXISTS culture_portal_try_address_idx
                ON culture_portal_try (address, moment)
            """
        )

    @api.model
    def _too_many(self, address):
        """Whether an address has tried too often lately.

        :param address: as the host knows it, behind a proxy too
        """
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM culture_portal_try"
                " WHERE address = %s AND moment > %s",
                self._hidden(address),
                fields.Datetime.now() - WINDOW,
            )
        )
        return count >= MOST_WRONG

    @api.model
    def _count_wrong(self, address):
        """Count a wrong link, and forget those of before.

        :param address: as in :meth:`_too_many`
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO culture_portal_try VALUES (%s, %s)",
                self._hidden(address),
                fields.Datetime.now(),
            )
        )
        self._forget()

    @api.autovacuum
    def _forget(self):
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        "DELETE FROM culture_portal_try WHERE moment <= %s",
                        fields.Datetime.now() - WINDOW,
                    ),
                    log_exceptions=False,
                )
        except SerializationFailure:
            # another transaction has just forgotten the same
            return

    @api.model
    def _hidden(self, address):
        try:
            ip = ip_address(address or "")
        except ValueError:
            ip = None
        if ip and ip.version == 6:
            ip = ip_network((ip, ONE_LINE), strict=False)
        return hmac(self.env(su=True), "culture.portal.tries", str(ip))
