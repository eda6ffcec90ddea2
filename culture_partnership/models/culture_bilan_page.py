from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.day_words import day_in_words
from .culture_assessment import QUESTIONS, VIEWS
from .culture_bilan import DRAFT
from .culture_bilan_count import MOVES

IN_FULL = "d MMMM y"
CHAIN = ("offered", "reserved", "given", "used")


class CultureBilan(models.Model):
    """The report in words: one page for the screen, the paper and the portal.

    It is made of what is frozen, and of the labels of the reader's language.
    """

    _inherit = "culture.bilan"

    page = fields.Html(
        compute="_compute_page", sanitize=False, export_string_translation=False
    )
    period_label = fields.Char(string="Period", compute="_compute_period_label")

    @api.depends("figures", "state")
    @api.depends_context("uid", "lang")
    def _compute_page(self):
        for report in self:
            report.page = report.is_counted and self.env["ir.qweb"]._render(
                "culture_partnership.bilan_body", {"page": report._page()}
            )

    @api.depends("date_start", "date_end")
    @api.depends_context("lang")
    def _compute_period_label(self):
        for report in self:
            report.period_label = report._period_in_words()

    def _period_in_words(self):
        """ "Season 2025-2026", or the first and the last day."""
        first, last = self.date_start, self.date_end
        if not first or not last:
            return ""
        season = (first.month, first.day, last.month, last.day) == (9, 1, 8, 31)
        if season and last.year == first.year + 1:
            return self.env._(
                "Season %(first)s-%(last)s", first=first.year, last=last.year
            )
        return self.env._(
            "From %(first)s to %(last)s",
            first=self._day_in_words(first),
            last=self._day_in_words(last),
        )

    def _day_in_words(self, day):
        return day_in_words(self.env, day, IN_FULL)

    # ---------------------------------------------------------------------- page

    def _page(self):
        """What the report says, by names that are allowed here and no others.

        :return: dict with ``title``, ``subject``, ``lead`` (sentences), ``sections``
            (dicts with ``title``, ``note``, ``heads`` and ``rows``: a label, figures,
            None for a hidden one, and ``bar``, percents), ``reading`` (how to read it)
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: of a report that is read, by the names below
        figures = self.sudo().figures
        values = figures["values"]
        sections = [
            self._places_section(values),
            self._people_section(values),
            self._list_section(self.env._("By discipline"), figures["disciplines"]),
            self._list_section(self.env._("By district"), figures["districts"]),
            self._way_section(values),
            self._barriers_section(figures, values),
            *(self._moves_section(view, values) for view in VIEWS),
            self._permanences_section(figures, values),
            self._actors_section(values),
            self._commitments_section(figures, values),
        ]
        return {
            "title": self._period_in_words(),
            "subject": self._subject(),
            "lead": self._lead(figures, values),
            "sections": [section for section in sections if section["rows"]],
            "reading": self._reading(figures),
            "threshold": self.threshold,
        }

    def _page_on_paper(self):
        """The same, to be printed.

        :raise UserError: before anything is counted
        """
        if not self.is_counted:
            raise UserError(self.env._("Count first: this report says nothing yet."))
        return self._page()

    def _lead(self, figures, values):
        until = self._day_in_words(date.fromisoformat(figures["until"]))
        lead = [self.env._("Figures until %(day)s.", day=until)]
        if self.state == DRAFT:
            lead.insert(
                0, self.env._("Draft: nobody outside the coordination sees it.")
            )
        if self.published_date:
            day = self.company_id._culture_day(self.published_date)
            lead.append(
                self.env._(
                    "Published on %(day)s, not changed since.",
                    day=self._day_in_words(day),
                )
            )
        if values["people"] is None:
            lead.append(
                self.env._(
                    "Fewer than %(n)s people, or too few beside another report: what "
                    "concerns people is not shown.",
                    n=self.threshold,
                )
            )
        return lead

    def _rows(self, values, labels, most=None):
        """A row a figure; a bar of what it is of the most, when it is shown.

        Figures that this report does not have get no row.
        """
        rows = []
        for key, label in labels.items():
            if key not in values:
                continue
            value = values[key]
            bar = round(100 * value / most) if most and value is not None else None
            rows.append(
                {"label": label, "cells": [value], "bar": bar and min(bar, 100)}
            )
        return rows

    def _places_section(self, values):
        labels = {
            "outings": self.env._("Outings"),
            "cancelled": self.env._("Outings cancelled"),
            "offered": self.env._("Places offered"),
            "reserved": self.env._("Places reserved"),
            "given": self.env._("Places attributed"),
            "used": self.env._("Places used"),
            "unused": self.env._("Places not used"),
            "unrecorded": self.env._("Attendance not recorded"),
        }
        most = max((values.get(key) or 0 for key in CHAIN), default=0)
        rows = self._rows(values, labels, most)
        for row in rows[:2]:
            row["bar"] = None
        return {
            "title": self.env._("Places"),
            "note": self.env._(
                "Offered: by the outings that the structure organised. The others: of "
                "the people whom it follows, on whatever outing. Reserved: confirmed "
                "once, even if the place was freed later. Attendance that nobody has "
                "recorded is neither a presence nor an absence."
            ),
            "heads": [],
            "rows": rows,
        }

    def _people_section(self, values):
        labels = {
            "people": self.env._("People reached (a place at least)"),
            "came": self.env._("People who went out at least once"),
            "first_outing": self.env._("Of whom for the first time"),
            "adults": self.env._("Adults"),
            "minors": self.env._("Minors"),
            "need": self.env._("People with an access need who went out"),
            "need_met": self.env._("Of whom each need was met each time"),
        }
        return {
            "title": self.env._("People"),
            "note": self.env._(
                "Distinct people, each counted once. Groups without names are in the "
                "places, and in no number of people. Adults: also those whose age is "
                "not known."
            ),
            "heads": [],
            "rows": self._rows(values, labels, values["people"]),
        }

    def _list_section(self, title, rows):
        return {
            "title": title,
            "note": "",
            "heads": [self.env._("Outings"), self.env._("Places offered")],
            "rows": [
                {
                    "label": name or self.env._("Not given"),
                    "cells": [outings, offered],
                    "bar": None,
                }
                for name, outings, offered in rows
            ],
        }

    def _way_section(self, values):
        labels = {
            "plan": self.env._("People with a plan"),
            "goal": self.env._("Of whom reached a goal"),
            "alone": self.env._("First outing without an escort"),
            "warned": self.env._("Warned of not coming, for the first time"),
            "proposed": self.env._("First outing of one’s own choice"),
        }
        return {
            "title": self.env._("Steps"),
            "note": self.env._("What happened in the period, of the people reached."),
            "heads": [],
            "rows": self._rows(values, labels, values["people"]),
        }

    def _barriers_section(self, figures, values):
        rows = [
            {
                "label": name,
                "cells": [values[f"barrier_{id_}"], values[f"barrier_{id_}_lifted"]],
                "bar": None,
            }
            for id_, name in figures.get("barriers", ())
        ]
        return {
            "title": self.env._("Barriers most named"),
            "note": self.env._(
                "Where they stood on the day of the count. Those named by few people, "
                "or by almost all, are not listed."
            ),
            "heads": [self.env._("People"), self.env._("Of whom lifted")],
            "rows": rows,
        }

    def _moves_section(self, view, values):
        assessments = self.env["culture.assessment"]
        labels = dict(assessments._fields["view"]._description_selection(self.env))
        pairs, rows = values.get(f"{view}_pairs"), []
        if pairs is not None:
            for question in QUESTIONS:
                field = assessments._fields[f"person_{question}"]
                rows.append(
                    {
                        "label": field._description_string(self.env),
                        "cells": [values[f"{view}_{question}_{m}"] for m in MOVES],
                        "bar": None,
                    }
                )
        return {
            "title": self.env._("What has moved: %(view)s", view=labels[view]),
            "note": pairs is not None
            and self.env._(
                "%(n)s people have an assessment at entry and a later one; of the "
                "others, nothing is known. A figure says that something has moved, not "
                "why.",
                n=pairs,
            ),
            "heads": [
                self.env._("Up"),
                self.env._("Stable"),
                self.env._("Down"),
                self.env._("Without an answer"),
            ],
            "rows": rows,
        }

    def _permanences_section(self, figures, values):
        sessions = figures.get("permanences") or {}
        kinds = {
            "familiar": self.env._("Familiar places"),
            "anonymous": self.env._("Anonymous places"),
        }
        rows = []
        for kind, label in kinds.items():
            if kind in sessions:
                key = f"{kind}_people_count" if len(sessions) > 1 else "people_count"
                seen = values.get(key)
                cells = [sessions[kind], seen]
                rows.append({"label": label, "cells": cells, "bar": None})
        if sessions:
            first = [sum(sessions.values()), values["first_time_count"]]
            label = self.env._("Of whom first time, in all")
            rows.append({"label": label, "cells": first, "bar": None})
        return {
            "title": self.env._("Permanences"),
            "note": self.env._(
                "Visits, not people: nobody is asked for a name, and who comes twice "
                "is counted twice."
            ),
            "heads": [self.env._("Permanences"), self.env._("People seen")],
            "rows": rows,
        }

    def _actors_section(self, values):
        labels = {
            "relays": self.env._("Relays who went along"),
            "referents": self.env._("Referents who came"),
            "trainings": self.env._("Trainings followed"),
            "trained": self.env._("People trained"),
        }
        return {
            "title": self.env._("Who made it possible"),
            "note": "",
            "heads": [],
            "rows": self._rows(values, labels),
        }

    def _commitments_section(self, figures, values):
        field = self.env["culture.commitment"]._fields["indicator"]
        labels = dict(field._description_selection(self.env))
        return {
            "title": self.env._("Commitments of the convention"),
            "note": self.env._("Reached: over the period of this report."),
            "heads": [self.env._("Target"), self.env._("Reached")],
            "rows": [
                {"label": labels[code], "cells": [target, values.get(key)], "bar": None}
                for code, target, key in figures["commitments"]
            ],
        }

    def _reading(self, figures):
        """How to read the report: what is masked, what is not known.

        :return: list of sentences
        """
        said = [
            self.env._(
                "“Masked”: so that nobody can be recognised. A figure is shown when it "
                "rests on %(n)s distinct people at least, and what is left of the "
                "total too. A figure of nought is masked like a small one.",
                n=self.threshold,
            ),
            self.env._(
                "Figures that would let a masked one be worked out are masked with it: "
                "from a sum, from another table, or from another published report."
            ),
            self.env._(
                "What nobody has recorded is said to be unknown, never guessed."
            ),
            self.env._(
                "What has moved is what people and professionals said; no cause is "
                "claimed."
            ),
            self.env._(
                "A published report does not change. If the data are corrected, a new "
                "version is published."
            ),
        ]
        return said + self._reading_beside_others(figures)

    def _reading_beside_others(self, figures):
        said = []
        if figures["earlier"]:
            said.append(
                self.env._(
                    "Other reports were published on some of the same months and "
                    "people: more is masked here than in a report of its own."
                )
            )
        if not figures["apart"]:
            said.append(
                self.env._(
                    "One of them covers other months: steps, barriers and assessments "
                    "are told in that one only."
                )
            )
        return said
