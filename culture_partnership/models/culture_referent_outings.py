from odoo import api, fields, models


class CultureReferent(models.Model):
    """The outings on which a referent went, and the files over time."""

    _inherit = "culture.referent"

    joined_ids = fields.Many2many(
        "culture.outing",
        "culture_outing_joined_rel",
        "referent_id",
        "outing_id",
        string="Outings joined",
        readonly=True,
        copy=False,
        groups="culture_partnership.group_culture_partnership_referent,"
        "culture_partnership.group_culture_partnership_coordinator",
    )
    joined_count = fields.Integer(
        string="Number of outings joined",
        compute="_compute_joined_count",
        groups="culture_partnership.group_culture_partnership_referent,"
        "culture_partnership.group_culture_partnership_coordinator",
    )

    @api.depends("joined_ids")
    def _compute_joined_count(self):
        for referent in self:
            referent.joined_count = len(referent.joined_ids)

    def action_open_joined(self):
        """List the outings on which the referent went.

        :return: an action
        :raise AccessError: when the referent is not open to the user
        """
        self.ensure_one()
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "culture_partnership.culture_outing_action"
            ),
            "name": self.env._("Outings joined"),
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("joined_ids", "in", self.ids)],
            "context": {},
        }

    def action_open_load(self):
        """Show how many files the referent had, month by month.

        :return: an action
        :raise AccessError: when the referent is not open to the user
        """
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "culture_partnership.culture_referent_load_action"
            ),
            "domain": [("referent_id", "in", self.ids)],
        }
