from odoo import api, fields, models

from .res_partner import FOLLOWING, split_name


class CrmLead(models.Model):
    """A request that came in: the file opens from it, with its identity."""

    _inherit = "crm.lead"

    culture_file_open = fields.Boolean(
        string="Cultural file",
        compute="_compute_culture_file_open",
        groups=FOLLOWING,
    )

    @api.depends_context("uid")
    @api.depends("partner_id")
    def _compute_culture_file_open(self):
        for lead in self:
            lead.culture_file_open = lead.partner_id.culture_file_open

    def action_culture_open_file(self):
        """Open the file of this lead's contact, or a new one.

        :return: an action; nothing is created before the user saves
        """
        self.ensure_one()
        return self.env["culture.beneficiary"]._action_open_from(
            self.partner_id, self._culture_identity()
        )

    def _culture_identity(self):
        identity = self.partner_id._culture_identity() if self.partner_id else {}
        first_name, last_name = split_name(self.contact_name or "")
        if not identity:
            identity = {"first_name": first_name, "last_name": last_name}
        identity["phone"] = identity.get("phone") or self.phone or False
        identity["email"] = identity.get("email") or self.email_from or False
        return identity
