from odoo import api, models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    """Activities on a person carry the file's number, never the name."""

    _inherit = "mail.activity"

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        """The host names any record as superuser, on whatever id is given."""
        ours = self.filtered(lambda a: a.res_id and is_ours(a.res_model))
        for activity in ours:
            record = self.env[activity.res_model].browse(activity.res_id)
            if not record.sudo(False).has_access("read"):
                activity.res_name = False
            elif hasattr(record, "_file_label"):
                activity.res_name = record._file_label()
            else:
                activity.res_name = record.display_name
        return super(MailActivity, self - ours)._compute_res_name()

    @api.model_create_multi
    def create(self, vals_list):
        self._check_culture_models(vals_list)
        activities = super().create(vals_list)
        activities._check_culture_assignee()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"user_id", "res_id", "res_model_id"}:
            self._check_culture_assignee()
        return result

    def _check_culture_models(self, vals_list):
        """Activities stand on persons, cards, outings and conventions only."""
        known = self.env["ir.model"].sudo()
        ids = {vals["res_model_id"] for vals in vals_list if vals.get("res_model_id")}
        for model in known.browse(ids).exists().mapped("model"):
            if is_ours(model) and not hasattr(self.env[model], "activity_ids"):
                raise UserError(
                    self.env._("Put the activity on the person or on the outing.")
                )

    def _check_culture_assignee(self):
        """An assignee reads summary and note: only who may open the record."""
        for activity in self.sudo():
            if not is_ours(activity.res_model) or not activity.user_id:
                continue
            record = self.env[activity.res_model].browse(activity.res_id)
            if not record.with_user(activity.user_id).has_access("read"):
                raise UserError(
                    self.env._(
                        "%(user)s has no access to this file: choose a person who "
                        "follows it.",
                        user=activity.user_id.name,
                    )
                )


class MailMessage(models.Model):
    """No message on a person: it would outlive its reader's access."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            model = vals.get("model") or self.env.context.get("default_model")
            if is_ours(model) and not hasattr(self.env.get(model), "message_ids"):
                raise UserError(
                    self.env._("There are no messages on a person: note a follow-up.")
                )
        return super().create(vals_list)


def is_ours(model):
    """Whether a model is one of this addon.

    :param model: name of a model, or False
    """
    return bool(model) and model.startswith("culture.")
