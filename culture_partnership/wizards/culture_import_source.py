from odoo import fields, models

COORDINATION = "culture_partnership.group_culture_partnership_coordinator"


class CultureOuting(models.Model):
    """What an imported outing keeps of where it came from.

    The next import of the same event compares the source with what the source said
    last time, not with the outing: what was corrected by hand since stays.
    """

    _inherit = "culture.outing"

    source_modified = fields.Datetime(copy=False, readonly=True, groups=COORDINATION)
    source_venue = fields.Char(copy=False, readonly=True, groups=COORDINATION)
    source_values = fields.Json(copy=False, readonly=True, groups=COORDINATION)
