from odoo import api, fields, models

from ..tools.day_words import day_in_words


class CultureConventionTerminate(models.TransientModel):
    """End a convention, what stops and what goes on said in figures before."""

    _name = "culture.convention.terminate"
    _inherit = ["culture.links"]
    _description = "Terminate a convention"

    convention_id = fields.Many2one(
        "culture.convention", required=True, ondelete="cascade"
    )
    effect = fields.Text(compute="_compute_effect")

    @api.depends("convention_id")
    @api.depends_context("lang")
    def _compute_effect(self):
        for assistant in self:
            convention = assistant.convention_id
            if not convention:
                assistant.effect = False
                continue
            day = day_in_words(
                self.env, convention._today(), self.env._("EEEE d MMMM y")
            )
            outings = assistant._outings_under_way()
            assistant.effect = " ".join(
                (
                    self.env._(
                        "End on %(day)s: no new registration, nor any access for the "
                        "partner.",
                        day=day,
                    ),
                    assistant._outings_in_words(len(outings)),
                    assistant._kept_in_words(sum(outings.mapped("confirmed_count"))),
                )
            )

    def _outings_under_way(self):
        return self.env["culture.outing"].search(
            [
                ("convention_id", "=", self.convention_id.id),
                ("state", "in", ("published", "closed")),
                ("date_end", ">=", fields.Datetime.now()),
            ]
        )

    def _outings_in_words(self, count):
        if not count:
            return self.env._("No outing is under way.")
        if count == 1:
            return self.env._("The outing under way goes to its end.")
        return self.env._("The %(n)s outings under way go to their end.", n=count)

    def _kept_in_words(self, count):
        if not count:
            return self.env._("No registration is concerned.")
        if count == 1:
            return self.env._("The registration confirmed on it stays valid.")
        return self.env._(
            "The %(n)s registrations confirmed on them stay valid.", n=count
        )

    def action_terminate(self):
        """Terminate the convention.

        :return: closes the dialog
        """
        self.convention_id.action_terminate()
        return {"type": "ir.actions.act_window_close"}
