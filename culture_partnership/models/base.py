from odoo import models


class Base(models.AbstractModel):
    """What only some groups may read is not grouped by either."""

    _inherit = "base"

    def _read_group_groupby(self, alias, groupby_spec, query):
        """The host asks for the groups of a field, but not of a many2many.

        :return: SQL expression of the group
        :raise AccessError: if the user may not read the field
        """
        name = groupby_spec.partition(":")[0].partition(".")[0]
        field = self._fields.get(name)
        if field is not None and field.type == "many2many":
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)
