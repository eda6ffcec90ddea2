from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError, MissingError

from .culture_links import link_id

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(value):
    """A cell as text, whatever a spreadsheet would make of its first character.

    :param value: cell of an export
    :return: the same, an apostrophe before what would start a formula
    """
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


class CultureGuarded(models.AbstractModel):
    """What every model with rights per partner has in common.

    Two doors that record rules leave open are closed here: an absent record
    answers like a forbidden one, so that nobody learns by an id which files
    exist, and a record cannot be moved toward a target that its writer has no
    access to (rules look at the value before the change only).
    """

    _name = "culture.guarded"
    _inherit = ["culture.links"]
    _description = "Guarded by roles per partner"

    _any_structure_for = frozenset()
    """Roles whose records may belong to any structure of their company."""

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_formula(vals) for vals in vals_list])

    def write(self, vals):
        if "company_id" in vals and not self.env.su:
            raise AccessError(self.env._("A record does not change company."))
        return super().write(self._without_formula(vals))

    def export_data(self, fields_to_export):
        """The host's export, whose cells no spreadsheet takes for a formula.

        :param fields_to_export: field paths
        :return: dict with ``datas``
        """
        result = super().export_data(fields_to_export)
        result["datas"] = [
            [plain_cell(cell) for cell in row] for row in result["datas"]
        ]
        return result

    def _without_formula(self, vals):
        """Texts may head the groups of an export, where no cell is escaped."""
        texts = {
            name
            for name, value in vals.items()
            if isinstance(value, str)
            and name in self._fields
            and self._fields[name].type == "char"
        }
        return {**vals, **{name: vals[name].lstrip("= \t\r\n") for name in texts}}

    def fetch(self, field_names=None):
        if self.env.su or not (field_names is None or field_names):
            return super().fetch(field_names)
        if field_names is not None:
            # a required column: what has no value of it once fetched is absent
            field_names = [*field_names, "company_id"]
        super().fetch(field_names)
        absent = self._origin._absent()
        if absent:
            raise self.env["ir.rule"]._make_access_error("read", absent)

    def _check_access(self, operation):
        try:
            return super()._check_access(operation)
        except MissingError:
            absent = self - self.sudo().exists()
            error = self.env["ir.rule"]._make_access_error
            return absent, partial(error, operation, absent)

    def _absent(self):
        return self.browse(self._fields["company_id"]._cache_missing_ids(self))

    def _check_links(self, vals_list):
        if "structure_id" in self._fields and not self.env.su:
            self._check_structures(
                {
                    link_id(vals["structure_id"])
                    for vals in vals_list
                    if vals.get("structure_id")
                }
            )
        return super()._check_links(vals_list)

    def _check_structures(self, structure_ids):
        """Refuse structures that no role of the user covers."""
        roles = self.env["culture.role"]
        if not structure_ids or self._any_structure_for & roles._roles_in_force():
            return
        if structure_ids - set(roles._structures().ids):
            raise roles._out_of_scope_error()
