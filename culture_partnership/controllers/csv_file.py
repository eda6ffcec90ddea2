from odoo import http
from odoo.http import request


def csv_file(content, name):
    """A file to download, that no browser keeps or takes for something else.

    :param content: bytes in UTF-8
    :param name: of the file
    :return: response
    """
    return request.make_response(
        content,
        [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", http.content_disposition(name)),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
