from odoo import models


class ResPartner(models.Model):
    """A company's time zone is its contact's: a new one is not remembered yet."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            # sudo: whether one of these is a company's own contact, nothing else
            companies = self.env["res.company"].sudo()
            if companies.search_count([("partner_id", "in", self.ids)], limit=1):
                self.env.registry.clear_cache()
        return result
