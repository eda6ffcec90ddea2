"""Events of an iCalendar file (RFC 5545), as venues and calendars write them."""

import hashlib
import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from .content_lines import components_of
from .recurrence import Budget, NotUnderstood, dates, read_rule
from .texts import one_line, several_lines, without_markup
from .zones import UnknownZone, Zones

MOST_TITLE = 250
MOST_DESCRIPTION = 10_000
LONG = timedelta(hours=36)
"""From this length on, an event is no evening: one comes when one likes."""
DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})$")
MOMENT = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})T(\d{2}):?(\d{2}):?(\d{2})?(Z)?$")
DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d+S)?)?$"
)
SEATS = ("X-CULTURE-SEATS", "X-SEATS", "X-PLACES", "X-NB-PLACES")


class TooManyEvents(ValueError):
    """More dates than an import takes."""


class Event(NamedTuple):
    """One date, or one span of days, of one event."""

    line: int
    uid: str
    name: str = ""
    begin: datetime | None = None
    """Naive UTC; None when only days are known."""
    end: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    venue: str = ""
    description: str = ""
    category: str = ""
    seats: str = ""
    cancelled: bool = False
    removed: bool = False
    """Taken out of a repetition: of interest only if it was imported before."""
    goes_on: bool = False
    """There are dates after this one, beyond what is read."""
    sequence: int = 0
    modified: datetime | None = None
    problem: str = ""
    """``start``, ``end``, ``zone``, ``repeat``, ``cut``, or nothing."""
    text: str = ""
    """What could not be read."""


class Reading(NamedTuple):
    """How to read a file: what does not stand in it."""

    zones: Zones
    first: datetime
    """Naive local: dates before it, in a repetition, are of no interest."""
    last: datetime
    budget: Budget
    most: int


# ------------------------------------------------------------------------- events


def read_events(data, zone, first, last, most):
    """All dates of a calendar file.

    :param data: bytes
    :param zone: name of the time zone of what says none
    :param first: naive local datetime: dates of a repetition before it are left out
    :param last: naive local datetime: dates of a repetition after it are left out
    :param most: number of dates from which on the file is refused
    :return: list of :class:`Event`, in the order of the file
    :raise TooManyEvents: when there are more
    """
    components, definitions, method = components_of(data)
    if len(components) > most:
        raise TooManyEvents
    reading = Reading(Zones(zone, definitions), first, last, Budget(), most)
    overrides = {}
    masters = []
    for component in components:
        if component.first("RECURRENCE-ID"):
            uid = _uid(component)
            overrides.setdefault(uid, []).append(component)
        else:
            masters.append(component)
    events = []
    for component in masters:
        mine = overrides.pop(_uid(component), []) if _repeats(component) else []
        events += _events_of(component, mine, reading)
        if len(events) > most:
            raise TooManyEvents
    for alone in overrides.values():
        events += [_event_of_override(component, reading) for component in alone]
    events = _told_apart(events)
    if method == "CANCEL":
        events = [event._replace(cancelled=True) for event in events]
    return sorted(events, key=lambda event: event.line)


def _told_apart(events):
    """Dates of one event that a program wrote as events of the same name.

    The standard asks for a repetition; what is not told apart would be taken for
    versions of one date, and all but one would be lost.
    """
    by_uid = {}
    for position, event in enumerate(events):
        if event.begin or event.first_day:
            by_uid.setdefault(event.uid, []).append(position)
    for positions in by_uid.values():
        same = [events[position] for position in positions]
        starts = [str(event.begin or event.first_day) for event in same]
        versions = len({event.sequence for event in same}) > 1
        if len(same) == 1 or versions or len(set(starts)) < len(same):
            continue
        keys = _Keys()
        for __, position in sorted(zip(starts, positions, strict=True)):
            event = events[position]
            key = keys.next(event.begin or event.first_day)
            events[position] = event._replace(uid=f"{event.uid}#{key}")
    return events


def _repeats(component):
    return "RRULE" in component.properties or "RDATE" in component.properties


def _uid(component):
    """Name of an event; what has none is named after what it says.

    Longer names are cut, with what tells them apart.
    """
    uid = one_line(component.text("UID"))
    if not uid:
        said = [component.text("SUMMARY"), component.text("LOCATION")]
        said += component.texts("DTSTART")[:1]
        return "none-" + digest(*said)
    return uid if len(uid) <= 200 else f"{uid[:150]}-{digest(uid)}"


def digest(*texts):
    """A short name for what several texts say together.

    :return: 24 hexadecimal digits
    """
    together = "\n".join(one_line(text).casefold() for text in texts)
    return hashlib.sha256(together.encode()).hexdigest()[:24]


