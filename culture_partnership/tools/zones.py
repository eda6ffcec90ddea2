"""Time zones of a calendar file, without any state that outlives it.

A name that the host knows wins over the rules in the file: a file cannot move Paris.
What only the file defines ("Customized Time Zone" of an Exchange server) is worked
out from its own rules.
"""

import re
from datetime import datetime, timedelta

import pytz
from babel.core import get_global

from .recurrence import Budget, NotUnderstood, dates, read_rule

BY_LOWER_NAME = {name.lower(): name for name in pytz.all_timezones}
OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$", re.IGNORECASE)
UTC_NAMES = frozenset(("utc", "gmt", "z", "etc/utc", "etc/gmt", "zulu"))


class UnknownZone(ValueError):
    """A time zone that neither the host nor the file explains."""


class FileZone:
    """A time zone that only the file defines."""

    def __init__(self, observances):
        """:param observances: tuples of start, offset, rule or None, other starts"""
        self._observances = observances
        self._starts_of_year = {}

    def to_utc(self, moment):
        """:param moment: naive local datetime
        :return: naive datetime in UTC
        """
        return moment - self._offset(moment)

    def _offset(self, moment):
        starts = self._starts(moment.year)
        in_force = [offset for start, offset in starts if start <= moment]
        return in_force[-1] if in_force else starts[0][1]

    def _starts(self, year):
        """Changes of offset up to the end of a year, oldest first."""
        if year not in self._starts_of_year:
            first, last = datetime(max(year - 1, 1), 1, 1), datetime(year, 12, 31, 23)
            starts = []
            for start, offset, rule, others in self._observances:
                starts += [(moment, offset) for moment in [start, *others]]
                if rule and start < last:
                    until = _moment(rule.until)
                    again, __ = dates(rule, start, until, first, last, Budget(10_000))
                    starts += [(moment, offset) for moment in again]
            self._starts_of_year[year] = sorted(starts, key=lambda pair: pair[0])
        return self._starts_of_year[year]


class HostZone:
    """A time zone that the host knows."""

    def __init__(self, zone):
        """:param zone: a ``pytz`` time zone"""
        self.zone = zone

    def to_utc(self, moment):
        """:param moment: naive local datetime
        :return: naive datetime in UTC; in the hour that a change of hour repeats, the
            second time, in the one that it leaves out, the hour after
        """
        local = self.zone.localize(moment, is_dst=False)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def to_local(self, moment):
        """:param moment: naive datetime in UTC
        :return: naive local datetime
        """
        return pytz.utc.localize(moment).astimezone(self.zone).replace(tzinfo=None)


class Zones:
    """The time zones that one file speaks of."""

    def __init__(self, default, definitions=None):
        """:param default: name of the time zone of what says none
        :param definitions: dict of name to VTIMEZONE :class:`~.icalendar.Component`
        """
        self.default = HostZone(pytz.timezone(default))
        self.utc = HostZone(pytz.utc)
        self._definitions = definitions or {}
        self._known = {}

    def find(self, name):
        """:param name: value of a TZID
        :return: :class:`HostZone` or :class:`FileZone`
        :raise UnknownZone: when nothing explains it
        """
        if name not in self._known:
            self._known[name] = self._find(name)
        if self._known[name] is None:
            raise UnknownZone
        return self._known[name]

    def _find(self, name):
        definition = self._definitions.get(name)
        names = [name]
        if definition:
            names += definition.texts("X-LIC-LOCATION")
        for candidate in names:
            zone = host_zone(candidate)
            if zone:
                return HostZone(zone)
        return _file_zone(definition) if definition else None


def host_zone(name):
    """The time zone that a name of any calendar means.

    :param name: "Europe/Paris", "/example.org/2024/Europe/Paris", "Romance Standard
        Time", "UTC+1"
    :return: a ``pytz`` time zone or None
    """
    name = name.strip().strip('"')
    if name.lower() in UTC_NAMES:
        return pytz.utc
    segments = [part for part in name.split("/") if part]
    for length in (3, 2, 1):
        found = BY_LOWER_NAME.get("/".join(segments[-length:]).lower())
        if found and (length > 1 or len(segments) == 1):
            return pytz.timezone(found)
    windows = get_global("windows_zone_mapping").get(name)
    if windows:
        return pytz.timezone(windows)
    offset = OFFSET.match(name.replace(" ", ""))
    if offset:
        sign, hours, minutes = offset.groups()
        total = int(hours) * 60 + int(minutes or 0)
        if total <= 14 * 60:
            return pytz.FixedOffset(-total if sign == "-" else total)
    return None


def _file_zone(definition):
    observances = []
    for part in definition.parts:
        if part.name not in ("STANDARD", "DAYLIGHT"):
            continue
        starts = [_moment(text) for text in part.texts("DTSTART")]
        others = [
            _moment(text) for line in part.texts("RDATE") for text in line.split(",")
        ]
        offsets = [_read_offset(text) for text in part.texts("TZOFFSETTO")]
        if not starts or not starts[0] or not offsets or offsets[0] is None:
            return None
        rule = None
        for text in part.texts("RRULE"):
            try:
                rule = read_rule(text)
            except NotUnderstood:
                return None
        others = [moment for moment in others if moment][:100]
        observances.append((starts[0], offsets[0], rule, others))
    return FileZone(observances) if observances else None


def _moment(text):
    try:
        return datetime.strptime(text[:15], "%Y%m%dT%H%M%S")
    except ValueError:
        return None


def _read_offset(text):
    found = re.fullmatch(r"([+-])(\d{2}):?(\d{2})(?:\d{2})?", text.strip())
    if not found:
        return None
    sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if sign == "-" else offset
