"""Who has no right tries every door of a running server, with ids that are not theirs.

The public, an agent without any role, and somebody of a partner organisation, who has
all three roles of the portal, ask for each model of the addon that is in the registry,
by each way that the host offers, and for each address of the addon: once with the id of
a record of somebody else and once with one that does not exist. Nothing that was seeded
is in any answer, and both are answered alike.
"""

import json
import re
import secrets

import pytest
import requests
from conftest import RpcError
from outsider import Outsider
from passlib.context import CryptContext
from rights import ACCESS, ROUTES
from scheme import Scheme, moment

ABSENT = 987654
FIRST = 812345  # ids that occur in an answer only where they are meant
NAMES = ("Zyxadele", "Zyxberthe", "Zyxfoyer", "Zyxsortie", "06 99 88 77 66", "zyx@")
OUTSIDERS = ("public", "stranger", "partner")
SHOWN = {repr(rights): model for model, rights in reversed(ACCESS.items())}.values()
"""For pages, files and mail, which are the host's own code whatever the model: of those
with the same rights, the first."""


@pytest.fixture
def seeded(rpc, sql):
    """A scheme in which every name is one that occurs nowhere else.

    `partner` escorts an outing of its own, `seeded.open`, on which somebody comes.
    """
    scheme = Scheme(rpc, sql)
    referent = scheme.user("referent", "referent")
    scheme.user("stranger")
    scheme.open = partner_with_an_outing(scheme, referent)
    for (table,) in sql(
        "SELECT relname FROM pg_class WHERE relkind = 'S'"
        " AND relname LIKE 'culture\\_%%\\_id\\_seq'"
    ):
        sql(f"ALTER SEQUENCE {table} RESTART WITH {FIRST}")
    people = scheme.people(referent, [("Zyxadele", "A"), ("Zyxberthe", "B")])
    referent.call(
        "culture.beneficiary",
        "write",
        people[:1],
        {"phone": "06 99 88 77 66", "email": "zyx@example.org"},
    )
    referent.call(
        "culture.household",
        "create",
        {
            "name": "Zyxfoyer",
            "structure_id": scheme.structure,
            "beneficiary_ids": [(4, people[0])],
        },
    )
    outing = scheme.outing(referent, 20, name="Zyxsortie", date_begin=moment(days=9))
    scheme.closed = outing
    scheme.register(referent, outing, *people)
    return scheme


def partner_with_an_outing(scheme, referent):
    association, convention = scheme.association(
        "Association", identity_level="first_name"
    )
    roles = ("relay", "partner_manager", "observer")
    partner = scheme.partner_user("partner", association, *roles)
    card = scheme.relay_card(partner, association)
    [person] = scheme.people(referent, [("Wilhelmine", "Own")])
    referent.call(
        "culture.beneficiary", "write", [person], {"identity_agreement": True}
    )
    outing = scheme.outing(
        referent,
        5,
        date_begin=moment(days=3),
        provider_id=association,
        convention_id=convention,
        escort_ids=[(4, card)],
    )
    scheme.register(referent, outing, person)
    return outing


@pytest.fixture
def outsider(server, seeded, sql, request):
    who = request.param
    if who == "public":
        return Outsider(server)
    return Outsider(server, who, api_key(sql, who))


def models_with_ids(sql):
    """Each model of the addon in the registry, with the id of one of its records."""
    for (model,) in sql("SELECT model FROM ir_model WHERE model LIKE 'culture.%%'"):
        table = model.replace(".", "_")
        [[exists]] = sql("SELECT to_regclass(%s) IS NOT NULL", table)
        if not exists:
            continue
        rows = sql(f"SELECT max(id) FROM {table}")
        yield model, rows[0][0] or ABSENT - 1


def plain(text, id_):
    """An answer without what differs from request to request."""
    text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", "", text)  # what a page shows, not its attributes
    text = text.replace(str(id_), "ID")
    return re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", "", text)


def api_key(sql, login, **until):
    """A key of a user, as the host keeps it: only its hash."""
    key = secrets.token_hex(20)
    context = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=6000)
    sql(
        "INSERT INTO res_users_apikeys (name, user_id, scope, expiration_date, key,"
        " index) SELECT 'test', id, 'rpc', %s, %s, %s FROM res_users WHERE login = %s",
        moment(**(until or {"days": 30})),
        context.hash(key),
        key[:8],
        login,
    )
    return key


def message_of(text):
    """What an RPC error says, without the traces meant for developers."""
    try:
        answer = json.loads(text)
    except ValueError:
        return text
    if isinstance(answer, dict):
        error = answer.get("error", answer)
        data = error.get("data", error) if isinstance(error, dict) else error
        if isinstance(data, dict) and "message" in data:
            return f"{data.get('name')}: {data['message']}"
    return text


