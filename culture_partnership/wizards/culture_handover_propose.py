from odoo import api, fields, models
from odoo.exceptions import UserError


class CultureHandoverPropose(models.TransientModel):
    """Propose files to a colleague: which ones, to whom, with a word."""

    _name = "culture.handover.propose"
    _inherit = ["culture.picked.people"]
    _description = "Hand over"

    to_id = fields.Many2one(
        "culture.referent",
        string="Hand over to",
        ondelete="cascade",
        domain="[('has_role', '=', True), ('user_id', '!=', uid)]",
    )
    word = fields.Text(help="A word for your colleague. No name of a person.")
    effect = fields.Text(compute="_compute_effect")

    @api.depends("person_ids")
    @api.depends_context("lang", "uid")
    def _compute_effect(self):
        for assistant in self:
            sentences = [
                people._handover_effect(card.sudo().name, len(people))
                for card, people in assistant.person_ids.grouped("referent_id").items()
                if card
            ]
            assistant.effect = "\n".join(sentences)

    def action_propose(self):
        """Propose the files; nothing moves before the colleague accepts.

        :return: an action: the handovers
        :raise UserError: without a colleague, or when they cannot take these files
        """
        self.ensure_one()
        if not self.to_id:
            raise UserError(self.env._("Hand over to: choose a colleague."))
        handovers = self.env["culture.handover"]
        handovers._propose(self.person_ids, self.to_id, self.word)
        return handovers._then_list(self.env._("Proposed."), handovers._name)
