from odoo import api, fields, models


class CultureConvention(models.Model):
    """What a list will show under this convention, as an example of a line."""

    _inherit = "culture.convention"

    seen_example = fields.Char(
        string="A list will show", compute="_compute_seen_example"
    )

    @api.depends("identity_level", "share_access_needs")
    @api.depends_context("lang")
    def _compute_seen_example(self):
        lines = {
            "number": self.env._("No. 12 · 2 places"),
            "first_name": self.env._("Camille · 2 places"),
            "full_name": self.env._("Camille Martin · 2 places"),
        }
        for convention in self:
            line = lines.get(convention.identity_level, "")
            if line and convention.share_access_needs:
                line = self.env._("%(line)s · Place without stairs", line=line)
            convention.seen_example = line
