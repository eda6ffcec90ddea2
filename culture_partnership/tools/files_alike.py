from collections import defaultdict
from typing import NamedTuple

from odoo.tools import SQL
from odoo.tools.misc import remove_accents

from .texts import key
from .values import phone_key

MOST_TRIES = 3
"""Dates of birth of one name after which a file is a guess, not a list."""
NAMED, CALLED, WRITTEN, UNDATED = range(4)
"""Why a line looks like a file, the strongest reason first."""


class Known(NamedTuple):
    """What is compared of an existing file."""

    id: int
    names: frozenset
    birth_date: object
    phone: str
    email: str
    structure_id: int


class FilesAlike:
    """Existing files that the lines of a list, or what is typed, look like.

    Within the user's reach: same name and date of birth, phone or e-mail. Beyond
    it nothing is compared but the name with the date of birth, and nothing is told
    but whom to ask.
    """

    def __init__(self, env, company):
        """:param company: the ``res.company`` of the import"""
        self.env = env
        self.company = company

    def within_reach(self, rows):
        """Files within reach that the lines look like.

        :return: dict of ``id(row)`` to list of ``(reason, Known)``
        """
        known = self._known_in_reach(rows)
        by_name, by_phone, by_email = (defaultdict(list) for __ in range(3))
        for person in known:
            for name in person.names:
                by_name[name].append(person)
            if person.phone:
                by_phone[person.phone].append(person)
            if person.email:
                by_email[person.email].append(person)
        found = {}
        for row in rows:
            mine = {}
            for person in by_name.get(names_of(row), ()):
                reason = self._same_person(row, person)
                if reason is not None:
                    mine.setdefault(person, reason)
            for person in by_phone.get(phone_key(row["phone"]), ()):
                mine.setdefault(person, CALLED)
            for person in by_email.get((row["email"] or "").lower(), ()):
                mine.setdefault(person, WRITTEN)
            if mine:
                found[id(row)] = [(reason, person) for person, reason in mine.items()]
        return found

    @staticmethod
    def _same_person(row, person):
        """Why a file of the same name may be the same person's, or None."""
        if row["birth_date"] and person.birth_date:
            return NAMED if row["birth_date"] == person.birth_date else None
        return UNDATED

    def _known_in_reach(self, rows):
        """Files that the importer may read and that share something with a line."""
        files = self.env["culture.beneficiary"].with_context(active_test=False)
        query = files._search([("company_id", "=", self.company.id)])
        columns = _Columns(files, query)
        names = {folded(row["last_name"] or row["first_name"]) for row in rows} - {""}
        undated = {
            folded(row["last_name"] or row["first_name"])
            for row in rows
            if not row["birth_date"]
        } - {""}
        query.add_where(
            SQL(
                "(%s = ANY(%s) OR %s = ANY(%s) OR %s = ANY(%s)"
                " OR %s = ANY(%s) OR %s IS NULL AND %s = ANY(%s))",
                columns.birth_date,
                sorted({row["birth_date"] for row in rows} - {False, None}),
                columns.phone,
                sorted({phone_key(row["phone"]) for row in rows} - {""}),
                columns.email,
                sorted({(row["email"] or "").lower() for row in rows} - {""}),
                columns.folded_name,
                sorted(undated),
                columns.birth_date,
                columns.folded_name,
                sorted(names),
            )
        )
        return columns.people()

    def elsewhere(self, rows, matches):
        """Whom to ask about files that the user may not see.

        Only where name and date of birth are the same; a list that tries many dates
        for one name learns nothing.

        :return: dict of ``id(row)`` to the structure to ask, whose name and phone are
            all that may be told
        """
        tries = defaultdict(set)
        for row in rows:
            tries[names_of(row)].add(row["birth_date"])
        asked = {
            id(row): (names_of(row), row["birth_date"])
            for row in rows
            if row["birth_date"]
            and names_of(row)
            and len(tries[names_of(row)]) <= MOST_TRIES
            and not any(reason == NAMED for reason, __ in matches.get(id(row), ()))
        }
        if not asked:
            return {}
        hidden = self._known_elsewhere(
            {birth_date for __, birth_date in asked.values()}
        )
        structures = (
            self.env["res.partner"]
            .sudo()
            .browse({person.structure_id for person in hidden.values()})
        )
        structures.fetch(["name", "phone"])
        return {
            row_id: structures.browse(hidden[said].structure_id)
            for row_id, said in asked.items()
            if said in hidden
        }

    def _known_elsewhere(self, birth_dates):
        """sudo: files out of reach; only whom to ask leaves this class."""
        files = self.env["culture.beneficiary"].with_context(active_test=False)
        company = [("company_id", "=", self.company.id)]
        visible = files._search(company)
        everyone = files.sudo()
        query = everyone._search([*company, ("birth_date", "in", sorted(birth_dates))])
        query.add_where(
            SQL("%s NOT IN %s", SQL.identifier(query.table, "id"), visible.subselect())
        )
        return {
            (name, person.birth_date): person
            for person in _Columns(everyone, query).people()
            for name in person.names
        }


class _Columns:
    """The columns of files that are compared, in SQL as in Python."""

    def __init__(self, files, query):
        self.files, self.query = files, query

        def column(name):
            return files._field_to_sql(query.table, name, query)

        self.plain = [
            column(name)
            for name in ("id", "last_name", "first_name", "chosen_name", "birth_date")
        ]
        self.birth_date = column("birth_date")
        self.phone = SQL(
            r"right(regexp_replace(coalesce(%s, ''), '\D', '', 'g'), 9)",
            column("phone"),
        )
        self.email = SQL("lower(coalesce(%s, ''))", column("email"))
        self.structure = column("structure_id")
        name = SQL("coalesce(%s, %s)", column("last_name"), column("first_name"))
        self.folded_name = SQL("lower(%s)", files.env.registry.unaccent(name))

    def people(self):
        """:return: list of :class:`Known`"""
        rows = self.files.env.execute_query(
            self.query.select(*self.plain, self.phone, self.email, self.structure)
        )
        people = []
        for id_, last, first, chosen, birth_date, phone, email, structure in rows:
            names = {_pair(last, first)}
            if chosen:
                names.add(_pair(last, chosen))
            names.discard(())
            person = Known(
                id_, frozenset(names), birth_date, phone, email.strip(), structure
            )
            people.append(person)
        return people


def _pair(last_name, first_name):
    """Both names whichever column they are in; nothing when one is missing alone."""
    return tuple(sorted(filter(None, (key(last_name), key(first_name)))))


def names_of(row):
    """The names of a line, to be compared with those of a file.

    :return: tuple of keys, empty when there is no name
    """
    return _pair(row["last_name"], row["first_name"] or row["chosen_name"])


def folded(name):
    """A name as PostgreSQL folds it.

    :return: text in small letters without accents
    """
    return remove_accents(name or "").lower().strip()
