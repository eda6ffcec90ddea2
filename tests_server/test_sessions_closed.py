"""A role ended by hand closes what its holder has open, in every worker."""

import pytest
import requests
from conftest import RpcError
from scheme import Scheme, moment

TURNS = 6
"""Calls enough that both workers, whose caches are warm, are asked."""


def make_key(session, password):
    """An API key of a user, made as the preferences make one."""
    [form] = session.call(
        "res.users.apikeys.description",
        "create",
        [{"name": "Report", "duration": "1"}],
    )
    check = session.call("res.users.apikeys.description", "make_key", [form])
    made = session.call(
        "res.users.identitycheck",
        "run_check",
        [check["res_id"]],
        context={**session.context, "password": password},
    )
    return made["context"]["default_key"]


def opens(server, uid, key):
    """Whether a program that has only the key is let in."""
    params = {
        "service": "object",
        "method": "execute_kw",
        "args": [server.database, uid, key, "res.users", "read", [[uid], ["login"]]],
    }
    answer = requests.post(
        f"{server.url}/jsonrpc",
        json={"jsonrpc": "2.0", "method": "call", "params": params},
        timeout=60,
    )
    return "error" not in answer.json()


@pytest.mark.workers(2)
def test_sessions_and_keys_close_with_the_role(server, rpc, sql):
    scheme = Scheme(rpc, sql)
    leaving = scheme.user("leaving")
    role = scheme.role(leaving.uid, "referent")
    staying = scheme.user("staying", "referent")
    keys = {
        user: make_key(user, name)
        for user, name in (
            (leaving, "leaving"),
            (staying, "staying"),
        )
    }
    for _ in range(TURNS):
        for user in (leaving, staying):
            assert user.call("culture.outing", "search_count", []) == 0
            assert opens(server, user.uid, keys[user])

    action = scheme.admin.call("culture.role", "action_end", [role])
    context = {**scheme.admin.context, **action["context"]}
    end = scheme.admin.call("culture.role.end", "create", {}, context=context)
    scheme.admin.call("culture.role.end", "action_end", [end])

    for _ in range(TURNS):
        with pytest.raises(RpcError, match="SessionExpired"):
            leaving.call("res.users", "read", [leaving.uid], ["login"])
        assert not opens(server, leaving.uid, keys[leaving])
        assert staying.call("culture.outing", "search_count", []) == 0
        assert opens(server, staying.uid, keys[staying])
    again = rpc("leaving")
    with pytest.raises(RpcError, match="pas ouvert|not open"):
        again.call("culture.outing", "search_count", [])


@pytest.mark.workers(2)
def test_a_day_to_come_closes_no_session(rpc, sql):
    scheme = Scheme(rpc, sql)
    agent = scheme.user("agent")
    role = scheme.role(agent.uid, "referent")
    scheme.admin.call(
        "culture.role", "write", [role], {"last_day": moment(days=20)[:10]}
    )
    for _ in range(TURNS):
        assert agent.call("culture.outing", "search_count", []) == 0
