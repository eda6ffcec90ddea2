from datetime import datetime

from lxml import html

from odoo.tests import HttpCase, tagged

from .portal_common import PortalCase

PAGE = "/my/culture/reports"


@tagged("post_install", "-at_install", "security")
class TestReportPages(HttpCase, PortalCase):
    """What leaves: published, for partners, of the reader's own organisation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls._report()
        cls.report.action_publish()

    @classmethod
    def _report(cls, **vals):
        return cls.env["culture.bilan"].create(
            {
                "structure_id": cls.ccas.id,
                "convention_id": cls.convention.id,
                "audience": "external",
                "date_start": "2024-09-01",
                "date_end": "2025-08-31",
                **vals,
            }
        )

    def _pages(self, user):
        return self.env["culture.portal.report"].with_user(user)

    def _listed(self, user):
        values = self._pages(user)._list()
        return values and [report["id"] for report in values["reports"]]

    def test_who_reads_what(self):
        for user in (self.observer, self.manager):
            self.assertEqual(self._listed(user), self.report.ids)
            page = self._pages(user)._page(self.report.id)
            self.assertEqual(page["threshold"], 11)
        self.assertEqual(self._listed(self.other_manager), [])
        for user in self._all_but_the_relay():
            if user in (self.observer, self.manager):
                continue
            self.assertFalse(self._listed(user))
            self.assertIsNone(self._pages(user)._page(self.report.id))
            self.assertIsNone(self._pages(user)._pdf(self.report.id))

    def test_only_what_is_published_for_partners(self):
        kept = (
            self._report(),
            self._report(audience="internal"),
            self._report(convention_id=False),
            self._report(convention_id=self.other_convention.id),
        )
        for report in kept[1:]:
            report.action_publish()
        self.assertEqual(self._listed(self.observer), self.report.ids)
        for report in kept:
            self.assertIsNone(self._pages(self.observer)._page(report.id))
        newest = self._report(date_start="2025-09-01", date_end="2025-10-31")
        newest.action_publish()
        newest.published_date = "2090-01-01"
        self.assertEqual(self._listed(self.manager), [newest.id, self.report.id])
        self.report.action_withdraw()
        self.assertEqual(self._listed(self.manager), newest.ids)
        self.convention.action_terminate()
        self.assertIsNone(self._listed(self.manager))

    def test_a_mail_without_a_figure(self):
        """To each reader's own address, and to nobody else."""
        before = self.env["mail.mail"].search([])
        self._report(date_start="2023-09-01", date_end="2024-08-31").action_publish()
        mails = self.env["mail.mail"].search([]) - before
        readers = self.manager.partner_id | self.observer.partner_id
        self.assertEqual(mails.recipient_ids, readers)
        self.assertEqual(len(mails), 2)
        for mail in mails:
            text = html.fromstring(mail.body_html).text_content()
            self.assertIn(PAGE, text)
            self.assertNotRegex(
                text.replace(self.env.company.get_base_url(), ""), r"\d"
            )
            self.assertFalse(mail.model or mail.res_id)
        before = self.env["mail.mail"].search([])
        self._report(audience="internal").action_publish()
        self.assertEqual(self.env["mail.mail"].search([]), before)

    def test_beside_the_page_of_use(self):
        """Three of November: in the report, and not yet in the figures of use."""
        report = self._report(date_start="2023-09-01", date_end="2024-08-31")
        for day, count in ((datetime(2023, 10, 5, 19), 12), (datetime(2023, 11, 9), 3)):
            outing = self._escorted(date_begin=day, seats=20, escort_ids=[])
            for __ in range(count):
                self._expected(outing)
        report.action_compute()
        values = report.figures["values"]
        self.assertEqual([values["people"], values["given"]], [15, None])
        for __ in range(8):
            self._expected(outing)
        report.action_compute()
        self.assertEqual(report.figures["values"]["given"], 23)

    def test_pages(self):
        self.assertIn(self.report.display_name.split(" – ")[0], self._text(PAGE))
        page = self._text(f"{PAGE}/{self.report.id}")
        self.assertIn("How to read this report", page)
        paper = self._get(f"{PAGE}/{self.report.id}/report.pdf")
        self.assertEqual(paper.headers["Content-Type"], "application/pdf")
        self.assertEqual(paper.headers["Cache-Control"], "no-store")
        self.assertEqual(self._get(f"{PAGE}/{self.report.id + 9999}").status_code, 404)
        self.report.action_withdraw()
        self.assertIn("No report is published for now", self._text(PAGE))

    def _text(self, path):
        answer = self._get(path, "test_observer")
        self.assertEqual(answer.status_code, 200)
        return " ".join(html.fromstring(answer.text).text_content().split())
