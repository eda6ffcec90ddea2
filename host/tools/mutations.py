"""Takes away one right at a time and sees whether a test of rights notices.

A pytest plugin: of the tests that pytest has collected it keeps those of rights that
ask for records (tagged `security`, not `structural`), and instead of running them once
runs them against each mutation, until one fails:

- a record rule of the addon is deleted,
- a line of `ir.model.access` of the addon is deleted,
- a field of the addon that only some groups may use is open to everybody.

A mutation takes place inside the savepoint of one test method and is gone with it.
One class after the other is set up, and meets the mutations that are still alive.
What no test notices is printed at the end, and the run fails.
"""

import contextlib
import os
import sys
import time
import types
import unittest
from dataclasses import dataclass, field
from unittest.mock import patch

import pytest

ADDON = "culture_partnership"


@dataclass
class Mutation:
    """One thing to take away; `killer` is the test that noticed."""

    kind: str
    name: str
    model: str
    take_away: object = field(repr=False)
    killer: str = ""
    seconds: float = 0.0

    def __str__(self):
        return f"{self.kind:5} {self.name}"


def pytest_addoption(parser):
    group = parser.getgroup("mutations")
    group.addoption("--mutate-only", default="", help="rule, acl or field")
    group.addoption("--mutate-match", default="", help="part of a mutation's name")
    group.addoption("--mutate-part", default="1/1", help="which of how many parts")


# ------------------------------------------------------------------- what to take away


def rows_of(env, kind, model):
    """A mutation for each rule or access line that the addon has made."""
    data = env["ir.model.data"].search(
        [("module", "=", ADDON), ("model", "=", model)], order="name"
    )
    for row in data:
        record = env[model].browse(row.res_id)
        yield Mutation(
            kind, row.name, record.model_id.model, deletion(model, record.id)
        )


def deletion(model, id_):
    def take_away(test):
        table = test.env[model]._table
        # by SQL: the record's own guards are not what is tested here
        test.env.cr.execute(f"DELETE FROM {table} WHERE id = %s", [id_])
        test.env.invalidate_all()
        test.env.registry.clear_all_caches()

    return take_away


def fields_of(env):
    """A mutation for each field of the addon that is not for everybody."""
    for model_name, model in sorted(env.registry.items()):
        if model._abstract:
            continue
        for name, model_field in sorted(model._fields.items()):
            own = model_field._module == ADDON or model_field.related_field
            if not own or not model_field.groups:
                continue
            if not belongs_to_addon(model_field):
                continue
            yield Mutation(
                "field", f"{model_name}.{name}", model_name, opening(model_name, name)
            )


def belongs_to_addon(model_field):
    while model_field.inherited and model_field.related_field:
        model_field = model_field.related_field
    return model_field._module == ADDON


def opening(model_name, name):
    def take_away(test):
        model_field = test.env.registry[model_name]._fields[name]
        patcher = patch.object(model_field, "groups", None)
        patcher.start()
        test.addCleanup(patcher.stop)
        test.env.registry.clear_all_caches()

    return take_away


def mutations(config):
    """Those that were asked for, in this process's part."""
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        every = [
            *rows_of(env, "rule", "ir.rule"),
            *rows_of(env, "acl", "ir.model.access"),
            *fields_of(env),
        ]
    only, text = config.option.mutate_only, config.option.mutate_match
    chosen = [m for m in every if only in ("", m.kind) and text in str(m)]
    part, parts = map(int, config.option.mutate_part.split("/"))
    return chosen[part - 1 :: parts]


# ------------------------------------------------------------------------ the tests


class Verdict(unittest.TestResult):
    """Whether a method passed; the lines of its failure."""

    def __init__(self):
        super().__init__()
        self.error = ""

    def note(self, test, error):
        if error is not None and not self.error:
            self.error = f"{error[0].__name__}: {error[1]}".strip()

    def addError(self, test, err):
        self.note(test, err)

    def addFailure(self, test, err):
        self.note(test, err)

    def addSubTest(self, test, subtest, err):
        self.note(test, err)


