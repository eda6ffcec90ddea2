from odoo import api, fields, models


class CultureThreadless(models.AbstractModel):
    """Activities, but no messages and no followers.

    Every internal user reads followers, and a message outlives its reader's access. The
    host's activities call these methods unasked.
    """

    _name = "culture.threadless"
    _inherit = ["mail.activity.mixin"]
    _description = "Activities without a thread"

    def _put_activity(self, xmlid, user, summary, day=None):
        """Tell somebody of this record.

        sudo: told by the application, to who reads the record already, only.

        :param xmlid: of the type of activity
        :param user: ``res.users``
        :param summary: words without a name
        :param day: date by when, today when there is none
        :return: the activity, empty when the user may not read the record
        """
        activities = self.env["mail.activity"].sudo()
        if not self.with_user(user).has_access("read"):
            return activities
        return activities.create(
            {
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
                "activity_type_id": self.env.ref(xmlid).id,
                "user_id": user.id,
                "summary": summary,
                "date_deadline": day or fields.Date.context_today(self),
            }
        )

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Nobody follows.

        :return: True
        """
        return True

    @api.private
    def message_notify(self, **kwargs):
        """No message.

        :return: an empty ``mail.message``
        """
        return self.env["mail.message"]

    @api.private
    def message_post_with_source(self, source_ref, **kwargs):
        """No message, not even of a done activity.

        :return: an empty ``mail.message``
        """
        return self.env["mail.message"]
