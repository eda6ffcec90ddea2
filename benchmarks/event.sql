-- As many registrations of Odoo's own event module, on as many events as outings.
INSERT INTO event_event
       (id, name, user_id, organizer_id, company_id, stage_id, date_tz, date_begin,
        date_end, seats_max, badge_format, seats_limited, active, create_uid,
        create_date)
SELECT o.id, jsonb_build_object('en_US', o.name), %(user)s, o.structure_id, 1,
       (SELECT min(id) FROM event_stage), 'Europe/Paris', o.date_begin, o.date_end,
       o.seats_max, 'A6', FALSE, TRUE, 1, now()
  FROM culture_outing o;

INSERT INTO event_registration
       (event_id, partner_id, name, email, state, company_id, active, barcode,
        create_uid, create_date)
SELECT outing_id, structure_id, 'Name ' || beneficiary_id, 'a' || id || '@example.com',
       CASE WHEN state = 'cancelled' THEN 'cancel' WHEN state = 'attended' THEN 'done'
            ELSE 'open' END,
       1, TRUE, 'bench' || id, 1, create_date
  FROM culture_registration
 ORDER BY id;
