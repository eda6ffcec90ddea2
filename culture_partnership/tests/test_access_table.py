from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.culture_partnership.security.access_table import (
    ACCESS,
    ASSISTANTS,
    RESTRICTED_FIELDS,
)

from .world import PLACES, REACHED, WorldCase

OPERATIONS = {"c": "create", "r": "read", "u": "write", "d": "unlink"}
ROLES = ("referent", "coordinator", "administrator", "relay")
QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
HELD = ("culture.outing", "culture.permanence")
"""Once published or counted, kept: a copy is not."""

WRITABLE = {
    "culture.beneficiary": {"chosen_name": "Written"},
    "culture.household": {"name": "Written"},
    "culture.registration": {"companion": True},
    "culture.reminder": {"state": "told"},
    "culture.message": {"subject": "Written"},
    "culture.sending": {"phone": "04 65 71 00 01"},
    "culture.followup": {"kind": "call"},
    "culture.accompaniment": {"words": "Written"},
    "culture.assessment": {"person_social": "4"},
    "culture.semester": {"moving": "4"},
    "culture.beneficiary.barrier": {"state": "lifted"},
    "culture.outing": {"meeting_point": "Written"},
    "culture.outing.quota": {"seats": 3},
    "culture.permanence": {"room": "Written"},
    "culture.visit": {"kind": "other"},
    "culture.convention": {"notice_days": 7},
    "culture.bilan": {"presented_date": "2026-01-15"},
    "culture.commitment": {"target": 7},
    "culture.referent": {"capacity": 7},
    "culture.relay": {"last_activity_date": False, "active": True},
    "culture.training": {"state": "missed"},
    "culture.role": {"date_end": "2090-01-01"},
}


def group(role):
    return f"culture_partnership.group_culture_partnership_{role}"


@tagged("post_install", "-at_install", "security", "structural")
class TestTable(WorldCase):
    """The table is complete, and access lines and rules carry it out."""

    def _our_models(self):
        return {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "culture_partnership" and not model._abstract
        }

    def test_every_model_has_a_row(self):
        """A new model without a row fails here, not in production."""
        self.assertEqual(self._our_models(), {*ACCESS, *ASSISTANTS})

    def test_access_lines_say_the_table(self):
        portal = new_test_user(self.env, "test_portal", groups="base.group_portal")
        for model in self._our_models():
            for role in ROLES:
                user = self.users[role]
                if model in ASSISTANTS:
                    allowed = set("crud") if role in ASSISTANTS[model] else set()
                else:
                    allowed = set(ACCESS[model].get(role, ()))
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            letter in allowed,
                        )
            for user in (self.stranger, portal, self.env.ref("base.public_user")):
                for operation in OPERATIONS.values():
                    with self.subTest(model=model, user=user.login):
                        self.assertFalse(
                            self.env[model].with_user(user).has_access(operation)
                        )

    def test_each_right_has_a_rule_for_its_operation(self):
        """A rule whose flag is off does not forbid: the right would be bare."""
        for model, rights in ACCESS.items():
            rules = self.env["ir.rule"].search([("model_id.model", "=", model)])
            for role, operations in rights.items():
                for letter in operations:
                    with self.subTest(model=model, role=role, operation=letter):
                        flag = f"perm_{OPERATIONS[letter]}"
                        self.assertTrue(
                            rules.filtered(
                                lambda rule, role=role, flag=flag: (
                                    rule[flag]
                                    and self.env.ref(group(role)) in rule.groups
                                )
                            )
                        )
            company = rules.filtered(
                lambda rule: (
                    not rule.groups
                    and all(rule[f"perm_{o}"] for o in OPERATIONS.values())
                )
            )
            self.assertTrue(company, model)

    def test_no_rule_goes_beyond_its_role(self):
        """Threat: of two roles, one lends its records to the other's rights."""
        for model, rights in ACCESS.items():
            rules = self.env["ir.rule"].search([("model_id.model", "=", model)])
            for rule in rules.filtered("groups"):
                for letter, operation in OPERATIONS.items():
                    if not rule[f"perm_{operation}"]:
                        continue
                    for role in ROLES:
                        if self.env.ref(group(role)) in rule.groups:
                            with self.subTest(rule=rule.name, operation=operation):
                                self.assertIn(letter, rights.get(role, {}))

    def test_assistants_belong_to_who_opened_them(self):
        for model, roles in ASSISTANTS.items():
            rules = self.env["ir.rule"].search([("model_id.model", "=", model)])
            self.assertIn("create_uid", "".join(rules.mapped("domain_force")), model)
            self.assertTrue(roles)

    def test_fields_say_the_table(self):
        """A new field with groups needs its line: the attacks walk the lines."""
        found = {}
        for name, model in self.env.registry.items():
            for field in model._fields.values():
                ours = field._module == "culture_partnership" and not field.inherited
                if ours and field.groups and not model._abstract:
                    groups = {} if field.groups == "." else field.groups.split(",")
                    found.setdefault(name, {})[field.name] = {*groups}
        self.assertEqual(
            found,
            {
                model: {name: {*map(group, roles)} for name, roles in lines.items()}
                for model, lines in RESTRICTED_FIELDS.items()
            },
        )

    def test_no_field_on_a_host_model_is_open(self):
        for name, model in self.env.registry.items():
            if model._original_module == "culture_partnership":
                continue
            for field in model._fields.values():
                if field._module == "culture_partnership" and not field.inherited:
                    with self.subTest(field=str(field)):
                        self.assertTrue(field.groups, name)


