"""Every act that a remote call reaches, on what its caller may not open.

The acts are those of the code, not of a list: a new public method is walked without a
word, and fails here when nobody said what its arguments are.
"""

import inspect
from types import FunctionType

from odoo.exceptions import AccessError
from odoo.models import BaseModel
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.culture_partnership.security.access_table import (
    ACCESS,
    ASSISTANTS,
)

from .ways import ODD, QUIET, ROLES, WaysCase
from .world import PLACES, REACHED

OURS = "odoo.addons.culture_partnership."
REFUSAL = "does not exist or is not open to you"
HOST = (
    "action_archive",
    "action_unarchive",
    "activity_feedback",
    "activity_reschedule",
    "activity_schedule",
    "activity_unlink",
    "copy",
    "export_data",
    "get_field_translations",
    "get_formview_action",
    "get_metadata",
    "message_get_followers",
    "message_post",
    "message_subscribe",
    "message_unsubscribe",
    "onchange",
    "read",
    "toggle_active",
    "unlink",
    "update_field_translations",
    "web_override_translations",
    "web_read",
    "web_resequence",
    "web_save",
    "web_save_multi",
    "write",
)
"""Of the host, what any record answers to."""

ARCHIVING = {"action_archive", "action_unarchive", "toggle_active"}

NOT_HERE = {
    "culture.access": {"action_review"},
    "culture.handover": {"action_accept", "action_decline"},
}
"""Buttons that no user has on these records: nothing to review, no receiver."""

LAWFUL = {
    "culture.access": {"action_review"},
    "culture.accompaniment": {"log_opening"},
    "culture.handover": {"action_accept", "action_decline", "action_withdraw"},
    "culture.outing": {
        "action_add_to_calendar",
        "action_i_came",
        "action_i_did_not_come",
        "action_remove_from_calendar",
    },
    "culture.reminder": {"action_told"},
}
"""Acts of who may not write, each with tests of its own."""


