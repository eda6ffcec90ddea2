"""Days as people write them, in the reader's language."""

import re

import babel.dates

from odoo.tools.misc import babel_locale_parse

ONE = re.compile(r"\b1(?= \w)")


def day_in_words(env, day, pattern):
    """A day in words; in French the first of a month is "1er", never "1".

    :param env: its language is the reader's
    :param day: date or datetime, in the reader's time zone
    :param pattern: of CLDR, the number before the month: "EEEE d MMMM y"
    :return: text
    """
    locale = babel_locale_parse(env.lang)
    words = babel.dates.format_date(day, pattern, locale=locale)
    if locale.language == "fr" and day.day == 1:
        words = ONE.sub("1er", words, count=1)
    return words
