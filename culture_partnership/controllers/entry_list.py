from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from .csv_file import csv_file


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
        return csv_file(content, f"invitations_{outing_id}.csv")
