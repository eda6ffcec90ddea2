from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import columns, tables, values
from ..tools.texts import one_line
from .culture_import_line import pack
from .culture_import_people_check import PeopleCheck
from .culture_import_writing import Refused

MOST_LETTERS = 100
EMPTY = dict.fromkeys(
    ("structure_id", "structure_given", "referent_id", "beneficiary_id"), False
)


class CultureImportPeople(models.TransientModel):
    """Open the files of many persons from a list, in one go."""

    _name = "culture.import.people"
    _inherit = ["culture.import.mixin"]
    _description = "Import people"

    _import_kind = "people"
    _import_roles = ("referent", "coordinator")

    line_ids = fields.One2many("culture.import.people.line", "wizard_id")
    error_line_ids = fields.One2many(
        "culture.import.people.line", "wizard_id", domain=[("result", "=", "error")]
    )
    choice_line_ids = fields.One2many(
        "culture.import.people.line", "wizard_id", domain=[("result", "=", "duplicate")]
    )

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Import people")

    def _unknown_kind(self):
        return self.env._("This file is neither a CSV nor an XLSX.")

    def _count_label(self, code, count):
        _ = self.env._
        one = count == 1
        labels = {
            "create": lambda: (
                _("1 file will be created")
                if one
                else _("%s files will be created", count)
            ),
            "update": lambda: (
                _("1 file will be updated")
                if one
                else _("%s files will be updated", count)
            ),
            "same": lambda: (
                _("1 file is there already")
                if one
                else _("%s files are there already", count)
            ),
            "duplicate": lambda: (
                _("1 looks like an existing file")
                if one
                else _("%s look like an existing file", count)
            ),
            "error": lambda: (
                _("1 is to correct") if one else _("%s are to correct", count)
            ),
            "skipped": lambda: (
                _("1 is set aside") if one else _("%s are set aside", count)
            ),
        }
        return labels[code]()

    # ----------------------------------------------------------------- reading

    @api.model
    def _required_columns(self, found):
        return [] if {"last_name", "first_name"} & found.keys() else ["last_name"]

    def _read_rows(self, data):
        if tables.kind_of(data) == "calendar":
            raise UserError(
                self.env._("This file is a calendar: import it as a programme.")
            )
        notice, cells = self._read_table(data, columns.PEOPLE)
        today = fields.Date.context_today(self)
        return notice, [self._read_person(*numbered, today) for numbered in cells]

    @api.model
    def _read_person(self, number, cells, today):
        """Values of the line of a person; what is not read stays with its text."""
        problems = []

        def read(name, reader, *args):
            text = cells.get(name, "")
            try:
                return reader(text, *args) or False
            except (ValueError, OverflowError):
                problems.append((name, "unreadable", one_line(text)[:60]))
                return False

        row = dict(
            EMPTY, number=number, match_ids=[], result=False, remark=False, choice=False
        )
        for name in ("last_name", "first_name", "chosen_name"):
            row[name] = one_line(cells.get(name)) or False
            if row[name] and len(row[name]) > MOST_LETTERS:
                problems.append((name, "long", ""))
                row[name] = row[name][:MOST_LETTERS]
        row["birth_date"] = read("birth_date", values.read_day, today)
        phone, more = read("phone", values.read_phone) or (False, False)
        row["phone"] = phone or False
        if more:
            problems.append(("phone", "second", ""))
        row["email"] = read("email", values.read_address)
        row["channel"] = read("channel", values.read_choice, columns.CHANNELS)
        row["structure_text"] = one_line(cells.get("structure"))[:200] or False
        row["referent_text"] = one_line(cells.get("referent"))[:200] or False
        row["unread"] = pack(problems)
        return row

    # ---------------------------------------------------------------- checking

    def _evaluate(self, rows):
        PeopleCheck(self).run(rows)

    @api.model
    def _is_other_match(self, row, shown):
        return bool(set(row["match_ids"]) - set(shown["match_ids"]))

    # --------------------------------------------------------------- importing

    def _apply(self, rows):
        lines = self.env["culture.import.people.line"]
        wanted = [
            (row["id"], self._file_values(row))
            for row in rows
            if row["result"] == "create"
            or (row["result"] == "duplicate" and row["choice"] == "create")
        ]
        created = self._create_all(self.env["culture.beneficiary"], wanted)
        for id_, person_id in created.items():
            lines.browse(id_)._store({"result": "create", "beneficiary_id": person_id})
        self._forget_questions(rows)
        completed = self._complete_files(rows)
        return self._outcome(len(created), completed)

    def _file_values(self, row):
        names = ("last_name", "first_name", "chosen_name", "birth_date", "phone")
        vals = {name: row[name] for name in (*names, "email")}
        vals["structure_id"] = row["structure_id"]
        vals["referent_id"] = row["referent_id"]
        vals["company_id"] = self.company_id.id
        # what the line looks like was shown before it was chosen
        vals["another_person"] = True
        if row["channel"]:
            vals["channel"] = row["channel"]
        return vals

    def _complete_files(self, rows):
        """Fill in what is empty in the files that were chosen; nothing is replaced.

        :return: number of files changed
        """
        lines = self.env["culture.import.people.line"]
        chosen = [
            row
            for row in rows
            if row["result"] == "duplicate" and row["choice"] == "attach"
        ]
        completed = 0
        people = self.env["culture.beneficiary"].browse(
            row["beneficiary_id"] for row in chosen
        )
        people.fetch(["birth_date", "phone", "email", "chosen_name"])
        refused = {}
        for row, person in zip(chosen, people, strict=True):
            vals = {
                name: row[name]
                for name in ("birth_date", "phone", "email", "chosen_name")
                if row[name] and not person[name]
            }
            if vals:
                remark = self._why_refused(lambda p=person, v=vals: p.write(v))
                if remark:
                    refused[row["id"]] = remark
                completed += 1
            lines.browse(row["id"])._store({"result": "update" if vals else "same"})
        if refused:
            raise Refused(refused)
        return completed

    def _outcome(self, created, completed):
        said = []
        if created or not completed:
            said.append(
                self.env._("1 file created.")
                if created == 1
                else self.env._("%s files created.", created)
            )
        if completed:
            said.append(
                self.env._("1 file completed.")
                if completed == 1
                else self.env._("%s files completed.", completed)
            )
        return " ".join(said)

    def action_open_created(self):
        """Show the files that were created or chosen.

        :return: an action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "culture_partnership.culture_beneficiary_action"
        )
        people = self.line_ids.filtered(
            lambda line: line.result in ("create", "update")
        )
        domain = [("id", "in", people.beneficiary_id.ids)]
        return dict(action, domain=domain, context={})
