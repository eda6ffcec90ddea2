from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.masking import FEWEST_INSIDE

REVIEW_TYPE = "culture_partnership.activity_type_quota_review"
LIMIT = "culture_partnership.absence_percent"
USUAL_PERCENT = 20
FEWEST_EXPECTED = 11
SEASON_MONTH = 9


class CultureQuotaReview(models.Model):
    """How many of a structure's confirmed places stayed empty in a season.

    It adjusts the quota of the structure, once a season and by a human. Nobody is in
    it: counters are the structure's, start afresh each season, and rest on enough
    persons.
    """

    _name = "culture.quota.review"
    _inherit = ["culture.covered", "culture.threadless"]
    _description = "Use of the quotas"
    _order = "season_start desc, absent_percent desc, id"
    _rec_names_search = ("structure_id",)

    structure_id = fields.Many2one(
        "res.partner", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    season_start = fields.Date(string="Season since", required=True, readonly=True)
    season_label = fields.Char(string="Season", compute="_compute_season_label")
    expected_count = fields.Integer(
        string="Confirmed, attendance recorded", readonly=True
    )
    absent_count = fields.Integer(string="Without news", readonly=True)
    absent_percent = fields.Integer(
        string="Without news (%)", readonly=True, aggregator=None
    )
    asked_date = fields.Date(string="Review asked on", readonly=True)

    @api.depends("season_start")
    def _compute_season_label(self):
        for review in self:
            year = review.season_start and review.season_start.year
            review.season_label = year and f"{year}-{year + 1}"

    @api.depends("structure_id", "season_start")
    def _compute_display_name(self):
        for review in self:
            review.display_name = (
                f"{review.structure_id.sudo().name} {review.season_label or ''}"
            ).strip()

    # --------------------------------------------------------------------- job

    @api.model
    def _cron_review(self):
        """Count the season of each structure, and ask for a review once a season."""
        self.env["culture.outing"]._count_reused()
        in_use = [("culture_role_ids", "!=", False)]
        for company in self.env["res.company"].search(in_use):
            self._review_company(company)

    @api.model
    def _review_company(self, company):
        today = company._culture_today()
        season = date(today.year - (today.month < SEASON_MONTH), SEASON_MONTH, 1)
        known = {
            review.structure_id.id: review
            for review in self.search(
                [("company_id", "=", company.id), ("season_start", "=", season)]
            )
        }
        for structure_id, expected, absent in self._count(company, season):
            figures = {
                "expected_count": expected,
                "absent_count": absent,
                "absent_percent": round(100 * absent / expected),
            }
            review = known.get(structure_id)
            if review:
                review.write(figures)
            else:
                place = {"structure_id": structure_id, "company_id": company.id}
                review = self.create({**figures, **place, "season_start": season})
            review._ask_once(today)

    @api.model
    def _count(self, company, season):
        """Recorded attendance of the season by structure, where it is enough.

        What nobody recorded is unknown, and counts for nothing.

        :return: rows of structure id, confirmed and recorded, absent without news
        """
        self.env["culture.registration"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT structure_id, count(*), count(*) FILTER (WHERE state = 'absent')
                  FROM culture_registration
                 WHERE company_id = %s
                   AND state IN ('attended', 'excused', 'absent')
                   AND COALESCE(date_begin, date_end) >= %s
                 GROUP BY structure_id
                HAVING count(*) >= %s AND count(DISTINCT beneficiary_id) >= %s
                 ORDER BY structure_id
                """,
                company.id,
                company._culture_midnight(season),
                FEWEST_EXPECTED,
                FEWEST_INSIDE,
            )
        )

    def _ask_once(self, today):
        """Tell the coordination that the quota of the structure wants a look."""
        if self.asked_date or self.absent_percent < self._limit():
            return
        user = self._who_is_told()
        if not user:
            return
        words = self.with_context(lang=user.lang).env
        self._put_activity(
            REVIEW_TYPE,
            user,
            words._(
                "Look at the quotas of %(structure)s together",
                structure=self.structure_id.name,
            ),
            today,
        )
        self.asked_date = today

    @api.model
    def _limit(self):
        value = self.env["ir.config_parameter"].sudo().get_param(LIMIT)
        return int(value) if (value or "").isdigit() else USUAL_PERCENT

    def _who_is_told(self):
        """Who coordinates the structure: the nearest first.

        :return: ``res.users``, empty when nobody does
        """
        scope = self.env["culture.scope"].sudo()
        rows = scope.search(
            [
                *self.env["culture.role"]._in_force_domain(),
                ("role", "=", "coordinator"),
                ("structure_id", "=", self.structure_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            order="id",
        )
        near = rows.filtered(lambda row: row.role_id.partner_id == self.structure_id)
        return self._first_reader((near | rows).user_id)
