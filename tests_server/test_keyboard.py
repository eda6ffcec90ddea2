"""A referent between two appointments, with real keys and without a mouse.

A practised hand takes a third of a second for a key, and a second to decide about each
of what is asked (the keystroke-level model of Card, Moran and Newell, rounded up). What
is typed into the note is not counted.
"""

import pytest
from scheme import day
from screenshots import WIDE, Browser

KEY, DECISION = 0.35, 1.0
KEYS = {"Tab": ("Tab", 9), " ": ("Space", 32), "ArrowDown": ("ArrowDown", 40)}
ALT = 1
FOCUS = "document.activeElement.closest('{}')"


class Keyboard:
    """Trusted key events, as the browser gets them from a keyboard; counted."""

    def __init__(self, browser):
        self.browser = browser
        self.count = 0

    def press(self, key, modifiers=0):
        code, number = KEYS.get(key) or (f"Key{key.upper()}", ord(key.upper()))
        event = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        event["modifiers"] = modifiers
        text = {"text": key} if len(key) == 1 and not modifiers else {}
        for kind, more in (("keyDown" if text else "rawKeyDown", text), ("keyUp", {})):
            self.browser.send("Input.dispatchKeyEvent", type=kind, **event, **more)
        self.count += 1 + bool(modifiers)

    def type(self, text):
        self.browser.send("Input.insertText", text=text)

    def tab_to(self, selector):
        """Like somebody who looks where the focus is."""
        for _ in range(6):
            self.press("Tab")
            if self.is_in(selector):
                return
        pytest.fail(f"{selector} is not reached by Tab")

    def is_in(self, selector):
        return self.browser.evaluate(f"Boolean({FOCUS.format(selector)})")

    def wait(self, expression):
        assert self.browser.wait(expression), expression


@pytest.fixture
def desk(server, referent, person):
    """A referent's browser on the file of a person, and a keyboard."""
    browser = Browser(WIDE)
    session = referent.session.cookies["session_id"]
    browser.send("Network.setCookie", name="session_id", value=session, url=server.url)
    browser.go(f"{server.url}/odoo/culture-beneficiaries/{person}")
    keyboard = Keyboard(browser)
    keyboard.wait("Boolean(document.querySelector('.o_culture_timeline'))")
    yield keyboard
    browser.close()


CLOSED = "!document.querySelector('.modal')"


def test_a_follow_up_in_ten_seconds(desk, sql):
    desk.press("l", ALT)
    desk.wait(f"Boolean({FOCUS.format('.modal [name=note]')})")
    desk.type("Likes the circus")
    desk.press("s", ALT)
    desk.wait(CLOSED)
    rows = sql("SELECT kind, date::text, note FROM culture_followup")
    assert rows == [("interview", day(), "Likes the circus")]
    assert desk.count * KEY + 2 * DECISION <= 10


def test_an_assessment_in_thirty_seconds(desk, sql):
    desk.press("e", ALT)
    desk.wait("Boolean(document.querySelector('.modal [name=view] input'))")
    if not desk.is_in("[name=view]"):
        desk.tab_to("[name=view]")
    desk.press(" ")
    desk.wait("Boolean(document.querySelector('.modal [name=person_social] input'))")
    for downs, question in enumerate(("social", "mobility", "confidence", "action")):
        desk.tab_to(f"[name=person_{question}]")
        desk.press(" ")
        for _ in range(downs):
            desk.press("ArrowDown")
    desk.press("s", ALT)
    desk.wait(CLOSED)
    answers = "person_social, person_mobility, person_confidence, person_action"
    rows = sql(f"SELECT view, moment, {answers} FROM culture_assessment")
    assert rows == [("person", "entry", "1", "2", "3", "4")]
    assert desk.count * KEY + 6 * DECISION <= 30
