"""What lists, graphs, counts and reads cost under the rules of rights.

Each thing is asked of Odoo as a user, by the method and with the fields of the list
that browsers call, and of PostgreSQL by hand-written SQL that looks up the same rights
and must find the same records: the program stops if an answer differs. Measures are
interleaved, each in a transaction of its own, with warm caches of process and database.

Run by scripts/benchmark, in a database of its own.
"""

import argparse
import re
import statistics
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import psycopg2
from lxml import etree
from psycopg2.extras import execute_values

import odoo.tools
from odoo import api
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor

HERE = Path(__file__).parent
CONTEXT = {"lang": "en_US", "tz": "Europe/Paris", "allowed_company_ids": [1]}
STRUCTURES, SLOTS = 40, 5
# who follows, and coordinates, which structures (and slots of persons in them)
USERS = {
    "referent of 0.5 %": ([(0, 0)], []),
    "referent of 5 %": ([(at, slot) for at in (1, 2) for slot in range(SLOTS)], []),
    "coordinator of 1 structure": ([], [3]),
    "both at once": ([(4, 0)], [5]),
    "referent, few old lines": ([(6, 0)], []),
}
FEW = (6, 0)
OPEN = ["requested", "waiting", "offered", "confirmed"]
TO_COME = [("state", "in", OPEN), ("date_end", ">=", "now")]
YEAR = [("date_begin", ">=", "-12m"), ("date_begin", "<", "now")]
COMING = [("state", "in", ["draft", "published"]), ("date_begin", ">=", "today")]


# ---------------------------------------------------------------------------- data


def make_data(env, people):
    """Structures and users as an administrator makes them; the rest in SQL.

    :return: user ids by their name in USERS, and the user of the event module
    """
    partners = env["res.partner"].create(
        [
            {"name": f"Agency {number}", "is_culture_structure": True}
            | {"is_company": True, "parent_id": env.company.partner_id.id}
            for number in range(STRUCTURES)
        ]
    )
    holder = {at: name for name, (slots, _) in USERS.items() for at in slots}
    every = [(number, slot) for number in range(STRUCTURES) for slot in range(SLOTS)]
    names = list(dict.fromkeys([*USERS, *(holder.get(at, str(at)) for at in every)]))
    users = env["res.users"].create(
        [
            {"name": name, "login": name, "group_ids": env.ref("base.group_user").ids}
            for name in [*names, "event"]
        ]
    )
    users[-1].group_ids += env.ref("event.group_event_user")
    ids = dict(zip(names, users.ids, strict=False))
    held = {(ids[holder.get(at, str(at))], "referent", at[0]) for at in every}
    for name, (_, coordinated) in USERS.items():
        held |= {(ids[name], "coordinator", number) for number in coordinated}
    env["culture.role"].create(
        [
            {"user_id": user, "role": role, "date_start": "2020-01-01"}
            | {"partner_id": partners[number].id}
            for user, role, number in sorted(held)
        ]
    )
    env.flush_all()
    cards = {card.user_id.id: card.id for card in env["culture.referent"].search([])}
    cr = env.cr._obj
    cr.execute(
        "CREATE TEMP TABLE bench_structure (number int, partner_id int);"
        "CREATE TEMP TABLE bench_referent"
        " (structure int, slot int, user_id int, card_id int, few bool)"
    )
    execute_values(
        cr, "INSERT INTO bench_structure VALUES %s", list(enumerate(partners.ids))
    )
    followed = [(at, ids[holder.get(at, str(at))]) for at in every]
    execute_values(
        cr,
        "INSERT INTO bench_referent VALUES %s",
        [(*at, user, cards[user], at == FEW) for at, user in followed],
    )
    cr.execute((HERE / "data.sql").read_text(), {"people": people})
    cr.execute((HERE / "event.sql").read_text(), {"user": users[-1].id})
    return {name: ids[name] for name in USERS}, users[-1].id


# ------------------------------------------------------------------------ plain SQL

