from odoo import api, fields, models
from odoo.exceptions import UserError

from .culture_convention_figures import NONE, is_told


class CultureCommitment(models.Model):
    """What a convention aims at, and how far it is: counted, never typed."""

    _name = "culture.commitment"
    _inherit = ["culture.guarded"]
    _description = "Commitment"
    _order = "convention_id, indicator, id"
    _rec_name = "indicator"

    convention_id = fields.Many2one(
        "culture.convention", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="convention_id.company_id", store=True, precompute=True, index=True
    )
    indicator = fields.Selection(
        [
            ("outings", "Outings offered"),
            ("offered", "Places offered"),
            ("given", "Places given"),
            ("used", "Places used"),
            ("people", "People who went out at least once"),
            ("relays", "Relays trained"),
        ],
        required=True,
    )
    target = fields.Integer(required=True)
    reached = fields.Integer(compute="_compute_reached")
    is_masked = fields.Boolean(string="Masked", compute="_compute_reached")
    reached_label = fields.Char(
        string="Reached so far",
        compute="_compute_reached",
        help="Counted over the period of the convention. Masked while it rests on "
        "fewer than five people, so that nobody can be recognised.",
    )

    _target_positive = models.Constraint(
        "CHECK (target > 0)", "A commitment aims at one at least."
    )
    _indicator_once = models.UniqueIndex(
        "(convention_id, indicator)",
        "The convention has a commitment on this already: change its target.",
    )

    @api.depends("indicator", "convention_id.date_start", "convention_id.date_end")
    @api.depends_context("lang")
    def _compute_reached(self):
        conventions = self.convention_id._origin
        figures = conventions._figures(
            {c: (c.date_start, c.date_end) for c in conventions}
        )
        trained = {}
        if "relays" in self.mapped("indicator"):
            trained = conventions._trained_relays()
        for commitment in self:
            convention = commitment.convention_id._origin.id
            found = figures.get(convention, NONE)
            value, told = commitment._count(found, trained.get(convention, 0))
            commitment.reached = value if told else 0
            commitment.is_masked = not told
            commitment.reached_label = conventions._figure_in_words(value, told)

    def _count(self, figures, trained):
        """The figure of the indicator, and whether it may be shown.

        Outings, places offered and given are on every outing already; what people
        did with them is not.
        """
        if self.indicator == "used":
            return figures.used, is_told(figures.used, figures.came, figures.missed)
        if self.indicator == "people":
            return figures.came, is_told(figures.came, figures.came)
        values = {**figures._asdict(), "relays": trained}
        return values.get(self.indicator, 0), True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(line.convention_id.state != "draft" for line in self):
            raise UserError(
                self.env._("What a convention aims at is deleted from a draft only.")
            )
