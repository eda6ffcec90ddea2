"""After a day of use, nothing of a person stands in the host's own tables or log.

The persons have no contact in the CRM; their names are such that no other text holds
them. What is looked through: every text column of every table that is not ours, the
server's log, and the mails that it sent.
"""

import base64

import pytest
from conftest import RpcError
from scheme import Scheme, moment

PEOPLE = [("Zyxeline", "Quorvantou"), ("Wlodizka", "Brixomande")]
IMPORTED = [("Xandrulphe", "Vlimborcq"), ("Yphigonde", "Kwarzentin")]
PHONE = "0639987654"
EMAIL = "zyx.quorvantou@example.org"
TRACES = [*(name for pair in PEOPLE + IMPORTED for name in pair), PHONE, EMAIL]


@pytest.fixture
def day_of_use(rpc, sql, mailbox):
    """People, an import, registrations, activities, mails, errors, wrong ids."""
    scheme = Scheme(rpc, sql)
    referent = scheme.user("referent", "referent")
    coordinator = scheme.user("coordinator", "coordinator")
    stranger = scheme.user("stranger")
    people = scheme.people(referent, PEOPLE)
    referent.call(
        "culture.beneficiary", "write", people[:1], {"phone": PHONE, "email": EMAIL}
    )
    outing = scheme.outing(referent, 2)
    lines = [{"beneficiary_id": person} for person in people]
    registered = referent.call("culture.outing", "action_register", [outing], lines)
    referent.call("culture.registration", "action_cancel", registered[:1])
    an_activity(scheme, referent, people[0])
    an_import(referent)
    for session in (referent, coordinator, stranger):
        provoke(session, people, outing)
    activity_for(scheme, referent, people[0], coordinator.uid)
    a_message(scheme, coordinator, outing, referent)
    mailbox.wait_for(1)
    return scheme


def a_message(scheme, session, outing, reader):
    [[partner]] = scheme.sql(
        "SELECT partner_id FROM res_users WHERE id = %s", reader.uid
    )
    session.call(
        "culture.outing",
        "message_post",
        [outing],
        body="Rendez-vous à 20 h",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        partner_ids=[partner],
    )


def an_activity(scheme, session, person):
    activity = activity_for(scheme, session, person, session.uid)
    session.call("mail.activity", "action_feedback", [activity], feedback="Fait")


def activity_for(scheme, session, person, uid):
    return session.call(
        "mail.activity",
        "create",
        {
            "res_model_id": scheme.sql(
                "SELECT id FROM ir_model WHERE model = 'culture.beneficiary'"
            )[0][0],
            "res_id": person,
            "activity_type_id": scheme.ref("mail.mail_activity_data_todo"),
            "user_id": uid,
            "summary": "Appeler",
        },
    )


def an_import(session):
    rows = "\n".join(f"{last};{first}" for first, last in IMPORTED)
    content = base64.b64encode(f"Nom;Prénom\n{rows}\n".encode()).decode()
    assistant = session.call(
        "culture.import.people",
        "create",
        {"file": content, "file_name": "personnes.csv"},
    )
    session.call("culture.import.people", "action_check", [assistant])
    session.call("culture.import.people", "action_import", [assistant])
    names = [name for name, __ in IMPORTED]
    domain = [("first_name", "in", names)]
    assert session.call("culture.beneficiary", "search_count", domain) == len(IMPORTED)


def provoke(session, people, outing):
    """What goes wrong in a day: each is refused, or answers nothing."""
    twice = {"beneficiary_id": people[0]}
    for model, method, *arguments in (
        ("culture.outing", "action_register", [outing], [twice, twice]),
        ("culture.outing", "action_register", [outing], [{"beneficiary_id": 999999}]),
        ("culture.beneficiary", "read", [999999], ["first_name"]),
        ("culture.beneficiary", "write", people, {"birth_date": "1700-01-01"}),
        ("culture.beneficiary", "write", people, {"email": "nowhere"}),
        ("culture.beneficiary", "write", people, {"structure_id": 999999}),
        ("culture.beneficiary", "copy", people),
        ("culture.beneficiary", "unlink", people),
        ("culture.registration", "action_confirm", [999999]),
        ("culture.registration", "action_record", [999999], "attended"),
        ("culture.outing", "write", [outing], {"date_begin": moment(days=99999)}),
    ):
        with pytest.raises(RpcError):
            session.call(model, method, *arguments)


def test_nothing_of_a_person_outside_our_tables(day_of_use, server, sql, mailbox):
    columns = sql(
        """SELECT c.table_name, c.column_name
             FROM information_schema.columns c
             JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
              AND c.table_name NOT LIKE 'culture\\_%%'
              AND c.data_type IN ('text', 'character varying', 'jsonb', 'json')"""
    )
    assert len(columns) > 500
    pattern = "|".join(TRACES)
    found = [
        (table, column)
        for table, column in columns
        if sql(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ~* %s LIMIT 1', pattern)
    ]
    assert not found
    log = server.log.read_text()
    assert not [trace for trace in TRACES if trace in log]
    mails = "\n".join(text_of(mail) for _, mail in mailbox.received)
    assert "Rendez-vous" in mails
    assert "Appeler" not in mails  # on a person, the host's notices are off
    assert not [trace for trace in TRACES if trace.lower() in mails.lower()]


def text_of(mail):
    """Headers and parts of a mail, decoded."""
    parts = [part.get_payload(decode=True) or b"" for part in mail.walk()]
    texts = [part.decode(errors="replace") for part in parts]
    return "\n".join([*mail.values(), *texts])


def test_the_search_would_find_a_trace(server, sql, rpc):
    """The proof of the proof: a name in a contact is found."""
    admin = rpc("admin", "admin")
    admin.call("res.partner", "create", {"name": PEOPLE[0][1]})
    assert sql("SELECT 1 FROM res_partner WHERE name ~* %s", "|".join(TRACES))
