"""Takes away one right at a time and sees whether a test of rights notices.

A pytest plugin: of the tests that pytest has collected it keeps those of rights that
ask for records (tagged `security`, not `structural`), and instead of running them once
runs them against each mutation, until one fails:

- a record rule of the addon is deleted,
- a line of `ir.model.access` of the addon is deleted,
- a field of the addon that only some groups may use is open to everybody.

A mutation takes place inside the savepoint of one test method and is gone with it.
One class after the other is set up, and meets the mutations that are still alive: first
those that walk the table of rights, narrowed to the model of the mutation, then all.
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

    @property
    def table(self):
        """Name of the table of rights in which the model has its row."""
        if self.kind == "field":
            return "RESTRICTED_FIELDS"
        from odoo.addons.culture_partnership.security.access_table import ASSISTANTS

        return "ASSISTANTS" if self.model in ASSISTANTS else "ACCESS"


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
            source = declared(model_field)
            if source._module == ADDON and model_field.groups:
                yield Mutation(
                    "field",
                    f"{model_name}.{name}",
                    source.model_name,
                    opening(model_name, name),
                )


def declared(model_field):
    """The field itself, or that of the parent from which its model inherits it."""
    while model_field.inherited and model_field.related_field:
        model_field = model_field.related_field
    return model_field


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
    """The methods of each class of rights tests.

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
    return classes


class Narrowed(dict):
    """A table in which every model is found, and only one is walked over."""

    def __init__(self, table, model):
        super().__init__(table)
        self.walked = {model: table[model]} if model in table else {}

    def __iter__(self):
        return iter(self.walked)

    def keys(self):
        return self.walked.keys()

    def values(self):
        return self.walked.values()

    def items(self):
        return self.walked.items()


@contextlib.contextmanager
def this_model_only(cls, model):
    """The tables, as the modules of the test see them, narrowed to one model."""
    modules = {sys.modules[each.__module__] for each in cls.__mro__}
    with contextlib.ExitStack() as stack:
        for module in modules:
            for name in ("ACCESS", "ASSISTANTS", "RESTRICTED_FIELDS"):
                if table := vars(module).get(name):
                    narrowed = Narrowed(table, model)
                    stack.enter_context(patch.object(module, name, narrowed))
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
    """Rights tests against mutations, in two passes.

    First each meets the classes that walk its table (`walks`), narrowed to its own
    model, the smallest class first: that is enough for nearly all. What is left meets
    every class, the tables whole. Who killed last goes first next time, then who is
    quick. A failure counts only if the method passes without the mutation.
    """

    def __init__(self, every):
        self.every = list(every)
        self.broken = {}
        self.favourites = {}
        self.seconds = {}
        self.sound = {}

    @property
    def alive(self):
        return [mutation for mutation in self.every if not mutation.killer]

    def run(self, classes):
        for cls, methods in sorted(classes.items(), key=lambda pair: len(pair[1])):
            tables = getattr(cls, "walks", ())
            self.meet(cls, methods, [m for m in self.alive if m.table in tables], True)
        for cls, methods in classes.items():
            self.meet(cls, methods, self.alive, False)

    def meet(self, cls, methods, mutations, narrow):
        if not mutations:
            return
        say(f"{cls.__name__}{' (narrowed)' * narrow}: {len(mutations)} alive")
        with class_set_up(cls):
            for mutation in mutations:
                begun = time.monotonic()
                with contextlib.ExitStack() as stack:
                    if narrow:
                        stack.enter_context(this_model_only(cls, mutation.model))
                    self.hunt(cls, methods, mutation, mutation.model if narrow else "")
                mutation.seconds += time.monotonic() - begun
                if mutation.killer:
                    say(f"{mutation.seconds:5.1f} s {mutation} by {mutation.killer}")

    def hunt(self, cls, methods, mutation, model):
        favourites = self.favourites.setdefault((cls, mutation.kind), [])

        def rank(method):
            place = len(favourites)
            if method in favourites:
                place = favourites.index(method)
            return place, self.seconds.get((cls, method, bool(model)), 0)

        for method in sorted(methods, key=rank):
            begun = time.monotonic()
            failed = run_method(cls, method, mutation)
            if not failed:
                self.seconds[cls, method, bool(model)] = time.monotonic() - begun
            elif self.is_sound(cls, method, model):
                mutation.killer = f"{cls.__name__}.{method}"
                if method in favourites:
                    favourites.remove(method)
                favourites.insert(0, method)
                return

    def is_sound(self, cls, method, model):
        """Whether the method passes when nothing is taken away."""
        key = cls, method, model
        if key not in self.sound:
            error = run_method(cls, method)
            self.sound[key] = not error
            if error and not model:
                self.broken[f"{cls.__name__}.{method}"] = error
        return self.sound[key]


def say(text):
    sys.__stderr__.write(f"{text}\n")
    sys.__stderr__.flush()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    begun = time.monotonic()
    hunt = Hunt(mutations(session.config))
    hunt.run(classes_of(session.items))
    report(hunt, time.monotonic() - begun)
    session.testsfailed = len(hunt.alive) + len(hunt.broken) + (not hunt.every)
    return True


def report(hunt, seconds):
    for name, error in hunt.broken.items():
        say(f"fails without any mutation: {name}: {error}")
    for mutation in hunt.alive:
        say(f"SURVIVES {mutation}")
    killed = len(hunt.every) - len(hunt.alive)
    say(f"{killed} of {len(hunt.every)} noticed, {seconds:.0f} s")
    if path := os.environ.get("CULTURE_MUTATIONS"):
        with open(path, "a", encoding="utf-8") as lines:
            for mutation in hunt.every:
                lines.write(f"{mutation.killer or 'SURVIVES'}\t{mutation}\n")
