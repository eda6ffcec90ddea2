"""The ways in other than reading by id, walked from the rights table."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.culture_partnership.security.access_table import (
    ACCESS,
    ASSISTANTS,
    RESTRICTED_FIELDS,
)

from .ways import QUIET, ROLES, WaysCase
from .world import LISTS, PLACES, REACHED


@tagged("post_install", "-at_install", "security")
class TestSearches(WaysCase):
    """Lists, counts, groups, name searches, paths: the hidden is not in them."""

    walks = ("ACCESS",)

    @mute_logger(*QUIET)
    def test_lists(self):
        for records, seen, hidden in self._readers():
            ids = (seen | hidden).ids
            with self._sub(records):
                found = records.search([("id", "in", ids)])
                self.assertEqual(set(found.ids), set(seen.ids))
                self.assertEqual(
                    records.search_count([("id", "in", ids)]), len(set(seen.ids))
                )
                rows = records.search_read([("id", "in", ids)], ["display_name"])
                page = records.web_search_read(
                    [("id", "in", ids)], {"display_name": {}}, count_limit=81
                )
                named = records.name_search("", [("id", "in", ids)], limit=None)
                for answer in (rows, page["records"]):
                    self.assertEqual({row["id"] for row in answer}, set(seen.ids))
                self.assertEqual(page["length"], len(set(seen.ids)))
                self.assertEqual({id_ for id_, __ in named}, set(seen.ids))

    @mute_logger(*QUIET)
    def test_name_search_of_the_name_itself(self):
        for record, allowed in self._walk():
            if allowed or not record.browse().has_access("read"):
                continue
            with self._sub(record):
                name = record.sudo().display_name
                for operator in ("ilike", "=", "=ilike"):
                    found = record.name_search(name, operator=operator)
                    self.assertNotIn(record.id, dict(found))

    @mute_logger(*QUIET)
    def test_groups(self):
        """By every field that the host would group by, totals and ids alike."""
        for records, seen, hidden in self._readers():
            domain = [("id", "in", (seen | hidden).ids)]
            for name, field in records._fields.items():
                if not field._description_groupable(records.env):
                    continue
                if not records._has_field_access(field, "read"):
                    continue
                dated = field.type in ("date", "datetime")
                by = f"{name}:month" if dated else name
                with self._sub(records, by=by):
                    groups = records.formatted_read_group(
                        domain, [by], ["__count", "id:array_agg"]
                    )
                    inside = {id_ for group in groups for id_ in group["id:array_agg"]}
                    self.assertLessEqual(inside, set(seen.ids))
                    web = records.web_read_group(domain, [by], ["__count"])
                    self._assert_unmarked(str(web), records.env.user)

    @mute_logger(*QUIET)
    def test_paths(self):
        """Threat: a search through a link says yes to the name at its end."""
        sources = [records for records, __, __ in self._readers()]
        for role in ROLES:
            for model in ("res.partner", "res.users", "res.company", "crm.lead"):
                sources.append(self.env[model].with_user(self.users[role]))
        for records in sources:
            role = next(r for r, user in self.users.items() if user == records.env.user)
            for name, field in records._fields.items():
                if not field.relational or field.comodel_name not in self.records:
                    continue
                end = self._marked_field(field.comodel_name)
                if not field._description_searchable or end is None:
                    continue
                reached = REACHED[ACCESS[field.comodel_name].get(role, {}).get("r")]
                for place in set(PLACES) - reached:
                    marker = f"Zyx{field.comodel_name}{place}".replace(".", "")
                    with self._sub(records, path=name, place=place):
                        domain = [(f"{name}.{end.name}", "=", marker)]
                        answer = self._try(lambda r=records, d=domain: r.search(d).ids)
                        self.assertNotRegex(answer, r"\[\d")


@tagged("post_install", "-at_install", "security")
class TestWrites(WaysCase):
    """Import, creation, the web client's save, onchange."""

    def _load(self, records, fields, rows):
        """The host's import: refused as a whole, or row by row."""
        try:
            return records.load(fields, rows)
        except UserError as error:
            return {"ids": False, "messages": [str(error)]}

    @mute_logger(*QUIET)
    def test_load(self):
        """Threat: the host's import writes over a record by its database id."""
        for record, allowed in self._walk("u"):
            field = self._marked_field(record._name)
            if field is None or field.related or not field.store:
                continue
            if record._name in ("culture.registration", "culture.access"):
                continue
            with self._sub(record), self.env.cr.savepoint() as savepoint:
                result = self._load(
                    record.browse(), [".id", field.name], [[str(record.id), "Loaded"]]
                )
                self.env.invalidate_all()
                self.assertEqual(bool(result["ids"]), allowed, result["messages"])
                value = record.sudo().with_context(lang="en_US")[field.name]
                self.assertEqual(value == "Loaded", allowed)
                self.assertNotIn("Zyx", str(result["messages"]))
                savepoint.rollback()
            self.env.invalidate_all()

    @mute_logger(*QUIET)
    def test_nobody_creates_beyond_the_table(self):
        for model, rights in ACCESS.items():
            for role in ROLES:
                if "c" in rights.get(role, {}):
                    continue
                records = self.env[model].with_user(self.users[role])
                with self._sub(records):
                    self._assert_refused(lambda r=records: r.create({}), UserError)
                    self.assertFalse(
                        self._load(records, ["display_name"], [["x"]])["ids"]
                    )
            for user in self.outsiders:
                records = self.env[model].with_user(user)
                with self._sub(records):
                    self._assert_refused(lambda r=records: r.create({}), UserError)

    @mute_logger(*QUIET)
    def test_lists_are_kept_by_their_administrator(self):
        for model in LISTS:
            for place in ("own", "elsewhere"):
                company = self.far_away if place == "elsewhere" else self.company
                vals = {"name": "New", "company_id": company.id}
                record = self.records[model][place]
                for name, field in record._fields.items():
                    if field.required and not field.default and name not in vals:
                        vals[name] = field.convert_to_write(record[name], record)
                for role in ROLES:
                    records = self.env[model].with_user(self.users[role])
                    allowed = place in REACHED[ACCESS[model].get(role, {}).get("c")]
                    with self._sub(records, place=place):
                        if allowed:
                            with self.env.cr.savepoint() as savepoint:
                                self.assertTrue(records.create(vals))
                                savepoint.rollback()
                            self.env.invalidate_all()
                        else:
                            self._assert_refused(
                                lambda r=records, v=vals: r.create(v), UserError
                            )

    @mute_logger(*QUIET)
    def test_save_and_onchange(self):
        """The two calls of a form, with the id of what one may not open."""
        for record, allowed in self._walk("r"):
            if allowed:
                continue
            with self._sub(record):
                field = self._marked_field(record._name)
                vals = {field.name: "Saved"} if field else {"company_id": 1}
                shown = {name: {} for name in vals}
                for act in (
                    lambda r=record, v=vals, s=shown: r.web_save(v, s),
                    lambda r=record, v=vals, s=shown: r.onchange(v, list(v), s),
                    lambda r=record, s=shown: r.onchange({}, [], s),
                ):
                    self.assertNotIn("Zyx", self._try(act))
                if field and field.store and not field.related:
                    self.assertNotEqual(record.sudo()[field.name], "Saved")


