from odoo import fields, models


class CultureRegister(models.TransientModel):
    """The same assistant, opened from a visit to a permanence."""

    _inherit = "culture.register"

    visit_id = fields.Many2one("culture.visit", readonly=True, ondelete="cascade")

    def _action_open_for_visit(self, visit, person):
        """Open the assistant for the person of a visit.

        :param visit: ``culture.visit`` that the user may change
        :param person: ``culture.beneficiary``
        :return: an action in a dialog
        """
        given = self.with_context(default_visit_id=visit.id)
        return given._action_open(beneficiary=person)

    def _register_lines(self, lines, state, with_group=False):
        made = super()._register_lines(lines, state, with_group)
        theirs = made.filtered(lambda line: line.beneficiary_id == self.beneficiary_id)
        if self.visit_id and theirs and not self.visit_id.sudo().registration_id:
            self.visit_id._become("registration_id", theirs[:1])
        return made
