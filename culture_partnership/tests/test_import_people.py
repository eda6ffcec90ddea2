from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .import_common import ImportCase

HEADER = "Nom;Prénom;Date de naissance;Téléphone;Courriel;Structure;Référent social\n"


@tagged("post_install", "-at_install")
class TestImportPeople(ImportCase):
    """Files opened from a list: what will be, then all of it or nothing."""

    def _people(self, *lines, user=None):
        return self._import("people", HEADER + "\n".join(lines) + "\n", user)

    def test_a_list_of_windows(self):
        """Read, shown, nothing saved; then created in the structure and scope."""
        before = self.env["culture.beneficiary"].search_count([])
        assistant = self._import("people", "people_windows.csv")
        self.assertEqual(assistant.state, "check")
        self.assertFalse(assistant.file)
        self.assertEqual(assistant.create_count, 3)
        self.assertIn("3 files will be created", assistant.summary)
        self.assertIn("Nothing is saved yet", assistant.summary)
        self.assertEqual(self.env["culture.beneficiary"].search_count([]), before)

        assistant.action_import()

        self.assertEqual(assistant.state, "done")
        self.assertEqual(assistant.outcome, "3 files created.")
        people = assistant.line_ids.beneficiary_id
        helene = people.filtered(lambda p: p.first_name == "Hélène")
        self.assertEqual(helene.last_name, "Lévêque")
        self.assertEqual(helene.birth_date, date(1980, 3, 12))
        self.assertEqual(helene.phone, "06 12 34 56 78")
        self.assertEqual(people.structure_id, self.north)
        self.assertFalse(people.referent_id)
        self.assertEqual(len(set(people.mapped("reference"))), 3)

    def test_the_same_list_in_every_shape(self):
        for name in (
            *("people_mac.csv", "people_unicode_text.txt", "people_twice_encoded.csv"),
            "people.xlsx",
        ):
            with self.subTest(file=name):
                assistant = self._import("people", name)
                first = assistant.line_ids[0]
                self.assertEqual(first.last_name, "Lévêque")
                self.assertEqual(first.phone, "06 12 34 56 78")
                self.assertEqual(first.birth_date, date(1980, 3, 12))

    def test_the_same_list_twice(self):
        """What is there already is left alone, without asking for each."""
        self._import("people", "people.xlsx").action_import()
        again = self._import("people", "people.xlsx")
        self.assertEqual(set(self._results(again).values()), {"same"})
        count = self.env["culture.beneficiary"].search_count([])
        again.action_import()
        self.assertEqual(self.env["culture.beneficiary"].search_count([]), count)

    def test_a_family_shares_a_phone(self):
        """Proposed, never merged: the choice is the importer's."""
        person = self._person("Ada", phone="0612345678", email="home@example.org")
        assistant = self._people(
            "Test;Blaise;01/02/2015;06 12 34 56 78;;;",
            "Test;Chloé;;;HOME@example.org;;",
            "Test;Ada;;;;;",
        )
        self.assertEqual(set(self._results(assistant).values()), {"duplicate"})
        lines = assistant.line_ids
        self.assertIn("Same phone as an existing file", lines[0].remark)
        self.assertIn("Same e-mail", lines[1].remark)
        self.assertIn("one date of birth is not known", lines[2].remark)
        self.assertEqual(lines[0].match_ids, person)
        with self.assertRefused("3 lines are still to choose"):
            assistant.action_import()

        self._answer(assistant, 2, choice="create")
        self._answer(assistant, 3, choice="skip")
        self._answer(assistant, 4, choice="attach")
        self.assertEqual(assistant.undecided_count, 0)
        assistant.action_import()

        self.assertEqual(assistant.outcome, "1 file created.")
        self.assertEqual(lines[0].beneficiary_id.first_name, "Blaise")
        self.assertEqual(lines[2].beneficiary_id, person)

    def test_attaching_completes_and_replaces_nothing(self):
        person = self._person("Ada", phone="0491000000", birth_date="1980-03-12")
        assistant = self._people("test;ADA;12/03/1980;0612345678;ada@example.org;;")
        self.assertEqual(self._results(assistant), {2: "duplicate"})
        self._answer(assistant, 2, choice="attach")
        assistant.action_import()
        self.assertEqual(person.phone, "0491000000")
        self.assertEqual(person.email, "ada@example.org")
        self.assertEqual(assistant.outcome, "1 file completed.")

    def test_names_in_the_wrong_columns(self):
        person = self._person("Ada", birth_date="1980-03-12")
        assistant = self._people("Ada;Test;12/03/1980;;;;")
        self.assertEqual(assistant.line_ids.match_ids, person)

    def test_a_file_out_of_reach(self):
        """Same name and date of birth: whom to ask, nothing more."""
        hidden = self._person("Ada", self.far_card, birth_date="1980-03-12")
        hidden.write({"phone": "0612345678", "email": "ada@example.org"})
        assistant = self._people("Test;Ada;12/03/1980;;;;")
        line = assistant.line_ids
        self.assertEqual(line.result, "duplicate")
        self.assertEqual(
            line.remark,
            "There is a file already. To talk about it: Agency South, 04 65 71 00 00.",
        )
        self.assertFalse(line.match_ids)
        self.assertFalse(line.beneficiary_id)
        with self.assertRefused("still to correct"):
            self._answer(assistant, 2, choice="attach")
            assistant.action_import()

    def test_nothing_less_tells_of_a_file_out_of_reach(self):
        """Attack: a phone, an address, a name, a date alone learn nothing."""
        hidden = self._person("Ada", self.far_card, birth_date="1980-03-12")
        hidden.write({"phone": "0612345678", "email": "ada@example.org"})
        assistant = self._people(
            "Other;Person;;0612345678;;;",
            "Other;Again;;;ada@example.org;;",
            "Test;Ada;;;;;",
            "Test;Ada;13/03/1980;;;;",
            "Else;Where;12/03/1980;;;;",
        )
        self.assertEqual(set(self._results(assistant).values()), {"create"})
        self.assertFalse(any(assistant.line_ids.mapped("remark")))

    def test_guessing_a_date_of_birth(self):
        """Attack: a list that tries the days of a month learns nothing."""
        self._person("Ada", self.far_card, birth_date="1980-03-12")
        assistant = self._people(
            *(f"Test;Ada;{day:02d}/03/1980;;;;" for day in range(1, 29))
        )
        self.assertEqual(set(self._results(assistant).values()), {"create"})

    def test_another_company_is_never_compared(self):
        __, __, person = self._second_company()
        person.write({"last_name": "Test", "birth_date": "1980-03-12"})
        assistant = self._people("Test;Elsewhere;12/03/1980;;;;")
        self.assertEqual(self._results(assistant), {2: "create"})

    def test_twice_in_one_list(self):
        assistant = self._people("Dupont;Ada;12/03/1980;;;;", "DUPONT;ada;12/03/80;;;;")
        self.assertEqual(self._results(assistant), {2: "create", 3: "duplicate"})
        self.assertIn("Same person as line 2", assistant.line_ids[1].remark)

    def test_a_referent_imports_for_oneself(self):
        assistant = self._people("Dupont;Ada;;;;;", user=self.referent)
        assistant.action_import()
        person = assistant.line_ids.beneficiary_id
        self.assertEqual(person.sudo().referent_id, self.referent_card)
        self.assertTrue(person.with_user(self.referent).has_access("read"))

    def test_a_referent_for_nobody_else(self):
        assistant = self._people(
            "Dupont;Ada;;;;;test_colleague",
            "Dupont;Bob;;;;Agency South;",
            user=self.referent,
        )
        self.assertEqual(set(self._results(assistant).values()), {"error"})

    def test_a_coordinator_names_referents(self):
        assistant = self._people(
            "Dupont;Ada;;;;Agency North;test_referent",
            "Dupont;Bob;;;;;Somebody",
            "Dupont;Chen;;;;Agency South;",
        )
        self.assertEqual(assistant.line_ids[0].referent_id, self.referent_card)
        self.assertIn("Referent unknown", assistant.line_ids[1].remark)
        self.assertIn("You can import in: Agency North", assistant.line_ids[2].remark)
        assistant.action_set_aside_errors()
        assistant.action_import()
        person = assistant.line_ids[0].beneficiary_id
        self.assertTrue(person.with_user(self.referent).has_access("read"))

    def test_correcting_on_the_screen(self):
        assistant = self._people("Dupont;Ada;31/02/1980;06 12;;;")
        line = assistant.line_ids
        self.assertEqual(line.result, "error")
        self.assertIn(
            "Unreadable date of birth: 31/02/1980. Write day/month/year.", line.remark
        )
        with self.assertRefused("1 line is still to correct"):
            assistant.action_import()
        self._answer(assistant, 2, birth_date="1980-02-28")
        self.assertEqual(line.result, "error")
        self._answer(assistant, 2, phone="0612345678")
        self.assertEqual(line.result, "create")
        self.assertFalse(line.remark)
        assistant.action_import()
        self.assertEqual(line.beneficiary_id.birth_date, date(1980, 2, 28))

    def test_what_changed_since_it_was_shown(self):
        """A double that was made meanwhile stops everything."""
        assistant = self._people(
            "Dupont;Ada;12/03/1980;0612345678;;;", "Autre;Léa;;;;;"
        )
        self._person(
            "Ada", last_name="Dupont", birth_date="1980-03-12", phone="0499999999"
        )
        count = self.env["culture.beneficiary"].search_count([])
        assistant.action_import()
        self.assertEqual(assistant.state, "check")
        self.assertIn("something has changed for the lines: 2", assistant.warning)
        self.assertEqual(self.env["culture.beneficiary"].search_count([]), count)
        self.assertEqual(assistant.undecided_count, 1)

    def test_a_new_double_of_what_was_chosen(self):
        """Attack: choosing "create" once is no licence for every later double."""
        self._person("Ada", phone="0612345678")
        assistant = self._people("Neuf;Paul;12/03/1980;0612345678;;;")
        self._answer(assistant, 2, choice="create")
        self._person("Paul", last_name="Neuf", birth_date="1980-03-12", phone="04")
        assistant.action_import()
        self.assertEqual(assistant.state, "check")
        self.assertIn("2", assistant.warning)

    def test_a_result_written_by_hand(self):
        """Attack: a line that says "will be created" is looked at all the same."""
        assistant = self._people("Dupont;Ada;31/02/1980;;;;")
        assistant.line_ids.write({"result": "create", "remark": False})
        assistant.write({"error_count": 0})
        assistant.action_import()
        self.assertEqual(assistant.state, "check")
        self.assertEqual(assistant.line_ids.result, "error")

    def test_a_structure_written_by_hand(self):
        """Attack: a line sent to a structure out of scope after the check."""
        assistant = self._people("Dupont;Ada;;;;;")
        assistant.line_ids.write({"structure_id": self.south.id})
        assistant.action_import()
        self.assertEqual(assistant.state, "check")
        self.assertEqual(assistant.line_ids.result, "error")

    def test_all_or_nothing(self):
        """What the model refuses undoes the rest and is said on its line."""
        assistant = self._people("Dupont;Ada;;;;;", "Martin;Zoé;;;;;")
        count = self.env["culture.beneficiary"].search_count([])
        model = type(self.env["culture.beneficiary"])
        create = model.create

        refused = "Not this one."

        def refuse(records, vals_list):
            if any(vals.get("last_name") == "Martin" for vals in vals_list):
                raise UserError(refused)
            return create(records, vals_list)

        self.patch(model, "create", refuse)
        assistant.action_import()
        self.assertEqual(assistant.state, "check")
        self.assertEqual(self._results(assistant), {2: "create", 3: "error"})
        self.assertEqual(assistant.line_ids[1].remark, "Not this one.")
        self.assertIn("Nothing was imported", assistant.warning)
        self.assertEqual(self.env["culture.beneficiary"].search_count([]), count)

    def test_clicked_twice(self):
        assistant = self._people("Dupont;Ada;;;;;")
        assistant.action_import()
        count = self.env["culture.beneficiary"].search_count([])
        assistant.action_import()
        self.assertEqual(self.env["culture.beneficiary"].search_count([]), count)

    def test_nothing_of_a_person_in_the_log(self):
        """A list full of errors is checked, refused and imported in silence."""
        with self.assertLogs("odoo", level="DEBUG") as logs:
            assistant = self._people(
                "Zzyzx;Quentin;12/03/1980;0612345678;;;", "Zzyzx;Rosa;31/02/1980;;;;"
            )
            with self.assertRefused("still to correct") as __:
                assistant.action_import()
            assistant.action_set_aside_errors()
            assistant.action_import()
        told = "\n".join(
            record.getMessage()
            for record in logs.records
            # the host's own trace of SQL, off unless a developer asks for it
            if not record.name.startswith(("odoo.sql_db", "odoo.models"))
        )
        self.assertNotIn("Zzyzx", told)
        self.assertNotIn("31/02/1980", told)

    def test_nothing_in_the_attachments(self):
        before = self.env["ir.attachment"].sudo().search_count([])
        assistant = self._import("people", "people.xlsx")
        assistant.action_import()
        after = self.env["ir.attachment"].sudo().search_count([])
        self.assertEqual(after, before)

    @mute_logger("odoo.models.unlink")
    def test_starting_again(self):
        assistant = self._people("Dupont;Ada;;;;;")
        assistant.action_back()
        self.assertEqual(assistant.state, "file")
        self.assertFalse(assistant.line_ids)

    def test_queries_do_not_grow(self):
        """The check of 100 persons asks the database as often as that of 10."""
        self._person("Ada", phone="0612345678", birth_date="1980-03-12")

        def lines(count):
            return [
                f"Nom{n};Prénom{n};12/03/19{10 + n % 80};0612345678;p{n}@x.fr;;"
                for n in range(count)
            ]

        self._people(*lines(3))
        spent = []
        for count in (10, 100):
            before = self.env.cr.sql_log_count
            self._people(*lines(count))
            self.env.flush_all()
            spent.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(spent[1], spent[0] + 2)
