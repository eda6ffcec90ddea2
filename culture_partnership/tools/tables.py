"""What kind of file this is, and what must be known before it is parsed.

The host's parser reads the rows. It trusts the file: it drops empty lines, so that
numbers no longer match what a spreadsheet shows, builds every cell of a sheet whose
last one is in row 1,048,576, and stops at the first ``#N/A``. What is here comes
before and beside it.
"""

import csv
import io
import zipfile
from datetime import date, datetime
from typing import NamedTuple

import openpyxl
from openpyxl.cell import WriteOnlyCell

from .columns import match
from .texts import UnreadableText, decode, key

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 150 * 1024 * 1024
MOST_COLUMNS = 64
MOST_CELLS = 2_000_000
SEPARATORS = (";", ",", "\t", "|")
NOT_TABLES = (
    b"%PDF",
    b"\xd0\xcf\x11\xe0",  # the binary formats of before 2007, and encrypted files
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"<",
    b"Rar!",
    b"7z",
    b"\x1f\x8b",
)


class NotATable(ValueError):
    """None of the kinds of file that are imported."""


class TooManyRows(ValueError):
    """More rows than an import takes."""


class Layout(NamedTuple):
    """How to read a text as a table."""

    text: str
    separator: str
    numbers: list
    """Line, as a spreadsheet numbers it, of each row that is not empty."""


def kind_of(data):
    """What a file is, by what it holds: a name or a type may lie.

    :param data: bytes
    :return: ``calendar``, ``xlsx`` or ``csv``
    :raise NotATable: when it is none of these
    """
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"PK"):
        return _kind_of_archive(data)
    if not start or start.startswith(NOT_TABLES):
        raise NotATable
    try:
        beginning = decode(data[:4096])
    except UnreadableText:
        # cut in the middle of a letter, or really unreadable: read in full later
        beginning = data[:4096].decode("latin-1")
    if "\x00" in beginning:
        raise NotATable
    if key(beginning[:200]).startswith("beginvcalendar"):
        return "calendar"
    return "csv"


def _kind_of_archive(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
    except zipfile.BadZipFile:
        raise NotATable from None
    if "xl/workbook.xml" not in parts:
        raise NotATable
    if sum(parts.values()) > MOST_UNPACKED:
        raise TooManyRows
    return "xlsx"


# ---------------------------------------------------------------------------- CSV


def csv_layout(data, columns, most_rows):
    """How to read a CSV, and the line of each of its rows.

    :param data: bytes
    :param columns: columns that the header may name; the separator that makes most of
        them appear is the right one
    :param most_rows: rows beyond the header
    :return: :class:`Layout`
    :raise UnreadableText: when no encoding makes sense of it
    """
    text = decode(data).replace("\x00", "")
    separator = None
    first, __, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first) == 5:
        # what some programs put first so that a spreadsheet opens it well
        separator, text = first[4], rest
    separator = separator or _separator(text, columns)
    numbers = []
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), 1):
        if any(cell.strip() for cell in row):
            numbers.append(number)
            if len(numbers) > most_rows + 1:
                raise TooManyRows
    return Layout(text, separator, numbers)


def _separator(text, columns):
    def header(separator):
        rows = csv.reader(io.StringIO(text[:20_000]), delimiter=separator)
        return next((row for row in rows if any(cell.strip() for cell in row)), [])

    def found(separator):
        cells = header(separator)
        return len(match(cells, columns)[0]), len(cells)

    return max(SEPARATORS, key=found)


# --------------------------------------------------------------------------- XLSX


def xlsx_numbers(data, most_rows):
    """The line of each row of a sheet, and whether the host's parser can take it.

    :param data: bytes
    :param most_rows: rows beyond the header
    :return: ``(numbers, whether the sheet is as large as what it holds)``
    """
    numbers, width, number = [], 0, 0
    for number, row in enumerate(_rows(data), 1):
        width = max(width, len(row))
        if any(cell is not None and str(cell).strip() for cell in row[:MOST_COLUMNS]):
            numbers.append(number)
            if len(numbers) > most_rows + 1:
                raise TooManyRows
    return numbers, width <= MOST_COLUMNS and number * width <= MOST_CELLS


def xlsx_copy(data, numbers):
    """The same sheet with nothing but text and dates in it.

    Formats far below the data, ``#N/A`` and hours stop the host's parser.

    :param data: bytes
    :param numbers: lines to copy
    :return: bytes of a new workbook
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    wanted = set(numbers)
    for number, row in enumerate(_rows(data), 1):
        if number in wanted:
            sheet.append([_plain(sheet, cell) for cell in row[:MOST_COLUMNS]])
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _rows(data):
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()


def _plain(sheet, value):
    if value is None or isinstance(value, (date, datetime)):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    cell = WriteOnlyCell(sheet, str(value))
    # text, also where it begins as a formula or names an error
    cell.data_type = "s"
    return cell
