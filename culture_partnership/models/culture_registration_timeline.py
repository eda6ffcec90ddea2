from odoo import models


class CultureRegistration(models.Model):
    """An outing as the thread of a person's file tells it."""

    _inherit = "culture.registration"

    def _timeline_days(self):
        """Days of what the thread tells: of the outing, or of the cancellation.

        :return: list of pairs: day, registration
        """
        cancelled = self.filtered(lambda line: line.state == "cancelled")
        logs = self.env["culture.registration.log"].search_fetch(
            [("registration_id", "in", cancelled.ids), ("state_to", "=", "cancelled")],
            ["registration_id", "date"],
            order="id",
        )
        moments = {log.registration_id: log.date for log in logs}
        return [
            (
                line.attended_date
                or line.company_id._culture_day(
                    moments.get(line) or line.date_begin or line.date_end
                ),
                line,
            )
            for line in self
        ]

    def _timeline_lines(self):
        """Outings as the thread shows them.

        :return: dict of dicts by id
        """
        return {
            line.id: {"icon": "fa-ticket", "title": line._timeline_title()}
            for line in self
        }

    def _timeline_title(self):
        outing = self.outing_id.name
        reason = self.reason_id.name
        reason = reason and reason[:1].lower() + reason[1:]
        if self.state == "attended":
            return self.env._("Outing: attendance, %(outing)s", outing=outing)
        if self.state == "cancelled" and reason:
            return self.env._(
                "Registration cancelled: %(outing)s. Reason: %(reason)s.",
                outing=outing,
                reason=reason,
            )
        if self.state == "cancelled":
            return self.env._("Registration cancelled: %(outing)s", outing=outing)
        lever = reason and self._proposed_lever()
        if lever:
            return self.env._(
                "Could not come: %(reason)s. Proposed lever: %(lever)s. Outing: "
                "%(outing)s",
                reason=reason,
                lever=lever[:1].lower() + lever[1:],
                outing=outing,
            )
        if reason:
            return self.env._(
                "Could not come: %(reason)s. Outing: %(outing)s",
                reason=reason,
                outing=outing,
            )
        if self.state == "excused":
            return self.env._("Could not come: %(outing)s", outing=outing)
        return self.env._("Absence without news: %(outing)s", outing=outing)

    def _proposed_lever(self):
        """What could help with what got in the way: of the person's, or the list's.

        :return: name of a lever, or False
        """
        barrier = self.reason_id.barrier_id
        noted = self.beneficiary_id.barrier_line_ids.filtered(
            lambda line: barrier and line.barrier_id == barrier
        )
        return (noted.lever_id or barrier.lever_ids)[:1].name
