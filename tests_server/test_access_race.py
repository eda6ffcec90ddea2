"""Two who answer a handover at once, and several openings of one file at once."""

import pytest
from conftest import RpcError
from storm import storm

CLIENTS = 4
FOUND = "SELECT count(*) FROM culture_access_log"


def at_once(acts):
    """Run these acts at the same time.

    :return: list of what each answered, "done" or the text of its refusal
    """
    answers = storm(acts)
    return [str(a) if isinstance(a, RpcError) else "done" for a in answers]


class Files:
    """A referent with files, and two colleagues."""

    def __init__(self, scheme):
        self.scheme, self.sql = scheme, scheme.sql
        self.sender = scheme.user("sender", "referent")
        self.receiver = scheme.user("receiver", "referent")
        self.other = scheme.user("other", "referent")
        self.people = scheme.people(self.sender, [("Ada", "A"), ("Blaise", "B")])

    def card(self, session):
        query = "SELECT id FROM culture_referent WHERE user_id = %s"
        [[card]] = self.sql(query, session.uid)
        return card

    def propose(self, receiver, people):
        """A handover proposed by the sender.

        :return: its id
        """
        assistant = self.sender.call(
            "culture.handover.propose",
            "create",
            {"to_id": self.card(receiver), "person_ids": [(6, 0, people)]},
        )
        self.sender.call("culture.handover.propose", "action_propose", [assistant])
        [[handover]] = self.sql("SELECT max(id) FROM culture_handover")
        return handover

    def followed_by(self):
        query = "SELECT DISTINCT referent_id FROM culture_beneficiary ORDER BY 1"
        return [id_ for (id_,) in self.sql(query)]

    def standing(self):
        """How many accesses are in force."""
        [[count]] = self.sql(
            "SELECT count(*) FROM culture_access WHERE date_end IS NULL"
        )
        return count


@pytest.fixture
def files(scheme):
    return Files(scheme)


def answer(session, act, handover):
    return lambda: session.call("culture.handover", act, [handover])


def test_accepted_twice_at_once(files):
    handover = files.propose(files.receiver, files.people)
    again = files.scheme.rpc("receiver")
    said = at_once(
        [answer(s, "action_accept", handover) for s in (files.receiver, again)]
    )
    assert sorted(text == "done" for text in said) == [False, True]
    assert any("UserError" in text for text in said)
    assert files.followed_by() == [files.card(files.receiver)]
    assert files.standing() == 2
    with pytest.raises(RpcError):  # at once, in the sender's next request
        files.sender.call("culture.beneficiary", "read", files.people, ["last_name"])


def test_accepted_and_withdrawn_at_once(files):
    handover = files.propose(files.receiver, files.people)
    said = at_once(
        [
            answer(files.receiver, "action_accept", handover),
            answer(files.sender, "action_withdraw", handover),
        ]
    )
    assert sorted(text == "done" for text in said) == [False, True]
    winner = files.receiver if said[0] == "done" else files.sender
    assert files.followed_by() == [files.card(winner)]
    assert files.standing() == 2


@pytest.mark.workers(2)
def test_two_handovers_of_one_file(files):
    """The second proposal is written past the screens' check, as a race would."""
    first = files.propose(files.receiver, files.people)
    second = files.sql(
        "INSERT INTO culture_handover (from_id, to_id, proposed_by_id, structure_id,"
        " company_id, state, proposed_date)"
        " SELECT from_id, %s, proposed_by_id, structure_id, company_id, state,"
        " proposed_date FROM culture_handover WHERE id = %s RETURNING id",
        files.card(files.other),
        first,
    )[0][0]
    files.sql(
        "INSERT INTO culture_handover_line (handover_id, beneficiary_id, reference,"
        " result, company_id) SELECT %s, beneficiary_id, reference, result, company_id"
        " FROM culture_handover_line WHERE handover_id = %s",
        second,
        first,
    )
    said = at_once(
        [
            answer(files.receiver, "action_accept", first),
            answer(files.other, "action_accept", second),
        ]
    )
    assert said == ["done", "done"]
    states = files.sql("SELECT state FROM culture_handover ORDER BY state")
    assert states == [("accepted",), ("withdrawn",)]
    assert len(files.followed_by()) == 1
    assert files.standing() == 2


@pytest.mark.workers(2)
def test_one_opening_however_many_calls(files):
    sessions = [files.scheme.rpc("sender") for __ in range(CLIENTS)]
    said = at_once(
        [
            lambda s=session: s.call(
                "culture.beneficiary", "log_opening", [files.people[0]]
            )
            for session in sessions
        ]
    )
    assert said == ["done"] * CLIENTS
    assert files.sql(FOUND) in ([(1,)], [(2,)])  # two when the hour turned meanwhile


@pytest.mark.workers(2)
def test_one_grant_however_many_clicks(files):
    [[number]] = files.sql(
        "SELECT reference FROM culture_beneficiary WHERE id = %s", files.people[0]
    )
    values = {"reference": number, "reason": "Nobody can be reached today"}
    sessions = [files.scheme.rpc("other") for __ in range(CLIENTS)]
    assistants = [s.call("culture.break.glass", "create", values) for s in sessions]
    said = at_once(
        [
            lambda s=s, a=a: s.call("culture.break.glass", "action_open_file", [a])
            for s, a in zip(sessions, assistants, strict=True)
        ]
    )
    assert said.count("done") == 1
    query = "SELECT count(*) FROM culture_access WHERE kind = 'break_glass'"
    assert files.sql(query) == [(1,)]
