"""A person's plan, begun or followed by several calls at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from conftest import RpcError
from scheme import Scheme

CLIENTS = 4


@pytest.fixture
def scheme(rpc, sql):
    return Scheme(rpc, sql)


@pytest.fixture
def referent(scheme):
    return scheme.user("referent", "referent")


@pytest.fixture
def person(scheme, referent):
    [person] = scheme.people(referent, [("Ada", "Test")])
    return person


def at_once(scheme, act):
    """What each of several sessions of the referent is told, calling together."""
    sessions = [scheme.rpc("referent") for __ in range(CLIENTS)]
    start = Barrier(CLIENTS)

    def run(session):
        start.wait()
        try:
            return act(session)
        except RpcError as error:
            return str(error)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, sessions))


@pytest.mark.workers(2)
def test_one_plan_and_one_next_version(scheme, referent, person):
    def begin(session):
        return session.call("culture.beneficiary", "action_write_plan", [person])

    opened = {action["res_id"] for action in at_once(scheme, begin)}
    assert len(opened) == 1
    [plan] = opened

    def follow(session):
        return session.call("culture.accompaniment", "action_new_version", [plan])

    said = at_once(scheme, follow)
    done = [answer for answer in said if isinstance(answer, dict)]
    assert len(done) == 1
    others = [answer for answer in said if answer not in done]
    assert all("UserError" in answer for answer in others), others
    query = "SELECT version, date_end IS NULL FROM culture_accompaniment ORDER BY 1"
    assert scheme.sql(query) == [(1, False), (2, True)]