def check_alike(there, id_, absent, where):
    """Nothing is told, whether it exists or not."""
    status, text = there
    other_status, other = absent
    for name in NAMES:
        assert name not in text, (where, name)
    assert status == other_status, (where, text[:300], other[:300])
    if id_ < FIRST:
        return  # a list's row of the installation: its number is too common
    assert plain(message_of(text), id_) == plain(message_of(other), ABSENT), where


@pytest.mark.expected_in_log(".")
@pytest.mark.parametrize("outsider", OUTSIDERS, indirect=True)
def test_nothing_gets_out(outsider, seeded, sql):
    models = dict(models_with_ids(sql))
    assert len(models) > 20
    for model, id_ in models.items():
        there, absent = (outsider.asked(model, each) for each in (id_, ABSENT))
        if model in SHOWN:
            there |= outsider.shown(model, id_, "display_name")
            absent |= outsider.shown(model, ABSENT, "display_name")
        for way, answer in there.items():
            check_alike(answer, id_, absent[way], (model, way))
    state = "SELECT id, state, seats_max, seats_taken FROM culture_outing ORDER BY id"
    before = sql(state)
    absent = dict(outsider.pages(ROUTES, ABSENT))
    for where, answer in outsider.pages(ROUTES, seeded.closed):
        check_alike(answer, seeded.closed, absent[where], where)
    assert sql(state) == before


def test_the_lawful_way_is_open(server, seeded):
    """Were nothing found because nothing is there, the tests above would say less."""
    referent = seeded.rpc("referent")
    people = referent.call("culture.beneficiary", "search_read", [], ["display_name"])
    assert "Zyxadele" in str(people)
    with pytest.raises(RpcError):
        seeded.rpc("stranger").call("culture.beneficiary", "search_read", [])
    partner = Outsider(server, "partner")
    status, page = partner.get(f"/my/culture/outing/{seeded.open}")
    assert (status, "Wilhelmine" in page) == (200, True)
    assert partner.get(f"/my/culture/partner/outing/{seeded.open}")[0] == 200


def check_keys(server, seeded, sql):
    """Keys of a user; of one who has no role; that ended; that nobody was given."""
    ask = ("culture.beneficiary", "search_read", {"domain": []})

    def answer(key):
        return Outsider(server, key=key).json_2(*ask)

    assert "Zyxadele" in answer(api_key(sql, "referent"))[1]
    assert "Zyx" not in answer(api_key(sql, "stranger"))[1]
    old, invented = answer(api_key(sql, "referent", hours=-1)), answer("0" * 40)
    assert old == invented
    assert old[0] == 401


def check_forms(server, seeded, sql):
    """A form sent with the token of somebody else's page; a session made up."""
    partner, stranger = Outsider(server, "partner"), Outsider(server, "stranger")
    path = f"/my/culture/partner/outing/{seeded.open}/take-back"
    seats = "SELECT seats_max FROM culture_outing WHERE id = %s"
    partner.csrf_token = stranger.csrf_token
    assert partner.send(path, seats="1", seen="5")[0] == 400
    assert sql(seats, seeded.open) == [(5,)]
    partner.csrf_token = partner.token()
    assert partner.send(path, seats="1", seen="5")[0] == 303
    assert sql(seats, seeded.open) == [(4,)]

    path = f"{server.url}/my/culture/outing/{seeded.open}"
    forged = {"session_id": secrets.token_urlsafe(63)}
    page = requests.get(path, cookies=forged, timeout=60, allow_redirects=False)
    assert page.status_code == 303
    assert "/web/login" in page.headers["Location"]


def check_files(server, seeded, sql):
    """The token with which one file is shared opens no other."""
    referent = seeded.rpc("referent")
    files = [
        referent.call(
            "ir.attachment",
            "create",
            {
                "name": "Zyx.txt",
                "raw": "WnlY",
                "res_model": "culture.outing",
                "res_id": outing,
            },
        )
        for outing in (seeded.open, seeded.closed)
    ]
    [token], __ = (
        referent.call("ir.attachment", "generate_access_token", [id_]) for id_ in files
    )
    public = Outsider(server)
    assert public.get(f"/web/content/{files[0]}?access_token={token}")[0] == 200
    for path in ("/web/content/{}", "/web/image/{}", "/web/content/{}/name"):
        theirs = public.get(path.format(files[1]) + f"?access_token={token}")
        absent = public.get(path.format(ABSENT) + f"?access_token={token}")
        assert theirs == absent


@pytest.mark.expected_in_log(".")
def test_tokens_of_others_and_old_ones(server, seeded, sql):
    check_keys(server, seeded, sql)
    check_forms(server, seeded, sql)
    check_files(server, seeded, sql)
