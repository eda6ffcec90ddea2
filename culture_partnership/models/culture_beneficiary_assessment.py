from odoo import api, models

from ..tools.day_words import day_in_words
from ..tools.dialogs import notice
from .culture_assessment import QUESTIONS, VIEWS
from .ir_rule import refusal


class CultureBeneficiary(models.Model):
    """Where the person is, as they and their referent see it."""

    _inherit = "culture.beneficiary"

    def action_take_stock(self):
        """Open the page on which it is noted where this person is.

        :return: an action in a dialog
        :raise AccessError: when the user does not follow the person
        """
        self.ensure_one()
        if not self.is_mine:
            raise refusal(self.env)
        self.env["culture.assessment"].check_access("create")
        return self.env["culture.assessment"]._action_take(self)

    def action_end(self):
        """End the accompaniment; to take stock once more is proposed, not asked.

        :return: a notice for who may take stock
        """
        result = super().action_end()
        assessments = self.env["culture.assessment"]
        if not assessments.has_access("create") or not all(p.is_mine for p in self):
            return result
        return notice(
            self.env._(
                "Accompaniment ended. If the person wishes, “Take stock” stays open to "
                "look at the way covered."
            ),
            "info",
        )

    def _timeline_events(self, choice):
        """One line a day and moment, whichever views were noted."""
        events = super()._timeline_events(choice)
        if choice == "all":
            rows = self.env["culture.assessment"].search_fetch(
                [("beneficiary_id", "=", self.id)], ["date", "moment"]
            )
            days = {(row.date, row.moment): row for row in rows}
            events += [(row.date, row) for row in days.values()]
        return events

    @api.readonly
    def read_assessments(self):
        """What the tab shows, each point of view apart, by the reader's own rights.

        :return: list of dicts, one a view: ``columns`` (days, the oldest first),
            ``questions`` (with an answer a day: its words, and its place among the
            sentences, or None), ``entry`` and ``last`` (positions of columns)
        :raise AccessError: when the file is not open to the user
        """
        self.ensure_one()
        self.check_access("read")
        rows = self.env["culture.assessment"].search(
            [("beneficiary_id", "=", self.id)], order="date, id"
        )
        mine = rows._filtered_access("write")
        labels = dict(rows._fields["view"]._description_selection(self.env))
        return [
            {
                "view": view,
                "label": labels[view],
                **rows.filtered(lambda row, view=view: row.view == view)._as_table(
                    view, mine
                ),
            }
            for view in VIEWS
        ]


class CultureAssessment(models.Model):
    """The same in a table, for charts and for reading."""

    _inherit = "culture.assessment"

    def _as_table(self, view, mine):
        moments = dict(self._fields["moment"]._description_selection(self.env))
        entries = [n for n, row in enumerate(self) if row.moment == "entry"]
        return {
            "columns": [
                {
                    "id": row.id,
                    "moment": moments[row.moment],
                    "day": day_in_words(self.env, row.date, "d MMMM y"),
                    "correct": row in mine,
                }
                for row in self
            ],
            "questions": [
                {
                    "name": question,
                    "label": self._field_label(f"person_{question}"),
                    "answers": self._as_answers(f"{view}_{question}"),
                }
                for question in QUESTIONS
            ],
            "entry": entries[-1] if entries else None,
            "last": len(self) - 1 if self else None,
        }

    def _as_answers(self, name):
        words = dict(self._fields[name]._description_selection(self.env))
        return [
            {"words": words.get(row[name], ""), "place": row._place_of(name)}
            for row in self
        ]
