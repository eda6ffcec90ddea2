from odoo import models


class CultureFollowup(models.Model):
    """A follow-up that a visit to a permanence has become."""

    _inherit = "culture.followup"

    def unlink(self):
        self.check_access("unlink")
        self.env["culture.visit"]._forget(self)
        return super().unlink()