@tagged("post_install", "-at_install", "security")
class TestBesideTheRecord(WaysCase):
    """What the host keeps beside a record: files, activities, messages, followers."""

    @mute_logger(*QUIET)
    def test_files(self):
        for record, allowed in self._walk():
            values = {
                "name": "Zyx.txt",
                "raw": b"Zyx",
                "res_model": record._name,
                "res_id": record.id,
            }
            kept = self.env["ir.attachment"].create(values)
            for user in self._who_tries(record):
                seen = allowed and user == record.env.user
                mine = kept.with_user(user)
                with self._sub(record.with_user(user), way="attachment"):
                    if seen:
                        self.assertEqual(mine.search([("id", "=", kept.id)]), mine)
                        self.assertTrue(mine.read(["name", "raw"]))
                        continue
                    there = [("res_model", "=", record._name)]
                    answer = self._try(lambda m=mine, d=there: m.search(d).ids)
                    self.assertNotIn(str(kept.id), answer)
                    self._assert_refused(lambda m=mine: m.read(["name"]))
                    self._assert_refused(lambda m=mine, v=values: m.create(v))
                    self._assert_refused(lambda m=mine: m.unlink())

    @mute_logger(*QUIET)
    def test_activities(self):
        kind = self.env.ref("mail.mail_activity_data_todo")
        for record, allowed in self._walk():
            values = {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "activity_type_id": kind.id,
                "summary": "Zyx",
            }
            for user in self._who_tries(record):
                if allowed and user == record.env.user:
                    continue
                activities = self.env["mail.activity"].with_user(user)
                with self._sub(record.with_user(user), way="activity"):
                    self._assert_refused(
                        lambda a=activities, v=values: a.create(v), UserError
                    )
            if "activity_ids" not in record._fields:
                continue
            kept = self._as_root(record).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self._assignee(record.sudo()).id,
                summary="Zyx",
            )
            mine = kept.with_user(record.env.user)
            if allowed:
                continue
            with self._sub(record, way="activity kept"):
                self.assertFalse(mine.search([("id", "=", kept.id)]))
                self._assert_refused(lambda m=mine: m.read(["summary"]))

    def _coordinator_of(self, record):
        if record.company_id != self.far_away:
            near = record.structure_id == self.north
            return self.coordinator if near else self.far_coordinator
        user = self.elsewhere_user
        if "coordinator" not in user.culture_role_ids.mapped("role"):
            self._role(
                user,
                "coordinator",
                record.structure_id,
                company_id=record.company_id.id,
            )
        return user

    def _assignee(self, record):
        if record._name == "culture.beneficiary":
            return record.referent_id.user_id
        if record._name == "culture.quota.review":
            return self._coordinator_of(record)
        if record.company_id == self.far_away:
            return self.elsewhere_user
        return self.administrator

    @mute_logger(*QUIET)
    def test_messages(self):
        for record, allowed in self._walk():
            values = {"model": record._name, "res_id": record.id, "body": "Zyx"}
            for user in self._who_tries(record):
                if allowed and user == record.env.user:
                    continue
                messages = self.env["mail.message"].with_user(user)
                with self._sub(record.with_user(user), way="message"):
                    self._assert_refused(
                        lambda m=messages, v=values: m.create(v), UserError
                    )
            if "message_ids" not in record._fields:
                continue
            kept = self._as_root(record).message_post(body="Zyx")
            for user in self._who_tries(record):
                seen = allowed and user == record.env.user
                mine = kept.with_user(user)
                with self._sub(record.with_user(user), way="message kept"):
                    self.assertEqual(bool(mine.search([("id", "=", kept.id)])), seen)
                    if seen:
                        self.assertIn("Zyx", mine.read(["body"])[0]["body"])
                        continue
                    self._assert_refused(lambda m=mine: m.read(["body"]))
                    post = record.with_user(user)
                    self._assert_refused(lambda p=post: p.message_post(body="y"))
                    self._assert_refused(lambda p=post: p.message_subscribe([1]))


