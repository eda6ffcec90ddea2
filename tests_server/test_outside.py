"""Who has no role tries every door of a running server, with ids that are not theirs.

The public and an agent without any role ask for each model of the addon
that is in the registry, by each way that the host offers, once with the id of a record
of somebody else and once with one that does not exist. Nothing that was seeded is in
any answer, and both are answered alike.
"""

import hashlib
import json
import re
import secrets
import xmlrpc.client

import pytest
import requests
from conftest import RpcError
from passlib.context import CryptContext
from scheme import Scheme, moment

ABSENT = 987654
FIRST = 812345  # ids that occur in an answer only where they are meant
NAMES = ("Zyxadele", "Zyxberthe", "Zyxfoyer", "Zyxsortie", "06 99 88 77 66", "zyx@")


@pytest.fixture
def seeded(rpc, sql):
    """A scheme in which every name is one that occurs nowhere else."""
    scheme = Scheme(rpc, sql)
    for (table,) in sql(
        "SELECT relname FROM pg_class WHERE relkind = 'S'"
        " AND relname LIKE 'culture\\_%%\\_id\\_seq'"
    ):
        sql(f"ALTER SEQUENCE {table} RESTART WITH {FIRST}")
    referent = scheme.user("referent", "referent")
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
    lines = [{"beneficiary_id": person} for person in people]
    referent.call("culture.outing", "action_register", [outing], lines, "confirmed")
    return scheme


def models_with_ids(sql):
    """Each model of the addon in the registry, with the id of one of its records."""
    for (model,) in sql("SELECT model FROM ir_model WHERE model LIKE 'culture.%%'"):
        table = model.replace(".", "_")
        [[exists]] = sql("SELECT to_regclass(%s) IS NOT NULL", table)
        if not exists:
            continue
        rows = sql(f"SELECT max(id) FROM {table}")
        yield model, rows[0][0] or ABSENT - 1


def calls(id_):
    """Method, arguments and keyword arguments of what a client would call."""
    one = [("id", "=", id_)]
    return (
        ("read", ([id_], ["display_name"]), {}),
        ("web_read", ([id_],), {"specification": {"display_name": {}}}),
        ("search_read", (one, ["display_name"]), {}),
        ("web_search_read", (one, {"display_name": {}}), {}),
        ("search_count", (one,), {}),
        ("name_search", ("Zyx",), {}),
        ("formatted_read_group", (one, ["create_uid"], ["__count"]), {}),
        ("export_data", ([id_], ["display_name"]), {}),
        ("write", ([id_], {"create_uid": 1}), {}),
        ("unlink", ([id_],), {}),
        ("copy", ([id_],), {}),
        ("onchange", ([id_], {}, [], {"display_name": {}}), {}),
    )


def plain(text, id_):
    """An answer without what differs from request to request."""
    text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", "", text)  # what a page shows, not its attributes
    text = text.replace(str(id_), "ID")
    return re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", "", text)


