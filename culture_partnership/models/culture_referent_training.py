from odoo import fields, models


class CultureReferent(models.Model):
    """Trainings of a referent, who renews them."""

    _inherit = "culture.referent"

    training_ids = fields.One2many(
        "culture.training",
        "referent_id",
        groups="culture_partnership.group_culture_partnership_referent,"
        "culture_partnership.group_culture_partnership_coordinator",
    )

    def _who_renews(self):
        own = self.user_id if self.has_role else self.user_id.browse()
        return self._first_reader(own) or super()._who_renews()
