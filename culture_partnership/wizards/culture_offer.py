from odoo import api, fields, models
from odoo.exceptions import UserError


class CultureOffer(models.TransientModel):
    """Offer a place out of turn: whoever departs from the rules says why."""

    _name = "culture.offer"
    _inherit = ["culture.links"]
    _description = "Offer a place out of turn"

    registration_id = fields.Many2one("culture.registration", ondelete="cascade")
    effect = fields.Text(compute="_compute_effect")
    reason = fields.Char(
        help="Stays in the history of the registration. No word on health, an income "
        "or a status.",
    )

    @api.depends("registration_id")
    def _compute_effect(self):
        for assistant in self:
            line = assistant.registration_id
            before = line._before_us()
            if before == 1:
                sentences = [self.env._("1 other registration comes first.")]
            else:
                sentences = [
                    self.env._("%(n)s other registrations come first.", n=before)
                ]
            if line._once_offered():
                sentences.append(
                    self.env._(
                        "A place was offered already, and not answered: it is "
                        "confirmed now, without another offer."
                    )
                )
            assistant.effect = " ".join(sentences)

    def action_offer(self):
        """Offer the place, with the reason in the history.

        :return: closes the dialog
        :raise UserError: without a reason
        """
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why, in a few words."))
        self.registration_id._give_by_choice(reason)
        return {"type": "ir.actions.act_window_close"}
