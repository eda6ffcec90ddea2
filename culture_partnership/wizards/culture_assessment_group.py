from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.culture_assessment import QUESTIONS, VIEWS
from ..tools.masking import FEWEST_INSIDE, mask

UP, STABLE, DOWN, NO_ANSWER = range(4)


class CultureAssessmentGroup(models.TransientModel):
    """What has moved in a group, between the entry and the latest assessment.

    By the reader's own rights: whoever is counted, the reader may open the file. The
    figures leave the screen in meetings and mails, so they rest on enough persons.
    """

    _name = "culture.assessment.group"
    _inherit = ["culture.links"]
    _description = "What has moved"

    structure_id = fields.Many2one(
        "res.partner",
        domain=lambda self: [
            (
                "id",
                "in",
                self.env["culture.role"]._structures("referent", "coordinator").ids,
            )
        ],
        ondelete="cascade",
    )
    date_start = fields.Date(
        string="From",
        default=lambda self: self.env.company._culture_today() - relativedelta(years=1),
    )
    date_end = fields.Date(
        string="Until", default=lambda self: self.env.company._culture_today()
    )
    figures = fields.Html(compute="_compute_figures", sanitize=False)
    semesters = fields.Html(compute="_compute_semesters", sanitize=False)
    coordinates = fields.Boolean(
        compute="_compute_semesters", export_string_translation=False
    )

    @api.depends_context("lang")
    def _compute_display_name(self):
        for group in self:
            group.display_name = self.env._("What has moved")

    @api.depends("structure_id", "date_start", "date_end")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_figures(self):
        assessments = self.env["culture.assessment"]
        labels = dict(assessments._fields["view"]._description_selection(self.env))
        for group in self:
            group.figures = self.env["ir.qweb"]._render(
                "culture_partnership.assessment_group_figures",
                {
                    "heads": [
                        self.env._("Up"),
                        self.env._("Stable"),
                        self.env._("Down"),
                        self.env._("Without an answer"),
                    ],
                    "views": [
                        {"label": labels[view], **group._figures_of(view)}
                        for view in VIEWS
                    ],
                },
            )

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_semesters(self):
        coordinates = "coordinator" in self.env["culture.role"]._roles_in_force()
        semesters = self.env["culture.semester"]
        for group in self:
            group.coordinates = coordinates
            group.semesters = coordinates and self.env["ir.qweb"]._render(
                "culture_partnership.assessment_group_semesters",
                {
                    "questions": semesters._question_labels(),
                    "semesters": semesters._told(),
                },
            )

    def _figures_of(self, view):
        """What has moved by one point of view.

        :param view: ``person`` or ``referent``
        :return: dict with ``total``, None when too few, ``said``: the same in words,
            ``shown``: whether there is a figure, and ``rows``: dicts with ``label``
            and ``counts`` (up, stable, down, without an answer)
        """
        pairs = self._entries_and_latest(view)
        fields_ = self.env["culture.assessment"]._fields
        rows = []
        for question in QUESTIONS:
            counts = [0, 0, 0, 0]
            for entry, latest in pairs:
                counts[_moved(entry, latest, f"{view}_{question}")] += 1
            rows.append(
                {
                    "label": fields_[f"person_{question}"]._description_string(
                        self.env
                    ),
                    "counts": mask(counts),
                }
            )
        shown = any(count is not None for row in rows for count in row["counts"])
        return {"rows": rows, **self._total(len(pairs), shown)}

    def _total(self, count, shown):
        if count >= FEWEST_INSIDE and not shown:
            said = self.env._(
                "%(n)s persons have an assessment at entry and a later one. Each "
                "figure rests on fewer than %(least)s of them: nothing is shown, so "
                "that nobody can be recognised.",
                n=count,
                least=FEWEST_INSIDE,
            )
            return {"total": count, "shown": False, "said": said}
        if count < FEWEST_INSIDE:
            said = self.env._(
                "Fewer than %(n)s persons have an assessment at entry and a later one: "
                "nothing is shown, so that nobody can be recognised.",
                n=FEWEST_INSIDE,
            )
            return {"total": None, "shown": False, "said": said}
        said = self.env._(
            "%(n)s persons have an assessment at entry and a later one.", n=count
        )
        return {"total": count, "shown": True, "said": said}

    def _entries_and_latest(self, view):
        """The entry of each person, and the latest assessment of the period after it.

        :return: list of pairs of ``culture.assessment``
        """
        rows = self.env["culture.assessment"].search_fetch(
            self._domain() & Domain("view", "=", view),
            [
                "beneficiary_id",
                "date",
                "moment",
                *(f"{view}_{question}" for question in QUESTIONS),
            ],
            order="date, id",
        )
        entries, latest = {}, {}
        for row in rows:
            person = row.beneficiary_id.id
            if row.moment == "entry":
                # who comes back begins anew
                entries[person] = row
                latest.pop(person, None)
            elif person in entries and not (
                self.date_start and row.date < self.date_start
            ):
                latest[person] = row
        return [(entries[person], row) for person, row in latest.items()]

    def _domain(self):
        domain = Domain("company_id", "in", self.env.companies.ids)
        if self.structure_id:
            domain &= Domain("structure_id", "child_of", self.structure_id.id)
        if self.date_end:
            domain &= Domain("date", "<=", self.date_end)
        return domain

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for group in self:
            if group.date_start and group.date_end:
                if group.date_end < group.date_start:
                    raise UserError(
                        self.env._("Until: give a day after the first one.")
                    )


def _moved(entry, latest, name):
    before, after = entry._place_of(name), latest._place_of(name)
    if not before or not after:
        return NO_ANSWER
    if after == before:
        return STABLE
    return UP if after > before else DOWN
