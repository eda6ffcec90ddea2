"""An invitation leaves by a real mail server, and what it leads to opens."""

import re

import requests
from conftest import free_ports
from scheme import Scheme


def invite(scheme, **values):
    form = scheme.admin.call(
        "culture.role.invite",
        "create",
        {"partner_id": scheme.structure, "role": "relay", **values},
    )
    return scheme.admin.call("culture.role.invite", "action_invite", [form])


def test_from_the_invitation_to_the_portal(rpc, sql, mailbox):
    scheme = Scheme(rpc, sql)
    [[company]] = sql("SELECT id FROM res_company")
    scheme.admin.call("res.company", "write", [company], {"email": "ccas@example.org"})
    answer = invite(scheme, name="Rosa Relais", email="Rosa@Example.org")
    assert answer["params"]["type"] == "success"
    [(recipients, mail)] = mailbox.wait_for(1)
    assert recipients == ["rosa@example.org"]
    body = mail.get_body(("html",)).get_content()
    link = re.search(r'href="([^"]*/web/signup\?[^"]*)"', body)[1].replace("&amp;", "&")
    assert "Rosa" not in link

    browser = requests.Session()
    page = browser.get(re.sub(r"^https?://[^/]+", scheme.admin.url, link), timeout=60)
    field = r'name="{}"[^>]*value="([^"]*)"'
    answer = browser.post(
        page.url,
        data={
            "csrf_token": re.search(field.format("csrf_token"), page.text)[1],
            "token": re.search(field.format("token"), page.text)[1],
            "login": "rosa@example.org",
            "name": "Rosa Relais",
            "password": "Not-guessed-2026",
            "confirm_password": "Not-guessed-2026",
        },
        timeout=60,
    )
    assert answer.ok
    rosa = rpc("rosa@example.org", "Not-guessed-2026")
    [[parent, portal]] = sql(
        "SELECT p.parent_id, u.share FROM res_users u"
        " JOIN res_partner p ON p.id = u.partner_id WHERE u.id = %s",
        rosa.uid,
    )
    assert (parent, portal) == (None, True)
    [(role, relays)] = sql(
        "SELECT r.role, (SELECT count(*) FROM culture_relay WHERE user_id = r.user_id)"
        " FROM culture_role r WHERE r.user_id = %s",
        rosa.uid,
    )
    assert (role, relays) == ("relay", 1)

    invite(scheme, email="rosa@example.org", role="observer")
    assert [to for to, m in mailbox.received if m["Subject"] == mail["Subject"]] == [
        recipients
    ]
    count = "SELECT count(*) FROM res_users WHERE login ILIKE %s"
    assert sql(count, "rosa%") == [(1,)]


def test_an_invitation_that_cannot_leave_is_told(rpc, sql):
    scheme = Scheme(rpc, sql)
    [port] = free_ports(1)
    scheme.admin.call(
        "ir.mail_server",
        "create",
        {"name": "Nobody answers", "smtp_host": "127.0.0.1", "smtp_port": port},
    )
    answer = invite(scheme, name="Rosa Relais", email="rosa@example.org")
    assert answer["params"]["type"] == "danger"
