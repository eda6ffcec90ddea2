import base64
import csv
import logging

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import tables
from ..tools.columns import match
from ..tools.icalendar import TooManyEvents
from ..tools.texts import UnreadableText

_logger = logging.getLogger(__name__)

MOST_LINES = 10_000


class CultureImportMixin(models.AbstractModel):
    """From the file to lines. Tables are read by the host's parser."""

    _inherit = "culture.import.mixin"

    def _read_file(self):
        data = self._file_data()
        try:
            notice, rows = self._read_rows(data)
        except UnreadableText:
            raise UserError(
                self.env._("Unreadable characters. Save the file as UTF-8.")
            ) from None
        except (tables.TooManyRows, TooManyEvents):
            raise UserError(
                self.env._("More than 10,000 lines: import several files.")
            ) from None
        except tables.NotATable:
            raise UserError(self._unknown_kind()) from None
        if not rows:
            raise UserError(self.env._("There is no line to import in this file."))
        self.line_ids.unlink()
        self._evaluate(rows)
        lines = self.env[self.line_ids._name]
        for start in range(0, len(rows), 1000):
            batch = rows[start : start + 1000]
            lines.create([self._line_values(row) for row in batch])
        # what was read is in the lines: the file itself is needed no more
        self.write(
            {"state": "check", "file": False, "notice": notice, "warning": False}
        )
        self._count(rows)

    def _line_values(self, row):
        return dict(row, wizard_id=self.id)

    def _file_data(self):
        encoded = self.with_context(bin_size=False).file
        if not encoded:
            raise UserError(self.env._("Choose a file first."))
        data = base64.b64decode(encoded)
        if len(data) > tables.MOST_BYTES:
            raise UserError(
                self.env._("This file is larger than 10 MB: import several files.")
            )
        return data

    def _unknown_kind(self):
        """:return: what is said of a file of another kind"""
        raise NotImplementedError

    def _read_rows(self, data):
        """Read the file into values of lines.

        :param data: bytes
        :return: ``(text to show above the lines or False, list of dicts)``
        """
        raise NotImplementedError

    # ------------------------------------------------------------ reading tables

    def _read_table(self, data, columns):
        """Rows of a CSV or XLSX, by the host's parser.

        :param data: bytes
        :param columns: what the columns may be called
        :return: ``(notice, list of (line number, dict of name to cell))``
        """
        if tables.kind_of(data) == "xlsx":
            numbers, rows = self._read_xlsx(data)
        else:
            numbers, rows = self._read_csv(data, columns)
        if not rows:
            return False, []
        found, unread = match([str(cell) for cell in rows[0]], columns)
        self._check_columns(found, columns)
        return self._notice(unread), [
            (number, self._cells(row, found))
            for number, row in zip(numbers[1:], rows[1:], strict=True)
        ]

    def _notice(self, unread):
        """Say which columns are left aside: an income has no place here."""
        if not unread:
            return False
        return self.env._(
            "Columns that are not imported, nothing of them is kept: %(columns)s.",
            columns=", ".join(header[:40] for header in unread[:20]),
        )

    @api.model
    def _cells(self, row, found):
        """The first cell that is not empty of each column."""
        cells = {}
        for name, positions in found.items():
            given = [row[at] for at in positions if at < len(row) and row[at] != ""]
            cells[name] = given[0] if given else ""
        return cells

    def _read_csv(self, data, columns):
        layout = tables.csv_layout(data, columns, MOST_LINES)
        parser = self._parser(layout.text.encode())
        options = {"encoding": "utf-8", "separator": layout.separator, "quoting": '"'}
        try:
            content = parser._read_csv(options)
        except csv.Error:
            raise UserError(self._unreadable_table()) from None
        rows = content[1] if content else []
        return self._numbered(layout.numbers, rows)

    def _read_xlsx(self, data):
        try:
            numbers, plain = tables.xlsx_numbers(data, MOST_LINES)
            if not plain:
                data = tables.xlsx_copy(data, numbers)
            try:
                content = self._parser(data)._read_xlsx({})
            except ValueError:
                # an error or an hour in a cell: the line will say so, not the file
                content = self._parser(tables.xlsx_copy(data, numbers))._read_xlsx({})
        except tables.TooManyRows:
            raise
        except Exception as error:
            # whatever the libraries stumble on is said without what they say: their
            # message may hold the content of a cell
            _logger.info("An XLSX file is not read: %s", type(error).__name__)
            raise UserError(self._unreadable_table()) from None
        return self._numbered(numbers, content[1])

    @api.model
    def _numbered(self, numbers, rows):
        if len(numbers) != len(rows):
            # both count lines that are not empty; should they ever differ, count
            numbers = range(1, len(rows) + 1)
        return numbers, rows

    @api.model
    def _parser(self, data):
        """The host's parser over some bytes; nothing is stored."""
        return self.env["base_import.import"].new({"file": data})

    def _unreadable_table(self):
        return self.env._(
            "This file is damaged. Open it, save it again as CSV (UTF-8) or XLSX, "
            "then choose it again."
        )

    def _check_columns(self, found, columns):
        for name in self._required_columns(found):
            raise UserError(
                self.env._(
                    "Missing column: %(column)s. The template has the columns that "
                    "are expected.",
                    column=columns[name][0],
                )
            )

    @api.model
    def _required_columns(self, found):
        """:return: list of names of columns that are missing"""
        raise NotImplementedError
