#!/usr/bin/env python3
"""Photograph the screens of a running demonstration, in French, for the guide.

Drives Chromium by its own protocol; needs `websocket-client` and `requests`.
"""

import argparse
import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import requests
import websocket

WIDE = (1280, 860)
PHONE = (390, 844)
SETTLE_SECONDS = 0.8
PATIENCE_SECONDS = 30

OPEN = "window.location.assign"
CLICK = """(selector => {
    const found = [...document.querySelectorAll(selector)].find(e => e.offsetParent);
    if (found) { found.click(); }
    return Boolean(found);
})"""
QUIET = """!document.querySelector('.o_loading_indicator, .o_blockUI')
    && document.readyState === 'complete'
    && Boolean(document.querySelector('.o_action_manager')?.children.length
        || document.querySelector('.o_culture_portal'))"""

STRUCTURES = "/odoo/culture-structures"
TO_ROLES = ["td[data-tooltip^='Agence Sud']", ".nav-link[name=culture_roles]"]

# name of the picture: (login, size, first path, selectors to click one after the other)
PICTURES = {
    "beneficiaires": ("referente", WIDE, "/odoo/culture-beneficiaries", []),
    "contact_dossier": (
        "referente",
        WIDE,
        "/odoo/contacts",
        ["td.o_data_cell[data-tooltip='Amina Benyamina']"],
    ),
    "dossier": (
        "referente",
        WIDE,
        "/odoo/culture-beneficiaries",
        [".o_kanban_record:not(.o_kanban_ghost)"],
    ),
    "noter_suivi": (
        "referente",
        WIDE,
        "/odoo/culture-beneficiaries",
        ["button[name=action_note_followup]"],
    ),
    "fil": (
        "referente",
        (1280, 1560),
        "/odoo/culture-beneficiaries",
        [
            ".o_kanban_group:nth-child(3) .o_kanban_record:nth-child(3)",
            ".o_culture_timeline_choice[data-choice=all]",
        ],
    ),
    "faire_le_point": (
        "referente",
        WIDE,
        "/odoo/culture-beneficiaries",
        [
            ".o_kanban_group:nth-child(3) .o_kanban_record:nth-child(3)",
            "button[name=action_take_stock]",
            ".o_culture_assessment [name=view] input[data-value=person]",
            "[name=person_social] input[data-value='3']",
        ],
    ),
    "evaluations": (
        "referente",
        (1280, 1900),
        "/odoo/culture-beneficiaries",
        [
            ".o_kanban_group:nth-child(3) .o_kanban_record:nth-child(3)",
            ".nav-link[name=assessments]",
        ],
    ),
    "ce_qui_a_bouge": ("coordinatrice", WIDE, "/odoo/culture-what-has-moved", []),
    "bilan": (
        "coordinatrice",
        (1280, 1500),
        "/odoo/culture-reports",
        [".o_data_row .o_data_cell[name=structure_id]"],
    ),
    "portail_bilan": (
        "observatrice",
        PHONE,
        "/my/culture/reports",
        [".o_culture_portal_cards a"],
    ),
    "plan": (
        "referente",
        (1280, 1480),
        "/odoo/culture-beneficiaries",
        [
            ".o_kanban_group:nth-child(3) .o_kanban_record:nth-child(3)",
            ".o_notebook a[name=plan]",
            ".tab-pane.active button[name=action_write_plan]",
        ],
    ),
    "inscrire": (
        "referente",
        WIDE,
        "/odoo/culture-beneficiaries",
        [".o_kanban_record:not(.o_kanban_ghost)", "button[name=action_register]"],
    ),
    "presences": (
        "coordinatrice",
        WIDE,
        "/odoo/culture-outings",
        [
            ".o_culture_todo_item[data-key=not_recorded]",
            ".o_kanban_record:not(.o_kanban_ghost)",
            "button[name=action_open_attendance]",
        ],
    ),
    "sorties": ("coordinatrice", WIDE, "/odoo/culture-outings", []),
    "calendrier": (
        "coordinatrice",
        WIDE,
        "/odoo/culture-outings",
        [".o_switch_view.o_calendar"],
    ),
    "sortie": (
        "coordinatrice",
        WIDE,
        "/odoo/culture-outings",
        [".o_kanban_record:not(.o_kanban_ghost)"],
    ),
    "importer_programme": (
        "coordinatrice",
        WIDE,
        "/odoo/culture-import-programme",
        [],
    ),
    "convention": (
        "coordinatrice",
        WIDE,
        "/odoo/culture-conventions",
        [".o_kanban_record:not(.o_kanban_ghost)"],
    ),
    "premiers_pas": (
        "administratrice",
        WIDE,
        "/odoo/action-culture_partnership.culture_first_steps_action",
        [],
    ),
    "roles": ("administratrice", WIDE, "/odoo/culture-roles", []),
    "permanence": (
        "referente",
        PHONE,
        "/odoo/culture-permanences",
        [".o_kanban_record:not(.o_kanban_ghost)"],
    ),
    "portail_relais": ("benevole", PHONE, "/my/culture", []),
    "portail_liste": (
        "benevole",
        PHONE,
        "/my/culture",
        [".o_culture_portal_next .btn-primary"],
    ),
    "portail_partenaire": ("responsable", WIDE, "/my/culture/partner", []),
    "roles_structure": ("administratrice", WIDE, STRUCTURES, TO_ROLES),
    "roles_mettre_fin": (
        "administratrice",
        WIDE,
        STRUCTURES,
        [*TO_ROLES, ".o_data_row button[name=action_end]"],
    ),
    "roles_inviter": (
        "administratrice",
        WIDE,
        STRUCTURES,
        [
            *TO_ROLES,
            ".tab-pane.active .btn-secondary",
            ".modal input[data-value=partner_manager]",
        ],
    ),
    "roles_voir_comme": (
        "administratrice",
        WIDE,
        STRUCTURES,
        [
            *TO_ROLES,
            ".o_data_row:nth-child(2) button[name=action_preview]",
        ],
    ),
    "roles_mots": (
        "administratrice",
        WIDE,
        "/odoo/culture-roles",
        ["td.o_data_cell[name=role]"],
    ),
    "telephone_beneficiaires": ("referente", PHONE, "/odoo/culture-beneficiaries", []),
    "telephone_roles": ("administratrice", PHONE, "/odoo/culture-roles", []),
    "telephone_sorties": ("referente", PHONE, "/odoo/culture-outings", []),
}


