from odoo import api, fields, models


def pack(problems):
    """Problems of reading, to keep with a line.

    :param problems: list of ``(field, code, text)``
    :return: text or False
    """
    return "\n".join("\t".join(problem) for problem in problems) or False


def unpack(text):
    """:return: list of ``(field, code, text)``, the contrary of :func:`pack`"""
    return [tuple(line.split("\t")) for line in (text or "").split("\n") if line]


class CultureImportLineMixin(models.AbstractModel):
    """One line of a file: what was read, what will happen, what is wrong with it."""

    _name = "culture.import.line.mixin"
    _inherit = ["culture.links"]
    _description = "Line of an import"
    _order = "number, id"

    number = fields.Integer(string="Line", readonly=True)
    result = fields.Selection(
        [
            ("create", "Will be created"),
            ("update", "Will be updated"),
            ("same", "There already, unchanged"),
            ("duplicate", "Looks like an existing file"),
            ("error", "To correct"),
            ("skipped", "Set aside"),
        ],
        readonly=True,
    )
    done_label = fields.Char(string="What was done", compute="_compute_done_label")
    remark = fields.Text(readonly=True)
    unread = fields.Text(readonly=True)

    @api.depends("result")
    @api.depends_context("lang")
    def _compute_done_label(self):
        labels = {
            "create": self.env._("Created"),
            "update": self.env._("Updated"),
            "same": self.env._("Unchanged"),
            "skipped": self.env._("Set aside"),
        }
        for line in self:
            line.done_label = labels.get(line.result, "")

    def write(self, vals):
        """What the user writes takes the place of what could not be read."""
        result = super().write(vals)
        if self.env.su:
            return result
        flags = self._flags(vals)
        if flags:
            self._store(flags)
        for line in self.filtered("unread"):
            problems = unpack(line.unread)
            left = [problem for problem in problems if problem[0] not in vals]
            if left != problems:
                line._store({"unread": pack(left)})
        return result

    def _flags(self, vals):
        """What is remembered of an answer of the user, beside its value.

        :param vals: what the user writes
        :return: dict of values
        """
        return {}

    def _store(self, vals):
        """Write what the check found, which is no answer of the user.

        sudo: on lines that the user has just read, and so may write.
        """
        self.sudo().write(vals)

    def _row_fields(self):
        """Names of the fields that the check reads and writes."""
        raise NotImplementedError

    def _report_fields(self):
        """Names of the fields in the report, in order."""
        raise NotImplementedError

    def _report_cell(self, name):
        """A cell of the report, as people read it."""
        field, value = self._fields[name], self[name]
        if field.type == "selection":
            if name == "result" and self.wizard_id.state == "done":
                return self.done_label
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "many2one":
            return value.display_name if value else ""
        if field.type == "datetime":
            zone = self.env["culture.outing"]._zone()
            return (
                fields.Datetime.context_timestamp(
                    self.with_context(tz=zone.zone), value
                ).strftime("%d/%m/%Y %H:%M")
                if value
                else ""
            )
        if field.type == "date":
            return value.strftime("%d/%m/%Y") if value else ""
        return value or ""
