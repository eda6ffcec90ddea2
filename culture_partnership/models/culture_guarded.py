import logging
from contextlib import contextmanager
from functools import cache, partial

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import SQL

from .culture_links import link_id

_logger = logging.getLogger(__name__)

MOST_TRIES = 50
"""Each try waits for the transaction that won: some clients at once need some."""

CONTACT_NAME = (
    "name",
    "company_name",
    "commercial_company_name",
    "is_company",
    "parent_id",
    "type",
)
"""What the host makes a contact's name of."""

LET_THROUGH = "culture_let_through"

CAN_BE_EMPTY = frozenset(
    {"char", "text", "html", "date", "datetime", "many2one", "selection", "reference"}
)

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


READ_AS = {"date": fields.Date.to_date, "datetime": fields.Datetime.to_datetime}


def plain_cell(value):
    """A cell as text, whatever a spreadsheet would make of its first character.

    :param value: cell of an export
    :return: the same, an apostrophe before what would start a formula
    """
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


class CultureGuarded(models.AbstractModel):
    """What every model with rights per partner has in common.

    Two doors that record rules leave open are closed here: an absent record
    answers like a forbidden one, so that nobody learns by an id which files
    exist, and a record cannot be moved toward a target that its writer has no
    access to (rules look at the value before the change only).
    """

    _name = "culture.guarded"
    _inherit = ["culture.links"]
    _description = "Guarded by roles per partner"

    _any_structure_for = frozenset()
    """Roles whose records may belong to any structure of their company."""

    def _field_label(self, name):
        return self._fields[name]._description_string(self.env)

    def _missing_error(self, name):
        """What is left empty, named before PostgreSQL refuses it with the row."""
        return UserError(
            self.env._("%(field)s: fill it in.", field=self._field_label(name))
        )

    def _refuse_given(self, names, vals_list):
        """Refuse what the application fills, from whoever is not the application.

        :param names: set of field names
        :raise AccessError: naming those that are given
        """
        given = names & {name for vals in vals_list for name in vals}
        if given and not self.env.su:
            labels = ", ".join(sorted(map(self._field_label, given)))
            raise AccessError(
                self.env._(
                    "%(fields)s: this is filled by the application.", fields=labels
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_days(vals_list)
        return super().create([self._without_formula(vals) for vals in vals_list])

    def write(self, vals):
        if "company_id" in vals and not self.env.su:
            raise AccessError(self.env._("A record does not change company."))
        self._check_days([vals])
        self._check_filled(vals.keys() & self._needed(), [vals])
        return super().write(self._without_formula(vals))

    @api.model
    def _create(self, data_list):
        # here, with what defaults and computations gave
        self._check_filled(self._needed(), [data["stored"] for data in data_list])
        return super()._create(data_list)

    @api.model
    def _needed(self):
        """Columns that must have a value; 0 and no are values."""
        return {
            name
            for name, field in self._fields.items()
            if field.required and field.store and field.type in CAN_BE_EMPTY
        }

    @api.model
    def _check_filled(self, names, rows):
        for row in rows:
            for name in names:
                value = row.get(name)
                if not (value.strip() if isinstance(value, str) else value):
                    raise self._missing_error(name)

    @api.model
    def _check_days(self, vals_list):
        """Name the field whose day nobody can read, where the host tells its code."""
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if not value or not field or field.type not in READ_AS:
                    continue
                try:
                    READ_AS[field.type](value)
                except (TypeError, ValueError) as error:
                    label = self._field_label(name)
                    raise UserError(
                        self.env._(
                            "%(field)s: write a day such as 2026-03-12.", field=label
                        )
                    ) from error

    def export_data(self, fields_to_export):
        """The host's export, whose cells no spreadsheet takes for a formula.

        :param fields_to_export: field paths
        :return: dict with ``datas``
        """
        result = super().export_data(fields_to_export)
        result["datas"] = [
            [plain_cell(cell) for cell in row] for row in result["datas"]
        ]
        return result

    def _without_formula(self, vals):
        """Texts may head the groups of an export, where no cell is escaped."""
        texts = {
            name
            for name, value in vals.items()
            if isinstance(value, str)
            and name in self._fields
            and self._fields[name].type == "char"
        }
        return {**vals, **{name: vals[name].lstrip("= \t\r\n") for name in texts}}

    def _first_reader(self, users):
        """Who is told of this record: the first of them who reads it now.

        :param users: ``res.users``
        :return: one of them, or none
        """
        for user in users.filtered("active"):
            if self.with_user(user).has_access("read"):
                return user
        return users.browse()

    def _lock_quietly(self):
        """Let two acts on the same records follow each other.

        Two transactions do not see what the other writes; a row that both update makes
        the second one fail, and the host runs it again: that is no error to log.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET write_date = write_date"
                " WHERE id IN (SELECT id FROM %(table)s"
                "               WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE)",
                table=SQL.identifier(self._table),
                ids=self.ids,
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(flush=False)

    def _at_once(self, act):
        """Run `act`; when another transaction won, run it again on a fresh view.

        The host waits a random second before it retries a whole request; a seat is
        asked for, a visit counted, by many at the same minute. Rolling back loses
        nothing as long as this transaction has written nothing before: PostgreSQL
        tells.

        :param act: function without argument; writes, and returns ids
        :return: what `act` returns
        """
        cr = self.env.cr
        self.env.flush_all()
        cr.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        untouched = cr.fetchone()[0]
        for attempt in range(MOST_TRIES if untouched else 1):
            try:
                result = act()
                self.env.flush_all()
                return result
            except SerializationFailure:
                if not untouched or attempt == MOST_TRIES - 1:
                    raise
                _logger.debug("%s moved meanwhile: try %s", self._name, attempt + 2)
                cr.rollback()
                self.env.transaction.reset()
        return None

    @api.model
    def _guard_columns(self):
        """Columns by which it is decided who may read: they are read along.

        :return: list of field names; ``company_id`` is required, what has no value
            of it once fetched is absent
        """
        return ["company_id"]

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """The host's, whose rules are asked once.

        :param count_limit: what is counted up to; one more than the end of the page
            asks only whether there is another page, which one line more answers
        :return: dict with ``length`` and ``records``
        """
        force = self.env.context.get("force_search_count")
        one_more = bool(limit) and not force and count_limit == offset + limit + 1
        asked = limit + 1 if one_more else limit
        found = self.search_fetch(domain, list(specification), offset, asked, order)
        shown = found[:limit].with_prefetch() if one_more else found
        shown._fetch_linked_names(specification)
        with shown._let_through():
            records = shown.web_read(specification)
        if one_more:
            return {"length": offset + len(found) if found else 0, "records": records}
        return self._format_web_search_read_results(
            domain, records, offset, limit, count_limit
        )

    @api.model
    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        """The host's, each month named once and not for each of its states."""
        return cache(super()._web_read_group_groupby_formatter(groupby_spec, values))

    def _fetch_linked_names(self, specification):
        """What names users and contacts: the host reads each of their columns.

        sudo: so the host names what is at the end of a link. Of columns only, read
        just before: what is computed is not computed as superuser.
        """
        links = {"res.users": set(), "res.partner": set()}
        for name in specification:
            field = self._fields.get(name)
            if field and field.column_type and field.store:
                if field.comodel_name in links:
                    links[field.comodel_name].update(self.sudo()[name]._ids)
        users = self.env["res.users"].sudo().browse(links["res.users"])
        users.fetch(["partner_id"])
        contacts = users.partner_id.browse(links["res.partner"]) | users.partner_id
        contacts.fetch(CONTACT_NAME)

    # ------------------------------------------------- once found, not asked again

    @contextmanager
    def _let_through(self):
        """While a list is read: the rules that found its records are not asked again.

        Only for the user and companies that searched, only for reading, and only
        until the list is read: nothing in between changes a right. What a superuser
        found, no rule has found.
        """
        memo = self.env.cr.cache
        memo[LET_THROUGH] = {self._reader(): set(() if self.env.su else self._ids)}
        try:
            yield
        finally:
            memo.pop(LET_THROUGH, None)

    def _reader(self):
        companies = self.env.context.get("allowed_company_ids") or ()
        return self._name, self.env.uid, tuple(companies)

    @api.model
    @api.private
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        if field_names and not self.env.su:
            field_names = [*field_names, *self._guard_columns()]
        return super().search_fetch(domain, field_names, offset, limit, order)

    def fetch(self, field_names=None):
        if self.env.su or not (field_names is None or field_names):
            return super().fetch(field_names)
        if field_names is not None:
            field_names = [*field_names, *self._guard_columns()]
        super().fetch(field_names)
        absent = self._origin._absent()
        if absent:
            raise self.env["ir.rule"]._make_access_error("read", absent)
        through = self.env.cr.cache.get(LET_THROUGH)
        if through is not None:
            through.setdefault(self._reader(), set()).update(self._origin._ids)

    def _check_access(self, operation):
        through = self.env.cr.cache.get(LET_THROUGH)
        if through and operation == "read" and any(self._ids):
            if through.get(self._reader(), set()).issuperset(self._ids):
                return None
        try:
            return super()._check_access(operation)
        except MissingError:
            absent = self - self.sudo().exists()
            error = self.env["ir.rule"]._make_access_error
            return absent, partial(error, operation, absent)

    def _absent(self):
        return self.browse(self._fields["company_id"]._cache_missing_ids(self))

    def _check_links(self, vals_list):
        if "structure_id" in self._fields and not self.env.su:
            self._check_structures(
                {
                    link_id(vals["structure_id"])
                    for vals in vals_list
                    if vals.get("structure_id")
                }
            )
        return super()._check_links(vals_list)

    def _check_structures(self, structure_ids):
        """Refuse structures that no role of the user covers."""
        roles = self.env["culture.role"]
        if not structure_ids or self._any_structure_for & roles._roles_in_force():
            return
        if structure_ids - set(roles._structures().ids):
            raise roles._out_of_scope_error()
