from odoo import fields, models
from odoo.exceptions import UserError


class CultureVisitRegister(models.TransientModel):
    """Who came, before the outings that fit are shown."""

    _name = "culture.visit.register"
    _inherit = ["culture.links"]
    _description = "Register a visitor"

    visit_id = fields.Many2one("culture.visit", readonly=True, ondelete="cascade")
    beneficiary_id = fields.Many2one(
        "culture.beneficiary", string="Person", ondelete="cascade"
    )

    def action_next(self):
        """Open the choice of outings for the person.

        :return: an action in a dialog
        :raise AccessError: when the visit is not the user's to change
        :raise UserError: when no person is chosen, or the visit is of another
        """
        self.ensure_one()
        person, visit = self.beneficiary_id, self.visit_id
        if not person or not visit:
            raise UserError(self.env._("Person: choose who it was."))
        visit.check_access("write")
        visit._check_free_for("registration_id", person)
        registering = self.env["culture.register"]
        return registering._action_open_for_visit(visit, person)
