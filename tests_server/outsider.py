"""Somebody with a browser and a program, who asks for what is not theirs."""

import hashlib
import json
import re
import xmlrpc.client

import requests


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


class Outsider:
    """One who tries: collects what each way answered for an id."""

    def __init__(self, server, login=None, key=None):
        self.server = server
        self.login = login
        self.key = key
        self.session = server.rpc(login).session if login else requests.Session()
        self.uid = self.authenticated()
        self.csrf_token = self.token()

    def asked(self, model, id_):
        """What a program asks for.

        :return: status and text of each answer, by the name of the way
        """
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
        return found

    def shown(self, model, id_, field):
        """What a browser is shown, sent and told.

        :return: status and text of each answer, by the name of the way
        """
        found = {}
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

    def authenticated(self):
        if not self.login:
            return None
        common = xmlrpc.client.ServerProxy(f"{self.server.url}/xmlrpc/2/common")
        return common.authenticate(self.server.database, self.login, self.login, {})

    def xml_rpc(self, model, method, ids):
        proxy = xmlrpc.client.ServerProxy(f"{self.server.url}/xmlrpc/2/object")
        try:
            answer = proxy.execute_kw(
                self.server.database, self.uid, self.login, model, method, [ids]
            )
        except xmlrpc.client.Fault as fault:
            answer = f"{fault.faultCode} {fault.faultString}"
        return 200, str(answer)

    def get(self, path):
        response = self.session.get(
            self.server.url + path, timeout=60, allow_redirects=False
        )
        location = response.headers.get("Location", "")
        if location.endswith(path) and location != path:
            return self.get(location)  # the same page, under its language
        if response.headers.get("Content-Type", "").startswith("image/"):
            return response.status_code, hashlib.sha256(response.content).hexdigest()
        return response.status_code, location + response.text

    def pages(self, routes, id_):
        """What each address of the addon answers, asked and sent to."""
        for route in routes:
            path = re.sub("<int:[a-z_]+>", str(id_), route)
            path = path.replace("<string:kind>", "people")
            yield ("GET", route), self.get(path)
            yield (
                ("POST", route),
                self.send(path, seats="1", number="1", state="absent"),
            )

    def send(self, path, **form):
        response = self.session.post(
            self.server.url + path,
            data={"csrf_token": self.csrf_token, **form},
            timeout=60,
            allow_redirects=False,
        )
        return response.status_code, response.headers.get(
            "Location", ""
        ) + response.text

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
            data={"data": json.dumps(data), "csrf_token": self.csrf_token},
            timeout=60,
        )
        return response.status_code, response.text

    def token(self):
        page = self.session.get(f"{self.server.url}/web/login", timeout=60).text
        found = re.search(r"csrf_token: \"(\w+)\"", page)
        return found[1] if found else ""
