"""A link on a telephone, and in several hands at once."""

import pytest
import requests
from conftest import RpcError
from links import answer_path
from scheme import moment
from screenshots import Browser
from storm import storm
from test_seats import taken

SMALL = (320, 640)
ALONE = "document.body && document.readyState === 'complete'"
FOCUSED = "document.activeElement.className === 'yes'"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def telephone():
    """A small browser that runs no script."""
    browser = Browser(SMALL)
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    yield browser
    browser.close()


def registered(scheme, referent, person, state):
    """A registration on an outing with five places.

    :return: (the outing's id, the registration's)
    """
    outing = scheme.outing(referent, 5, meeting_point="devant l’entrée")
    lines = [{"beneficiary_id": person}]
    [line] = referent.call("culture.outing", "action_register", [outing], lines, state)
    return outing, line


def state_of(sql, line):
    query = "SELECT state, answer FROM culture_registration WHERE id = %s"
    return sql(query, line)[0]


def test_an_offer_is_taken_without_a_script(
    server, scheme, referent, person, sql, telephone
):
    outing, line = registered(scheme, referent, person, "waiting")
    offer = ("culture.registration", "action_offer", [line], moment(hours=20))
    referent.call(*offer)
    url = server.url + answer_path(sql, line, "offer")
    telephone.send("Page.navigate", url=url)
    assert telephone.wait(ALONE)
    telephone.send("Page.navigate", url="about:blank")
    assert state_of(sql, line) == ("offered", None)
    telephone.send("Page.navigate", url=url)
    assert telephone.wait(f"{ALONE} && document.querySelectorAll('form').length === 3")
    assert not telephone.evaluate(TOO_WIDE)
    assert telephone.evaluate("document.title") == "Votre sortie"
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    for _ in range(5):
        for kind in ("rawKeyDown", "keyUp"):
            telephone.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key="Tab",
                code="Tab",
                windowsVirtualKeyCode=9,
            )
        if telephone.evaluate(FOCUSED):
            break
    telephone.send("Input.dispatchKeyEvent", type="keyDown", text="\r", **enter)
    telephone.send("Input.dispatchKeyEvent", type="keyUp", **enter)
    assert telephone.wait(f"{ALONE} && document.body.innerText.includes('C’est noté')")
    assert state_of(sql, line) == ("confirmed", "yes")
    assert taken(sql, outing) == (1, 1)
    assert not telephone.send("Network.getCookies")["cookies"]


@pytest.mark.workers(2)
def test_one_answer_of_many_at_once(server, scheme, referent, person, sql):
    outing, line = registered(scheme, referent, person, "confirmed")
    url = server.url + answer_path(sql, line, "week")

    def send(answer):
        return lambda: requests.post(url, data={"answer": answer}, timeout=120)

    def free():
        write = {"state": "cancelled", "cancelled_by": "structure"}
        return referent.call("culture.registration", "write", [line], write)

    *pages, freed = storm([*map(send, ["yes", "no", "call"] * 2), free])
    done = [
        page for page in pages if "C’est noté" in page.text or "Entendu" in page.text
    ]
    assert {page.status_code for page in pages} <= {200, 404}
    state, answer = state_of(sql, line)
    assert len(done) <= 1
    assert bool(done) == bool(answer)
    assert state == "cancelled" or isinstance(freed, RpcError)
    assert taken(sql, outing) == ((0, 0) if state == "cancelled" else (1, 1))
    [[ends]] = sql(
        "SELECT count(*) FROM culture_registration_log"
        " WHERE registration_id = %s AND state_to = 'cancelled'",
        line,
    )
    assert ends == (state == "cancelled")
