from odoo import api, fields, models

from ..tools.dialogs import dialog

MOST = 40


class CultureRelayPropose(models.TransientModel):
    """Who could escort an outing: trained, free, and why this one."""

    _name = "culture.relay.propose"
    _inherit = ["culture.links"]
    _description = "Propose a relay"

    outing_id = fields.Many2one(
        "culture.outing", required=True, readonly=True, ondelete="cascade"
    )
    language_id = fields.Many2one(
        "res.lang",
        string="Language needed",
        context={"active_test": False},
        domain=["|", ("active", "=", True), ("active", "=", False)],
    )
    line_ids = fields.One2many(
        "culture.relay.propose.line", "propose_id", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Whatever way in: outing and language are asked, the rest is found."""
        asked = [
            {name: vals[name] for name in ("outing_id", "language_id") if name in vals}
            for vals in vals_list
        ]
        assistants = super().create(asked)
        assistants._find()
        return assistants

    def write(self, vals):
        """Another language, another order.

        :param vals: values
        :return: True
        """
        asked = {name: vals[name] for name in vals if name == "language_id"}
        result = super().write(asked)
        self._find()
        return result

    def _find(self):
        """Put the lines that fit. Nobody else writes them: :meth:`write` drops them."""
        lines = self.env["culture.relay.propose.line"]
        for assistant in self:
            assistant.line_ids.unlink()
            found = assistant.outing_id._relays_that_fit(assistant.language_id)
            lines.create(
                [
                    assistant._prepare_line(relay, reasons, place)
                    for place, (relay, reasons) in enumerate(found[:MOST])
                ]
            )

    def _prepare_line(self, relay, reasons, place):
        return {
            "propose_id": self.id,
            "sequence": place,
            "relay_id": relay.id,
            "reason": ", ".join(reasons),
            "languages": self.outing_id._language_words(relay.language_ids),
        }

    @api.model
    def _action_of(self, outing):
        """Open the assistant for an outing.

        :param outing: ``culture.outing``
        :return: an action in a dialog
        """
        return self.create({"outing_id": outing.id})._action()

    def _action(self):
        name = self.env._("Propose a relay")
        return dialog(self, name, dialog_size="extra-large")

    def action_search(self):
        """Put who speaks the language first.

        :return: the same dialog
        """
        return self._action()
