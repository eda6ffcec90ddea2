"""Partners take places back while people are registered: nobody loses a place."""

import re

from scheme import Scheme
from storm import storm
from test_seats import taken

SEATS = 20
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def partner(scheme, managers):
    """An association under convention, and sessions of who manages it.

    :return: (its id, the convention's, list of sessions)
    """
    association, convention = scheme.association("Asso")
    sessions = [
        scheme.partner_user(f"manager{number}", association, "partner_manager")
        for number in range(managers)
    ]
    return association, convention, sessions


def take_back(session, outing, seats, seen):
    """What the page's form sends."""
    path = f"{session.url}/my/culture/partner/outing/{outing}"
    page = session.session.get(path, timeout=60)
    assert page.status_code == 200, page.status_code
    token = TOKEN.search(page.text)[1]
    data = {"csrf_token": token, "seats": seats, "seen": seen}

    def act():
        return session.session.post(
            f"{path}/take-back", data=data, allow_redirects=False, timeout=60
        ).status_code

    return act


def test_places_go_back_once_and_never_below_what_is_taken(rpc, sql):
    scheme = Scheme(rpc, sql)
    referents = [scheme.user(f"r{number}", "referent") for number in range(4)]
    association, convention, managers = partner(scheme, 4)
    outing = scheme.outing(
        referents[0], SEATS, provider_id=association, convention_id=convention
    )
    lines = [
        lambda s=session: s.call(
            "culture.outing",
            "action_register",
            [outing],
            [{"group_label": "Groupe", "adults": 2}],
        )
        for session in referents
    ]
    acts = [take_back(session, outing, 8, SEATS) for session in managers]
    results = storm([*acts, *lines])
    back, registered = results[: len(acts)], results[len(acts) :]
    assert set(back) <= {200, 303}, back
    assert back.count(303) <= 1
    given = [ids for ids in registered if isinstance(ids, list)]
    [[seats]] = sql("SELECT seats_max FROM culture_outing WHERE id = %s", outing)
    assert seats == SEATS - 8 * back.count(303)
    assert taken(sql, outing) == (2 * len(given), 2 * len(given))
    assert 2 * len(given) <= seats


def test_two_at_once_take_back_one_time(rpc, sql):
    scheme = Scheme(rpc, sql)
    referent = scheme.user("r", "referent")
    association, convention, managers = partner(scheme, 4)
    outing = scheme.outing(
        referent, SEATS, provider_id=association, convention_id=convention
    )
    results = storm([take_back(session, outing, 4, SEATS) for session in managers])
    assert sorted(results) == [200] * 3 + [303]
    [[seats]] = sql("SELECT seats_max FROM culture_outing WHERE id = %s", outing)
    assert seats == SEATS - 4
