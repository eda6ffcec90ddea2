"""Pages of a sheet in large print, counted before it is printed.

A page says which of how many it is. Not every build of wkhtmltopdf writes footers, so
the text is laid out here: in lines of a wide typeface, with room to spare.
"""

from dataclasses import dataclass, field
from math import ceil

PAGE = 665
"""Height of a page in points, without its margins and its number."""

LINE = 27
"""18 points, spacing 1.5."""

HEADING = 52
MAP = 220
LETTERS = 42
"""That are sure to go into a line."""


@dataclass
class Block:
    """A heading with its pictogram, and what is under it."""

    icon: str
    heading: str
    lines: list = field(default_factory=list)
    map: object = None
    """An image, base64."""

    @property
    def height(self):
        return HEADING + sum(map(height, self.lines)) + (MAP if self.map else 0)


def height(line):
    """Height of a line of text that may go over several.

    :param line: text
    :return: points
    """
    return LINE * ceil(len(line) / LETTERS)


def in_pages(blocks):
    """Put blocks on pages, whole as far as a page takes them.

    :param blocks: list of :class:`Block`
    :return: list of lists of :class:`Block`
    """
    pages, left = [], 0
    for block in blocks:
        for part in _that_fit(block):
            if not pages or part.height > left:
                pages.append([])
                left = PAGE
            pages[-1].append(part)
            left -= part.height
    return pages


def _that_fit(block):
    """A block in parts that go on a page each, the heading on each."""
    lines, part = list(block.lines), Block(block.icon, block.heading, [], block.map)
    while lines:
        if part.lines and part.height + height(lines[0]) > PAGE:
            yield part
            part = Block(block.icon, block.heading)
        part.lines.append(lines.pop(0))
    yield part
