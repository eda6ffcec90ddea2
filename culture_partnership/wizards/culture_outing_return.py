from odoo import api, fields, models


class CultureOutingReturn(models.TransientModel):
    """Return places to the venue, with what is free and who waits."""

    _name = "culture.outing.return"
    _inherit = ["culture.links"]
    _description = "Return places to the venue"

    outing_id = fields.Many2one("culture.outing", required=True, ondelete="cascade")
    seats_free = fields.Integer(related="outing_id.seats_free", related_sudo=False)
    seats = fields.Integer(
        string="Places to return",
        compute="_compute_seats",
        store=True,
        readonly=False,
        compute_sudo=False,
    )
    seats_seen = fields.Integer(
        compute="_compute_seats",
        store=True,
        compute_sudo=False,
        export_string_translation=False,
    )
    effect = fields.Text(compute="_compute_effect")

    @api.depends("outing_id")
    def _compute_seats(self):
        for assistant in self:
            assistant.seats = assistant.outing_id.seats_free
            assistant.seats_seen = assistant.outing_id.seats_max

    @api.depends("outing_id")
    def _compute_effect(self):
        for assistant in self:
            outing = assistant.outing_id
            sentences = []
            if outing.seats_free == 1:
                sentences.append(self.env._("1 place is free."))
            else:
                sentences.append(
                    self.env._("%(n)s places are free.", n=outing.seats_free)
                )
            if outing.waiting_count == 1:
                sentences.append(self.env._("1 registration is on the waiting list."))
            elif outing.waiting_count:
                sentences.append(
                    self.env._(
                        "%(n)s registrations are on the waiting list.",
                        n=outing.waiting_count,
                    )
                )
            kept = outing._room().kept()
            if kept:
                sentences.append(
                    self.env._("Still kept for structures: %(n)s.", n=kept)
                )
            assistant.effect = " ".join(sentences)

    def action_return(self):
        """Return the places.

        :return: closes the dialog
        """
        self.outing_id._return_seats(self.seats, self.seats_seen)
        return {"type": "ir.actions.act_window_close"}
