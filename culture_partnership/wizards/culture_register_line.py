from odoo import api, fields, models


class CultureRegisterLine(models.TransientModel):
    """A person for the outing, or an outing for the person, to tick."""

    _name = "culture.register.line"
    _inherit = ["culture.links"]
    _description = "Choice of a registration"
    _order = "id"

    assistant_id = fields.Many2one(
        "culture.register", required=True, index=True, ondelete="cascade"
    )
    beneficiary_id = fields.Many2one(
        "culture.beneficiary", string="Person", required=True, ondelete="cascade"
    )
    outing_id = fields.Many2one("culture.outing", required=True, ondelete="cascade")
    selected = fields.Boolean(string="Choose")
    companion = fields.Boolean(
        string="+ 1", help="A place for whom the person chooses."
    )
    proposed_by_person = fields.Boolean(
        string="Proposed by the person",
        help="The idea of this outing is the person's own.",
    )
    seats = fields.Integer(compute="_compute_seats")
    no_room = fields.Boolean(
        string="Waiting list", compute="_compute_no_room", help="No place is left."
    )
    outcome = fields.Char(compute="_compute_no_room")
    badge = fields.Char(compute="_compute_badge")
    waited = fields.Char(string="Has waited", readonly=True)
    wishes = fields.Char(readonly=True)
    access = fields.Char(readonly=True)
    that_day = fields.Char(readonly=True)
    household_label = fields.Char(string="Household", compute="_compute_badge")
    when_label = fields.Char(related="outing_id.when_label", related_sudo=False)
    venue_id = fields.Many2one(related="outing_id.venue_id", related_sudo=False)
    seats_free = fields.Integer(related="outing_id.seats_free", related_sudo=False)
    cancel_deadline = fields.Datetime(
        related="outing_id.cancel_deadline", related_sudo=False
    )

    @api.depends("companion", "assistant_id.companion")
    def _compute_seats(self):
        for line in self:
            whole = line.assistant_id.beneficiary_id and line.assistant_id.companion
            line.seats = 1 + int(bool(line.companion or whole))

    @api.depends("assistant_id.line_ids.selected", "assistant_id.line_ids.companion")
    def _compute_no_room(self):
        for assistant in self.assistant_id:
            chosen = assistant.line_ids.filtered("selected")
            waiting = assistant._waiting_lines(chosen)
            for line in assistant.line_ids:
                line.no_room = line in waiting
                line.outcome = line.no_room and self.env._("Waiting list")

    @api.depends("beneficiary_id")
    def _compute_badge(self):
        for line in self:
            line.badge = self.env._("child") if line.beneficiary_id.is_minor else False
            line.household_label = line.beneficiary_id.household_id._members_label()

    def _to_register(self):
        """This choice as ``culture.outing.action_register`` takes it."""
        self.ensure_one()
        return {
            "beneficiary_id": self.beneficiary_id.id,
            "companion": self.seats > 1,
            "proposed_by_person": self.proposed_by_person,
        }
