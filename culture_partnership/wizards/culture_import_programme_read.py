from datetime import datetime, time, timedelta

import pytz

from odoo import fields

from ..tools import columns, values
from ..tools.icalendar import digest
from ..tools.texts import one_line, several_lines, without_markup
from .culture_import_line import pack

LAST_MINUTE = time(23, 59)
"""An open date is valid until the end of its last day."""
EMPTY = dict.fromkeys(
    (
        *("result", "remark", "choice", "unread", "name", "day", "date_begin"),
        *("date_end", "venue_text", "venue_id", "venue_given", "seats_given"),
        *("discipline_text", "discipline_id", "access_mode", "meeting_point"),
        *("description", "structure_text", "structure_id", "structure_given"),
        *("uid", "cancelled", "goes_on", "source_modified", "source_values"),
        "outing_id",
    ),
    False,
)


class ProgrammeReader:
    """Turns a row of a table, or an event of a calendar, into values of a line."""

    def __init__(self, zone):
        """:param zone: ``pytz`` time zone of the company"""
        self.zone = zone
        now = pytz.utc.localize(fields.Datetime.now()).astimezone(zone)
        self.today = datetime.combine(now.date(), time.min)
        # a year of two digits may be one of the seasons to come
        self.latest = (self.today + timedelta(days=3 * 365)).date()

    def _to_utc(self, local):
        moment = self.zone.localize(local, is_dst=False)
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    def read_event(self, event):
        """:param event: :class:`~..tools.icalendar.Event`
        :return: dict of values of a line
        """
        problems = []
        if event.problem:
            problems.append(("date_begin", event.problem, event.text))
        row = dict(
            EMPTY,
            number=event.line,
            uid=event.uid,
            name=event.name or False,
            venue_text=event.venue or False,
            discipline_text=event.category or False,
            description=event.description or False,
            cancelled=event.cancelled or event.removed,
            goes_on=event.goes_on,
            source_sequence=event.sequence,
            source_modified=event.modified or False,
            min_age=0,
        )
        row["seats"] = self._read(values.read_count, event.seats, "seats", problems)
        if event.begin:
            row.update(date_mode="fixed", date_begin=event.begin, date_end=event.end)
        elif event.first_day and event.first_day == event.last_day:
            row.update(date_mode="fixed", day=event.first_day)
        elif event.last_day:
            end = self._to_utc(datetime.combine(event.last_day, LAST_MINUTE))
            row.update(date_mode="open", date_end=end)
        else:
            row.update(date_mode="fixed")
        return self._finish_row(row, problems)

    @staticmethod
    def _read(reader, text, name, problems, *args):
        """A value, or 0/False and the problem noted."""
        try:
            return reader(text, *args) or False
        except (ValueError, OverflowError):
            problems.append((name, "unreadable", one_line(text)[:60]))
            return False

    def _finish_row(self, row, problems):
        row["unread"] = pack(problems)
        row["seats"] = row["seats"] or 0
        row["seats_given"] = bool(row["seats"])
        row["date_begin"] = row["date_begin"] or False
        row["date_end"] = row["date_end"] or False
        row["source_values"] = source_values(row)
        return row

    def read_outing(self, number, cells):
        """:param number: line of the file
        :param cells: dict of name to cell
        :return: dict of values of a line
        """
        problems = []

        def text(name, most=250):
            return one_line(cells.get(name))[:most] or False

        def read(name, reader, *args):
            return self._read(reader, cells.get(name, ""), name, problems, *args)

        title = without_markup(str(cells.get("name", ""))[:1000])
        description = without_markup(str(cells.get("description", ""))[:10_000])
        row = dict(
            EMPTY,
            number=number,
            name=one_line(title)[:250] or False,
            date_mode="fixed",
            venue_text=text("venue"),
            discipline_text=text("discipline", 100),
            structure_text=text("structure", 200),
            meeting_point=text("meeting_point"),
            description=several_lines(description) or False,
            source_sequence=0,
            seats=read("seats", values.read_count),
            min_age=read("min_age", values.read_count, 0, 99) or 0,
            access_mode=read("access_mode", values.read_choice, columns.ACCESS_MODES),
        )
        self._read_dates(row, cells, problems)
        row["uid"] = text("uid", 200) or self._name_of(row, cells)
        return self._finish_row(row, problems)

    def _read_dates(self, row, cells, problems):
        """Dates of a line of a table: an hour, a day or a last day."""
        cells = dict(cells)
        for day, hour in (("day", "hour"), ("end_day", "end_hour")):
            cells[day], found = values.split_moment(cells.get(day, ""))
            cells[hour] = cells.get(hour) or found

        def read(name, reader, *args):
            field = "date_begin" if name in ("day", "hour") else "date_end"
            return self._read(reader, cells.get(name, ""), field, problems, *args)

        until = read("valid_until", values.read_day, self.latest)
        day = read("day", values.read_day, self.latest)
        hour = read("hour", values.read_hour)
        end_day = read("end_day", values.read_day, self.latest)
        end_hour = read("end_hour", values.read_hour)
        if day and not hour and end_day and end_day > day:
            until = until or end_day
        if until:
            end = self._to_utc(datetime.combine(until, LAST_MINUTE))
            row.update(date_mode="open", date_end=end)
        elif day and hour:
            self._read_hours(row, day, hour, end_day, end_hour)
        elif day:
            row["day"] = day

    def _read_hours(self, row, day, hour, end_day, end_hour):
        begin = datetime.combine(day, hour)
        row["date_begin"] = self._to_utc(begin)
        if end_hour:
            end = datetime.combine(end_day or day, end_hour)
            if end <= begin and not end_day:
                # a show that ends after midnight
                end += timedelta(days=1)
            row["date_end"] = self._to_utc(end)

    def _name_of(self, row, cells):
        """The name of an outing of a table that gives it none: what it says."""
        said = [row["name"] or "", row["venue_text"] or ""]
        said += [str(cells.get(name, "")) for name in ("day", "hour", "valid_until")]
        return "row-" + digest(*said)


def source_values(row):
    """What the source says of an outing, to compare with what it says next time.

    :param row: values of a line, as read
    :return: dict of texts
    """
    when = (row["date_mode"], row["day"], row["date_begin"], row["date_end"])
    said = {"when": " ".join(str(part or "-") for part in when)}
    for name in (
        *("name", "venue_text", "discipline_text", "access_mode"),
        *("meeting_point", "description", "structure_text"),
    ):
        said[name] = row[name] or ""
    said["seats"] = row["seats"] or 0
    said["min_age"] = row["min_age"] or 0
    return said
