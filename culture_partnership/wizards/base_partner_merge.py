from odoo import models


class MergePartnerWizard(models.TransientModel):
    """The host merges contacts in raw SQL, below rules and constraints."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if "administrator" not in self.env["culture.role"]._roles_in_force():
            partners._check_culture_unused()
            if partners._culture_structures():
                raise partners._culture_used_error()
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        self.env.invalidate_all()
        partners._rebuild_culture_scopes()
        return result