@tagged("post_install", "-at_install", "security")
class TestWhoseRecords(WorldCase):
    """Every role x model x distance x way in, the lawful beside the attack."""

    walks = ("ACCESS",)

    def _each(self, letter):
        for model, rights in ACCESS.items():
            for role in ROLES:
                reached = REACHED[rights.get(role, {}).get(letter)]
                user = self.users[role]
                for place in PLACES:
                    record = self.at(model, role, place)
                    self.assertTrue(record, (model, place))
                    yield record.with_user(user), place in reached

    def _sub(self, record):
        return self.subTest(record=str(record), user=record.env.user.login)

    def _assert_refused(self, act):
        with self.assertRaises(UserError) as catcher:
            act()
        text = str(catcher.exception)
        for leak in ("culture.", "Own", "Colleague's", "Far Test", "Blame", "group"):
            self.assertNotIn(leak, text)

    @mute_logger(*QUIET)
    def test_read(self):
        for record, allowed in self._each("r"):
            with self._sub(record):
                self.env.invalidate_all()
                name = record.sudo().display_name
                if allowed:
                    self.assertTrue(record.read(["display_name"]))
                    self.assertEqual(record.search([("id", "=", record.id)]), record)
                    # what is no table has no external ids
                    id_ = "id" if record._auto else ".id"
                    self.assertTrue(record.export_data([id_, "display_name"]))
                    continue
                self._assert_refused(lambda r=record: r.read(["display_name"]))
                self._assert_refused(lambda r=record: r.export_data(["display_name"]))
                self._assert_refused(lambda r=record: r.web_read({"display_name": {}}))
                if record.has_access("read"):
                    continue
                if not record.browse().has_access("read"):
                    self._assert_refused(lambda r=record: r.search_count([]))
                    continue
                self.assertFalse(record.search_count([("id", "=", record.id)]))
                self.assertNotIn(
                    record.id, [id_ for id_, __ in record.name_search(name or "x")]
                )
                groups = record.formatted_read_group(
                    [("id", "=", record.id)], ["company_id"], ["__count"]
                )
                self.assertFalse(groups)

    @mute_logger(*QUIET)
    def test_write(self):
        for record, allowed in self._each("u"):
            with self._sub(record):
                vals = WRITABLE.get(record._name, {"name": "Written"})
                if allowed:
                    with self.env.cr.savepoint() as savepoint:
                        record.write(vals)
                        savepoint.rollback()
                    self.env.invalidate_all()
                else:
                    self._assert_refused(lambda r=record, v=vals: r.write(v))

    @mute_logger(*QUIET)
    def test_two_roles_give_no_more_than_each(self):
        """Every pair, the second in force or left over from a role that ended."""
        for first in ROLES:
            for second in ROLES:
                if first == second:
                    continue
                for ended in (False, True):
                    with self.env.cr.savepoint() as savepoint:
                        role = self._role(self.users[first], second, self.north)
                        if ended:
                            role.action_end_now()
                            left_over = self.env.ref(group(second))
                            left_over.user_ids += self.users[first]
                        self.env.flush_all()
                        self._check_pair(first, second, ended)
                        savepoint.rollback()
                    self.env.invalidate_all()
                    self.env.registry.clear_cache()
                    self.env["culture.access"]._forget_reach()

    def _check_pair(self, first, second, ended):
        for model, rights in ACCESS.items():
            for letter in "rud":
                reached = set(REACHED[rights.get(first, {}).get(letter)])
                word = rights.get(second, {}).get(letter)
                if not ended and word != "own":
                    reached |= REACHED[word]
                for place in PLACES:
                    record = self.at(model, first, place).with_user(self.users[first])
                    if model in ("culture.role", "culture.scope") and place == "own":
                        continue
                    with self.subTest(
                        model=model, roles=(first, second, ended), place=place, o=letter
                    ):
                        self.assertEqual(
                            record.has_access(OPERATIONS[letter]), place in reached
                        )

    @mute_logger(*QUIET, "odoo.sql_db")
    def test_unlink(self):
        for record, allowed in self._each("d"):
            with self._sub(record):
                if record._name in HELD and allowed:
                    record = record.copy()
                elif allowed and record._name in (
                    "culture.barrier",
                    "culture.discipline",
                    "culture.training.subject",
                ):
                    record = record.copy()
                if allowed:
                    with self.env.cr.savepoint() as savepoint:
                        record.unlink()
                        savepoint.rollback()
                    self.env.invalidate_all()
                else:
                    self._assert_refused(lambda r=record: r.unlink())

    @mute_logger(*QUIET)
    def test_copy_is_creating(self):
        """A copy of what one may not read does not exist."""
        for record, allowed in self._each("r"):
            with self._sub(record):
                if not allowed:
                    self._assert_refused(lambda r=record: r.copy())

    @mute_logger(*QUIET)
    def test_create_for_another(self):
        for role, place, model, vals in self._creations():
            with self.subTest(model=model, role=role, place=place):
                word = ACCESS[model].get(role, {}).get("c")
                records = self.env[model].with_user(self.users[role])
                if place in REACHED[word]:
                    with self.env.cr.savepoint() as savepoint:
                        self.assertTrue(records.create(vals))
                        savepoint.rollback()
                    self.env.invalidate_all()
                else:
                    self._assert_refused(lambda r=records, v=vals: r.create(v))

    def _creations(self):
        someone = new_test_user(self.env, "test_someone", groups="base.group_user")
        contact = self.env["res.partner"].create({"name": "New relay"})
        for role in ROLES:
            for place in PLACES:
                person = self.people[place]
                structure, company = person.structure_id, person.company_id
                inside = {"structure_id": structure.id, "company_id": company.id}
                outing = self.outings["own" if place != "elsewhere" else place]
                fresh = self._outing(
                    date_begin="2090-01-01 18:00:00",
                    structure_id=outing.structure_id.id,
                    company_id=company.id,
                )
                yield (
                    role,
                    place,
                    "culture.beneficiary",
                    {"first_name": "N", **inside, "referent_id": person.referent_id.id},
                )
                yield role, place, "culture.household", {"name": "N", **inside}
                yield (
                    role,
                    place,
                    "culture.registration",
                    {"outing_id": fresh.id, "beneficiary_id": person.id},
                )
                yield role, place, "culture.followup", {"beneficiary_id": person.id}
                yield (
                    role,
                    place,
                    "culture.assessment",
                    {
                        "beneficiary_id": person.id,
                        "view": "referent",
                        "referent_social": "3",
                    },
                )
                plan = self.records["culture.accompaniment"][place]
                yield (
                    role,
                    place,
                    "culture.goal",
                    {"accompaniment_id": plan.id, "name": "N"},
                )
                barriers = self.env["culture.barrier"].search(
                    [("company_id", "=", company.id)]
                )
                yield (
                    role,
                    place,
                    "culture.beneficiary.barrier",
                    {"beneficiary_id": person.id, "barrier_id": barriers[-1].id},
                )
                # who has a plan is not given a second one: this is a person without
                another = self.env["culture.beneficiary"].create(
                    {
                        "first_name": "N",
                        **inside,
                        "referent_id": person.referent_id.id,
                    }
                )
                yield (
                    role,
                    place,
                    "culture.accompaniment",
                    {"beneficiary_id": another.id},
                )
                organiser = {
                    "own": self.users[role],
                    "scope": self.colleague,
                    "other": self.far_referent,
                    "elsewhere": self.elsewhere_user,
                }[place]
                yield (
                    role,
                    place,
                    "culture.outing",
                    {"name": "N", "seats_max": 1, **inside, "user_id": organiser.id},
                )
                yield (
                    role,
                    place,
                    "culture.convention",
                    {
                        "name": "N",
                        "partner_id": self.association.id,
                        "company_id": company.id,
                    },
                )
                hosting = {"user_ids": [Command.set(organiser.ids)]}
                yield (
                    role,
                    place,
                    "culture.permanence",
                    {"venue_id": self.venue.id, **inside, **hosting},
                )
                permanence = self.records["culture.permanence"][place]
                yield (
                    role,
                    place,
                    "culture.visit",
                    {"permanence_id": permanence.id, "kind": "other"},
                )
                convention = self.records["culture.convention"][place]
                yield (
                    role,
                    place,
                    "culture.commitment",
                    {
                        "convention_id": convention.id,
                        "indicator": "used",
                        "target": 1,
                    },
                )
                yield (
                    role,
                    place,
                    "culture.evaluation.due",
                    {
                        "convention_id": convention.id,
                        "name": "N",
                        "due_date": "2090-01-01",
                    },
                )
                yield role, place, "culture.referent", {"user_id": someone.id, **inside}
                yield role, place, "culture.relay", {"partner_id": contact.id, **inside}
                relay = self.records["culture.relay"][place]
                yield (
                    role,
                    place,
                    "culture.training",
                    {
                        "relay_id": relay.id,
                        "subject_id": relay.training_ids.subject_id.id,
                        "date": "2026-01-15",
                        "state": "attended",
                    },
                )
                yield (
                    role,
                    place,
                    "culture.role",
                    {
                        "user_id": someone.id,
                        "role": "referent",
                        "partner_id": structure.id,
                        "company_id": company.id,
                    },
                )
                yield (
                    role,
                    place,
                    "culture.discipline",
                    {"name": "N", "company_id": company.id},
                )
