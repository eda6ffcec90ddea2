"""A convention that several people renew at the same moment is renewed once."""

import pytest
from storm import storm


@pytest.mark.workers(2)
def test_all_open_the_same_draft(scheme, sql):
    _, convention = scheme.association("Association", seat_quota=40)
    sessions = [scheme.admin, *(scheme.admin.twin() for _ in range(5))]
    answers = storm(
        [
            lambda s=session: s.call("culture.convention", "action_renew", [convention])
            for session in sessions
        ]
    )
    drafts = sql(
        "SELECT id, state, seat_quota FROM culture_convention WHERE renews_id = %s",
        convention,
    )
    assert len(drafts) == 1, drafts
    [(draft, state, quota)] = drafts
    assert (state, quota) == ("draft", 40)
    assert [answer["res_id"] for answer in answers] == [draft] * len(sessions), answers
