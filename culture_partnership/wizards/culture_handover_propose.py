from odoo import api, fields, models
from odoo.fields import Command

from ..models.ir_rule import refusal


class CultureHandoverPropose(models.TransientModel):
    """Propose files to a colleague: which ones, to whom, with a word."""

    _name = "culture.handover.propose"
    _inherit = ["culture.links"]
    _description = "Hand over"

    person_ids = fields.Many2many("culture.beneficiary", string="Files")
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

    @api.model
    def _action_open(self, people):
        assistant = self.create({"person_ids": [Command.set(people.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand over"),
            "res_model": self._name,
            "res_id": assistant.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_references(self, vals_list):
        """Files that the user may read, and no others, whoever gives their ids."""
        super()._check_references(vals_list)
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

    def action_propose(self):
        """Propose the files; nothing moves before the colleague accepts.

        :return: an action: the handovers
        """
        self.ensure_one()
        handovers = self.env["culture.handover"]
        handovers._propose(self.person_ids, self.to_id, self.word)
        return handovers._then_list(self.env._("Proposed."), handovers._name)
