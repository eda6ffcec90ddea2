from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import tables
from .import_common import ImportCase


@tagged("post_install", "-at_install")
class TestImportGarbage(ImportCase):
    """Whatever is thrown at an import: a word on each line, nothing half-done."""

    def _remarks(self, assistant):
        return {line.number: line.remark or "" for line in assistant.line_ids}

    def test_people(self):
        assistant = self._import("people", "people_garbage.csv")
        remarks, results = self._remarks(assistant), self._results(assistant)
        self.assertEqual(assistant.notice.count("NIR"), 1)
        self.assertIn("Revenus", assistant.notice)
        for said in (
            *("Unreadable date of birth: 31/02/1980", "Unreadable phone: 06 12"),
            *("Unreadable e-mail: ada(at)example.org", "Ailleurs", "Pigeon"),
        ):
            self.assertIn(said, remarks[3])
        self.assertIn("No name", remarks[5])
        self.assertIn("Date of birth not possible: 12/03/2999", remarks[6])
        self.assertIn("not possible: 12/03/1790", remarks[7])
        self.assertIn("the first one is kept", remarks[11])
        self.assertEqual([results[number] for number in (3, 5, 6, 7)], ["error"] * 4)
        self.assertEqual(
            [results[number] for number in (8, 9, 10, 11, 12, 13, 14)],
            ["create"] * 6 + ["duplicate"],
        )

    def test_people_text_stays_text(self):
        """Formulas and HTML are names like others, and leave as text."""
        assistant = self._import("people", "people_garbage.csv")
        assistant.action_set_aside_errors()
        assistant.action_set_aside_choices()
        report = assistant._report().decode("utf-8-sig")
        assistant.action_import()
        names = assistant.line_ids.beneficiary_id.mapped("last_name")
        self.assertTrue(any(name.endswith("cmd|' /C calc'!A0") for name in names))
        self.assertIn("<script>alert(1)</script>", names)
        self.assertIn("Retour à la ligne", names)
        for said in (report, assistant._report().decode("utf-8-sig")):
            for line in said.split("\r\n"):
                for cell in line.split(";"):
                    self.assertNotIn(cell.strip('"')[:1], ("=", "+", "-", "@"), line)
            self.assertIn("'=cmd|' /C calc'!A0", said)

    def test_people_of_a_strange_sheet(self):
        assistant = self._import("people", "people_odd.xlsx")
        names = assistant.line_ids.mapped("last_name")
        self.assertIn("=cmd|' /C calc'!A0", names)
        remarks = self._remarks(assistant)
        self.assertEqual(assistant.line_ids[0].first_name, "#N/A")
        self.assertIn("Unreadable date of birth: 20:30:00", remarks[3])

    def test_people_open_quote(self):
        """A quotation mark that is never closed swallows the list: it is said."""
        assistant = self._import("people", "people_open_quote.csv")
        self.assertEqual(len(assistant.line_ids), 1)
        assistant.line_ids.write({"last_name": "x" * 101})
        self.assertTrue(assistant.line_ids)

    @mute_logger("odoo.addons.culture_partnership.wizards.culture_import_reading")
    def test_files_that_are_none(self):
        """Each of them is refused as a whole, in words, and nothing changes."""
        cases = (
            ("people", "picture.csv", "neither a CSV nor an XLSX"),
            ("people", "old_workbook.xlsx", "neither a CSV nor an XLSX"),
            ("people", "archive.zip", "neither a CSV nor an XLSX"),
            ("people", "people_cut.xlsx", "neither|damaged"),
            ("people", "people_unreadable.csv", "Save the file as UTF-8"),
            ("people", "people_lost_letters.csv", "Save the file as UTF-8"),
            ("people", "people_without_name.csv", "Missing column: Nom"),
            ("people", "calendar_application.ics", "import it as a programme"),
            ("people", "Nom;Prénom\n", "no line to import"),
            ("programme", "picture.csv", "nor an iCalendar"),
            ("programme", "people_windows.csv", "Missing column: Sortie"),
            ("programme", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no line to import"),
        )
        for kind, name, pattern in cases:
            with self.subTest(kind=kind, file=name), self.assertRefused(pattern):
                self._import(kind, name)

    def test_no_file(self):
        assistant = self.env["culture.import.people"].with_user(self.coordinator)
        with self.assertRefused("Choose a file first"):
            assistant.create({}).action_check()
        with self.assertRefused("Choose a file first"):
            assistant.create({}).action_import()

    def test_too_much(self):
        lines = "".join(f"N{n};P\n" for n in range(10_001))
        with self.assertRefused("More than 10,000 lines"):
            self._import("people", "Nom;Prénom\n" + lines)
        event = "BEGIN:VEVENT\nDTSTART:20270101T200000Z\nEND:VEVENT\n"
        with self.assertRefused("More than 10,000 lines"):
            self._import("programme", "BEGIN:VCALENDAR\n" + event * 10_001)
        with (
            patch.object(tables, "MOST_BYTES", 100),
            self.assertRefused("larger than 10 MB"),
        ):
            self._import("people", "Nom;Prénom\n" + lines[:200])

    def test_programme(self):
        assistant = self._import("programme", "programme_garbage.csv")
        remarks, results = self._remarks(assistant), self._results(assistant)
        self.assertEqual((results[2], remarks[2]), ("skipped", "Date past: set aside."))
        for number, said in (
            (3, "No date: give the start."),
            (4, "Unreadable start: 31/02/2027"),
            (5, "Unreadable start: 27:99"),
            (6, "A day without an hour: 14/03/2027"),
            (7, "2999: check the year."),
            (8, "Unknown venue: Salle des Nulle-Part"),
            (9, "Unreadable number of places: -4"),
            (10, "Number of places missing"),
            (11, "Agency South. You can import in: Agency North"),
            (12, "The outing has no name."),
        ):
            with self.subTest(line=number):
                self.assertEqual(results[number], "error")
                self.assertIn(said, remarks[number])
        self.assertEqual(results[13], "create")
        self.assertIn("Discipline not in the list, left out: Inconnue", remarks[13])
        self.assertEqual(results[14], "create")
        self.assertEqual((results[15], results[16]), ("create", "skipped"))

    def test_programme_text_stays_text(self):
        assistant = self._import("programme", "programme_garbage.csv")
        assistant.action_set_aside_errors()
        assistant.action_import()
        names = assistant.line_ids.outing_id.mapped("name")
        self.assertEqual(
            sorted(name.lstrip("=") for name in names),
            ["Bal & masques", "Deux fois", "cmd|' /C calc'!A0"],
        )

    def test_broken_calendar(self):
        assistant = self._import("programme", "broken.ics", default_seats=5)
        results = {line.uid: line.result for line in assistant.line_ids}
        for uid in ("no-start", "bad-start", "bad-repeat", "backwards", "cut"):
            self.assertEqual(results.pop(uid), "error", uid)
        self.assertEqual(set(results.values()), {"create"})
        self.assertEqual(len(results), 2)

    def test_hostile_description(self):
        """HTML of a calendar gets in as text, and is escaped."""
        assistant = self._import("programme", "venue_site.ics", default_seats=5)
        assistant.action_import()
        outing = assistant.line_ids[0].outing_id
        self.assertEqual(outing.name, "L’École des femmes – Molière")
        self.assertNotIn("<script", outing.description)
        self.assertNotIn("alert", outing.description)

    def test_a_refusal_keeps_the_assistant(self):
        """After a bad file one chooses another one, in the same assistant."""
        assistant = self.env["culture.import.people"].with_user(self.coordinator)
        assistant = assistant.create({"file": b"iVBORw0KGgo="})
        with self.assertRaises(UserError):
            assistant.action_check()
        self.assertEqual(assistant.state, "file")
