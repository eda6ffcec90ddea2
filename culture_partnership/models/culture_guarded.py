from functools import partial

from odoo import api, models
from odoo.exceptions import MissingError

from .ir_rule import refusal


class CultureGuarded(models.AbstractModel):
    """What every model with rights per partner has in common.

    Two doors that record rules leave open are closed here: an absent record
    answers like a forbidden one, so that nobody learns by an id which files
    exist, and a record cannot be moved toward a target that its writer has no
    access to (rules look at the value before the change only).
    """

    _name = "culture.guarded"
    _description = "Guarded by roles per partner"

    _guarded_references = ("beneficiary_id", "outing_id", "referent_id", "household_id")
    """Links whose target must be readable by who writes them."""

    _any_structure_for = frozenset()
    """Roles whose records may belong to any structure of their company."""

    @api.model_create_multi
    def create(self, vals_list):
        defaults = {
            key.removeprefix("default_"): value
            for key, value in self.env.context.items()
            if key.startswith("default_")
        }
        self._check_references([defaults, *vals_list])
        return super().create(vals_list)

    def write(self, vals):
        self._check_references([vals])
        return super().write(vals)

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

    def _check_references(self, vals_list):
        """Refuse links to what the user may not read.

        Asked by a search: rules answer it in one query, whatever the number.
        """
        if self.env.su:
            return
        for name in self._guarded_references:
            field = self._fields.get(name)
            ids = {vals[name] for vals in vals_list if vals.get(name)}
            if ids and field is not None and field.type == "many2one":
                target = self.env[field.comodel_name].with_context(active_test=False)
                if target.search_count([("id", "in", list(ids))]) < len(ids):
                    raise refusal(self.env)
        if "structure_id" in self._fields:
            ids = {
                vals["structure_id"] for vals in vals_list if vals.get("structure_id")
            }
            self._check_structures(ids)

    def _check_structures(self, structure_ids):
        """Refuse structures that no role of the user covers."""
        roles = self.env["culture.role"]
        if not structure_ids or self._any_structure_for & roles._roles_in_force():
            return
        if structure_ids - set(roles._structures().ids):
            raise roles._out_of_scope_error()
