from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request


class CultureEntryList(http.Controller):
    """The venue's list as a file, for who may change the outing."""

    @http.route(
        "/culture/outing/<int:outing_id>/invitations.csv",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def entry_list(self, outing_id, **query):
        """Another's outing and an absent one answer alike."""
        outings = request.env["culture.outing"]
        if not outings.has_access("write") or outing_id >= 2**31:
            raise NotFound()
        try:
            content = outings.browse(outing_id)._entry_csv()
        except AccessError:
            raise NotFound() from None
        name = f"invitations_{outing_id}.csv"
        return request.make_response(
            content,
            [
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", http.content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
