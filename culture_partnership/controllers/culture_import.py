from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from ..tools import columns
from .csv_file import csv_file

ASSISTANTS = {
    "people": "culture.import.people",
    "programme": "culture.import.programme",
}
TEMPLATES = {"people": columns.PEOPLE, "programme": columns.PROGRAMME}
FILE_NAMES = {"people": "modele_personnes.csv", "programme": "modele_programme.csv"}


class CultureImport(http.Controller):
    """Files to download around an import. Nothing changes here."""

    @http.route(
        "/culture/import/template/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def template(self, kind):
        """The file to fill in: its first line, nothing else.

        :param kind: ``people`` or ``programme``
        """
        if kind not in TEMPLATES or not self._may_import(kind):
            raise NotFound()
        return csv_file(columns.template(TEMPLATES[kind]), FILE_NAMES[kind])

    @http.route(
        "/culture/import/report/<string:kind>/<int:assistant_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def report(self, kind, assistant_id):
        """What was said of each line, to who imported them only.

        Another one's import and an absent one answer alike.
        """
        if kind not in ASSISTANTS or not self._may_import(kind):
            raise NotFound()
        assistant = request.env[ASSISTANTS[kind]].search([("id", "=", assistant_id)])
        if not assistant:
            raise NotFound()
        try:
            content = assistant._report()
        except AccessError:
            raise NotFound() from None
        return csv_file(content, f"compte_rendu_{assistant_id}.csv")

    def _may_import(self, kind):
        return request.env[ASSISTANTS[kind]].has_access("read")
