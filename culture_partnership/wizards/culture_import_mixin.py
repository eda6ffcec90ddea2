import csv
import io

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import groupby

from ..tools.texts import inert

LINE_FIELDS = ("line_ids", "error_line_ids", "choice_line_ids")
COUNTED = ("create", "update", "same", "duplicate", "error", "skipped")


class CultureImportMixin(models.AbstractModel):
    """What an import of people and one of a programme have in common.

    A file is read into lines, each line says what will happen to it, and one
    transaction does it. What was seen is not trusted: everything is looked at again
    at the moment of importing, and where more would happen than was shown, nothing
    happens. The content of a file never gets into a log, an error or an attachment.
    """

    _name = "culture.import.mixin"
    _inherit = ["culture.links"]
    _description = "Import of a file"

    _import_kind = None
    """``people`` or ``programme``: what URLs say."""
    _import_roles = ()
    """Roles of which one must be in force."""

    state = fields.Selection(
        [("file", "File"), ("check", "Verification"), ("done", "Import")],
        default="file",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    structure_id = fields.Many2one(
        "res.partner",
        ondelete="cascade",
        default=lambda self: self._default_structure(),
        help="Where a line names none.",
    )
    structure_ids = fields.Many2many(
        "res.partner", string="Scope", compute="_compute_structures"
    )
    notice = fields.Char(readonly=True)
    warning = fields.Char(readonly=True)
    outcome = fields.Char(readonly=True)
    create_count = fields.Integer(readonly=True)
    update_count = fields.Integer(readonly=True)
    same_count = fields.Integer(readonly=True)
    duplicate_count = fields.Integer(readonly=True)
    error_count = fields.Integer(readonly=True)
    skipped_count = fields.Integer(readonly=True)
    undecided_count = fields.Integer(readonly=True)
    summary = fields.Char(compute="_compute_summary")

    # ---------------------------------------------------------------- computes

    @api.model
    def _default_structure(self):
        preferred = self.env["culture.role"]._default_structure()
        allowed = self._structures()
        return preferred if preferred in allowed else allowed[:1]

    @api.depends_context("uid")
    def _compute_structures(self):
        for assistant in self:
            assistant.structure_ids = assistant._structures()

    @api.model
    def _structures(self, *roles):
        """Structures in which the user may import, in one company.

        :param roles: role codes; those of this import when there is none
        """
        company = self.company_id or self.env.company
        here = self.env["culture.role"].with_context(allowed_company_ids=company.ids)
        found = here._structures(*(roles or self._import_roles))
        return found.with_env(self.env)

    @api.depends("state", *(f"{result}_count" for result in COUNTED))
    @api.depends_context("lang")
    def _compute_summary(self):
        for assistant in self:
            counts = {code: assistant[f"{code}_count"] for code in COUNTED}
            said = [
                assistant._count_label(code, count)
                for code, count in counts.items()
                if count
            ]
            nothing_yet = self.env._("Nothing is saved yet.")
            assistant.summary = (
                f"{', '.join(said)}. {nothing_yet}" if said else nothing_yet
            )

    def _count_label(self, code, count):
        """How many lines have a result, in words.

        :return: translated text, one string for one and another for more
        """
        raise NotImplementedError

    # -------------------------------------------------------------------- CRUD

    def write(self, vals):
        """Look again at the lines when the user changed one of them or a default."""
        result = super().write(vals)
        if vals.keys() & {*LINE_FIELDS, *self._checked_defaults()}:
            for assistant in self.filtered(lambda a: a.state == "check"):
                assistant._check_lines()
        return result

    @api.model
    def _checked_defaults(self):
        """Names of the fields of the assistant that the check depends on."""
        return {"structure_id"}

    # --------------------------------------------------------------- 1. the file

    def action_check(self):
        """Read the file and say line by line what it would do; nothing is saved.

        :return: True
        :raise UserError: when the file as a whole cannot be read
        """
        self.ensure_one()
        self._check_role()
        if self.state == "file":
            self._read_file()
        elif self.state == "check":
            self._check_lines()
        return True

    def action_back(self):
        """Start again with another file.

        :return: True
        """
        self.ensure_one()
        self.line_ids.unlink()
        self.write(
            {
                "state": "file",
                "file": False,
                "file_name": False,
                "notice": False,
                "warning": False,
                "outcome": False,
            }
        )
        return True

    def _check_role(self):
        """Refuse who has no role for it any more.

        The rights on the records would refuse too, after the work.
        """
        if not self._structures():
            raise AccessError(
                self.env._(
                    "No role of yours allows this import. To talk about it: the "
                    "administration of your structure."
                )
            )

    # --------------------------------------------------------------- 2. checking

    def _evaluate(self, rows):
        """Say of each row what would happen to it.

        The number of queries does not depend on the number of rows.

        :param rows: list of dicts of values of lines; result, remark and what follows
            from the check are written into them
        """
        raise NotImplementedError

    def _rows(self):
        """The lines as dicts, as :meth:`_evaluate` takes them."""
        lines = self.line_ids
        names = [name for name in lines._row_fields() if name in lines._fields]
        domain = [("wizard_id", "=", self.id)]
        return lines.search_read(domain, names, order="number, id", load=None)

    def _check_lines(self):
        """Look at the lines again and write what has changed.

        :return: list of rows, and a dict of line id to the row shown before
        """
        rows = self._rows()
        before = {row["id"]: dict(row) for row in rows}
        self._evaluate(rows)
        self._store_changes(rows, before)
        self._count(rows)
        return rows, before

    def _store_changes(self, rows, before):
        lines = self.env[self.line_ids._name]
        changes = []
        for row in rows:
            former = before[row["id"]]
            changed = tuple(
                (name, tuple(value) if isinstance(value, list) else value)
                for name, value in row.items()
                if name != "source_values"
                and (value or former[name])
                and value != former[name]
            )
            if changed:
                changes.append((changed, row["id"]))
        for changed, group in groupby(changes, key=lambda change: change[0]):
            vals = {
                name: [fields.Command.set(value)] if isinstance(value, tuple) else value
                for name, value in changed
            }
            lines.browse(id_ for __, id_ in group)._store(vals)

    def _count(self, rows):
        counts = dict.fromkeys(COUNTED, 0)
        undecided = 0
        for row in rows:
            counts[row["result"]] += 1
            undecided += row["result"] == "duplicate" and not row["choice"]
        vals = {f"{code}_count": count for code, count in counts.items()}
        self.write({**vals, "undecided_count": undecided})

    def action_set_aside_errors(self):
        """Import without the lines that are to correct.

        :return: True
        """
        self.ensure_one()
        errors = self.line_ids.filtered(lambda line: line.result == "error")
        errors._store({"choice": "skip"})
        self._check_lines()
        return True

    def action_set_aside_choices(self):
        """Import without the lines for which nothing has been chosen.

        :return: True
        """
        self.ensure_one()
        open_lines = self.line_ids.filtered(
            lambda line: line.result == "duplicate" and not line.choice
        )
        open_lines._store({"choice": "skip"})
        self._check_lines()
        return True

    # --------------------------------------------------------------- downloads

    def action_template(self):
        """Download the file to fill in.

        :return: an action
        """
        return {
            "type": "ir.actions.act_url",
            "url": f"/culture/import/template/{self._import_kind}",
            "target": "download",
        }

    def action_report(self):
        """Download what was said of each line.

        :return: an action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/culture/import/report/{self._import_kind}/{self.id}",
            "target": "download",
        }

    def _report(self):
        """What was said of each line, as a CSV that no spreadsheet executes.

        :return: bytes
        """
        self.ensure_one()
        lines = self.line_ids
        names = lines._report_fields()
        labels = [lines._fields[name]._description_string(self.env) for name in names]
        output = io.StringIO()
        writer = csv.writer(output, delimiter=";", lineterminator="\r\n")
        writer.writerow([inert(label) for label in labels])
        for line in lines:
            cells = [line._report_cell(name) for name in names]
            writer.writerow([inert(cell) for cell in cells])
        return b"\xef\xbb\xbf" + output.getvalue().encode()
