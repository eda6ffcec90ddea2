"""The fixtures themselves: a server starts, answers, and keeps strangers out."""

import pytest
from conftest import RpcError


@pytest.mark.workers(2)
def test_admin_logs_in(rpc, sql):
    admin = rpc("admin")
    [me] = admin.call("res.users", "read", [admin.uid], ["login"])
    assert me["login"] == "admin"
    assert sql("SELECT login FROM res_users WHERE id = %s", admin.uid) == [("admin",)]


def test_wrong_password_is_refused(rpc):
    with pytest.raises(RpcError) as refused:
        rpc("admin", "wrong")
    assert refused.value.name == "odoo.exceptions.AccessDenied"
