from odoo import api, models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    """Activities on a person carry the file's number, never the name."""

    _inherit = "mail.activity"

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        of_persons = self.filtered(
            lambda a: a.res_model == "culture.beneficiary" and a.res_id
        )
        super(MailActivity, self - of_persons)._compute_res_name()
        for activity in of_persons:
            person = self.env["culture.beneficiary"].sudo().browse(activity.res_id)
            activity.res_name = person._file_label()

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._check_culture_assignee()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"user_id", "res_id", "res_model_id"}:
            self._check_culture_assignee()
        return result

    def _check_culture_assignee(self):
        """An assignee reads summary and note: only who may open the file."""
        for activity in self.sudo():
            if activity.res_model != "culture.beneficiary" or not activity.user_id:
                continue
            person = self.env["culture.beneficiary"].browse(activity.res_id)
            if not person.with_user(activity.user_id).has_access("read"):
                raise UserError(
                    self.env._(
                        "%(user)s has no access to this file: choose a person who "
                        "follows it.",
                        user=activity.user_id.name,
                    )
                )
