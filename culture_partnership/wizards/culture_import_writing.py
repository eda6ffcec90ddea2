import logging

from psycopg2 import IntegrityError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 100


class Refused(Exception):
    """Lines that could not be saved: everything is undone."""

    def __init__(self, remarks):
        """:param remarks: dict of line id to what is said about it"""
        super().__init__()
        self.remarks = remarks


class CultureImportMixin(models.AbstractModel):
    """From lines to records: everything or nothing."""

    _inherit = "culture.import.mixin"

    def action_import(self):
        """Do what the lines say, in one transaction, after a last look.

        :return: True
        :raise UserError: when a line is still to correct or to choose
        """
        self.ensure_one()
        self._check_role()
        self._one_at_a_time()
        if self.state == "done":
            # clicked twice: the first one has done it
            return True
        if self.state != "check":
            raise UserError(self.env._("Choose a file first."))
        rows, shown = self._check_lines()
        surprises = [row for row in rows if self._is_surprise(row, shown[row["id"]])]
        if surprises:
            self.warning = self.env._(
                "Since you looked, something has changed for the lines: %(lines)s. "
                "Nothing was imported: look again, then import.",
                lines=", ".join(str(row["number"]) for row in surprises[:20]),
            )
            return True
        self._check_complete()
        try:
            with self.env.cr.savepoint():
                outcome = self._apply(rows)
        except Refused as refused:
            self._report_refused(refused.remarks)
            return True
        self.write(
            {
                "state": "done",
                "file": False,
                "warning": False,
                "outcome": outcome,
            }
        )
        _logger.info(
            "%s imported a %s file: %s lines",
            self.env.uid,
            self._import_kind,
            len(rows),
        )
        return True

    def _one_at_a_time(self):
        """Let only one import at a time into a company.

        What the second one has seen of the database is older than the end of the
        first one: changing the same row makes PostgreSQL refuse it, the host then
        runs the whole request again, and the second one finds what the first created.
        Who reads or refers to the company does not wait.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE res_company SET name = name WHERE id = %s", self.company_id.id),
            log_exceptions=False,
        )
        self.invalidate_recordset(["state"])

    @api.model
    def _is_surprise(self, row, shown):
        """Whether more or something else would happen than what was shown."""
        if row["result"] in ("same", "skipped"):
            return False
        if row["result"] != shown["result"]:
            return not (shown["result"] == "error" and row["result"] == "create")
        return self._is_other_match(row, shown)

    @api.model
    def _is_other_match(self, row, shown):
        """Whether a line is compared with another record than the one shown."""
        raise NotImplementedError

    def _check_complete(self):
        if self.error_count == 1:
            raise UserError(
                self.env._("1 line is still to correct: correct it or set it aside.")
            )
        if self.error_count:
            raise UserError(
                self.env._(
                    "%s lines are still to correct: correct them or set them aside.",
                    self.error_count,
                )
            )
        if self.undecided_count == 1:
            raise UserError(self.env._("1 line is still to choose."))
        if self.undecided_count:
            raise UserError(
                self.env._("%s lines are still to choose.", self.undecided_count)
            )

    def _apply(self, rows):
        """Create and change records under the user's own rights.

        :param rows: list of dicts, just checked
        :return: what was done, in words
        :raise Refused: when something cannot be saved
        """
        raise NotImplementedError

    def _create_all(self, model, pairs):
        """Create records by the hundred.

        :param model: empty recordset with the context to create with
        :param pairs: list of ``(line id, values)``
        :return: dict of line id to record id
        """
        created = {}
        for start in range(0, len(pairs), BATCH):
            batch = pairs[start : start + BATCH]
            vals_list = [vals for __, vals in batch]
            records = self._attempt(lambda v=vals_list: model.create(v))
            if records is None:
                raise Refused(self._find_refused(model, batch))
            created.update(zip((id_ for id_, __ in batch), records.ids, strict=True))
        return created

    def _forget_questions(self, rows):
        """What was chosen is done: the remark that asked has nothing left to say."""
        asked = [row["id"] for row in rows if row["result"] == "duplicate"]
        self.env[self.line_ids._name].browse(asked)._store({"remark": False})

    def _attempt(self, act):
        """Run `act`; None when it is refused, then undone."""
        try:
            with self.env.cr.savepoint():
                return act()
        except (UserError, IntegrityError):
            return None

    def _find_refused(self, model, batch):
        """Which values of a refused batch are refused on their own, and why."""
        remarks = {}
        for id_, vals in batch:
            remark = self._why_refused(lambda v=vals: model.create([v]))
            if remark:
                remarks[id_] = remark
        return remarks or dict.fromkeys((id_ for id_, __ in batch), self._cannot_save())

    def _why_refused(self, act):
        """:return: what is said of a line that `act` cannot save, or None"""
        try:
            with self.env.cr.savepoint():
                act()
        except UserError as error:
            return str(error)
        except IntegrityError:
            return self._cannot_save()
        return None

    def _cannot_save(self):
        return self.env._("This line cannot be saved. Set it aside to go on.")

    def _report_refused(self, remarks):
        """Nothing was imported: say on which lines it failed."""
        lines = self.env[self.line_ids._name]
        for id_, remark in remarks.items():
            lines.browse(id_)._store({"result": "error", "remark": remark})
        self.write(
            {
                "error_count": self.error_count + len(remarks),
                "warning": self.env._("Nothing was imported: 1 line cannot be saved.")
                if len(remarks) == 1
                else self.env._(
                    "Nothing was imported: %s lines cannot be saved.", len(remarks)
                ),
            }
        )
