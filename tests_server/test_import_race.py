"""The same file imported by several at once: nothing is there twice, no error."""

import base64
from datetime import datetime, timedelta

import pytest
from conftest import RpcError
from storm import storm

CLIENTS = 4
DAY = (datetime.now() + timedelta(days=40)).strftime("%Y%m%d")
EVENTS = "".join(
    f"BEGIN:VEVENT\nUID:race-{number}\nDTSTART:{DAY}T190000Z\n"
    f"SUMMARY:Course {number}\nLOCATION:Salle des courses\nX-SEATS:5\nEND:VEVENT\n"
    for number in range(40)
)
FILES = {
    "programme": f"BEGIN:VCALENDAR\nVERSION:2.0\n{EVENTS}END:VCALENDAR\n",
    "people": "Nom;Prénom;Date de naissance\n"
    + "".join(f"Course;Prénom {number};12/03/1980\n" for number in range(40)),
}
FOUND = {
    "programme": "SELECT count(*) FROM culture_outing WHERE uid LIKE 'race-%%'",
    "people": "SELECT count(*) FROM culture_beneficiary WHERE last_name = 'Course'",
}


def checked(session, kind):
    """An assistant that has shown what it will do.

    :return: its id
    """
    model = f"culture.import.{kind}"
    content = base64.b64encode(FILES[kind].encode()).decode()
    assistant = session.call(model, "create", {"file": content})
    session.call(model, "action_check", [assistant])
    [row] = session.call(model, "read", [assistant], ["create_count", "error_count"])
    assert (row["create_count"], row["error_count"]) == (40, 0)
    return assistant


def race(scheme, sql, kind, same_assistant=False):
    scheme.admin.call(
        "res.partner", "create", {"name": "Salle des courses", "is_company": True}
    )
    model = f"culture.import.{kind}"
    sessions = [scheme.user(f"c{n}", "coordinator") for n in range(CLIENTS)]
    if same_assistant:
        # one who clicks several times
        sessions = [sessions[0]] * CLIENTS
        assistants = [checked(sessions[0], kind)] * CLIENTS
    else:
        assistants = [checked(session, kind) for session in sessions]
    answers = storm(
        [
            lambda s=session, a=assistant: s.call(model, "action_import", [a])
            for session, assistant in zip(sessions, assistants, strict=True)
        ]
    )
    assert not [answer for answer in answers if isinstance(answer, RpcError)]
    assert sql(FOUND[kind]) == [(40,)]
    states = [
        session.call(model, "read", [assistant], ["state", "create_count"])[0]
        for session, assistant in zip(sessions, assistants, strict=True)
    ]
    assert any(row["state"] == "done" for row in states)


@pytest.mark.parametrize("kind", ["programme", "people"])
def test_the_same_file_by_several(scheme, sql, kind):
    race(scheme, sql, kind)


@pytest.mark.workers(2)
@pytest.mark.parametrize("kind", ["programme", "people"])
def test_the_same_file_by_several_with_two_workers(scheme, sql, kind):
    race(scheme, sql, kind)


def test_one_who_clicks_four_times(scheme, sql):
    race(scheme, sql, "people", same_assistant=True)