def _common(component):
    """What does not depend on the date."""
    title = without_markup(component.text("SUMMARY")[: 4 * MOST_TITLE])
    description = without_markup(component.text("DESCRIPTION")[:MOST_DESCRIPTION])
    description = several_lines(description)
    url = one_line(component.text("URL"))[:500]
    if url.startswith(("http://", "https://")) and url not in description:
        description = f"{description}\n{url}".strip()
    sequence = component.text("SEQUENCE").strip()
    return {
        "line": component.line,
        "uid": _uid(component),
        "name": one_line(title)[:MOST_TITLE],
        "venue": _venue(component),
        "description": description,
        "category": one_line(component.text("CATEGORIES")[:200]),
        "seats": one_line(component.text(*SEATS))[:20],
        "cancelled": component.text("STATUS").strip().upper() == "CANCELLED",
        "sequence": int(sequence) if re.fullmatch(r"\d{1,9}", sequence) else 0,
        "modified": _stamp(component),
        "problem": "" if component.complete else "cut",
    }


def _venue(component):
    """The place on one line; what stood on several is told apart by commas."""
    text = several_lines(without_markup(component.text("LOCATION")[:500]))
    return one_line(", ".join(filter(None, text.split("\n"))))[:250]


def _stamp(component):
    for name in ("LAST-MODIFIED", "DTSTAMP"):
        found = MOMENT.match(component.text(name).strip())
        if found:
            try:
                return _naive(found)
            except ValueError:
                continue
    return None


def _naive(found):
    year, month, day, hour, minute, second = found.groups(default="0")[:6]
    # a leap second is the last one of its minute
    return datetime(*map(int, (year, month, day, hour, minute)), min(int(second), 59))


class _When(NamedTuple):
    """A start or an end: a day, or a local time in a time zone."""

    day: date | None
    local: datetime | None
    zone: object

    @property
    def utc(self):
        return self.zone.to_utc(self.local) if self.local else None

    def moved_to(self, local):
        """The same zone at another time; days stay days."""
        if self.day:
            return self._replace(day=local.date())
        return self._replace(local=local)

    @property
    def plain(self):
        """Naive datetime to count with: a day is its midnight."""
        return self.local or datetime.combine(self.day, time.min)


def _when(prop, text, zones):
    """Read a date or a time.

    :raise ValueError: when it is none, UnknownZone when its zone is not known
    """
    text = text.strip().upper()
    found = DAY.match(text)
    if found:
        return _When(date(*map(int, found.groups())), None, zones.default)
    found = MOMENT.match(text)
    if not found:
        raise ValueError("moment")
    moment = _naive(found)
    if found.group(7):
        return _When(None, moment, zones.utc)
    name = prop.parameters.get("TZID")
    zone = zones.find(name) if name else zones.default
    return _When(None, moment, zone)


def _span(component, zones):
    """Start and length of an event.

    :return: ``(_When, timedelta or None)``
    :raise ValueError: named after what cannot be read
    """
    prop = component.first("DTSTART")
    if prop is None:
        raise ValueError("start")
    try:
        start = _when(prop, prop.value, zones)
    except UnknownZone:
        raise
    except (ValueError, OverflowError) as error:
        raise ValueError("start") from error
    try:
        length = _length(component, start, zones)
    except UnknownZone:
        raise
    except (ValueError, OverflowError) as error:
        raise ValueError("end") from error
    return start, length


def _length(component, start, zones):
    end = component.first("DTEND")
    if end and end.value.strip():
        when = _when(end, end.value, zones)
        if start.day or when.day:
            return when.plain.date() - start.plain.date()
        return when.utc - start.utc
    text = component.text("DURATION").strip().upper()
    if text:
        found = DURATION.match(text)
        if not found:
            raise ValueError("end")
        weeks, days, hours, minutes = (int(part or 0) for part in found.groups())
        return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    return None


def _events_of(component, overrides, reading):
    """Dates of an event that is no exception of another one."""
    common = _common(component)
    try:
        start, length = _span(component, reading.zones)
        if not _repeats(component):
            return [_event(common, start, length, reading)]
        return _repetition(component, overrides, common, start, length, reading)
    except UnknownZone:
        names = [prop.parameters.get("TZID", "") for prop in _dated(component)]
        return [_troubled(common, "zone", next(filter(None, names), ""))]
    except NotUnderstood:
        return [_troubled(common, "repeat", " ".join(component.texts("RRULE")))]
    except (ValueError, OverflowError) as error:
        what = str(error) if str(error) in ("start", "end") else "start"
        prop = component.first("DTSTART" if what == "start" else "DTEND")
        return [_troubled(common, what, prop.value if prop else "")]


def _dated(component):
    names = ("DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID")
    return [prop for name in names for prop in component.properties.get(name, [])]


def _troubled(common, problem, text):
    problem = common["problem"] or problem
    return Event(**{**common, "problem": problem, "text": one_line(text)[:100]})


