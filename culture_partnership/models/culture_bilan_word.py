from odoo import models

PORTAL_READERS = ("partner_manager", "observer")
PAGE = "/my/culture/reports"


class CultureBilan(models.Model):
    """Who reads reports on the portal is told that there is one: no figure in it."""

    _inherit = "culture.bilan"

    def _after_publication(self):
        result = super()._after_publication()
        self._tell_readers()
        return result

    def _tell_readers(self):
        """Queue a mail to each reader outside, in the reader's language.

        sudo: roles that the user may not read decide who is written to; the mail goes
        to the account's own address and names the page only.
        """
        self.ensure_one()
        if self.audience != "external" or not self.convention_id:
            return
        roles = self.env["culture.role"].sudo()
        readers = roles.search(
            [
                *roles._in_force_domain(),
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.sudo().convention_id.partner_id.id),
                ("role", "in", PORTAL_READERS),
            ]
        ).user_id
        url = f"{self.get_base_url()}{PAGE}"
        company = self.sudo().company_id
        mails = []
        for user in readers.filtered(lambda u: u.active and u.email):
            words = self.with_context(lang=user.lang or self.env.lang).env
            body = words["ir.qweb"]._render(
                "culture_partnership.bilan_mail", {"url": url, "company": company.name}
            )
            mails.append(
                {
                    "subject": words._("A report is published"),
                    "body_html": body,
                    "email_from": company.email_formatted
                    or self.env.user.email_formatted,
                    "recipient_ids": [(4, user.partner_id.id)],
                    "auto_delete": True,
                }
            )
        self.env["mail.mail"].sudo().create(mails)
