from datetime import timedelta

from odoo import api, fields, models

ENDED_LATELY = timedelta(days=8)


class CultureAccess(models.Model):
    """The accesses of who replaces a referent, written from the referent's card.

    They start and end by their dates alone. What was in force stays, as history.
    """

    _inherit = "culture.access"

    @api.model
    def _sync_replacements(self, people):
        """Make the replacement rows of these persons follow their referents' cards.

        sudo: nobody writes access rows; these follow from the person's referent and
        from the card, whose writers had the right to.

        :param people: ``culture.beneficiary`` records
        """
        now = fields.Datetime.now()
        wanted = self._wanted_replacements(people.sudo(), now)
        standing = self.sudo().search(
            [
                ("beneficiary_id", "in", people.ids),
                ("kind", "=", "replacement"),
                "|",
                ("date_end", "=", False),
                ("date_end", ">", now),
            ]
        )
        gone = standing.browse()
        for row in standing:
            values = wanted.get(row.beneficiary_id)
            if values and row._goes_on_as(values, now):
                row._keep_until(wanted.pop(row.beneficiary_id), now)
            else:
                gone |= row
        begun = gone.filtered(lambda row: row.date_start <= now)
        (gone - begun).unlink()
        begun.write({"date_end": now})
        self.sudo().create(list(wanted.values()))
        begun._pass_on_activities()

    @api.model
    def _wanted_replacements(self, people, now):
        """Values of the rows that these persons should have, by person."""
        wanted = {}
        for person in people:
            card = person.referent_id
            start, end = card._replacement_period()
            if end and end > now:
                wanted[person] = {
                    "beneficiary_id": person.id,
                    "user_id": card.replacement_id.user_id.id,
                    "kind": "replacement",
                    "replaced_id": card.id,
                    "date_start": max(start, now),
                    "date_end": end,
                }
        return wanted

    def _goes_on_as(self, values, now):
        """Whether this row, begun or not, is the one that `values` ask for."""
        same = (self.user_id.id, self.replaced_id.id) == (
            values["user_id"],
            values["replaced_id"],
        )
        return same and (self.date_start > now or values["date_start"] <= now)

    def _keep_until(self, values, now):
        changed = {"date_end": values["date_end"]}
        if self.date_start > now:
            changed["date_start"] = values["date_start"]
        if any(self[name] != value for name, value in changed.items()):
            self.write(changed)

    @api.autovacuum
    def _pass_on_after_the_last_day(self):
        """Accesses end by their date; what was to do then goes to who follows."""
        now = fields.Datetime.now()
        ended = self.sudo().search(
            [
                ("kind", "!=", "referent"),
                ("date_end", "<=", now),
                ("date_end", ">", now - ENDED_LATELY),
            ]
        )
        standing = {
            (row.beneficiary_id, row.user_id)
            for row in self._that_count(ended.beneficiary_id)
        }
        ended.filtered(
            lambda row: (row.beneficiary_id, row.user_id) not in standing
        )._pass_on_activities()
