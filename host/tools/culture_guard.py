"""What a run of the tests must not let pass in silence, as a pytest plugin.

- A warning or an error of the addon in the log fails the test during which it was
  logged. One that is expected is muted by the test (`mute_logger`, `assertLogs`).
- Each browser tour that is run leaves a line in the file `CULTURE_TOURS`: Odoo skips
  them without a word when it finds no browser.
- With `CULTURE_LINT`, the host's own lint tests look at this addon only.
"""

import logging
import os

import pytest
from check_log import names_addon

ADDON = "culture_partnership"


class Guard(logging.Handler):
    """Keeps what the addon logs at WARNING and above."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        # Why a tour fails in the browser is in the failure of its test.
        if record.name.endswith(".browser"):
            return
        line = f"{record.levelname} {record.name}: {self.format(record)}"
        if names_addon(line):
            self.lines.append(line)

    def drain(self):
        lines, self.lines = self.lines, []
        return lines


guard = Guard()


@pytest.fixture(autouse=True)
def log_stays_clean():
    yield
    if lines := guard.drain():
        pytest.fail("logged by the addon:\n" + "\n".join(lines), pytrace=False)


def pytest_sessionstart(session):
    logging.getLogger().addHandler(guard)
    count_tours()
    keep_files()
    if os.environ.get("CULTURE_LINT"):
        lint_this_addon_only()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest first, or one worker would end alone: browsers, then the walks."""
    from odoo.tests.common import HttpCase

    def shortness(item):
        case = item.cls or object
        return not issubclass(case, HttpCase), not hasattr(case, "_walk")

    items.sort(key=shortness)


def count_tours():
    from odoo.tests.common import HttpCase

    start_tour = HttpCase.start_tour

    def counted(self, url_path, tour_name, *args, **kwargs):
        result = start_tour(self, url_path, tour_name, *args, **kwargs)
        if path := os.environ.get("CULTURE_TOURS"):
            with open(path, "a", encoding="utf-8") as tours:
                tours.write(f"{tour_name}\n")
        return result

    HttpCase.start_tour = counted


def keep_files():
    """Odoo sweeps the files of a database after each class of tests. Two workers share
    them, and one would sweep what the other has not committed."""
    from odoo.tests.common import TransactionCase

    TransactionCase._gc_filestore = classmethod(lambda cls: None)


def lint_this_addon_only():
    from odoo.modules import Manifest

    from odoo.addons.test_lint.tests import test_index

    Manifest.all_addon_manifests = staticmethod(lambda: [Manifest.for_addon(ADDON)])
    test_index.BTREE_INDEX_IGNORE_FIELDS = IndexedColumns(
        test_index.BTREE_INDEX_IGNORE_FIELDS
    )


class IndexedColumns(frozenset):
    """Odoo's list of fields that need no index, and each that has a wider one.

    Odoo keeps a list by hand of columns that are the first of an index of several;
    this asks the database.
    """

    QUERY = """
        SELECT 1
          FROM pg_index
          JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
         WHERE indrelid = to_regclass(%s)
           AND attname = %s
           AND (indpred IS NULL OR pg_get_expr(indpred, indrelid) LIKE '%%IS NOT NULL)')
    """

    def __contains__(self, field):
        return super().__contains__(field) or self.is_first_of_an_index(field)

    def is_first_of_an_index(self, field):
        from odoo.sql_db import db_connect
        from odoo.tests.common import get_db_name

        model, _dot, column = field.rpartition(".")
        with db_connect(get_db_name()).cursor() as cr:
            cr.execute(self.QUERY, [model.replace(".", "_"), column])
            return bool(cr.fetchone())
