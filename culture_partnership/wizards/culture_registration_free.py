from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.ir_rule import refusal
from ..tools.dialogs import notice


class CultureRegistrationFree(models.TransientModel):
    """Free a place: who gives it back is asked, and not guessed.

    A place that the person gives back in time is a step of theirs, and told as one in
    their thread; a slip of the structure is not.
    """

    _name = "culture.registration.free"
    _inherit = ["culture.links"]
    _description = "Free a place"

    registration_id = fields.Many2one(
        "culture.registration", readonly=True, ondelete="cascade"
    )
    outing_id = fields.Many2one(related="registration_id.outing_id", related_sudo=False)
    company_id = fields.Many2one(
        related="registration_id.company_id", related_sudo=False
    )
    name_shown = fields.Char(related="registration_id.name_shown", related_sudo=False)
    cancelled_by = fields.Selection(
        [("person", "The person"), ("structure", "The structure")],
        string="Who gives it back?",
    )
    reason_id = fields.Many2one(
        "culture.reason",
        compute="_compute_reason_id",
        store=True,
        readonly=False,
        domain="[('kind', '=', cancelled_by), ('company_id', '=', company_id)]",
        ondelete="cascade",
    )

    @api.depends("cancelled_by")
    def _compute_reason_id(self):
        for dialog in self:
            if dialog.reason_id.kind != dialog.cancelled_by:
                dialog.reason_id = False

    def write(self, vals):
        """It stays with its registration: without, it would outlive the access."""
        if "registration_id" in vals:
            raise refusal(self.env)
        return super().write(vals)

    def action_free(self):
        """Free the place, in the name of who gives it back.

        :return: a notice; the dialog closes
        :raise UserError: when nobody is chosen, or the outing has started
        """
        self.ensure_one()
        if not self.cancelled_by:
            raise UserError(
                self.env._("Who gives it back? Choose the person or the structure.")
            )
        if self.registration_id.state not in ("offered", "confirmed"):
            raise self.registration_id._state_error("cancelled")
        line, reason = self.registration_id, self.reason_id.id
        told = line.action_cancel(self.cancelled_by, reason)
        return told or notice(self.env._("Place freed."))
