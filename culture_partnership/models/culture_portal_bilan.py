from odoo import fields, models
from odoo.fields import Domain

from .culture_bilan import PUBLISHED

REPORT = "culture_partnership.report_bilan"


class CulturePortalReport(models.AbstractModel):
    """The pages of reports: of whom manages a partner organisation, or observes it."""

    _name = "culture.portal.report"
    _inherit = ["culture.portal"]
    _description = "Portal pages of reports"

    def _mandates(self):
        """What the user's roles open today, of either kind.

        :return: list of ``Mandate`` (see ``culture.portal.partner``)
        """
        return [
            *self.env["culture.portal.partner"]._mandates(),
            *self.env["culture.portal.observer"]._mandates(),
        ]

    def _reports(self):
        """Reports for partners, on conventions of the user's organisations.

        sudo: scoped here, before anything is read; :meth:`_page` gives what
        ``culture.bilan._page`` allows, figures that are masked already.

        :return: ``culture.bilan`` records, the newest first
        """
        reports = self.env["culture.bilan"].sudo()
        mandates = self._mandates()
        if not mandates:
            return reports
        of_mandates = Domain.OR(
            Domain("company_id", "=", mandate.company.id)
            & Domain("convention_id.partner_id", "=", mandate.organisation.id)
            for mandate in mandates
        )
        shown = Domain("state", "=", PUBLISHED) & Domain("audience", "=", "external")
        return reports.search(of_mandates & shown, order="published_date desc, id desc")

    def _list(self):
        """The list.

        :return: dict with ``reports``, dicts of ``id``, ``title``, ``subject`` and
            ``day``; ``is_partner``; None for who reads none of them now
        """
        if not self._mandates():
            return None
        return {
            "reports": [
                {
                    "id": report.id,
                    "title": report._period_in_words(),
                    "subject": report._subject(),
                    "day": self._day(
                        report.company_id._culture_day(report.published_date)
                    ),
                }
                for report in self._reports()
            ],
            "is_partner": bool(self.env["culture.portal.partner"]._mandates()),
        }

    def _report(self, report_id):
        return self._reports().filtered(lambda report: report.id == report_id)

    def _page(self, report_id):
        """A report.

        :param report_id: id, any number
        :return: dict as ``culture.bilan._page``, and ``id``; None for what is not open
        """
        report = self._report(report_id)
        return {**report._page(), "id": report.id} if report else None

    def _pdf(self, report_id):
        """The same on paper.

        :param report_id: id, any number
        :return: (name of the file, bytes); None for what is not open
        """
        report = self._report(report_id)
        if not report:
            return None
        papers = self.env["ir.actions.report"].sudo()
        content, __ = papers._render_qweb_pdf(REPORT, report.ids)
        first, last = map(fields.Date.to_string, (report.date_start, report.date_end))
        return f"bilan-{first[:7]}-{last[:7]}.pdf", content


class CulturePortalObserver(models.AbstractModel):
    _inherit = "culture.portal.observer"

    def _screens(self):
        """See ``culture.portal._screens_of``.

        :return: list of pairs (label, number)
        """
        if not self._mandates():
            return []
        reports = self.env["culture.portal.report"]._reports()
        return [(self.env._("Reports"), len(reports))]
