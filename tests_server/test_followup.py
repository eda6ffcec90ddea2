"""A note saved by several calls at once, and read by nobody it is not for."""

import pytest
from conftest import RpcError
from storm import storm

SECRET = "Quorvantou"
CLIENTS = 4


def note(session, person):
    """Type a note into the dialog, which is saved by the browser, not kept yet.

    :return: id of the dialog
    """
    action = session.call("culture.beneficiary", "action_note_followup", [person])
    context = {**session.context, **action["context"]}
    values = {"note": SECRET, "next_step": "Call back"}
    return session.call("culture.followup.note", "create", values, context=context)


def save(session, dialog):
    return session.call("culture.followup.note", "action_save", [dialog])


@pytest.mark.workers(2)
def test_saved_once_however_many_calls(scheme, referent, person):
    dialog = note(referent, person)
    sessions = [scheme.rpc("referent") for __ in range(CLIENTS)]
    said = storm([lambda s=session: save(s, dialog)["type"] for session in sessions])
    assert set(said) == {"ir.actions.client"}
    assert scheme.sql("SELECT note FROM culture_followup") == [(SECRET,)]
    assert scheme.sql("SELECT note, next_step FROM culture_followup_note") == [
        (None, None)
    ]
    query = "SELECT count(*) FROM mail_activity WHERE res_id = %s AND res_model = %s"
    assert scheme.sql(query, person, "culture.beneficiary") == [(1,)]


@pytest.mark.workers(2)
@pytest.mark.expected_in_log(r'access the field "note"')
def test_read_by_who_follows_and_by_nobody_else(scheme, server, referent, person):
    colleague = scheme.user("colleague", "referent")
    coordinator = scheme.user("coordinator", "coordinator")
    save(referent, note(referent, person))
    thread = ("culture.beneficiary", "read_timeline", [person])
    assert SECRET in str(referent.call(*thread))
    assert SECRET not in str(coordinator.call(*thread))
    with pytest.raises(RpcError):
        colleague.call(*thread)

    query = "SELECT id FROM culture_referent WHERE user_id = %s"
    [[card]] = scheme.sql(query, colleague.uid)
    coordinator.call("culture.beneficiary", "write", [person], {"referent_id": card})
    assert SECRET in str(colleague.call(*thread))
    former = [scheme.rpc("referent") for __ in range(CLIENTS)]  # on both workers
    [[followup]] = scheme.sql("SELECT id FROM culture_followup")
    for session in (*former, coordinator):
        assert session.call("culture.followup", "search", []) == []
        for model, method, args in (
            ("culture.followup", "read", ([followup], ["note"])),
            ("culture.followup", "export_data", ([followup], ["note"])),
            ("culture.followup", "search", ([("note", "ilike", SECRET)],)),
            ("culture.followup", "action_correct", ([followup],)),
            ("culture.followup", "write", ([followup], {"note": "Forged"})),
            ("culture.beneficiary", "search", ([("followup_ids.note", "!=", "")],)),
            ("culture.followup.note", "search", ([("note", "ilike", SECRET)],)),
        ):
            try:
                said = str(session.call(model, method, *args))
            except RpcError as error:
                said = str(error)
            assert SECRET not in said
            assert said == "[]" or "AccessError" in said or "rights to export" in said
    assert scheme.sql("SELECT note FROM culture_followup") == [(SECRET,)]
    assert SECRET not in server.log.read_text()
