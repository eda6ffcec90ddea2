from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    culture_role_ids = fields.One2many(
        "culture.role",
        "user_id",
        string="Roles",
        groups="culture_partnership.group_culture_partnership_administrator",
    )
    culture_standing_role_ids = fields.One2many(
        "culture.role",
        "user_id",
        string="Roles in force and to come",
        domain=["|", ("date_end", "=", False), ("date_end", ">", "now")],
        groups="culture_partnership.group_culture_partnership_administrator",
    )
    culture_session_epoch = fields.Integer(
        copy=False,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        help="Part of every session's token: moved when a role is ended by hand.",
    )

    def action_culture_preview(self):
        """Open what this user sees of the application.

        :return: an action: a dialog
        :raise AccessError: when the current user administers no role of this user
        """
        self.ensure_one()
        return self.env["culture.role.preview"]._action_of(self)

    def _get_session_token_fields(self):
        return super()._get_session_token_fields() | {"culture_session_epoch"}
