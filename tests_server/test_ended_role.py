"""A role that ended opens nothing, in workers whose caches are warm."""

import pytest
from conftest import RpcError
from scheme import Scheme, moment


@pytest.mark.workers(2)
def test_a_role_ends_by_its_date_in_running_workers(rpc, sql):
    scheme = Scheme(rpc, sql)
    referent = scheme.user("referent", "referent")
    [person] = scheme.people(referent, [("Ada", "Ended")])
    outing = scheme.outing(referent, 20)
    for _ in range(6):  # both workers know this user
        assert referent.call("culture.beneficiary", "search_count", [])
        assert referent.call("culture.outing", "read", [outing], ["name"])
    for table in ("culture_role", "culture_scope"):
        # as time does: no ORM write, no cache told, no job run
        sql(
            f"UPDATE {table} SET date_start = %s, date_end = %s WHERE user_id = %s",
            moment(days=-9),
            moment(hours=-1),
            referent.uid,
        )
    for _ in range(6):
        for model in ("culture.beneficiary", "culture.outing", "culture.discipline"):
            assert not referent.call(model, "search_count", [])
        for model, id_, name in (
            ("culture.beneficiary", person, "first_name"),
            ("culture.outing", outing, "name"),
        ):
            with pytest.raises(RpcError, match="pas ouvert|not open"):
                referent.call(model, "read", [id_], [name])
