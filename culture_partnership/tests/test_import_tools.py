"""Reading what others wrote, without a database: encodings, cells, tables."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from unittest.mock import patch

import openpyxl

from odoo.tests import BaseCase, tagged

from ..tools import columns, tables, texts, values

FILES = Path(__file__).parent / "files"
TODAY = date(2026, 11, 22)


def content(name):
    """:return: bytes of a file of tests/files"""
    return (FILES / name).read_bytes()


@tagged("post_install", "-at_install")
class TestTexts(BaseCase):
    """Bytes to text, and text that hurts nobody."""

    def test_encodings(self):
        """The same list, as five programs write it, reads the same."""
        for name in (
            "people_windows.csv",
            "people_mac.csv",
            "people_unicode_text.txt",
            "people_twice_encoded.csv",
        ):
            with self.subTest(file=name):
                text = texts.decode(content(name))
                for word in ("Prénom", "Lévêque", "Hélène", "N’Diaye", "Muñoz", "José"):
                    self.assertIn(word, text)

    def test_every_encoding_of_a_capital(self):
        text = "NOM;PRÉNOM\nLÉVÊQUE;HÉLÈNE\nGARÇON;NOËL\n"
        for encoding in (
            "utf-8",
            "utf-8-sig",
            "utf-16",
            "cp1252",
            "mac_roman",
            "cp850",
        ):
            with self.subTest(encoding=encoding):
                self.assertEqual(texts.decode(text.encode(encoding)), text)

    def test_what_no_encoding_explains(self):
        for name in ("people_unreadable.csv", "people_lost_letters.csv"):
            with self.subTest(file=name), self.assertRaises(texts.UnreadableText):
                texts.decode(content(name))

    def test_one_line(self):
        """Controls, direction marks and half characters never get into a name."""
        self.assertEqual(texts.one_line("  A\x00d\u202ea \t\r\n B\ud800 "), "Ada B")
        self.assertEqual(texts.one_line("e\u0301"), "é")
        self.assertEqual(texts.one_line(None), "")

    def test_markup(self):
        """A title is text: tags go, what only looks like one stays."""
        for written, expected in (
            ("<script>alert(1)</script>Concert", "Concert"),
            ("<b>Gala</b> &amp; bal", "Gala & bal"),
            ("L&#8217;École", "L’École"),
            ("Moins < 18 ans", "Moins < 18 ans"),
            ("<img src=x onerror=alert(1)>Z", "Z"),
            ("&lt;script&gt;", "<script>"),
            ("<!-- x -->A", "A"),
        ):
            with self.subTest(written=written):
                self.assertEqual(texts.without_markup(written), expected)

    def test_markup_never_holds_a_worker(self):
        for bomb in ("<!--", "<script>", "<a ", "<", "&"):
            texts.without_markup(bomb * 200_000)

    def test_formulas(self):
        """A report opened in a spreadsheet executes nothing, and reads back."""
        for start in ("=", "+", "-", "@"):
            cell = f"{start}cmd|' /C calc'!A0"
            self.assertEqual(texts.inert(cell), f"'{cell}")
            self.assertEqual(texts.one_line(texts.inert(cell)), cell)
        self.assertEqual(texts.inert("\tA"), "'\tA")
        self.assertEqual(texts.inert("\rA"), "'\rA")
        self.assertEqual(texts.inert("Ada"), "Ada")
        self.assertEqual(texts.inert(False), "")

    def test_key(self):
        for one, other in (
            ("Jean-Pierre LÉVÊQUE", "jean pierre leveque"),
            ("N’Diaye", "N'DIAYE"),
            ("Cœur", "COEUR"),
        ):
            self.assertEqual(texts.key(one), texts.key(other))
        self.assertEqual(texts.key(False), "")


@tagged("post_install", "-at_install")
class TestValues(BaseCase):
    """What people type for a date, an hour, a phone."""

    def _refuses(self, reader, *args):
        with self.assertRaises(ValueError) as catcher:
            reader(*args)
        # what was typed must not end up in a log
        self.assertNotIn(str(args[0]), str(catcher.exception))

    def test_days(self):
        for written in (
            *("12/03/1980", "12-3-1980", "12.03.80", "1980-03-12", "12 mars 1980"),
            *("mercredi 12 mars 1980", "1980-03-12 00:00:00", "29292"),
            *(date(1980, 3, 12), datetime(1980, 3, 12)),
        ):
            with self.subTest(written=written):
                self.assertEqual(values.read_day(written, TODAY), date(1980, 3, 12))
        self.assertEqual(values.read_day("1er août 2001", TODAY), date(2001, 8, 1))
        self.assertEqual(values.read_day("12/03/05", TODAY).year, 2005)
        self.assertIsNone(values.read_day("  ", TODAY))

    def test_days_are_not_guessed(self):
        for written in (
            "31/02/1980",
            "03/25/1980",
            "abc",
            "1980",
            "12/03",
            "00/00/0000",
        ):
            with self.subTest(written=written):
                self._refuses(values.read_day, written, TODAY)

    def test_two_digits_of_a_season(self):
        self.assertEqual(values.read_day("12/03/27", date(2029, 1, 1)).year, 2027)

    def test_hours(self):
        for written in (
            *("20h30", "20 h 30", "20:30", "20:30:00", "20.30", "8:30 PM", "0.8541667"),
            time(20, 30),
        ):
            with self.subTest(written=written):
                self.assertEqual(values.read_hour(written), time(20, 30))
        self.assertEqual(values.read_hour("20 h"), time(20))
        self.assertEqual(values.read_hour("midi"), time(12))
        for written in ("27:99", "abc", "20h30 ou 21h", "13 pm"):
            self._refuses(values.read_hour, written)

    def test_a_day_and_its_hour(self):
        self.assertEqual(
            values.split_moment("12/03/2027, à 20 h 30"), ("12/03/2027", "20 h 30")
        )
        self.assertEqual(
            values.split_moment("2027-03-12T20:30"), ("2027-03-12", "20:30")
        )
        self.assertEqual(values.split_moment("12/03/2027"), ("12/03/2027", ""))
        self.assertEqual(values.split_moment(datetime(2027, 3, 12))[1], "")

    def test_phones(self):
        for written in (
            *("0612345678", "06.12.34.56.78", "+33 6 12 34 56 78", "0033612345678"),
            *("+33 (0)6 12 34 56 78", "612345678", "33612345678", "612345678.0"),
            "'+33612345678",
        ):
            with self.subTest(written=written):
                self.assertEqual(values.read_phone(written), ("06 12 34 56 78", False))
        self.assertEqual(
            values.read_phone("+213 550 12 34 56"), ("+213550123456", False)
        )
        self.assertEqual(
            values.read_phone("06 12 34 56 78 / 04 91 00 00 00"),
            ("06 12 34 56 78", True),
        )
        for written in ("06 12", "abc", "0000000000", "=1+1", "06 12 34 56 78 99"):
            self._refuses(values.read_phone, written)

    def test_addresses(self):
        self.assertEqual(values.read_address("mailto:a.b@c.fr"), "a.b@c.fr")
        for written in ("ada", "a@b", "a b@c.fr", "<a@b.fr>", "a@@b.fr"):
            self._refuses(values.read_address, written)
        values_of_bomb = "a." * 100_000
        self._refuses(values.read_address, values_of_bomb)

    def test_counts(self):
        self.assertEqual(values.read_count("12 places"), 12)
        self.assertEqual(values.read_count("1 000"), 1000)
        self.assertEqual(values.read_count("dès 8 ans", 0, 99), 8)
        for written in ("0", "-4", "1e9", "douze", "999999", "12,5"):
            self._refuses(values.read_count, written)

    def test_choices(self):
        self.assertEqual(values.read_choice("De vive voix", columns.CHANNELS), "desk")
        self.assertEqual(values.read_choice("sms", columns.CHANNELS), "sms")
        self._refuses(values.read_choice, "pigeon", columns.CHANNELS)


@tagged("post_install", "-at_install")
class TestTables(BaseCase):
    """What a file is, whatever its name says."""

    def test_kinds(self):
        for name, kind in (
            ("people_windows.csv", "csv"),
            ("people_unicode_text.txt", "csv"),
            ("people.xlsx", "xlsx"),
            ("calendar_application.ics", "calendar"),
            ("broken.ics", "calendar"),
        ):
            with self.subTest(file=name):
                self.assertEqual(tables.kind_of(content(name)), kind)
        for name in ("picture.csv", "old_workbook.xlsx", "archive.zip", "empty.csv"):
            with self.subTest(file=name), self.assertRaises(tables.NotATable):
                tables.kind_of(content(name))

    def test_separators(self):
        for separator in (";", ",", "\t", "|"):
            text = separator.join(["Nom", "Prénom", "Né(e) le"]) + "\n"
            layout = tables.csv_layout(text.encode(), columns.PEOPLE, 10)
            self.assertEqual(layout.separator, separator)
        layout = tables.csv_layout(b"sep=;\nNom;Prenom\n", columns.PEOPLE, 10)
        self.assertEqual((layout.separator, layout.numbers), (";", [1]))

    def test_line_numbers(self):
        """Lines are numbered as a spreadsheet does, empty ones included."""
        layout = tables.csv_layout(b"Nom\n\nA\n;;\nB\n", columns.PEOPLE, 10)
        self.assertEqual(layout.numbers, [1, 3, 5])
        numbers, plain = tables.xlsx_numbers(content("people.xlsx"), 10)
        self.assertEqual((numbers, plain), ([1, 2, 4], True))

    def test_too_many_rows(self):
        with self.assertRaises(tables.TooManyRows):
            tables.csv_layout(b"Nom\n" + b"A\n" * 11, columns.PEOPLE, 10)

    def test_a_sheet_that_the_host_cannot_take(self):
        """Formats far away, an error, an hour, a formula in text."""
        data = content("people_odd.xlsx")
        numbers, plain = tables.xlsx_numbers(data, 10)
        self.assertEqual((numbers, plain), ([1, 2, 3, 4, 5], False))
        copy = openpyxl.load_workbook(io.BytesIO(tables.xlsx_copy(data, numbers)))
        rows = [[cell.value for cell in row[:3]] for row in copy.active.rows]
        self.assertEqual(rows[1][1], "#N/A")
        self.assertEqual(rows[2][2], "20:30:00")
        self.assertEqual(rows[3][0], "=cmd|' /C calc'!A0")
        self.assertEqual(copy.active.cell(4, 1).data_type, "s")

    def test_an_archive_that_blows_up(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
            archive.writestr("xl/worksheets/sheet1.xml", b" " * 2_000_000)
        with (
            patch.object(tables, "MOST_UNPACKED", 1_000_000),
            self.assertRaises(tables.TooManyRows),
        ):
            tables.kind_of(packed.getvalue())

    def test_columns(self):
        found, unread = columns.match(
            ["NOM", "Prenom", "Né(e) le", "Tel.", "Portable", "NIR", ""], columns.PEOPLE
        )
        self.assertEqual(found["phone"], [3, 4])
        self.assertEqual(set(found), {"last_name", "first_name", "birth_date", "phone"})
        self.assertEqual(unread, ["NIR"])
        found, unread = columns.match(["Last name", "Date of birth"], columns.PEOPLE)
        self.assertEqual(set(found), {"last_name", "birth_date"})

    def test_templates_read_themselves(self):
        for wanted in (columns.PEOPLE, columns.PROGRAMME):
            data = columns.template(wanted)
            self.assertTrue(data.startswith(b"\xef\xbb\xbf"))
            layout = tables.csv_layout(data, wanted, 10)
            found, unread = columns.match(
                layout.text.strip().split(layout.separator), wanted
            )
            self.assertEqual((set(found), unread), (set(wanted), []))
