"""Dates, hours, numbers and addresses as people type them.

Each function answers the value, or None for an empty text, and raises ``ValueError``
for what it cannot read without guessing. The error carries no value: what people
typed must not end up in a log.
"""

import re
from datetime import date, datetime, time, timedelta

from .texts import key, one_line

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "janvier janv january",
            "fevrier fevr fev february",
            "mars march",
            "avril avr april",
            "mai may",
            "juin june",
            "juillet juil july",
            "aout august",
            "septembre sept september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        1,
    )
    for word in words.split()
}
DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})\.?$")
YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})$")
IN_WORDS = re.compile(r"(?:[a-z]+\.? )?(\d{1,2})(?:er)? ([^\W\d_]+)\.? (\d{4})$")
SERIAL = re.compile(r"\d{5}(?:\.0+)?$")
SPREADSHEET_EPOCH = date(1899, 12, 30)
HOUR = re.compile(r"(\d{1,2}) ?[h:.] ?(\d{2})?(?::\d{2}(?:\.\d+)?)?(?: ?mn?)?$")
TWELVE_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))? ?([ap])\.?m\.?$")
DAY_SHARE = re.compile(r"0?\.\d+$|0$")
WITH_HOUR = re.compile(r"(.*\d)(?:t|,? (?:à |at )?)(\d{1,2} ?[h:].*)$", re.IGNORECASE)
MIDNIGHT = ("00:00:00", "0:00:00")
"""How a spreadsheet writes that a day has no hour."""
COUNT = re.compile(
    r"(?:d[eè]s |[aà] partir de |from )?(\d{1,6})(?:[.,]0+)?"
    r"(?: ?(?:places?|seats?|\+|(?:ans|years)(?: et plus| and over)?))?$"
)
THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_PART = r"[^\s@<>,;:\"()\[\]\\.]+"
ADDRESS = re.compile(rf"{_PART}(?:\.{_PART})*@{_PART}(?:\.{_PART})+$")
PHONE_SIGNS = re.compile(r"[\d\s.+()\-/]+$")
SECOND_PHONE = re.compile(r"\s*(?:[/;,|]|\bou\b|\bor\b|\bet\b)\s*(?=[+0(])")


def read_day(value, latest):
    """A calendar day. What comes first in 03/04/1980 is the day, never the month.

    :param value: text, or a date that a spreadsheet holds
    :param latest: date; a year of two digits is the last one not after it
    :return: date or None
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = one_line(value).lower()
    if not text:
        return None
    split = WITH_HOUR.match(text)
    if split:
        text = split.group(1)
    found = YEAR_FIRST.match(text)
    if found:
        return date(*map(int, found.groups()))
    found = DAY_FIRST.match(text)
    if found:
        day, month, year = found.groups()
        return date(_four_digits(year, latest), int(month), int(day))
    found = IN_WORDS.match(text)
    if found:
        day, word, year = found.groups()
        month = MONTHS.get(key(word))
        if month:
            return date(int(year), month, int(day))
    if SERIAL.match(text):
        return SPREADSHEET_EPOCH + timedelta(days=int(float(text)))
    raise ValueError("day")


def _four_digits(year, latest):
    if len(year) == 4:
        return int(year)
    full = latest.year // 100 * 100 + int(year)
    return full if full <= latest.year else full - 100


def read_hour(value):
    """An hour of the day: "20 h 30", "20h", "20:30", "8:30 pm".

    :return: time or None
    """
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    text = one_line(value).lower()
    if not text:
        return None
    if text in ("midi", "noon"):
        return time(12)
    found = HOUR.match(text)
    if found:
        return time(int(found.group(1)), int(found.group(2) or 0))
    found = TWELVE_HOURS.match(text)
    if found:
        hour, minute, half = found.groups()
        if not 1 <= int(hour) <= 12:
            raise ValueError("hour")
        return time(int(hour) % 12 + (12 if half == "p" else 0), int(minute or 0))
    if DAY_SHARE.match(text):
        minutes = round(float(text) * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    raise ValueError("hour")


def split_moment(value):
    """A day and an hour that stand in one cell.

    :param value: text or datetime
    :return: ``(day cell, hour cell)``; the hour is empty when there is none
    """
    if isinstance(value, datetime):
        # a spreadsheet writes a day as its midnight
        return value.date(), value.time() if value.time() != time(0) else ""
    found = WITH_HOUR.match(one_line(value))
    if not found:
        return value, ""
    day, hour = found.groups()
    return day, "" if hour in MIDNIGHT else hour


def read_phone(value):
    """A phone number, French ones in pairs of digits.

    Spreadsheets lose the first zero and write ``.0``; people write several numbers
    in a cell: the first is taken, and said.

    :return: ``(number or None, whether there was another one)``
    """
    text = one_line(value)
    if not text:
        return None, False
    first, *others = SECOND_PHONE.split(text)
    first = first.removesuffix(".0")
    if not PHONE_SIGNS.match(first):
        raise ValueError("phone")
    digits = re.sub(r"[^\d+]", "", first.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    return _write_phone(digits), bool(others)


def _write_phone(digits):
    if digits.startswith("+33"):
        digits = "0" + digits[3:].removeprefix("0")
    elif len(digits) == 11 and digits.startswith("33"):
        digits = "0" + digits[2:]
    elif len(digits) == 9 and digits[0] != "0":
        digits = "0" + digits
    if re.fullmatch(r"0[1-9]\d{8}", digits):
        return " ".join(digits[i : i + 2] for i in range(0, 10, 2))
    if re.fullmatch(r"\+[1-9]\d{7,14}", digits):
        return digits
    raise ValueError("phone")


def phone_key(phone):
    """What two writings of one number have in common.

    :param phone: number, or False
    :return: its last nine digits
    """
    return "".join(char for char in phone or "" if char.isdigit())[-9:]


def read_address(value):
    """An e-mail address.

    :return: address or None
    """
    text = one_line(value)
    if not text:
        return None
    text = text.removeprefix("mailto:")
    if len(text) > 254 or not ADDRESS.match(text):
        raise ValueError("address")
    return text


def read_count(value, least=1, most=10_000):
    """A whole number, alone or first in words such as "12 places".

    :return: int or None
    """
    text = one_line(value).lower()
    if not text:
        return None
    found = COUNT.match(THOUSANDS.sub("", text))
    if not found or not least <= int(found.group(1)) <= most:
        raise ValueError("count")
    return int(found.group(1))


def read_choice(value, words):
    """One of several codes.

    :param words: dict of code to the words that mean it
    :return: code or None
    """
    wanted = key(one_line(value))
    if not wanted:
        return None
    for code, meanings in words.items():
        if wanted == key(code) or wanted in map(key, meanings):
            return code
    raise ValueError("choice")