def _event(common, start, length, reading):
    """One date, from where it starts and how long it lasts."""
    if start.day:
        days = max((length or timedelta(days=1)).days, 1)
        return Event(
            **common,
            first_day=start.day,
            last_day=start.day + timedelta(days=days - 1),
        )
    begin = start.utc
    end = begin + length if length else None
    if length and length >= LONG:
        local = reading.zones.default.to_local
        last = local(end - timedelta(seconds=1)).date()
        return Event(**common, first_day=local(begin).date(), last_day=last, end=end)
    return Event(**common, begin=begin, end=end)


def _repetition(component, overrides, common, start, length, reading):
    """Dates of an event that repeats, with its exceptions."""
    if any("RANGE" in o.first("RECURRENCE-ID").parameters for o in overrides):
        # "this one and all that follow": rather nothing than half of it
        raise NotUnderstood
    moments, goes_on = _moments(component, start, reading)
    # added dates are repetitions too, a date that is given twice counts once
    moments = sorted({*moments, *_listed(component, "RDATE", start, reading)})
    removed = set(_listed(component, "EXDATE", start, reading))
    changed = {}
    for override in overrides:
        prop = override.first("RECURRENCE-ID")
        try:
            when = _when(prop, prop.value, reading.zones)
            changed[_local_to(start, when)] = override
        except ValueError:
            changed[override.line] = override
    events, keys = [], _Keys()
    for moment in moments:
        key = keys.next(moment)
        own = {**common, "uid": f"{common['uid']}#{key}"}
        override = changed.pop(moment, None)
        if override is not None:
            events.append(_event_of_override(override, reading, key))
        else:
            event = _event(own, start.moved_to(moment), length, reading)
            events.append(event._replace(removed=moment in removed))
    for override in changed.values():
        # of a date before or after those read, or not of this repetition at all
        events.append(_event_of_override(override, reading))
    if goes_on and events:
        last = max(
            range(len(events)), key=lambda n: (events[n].begin or datetime.min, n)
        )
        events[last] = events[last]._replace(goes_on=True)
    return events or [_event(common, start, length, reading)]


class _Keys:
    """Names of the dates of one repetition.

    The day, so that a show that moves from 20:00 to 20:30 stays the same one; the
    second time of a day gets a rank.
    """

    def __init__(self):
        self._used = {}

    def next(self, moment):
        day = moment.strftime("%Y%m%d")
        rank = self._used[day] = self._used.get(day, 0) + 1
        return day if rank == 1 else f"{day}-{rank}"


def _moments(component, start, reading):
    """Local times of the repetition, in the zone of its start."""
    rules = component.texts("RRULE")
    if len(rules) > 1:
        raise NotUnderstood
    if not rules:
        return [start.plain] if start.plain >= reading.first else [], False
    rule = read_rule(rules[0])
    until = None
    if rule.until:
        prop = component.first("DTSTART")
        try:
            when = _when(prop, rule.until, reading.zones)
        except UnknownZone:
            raise
        except ValueError as error:
            raise NotUnderstood from error
        until = _local_to(start, when)
        if when.day:
            until = datetime.combine(when.day, time(23, 59, 59))
    return dates(rule, start.plain, until, reading.first, reading.last, reading.budget)


def _local_to(start, when):
    """A time as the clock of `start` shows it, to compare dates of one repetition."""
    if start.day or when.day or when.zone is start.zone:
        if start.day:
            return datetime.combine(when.plain.date(), time.min)
        return when.plain
    # the difference of two zones is looked for where the time falls
    return when.local + (when.utc - start.zone.to_utc(when.local))


def _listed(component, name, start, reading):
    """Times that are given one by one."""
    listed = []
    for prop in component.properties.get(name, []):
        for text in prop.value.split(",")[:1000]:
            if not text.strip():
                continue
            try:
                when = _when(prop, text.partition("/")[0], reading.zones)
                moment = _local_to(start, when)
            except UnknownZone:
                raise
            except (ValueError, OverflowError) as error:
                raise NotUnderstood from error
            if when.day and not start.day:
                moment = datetime.combine(when.day, start.local.time())
            if reading.first <= moment <= reading.last:
                listed.append(moment)
    return listed


def _event_of_override(component, reading, key=None):
    """The one date of a repetition that differs from the others."""
    common = _common(component)
    prop = component.first("RECURRENCE-ID")
    if key is None:
        key = _day_of(prop, reading)
    common["uid"] = f"{common['uid']}#{key}"
    try:
        start, length = _span(component, reading.zones)
    except UnknownZone:
        return _troubled(common, "zone", prop.parameters.get("TZID", ""))
    except ValueError as error:
        return _troubled(common, str(error), prop.value)
    try:
        return _event(common, start, length, reading)
    except (ValueError, OverflowError):
        return _troubled(common, "start", prop.value)


def _day_of(prop, reading):
    """The day that a RECURRENCE-ID names, as far as it can be read."""
    try:
        return _when(prop, prop.value, reading.zones).plain.strftime("%Y%m%d")
    except ValueError:
        return re.sub(r"\D", "", prop.value)[:8]
