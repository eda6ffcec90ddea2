"""Dates of an event that repeats, within a horizon.

``dateutil`` looks for the next date until the year 9999: a rule that never matches
("every seventh day, when it is a Tuesday", from a Monday) holds a worker for seconds,
and a file may have thousands. Here each period between the start and the horizon is
looked at once, and a budget of periods is shared by the whole file.
"""

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
UNDERSTOOD = frozenset(
    "FREQ INTERVAL COUNT UNTIL WKST BYDAY BYMONTHDAY BYMONTH BYSETPOS BYHOUR BYMINUTE"
    " BYSECOND".split()
)
WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$")
MOST_PERIODS = 500_000
MOST_DATES = 500


class NotUnderstood(ValueError):
    """A repetition that is not read, rather than read wrongly."""


class Budget:
    """Periods that may still be looked at for one file."""

    def __init__(self, periods=MOST_PERIODS):
        self.left = periods

    def spend(self):
        """Count one period.

        :raise NotUnderstood: when there is none left
        """
        self.left -= 1
        if self.left < 0:
            raise NotUnderstood


class Rule(NamedTuple):
    """A repetition rule, read."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    week_start: int = 0
    weekdays: tuple = ()
    """Pairs of rank (0: each) and weekday."""
    month_days: tuple = ()
    months: tuple = ()
    positions: tuple = ()
    hours: tuple = ()
    minutes: tuple = ()


def read_rule(text):
    """Read the value of an RRULE.

    :param text: such as ``FREQ=WEEKLY;BYDAY=TU``
    :return: :class:`Rule`
    :raise NotUnderstood: for what is wrong, and for the rarities (by week number, by
        second, ...) that no programme of a venue uses
    """
    parts = {}
    for part in text.upper().replace(" ", "").strip(";").split(";"):
        name, __, value = part.partition("=")
        if name not in UNDERSTOOD or not value or name in parts:
            raise NotUnderstood
        parts[name] = value
    if parts.get("FREQ") not in FREQUENCIES or parts.get("BYSECOND", "0") != "0":
        raise NotUnderstood
    if "COUNT" in parts and "UNTIL" in parts:
        raise NotUnderstood
    rule = Rule(
        frequency=parts["FREQ"],
        interval=_whole(parts.get("INTERVAL", "1"), 1, 1000),
        count=_whole(parts["COUNT"], 1, 100_000) if "COUNT" in parts else None,
        until=parts.get("UNTIL", ""),
        week_start=_week_start(parts.get("WKST", "MO")),
        weekdays=_weekdays(parts.get("BYDAY")),
        month_days=_wholes(parts.get("BYMONTHDAY"), -31, 31),
        months=_wholes(parts.get("BYMONTH"), 1, 12),
        positions=_wholes(parts.get("BYSETPOS"), -366, 366),
        hours=_wholes(parts.get("BYHOUR"), 0, 23),
        minutes=_wholes(parts.get("BYMINUTE"), 0, 59),
    )
    ranked = any(rank for rank, __ in rule.weekdays)
    if ranked and rule.frequency in ("DAILY", "WEEKLY"):
        raise NotUnderstood
    if rule.month_days and rule.frequency == "WEEKLY":
        raise NotUnderstood
    if ranked and rule.month_days and not rule.months and rule.frequency == "YEARLY":
        # the rank would be within the year, the day within each month
        raise NotUnderstood
    return rule


def _whole(text, least, most):
    if not re.fullmatch(r"[+-]?\d{1,6}", text) or not least <= int(text) <= most:
        raise NotUnderstood
    return int(text)


def _wholes(text, least, most):
    if not text:
        return ()
    values = tuple(_whole(part, least, most) for part in text.split(","))
    if least < 0 and 0 in values:
        raise NotUnderstood
    return values


def _week_start(text):
    if text not in WEEKDAYS:
        raise NotUnderstood
    return WEEKDAYS[text]


def _weekdays(text):
    days = []
    for part in text.split(",") if text else ():
        found = WEEKDAY.match(part)
        if not found or found.group(1) in ("0", "+0", "-0", "00"):
            raise NotUnderstood
        days.append((int(found.group(1) or 0), WEEKDAYS[found.group(2)]))
    return tuple(days)


def dates(rule, start, until, first, last, budget):
    """Local times at which an event takes place.

    The start is always the first one, as calendars have it.

    :param rule: :class:`Rule`
    :param start: naive local datetime of the event
    :param until: naive local datetime after which there is none, or None
    :param first: naive local datetime before which none is wanted
    :param last: naive local datetime after which none is wanted
    :param budget: :class:`Budget`
    :return: ``(list of naive local datetimes, whether it goes on after them)``
    """
    found, seen = [], 0
    for moment in _moments(rule, start, first, last, budget):
        if until and moment > until:
            return found, False
        seen += 1
        if rule.count and seen > rule.count:
            return found, False
        if moment > last or len(found) >= MOST_DATES:
            return found, True
        if moment >= first:
            found.append(moment)
    return found, not rule.count and not (until and until <= last)


def _moments(rule, start, first, last, budget):
    yield start
    times = _times(rule, start)
    for period in _periods(rule, start, first, last):
        budget.spend()
        moments = [
            datetime.combine(day, hour)
            for day in _days(rule, start, period)
            for hour in times
        ]
        if rule.positions:
            moments = _at_positions(moments, rule.positions)
        yield from (moment for moment in moments if moment > start)


def _times(rule, start):
    hours = sorted(set(rule.hours)) or [start.hour]
    minutes = sorted(set(rule.minutes)) or [start.minute]
    return [time(hour, minute, start.second) for hour in hours for minute in minutes]


def _at_positions(moments, positions):
    size = len(moments)
    wanted = {p - 1 if p > 0 else size + p for p in positions if abs(p) <= size}
    return [moments[position] for position in sorted(wanted)]


def _periods(rule, start, first, last):
    """First day of each period that the rule looks at.

    Without a count, the periods before `first` tell nothing: they are skipped.
    """
    step = rule.interval
    if rule.frequency in ("DAILY", "WEEKLY"):
        day, days = start.date(), step
        if rule.frequency == "WEEKLY":
            day -= timedelta(days=(day.weekday() - rule.week_start) % 7)
            days = 7 * step
        if not rule.count:
            behind = (first.date() - day).days // days - 1
            day += timedelta(days=max(behind, 0) * days)
        while day <= last.date():
            yield day
            day += timedelta(days=days)
        return
    months = step if rule.frequency == "MONTHLY" else 12 * step
    index = start.year * 12 + (start.month - 1 if rule.frequency == "MONTHLY" else 0)
    if not rule.count:
        behind = (first.year * 12 + first.month - 1 - index) // months - 1
        index += max(behind, 0) * months
    while index <= last.year * 12 + last.month - 1:
        yield date(index // 12, index % 12 + 1, 1)
        index += months


def _days(rule, start, period):
    """Days of a period on which the rule falls, in order."""
    if rule.frequency == "YEARLY":
        return _days_of_year(rule, start, period.year)
    if rule.months and rule.frequency != "WEEKLY" and period.month not in rule.months:
        return []
    if rule.frequency == "MONTHLY":
        return _days_of_month(rule, start, period.year, period.month)
    if rule.frequency == "DAILY":
        return [period] if _fits(rule, period) else []
    wanted = {weekday for __, weekday in rule.weekdays} or {start.weekday()}
    week = (period + timedelta(days=n) for n in range(7))
    return [
        day
        for day in week
        if day.weekday() in wanted and (not rule.months or day.month in rule.months)
    ]


def _fits(rule, day):
    if rule.weekdays and day.weekday() not in {
        weekday for __, weekday in rule.weekdays
    }:
        return False
    if rule.month_days:
        length = calendar.monthrange(day.year, day.month)[1]
        return day.day in _positive(rule.month_days, length)
    return True


def _positive(month_days, length):
    return {day if day > 0 else length + 1 + day for day in month_days}


def _days_of_month(rule, start, year, month):
    length = calendar.monthrange(year, month)[1]
    month_of = [date(year, month, day) for day in range(1, length + 1)]
    if not rule.weekdays and not rule.month_days:
        return [day for day in month_of if day.day == start.day]
    if rule.weekdays:
        wanted = _ranked(month_of, rule.weekdays)
        month_of = [day for day in month_of if day in wanted]
    if rule.month_days:
        wanted = _positive(rule.month_days, length)
        month_of = [day for day in month_of if day.day in wanted]
    return month_of


def _days_of_year(rule, start, year):
    ranked = any(rank for rank, __ in rule.weekdays)
    if rule.weekdays and ranked and not rule.months and not rule.month_days:
        days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
        days = [day for day in days if day.year == year]
        wanted = _ranked(days, rule.weekdays)
        return [day for day in days if day in wanted]
    if rule.months:
        months = sorted(set(rule.months))
    elif rule.weekdays or rule.month_days:
        months = range(1, 13)
    else:
        months = [start.month]
    return [day for month in months for day in _days_of_month(rule, start, year, month)]


def _ranked(days, weekdays):
    """Days that are, say, the second Tuesday or the last Friday among `days`."""
    wanted = set()
    for rank, weekday in weekdays:
        same = [day for day in days if day.weekday() == weekday]
        if not rank:
            wanted.update(same)
        elif abs(rank) <= len(same):
            wanted.add(same[rank - 1 if rank > 0 else rank])
    return wanted
