"""A role that ended, or is to come, opens nothing, in workers whose caches are warm."""

import sys
from pathlib import Path

import pytest
from conftest import RpcError
from scheme import Scheme, moment

TABLE = Path(__file__).parents[1] / "culture_partnership/security/access_table.py"
ROLES = ("referent", "coordinator", "administrator", "relay")
REFUSAL = "pas ouvert|not open"


def access_table():
    """The table of rights, without loading Odoo's addons for it."""
    lines = TABLE.read_text().replace(
        "from odoo.tools.translate import LazyTranslate",
        "LazyTranslate = lambda n: str",
    )
    names = {"__name__": "access_table", "sys": sys}
    exec(compile(lines, TABLE, "exec"), names)
    return names["ACCESS"]


ACCESS = access_table()


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
    users["referent"].call(
        "culture.outing",
        "action_register",
        [outing],
        [{"beneficiary_id": person}],
        "confirmed",
    )
    for role, user in users.items():
        for _ in range(4):  # both workers know this user
            before = see(user, role)
        assert any(before.values()), role
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


def test_what_a_referent_reads_is_in_the_run(rpc, sql):
    """The world above has what the table lets a referent read of a person."""
    scheme = Scheme(rpc, sql)
    referent = scheme.user("referent", "referent")
    [person] = scheme.people(referent, [("Ada", "Ended")])
    outing = scheme.outing(referent, 20)
    referent.call(
        "culture.outing",
        "action_register",
        [outing],
        [{"beneficiary_id": person}],
        "confirmed",
    )
    seen = see(referent, "referent")
    for model in (
        "culture.beneficiary",
        "culture.access",
        "culture.registration",
        "culture.registration.log",
        "culture.role",
        "culture.scope",
    ):
        assert seen[model], model