def classes_of(items):
    """The methods of each class of rights tests, those that walk the table first.

    Browser tests stay out: their requests run in other threads, in which a mutation
    would be a race.
    """
    from odoo.tests.common import HttpCase

    classes = {}
    for item in items:
        tags = getattr(item.cls, "test_tags", ())
        if "structural" in tags or issubclass(item.cls or object, HttpCase):
            continue
        if "security" in tags:
            classes.setdefault(item.cls, []).append(item.originalname or item.name)
    return dict(
        sorted(classes.items(), key=lambda pair: -getattr(pair[0], "walks_table", 0))
    )


@contextlib.contextmanager
def this_model_first(cls, model):
    """The table, as the module of the test sees it, begins with this model."""
    module = sys.modules[cls.__module__]
    with contextlib.ExitStack() as stack:
        for name in ("ACCESS", "ASSISTANTS", "RESTRICTED_FIELDS"):
            table = getattr(module, name, None)
            if table and model in table:
                first = {model: table[model], **table}
                stack.enter_context(patch.object(module, name, first))
        yield


def run_method(cls, method, mutation=None):
    """Run one test method, with a mutation if one is given.

    :return: the first line of what failed, or nothing
    """
    test = cls(method)
    verdict = Verdict()
    if mutation:
        # the first failure ends the method: one is enough
        test.subTest = lambda *args, **kwargs: contextlib.nullcontext()
        set_up = test.setUp

        def set_up_and_take_away(self):
            set_up()
            mutation.take_away(self)

        test.setUp = types.MethodType(set_up_and_take_away, test)
    test.run(verdict)
    return verdict.error.split("\n")[0]


@contextlib.contextmanager
def class_set_up(cls):
    try:
        cls.setUpClass()
        yield
    finally:
        cls.tearDownClass()
        cls.doClassCleanups()


class Hunt:
    """Rights tests against mutations; who killed last goes first next time."""

    def __init__(self, alive):
        self.every = list(alive)
        self.alive = list(alive)
        self.broken = []
        self.favourites = {}

    def run(self, cls, methods):
        with class_set_up(cls):
            passing = []
            for method in methods:
                if error := run_method(cls, method):
                    self.broken.append(f"{cls.__name__}.{method}: {error}")
                else:
                    passing.append(method)
            for mutation in list(self.alive):
                begun = time.monotonic()
                self.hunt(cls, passing, mutation)
                mutation.seconds += time.monotonic() - begun
                if mutation.killer:
                    self.alive.remove(mutation)
                    say(f"{mutation.seconds:5.1f} s {mutation} by {mutation.killer}")

    def hunt(self, cls, methods, mutation):
        favourites = self.favourites.setdefault((cls, mutation.kind), [])
        order = sorted(
            methods,
            key=lambda m: favourites.index(m) if m in favourites else len(favourites),
        )
        with this_model_first(cls, mutation.model):
            for method in order:
                if run_method(cls, method, mutation):
                    mutation.killer = f"{cls.__name__}.{method}"
                    if method in favourites:
                        favourites.remove(method)
                    favourites.insert(0, method)
                    return


def say(text):
    sys.__stderr__.write(f"{text}\n")
    sys.__stderr__.flush()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    begun = time.monotonic()
    hunt = Hunt(mutations(session.config))
    for cls, methods in classes_of(session.items).items():
        if not hunt.alive:
            break
        say(f"{cls.__name__}: {len(hunt.alive)} alive")
        hunt.run(cls, methods)
    report(hunt, time.monotonic() - begun)
    session.testsfailed = len(hunt.alive) + len(hunt.broken) + (not hunt.every)
    return True


def report(hunt, seconds):
    for text in hunt.broken:
        say(f"fails without any mutation: {text}")
    for mutation in hunt.alive:
        say(f"SURVIVES {mutation}")
    killed = len(hunt.every) - len(hunt.alive)
    say(f"{killed} of {len(hunt.every)} noticed, {seconds:.0f} s")
    if path := os.environ.get("CULTURE_MUTATIONS"):
        with open(path, "a", encoding="utf-8") as lines:
            for mutation in hunt.every:
                lines.write(f"{mutation.killer or 'SURVIVES'}\t{mutation}\n")
