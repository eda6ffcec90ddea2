"""I3 at the same moment: a freed place goes to one, the first, and once."""

import pytest
from conftest import RpcError
from storm import storm
from test_seats import taken

WAITING = 6
SEATS = 4

ROWS = """
    SELECT line.id, line.state FROM culture_registration line
     WHERE line.outing_id = %s ORDER BY line.id
"""
OFFERS = """
    SELECT log.registration_id, count(*) FROM culture_registration_log log
      JOIN culture_registration line ON line.id = log.registration_id
     WHERE line.outing_id = %s AND log.state_to = 'offered'
       AND log.state_from = 'waiting'
     GROUP BY log.registration_id
"""

# a place that two offer, or take, at one moment: the host logs it and runs one again
pytestmark = pytest.mark.expected_in_log("could not serialize access")


def wait(session, outing, people):
    lines = [{"beneficiary_id": person} for person in people]
    return session.call("culture.outing", "action_register", [outing], lines, "waiting")


def act(session, method, ids):
    """A button of registrations, on a connection of its own."""
    twin = session.twin()
    return lambda: twin.call("culture.registration", method, ids)


def register(session, outing, person):
    """One place, on a connection of its own."""
    twin, lines = session.twin(), [{"beneficiary_id": person}]
    return lambda: twin.call("culture.outing", "action_register", [outing], lines)


def errors(results):
    return [str(result) for result in results if isinstance(result, RpcError)]


@pytest.fixture
def full(scheme, referent):
    """An outing, the lines that fill it, those that wait, each with a session."""
    sessions = [scheme.user(f"r{number}", "coordinator") for number in range(3)]
    outing = scheme.outing(referent, SEATS)
    people = scheme.people(
        referent, [(f"P{number}", "Test") for number in range(SEATS + WAITING)]
    )
    seated = scheme.register(referent, outing, *people[:SEATS])
    waiting = wait(referent, outing, people[SEATS:])
    return sessions, outing, seated, waiting


@pytest.mark.workers(2)
def test_several_free_places_at_once(scheme, sql, referent, full):
    """And others register meanwhile: what is freed is offered, nobody passes."""
    sessions, outing, seated, waiting = full
    late = scheme.people(referent, [("Late", "One"), ("Late", "Two")])
    acts = [
        act(session, "action_cancel", [line])
        for session, line in zip(sessions, seated[:3], strict=True)
    ]
    acts += [register(referent, outing, person) for person in late]
    results = storm(acts)
    assert not errors(results[:3])
    assert len(errors(results[3:])) == 2, "they were full, and stay so"
    states = dict(sql(ROWS, outing))
    assert [states[line] for line in waiting] == ["offered"] * 3 + ["waiting"] * 3
    assert taken(sql, outing) == (SEATS, SEATS)
    assert dict(sql(OFFERS, outing)) == dict.fromkeys(waiting[:3], 1)


@pytest.mark.workers(2)
def test_the_job_and_the_answers_at_once(scheme, sql, full):
    """An offer that has just run out is taken, or has passed on: never both."""
    sessions, outing, seated, waiting = full
    job = scheme.ref("culture_partnership.ir_cron_waiting_lists")
    sessions[0].call("culture.registration", "action_cancel", seated[:2])
    sql(
        "UPDATE culture_registration SET offer_expiry = now() AT TIME ZONE 'UTC'"
        " - interval '1 minute' WHERE outing_id = %s AND state = 'offered'",
        outing,
    )
    admin = scheme.admin.twin()
    answers = [
        act(session, "action_confirm", [line])
        for session, line in zip(sessions, waiting[:2], strict=False)
    ]
    storm([lambda: admin.call("ir.cron", "method_direct_trigger", [job]), *answers])
    states = dict(sql(ROWS, outing))
    here = [states[line] for line in waiting]
    passed = here.count("offered")
    assert set(here[:2]) <= {"confirmed", "waiting"}, here
    assert passed == here[:2].count("waiting"), here
    assert taken(sql, outing) == (SEATS, SEATS)
    assert max(count for __, count in sql(OFFERS, outing)) == 1


@pytest.mark.workers(2)
def test_a_quota_is_kept_in_a_storm(scheme, sql, referent):
    """Two structures for the last places: none takes what is kept for the other."""
    other = scheme.admin.call(
        "res.partner",
        "create",
        {"name": "Autre", "is_company": True, "is_culture_structure": True},
    )
    outing = scheme.outing(referent, SEATS)
    referent.call(
        "culture.outing.quota",
        "create",
        {
            "outing_id": outing,
            "structure_id": other,
            "seats": 2,
            "return_date": "2090-01-01",
        },
    )
    people = scheme.people(referent, [(f"P{number}", "Test") for number in range(4)])
    results = storm([register(referent, outing, person) for person in people])
    assert len(errors(results)) == 2
    assert all("contingent" in text.lower() for text in errors(results))
    assert taken(sql, outing) == (2, 2)
