from odoo import models
from odoo.exceptions import UserError

SIGNATURES_A_PAGE = 9
"""Rows tall enough to sign in, under a heading that may go over two lines."""


class CultureOuting(models.Model):
    """The signature list: on paper at the entrance, keyed back by its numbers.

    The rows are those of the entry list and say no more of anybody (I7).
    """

    _inherit = "culture.outing"

    def _signature_pages(self):
        """Who is expected, by number, a page at a time.

        :return: list of dicts: ``rows`` (``number``, ``name``, ``seats``) and
            ``label``, which page of how many it is
        :raise AccessError: for who may not change this outing
        :raise UserError: when nobody is expected
        """
        self.ensure_one()
        self.check_access("write")
        rows = sorted(self._entry_rows(), key=lambda row: row["number"])
        if not rows:
            raise UserError(self.env._("Nobody is expected: there is nothing to sign."))
        pages = [
            rows[start : start + SIGNATURES_A_PAGE]
            for start in range(0, len(rows), SIGNATURES_A_PAGE)
        ]
        return [
            {
                "rows": page,
                "label": self.env._(
                    "page %(page)s of %(pages)s", page=number, pages=len(pages)
                ),
            }
            for number, page in enumerate(pages, 1)
        ]
