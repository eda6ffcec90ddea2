"""An invitation leaves by a real mail server, and what it leads to opens."""

import re

import pytest
import requests
from conftest import RpcError, free_ports
from scheme import Scheme


def invite(scheme, **values):
    form = scheme.admin.call(
        "culture.role.invite",
        "create",
        {"partner_id": scheme.structure, "role": "relay", **values},
    )
    return scheme.admin.call("culture.role.invite", "action_invite", [form])


def link_of(mail, scheme):
    """The address in an invitation, on the test's server."""
    body = mail.get_body(("html",)).get_content()
    link = re.search(r'href="([^"]*/web/signup\?[^"]*)"', body)[1].replace("&amp;", "&")
    return re.sub(r"^https?://[^/]+", scheme.admin.url, link)


def follow(link, password):
    """Choose a password on the page behind an invitation.

    :return: whether it was taken
    """
    browser = requests.Session()
    page = browser.get(link, timeout=60)
    field = r'name="{}"[^>]*value="([^"]*)"'
    token = re.search(field.format("token"), page.text)
    if not token:
        return False
    answer = browser.post(
        page.url,
        data={
            "csrf_token": re.search(field.format("csrf_token"), page.text)[1],
            "token": token[1],
            "login": "rosa@example.org",
            "name": "Rosa Relais",
            "password": password,
            "confirm_password": password,
        },
        timeout=60,
        allow_redirects=False,
    )
    return answer.status_code == 303


def test_from_the_invitation_to_the_portal(rpc, sql, mailbox):
    scheme = Scheme(rpc, sql)
    [[company]] = sql("SELECT id FROM res_company")
    scheme.admin.call("res.company", "write", [company], {"email": "ccas@example.org"})
    answer = invite(scheme, name="Rosa Relais", email="Rosa@Example.org")
    assert answer["params"]["type"] == "success"
    [(recipients, mail)] = mailbox.wait_for(1)
    assert recipients == ["rosa@example.org"]
    link = link_of(mail, scheme)
    assert "Rosa" not in link

    assert follow(link, "Not-guessed-2026")
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

    assert not follow(link, "Replayed-2026"), "an invitation serves once"
    assert rpc("rosa@example.org", "Not-guessed-2026").uid == rosa.uid

    invite(scheme, email="rosa@example.org", role="observer")
    assert [to for to, m in mailbox.received if m["Subject"] == mail["Subject"]] == [
        recipients
    ]
    count = "SELECT count(*) FROM res_users WHERE login ILIKE %s"
    assert sql(count, "rosa%") == [(1,)]


def test_an_invitation_that_is_old_or_invented_opens_nothing(rpc, sql, mailbox):
    scheme = Scheme(rpc, sql)
    scheme.admin.call(
        "ir.config_parameter", "set_param", "auth_signup.signup.validity.hours", "-1"
    )
    scheme.admin.call("res.company", "write", [1], {"email": "ccas@example.org"})
    invite(scheme, name="Rosa Relais", email="rosa@example.org")
    [(_, mail)] = mailbox.wait_for(1)
    link = link_of(mail, scheme)
    assert not follow(link, "Too-late-2026")
    assert not follow(re.sub(r"token=\w", "token=x", link), "Invented-2026")
    with pytest.raises(RpcError):
        rpc("rosa@example.org", "Too-late-2026")


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
