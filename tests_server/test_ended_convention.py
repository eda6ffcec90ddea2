"""A convention that ended closes the partner's pages, in workers that know the user.

By its date alone: no job runs (the servers have no cron), no session is closed, and
nothing tells a cache. What had begun before goes to its end (I6).
"""

import pytest
from conftest import RpcError
from outsider import Outsider
from scheme import Scheme, day, moment

TURNS = 6
"""Calls enough that both workers, whose caches are warm, are asked."""


@pytest.fixture
def partner(server, rpc, sql):
    """An association whose relay and manager have an outing to come and one begun."""
    scheme = Scheme(rpc, sql)
    scheme.referent = scheme.user("referent", "referent")
    association, scheme.convention = scheme.association(
        "Association", identity_level="first_name"
    )
    roles = ("relay", "partner_manager")
    session = scheme.partner_user("partner", association, *roles)
    card = scheme.relay_card(session, association)
    people = scheme.people(scheme.referent, [("Wilhelmine", "A"), ("Philomena", "B")])
    scheme.referent.call(
        "culture.beneficiary", "write", people, {"identity_agreement": True}
    )
    scheme.free = scheme.people(scheme.referent, [("Zenobia", "C")])[0]
    scheme.coming, scheme.begun = (
        scheme.outing(
            scheme.referent,
            5,
            date_begin=begin,
            provider_id=association,
            convention_id=scheme.convention,
            escort_ids=[(4, card)],
        )
        for begin in (moment(days=3), moment(minutes=1))
    )
    for outing, person in zip((scheme.coming, scheme.begun), people, strict=True):
        scheme.register(scheme.referent, outing, person)
    yesterday = moment(days=-1)
    sql(
        "UPDATE culture_outing SET date_begin = %s, date_end = %s WHERE id = %s",
        yesterday,
        moment(hours=-20),
        scheme.begun,
    )
    scheme.partner = Outsider(server, "partner")
    return scheme


def pages(scheme):
    for outing in (scheme.coming, scheme.begun):
        yield f"/my/culture/outing/{outing}"
        yield f"/my/culture/outing/{outing}/calendar.ics"
    yield f"/my/culture/partner/outing/{scheme.coming}"


def opened(scheme):
    """The pages that open, asked so often that every worker has answered."""
    found = [
        {path for path in pages(scheme) if scheme.partner.get(path)[0] == 200}
        for _ in range(TURNS)
    ]
    assert all(each == found[0] for each in found), found
    return found[0]


@pytest.mark.workers(2)
def test_it_ends_by_its_date(partner, sql):
    scheme = partner
    begun = f"/my/culture/outing/{scheme.begun}"
    assert opened(scheme) == set(pages(scheme))
    assert "Philomena" in scheme.partner.get(begun)[1]

    sql(
        "UPDATE culture_convention SET date_end = %s WHERE id = %s",
        day(days=-1),
        scheme.convention,
    )
    [[state]] = sql("SELECT state FROM culture_convention")
    assert state == "active"  # the job that words it has not run
    assert opened(scheme) == {begun, f"{begun}/calendar.ics"}
    assert "Philomena" in scheme.partner.get(begun)[1]
    assert "Wilhelmine" not in scheme.partner.get("/my/culture")[1]
    path = f"/my/culture/partner/outing/{scheme.coming}/take-back"
    assert scheme.partner.send(path, seats="1", seen="5")[0] == 404

    for _ in range(TURNS):
        with pytest.raises(RpcError, match="convention"):
            scheme.register(scheme.referent, scheme.coming, scheme.free)
    live = "SELECT count(*) FROM culture_registration WHERE state = 'confirmed'"
    assert sql(live) == [(2,)]


@pytest.mark.workers(2)
def test_it_is_terminated(partner, sql):
    scheme = partner
    assert opened(scheme) == set(pages(scheme))
    scheme.admin.call("culture.convention", "action_terminate", [scheme.convention])
    begun = f"/my/culture/outing/{scheme.begun}"
    assert opened(scheme) == {begun, f"{begun}/calendar.ics"}
    with pytest.raises(RpcError, match="convention"):
        scheme.register(scheme.referent, scheme.coming, scheme.free)
