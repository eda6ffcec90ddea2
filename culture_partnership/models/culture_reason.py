from odoo import api, fields, models


class CultureReason(models.Model):
    _name = "culture.reason"
    _inherit = ["culture.closed.list"]
    _description = "Reason"
    _order = "kind, sequence, name, id"
    _check_company_auto = True

    kind = fields.Selection(
        [
            ("person", "Cancelled by the person"),
            ("structure", "Cancelled by the structure"),
            ("venue", "Cancelled by the venue"),
            ("absence", "What got in the way"),
        ],
        required=True,
        default="person",
    )
    barrier_id = fields.Many2one(
        "culture.barrier",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        check_company=True,
        help="Of what got in the way: its levers are proposed.",
    )

    leads_to = fields.Selection(
        [("venue", "Ask the venue"), ("later", "Ask again later")],
        string="What follows",
        help="Of what got in the way: the person was there and could not get in, or "
        "nobody knows yet.",
    )

    def _copy_to_company(self, company):
        result = super()._copy_to_company(company)
        self._pair_with_barriers(company)
        return result

    @api.model
    def _pair_with_barriers(self, company):
        """Tie what got in the way to the company's barrier that has its name.

        :param company: ``res.company``
        """
        barriers = self.env["culture.barrier"].sudo()
        barriers = barriers.search([("company_id", "=", company.id)])
        by_name = {barrier.name: barrier for barrier in barriers}
        alone = [
            ("company_id", "=", company.id),
            ("kind", "=", "absence"),
            ("barrier_id", "=", False),
        ]
        for reason in self.sudo().search(alone):
            reason.barrier_id = by_name.get(reason.name)
