from odoo import api, fields, models
from odoo.fields import Command

from ..tools.dialogs import dialog


class CulturePickedPeople(models.AbstractModel):
    """An assistant on several files, all of which its user may read."""

    _name = "culture.picked.people"
    _inherit = ["culture.links"]
    _description = "Files picked"

    person_ids = fields.Many2many("culture.beneficiary", string="Files")

    @api.model
    def _action_open_on(self, people, name):
        """Open the assistant on these files.

        :param people: ``culture.beneficiary`` records
        :param name: title of the dialog
        :return: an action in a dialog
        """
        assistant = self.create({"person_ids": [Command.set(people.ids)]})
        return dialog(assistant, name)

    def _check_references(self, vals_list):
        """Files that the user may read, and no others, whoever gives their ids."""
        self._check_many(vals_list, "person_ids")
        return super()._check_references(vals_list)
