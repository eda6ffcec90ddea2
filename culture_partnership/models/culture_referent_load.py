from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

MONTHS = 24


class CultureReferentLoad(models.Model):
    """How many files a referent had at the end of each month, of the last two years.

    Counted from the accesses to the files, which end and stay written: nobody keeps a
    second register of it. No person is in it.
    """

    _name = "culture.referent.load"
    _inherit = ["culture.covered"]
    _description = "Files of a referent by month"
    _auto = False
    _order = "month desc, referent_id, id"
    _rec_name = "referent_id"

    referent_id = fields.Many2one("culture.referent", readonly=True)
    month = fields.Date(readonly=True)
    files_count = fields.Integer(
        string="Files at the end of the month", readonly=True, aggregator="sum"
    )
    structure_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        self.env["culture.access"].flush_model()
        self.env["culture.referent"].flush_model()
        months = SQL(", ").join(
            SQL("(%s, %s::date, %s::timestamp)", *m) for m in self._months()
        )
        return SQL(
            """
            SELECT card.id * %(most)s + month.number AS id,
                   card.id AS referent_id,
                   card.structure_id,
                   card.company_id,
                   month.first AS month,
                   (SELECT count(DISTINCT access.beneficiary_id)
                      FROM culture_access access
                     WHERE access.user_id = card.user_id
                       AND access.company_id = card.company_id
                       AND access.kind = 'referent'
                       AND access.date_start < month.last
                       AND COALESCE(access.date_end >= month.last, TRUE)
                   ) AS files_count
              FROM culture_referent card
             CROSS JOIN (VALUES %(months)s) month (number, first, last)
            """,
            most=MONTHS,
            months=months,
        )

    def _months(self):
        """Each month with the moment of which it tells: its end, or now.

        :return: list of tuples: number, first day, moment
        """
        company, now = self.env.company, fields.Datetime.now()
        this = company._culture_today().replace(day=1)
        months = []
        for number in range(MONTHS):
            first = this - relativedelta(months=number)
            last = company._culture_midnight(first + relativedelta(months=1))
            months.append((number, first, min(last, now + relativedelta(seconds=1))))
        return months
