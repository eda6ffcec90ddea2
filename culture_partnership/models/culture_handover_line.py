from odoo import api, fields, models


class CultureHandoverLine(models.Model):
    """A file of a handover: its number. Who receives it reads no name before."""

    _name = "culture.handover.line"
    _inherit = ["culture.guarded"]
    _description = "File of a handover"
    _order = "reference, id"
    _rec_name = "reference"

    handover_id = fields.Many2one(
        "culture.handover", required=True, index=True, ondelete="cascade"
    )
    beneficiary_id = fields.Many2one(
        "culture.beneficiary",
        required=True,
        index=True,
        ondelete="cascade",
        copy=False,
        groups=fields.NO_ACCESS,
    )
    reference = fields.Char(
        string="File number",
        compute="_compute_reference",
        store=True,
        precompute=True,
        compute_sudo=True,
    )
    result = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("moved", "Handed over"),
            ("skipped", "Not moved: followed by somebody else, or elsewhere"),
        ],
        required=True,
        default="waiting",
    )
    company_id = fields.Many2one(
        related="handover_id.company_id", store=True, precompute=True, index=True
    )

    @api.depends("beneficiary_id")
    def _compute_reference(self):
        for line in self:
            line.reference = line.beneficiary_id.reference
