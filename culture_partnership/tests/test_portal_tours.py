import json
from importlib import resources

from odoo.tests import HttpCase, tagged

from .portal_common import PortalCase

AXE = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
CHECK = """
async function check(path, markup) {
    // one browser for all pages of a user: each is put in the frame of the first
    const page = new DOMParser().parseFromString(markup, "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.title = page.title;
    const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
    const found = await axe.run(document, {runOnly: rules});
    const told = found.violations.map(
        (v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`
    );
    const targets = document.querySelectorAll(
        ".o_culture_portal .btn, .o_culture_portal .form-control"
    );
    for (const target of targets) {
        if (target.getBoundingClientRect().height < 44) {
            told.push(`lower than 44 px: ${target.outerHTML}`);
        }
    }
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    if (wide > 0) { told.push(`scrolls sideways: ${wide} px`); }
    const heads = document.querySelectorAll("h1").length;
    if (heads !== 1) { told.push(`${heads} h1`); }
    return told.map((text) => `${path}: ${text}`);
}
(async () => {
    const told = [];
    for (const [path, markup] of Object.entries(pages)) {
        told.push(...(await check(path, markup)));
    }
    if (told.length) { console.error(told.join("\\n")); }
    else { console.log("test successful"); }
})();
"""


class PhoneCase(HttpCase, PortalCase):
    """A telephone: 375 px wide, by touch."""

    browser_size = "375x667"
    touch_enabled = True


@tagged("post_install", "-at_install")
class TestPortalTours(PhoneCase):
    """The main job of each, on a telephone, as that portal user."""

    def test_relay_records_attendance(self):
        outing = self._escorted(name="Tour concert")
        came = self._expected(outing, "Ada")
        other = self._expected(outing, "Blaise", agrees=False)
        self.start_tour(
            "/my/culture", "culture_relay_records_attendance", login="test_volunteer"
        )
        self.assertEqual((came.state, other.state), ("attended", "confirmed"))
        self.assertEqual(came.attendance_by_id, self.volunteer)
        self.assertIn("A fine evening.", outing.message_ids[0].body)

    def test_partner_manager_proposes(self):
        self.start_tour(
            "/my/culture/partner", "culture_partner_proposes", login="test_manager"
        )
        outing = self.env["culture.outing"].search([("name", "=", "Tour recital")])
        self.assertEqual((outing.state, outing.seats_max), ("draft", 12))
        self.assertEqual(outing.provider_id, self.association)


@tagged("post_install", "-at_install")
class TestPortalAccessibility(PhoneCase):
    """WCAG 2.1 AA on every page, as far as a program can tell (axe-core)."""

    def _check(self, login, paths, **more):
        """Look at these pages as that user; `more` are pages made by a form."""
        self.authenticate(login, login)
        pages = {**{path: self._get(path).text for path in paths}, **more}
        self.browser_js(
            paths[0],
            f"{AXE};const pages = {json.dumps(pages)};{CHECK}",
            ready="document.readyState === 'complete'",
            login=login,
            timeout=120,
        )

    def test_pages_of_a_relay(self):
        outing = self._escorted(description="<p>Wait at the door.</p>")
        need = self.env["culture.access.need"].search([], limit=1)
        self._expected(outing, "Ada", access_need_ids=need.ids)
        self._expected(outing, agrees=False)
        self._relay()._record(outing.id, 1, "attended")
        self._escorted(-24 * 3, name="Later").action_cancel()
        self._escorted(24 * 9, name="Past")
        self._train(self.card, self.now.replace(day=1))
        page = f"/my/culture/outing/{outing.id}?done=recorded"
        self._check("test_volunteer", ["/my/culture", page, "/my/culture/outing/1"])

    def test_pages_of_a_partner_manager(self):
        coming = self._escorted(-24 * 9)
        self._escorted(24 * 60)
        self.authenticate("test_manager", "test_manager")
        form = "/my/culture/partner/propose"
        refused = self._post(form, self._token(form), name="", seats="0")
        paths = ("", "/propose", f"/outing/{coming.id}", "/use", "/relays")
        self._check(
            "test_manager",
            [f"/my/culture/partner{path}" for path in (*paths, "/convention")],
            refused=refused.text,
        )

    def test_page_of_an_observer(self):
        self._check("test_observer", ["/my/culture/reports"])
