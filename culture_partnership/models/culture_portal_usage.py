"""Figures of use that may leave the CCAS, and when they must not (I9)."""

from calendar import monthrange
from collections import namedtuple
from datetime import date

from .culture_outing_entry import EXPECTED

FEWEST = 11
"""Distinct persons that any figure shown outside rests on, its complement too."""

SEASON_STARTS = 9
"""Month."""

SEASONS_SHOWN = 2

Tally = namedtuple("Tally", "offered given used people came missed")
"""Places offered, given and used; sets of persons: who had places, came, did not."""

NOTHING = Tally(0, 0, 0, frozenset(), frozenset(), frozenset())


def usage(outings, today):
    """Use of the places by season, as far as it can be told without telling of few.

    A figure that moves tells of those by whom it moved: whoever notes it on Monday and
    on Tuesday knows who came on Monday evening. So figures move by whole months, and a
    month is added only once it, or it and those after it, rest on enough people.

    :param outings: ``culture.outing`` records that are over, as superuser
    :param today: date; its month is not told yet
    :return: list of dicts, the newest season first: ``first`` and ``last`` year,
        ``offered``; ``given`` and ``used``, None when masked; ``given_until`` and
        ``used_until``, the last day that is in them
    """
    seasons = by_month(outings)
    return [
        told(season, seasons[season], (today.year, today.month))
        for season in sorted(seasons, reverse=True)[:SEASONS_SHOWN]
    ]


def by_month(outings):
    """:return: dict by season of dicts of :class:`Tally` by (year, month)"""
    seasons = {}
    for outing in outings:
        day = outing._local_day()
        months = seasons.setdefault(season_of(day), {})
        month = (day.year, day.month)
        months[month] = added(months.get(month, NOTHING), tally(outing))
    return seasons


def season_of(day):
    """The year in which the season of a day begins."""
    return day.year if day.month >= SEASON_STARTS else day.year - 1


def tally(outing):
    """Count one outing. A group without names counts as nobody: how many different
    people it was is not known."""
    given, used = 0, 0
    had, came, missed = set(), set(), set()
    for line in outing.registration_ids:
        if line.state not in EXPECTED:
            continue
        given += line.seats
        used += line.seats_attended
        person = {line.beneficiary_id.id} - {False}
        had |= person
        if line.state == "attended":
            came |= person
        else:
            missed |= person
    sets = (frozenset(found) for found in (had, came, missed))
    return Tally(outing.seats_max, given, used, *sets)


def added(one, other):
    """Two tallies as one."""
    return Tally(
        *(mine + theirs for mine, theirs in zip(one[:3], other[:3], strict=True)),
        *(mine | theirs for mine, theirs in zip(one[3:], other[3:], strict=True)),
    )


def told(season, months, current):
    """What is shown of a season: what is given, then what is used.

    :param months: tallies by (year, month)
    :param current: (year, month) of today
    """
    given, given_until = settled(months, current, is_given_safe)
    used, used_until = settled(months, current, is_used_safe)
    return {
        "first": season,
        "last": season + 1,
        "offered": sum(month.offered for month in months.values()),
        "given": given and given.given,
        "given_until": given_until,
        "used": used and used.used,
        "used_until": used_until,
    }


def is_given_safe(tally):
    return len(tally.people) >= FEWEST


def is_used_safe(tally):
    return min(len(tally.came), len(tally.missed)) >= FEWEST


def settled(months, current, is_safe):
    """The months that can be told together, each step resting on enough people.

    :return: (:class:`Tally`, last day in it), None and None while there are too few
    """
    shown, until = None, None
    for step, day in steps(months, current, is_safe):
        shown, until = added(shown or NOTHING, step), day
    return shown, until


def steps(months, current, is_safe):
    """By how much the figures move each time that they do.

    :return: iterator of (:class:`Tally` of what is added, last day in it)
    """
    pending = NOTHING
    for year, month in sorted(months):
        if (year, month) >= current:
            break
        pending = added(pending, months[year, month])
        if is_safe(pending):
            yield pending, date(year, month, monthrange(year, month)[1])
            pending = NOTHING


def step_days(outings, today):
    """Days on which the figures of use stood still, for who has noted them since.

    :param outings: as for :func:`usage`
    :return: sorted list of dates
    """
    days = set()
    for months in by_month(outings).values():
        for is_safe in (is_given_safe, is_used_safe):
            days |= {
                day for __, day in steps(months, (today.year, today.month), is_safe)
            }
    return sorted(days)
