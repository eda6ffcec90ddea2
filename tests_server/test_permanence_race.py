"""Two phones and more count the same permanence at once: nothing is lost."""

from functools import partial

import pytest
from conftest import RpcError
from scheme import moment
from storm import storm

PHONES = 4
TAPS = 10


def hosted(scheme, hosts):
    """A permanence under way that all of these agents host."""
    session = hosts[0]
    venue = session.call(
        "res.partner", "create", {"name": "Agence", "is_company": True}
    )
    return session.call(
        "culture.permanence",
        "create",
        {
            "venue_id": venue,
            "structure_id": scheme.structure,
            "date_begin": moment(hours=-1),
            "date_end": moment(hours=1),
            "user_ids": [(6, 0, [host.uid for host in hosts])],
        },
    )


def together(acts):
    """Run lists of acts beside each other, each list in its order.

    :return: list of what was refused
    """

    def run(mine):
        refused = []
        for act in mine:
            try:
                act()
            except RpcError as error:
                refused.append(error)
        return refused

    answers = storm([partial(run, mine) for mine in acts])
    return [error for refused in answers for error in refused]


def counts(sql, permanence):
    [row] = sql(
        """SELECT p.people_count, p.first_time_count, p.offers_count, p.visit_count,
                  (SELECT count(*) FROM culture_visit v WHERE v.permanence_id = p.id)
             FROM culture_permanence p WHERE p.id = %s""",
        permanence,
    )
    return row


@pytest.mark.workers(2)
def test_every_tap_of_every_phone_counts_once(scheme, sql):
    hosts = [scheme.user(f"h{number}", "referent") for number in range(PHONES)]
    permanence = hosted(scheme, hosts)

    def count(host, counter):
        args = "culture.permanence", "action_count", [permanence], counter, 1
        return lambda: host.call(*args)

    def tap(host):
        args = "culture.permanence", "action_tap", [permanence], "moment"
        return lambda: host.call(*args)

    acts = [
        [tap(host) if n % 2 else count(host, "people_count") for n in range(TAPS)]
        for host in hosts
    ]
    assert together(acts) == []
    everybody = PHONES * TAPS
    assert counts(sql, permanence) == (everybody, 0, 0, everybody // 2, everybody // 2)


@pytest.mark.workers(2)
def test_no_first_time_too_many(scheme, sql):
    """Of ten who came, more than ten taps of "first time" at once make ten."""
    hosts = [scheme.user(f"h{number}", "referent") for number in range(PHONES)]
    permanence = hosted(scheme, hosts)
    hosts[0].call("culture.permanence", "write", [permanence], {"people_count": 10})
    args = "culture.permanence", "action_count", [permanence]
    refused = together(
        [
            [lambda h=host: h.call(*args, "first_time_count", 1) for _ in range(5)]
            for host in hosts
        ]
    )
    assert counts(sql, permanence)[:2] == (10, 10)
    assert len(refused) == PHONES * 5 - 10
    assert {error.name for error in refused} == {"odoo.exceptions.UserError"}


@pytest.mark.workers(2)
def test_a_visit_is_named_once(scheme, sql):
    """Two colleagues note a follow-up of the same visit at the same moment."""
    hosts = [scheme.user(f"h{number}", "referent") for number in range(2)]
    permanence = hosted(scheme, hosts)
    hosts[0].call("culture.permanence", "action_tap", [permanence], "talk")
    [[visit]] = sql("SELECT id FROM culture_visit")

    def note(host, name):
        [person] = scheme.people(host, [(name, "Once")])
        values = {"beneficiary_id": person, "visit_id": visit, "kind": "desk"}
        dialog = host.call("culture.followup.note", "create", values)
        return [lambda: host.call("culture.followup.note", "action_save", [dialog])]

    refused = together([note(host, f"P{n}") for n, host in enumerate(hosts)])
    assert len(refused) == 1
    [[followups, named, people]] = sql(
        """SELECT (SELECT count(*) FROM culture_followup), p.followup_count,
                  p.people_count FROM culture_permanence p"""
    )
    assert (followups, named, people) == (1, 1, 1)


@pytest.mark.workers(2)
def test_dates_are_made_once(scheme, sql):
    """« Créer les dates » twice at once."""
    host = scheme.user("h", "referent")
    permanence = hosted(scheme, [host])
    action = host.call("culture.permanence", "action_repeat", [permanence])
    args = "culture.permanence.repeat", "action_create_dates", [action["res_id"]]
    refused = together([[lambda h=h: h.call(*args)] for h in (host, host.twin())])
    assert refused == []
    [[rows, moments]] = sql(
        "SELECT count(*), count(DISTINCT date_begin) FROM culture_permanence"
    )
    assert rows == moments
    assert rows == 14
