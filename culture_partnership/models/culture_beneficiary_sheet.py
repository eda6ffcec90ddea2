from odoo import models


class CultureBeneficiary(models.Model):
    """The sheets of a person."""

    _inherit = "culture.beneficiary"

    def action_print_sheets(self):
        """Print the sheets of the outings to come.

        :return: the action of the report
        :raise UserError: when there is none
        """
        self.check_access("read")
        lines = self.env["culture.registration"].search(
            [
                ("beneficiary_id", "in", self.ids),
                ("state", "=", "confirmed"),
                ("date_end", ">=", "now"),
            ],
            order="date_begin, id",
        )
        return lines.action_print_sheets()
