from odoo import api, fields, models
from odoo.fields import Command

from ..models.ir_rule import refusal


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
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": assistant.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_references(self, vals_list):
        """Files that the user may read, and no others, whoever gives their ids."""
        ids = set()
        for vals in vals_list:
            for command in vals.get("person_ids") or ():
                if isinstance(command, int):
                    ids.add(command)
                elif command[0] == Command.SET:
                    ids.update(command[2])
                elif command[0] == Command.LINK:
                    ids.add(command[1])
                elif command[0] in (Command.CREATE, Command.UPDATE):
                    raise refusal(self.env)
        people = self.env["culture.beneficiary"].with_context(active_test=False)
        if ids and people.search_count([("id", "in", list(ids))]) < len(ids):
            raise refusal(self.env)
        return super()._check_references(vals_list)
