from odoo.tools import plaintext2html

PLAIN = {
    "discipline_text": "discipline_id",
    "min_age": "min_age",
    "access_mode": "access_mode",
    "meeting_point": "meeting_point",
}
"""What a source says and the field of the outing that it fills as it is."""


class OutingChanges:
    """What a newer version of an event changes on its outing, and in which words."""

    def __init__(self, outings):
        """:param outings: empty ``culture.outing`` recordset of the company"""
        self.env = outings.env
        self.outings = outings

    def find(self, row, outing):
        """What is new in the source since the last time, and differs from here.

        :param row: values of a line
        :param outing: ``culture.outing``
        :return: dict of values to write
        """
        before, now = outing.source_values or None, row["source_values"]

        def is_new(said):
            return before is None or before.get(said) != now.get(said)

        vals = {}
        if is_new("when"):
            vals.update(self._new_dates(row, outing))
        if is_new("name") and row["name"]:
            vals["name"] = row["name"]
        if is_new("venue_text") and row["venue_id"]:
            vals["venue_id"] = row["venue_id"]
        if is_new("seats") and row["seats_given"]:
            vals["seats_max"] = row["seats"]
        if is_new("description") and row["description"]:
            if before is not None or not outing.description:
                vals["description"] = plaintext2html(row["description"])
        for said, name in PLAIN.items():
            if is_new(said) and row[name]:
                vals[name] = row[name]
        return {
            name: value
            for name, value in vals.items()
            if value != self._now(outing, name)
        }

    @staticmethod
    def _now(outing, name):
        value = outing[name]
        return value.id if outing._fields[name].type == "many2one" else value

    @staticmethod
    def _new_dates(row, outing):
        begin, end = row["date_begin"], row["date_end"]
        if row["date_mode"] == "open":
            return {"date_mode": "open", "date_begin": False, "date_end": end}
        if begin and not end and outing.date_begin and outing.date_end:
            end = begin + (outing.date_end - outing.date_begin)
        vals = {"date_mode": "fixed", "date_begin": begin}
        return {**vals, "date_end": end} if end else vals

    def describe(self, vals, outing):
        """What an update changes, in words, and how many people are concerned."""
        _ = self.env._
        moved = vals.keys() & {"date_mode", "date_begin", "date_end"}
        said = []
        if moved:
            said.append(self._move(vals, outing))
        others = [
            outing._fields[name]._description_string(self.env)
            for name in vals
            if name not in moved
        ]
        if others:
            said.append(
                _(
                    "Imported already, this changes: %(fields)s.",
                    fields=", ".join(others),
                )
            )
        if moved or "venue_id" in vals:
            said += self.to_tell(outing)
        return said

    def _move(self, vals, outing):
        _ = self.env._
        later = self.outings.new(
            {
                "company_id": self.env.company.id,
                "date_mode": vals.get("date_mode", outing.date_mode),
                "date_begin": vals.get("date_begin", outing.date_begin),
                "date_end": vals.get("date_end", outing.date_end),
            }
        )
        before, after = outing.when_label, later.when_label
        if before == after:
            return _("Imported already, the end changes.")
        if outing.date_begin and outing._local_day() == later._local_day():
            before = outing._hour_label(outing.date_begin)
            after = later._hour_label(later.date_begin)
            return _(
                "Imported already, the hour changes: %(before)s → %(after)s.",
                before=before,
                after=after,
            )
        return _(
            "Imported already, the date changes: %(before)s → %(after)s.",
            before=before,
            after=after,
        )

    def to_tell(self, outing):
        """How many people are concerned.

        :return: list of sentences
        """
        count = outing.confirmed_count + outing.waiting_count
        if not count:
            return []
        if count == 1:
            return [self.env._("1 registration: tell the person.")]
        return [self.env._("%s registrations: tell the persons.", count)]
