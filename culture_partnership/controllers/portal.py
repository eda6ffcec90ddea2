from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.culture_portal_partner import whole_number

DONE = ("recorded", "undone", "said", "counted", "proposed", "changed", "taken_back")
"""What a page may say after a form was sent: codes, no text comes from the address."""

HOME = "/my/culture"
OUTING = f"{HOME}/outing/<int:outing_id>"
PERMANENCE = f"{HOME}/permanence/<int:permanence_id>"
PARTNER = f"{HOME}/partner"
PROPOSAL = f"{PARTNER}/outing/<int:outing_id>"
REPORTS = f"{HOME}/reports"


def page(path):
    """A page: read in a transaction that cannot write."""
    return http.route(
        path,
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
        website=True,
        sitemap=False,
    )


def act(path):
    """What a form sends: by POST, with the token that the page carried."""
    return http.route(
        path,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )


class CulturePortalHome(CustomerPortal):
    """The way in from the host's portal, for who has pages of ours."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if not counters:
            values["culture_pages"] = request.env["culture.portal"]._is_somebody()
        return values


class CulturePortal(http.Controller):
    """Pages of relays, partner managers and observers.

    Thin on purpose: what may be seen and done is decided by the models behind, which
    give plain values or None. None is one and the same page for what is absent, of
    others, or not open any more.
    """

    # ------------------------------------------------------------------ helpers

    def _model(self, name):
        """The pages' model, in the language of the user whatever the address says."""
        lang = request.env.user.lang
        if lang and lang != request.env.context.get("lang"):
            request.update_context(lang=lang)
        return request.env[f"culture.portal.{name}"]

    def _render(self, template, values, done=None, **more):
        if values is None:
            return self._closed()
        more["page"] = values
        more["done"] = done if done in DONE else ""
        return self._frame(template, more)

    def _closed(self):
        """The same answer whatever the reason, so that nobody learns which it is."""
        self._model("relay")
        values = {"phone": request.env["culture.portal"]._phone()}
        return self._frame("portal_closed", values, status=404)

    def _frame(self, template, values, **response):
        values["layout"] = request.env["culture.portal"]._layout()
        # the host's layout leaves the language of a page unsaid
        values["html_data"] = {"lang": request.env.lang.replace("_", "-")}
        answer = request.render(f"culture_partnership.{template}", values, **response)
        return self._private(answer)

    def _private(self, response):
        """Not kept by the browser of a shared phone, in no frame, no address told."""
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def _after(self, path, done):
        return request.redirect(f"{path}?done={done}", code=303)

    def _text(self, post, name):
        value = post.get(name)
        return value if isinstance(value, str) else ""

    # --------------------------------------------------------------------- home

    @page(HOME)
    def home(self, **query):
        """Where each starts; who has several roles finds the others above."""
        values = self._model("relay")._home()
        partner = request.env["culture.portal.partner"]._home()
        observer = request.env["culture.portal.observer"]._home()
        if values is None and partner is None and observer is None:
            return self._closed()
        if values is None:
            return request.redirect(PARTNER if partner else REPORTS)
        return self._render(
            "portal_relay_home",
            values,
            query.get("done"),
            is_partner=partner is not None,
            is_observer=observer is not None,
        )

    # -------------------------------------------------------------------- relay

    @page(OUTING)
    def outing(self, outing_id, **query):
        values = self._model("relay")._page(outing_id)
        return self._render("portal_relay_outing", values, query.get("done"))

    @page(f"{OUTING}/calendar.ics")
    def calendar(self, outing_id, **query):
        content = self._model("relay")._calendar(outing_id)
        if content is None:
            return self._closed()
        response = request.make_response(
            content,
            [
                ("Content-Type", "text/calendar; charset=utf-8"),
                ("Content-Disposition", http.content_disposition("sortie.ics")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        return self._private(response)

    @act(f"{OUTING}/attendance")
    def attendance(self, outing_id, **post):
        relay = self._model("relay")
        state = self._text(post, "state")
        number = whole_number(self._text(post, "number"))
        # what is no number is none of those that can have come
        came = (
            whole_number(self._text(post, "came")) if self._text(post, "came") else None
        )
        error = relay._record(outing_id, number, state, came)
        if error is None:
            return self._closed()
        if error:
            values = relay._page(outing_id)
            return self._render("portal_relay_outing", values, error=error)
        done = "undone" if state == "confirmed" else "recorded"
        path = f"{HOME}/outing/{outing_id}"
        return request.redirect(f"{path}?done={done}#n{number}", code=303)

    @act(f"{OUTING}/word")
    def word(self, outing_id, **post):
        relay = self._model("relay")
        text = self._text(post, "text")
        error = relay._say(outing_id, text)
        if error is None:
            return self._closed()
        if error:
            values = relay._page(outing_id)
            return self._render(
                "portal_relay_outing", values, word_error=error, word=text
            )
        return self._after(f"{HOME}/outing/{outing_id}", "said")

    @page(PERMANENCE)
    def permanence(self, permanence_id, **query):
        values = self._model("relay")._permanence_page(permanence_id)
        return self._render("portal_relay_permanence", values, query.get("done"))

    @act(f"{PERMANENCE}/count")
    def permanence_count(self, permanence_id, **post):
        relay = self._model("relay")
        counter, step = self._text(post, "counter"), self._text(post, "step")
        step = {"1": 1, "-1": -1}.get(step)
        error = relay._count(permanence_id, counter, step)
        return self._after_counting(permanence_id, error, f"#{counter}")

    @act(f"{PERMANENCE}/totals")
    def permanence_totals(self, permanence_id, **post):
        typed = {name: self._text(post, name) for name in post}
        error = self._model("relay")._count_all(permanence_id, typed)
        return self._after_counting(permanence_id, error, typed=typed)

    def _after_counting(self, permanence_id, error, anchor="", typed=None):
        """To the page, so that a reload of what is answered does not count again."""
        if error is None:
            return self._closed()
        if error:
            values = self._model("relay")._permanence_page(permanence_id)
            return self._render(
                "portal_relay_permanence", values, error=error, typed=typed
            )
        path = f"{HOME}/permanence/{permanence_id}?done=counted{anchor}"
        return request.redirect(path, code=303)

    # ---------------------------------------------------------- partner manager

    @page(PARTNER)
    def partner(self, **query):
        values = self._model("partner")._home()
        return self._render("portal_partner_home", values, query.get("done"))

    @page(f"{PARTNER}/propose")
    def propose(self, **query):
        values = self._model("partner")._form()
        return self._render("portal_partner_form", values, errors={})

    @act(f"{PARTNER}/propose")
    def propose_send(self, **post):
        partner = self._model("partner")
        typed = {name: self._text(post, name) for name in post}
        outing_id, errors = partner._propose(typed)
        if errors is None:
            return self._closed()
        if errors:
            values = partner._form(typed=typed)
            return self._render("portal_partner_form", values, errors=errors)
        return self._after(f"{PARTNER}/outing/{outing_id}", "proposed")

    @page(PROPOSAL)
    def partner_outing(self, outing_id, **query):
        values = self._model("partner")._page(outing_id)
        return self._render("portal_partner_outing", values, query.get("done"))

    @page(f"{PROPOSAL}/change")
    def change(self, outing_id, **query):
        values = self._model("partner")._form(outing_id)
        return self._render("portal_partner_form", values, errors={})

    @act(f"{PROPOSAL}/change")
    def change_send(self, outing_id, **post):
        partner = self._model("partner")
        typed = {name: self._text(post, name) for name in post}
        __, errors = partner._change(outing_id, typed)
        if errors is None:
            return self._closed()
        if errors:
            values = partner._form(outing_id, typed)
            return self._render("portal_partner_form", values, errors=errors)
        return self._after(f"{PARTNER}/outing/{outing_id}", "changed")

    @act(f"{PROPOSAL}/take-back")
    def take_back(self, outing_id, **post):
        partner = self._model("partner")
        seats, seen = self._text(post, "seats"), self._text(post, "seen")
        error = partner._take_back(outing_id, seats, seen)
        if error is None:
            return self._closed()
        if error:
            values = partner._page(outing_id)
            return self._render(
                "portal_partner_outing", values, error=error, typed=seats
            )
        return self._after(f"{PARTNER}/outing/{outing_id}", "taken_back")

    @page(f"{PARTNER}/use")
    def use(self, **query):
        partner = self._model("partner")
        values = {"seasons": partner._use()} if partner._mandates() else None
        return self._render("portal_partner_use", values)

    @page(f"{PARTNER}/relays")
    def relays(self, **query):
        partner = self._model("partner")
        values = partner._relays() if partner._mandates() else None
        return self._render("portal_partner_relays", values)

    @page(f"{PARTNER}/convention")
    def convention(self, **query):
        conventions = self._model("partner")._conventions()
        values = {"conventions": conventions} if conventions else None
        return self._render("portal_partner_convention", values)

    # ------------------------------------------------------------------ reports

    @page(REPORTS)
    def reports(self, **query):
        return self._render("portal_reports", self._model("report")._list())

    @page(f"{REPORTS}/<int:report_id>")
    def report(self, report_id, **query):
        values = self._model("report")._page(report_id)
        return self._render("portal_report", values)

    @page(f"{REPORTS}/<int:report_id>/report.pdf")
    def report_pdf(self, report_id, **query):
        paper = self._model("report")._pdf(report_id)
        if paper is None:
            return self._closed()
        name, content = paper
        response = request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", http.content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        return self._private(response)
