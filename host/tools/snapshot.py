"""What a database holds of the addon, and whether an update lost any of it.

usage: snapshot.py take DATABASE FILE
       snapshot.py lost BEFORE AFTER      rows, values or constraints that are gone
       snapshot.py differ UPDATED FRESH   an updated schema is not a new one's
"""

import json
import sys
from pathlib import Path

import psycopg2

# An update may touch these, and only these, in a row that it keeps.
BOOKKEEPING = {"id", "write_date", "write_uid"}

TABLES = """
    SELECT relname FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND relname LIKE 'culture\\_%'
"""
COLUMNS = """
    SELECT relname || '.' || attname,
           format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' NOT NULL' END
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'v')
       AND relnamespace = 'public'::regnamespace AND relname LIKE 'culture\\_%'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass || ': ' || conname, pg_get_constraintdef(oid)
      FROM pg_constraint
     WHERE conrelid::regclass::text LIKE 'culture\\_%'
"""
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
     WHERE schemaname = 'public' AND tablename LIKE 'culture\\_%'
"""


def take(database):
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
        schema = {}
        for kind, query in (
            ("column", COLUMNS),
            ("constraint", CONSTRAINTS),
            ("index", INDEXES),
        ):
            cr.execute(query)
            schema |= {f"{kind} {name}": text for name, text in cr.fetchall()}
        cr.execute(TABLES)
        tables = [name for (name,) in cr.fetchall()]
        return {"schema": schema, "rows": {name: rows(cr, name) for name in tables}}


def rows(cr, table):
    cr.execute(f'SELECT to_jsonb(t) FROM "{table}" t')
    found = [row for (row,) in cr.fetchall()]
    # A table of links has no id: the row is its own name.
    return {str(row.get("id") or json.dumps(row, sort_keys=True)): row for row in found}


def lost(before, after):
    if not any(before["rows"].values()):
        yield "there was nothing to lose: no demonstration data?"
    for name in before["schema"].keys() - after["schema"].keys():
        if name.startswith("constraint"):
            yield f"lost: {name}"
    for table, old_rows in before["rows"].items():
        new_rows = after["rows"].get(table, {})
        for key, old in old_rows.items():
            new = new_rows.get(key)
            if new is None:
                yield f"lost: {table} {key}"
                continue
            for column in old.keys() & new.keys() - BOOKKEEPING:
                was, now = old[column], new[column]
                if was != now:
                    yield f"changed: {table} {key} {column}: {was!r} -> {now!r}"


def differ(updated, fresh):
    old, new = updated["schema"], fresh["schema"]
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield f"{name}: updated {old.get(name)!r}, new {new.get(name)!r}"


def main(action, first, second):
    if action == "take":
        snapshot = take(first)
        Path(second).write_text(json.dumps(snapshot), encoding="utf-8")
        count = sum(map(len, snapshot["rows"].values()))
        print(f"{first}: {count} rows in {len(snapshot['rows'])} tables")
        return 0
    compare = {"lost": lost, "differ": differ}[action]
    snapshots = [json.loads(Path(path).read_text("utf-8")) for path in (first, second)]
    problems = sorted(compare(*snapshots))
    print(*problems[:200], sep="\n", end="\n" if problems else "")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
