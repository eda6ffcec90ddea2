"""Calendars, without a database: time zones, repetitions, broken files."""

import random
from datetime import datetime

from dateutil.rrule import rrulestr

from odoo.tests import BaseCase, tagged

from ..tools import content_lines, recurrence, zones
from ..tools.icalendar import TooManyEvents, read_events
from .test_import_tools import content

FIRST = datetime(2026, 11, 22)
LAST = datetime(2028, 5, 22)


def events_of(data, most=10_000):
    """:return: events of a calendar, read from Paris on 22 November 2026"""
    if isinstance(data, str):
        data = f"BEGIN:VCALENDAR\n{data}END:VCALENDAR\n".encode()
    return read_events(data, "Europe/Paris", FIRST, LAST, most)


def vevent(uid="1", **properties):
    """:return: text of an event; a value that begins with ``;`` has parameters"""
    lines = {"SUMMARY": "Concert", **properties}
    said = "".join(
        f"{name.replace('_', '-')}{'' if value[:1] == ';' else ':'}{value}\n"
        for name, value in lines.items()
    )
    return f"BEGIN:VEVENT\nUID:{uid}\n{said}END:VEVENT\n"


@tagged("post_install", "-at_install")
class TestCalendars(BaseCase):
    """Files as calendars, mail servers and venues write them."""

    def test_calendar_application(self):
        events = events_of(content("calendar_application.ics"))
        by_uid = {event.uid: event for event in events}
        tempest = by_uid["tempete@theatre.example"]
        self.assertEqual(tempest.begin, datetime(2027, 3, 12, 19, 30))
        self.assertEqual(tempest.end, datetime(2027, 3, 12, 21, 30))
        self.assertEqual(tempest.venue, "Theatre of the Port, 2 quai du Port")
        self.assertIn("dépasse la largeur d’une ligne, avec", tempest.description)
        self.assertIn("\net un second paragraphe ; fin.", tempest.description)
        self.assertTrue(tempest.description.endswith("https://theatre.example/tempete"))
        self.assertEqual((tempest.seats, tempest.sequence), ("8", 2))
        floating = by_uid["flottant@theatre.example"]
        self.assertEqual(floating.begin, datetime(2027, 4, 20, 18, 0))
        days = by_uid["exposition@theatre.example"]
        self.assertEqual((days.first_day.day, days.last_day.day), (1, 15))
        day = by_uid["portes-ouvertes@theatre.example"]
        self.assertEqual(day.first_day, day.last_day)
        self.assertIsNone(day.begin)

    def test_a_repetition_and_its_exceptions(self):
        events = events_of(content("calendar_application.ics"))
        dates = {
            event.uid.partition("#")[2]: event
            for event in events
            if event.uid.startswith("atelier")
        }
        self.assertEqual(
            sorted(dates),
            ["20270306", "20270313", "20270320", "20270327", "20270403", "20270410"],
        )
        self.assertTrue(dates["20270313"].removed)
        self.assertEqual(dates["20270320"].begin, datetime(2027, 3, 20, 14, 0))
        self.assertEqual(dates["20270320"].sequence, 1)
        self.assertTrue(dates["20270327"].cancelled)
        # the clock on the wall stays where summer time begins
        self.assertEqual(dates["20270306"].begin.hour, 13)
        self.assertEqual(dates["20270403"].begin.hour, 12)

    def test_time_zones_of_a_mail_server(self):
        events = {event.uid: event for event in events_of(content("mail_server.ics"))}
        summer = datetime(2027, 7, 12, 18, 30)
        self.assertEqual(events["summer@server.example"].begin, summer)
        self.assertEqual(events["windows@server.example"].begin, summer)
        # a file cannot move Paris
        self.assertEqual(events["moved@server.example"].begin, summer)
        winter = events["winter@server.example"]
        self.assertEqual(winter.begin, datetime(2027, 1, 12, 19, 30))
        self.assertEqual(winter.end, datetime(2027, 1, 12, 21, 0))
        self.assertEqual(events["unknown@server.example"].problem, "zone")
        # nor for the next file: no zone is kept
        again = events_of(vevent(DTSTART=";TZID=Customized Time Zone:20270712T203000"))
        self.assertEqual(again[0].problem, "zone")

    def test_a_venue_site(self):
        events = events_of(content("venue_site.ics"))
        school = events[0]
        self.assertEqual(school.name, "L’École des femmes – Molière")
        self.assertEqual(
            school.description,
            "Une comédie.\n\nDurée 2 h\nhttps://venue.example/event/ecole/",
        )
        self.assertEqual(
            [event.uid for event in events[1:]],
            ["same-name@venue.example#20270319", "same-name@venue.example#20270320"],
        )

    def test_a_broken_file(self):
        """A bad event is said, the others are read."""
        events = {event.uid: event for event in events_of(content("broken.ics"))}
        self.assertEqual(events["no-start"].problem, "start")
        self.assertEqual(events["bad-start"].problem, "start")
        self.assertEqual(events["bad-start"].text, "20271304T200000")
        self.assertEqual(events["bad-repeat"].problem, "repeat")
        self.assertEqual(events["cut"].problem, "cut")
        self.assertEqual(events["after"].name, "=cmd|' /C calc'!A0")
        self.assertEqual(events["after"].line, 29)
        self.assertLess(events["backwards"].end, events["backwards"].begin)
        nameless = [uid for uid in events if uid.startswith("none-")]
        self.assertEqual(len(nameless), 1)

    def test_a_cancelled_calendar(self):
        events = events_of("METHOD:CANCEL\n" + vevent(DTSTART="20270312T200000Z"))
        self.assertTrue(events[0].cancelled)

    def test_days_that_the_clock_skips(self):
        """02:30 does not exist on the night of summer time, and exists twice later."""
        events = events_of(
            vevent("a", DTSTART="20270328T023000")
            + vevent("b", DTSTART="20271031T023000")
        )
        self.assertEqual(events[0].begin, datetime(2027, 3, 28, 1, 30))
        self.assertEqual(events[1].begin, datetime(2027, 10, 31, 1, 30))

    def test_a_season_of_hours_is_an_open_date(self):
        event = events_of(vevent(DTSTART="20270712T100000", DTEND="20270912T180000"))[0]
        self.assertIsNone(event.begin)
        self.assertEqual(str(event.first_day), "2027-07-12")
        self.assertEqual(str(event.last_day), "2027-09-12")

    def test_an_endless_repetition_is_bounded(self):
        events = events_of(vevent(DTSTART="20150101T200000", RRULE="FREQ=DAILY"))
        self.assertEqual(len(events), recurrence.MOST_DATES)
        self.assertTrue(events[-1].goes_on)
        self.assertFalse(any(event.goes_on for event in events[:-1]))

    def test_versions_stay_versions(self):
        """Two versions of one event are not two dates."""
        events = events_of(
            vevent("a", DTSTART="20270312T200000", SEQUENCE="1")
            + vevent("a", DTSTART="20270313T200000", SEQUENCE="2")
        )
        self.assertEqual([event.uid for event in events], ["a", "a"])

    def test_bombs(self):
        """No file holds a worker: lines, folds, depth, rules, zones."""
        head = "A" + ";B=C" * 100_000
        for bomb in (
            *(f"{head}:x\n", "A;B=" + '"x",' * 100_000 + ":x\n"),
            *("X:y\n" + " z\n" * 100_000, "BEGIN:A\n" * 50_000),
            *("X:" + "a" * 2_000_000 + "\n", "END:VEVENT\n" * 50_000),
        ):
            events_of(bomb)
        endless = vevent(
            DTSTART="00010101T000000",
            RRULE="FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=100000",
        )
        # the first ones use up what may be looked at for one file
        self.assertEqual(events_of(endless * 500)[-1].problem, "repeat")
        zone = (
            "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:20000101T000000\n"
            "TZOFFSETTO:+0100\nRRULE:FREQ=DAILY;INTERVAL=0\nEND:STANDARD\n"
            "END:VTIMEZONE\n"
        )
        event = events_of(zone + vevent(DTSTART=";TZID=X:20270712T203000"))[0]
        self.assertEqual(event.problem, "zone")

    def test_too_many(self):
        with self.assertRaises(TooManyEvents):
            events_of(vevent(DTSTART="20270712T203000") * 11, most=10)
        daily = vevent(DTSTART="20270101T200000", RRULE="FREQ=DAILY;COUNT=400")
        with self.assertRaises(TooManyEvents):
            events_of(daily * 30)