@tagged("post_install", "-at_install", "security")
class TestCompanies(WaysCase):
    """A role in two companies: one sees what one has selected, and not the other."""

    walks = ("ACCESS",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator.company_ids += cls.far_away
        structure = cls.far_away.partner_id
        cls._role(cls.coordinator, "coordinator", structure, company_id=cls.far_away.id)

    @mute_logger(*QUIET)
    def test_selected(self):
        both = (self.company | self.far_away).ids
        read = [
            m for m, rights in ACCESS.items() if "r" in rights.get("coordinator", {})
        ]
        for model in read:
            record = self.at(model, "coordinator", "elsewhere")
            record = record.with_user(self.coordinator)
            lawful = record.with_context(allowed_company_ids=both)
            with self._sub(record):
                self.assertEqual(lawful.search([("id", "=", record.id)]), lawful)
                self.assertTrue(lawful.read(["display_name"]))
                self.env.invalidate_all()
                narrow = record.with_context(allowed_company_ids=self.company.ids)
                self.assertFalse(narrow.search([("id", "=", record.id)]))
                self._assert_refused(lambda n=narrow: n.read(["display_name"]))


@tagged("post_install", "-at_install", "security")
class TestAssistants(WaysCase):
    """Transient models: for their roles, and each row for who made it."""

    walks = ("ASSISTANTS",)

    @mute_logger(*QUIET)
    def test_who_opens_them(self):
        for model, roles in ASSISTANTS.items():
            for role in ROLES:
                records = self.env[model].with_user(self.users[role])
                with self._sub(records):
                    if role in roles:
                        self.assertFalse(records.search([]))
                        continue
                    self._assert_refused(lambda r=records: r.search([]))
                    self._assert_refused(lambda r=records: r.create({}))
            for user in self.outsiders:
                records = self.env[model].with_user(user)
                with self._sub(records):
                    self._assert_refused(lambda r=records: r.search([]))
                    self._assert_refused(lambda r=records: r.create({}))

    @mute_logger(*QUIET)
    def test_each_row_for_who_made_it(self):
        """Threat: a wizard of a colleague holds the names it suggests."""
        self.env.flush_all()
        for model, roles in ASSISTANTS.items():
            for role in roles:
                owner = self.users[role]
                other = self._user(f"other_{role}_{model}", role, self.north)
                row = self._made_by(model, owner)
                with self._sub(row.with_user(owner)):
                    found = row.with_user(owner).search([("id", "=", row.id)])
                    self.assertEqual(found.ids, row.ids)
                    self.assertTrue(row.with_user(owner).read(["create_date"]))
                theirs = row.with_user(other)
                with self._sub(theirs):
                    self.assertFalse(theirs.search([("id", "=", row.id)]))
                    self._assert_refused(lambda t=theirs: t.read(["create_date"]))
                    self._assert_refused(
                        lambda t=theirs, u=other: t.write({"create_uid": u.id})
                    )
                    self._assert_refused(lambda t=theirs: t.unlink())


@tagged("post_install", "-at_install", "security")
class TestRestrictedFields(WaysCase):
    """Each field with groups, for each role and for who has none, by each way."""

    walks = ("RESTRICTED_FIELDS",)

    def _lines(self):
        for model, lines in RESTRICTED_FIELDS.items():
            models = [model, "res.users"] if model == "res.partner" else [model]
            for name in models:
                for field, roles in lines.items():
                    if (
                        name != model
                        and field in RESTRICTED_FIELDS["res.users"]
                        or field not in self.env[name]._fields
                    ):
                        continue
                    yield name, field, roles

    def _record(self, model, role):
        """Something of the model that the user reads."""
        if model in ACCESS:
            return self.at(model, role, "own") if role in ROLES else None
        if model == "res.users":
            return self.users.get(role, self.stranger)
        if model == "res.company":
            return self.company
        if model == "crm.lead":
            user = self.users.get(role, self.stranger)
            return self.env[model].create({"name": "Lead", "user_id": user.id})
        if model == "calendar.event":
            outing = self.outings["own"]
            outing._put_entries(self.referent)
            return outing._calendar_entries()[:1].with_env(self.env)
        return self.venue

    @mute_logger(*QUIET)
    def test_for_whom(self):
        salesman = self.env.ref("sales_team.group_sale_salesman")
        for user in (*self.users.values(), self.stranger):
            user.group_ids += salesman
        for model, field, roles in self._lines():
            for role in (*ROLES, "stranger"):
                record = self._record(model, role)
                user = self.users.get(role, self.stranger)
                if record is None or not record.with_user(user).has_access("read"):
                    shown = self.env[model].with_user(user).fields_get([field])
                    self.assertEqual(field in shown, role in roles)
                    continue
                with self._sub(record.with_user(user), field=field):
                    self._check_field(record.with_user(user), field, role in roles)

    def _check_field(self, record, name, allowed):
        self.env.invalidate_all()
        field = record._fields[name]
        self.assertEqual(name in record.fields_get([name]), allowed)
        ways = [
            lambda: record.read([name]),
            lambda: record.export_data([name]),
        ]
        if field._description_searchable and field.type != "json":
            # of a required link, the host knows that "!=" False is always true
            asked = [(name, "in", [1])] if field.relational else [(name, "!=", False)]
            ways.append(lambda: record.search(asked, limit=1))
        if field.type == "many2one":
            dotted = [(f"{name}.id", ">", 0)]
            ways.append(lambda: record.search(dotted, limit=1))
        if field._description_groupable(record.env):
            by = f"{name}:month" if field.type == "datetime" else name
            ways.append(lambda: record.formatted_read_group([], [by], ["__count"]))
        if field._description_sortable(record.env):
            ways.append(lambda: record.search([], order=name, limit=1))
        for number, act in enumerate(ways):
            with self.subTest(way=number):
                if allowed:
                    act()
                else:
                    self._assert_refused(act)
        if allowed:
            return
        self._assert_refused(lambda: record.write({name: False}), UserError)
        answer = self._try(lambda: record.web_read({name: {}}))
        self.assertRegex(answer, "access|open to you|rights")
