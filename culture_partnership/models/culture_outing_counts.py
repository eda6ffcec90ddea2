from odoo import api, fields, models
from odoo.fields import Domain

from .culture_registration_rules import RECORDED, SEATED


class CultureOuting(models.Model):
    """What is counted on an outing, and for whom."""

    _inherit = "culture.outing"

    @api.depends("registration_ids.state")
    def _compute_counts(self):
        """Totals of the outing: numbers only, so sudo tells nothing of a person."""
        totals = self._count_by_state(self.env["culture.registration"].sudo(), [])
        for outing in self:
            mine = totals.get(outing._origin, {})
            recorded = sum(mine.get(state, 0) for state in RECORDED)
            outing.confirmed_count = mine.get("confirmed", 0)
            outing.waiting_count = mine.get("waiting", 0)
            outing.recorded_count = recorded
            outing.unrecorded_count = (
                mine.get("confirmed", 0) if outing._attendance_is_due() else 0
            )
            outing.attendance_due = bool(outing.unrecorded_count)

    @api.depends("registration_ids.state")
    @api.depends_context("uid")
    def _compute_my_counts(self):
        lines = self.env["culture.registration"]
        totals = self._count_by_state(lines, [("is_mine", "=", True)])
        for outing in self:
            mine = totals.get(outing._origin, {})
            outing.my_people_count = sum(mine.get(state, 0) for state in SEATED)
            outing.with_my_people = bool(outing.my_people_count)
            outing.my_unrecorded_count = (
                mine.get("confirmed", 0) if outing._attendance_is_due() else 0
            )

    def _attendance_is_due(self):
        """From the start on; with an open date once it is over, as lists say."""
        now = fields.Datetime.now()
        moment = self.date_begin or self.date_end
        return bool(moment) and moment <= now

    def _count_by_state(self, lines, domain):
        counts = {}
        if not lines.has_access("read"):
            return counts
        for outing, state, count in lines._read_group(
            [("outing_id", "in", self.ids), *domain],
            ["outing_id", "state"],
            ["__count"],
        ):
            counts.setdefault(outing.with_env(self.env), {})[state] = count
        return counts

    def _search_with_my_people(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("is_mine", "=", True) & Domain("state", "in", list(SEATED))
        return self._with_registration(mine)

    def _search_attendance_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._with_registration(Domain("attendance_due", "=", True))

    @api.model
    def _with_registration(self, domain):
        """Outings that have such a registration in the user's reach.

        :param domain: on registrations
        :return: Domain; nothing for who reads no registration at all
        """
        if not self.env["culture.registration"].has_access("read"):
            return Domain.FALSE
        return Domain("registration_ids", "any", domain)

    @api.depends("escort_ids", "state")
    def _compute_without_escort(self):
        for outing in self:
            outing.without_escort = not outing.escort_ids

    def _search_without_escort(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("escort_ids", "=", False)
