"""Keep persons out of the server's log.

The host logs a statement that failed with its values, and the row that PostgreSQL
refused; it logs the text of each refusal. Both name persons. Constraints are asked in
Python first, this is for what is left: two who save the same file at once, for one.
"""

import logging
import re
import threading
from contextlib import contextmanager

TABLE = re.compile(r'"?\bculture_\w+')


class QuietStatements(logging.Filter):
    """Say which table of ours refused and why, without a value."""

    def filter(self, record):
        """Rewrite the host's "bad query" entries on our tables.

        :param record: ``logging.LogRecord``
        :return: True: nothing is dropped
        """
        if str(record.msg).startswith("bad query") and len(record.args) == 2:
            statement, error = (str(part) for part in record.args)
            found = TABLE.search(statement)
            if found:
                reason = (error.splitlines() or [""])[0]
                table = found[0].strip('"')
                record.args = (f"on {table} (values are not logged)", reason)
        return True


def install():
    """Watch the host's SQL log; done once when the addon is loaded."""
    logger = logging.getLogger("odoo.sql_db")
    if not any(isinstance(known, QuietStatements) for known in logger.filters):
        logger.addFilter(QuietStatements())


@contextmanager
def silenced(name):
    """Drop what this thread logs to a logger of the host that names persons.

    :param name: of the logger
    """
    thread = threading.get_ident()

    def elsewhere(record):
        return record.thread != thread

    logger = logging.getLogger(name)
    logger.addFilter(elsewhere)
    try:
        yield
    finally:
        logger.removeFilter(elsewhere)


def unlogged(error):
    """An error whose text names a person: shown to its reader, not logged.

    :param error: exception; the host logs it at its ``loglevel``
    :return: the same exception
    """
    error.loglevel = logging.NOTSET
    return error
