from odoo import fields, models
from odoo.exceptions import UserError

FEWEST_WORDS = 3


class CultureBreakGlass(models.TransientModel):
    """Open by its number the file of a person whom one does not follow."""

    _name = "culture.break.glass"
    _inherit = ["culture.links"]
    _description = "Open a file by its number"

    reference = fields.Char(string="File number", required=True)
    reason = fields.Char(string="Reason given", required=True)

    def action_open_file(self):
        """Open the file for 24 hours.

        :return: an action: the file
        :raise UserError: when the reason says too little, or there is no such file
        """
        self.ensure_one()
        reason = (self.reason or "").strip()
        words = [w for w in reason.split() if any(c.isalnum() for c in w)]
        if len(words) < FEWEST_WORDS:
            raise UserError(
                self.env._("Reason: say in a few words why you need this file now.")
            )
        number = (self.reference or "").strip()
        person = self.env["culture.access"]._open_by_number(number, reason)
        return {
            "type": "ir.actions.act_window",
            "name": person._file_label(),
            "res_model": person._name,
            "res_id": person.id,
            "views": [(False, "form")],
            "target": "current",
        }
