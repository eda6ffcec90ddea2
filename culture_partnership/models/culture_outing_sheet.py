from odoo import models


class CultureOuting(models.Model):
    """The sheets of an outing."""

    _inherit = "culture.outing"

    def action_print_sheets(self):
        """Print the sheets of the confirmed places that the user may read.

        :return: the action of the report
        :raise UserError: when there is none
        """
        self.check_access("read")
        lines = self.env["culture.registration"].search(
            [("outing_id", "in", self.ids), ("state", "=", "confirmed")], order="id"
        )
        return lines.action_print_sheets()
