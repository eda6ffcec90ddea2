import base64
import hashlib

from markupsafe import Markup

from odoo import http
from odoo.http import request
from odoo.tools import file_open

from ..models.culture_registration_answer import PATH

PAGE = [f"{PATH}<string:token>", PATH.rstrip("/")]
"""Also what is left of a link that was cut."""

with file_open("culture_partnership/static/answer/page.css") as sheet:
    STYLE = sheet.read()

STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def _is_ours(controller, rule, args):
    """A link of ours is only read; a wrong one is counted."""
    link = request.env["culture.registration"]._of_answer_link(args.get("token", ""))
    return bool(link.line)


class CultureAnswer(http.Controller):
    """The page of a message's link: read by GET, answered by POST.

    No session: neither a cookie is set, nor does it matter who is signed in on this
    telephone. What fetches the link unasked (a scanner, a preview) only reads.
    """

    @http.route(
        PAGE,
        type="http",
        auth="public",
        methods=["GET"],
        readonly=_is_ours,
        save_session=False,
        sitemap=False,
    )
    def page(self, token="", **query):
        return self._answered(token, lambda pages: pages._page(token))

    # No token against forged requests: it would need a session, hence a cookie. The
    # link is what one must know to answer, and a forger who knows it has it already.
    @http.route(
        PAGE,
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        sitemap=False,
    )
    def send(self, token="", **post):
        return self._answered(
            token, lambda pages: pages._send(token, post.get("answer"))
        )

    def _answered(self, token, ask):
        """The page, as the public sees it whoever is signed in.

        :param token: text, whatever was asked for
        :param ask: function of the pages' model, which returns what to show
        :return: a response; every link that is worth nothing has the same one
        """
        public = request.env.ref("base.public_user")
        request.update_env(user=public.id, context={})
        pages = request.env["culture.portal.answer"]
        tries = request.env["culture.portal.tries"]
        address = request.httprequest.remote_addr
        if tries._too_many(address):
            return self._rendered(pages._closed("wait"), 429)
        page = ask(pages)
        if page["standing"] != "closed":
            return self._rendered(page, 200)
        if page["wrong"]:
            tries._count_wrong(address)
        return self._rendered(page, 404)

    def _rendered(self, page, status):
        content = request.env["ir.qweb"]._render(
            "culture_partnership.answer_page",
            {"page": page, "style": Markup(STYLE)},
            lang=page["locale"],
        )
        content = f"<!DOCTYPE html>\n{content}"
        return request.make_response(
            content,
            {**HEADERS, "Content-Type": "text/html; charset=utf-8"},
            status=status,
        )
