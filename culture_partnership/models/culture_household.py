from odoo import api, fields, models


class CultureHousehold(models.Model):
    """People who go out together."""

    _name = "culture.household"
    _inherit = ["culture.in.structure"]
    _description = "Household"
    _order = "name, id"

    name = fields.Char(required=True)
    beneficiary_ids = fields.One2many("culture.beneficiary", "household_id")
    adult_count = fields.Integer(string="Adults", compute="_compute_counts")
    child_count = fields.Integer(string="Children", compute="_compute_counts")

    @api.depends("beneficiary_ids.birth_date")
    @api.depends_context("uid")
    def _compute_counts(self):
        """Counted among the members that the user may see, as the list shows."""
        for household in self:
            minors = household.beneficiary_ids.filtered("is_minor")
            household.child_count = len(minors)
            household.adult_count = len(household.beneficiary_ids) - len(minors)

    @api.depends("name")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for household in self:
            household.display_name = household.name
        self._hide_names()

    def _members_label(self):
        """How many go out together, as people say it.

        :return: "2 adults, 1 child", or False without a household
        """
        if not self:
            return False
        adults, children = self.adult_count, self.child_count
        parts = []
        if adults == 1:
            parts.append(self.env._("1 adult"))
        elif adults:
            parts.append(self.env._("%(n)s adults", n=adults))
        if children == 1:
            parts.append(self.env._("1 child"))
        elif children:
            parts.append(self.env._("%(n)s children", n=children))
        return ", ".join(parts)