IN_FORCE = "{0}.date_start <= now() AND COALESCE({0}.date_end > now(), TRUE)"
RIGHTS = f"""
    SELECT ARRAY(SELECT a.beneficiary_id FROM culture_scope s
                   JOIN culture_beneficiary b ON b.structure_id = s.structure_id
                   JOIN culture_access a ON a.beneficiary_id = b.id
                  WHERE a.user_id = %(user)s AND {IN_FORCE.format("a")}
                    AND s.user_id = %(user)s AND {IN_FORCE.format("s")}
                    AND s.role = 'referent' AND a.kind <> 'break_glass'),
           ARRAY(SELECT s.structure_id FROM culture_scope s
                  WHERE s.user_id = %(user)s AND s.role = 'coordinator'
                    AND {IN_FORCE.format("s")})
"""
PAGE = """
    SELECT r.id, r.date_begin, o.name, b.last_name, b.first_name, r.seats, r.state,
           r.offer_expiry, booked.name
      FROM (SELECT * FROM culture_registration r WHERE {where} {order}) r
      JOIN culture_outing o ON o.id = r.outing_id
      JOIN res_users u ON u.id = r.booked_by_id
      JOIN res_partner booked ON booked.id = u.partner_id
      LEFT JOIN culture_beneficiary b ON b.id = r.beneficiary_id
     {order}
"""
BARE = "SELECT id FROM culture_registration r WHERE {where} ORDER BY id DESC LIMIT 81"
COUNT = "SELECT count(*) FROM culture_registration r WHERE {where}"
GRAPH = """
    SELECT date_trunc('month', timezone('Europe/Paris', timezone('UTC', date_begin))),
           state, sum(seats), count(*)
      FROM culture_registration r WHERE {where} GROUP BY 1, 2
"""
OPEN_SQL = (
    "r.state IN ('requested', 'waiting', 'offered', 'confirmed') AND date_end >= now()"
)
YEAR_SQL = "r.date_begin >= now() - interval '12 months' AND r.date_begin < now()"


def rights(cr, user):
    """A condition on registrations, with its parameters."""
    cr.execute(RIGHTS, {"user": user})
    [(people, structures)] = cr.fetchall()
    parts = []
    if people:
        hidden = len(people) <= 200 and not structures
        many = "ARRAY(SELECT unnest({0}))" if hidden else "{0}"
        many = many.format("%(people)s::int[]")
        parts.append(f"r.beneficiary_id = ANY({many})")
    if structures:
        parts.append("r.structure_id = ANY(%(structures)s)")
    where = f"({' OR '.join(parts) or 'FALSE'})"
    array = f"{{{','.join(map(str, people))}}}"
    return where, {"people": array, "structures": structures}


def rows(cr, text, values, **parts):
    cr.execute(text.format(**parts), values)
    return cr.fetchall()


def page_sql(order, also="TRUE"):
    def ask(cr, user, _ids):
        where, values = rights(cr, user)
        where = f"{where} AND {also}"
        page = rows(cr, PAGE, values, where=where, order=f"ORDER BY {order} LIMIT 81")
        return [row[0] for row in page[:80]]

    return ask


def bare_sql(cr, user, _ids):
    where, values = rights(cr, user)
    return [row[0] for row in rows(cr, BARE, values, where=where)[:80]]


def graph_sql(cr, user, _ids):
    where, values = rights(cr, user)
    groups = rows(cr, GRAPH, values, where=f"{where} AND {YEAR_SQL}")
    return sorted((group[2], group[3]) for group in groups)


def count_sql(cr, user, _ids):
    where, values = rights(cr, user)
    return rows(cr, COUNT, values, where=where)[0][0]


def read_sql(cr, user, ids):
    where, values = rights(cr, user)
    where += " AND r.id = ANY(%(ids)s)"
    return sorted(
        r[0] for r in rows(cr, PAGE, values | {"ids": ids}, where=where, order="")
    )


# ------------------------------------------------------------------------- Odoo's way


# what the host's widgets ask for beside their own field
ACTIVITY = ("exception_decoration", "exception_icon", "state", "summary", "type_icon")
WIDGETS = {
    "list_activity": [f"activity_{name}" for name in (*ACTIVITY, "type_id")],
    "kanban_activity": [f"activity_{name}" for name in (*ACTIVITY, "type_id")],
}


