-- Persons, outings, registrations and accesses, in bulk; persons: a multiple of 2000.
-- rules.py has made the structures and the users; it fills bench_structure (number 0 to
-- 39) and bench_referent (structure, slot 0 to 4, user, card) before.
-- In a structure, the n-th person is followed by the referent of slot 5 n / size.
CREATE TEMP TABLE bench_person AS
SELECT i, i %% 40 AS structure, (i / 40) / (%(people)s / 200) AS slot, i / 40 AS n
  FROM generate_series(0, %(people)s - 1) i;

INSERT INTO culture_beneficiary
       (id, reference, last_name, first_name, structure_id, company_id, referent_id,
        channel, stage, active, create_uid, write_uid, create_date, write_date)
SELECT i + 1, 'B' || i, 'Name ' || md5(i::text), 'First', s.partner_id, 1, f.card_id,
       'call', 'accompanied', TRUE, 1, 1, now(), now()
  FROM bench_person
  JOIN bench_structure s ON s.number = structure
  JOIN bench_referent f USING (structure, slot)
 ORDER BY i;

-- Two rows a person: who follows it, and who did until a year ago.
INSERT INTO culture_access
       (beneficiary_id, user_id, kind, date_start, date_end, company_id)
SELECT i + 1, f.user_id, 'referent', now() - span.begun, now() - span.ended, 1
  FROM bench_person p
 CROSS JOIN (VALUES (0, interval '1 year', NULL::interval),
                    (1, interval '3 years', interval '1 year')
            ) span (shift, begun, ended)
  JOIN bench_referent f
    ON f.structure = p.structure AND f.slot = (p.slot + span.shift) %% 5
 ORDER BY i;

-- 36 months, three of them to come; 100 registrations an outing, in its structure.
INSERT INTO culture_outing
       (id, name, user_id, structure_id, company_id, venue_id, date_mode, access_mode,
        date_begin, date_end, seats_max, seats_taken, seats_returned, seats_reused,
        state)
SELECT o + 1, 'Outing ' || o, 1, s.partner_id, 1, s.partner_id, 'fixed', 'guest_list',
       begun, begun + interval '3 hours', 200, 100, 0, 0,
       CASE WHEN begun < now() THEN 'done' ELSE 'published' END
  FROM generate_series(0, %(people)s / 10 - 1) o
 CROSS JOIN LATERAL (SELECT now()::timestamp(0) - interval '33 months'
                     + interval '36 months' * o / (%(people)s / 10)) dated (begun)
  JOIN bench_structure s ON s.number = (40 - o %% 40) %% 40;

INSERT INTO culture_registration
       (outing_id, beneficiary_id, adults, children, seats, booked_by_id, company_id,
        structure_id, referent_id, state, date_begin, date_end, create_uid, create_date)
SELECT o.id, i + 1, 1, 0, 1, f.user_id, 1, s.partner_id, f.card_id,
       (CASE WHEN o.date_begin < now()
             THEN (ARRAY['attended', 'attended', 'attended', 'attended', 'attended',
                        'attended', 'attended', 'absent', 'excused', 'cancelled'])
             ELSE (ARRAY['confirmed', 'confirmed', 'confirmed', 'confirmed', 'confirmed',
                        'confirmed', 'waiting', 'requested', 'offered', 'cancelled'])
       END)[1 + (hashint4(o.id * 31 + i) & 65535) %% 10],
       o.date_begin, o.date_end, f.user_id, o.date_begin - interval '1 month'
  FROM bench_person
 CROSS JOIN generate_series(0, 9) j
  JOIN culture_outing o
    ON o.id = 1 + (i::bigint * 7919 + j * (%(people)s / 100)) %% (%(people)s / 10)
  JOIN bench_structure s ON s.number = structure
  JOIN bench_referent f USING (structure, slot)
    -- the user with few lines: all of them old
 WHERE f.few IS FALSE OR o.id <= %(people)s / 100
 ORDER BY o.id, i;

SELECT setval(pg_get_serial_sequence(name, 'id'), %(people)s + 1)
  FROM unnest(ARRAY['culture_beneficiary', 'culture_outing']) name;