@tagged("post_install", "-at_install")
class TestRecurrence(BaseCase):
    """Repetitions, against a second opinion."""

    def _rule(self, chance):
        frequency = chance.choice(recurrence.FREQUENCIES)
        parts = [f"FREQ={frequency}", f"INTERVAL={chance.randint(1, 4)}"]
        ranked = frequency in ("MONTHLY", "YEARLY") and chance.random() < 0.5
        if chance.random() < 0.5:
            days = chance.sample(list(recurrence.WEEKDAYS), 2)
            ranks = [
                chance.choice(["1", "2", "-1", "+3"]) if ranked else "" for __ in days
            ]
            parts.append(
                "BYDAY=" + ",".join(r + d for r, d in zip(ranks, days, strict=True))
            )
        elif frequency != "WEEKLY" and chance.random() < 0.5:
            parts.append(f"BYMONTHDAY={chance.choice([1, 15, 31, -1])}")
        if chance.random() < 0.3:
            parts.append("BYMONTH=3,6,11")
        if chance.random() < 0.3:
            parts.append(f"COUNT={chance.randint(1, 40)}")
        if chance.random() < 0.2:
            parts.append("WKST=SU")
        return ";".join(parts)

    def test_against_dateutil(self):
        """A thousand rules give the dates that dateutil gives, start included."""
        chance = random.Random(7)
        first, last = datetime(2026, 1, 1), datetime(2026, 12, 31, 23)
        for __ in range(1000):
            text = self._rule(chance)
            start = datetime(
                chance.randint(2022, 2026),
                chance.randint(1, 12),
                chance.randint(1, 28),
                20,
                30,
            )
            rule = recurrence.read_rule(text)
            found, __ = recurrence.dates(
                rule, start, None, first, last, recurrence.Budget()
            )
            expected = [start]
            for moment in rrulestr(text, dtstart=start):
                if moment > last or (rule.count and len(expected) >= rule.count):
                    break
                if moment != start:
                    expected.append(moment)
            expected = [m for m in expected if first <= m <= last]
            self.assertEqual(found, expected, f"{text} from {start}")

    def test_what_is_not_understood(self):
        for text in (
            *("", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=ZZ"),
            *("FREQ=DAILY;COUNT=5;UNTIL=20270101", "FREQ=YEARLY;BYWEEKNO=20"),
            *("FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;X=1"),
            "FREQ=DAILY;COUNT=99999999999999999999",
        ):
            with self.subTest(rule=text), self.assertRaises(recurrence.NotUnderstood):
                recurrence.read_rule(text)

    def test_until(self):
        """UNTIL counts its own moment, in UTC as on the clock of the start."""
        for until in ("20270318T190000Z", "20270318T200000", "20270318"):
            events = events_of(
                vevent(
                    DTSTART=";TZID=Europe/Paris:20270304T200000",
                    RRULE=f"FREQ=WEEKLY;UNTIL={until}",
                )
            )
            self.assertEqual(len(events), 3, until)

    def test_added_dates(self):
        events = events_of(
            vevent(
                DTSTART="20270304T200000",
                RDATE="20270305T200000,20270306T140000,20270306T200000",
            )
        )
        self.assertEqual(
            [event.uid for event in events],
            ["1#20270304", "1#20270305", "1#20270306", "1#20270306-2"],
        )


@tagged("post_install", "-at_install")
class TestContentLines(BaseCase):
    """One line of a calendar."""

    def test_lines(self):
        prop = content_lines.read_line('DTSTART;X="a:b;c";TZID=Europe/Paris:2027')
        self.assertEqual(prop.parameters, {"X": "a:b;c", "TZID": "Europe/Paris"})
        self.assertEqual((prop.name, prop.value), ("DTSTART", "2027"))
        self.assertEqual(content_lines.read_line("item1.SUMMARY:A:B").value, "A:B")
        for text in ("no colon", ":no name", "bad name:x", ""):
            self.assertIsNone(content_lines.read_line(text))
        self.assertEqual(content_lines.unescape(r"a\, b\; c\\n\nd"), "a, b; c\\n\nd")

    def test_folded_inside_a_letter(self):
        data = "SUMMARY:Théâtre".encode()
        cut = data.index("é".encode()) + 1
        folded = data[:cut] + b"\r\n " + data[cut:]
        self.assertEqual(content_lines.lines_of(folded), [(1, "SUMMARY:Théâtre")])

    def test_names_of_zones(self):
        for name in (
            *("Europe/Paris", "europe/paris", "/example.org/2024/Europe/Paris"),
            *("Romance Standard Time", "W. Europe Standard Time"),
        ):
            with self.subTest(name=name):
                zone = zones.host_zone(name)
                self.assertEqual(
                    zone.utcoffset(datetime(2027, 7, 1)).total_seconds(), 7200
                )
        self.assertIsNone(zones.host_zone("Mars/Olympus"))
        self.assertIsNone(zones.host_zone(""))
        offset = zones.host_zone("UTC+01:00").utcoffset(None)
        self.assertEqual(offset.total_seconds(), 3600)
