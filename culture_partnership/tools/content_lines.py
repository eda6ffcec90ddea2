"""Content lines and components of an iCalendar file (RFC 5545).

The ``vobject`` library of the host is not used on purpose: a content line of sixty
characters makes its regular expression run for minutes, it stops at the first error
of a file, and it keeps the time zones of a file for all later ones in the same
process. What is here reads from left to right, once, and goes on after a bad event.
"""

import re
from typing import NamedTuple

from .texts import decode

MOST_NESTED = 6
MOST_HEAD = 2000
NAME = re.compile(r"[A-Za-z0-9-]+$")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Property(NamedTuple):
    """One content line."""

    name: str
    parameters: dict
    value: str


class Component:
    """What stands between BEGIN and END."""

    def __init__(self, name, line):
        self.name = name
        self.line = line
        self.properties = {}
        self.parts = []
        self.complete = False

    def add(self, prop):
        """:param prop: :class:`Property`"""
        self.properties.setdefault(prop.name, []).append(prop)

    def first(self, name):
        """:return: the first :class:`Property` of that name, or None"""
        return self.properties.get(name, [None])[0]

    def texts(self, name):
        """:return: list of raw values"""
        return [prop.value for prop in self.properties.get(name, [])]

    def text(self, *names):
        """:return: the first value that is not empty among `names`, unescaped"""
        for name in names:
            for prop in self.properties.get(name, []):
                if prop.value.strip():
                    return unescape(prop.value)
        return ""


def lines_of(data):
    """Content lines with the number of the line that they begin on.

    Long lines are folded by bytes, possibly inside a letter: they are put together
    before they are decoded.

    :param data: bytes
    :return: list of ``(number, text)``
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        data = decode(data).encode()
    numbers, lines = [], []
    for number, line in enumerate(data.splitlines(), 1):
        if line[:1] in (b" ", b"\t") and lines:
            lines[-1].append(line[1:])
        elif line.strip():
            numbers.append(number)
            lines.append([line])
    text = decode(b"\n".join(b"".join(parts) for parts in lines))
    return list(zip(numbers, text.split("\n"), strict=False))


def read_line(text):
    """Split a content line.

    :param text: such as ``DTSTART;TZID=Europe/Paris:20260312T203000``
    :return: :class:`Property`, or None when it is none
    """
    head, separator, value = _cut(text, ":")
    if not separator or len(head) > MOST_HEAD:
        return None
    name, __, rest = _cut(head, ";")
    name = name.strip().rpartition(".")[2].upper()
    if not NAME.match(name):
        return None
    parameters = {}
    while rest:
        parameter, __, rest = _cut(rest, ";")
        key, __, content = parameter.partition("=")
        parameters[key.strip().upper()] = content.strip().strip('"')
    return Property(name, parameters, value)


def _cut(text, separator):
    """Partition at the first separator that is not between quotation marks."""
    position = text.find(separator)
    quote = text.find('"')
    if position < 0 or quote < 0 or position < quote:
        return text.partition(separator)
    quoted = False
    for position, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == separator and not quoted:
            return text[:position], separator, text[position + 1 :]
    return text, "", ""


def unescape(value):
    """:param value: raw value of a text
    :return: text
    """
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def components_of(data):
    """The events and time zones of a file, and what it says of itself.

    :param data: bytes
    :return: ``(list of VEVENT, dict of VTIMEZONE by name, method in capitals)``
    """
    events, zones, method = [], {}, ""
    stack = []
    for number, text in lines_of(data):
        prop = read_line(text.strip("\ufeff"))
        if prop is None:
            continue
        if prop.name == "BEGIN":
            component = Component(prop.value.strip().upper(), number)
            stack = _opened(stack, component)
            if component.name == "VEVENT":
                events.append(component)
        elif prop.name == "END":
            component = _closed(stack, prop.value.strip().upper())
            if component and component.name == "VTIMEZONE":
                zones[component.text("TZID")] = component
        elif stack:
            stack[-1].add(prop)
            if prop.name == "METHOD" and len(stack) == 1:
                method = prop.value.strip().upper()
    return events, zones, method


def _opened(stack, component):
    if component.name in ("VEVENT", "VTIMEZONE", "VCALENDAR"):
        # the one before was never closed
        stack = [c for c in stack[:1] if c.name == "VCALENDAR" != component.name]
    if len(stack) >= MOST_NESTED:
        return stack
    if stack:
        stack[-1].parts.append(component)
    return [*stack, component]


def _closed(stack, name):
    if not stack or stack[-1].name != name:
        return None
    stack[-1].complete = True
    return stack.pop()
