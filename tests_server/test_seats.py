"""I1: many at once on the last places, by each way in: exactly as many get in."""

import pytest
from conftest import RpcError
from storm import storm

CLIENTS = 16
AGENTS = 4
EACH = 5
SEATS = 20
FULL = "Plus assez de places"


def taken(sql, outing):
    """What the counter says, and the sum of the lines that hold a seat."""
    [row] = sql(
        """SELECT o.seats_taken, coalesce(sum(r.seats) FILTER (WHERE r.state IN
                  ('offered', 'confirmed', 'attended', 'excused', 'absent')), 0)
             FROM culture_outing o
             LEFT JOIN culture_registration r ON r.outing_id = o.id
            WHERE o.id = %s GROUP BY o.id""",
        outing,
    )
    return row


def crowd(scheme, clients=CLIENTS):
    """As many connections of referents as clients, each with persons of its own."""
    agents = [scheme.user(f"r{number}", "referent") for number in range(AGENTS)]
    sessions = [agents[number % AGENTS].twin() for number in range(clients)]
    groups = [
        scheme.people(session, [(f"P{n}", f"Client {i}") for n in range(EACH)])
        for i, session in enumerate(sessions)
    ]
    return list(zip(sessions, groups, strict=True))


def register(session, outing, people):
    lines = [{"beneficiary_id": person} for person in people]
    return lambda: session.call("culture.outing", "action_register", [outing], lines)


def check(results, sql, outing):
    """Exactly the seats, and whoever lost read that it is full, in French."""
    won = [result for result in results if not isinstance(result, RpcError)]
    lost = [result for result in results if isinstance(result, RpcError)]
    assert len(won) == SEATS // EACH, [str(error) for error in lost]
    assert taken(sql, outing) == (SEATS, SEATS)
    for error in lost:
        assert error.name == "odoo.exceptions.UserError"
        assert FULL in str(error), error


@pytest.mark.parametrize("rounds", [3])
def test_sixteen_clients_on_twenty_seats(scheme, sql, rounds):
    clients = crowd(scheme)
    for _ in range(rounds):
        outing = scheme.outing(clients[0][0], SEATS)
        results = storm([register(s, outing, people) for s, people in clients])
        check(results, sql, outing)
        scheme.sql("DELETE FROM culture_registration WHERE outing_id = %s", outing)


@pytest.mark.workers(2)
def test_the_same_with_two_workers(scheme, sql):
    clients = crowd(scheme)
    outing = scheme.outing(clients[0][0], SEATS)
    results = storm([register(s, outing, people) for s, people in clients])
    check(results, sql, outing)


def test_the_same_through_the_hosts_import(scheme, sql):
    """`load()` swallows serialization errors: the host's retry must see them."""
    clients = crowd(scheme, 6)
    outing = scheme.outing(clients[0][0], SEATS)

    def load(session, people):
        rows = [[str(outing), str(person)] for person in people]
        fields = ["outing_id/.id", "beneficiary_id/.id"]
        return lambda: session.call("culture.registration", "load", fields, rows)

    results = storm([load(session, people) for session, people in clients])
    won = [result for result in results if result["ids"]]
    assert len(won) == SEATS // EACH
    assert taken(sql, outing) == (SEATS, SEATS)
    for result in results:
        if not result["ids"]:
            assert FULL in str(result["messages"]), result


def test_freeing_and_registering_at_once(scheme, sql):
    clients = crowd(scheme, 12)
    outing = scheme.outing(clients[0][0], SEATS)
    first, others = clients[:4], clients[4:]
    lines = [register(session, outing, people)() for session, people in first]
    free = [
        lambda s=session, ids=ids: s.call("culture.registration", "action_cancel", ids)
        for (session, __), ids in zip(first, lines, strict=True)
    ]
    results = storm([*free, *(register(s, outing, people) for s, people in others)])
    freed, registered = results[:4], results[4:]
    assert not [error for error in freed if isinstance(error, RpcError)]
    won = [result for result in registered if not isinstance(result, RpcError)]
    assert taken(sql, outing) == (len(won) * EACH, len(won) * EACH)
    assert len(won) <= SEATS // EACH
    for error in registered:
        if isinstance(error, RpcError):
            assert FULL in str(error), error


def test_one_person_by_two_colleagues_at_once(scheme, sql):
    """I2 across transactions: one of them is told, nobody is there twice."""
    referent = scheme.user("r", "referent")
    coordinators = [scheme.user(f"c{number}", "coordinator") for number in range(4)]
    outing = scheme.outing(referent, SEATS)
    people = scheme.people(referent, [("Ada", "Twice")])
    results = storm([register(session, outing, people) for session in coordinators])
    won = [result for result in results if not isinstance(result, RpcError)]
    assert len(won) == 1
    assert taken(sql, outing) == (1, 1)
    for error in results:
        if isinstance(error, RpcError):
            assert "déjà une inscription" in str(error), error