def view_spec(env, model, kind="list"):
    """The fields that the model's own view asks for, as browsers ask for them.

    Columns that are hidden until somebody ticks them are not asked for
    (static/src/lean_list).
    """
    arch = env[model].get_views([(False, kind)])["views"][kind]["arch"]
    names = {}
    for node in etree.fromstring(arch).iter("field"):
        if node.get("optional") != "hide":
            widget = node.get("widget")
            names[node.get("name")] = widget == "many2many_tags"
            names.update(dict.fromkeys(WIDGETS.get(widget, ()), False))
    spec = {}
    for name, named in names.items():
        named = named or env[model]._fields[name].type == "many2one"
        spec[name] = {"fields": {"display_name": {}}} if named else {}
    return spec


def page(order, domain=(), limit=80, count_limit=81):
    def ask(lines, spec, _ids):
        answer = lines.web_search_read(
            list(domain), spec, limit=limit, order=order, count_limit=count_limit
        )
        return [record["id"] for record in answer["records"]]

    return ask


def columns(lines, spec, _ids):
    return lines.with_context(bin_size=True).web_read_group(
        [],
        ["stage"],
        [],
        auto_unfold=True,
        unfold_read_specification=spec,
        unfold_read_default_limit=40,
    )["length"]


def graph(lines, _spec, _ids):
    groups = lines.formatted_read_group(
        YEAR, ["date_begin:month", "state"], ["seats:sum", "__count"]
    )
    return sorted((group["seats:sum"], group["__count"]) for group in groups)


def count(lines, _spec, _ids):
    return lines.search_count([])


def bare(lines, _spec, _ids):
    """The floor: the same rows found, and nothing of them shown."""
    return page("id desc")(lines, {"id": {}}, _ids)


def read(lines, spec, ids):
    return sorted(record["id"] for record in lines.browse(ids).web_read(spec))


class Work(NamedTuple):
    name: str
    odoo: callable
    sql: callable = None
    model: str = "culture.registration"
    view: str = "list"


WORKS = [
    Work("list of 80, newest first", page("id desc"), page_sql("id DESC")),
    Work("list of 80, by date", page("date_begin, id"), page_sql("date_begin, id")),
    Work(
        "list of 80, to come",
        page("date_begin, id", TO_COME),
        page_sql("date_begin, id", OPEN_SQL),
    ),
    Work("graph of 12 months", graph, graph_sql),
    Work("count", count, count_sql),
    Work("read 80 by id", read, read_sql),
    Work("80 bare ids, newest first", bare, bare_sql),
]
# their lists have no counterpart in SQL; the last two columns stay empty
OTHERS = [
    Work("list of people", page(None, (), 80, 1001), model="culture.beneficiary"),
    Work("people by stage", columns, model="culture.beneficiary", view="kanban"),
    Work("list of outings", page("date_begin, id"), model="culture.outing"),
    Work(
        "outings to come",
        page("date_begin, id", COMING, 40, 10001),
        model="culture.outing",
        view="kanban",
    ),
]
EVENTS = [Work("list of 80", page(None), model="event.registration")]


# -------------------------------------------------------------------------- measures