@tagged("post_install", "-at_install", "security")
class TestActs(WaysCase):
    """Buttons, bulk actions and the host's own calls: refused, or without effect."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls._state()
        cls.somebody = cls.people["other"].id
        cls.company_id = cls.far_away.id
        cls.reason_id = cls.records["culture.reason"]["own"].id
        cls.partner_ids = cls.stranger.partner_id.ids

    def _acts(self, model, host=True, of_records=True):
        """Public methods, of records or of the model.

        :param host: with what the host has on any record, by itself or through us
        """
        records = self.env[model]
        names = {
            name
            for cls in type(records).__mro__
            if cls.__module__.startswith(OURS)
            for name, value in vars(cls).items()
            if isinstance(value, FunctionType)
            and (host or not hasattr(BaseModel, name))
        }
        for name in sorted(names.union(HOST if host else ())):
            if name.startswith("_") or not hasattr(records, name):
                continue
            if name in ARCHIVING and not records._active_name:
                continue
            try:
                method = get_public_method(records, name)
            except AccessError:
                continue
            if getattr(method, "_api_model", False) is not of_records:
                yield name, method

    def _values(self, record):
        """What arguments mean, by their name."""
        field = self._marked_field(record._name)
        name = field.name if field else "company_id"
        vals = {name: "Taken" if field else self.company_id}
        return {
            "act_type_xmlid": "mail.mail_activity_data_todo",
            "act_type_xmlids": ["mail.mail_activity_data_todo"],
            "body": "Taken",
            "counter": "people_count",
            "delta": 1,
            "domain": [("id", "in", record.ids)],
            "field_name": name,
            "field_names": [name],
            "fields": [name],
            "fields_spec": {"display_name": {}},
            "fields_to_export": [".id", "display_name", name],
            "kind": "other",
            "model": record._name,
            "lines": [{"beneficiary_id": self.somebody}],
            "partner_ids": self.partner_ids,
            "reason_id": self.reason_id,
            "specification": {"display_name": {}, name: {}},
            "state": "attended",
            "translations": {"en_US": "Taken"},
            "values": vals,
            "vals": vals,
            "vals_list": [vals] * len(record),
        }

    def _perform(self, record, name, method):
        """Call as the web client does, each argument by its name."""
        known, given = self._values(record), {}
        for argument in list(inspect.signature(method).parameters.values())[1:]:
            if argument.name in known:
                given[argument.name] = known[argument.name]
            elif argument.kind not in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD):
                self.assertIsNot(
                    argument.default, argument.empty, f"{name}: {argument.name}?"
                )
        ids = [] if getattr(method, "_api_model", False) else [record.ids]
        return call_kw(record.browse(), name, ids, given)

    def _call(self, record, name, method):
        """The same in vain: see :meth:`_probe`."""
        return self._probe(lambda: self._perform(record, name, method), name)

    @mute_logger(*QUIET)
    def test_on_what_is_hidden(self):
        """Threat: an act that works as superuser forgets to ask first."""
        for record in self._hidden_nearest():
            with self._sub(record):
                self._try_all(record, self._acts(record._name))

    def _try_all(self, record, acts):
        for name, method in acts:
            answer, __ = self._call(record, name, method)
            self._assert_unmarked(answer, record.env.user, name)

    @mute_logger(*QUIET)
    def test_with_one_s_own_beside_it(self):
        """Threat: of a selection, the first record is asked about and all are done."""
        for records, seen, hidden in self._readers():
            if not seen or not hidden:
                continue
            mixed = (seen[:1] | hidden[:1]).with_user(records.env.user)
            with self._sub(mixed):
                self._try_all(mixed, self._acts(records._name))

    @mute_logger(*QUIET)
    def test_the_walk_gets_past_the_door(self):
        """Each button meets, for somebody and somewhere, more than a refusal."""
        self.somebody = self.people["own"].id
        for model, rights in ACCESS.items():
            acts = self._acts(model, host=False)
            closed = {n: act for n, act in acts if n.startswith("action_")}
            for role in ROLES:
                reached = REACHED[rights.get(role, {}).get("r")]
                for place in sorted(reached, key=PLACES.index):
                    record = self.at(model, role, place).with_user(self.users[role])
                    for name, method in list(closed.items()):
                        if not self._is_refused(record, name, method):
                            del closed[name]
            self.assertEqual(set(closed), NOT_HERE.get(model, set()), model)

    def _is_refused(self, record, name, method):
        """Whether rights refuse the act, and not a state or a missing word."""
        try:
            with self.env.cr.savepoint() as savepoint:
                self._perform(record, name, method)
                savepoint.rollback()
            text = ""
        except ODD as error:
            text = str(error)
        self.env.invalidate_all()
        # a role may have been ended, and is not
        self.env.registry.clear_cache()
        self.env["culture.access"]._forget_reach()
        return REFUSAL in text

    @mute_logger(*QUIET)
    def test_reading_is_not_changing(self):
        """What one reads and may not change, no act of ours changes either."""
        for record, allowed in self._walk("u"):
            if allowed or not record.has_access("read"):
                continue
            lawful = LAWFUL.get(record._name, ())
            with self._sub(record):
                for name, method in self._acts(record._name, host=False):
                    if name not in lawful:
                        self._call(record, name, method)

    @mute_logger(*QUIET)
    def test_on_the_model(self):
        """What is asked without a record answers without the hidden."""
        for model in (*ACCESS, *ASSISTANTS):
            acts = [
                (name, method)
                for name, method in self._acts(model, host=False, of_records=False)
                if name not in ("create", "load")
            ]
            for user in (*self.users.values(), *self.outsiders):
                records = self.env[model].with_user(user)
                with self._sub(records):
                    self._try_all(records, acts)

    @mute_logger(*QUIET)
    def test_assistants_of_others(self):
        """Threat: what a colleague prepares is confirmed by somebody else.

        Some only answer where to go, whoever asks.
        """
        for model, roles in ASSISTANTS.items():
            acts = list(self._acts(model, host=False))
            row = self._made_by(model, self.users[roles[0]])
            for user in (self.colleague, self.administrator, *self.outsiders):
                theirs = row.with_user(user)
                with self._sub(theirs):
                    self._try_all(theirs, acts)

    @mute_logger(*QUIET, "odoo.addons.base.models.ir_actions")
    def test_server_actions(self):
        """Those of our models, run by hand on what is hidden."""
        actions = self.env["ir.actions.server"].search(
            [("model_id.model", "in", list(ACCESS))]
        )
        self.assertTrue(actions)
        for record in self._hidden():
            for action in actions.filtered(lambda a, r=record: a.model_name == r._name):
                run = action.with_user(record.env.user).with_context(
                    active_model=record._name,
                    active_id=record.id,
                    active_ids=record.ids,
                )
                with self._sub(record, action=action.name):
                    answer, __ = self._probe(run.run)
                    self._assert_unmarked(answer, record.env.user)
