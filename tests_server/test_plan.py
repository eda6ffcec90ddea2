"""A person's plan, begun or followed by several calls at once."""

from functools import partial

import pytest
from storm import storm

CLIENTS = 4


def at_once(session, act):
    """What each of several connections of the session is told, calling together."""
    return storm([partial(act, session.twin()) for __ in range(CLIENTS)])


@pytest.mark.workers(2)
def test_one_plan_and_one_next_version(scheme, referent, person):
    def begin(session):
        return session.call("culture.beneficiary", "action_write_plan", [person])

    opened = {action["res_id"] for action in at_once(referent, begin)}
    assert len(opened) == 1
    [plan] = opened

    def follow(session):
        return session.call("culture.accompaniment", "action_new_version", [plan])

    said = at_once(referent, follow)
    done = [answer for answer in said if isinstance(answer, dict)]
    assert len(done) == 1
    others = [answer for answer in said if answer not in done]
    assert all("UserError" in str(answer) for answer in others), others
    query = "SELECT version, date_end IS NULL FROM culture_accompaniment ORDER BY 1"
    assert scheme.sql(query) == [(1, False), (2, True)]