class Outsider:
    """One who tries: collects what each way answered for an id."""

    def __init__(self, server, login=None, key=None):
        self.server = server
        self.login = login
        self.key = key
        self.session = server.rpc(login).session if login else requests.Session()

    def answers(self, model, id_, field):
        """:return: status and text of each answer, by the name of the way"""
        found = {}
        for method, args, kwargs in calls(id_):
            found["call_kw", method] = self.json_rpc(
                f"/web/dataset/call_kw/{model}/{method}",
                {"model": model, "method": method, "args": args, "kwargs": kwargs},
            )
        if self.key:
            found["json2"] = self.json_2(model, "read", {"ids": [id_]})
            found["json2 search"] = self.json_2(
                model, "search_read", {"domain": [["id", "=", id_]]}
            )
        if self.login:
            found["xmlrpc"] = self.xml_rpc(model, "read", [id_])
        for way, path, params in self.mail(model, id_):
            found[way] = self.json_rpc(path, params)
        for path in (
            f"/web/content/{model}/{id_}/{field}",
            f"/web/content?model={model}&id={id_}&field={field}",
            f"/web/image/{model}/{id_}/{field}",
            f"/mail/view?model={model}&res_id={id_}",
            f"/report/html/web.report_layout/{id_}",
            f"/my/{model}/{id_}",
        ):
            found[path.replace(str(id_), "ID")] = self.get(path)
        found["export"] = self.export(model, id_)
        return found

    def mail(self, model, id_):
        thread = {"thread_model": model, "thread_id": id_}
        post = {"post_data": {"body": "x"}, **thread}
        wanted = ["messages", "attachments", "activities", "followers"]
        fetch = [["mail.thread", {"request_list": wanted, **thread}]]
        yield "post", "/mail/message/post", post
        yield "messages", "/mail/thread/messages", thread
        yield "data", "/mail/data", {"fetch_params": fetch}
        yield (
            "recipients",
            "/mail/thread/recipients",
            {**thread, "message_id": 1},
        )
        yield (
            "subscribe",
            "/mail/thread/subscribe",
            {"res_model": model, "res_id": id_, "partner_ids": [1]},
        )

    def json_rpc(self, path, params):
        response = self.session.post(
            self.server.url + path,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=60,
        )
        return response.status_code, response.text

    def json_2(self, model, method, body):
        response = requests.post(
            f"{self.server.url}/json/2/{model}/{method}",
            json=body,
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=60,
        )
        return response.status_code, response.text

    def xml_rpc(self, model, method, ids):
        base = self.server.url
        uid = xmlrpc.client.ServerProxy(f"{base}/xmlrpc/2/common").authenticate(
            self.server.database, self.login, self.login, {}
        )
        proxy = xmlrpc.client.ServerProxy(f"{base}/xmlrpc/2/object")
        try:
            answer = proxy.execute_kw(
                self.server.database, uid, self.login, model, method, [ids]
            )
        except xmlrpc.client.Fault as fault:
            answer = f"{fault.faultCode} {fault.faultString}"
        return 200, str(answer)

    def get(self, path):
        response = self.session.get(
            self.server.url + path, timeout=60, allow_redirects=False
        )
        if response.headers.get("Content-Type", "").startswith("image/"):
            return response.status_code, hashlib.sha256(response.content).hexdigest()
        location = response.headers.get("Location", "")
        return response.status_code, location + response.text

    def export(self, model, id_):
        data = {
            "model": model,
            "fields": [{"name": "display_name", "label": "Name"}],
            "ids": [id_],
            "domain": [],
            "import_compat": False,
        }
        response = self.session.post(
            f"{self.server.url}/web/export/csv",
            data={"data": json.dumps(data), "csrf_token": self.token()},
            timeout=60,
        )
        return response.status_code, response.text

    def token(self):
        page = self.session.get(f"{self.server.url}/web/login", timeout=60).text
        found = re.search(r"csrf_token: \"(\w+)\"", page)
        return found[1] if found else ""


def api_key(sql, uid):
    """A key of a user, as the host keeps it: only its hash."""
    key = secrets.token_hex(20)
    context = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=6000)
    sql(
        "INSERT INTO res_users_apikeys (name, user_id, scope, expiration_date, key,"
        " index) VALUES ('test', %s, 'rpc', %s, %s, %s)",
        uid,
        moment(days=30),
        context.hash(key),
        key[:8],
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


@pytest.mark.expected_in_log(".")
@pytest.mark.parametrize("who", ["public", "stranger"])
def test_nothing_gets_out(server, seeded, sql, who):
    if who == "public":
        outsider = Outsider(server)
    else:
        if who == "stranger":
            seeded.user("stranger")
        [[uid]] = sql("SELECT id FROM res_users WHERE login = %s", who)
        outsider = Outsider(server, who, api_key(sql, uid))
    models = dict(models_with_ids(sql))
    assert len(models) > 20
    for model, id_ in models.items():
        there = outsider.answers(model, id_, "display_name")
        absent = outsider.answers(model, ABSENT, "display_name")
        for way, (status, text) in there.items():
            for name in NAMES:
                assert name not in text, (who, model, way, name)
            other_status, other = absent[way]
            assert status == other_status, (who, model, way, text[:300], other[:300])
            if id_ < FIRST:
                continue  # a list's row of the installation: its number is too common
            assert plain(message_of(text), id_) == plain(message_of(other), ABSENT), (
                who,
                model,
                way,
            )


def test_the_lawful_way_is_open(seeded):
    """Were nothing found because nothing is there, the test above would say less."""
    referent = seeded.rpc("referent")
    people = referent.call("culture.beneficiary", "search_read", [], ["display_name"])
    assert "Zyxadele" in str(people)
    with pytest.raises(RpcError):
        seeded.user("stranger").call("culture.beneficiary", "search_read", [])
