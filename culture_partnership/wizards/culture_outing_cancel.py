from collections import Counter

from odoo import api, fields, models

from ..models.culture_registration_rules import RECORDED, SEATED


class CultureOutingCancel(models.TransientModel):
    """Cancel an outing, with what will happen in figures before it does."""

    _name = "culture.outing.cancel"
    _inherit = ["culture.links"]
    _description = "Cancel an outing"

    outing_id = fields.Many2one("culture.outing", required=True, ondelete="cascade")
    cancelled_by = fields.Selection(
        [("venue", "The venue"), ("structure", "The structure")],
        required=True,
        default="venue",
    )
    reason_id = fields.Many2one(
        "culture.reason", domain="[('kind', '=', cancelled_by)]", ondelete="cascade"
    )
    effect = fields.Text(compute="_compute_effect")

    @api.depends("outing_id")
    def _compute_effect(self):
        for assistant in self:
            lines = assistant._live()
            # who waited was told nothing yet
            seated = lines.filtered(lambda line: line.state in SEATED)
            people = seated.beneficiary_id
            sentences = [assistant._told(len(people))]
            if people:
                sentences.append(assistant._how(people))
            groups = len(lines.filtered("group_label"))
            if groups:
                sentences.append(
                    self.env._("Groups without names, told by who booked: %s.", groups)
                )
            sentences.append(assistant._freed(lines))
            assistant.effect = "\n".join(sentences)

    def _live(self):
        """sudo: numbers of the outing, for who may cancel it; no person is shown."""
        if not self.outing_id.has_access("write"):
            return self.env["culture.registration"]
        lines = self.env["culture.registration"].sudo()
        over = ("cancelled", *RECORDED)
        return lines.search(
            [("outing_id", "in", self.outing_id.ids), ("state", "not in", over)]
        )

    def _told(self, count):
        if not count:
            return self.env._("Nobody is registered by name.")
        if count == 1:
            return self.env._("1 person will be told.")
        return self.env._("%(n)s persons will be told.", n=count)

    def _how(self, people):
        """Which way: as they wish, if that can be, and else by somebody."""
        counts = Counter(person._reached_by()[0] for person in people)
        words = {
            "sms": self.env._("%s by text message", counts["sms"]),
            "email": self.env._("%s by e-mail", counts["email"]),
            "call": self.env._("%s by phone", counts["call"]),
            "desk": self.env._("%s in person", counts["desk"]),
        }
        return self.env._(
            "How: %(ways)s.",
            ways=", ".join(word for way, word in words.items() if counts[way]),
        )

    def _freed(self, lines):
        states = self.env["culture.registration"]._fields["state"]
        labels = dict(states._description_selection(self.env))
        counts = Counter(lines.mapped("state"))
        freed = self.env._("Their places are freed, nobody is noted as absent.")
        if not counts:
            return freed
        now = " · ".join(
            self.env._("%(state)s: %(n)s", state=label, n=counts[state])
            for state, label in labels.items()
            if counts[state]
        )
        return f"{now}. {freed}"

    def action_cancel(self):
        """Cancel the outing, then show whom somebody has to tell.

        :return: the registrations of whom no message reaches, as far as the user
            reads them; closes the dialog when there is none
        """
        self.ensure_one()
        self.outing_id.action_cancel(self.cancelled_by, self.reason_id.id)
        lines = self.env["culture.registration"]
        mine = [("outing_id", "=", self.outing_id.id), ("to_tell", "=", True)]
        if not lines.search_count(mine, limit=1):
            return {"type": "ir.actions.act_window_close"}
        return dict(
            self.outing_id.action_open_registrations(),
            context={"search_default_to_tell": 1, "create": False},
        )
