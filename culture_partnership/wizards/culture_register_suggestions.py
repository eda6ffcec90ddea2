from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command, Domain

from ..models.culture_referent import FOLLOWED_STAGES

MOST_SUGGESTIONS = 40
LEAST = fields.Date.to_date("1900-01-01")


class CultureRegister(models.TransientModel):
    """Whom to propose for an outing, or which outings for a person, and why."""

    _inherit = "culture.register"

    def _suggest(self):
        self.line_ids.filtered(lambda line: not line.selected).unlink()
        if self.outing_id:
            self._add_people(self._people_to_suggest())
        else:
            self._add_outings(self._outings_to_suggest())

    def _people_to_suggest(self):
        outing = self.outing_id
        domain = [
            ("company_id", "=", outing.company_id.id),
            ("stage", "in", (*FOLLOWED_STAGES, "autonomous")),
            ("id", "not in", self.line_ids.beneficiary_id.ids),
            ("registration_ids", "not any", self._live_on(outing)),
        ]
        if self.only == "mine":
            domain.append(("is_mine", "=", True))
        elif self.only == "wishes":
            domain.append(("discipline_ids", "in", outing.discipline_id.ids))
        elif self.only == "free" and outing.date_begin:
            domain.append(("registration_ids", "not any", self._at_the_same_time()))
        people = self.env["culture.beneficiary"].search(domain)
        if self.only == "access":
            people = people.filtered(
                lambda p: p.access_need_ids <= outing.access_need_ids
            )
        served = self._last_served(people)
        people = people.sorted(lambda p: (served.get(p, LEAST), p.opened_date or LEAST))
        return people[:MOST_SUGGESTIONS]

    def _live_on(self, outing):
        return [("outing_id", "=", outing.id), ("state", "!=", "cancelled")]

    def _at_the_same_time(self):
        outing = self.outing_id
        return [
            ("state", "in", ("offered", "confirmed")),
            ("date_begin", "<", outing.date_end),
            ("date_end", ">", outing.date_begin),
        ]

    def _last_served(self, people):
        """Last outing attended by person: who never went comes first."""
        return dict(
            self.env["culture.registration"]._read_group(
                [("beneficiary_id", "in", people.ids), ("state", "=", "attended")],
                ["beneficiary_id"],
                ["attended_date:max"],
            )
        )

    def _add_people(self, people, selected=False):
        outing = self.outing_id
        served = self._last_served(people)
        busy = {}
        if outing.date_begin:
            lines = self.env["culture.registration"].search(
                [("beneficiary_id", "in", people.ids), *self._at_the_same_time()]
            )
            busy = {line.beneficiary_id: line for line in lines}
        self.line_ids = [
            Command.create(
                {
                    "beneficiary_id": person.id,
                    "outing_id": outing.id,
                    "selected": selected,
                    "waited": self._waited_label(person, served.get(person)),
                    "wishes": self._wishes_label(person, outing),
                    "access": self._access_label(person, outing),
                    "that_day": self._that_day_label(busy.get(person)),
                }
            )
            for person in people
        ]

    def _outings_to_suggest(self):
        person, wanted = self.beneficiary_id, self.discipline_id
        now = fields.Datetime.now()
        outings = self.env["culture.outing"].search(
            [
                ("company_id", "=", person.company_id.id),
                ("state", "=", "published"),
                ("date_end", ">", now),
                ("id", "not in", self.line_ids.outing_id.ids),
                ("registration_ids", "not any", [("beneficiary_id", "=", person.id)]),
                *([("discipline_id", "=", wanted.id)] if wanted else []),
            ],
            limit=4 * MOST_SUGGESTIONS,
        )
        if self.only == "wishes":
            outings = outings.filtered(
                lambda o: o.discipline_id in person.discipline_ids
            )
        elif self.only == "access":
            outings = outings.filtered(
                lambda o: person.access_need_ids <= o.access_need_ids
            )
        return outings[:MOST_SUGGESTIONS]

    def _add_outings(self, outings):
        person = self.beneficiary_id
        held = self.env["culture.registration"].search(
            Domain("beneficiary_id", "=", person.id)
            & Domain("state", "in", ("offered", "confirmed"))
            & Domain("date_begin", "!=", False)
        )
        lines = []
        for outing in outings:
            other = held.filtered(
                lambda line, outing=outing: (
                    outing.date_begin
                    and line.date_begin < outing.date_end
                    and line.date_end > outing.date_begin
                )
            )[:1]
            if self.only == "free" and other:
                continue
            lines.append(
                Command.create(
                    {
                        "beneficiary_id": person.id,
                        "outing_id": outing.id,
                        "wishes": self._wishes_label(person, outing),
                        "access": self._access_label(person, outing),
                        "that_day": self._that_day_label(other),
                    }
                )
            )
        self.line_ids = lines

    def _waited_label(self, person, served):
        if not served:
            return self.env._("First outing")
        months = (fields.Date.context_today(self) - served) // timedelta(days=30)
        if months < 1:
            return self.env._("Less than a month")
        if months == 1:
            return self.env._("1 month")
        return self.env._("%(n)s months", n=months)

    def _wishes_label(self, person, outing):
        discipline = outing.discipline_id
        if discipline not in person.discipline_ids or not discipline:
            return False
        return self.env._("%(discipline)s: yes", discipline=discipline.name)

    def _access_label(self, person, outing):
        needs = person.access_need_ids
        if not needs:
            return False
        names = ", ".join(needs.mapped("name"))
        if needs <= outing.access_need_ids:
            return self.env._("%(needs)s: yes", needs=names)
        return self.env._("%(needs)s: to check with the venue", needs=names)

    def _that_day_label(self, other):
        if not other:
            return self.env._("Free")
        hour = other.outing_id._hour_label(other.date_begin)
        return self.env._("An outing at %(hour)s already", hour=hour)
