from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.pdf_file import pdf_problem

MOST_MEGABYTES = 10


class CultureConvention(models.Model):
    """Who signs, and what was signed: kept at the CCAS, never on the portal."""

    _inherit = "culture.convention"

    signatory_ccas = fields.Char(string="Signs for the CCAS")
    signatory_ccas_function = fields.Char(string="Function at the CCAS")
    signatory_partner = fields.Char(string="Signs for the partner")
    signatory_partner_function = fields.Char(string="Function at the partner’s")
    signed_document = fields.Binary(
        string="Signed convention (PDF)",
        attachment=True,
        copy=False,
        help="A PDF of 10 MB at most. Who reads the convention reads it.",
    )
    signed_document_name = fields.Char(copy=False)

    @api.constrains("signed_document", "signed_document_name")
    def _check_signed_document(self):
        for convention in self.with_context(bin_size=False):
            convention._check_pdf(
                convention.signed_document, convention.signed_document_name
            )

    def _check_pdf(self, content, name):
        """Refuse what is no PDF, whatever it is called, and what is too large.

        :param content: base64 bytes, or False
        :param name: file name, or False
        :raise ValidationError: with what to do
        """
        if not content:
            return
        problem = pdf_problem(content, MOST_MEGABYTES * 1024 * 1024)
        if problem == "size":
            raise ValidationError(
                self.env._(
                    "This file is too large: %(n)s MB at most. Scan it in black and "
                    "white, or at a lower resolution.",
                    n=MOST_MEGABYTES,
                )
            )
        if problem or (name and not name.lower().endswith(".pdf")):
            raise ValidationError(
                self.env._("Only a PDF is kept here: scan or export the document.")
            )