class Bench:
    def __init__(self, registry, connection):
        self.registry = registry
        self.connection = connection
        self.specs = {}
        self.ids = {}

    def ask_odoo(self, work, user):
        """As a request does: a transaction, an environment, a call.

        :return: seconds, number of SQL queries, answer
        """
        with self.registry.cursor() as cr:
            begun = time.perf_counter()
            records = api.Environment(cr, user, CONTEXT)[work.model]
            spec = self.specs[user, work.model, work.view]
            answer = work.odoo(records, spec, self.ids.get(user))
            return time.perf_counter() - begun, cr.sql_log_count, answer

    def ask_sql(self, work, user):
        with self.connection, self.connection.cursor() as cr:
            begun = time.perf_counter()
            answer = work.sql(cr, user, self.ids[user])
            return time.perf_counter() - begun, answer

    def prepare(self, user, works):
        """Read views and, once, the ids that are read later."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, user, CONTEXT)
            for model, kind in {(work.model, work.view) for work in works}:
                self.specs[user, model, kind] = view_spec(env, model, kind)
            if works is not EVENTS:
                self.ids[user] = env["culture.registration"].search([], limit=80).ids

    def measure(self, users, event_user, rounds):
        """:return: for each user and work: medians in ms and number of queries"""
        taken = defaultdict(list)
        asked = [(n, user, w) for n, user in users.items() for w in WORKS + OTHERS]
        asked += [("event's own list", event_user, work) for work in EVENTS]
        for number in range(-2, rounds):  # two to warm up
            for name, user, work in asked:
                ours, queries, answer = self.ask_odoo(work, user)
                plain = None
                if work.sql:
                    plain, expected = self.ask_sql(work, user)
                    if answer != expected:
                        raise SystemExit(f"{name}, {work.name}: answers differ")
                if number >= 0:
                    taken[name, work.name].append((ours, plain, queries))
        return taken

    def plans(self, users, folder):
        """Write the plans of each user's list and graph."""
        folder.mkdir(exist_ok=True)
        for name, user in users.items():
            parts = []
            for work in WORKS[:4]:
                for plan in self.explain(work, user):
                    parts.append(f"-- {work.name}\n{plan}\n")
            file = folder / f"{re.sub('[^a-z0-9]+', '-', name).strip('-')}.txt"
            file.write_text("\n".join(parts))

    def explain(self, work, user):
        asked = []
        execute = Cursor.execute

        def remember(cr, query, params=None, log_exceptions=True):
            text = cr._obj.mogrify(
                *(
                    (query.code, query.params)
                    if hasattr(query, "code")
                    else (query, params)
                )
            ).decode()
            if 'FROM "culture_registration"' in text and text not in asked:
                asked.append(text)
            return execute(cr, query, params, log_exceptions)

        with patch.object(Cursor, "execute", remember):
            self.ask_odoo(work, user)
        with self.connection, self.connection.cursor() as cr:
            for text in asked:
                cr.execute("EXPLAIN (ANALYZE, BUFFERS) " + text.replace("%", "%%"))
                plan = "\n".join(line for (line,) in cr.fetchall())
                yield re.sub(r"\{[\d,]{60,}\}", "{...}", plan)


def table(taken):
    yield "| user | work | Odoo, ms | fastest | queries | SQL, ms | fastest | ratio |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for (user, work), times in taken.items():
        ours, plain, queries = zip(*times, strict=True)
        cells = [user, work, *median_and_least(ours), str(max(queries))]
        if plain[0] is None:
            cells += [""] * 3
        else:
            ratio = statistics.median(ours) / statistics.median(plain)
            cells += [*median_and_least(plain), f"{ratio:.1f}"]
        yield f"| {' | '.join(cells)} |"


def median_and_least(seconds):
    return (f"{f(seconds) * 1000:.1f}" for f in (statistics.median, min))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--config", required=True, help="Odoo's configuration")
    parser.add_argument("--database", required=True, help="with the addon and event")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--plans", type=Path, help="folder to write plans to")
    options = parser.parse_args()
    if options.people % 2000:
        parser.error("--people: a multiple of 2000")
    odoo.tools.config.parse_config(
        ["-c", options.config, "-d", options.database, "--log-level", "warn"]
    )
    registry = Registry(options.database)
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})
        users, event_user = make_data(env, options.people)
    # joins are written in their best order: nothing to think about for the planner
    connection = psycopg2.connect(
        dbname=options.database, options="-c join_collapse_limit=1"
    )
    connection.autocommit = True
    with connection.cursor() as cr:
        cr.execute("VACUUM ANALYZE")
    connection.autocommit = False
    bench = Bench(registry, connection)
    for user in users.values():
        bench.prepare(user, WORKS + OTHERS)
    bench.prepare(event_user, EVENTS)
    taken = bench.measure(users, event_user, options.rounds)
    print("\n".join(table(taken)))
    if options.plans:
        bench.plans(users, options.plans)


if __name__ == "__main__":
    main()
