from odoo import models
from odoo.tools import format_date

from ..tools.day_words import day_in_words

CHOICES = ("all", "followups", "outings", "goals")
SHOWN_AT_ONCE = 40
TOLD = ("attended", "excused", "absent", "cancelled")


class CultureBeneficiary(models.Model):
    """What happened with the person, newest first, in one readable column."""

    _inherit = "culture.beneficiary"

    def read_timeline(self, choice="all", limit=SHOWN_AT_ONCE):
        """The thread of the file. Notes are in it: this is the logged opening.

        :param choice: ``all``, ``followups``, ``outings`` or ``goals``
        :param limit: how many lines, from the newest on
        :return: dict with ``lines`` (dicts of plain texts) and ``more``: whether
            there are others
        :raise AccessError: when the file is not open to the user
        """
        self.ensure_one()
        self.log_opening()
        limit = max(int(limit), 1)
        events = sorted(
            self._timeline_events(choice if choice in CHOICES else "all"),
            key=lambda event: (event[0], event[1]._name, event[1].id),
            reverse=True,
        )
        shown = events[:limit]
        told = {}
        for model in {record._name for __, record in shown}:
            ids = [record.id for __, record in shown if record._name == model]
            told[model] = self.env[model].browse(ids)._timeline_lines()
        return {
            "lines": [
                {
                    "key": f"{record._name},{record.id}",
                    "day": day_in_words(self.env, day, "d MMMM"),
                    "month": format_date(self.env, day, date_format="MMMM y"),
                    **told[record._name][record.id],
                }
                for day, record in shown
            ],
            "more": len(events) > limit,
        }

    def _timeline_events(self, choice):
        """What happened, under the reader's own rights.

        :return: list of pairs: day, record whose model has ``_timeline_lines``
        """
        events = []
        if choice in ("all", "followups"):
            followups = self.env["culture.followup"].search_fetch(
                [("beneficiary_id", "=", self.id)], ["date"]
            )
            events += [(followup.date, followup) for followup in followups]
        if choice in ("all", "outings"):
            lines = self.env["culture.registration"].search_fetch(
                [("beneficiary_id", "=", self.id), ("state", "in", TOLD)],
                ["state", "date_begin", "date_end", "attended_date"],
            )
            events += lines._timeline_days()
        if choice in ("all", "goals"):
            goals = self.env["culture.goal"].search_fetch(
                [("beneficiary_id", "=", self.id), ("reached_date", "!=", False)],
                ["reached_date"],
            )
            events += [(goal.reached_date, goal) for goal in goals]
            plans = self.env["culture.accompaniment"].search_fetch(
                [("beneficiary_id", "=", self.id), ("agreed_date", "!=", False)],
                ["agreed_date"],
            )
            events += [(plan.agreed_date, plan) for plan in plans]
        return events
