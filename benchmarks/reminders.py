#!/usr/bin/env python3
"""What finding the reminders that are due costs, beside writing the same rows at once.

Makes persons with a confirmed place each, none told yet, in a database of its own (it
commits); runs the job's own statement batch by batch until nothing is due, once more
when nothing is left, and inserts the same rows by one plain statement of psycopg2.

    benchmarks/reminders.py --config odoo.conf --database COPY --count 100000
"""

import argparse
import resource
import time
from datetime import timedelta

import psycopg2

import odoo.tools
from odoo import api, fields
from odoo.modules.registry import Registry

DATA = """
INSERT INTO culture_beneficiary
       (reference, last_name, structure_id, company_id, channel, stage, active)
SELECT 'R' || i, 'Bench', c.partner_id, c.id, 'sms', 'accompanied', TRUE
  FROM generate_series(1, %(count)s) i, res_company c WHERE c.id = 1;

INSERT INTO culture_registration
       (outing_id, beneficiary_id, adults, children, seats, booked_by_id, company_id,
        structure_id, state, date_begin, date_end)
SELECT o.id, p.id, 1, 0, 1, 1, 1, p.structure_id, 'confirmed', o.date_begin, o.date_end
  FROM (SELECT *, row_number() OVER (ORDER BY id) - 1 AS n
          FROM culture_beneficiary WHERE last_name = 'Bench') p
  JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS n
          FROM culture_outing WHERE name = 'Bench') o ON o.n = p.n / 1000;

INSERT INTO culture_registration_log
       (registration_id, date, user_id, state_to, company_id)
SELECT line.id, now(), 1, 'confirmed', 1
  FROM culture_registration line JOIN culture_outing o ON o.id = line.outing_id
 WHERE o.name = 'Bench';

UPDATE culture_sending SET since = now() - interval '1 day';
"""

RAW = """
INSERT INTO culture_reminder
       (registration_id, kind, outing_date, version, date_told, beneficiary_id,
        structure_id, company_id, outing_id, state, to_tell, due_date, create_uid,
        create_date, write_uid, write_date)
SELECT line.id, 'confirmation', line.date_begin, 0, line.date_begin,
       line.beneficiary_id, line.structure_id, line.company_id, line.outing_id,
       'to_send', FALSE, now(), 1, now(), 1, now()
  FROM culture_registration line JOIN culture_outing o ON o.id = line.outing_id
 WHERE o.name = 'Bench';
"""


def make_outings(env, count):
    outings = env["culture.outing"].create(
        [
            {
                "name": "Bench",
                "structure_id": env.company.partner_id.id,
                "venue_id": env.company.partner_id.id,
                "date_begin": fields.Datetime.now() + timedelta(days=30),
                "seats_max": 1000,
            }
            for __ in range(count // 1000 + 1)
        ]
    )
    outings.action_publish()


def timed(act):
    begun = time.perf_counter()
    answer = act()
    return answer, time.perf_counter() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--config", required=True, help="Odoo's configuration")
    parser.add_argument("--database", required=True, help="with the addon; written to")
    parser.add_argument("--count", type=int, default=100_000)
    options = parser.parse_args()
    odoo.tools.config.parse_config(
        ["-c", options.config, "-d", options.database, "--log-level", "warn"]
    )
    registry = Registry(options.database)
    with registry.cursor() as cr:
        make_outings(api.Environment(cr, api.SUPERUSER_ID, {}), options.count)
    connection = psycopg2.connect(dbname=options.database)
    connection.autocommit = True
    raw = connection.cursor()
    raw.execute(DATA, {"count": options.count})
    raw.execute("VACUUM ANALYZE")
    __, plain = timed(lambda: raw.execute(RAW))
    raw.execute("DELETE FROM culture_reminder")
    raw.execute("VACUUM culture_reminder")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        sending = env["culture.sending"].search([("company_id", "=", 1)])
        reminders = env["culture.reminder"]
        __, taken = timed(lambda: reminders._find_all(sending))
        __, again = timed(lambda: reminders._find_all(sending))
        found = reminders.search_count([])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{found} found in {taken:.1f} s, {taken / plain:.1f}x the plain INSERT"
        f" ({plain:.1f} s); again, with nothing due: {again:.1f} s; {grown:.0f} MB more"
        " at the peak"
    )


if __name__ == "__main__":
    main()
