"""A role that ended, or is to come, opens nothing, in workers whose caches are warm."""

import pytest
from conftest import RpcError
from rights import ACCESS
from scheme import Scheme, moment

ROLES = ("referent", "coordinator", "administrator", "relay")
REACHED = {
    "referent": (
        "culture.beneficiary",
        "culture.access",
        "culture.registration",
        "culture.registration.log",
        "culture.role",
        "culture.scope",
    ),
    "coordinator": ("culture.beneficiary", "culture.registration", "culture.role"),
    "administrator": ("culture.outing", "culture.role", "culture.scope"),
    "relay": ("culture.role", "culture.scope"),
}
"""What each finds while the role is in force: were nothing there, little is shown."""
REFUSAL = "pas ouvert|not open"


def readable(role):
    return [model for model, rights in ACCESS.items() if "r" in rights.get(role, {})]


def see(session, role):
    """How many records of each model the user finds, and one id of each."""
    return {
        model: session.call(model, "search", [], limit=1) for model in readable(role)
    }


def move(sql, uid, start, end):
    """As time does: no ORM write, no cache told, no job run."""
    for table in ("culture_role", "culture_scope"):
        sql(
            f"UPDATE {table} SET date_start = %s, date_end = %s WHERE user_id = %s",
            start,
            end,
            uid,
        )


@pytest.mark.workers(2)
def test_a_role_opens_nothing_outside_its_dates(rpc, sql):
    """Every model of the table, each role; before, within and after its dates."""
    scheme = Scheme(rpc, sql)
    users = {role: scheme.user(role, role) for role in ROLES}
    [person] = scheme.people(users["referent"], [("Ada", "Ended")])
    outing = scheme.outing(users["referent"], 20)
    scheme.register(users["referent"], outing, person)
    for role, user in users.items():
        for _ in range(4):  # both workers know this user
            before = see(user, role)
        assert all(before[model] for model in REACHED[role]), role
        for start, end in (
            (moment(days=-9), moment(hours=-1)),  # ended an hour ago
            (moment(hours=1), None),  # begins in an hour
        ):
            move(sql, user.uid, start, end)
            for _ in range(3):
                for model, ids in before.items():
                    assert not user.call(model, "search_count", []), (role, model)
                    if ids:
                        with pytest.raises(RpcError, match=REFUSAL):
                            user.call(model, "read", ids, ["display_name"])
        # it begins, by its date alone, in the same workers
        move(sql, user.uid, moment(hours=-1), None)
        assert see(user, role) == before, role