class Browser:
    """One headless Chromium with one page."""

    def __init__(self, size):
        self.profile = tempfile.mkdtemp(prefix="culture-chromium-")
        self.numbers = itertools.count(1)
        self.process = subprocess.Popen(
            [
                shutil.which("chromium") or "google-chrome",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--lang=fr-FR",
                "--remote-debugging-port=0",
                f"--user-data-dir={self.profile}",
                f"--window-size={size[0]},{size[1]}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"TZ": "Europe/Paris", "PATH": "/usr/bin:/bin", "HOME": self.profile},
        )
        port = self._port()
        pages = requests.get(f"http://127.0.0.1:{port}/json", timeout=10).json()
        url = next(p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page")
        self.socket = websocket.create_connection(url, suppress_origin=True)
        self.send("Page.enable")
        width, height = size
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=size == PHONE,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=size == PHONE)

    def _port(self):
        path = Path(self.profile, "DevToolsActivePort")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError, IndexError):
                return int(path.read_text().splitlines()[0])
            time.sleep(0.1)
        raise SystemExit("Chromium did not start")

    def send(self, method, **params):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                return answer.get("result", {})

    def evaluate(self, expression):
        result = self.send(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        return result.get("result", {}).get("value")

    def wait(self, expression):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self.evaluate(expression):
                time.sleep(SETTLE_SECONDS)
                return True
            time.sleep(0.2)
        return False

    def go(self, url):
        self.send("Page.navigate", url=url)
        self.wait(QUIET)

    def click(self, selector):
        clicked = self.wait(f"{CLICK}({json.dumps(selector)})")
        self.wait(QUIET)
        return clicked

    def picture(self, path):
        data = self.send("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.profile, ignore_errors=True)


def log_in(browser, url, login):
    browser.send("Page.navigate", url=f"{url}/web/login")
    browser.wait("document.readyState == 'complete'")
    browser.evaluate(
        f"""fetch('/web/session/authenticate', {{
            method: 'POST', headers: {{'Content-Type': 'application/json'}},
            body: JSON.stringify({{params: {{
                db: odoo?.session_info?.db || document.querySelector('[name=db]')?.value
                    || {json.dumps(database(url))},
                login: {json.dumps(login)}, password: {json.dumps(login)}}}}})
        }}).then(r => r.json()).then(r => Boolean(r.result))"""
    )


def database(url):
    """The only database that the server offers."""
    answer = requests.post(f"{url}/web/database/list", json={"params": {}}, timeout=30)
    names = answer.json().get("result") or []
    return names[0] if len(names) == 1 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="address of the demonstration")
    parser.add_argument("--db", help="its database, when the server does not tell")
    parser.add_argument("--to", type=Path, default=Path("docs/images"))
    parser.add_argument("names", nargs="*", help="only these pictures")
    options = parser.parse_args()
    if options.db:
        globals()["database"] = lambda url: options.db
    options.to.mkdir(parents=True, exist_ok=True)
    missed = []
    for name in options.names or PICTURES:
        login, size, path, clicks = PICTURES[name]
        browser = Browser(size)
        try:
            log_in(browser, options.url, login)
            browser.go(options.url + path)
            missed += [f"{name}: {s}" for s in clicks if not browser.click(s)]
            browser.picture(options.to / f"{name}.png")
            print(name, flush=True)
        finally:
            browser.close()
    if missed:
        raise SystemExit("not found on the page: " + ", ".join(missed))


if __name__ == "__main__":
    main()
