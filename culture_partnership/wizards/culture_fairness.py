from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.masking import FEWEST_INSIDE, mask

QUARTERS = 8
MONTHS = 3
BOUNDS = (3, 6)
"""Months without an outing between which waits are told apart."""


class CultureFairness(models.TransientModel):
    """Who went out in a quarter, by the rules and beside them: numbers only.

    Of the structures that the reader coordinates, all together: a choice among them
    would tell by difference what is masked.
    """

    _name = "culture.fairness"
    _inherit = ["culture.links"]
    _description = "Fairness sheet"

    quarter = fields.Selection(
        selection="_select_quarter",
        required=True,
        default=lambda self: self._select_quarter()[0][0],
    )
    figures = fields.Html(compute="_compute_figures", sanitize=False)

    @api.model
    def _select_quarter(self):
        """The quarter that is running and those before, by their first day."""
        today = self.env.company._culture_today()
        first = date(today.year, today.month - (today.month - 1) % MONTHS, 1)
        starts = [first - relativedelta(months=MONTHS * n) for n in range(QUARTERS)]
        return [
            (
                str(start),
                self.env._(
                    "Quarter %(n)s of %(year)s",
                    n=(start.month - 1) // MONTHS + 1,
                    year=start.year,
                ),
            )
            for start in starts
        ]

    @api.depends_context("lang")
    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = self.env._("Fairness sheet")

    @api.depends("quarter")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_figures(self):
        for sheet in self:
            sheet.figures = self.env["ir.qweb"]._render(
                "culture_partnership.fairness_figures",
                {"tables": sheet._tables(), "persons": sheet._persons_label()},
            )

    def action_print(self):
        """The sheet on paper.

        :return: a report action
        """
        return self.env.ref(
            "culture_partnership.culture_fairness_report"
        ).report_action(self)

    def _persons_label(self):
        return self.env._("Persons")

    def _quarter_label(self):
        return dict(self._select_quarter()).get(self.quarter, self.quarter)

    # ----------------------------------------------------------------- figures

    def _tables(self):
        """What the sheet shows.

        :return: list of dicts: ``title``, ``rows`` of label and number, None hidden
        """
        start = fields.Date.to_date(self.quarter)
        end = start + relativedelta(months=MONTHS)
        went = self._went(start, end)
        waits = [
            self.env._("First outing"),
            self.env._("Less than 3 months"),
            self.env._("3 to 6 months"),
            self.env._("More than 6 months"),
        ]
        by_structure = {}
        for person_id, structure_id, __ in went:
            by_structure.setdefault(structure_id, set()).add(person_id)
        # sudo: the names of structures that the reader coordinates
        names = self.env["res.partner"].sudo().browse(by_structure)
        rules, choices = self._offers(start, end)
        return [
            self._prepare_table(
                self.env._("Who went out, by the time since the outing before"),
                waits,
                self._by_wait(went),
            ),
            self._prepare_table(
                self.env._("Who went out, by structure"),
                names.mapped("name"),
                [len(by_structure[structure.id]) for structure in names],
            ),
            self._prepare_table(
                self.env._("To whom a freed place was offered"),
                [self.env._("By the rules"), self.env._("Out of turn, with a reason")],
                [rules, choices],
            ),
        ]

    def _prepare_table(self, title, labels, counts):
        total = sum(counts)
        if total < FEWEST_INSIDE:
            return {"title": title, "rows": [], "total": None}
        return {
            "title": title,
            "rows": list(zip(labels, mask(counts), strict=True)),
            "total": total,
        }

    def _by_wait(self, went):
        """Persons by how long they had been without an outing."""
        counts = [0, 0, 0, 0]
        for __, __, months in went:
            if months is None:
                counts[0] += 1
            else:
                counts[1 + sum(months >= bound for bound in BOUNDS)] += 1
        return counts

    def _covered(self, alias):
        """SQL: registrations of the structures that the reader coordinates now."""
        coordinated = self.env["culture.access"]._reach().coordinated
        parts = [
            SQL(
                "(%s = %s AND %s = ANY(%s))",
                SQL.identifier(alias, "company_id"),
                company.id,
                SQL.identifier(alias, "structure_id"),
                sorted(coordinated.get(company.id, ())),
            )
            for company in self.env.companies
        ]
        return SQL("(%s)", SQL(" OR ").join(parts))

    def _went(self, start, end):
        """Each person's first outing of the quarter.

        :return: rows of person id, structure id, months since the outing before (None
            for a first outing)
        """
        self.env["culture.registration"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line.beneficiary_id)
                       line.beneficiary_id, line.structure_id, line.attended_date,
                       (SELECT max(past.attended_date)
                          FROM culture_registration past
                         WHERE past.beneficiary_id = line.beneficiary_id
                           AND past.state = 'attended'
                           AND past.attended_date < %(start)s)
                  FROM culture_registration line
                 WHERE line.state = 'attended' AND line.beneficiary_id IS NOT NULL
                   AND line.attended_date >= %(start)s AND line.attended_date < %(end)s
                   AND %(covered)s
                 ORDER BY line.beneficiary_id, line.attended_date, line.id
                """,
                start=start,
                end=end,
                covered=self._covered("line"),
            )
        )
        return [
            (person, structure, before and (day - before).days // 30)
            for person, structure, day, before in rows
        ]

    def _offers(self, start, end):
        """Persons to whom a place was offered by the rules, and out of turn.

        :return: pair of numbers; who was in both counts as out of turn
        """
        self.env["culture.registration"].flush_model()
        company = self.env.company
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE NOT chosen),
                       count(*) FILTER (WHERE chosen)
                  FROM (SELECT bool_or(log.why = 'choice') AS chosen
                          FROM culture_registration_log log
                          JOIN culture_registration line
                            ON line.id = log.registration_id
                         WHERE log.date >= %s AND log.date < %s
                           AND log.why IN ('first', 'unserved', 'order', 'choice')
                           AND line.beneficiary_id IS NOT NULL AND %s
                         GROUP BY line.beneficiary_id) person
                """,
                company._culture_midnight(start),
                company._culture_midnight(end),
                self._covered("line"),
            )
        )
        return row
