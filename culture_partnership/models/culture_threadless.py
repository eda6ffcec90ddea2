from odoo import api, models


class CultureThreadless(models.AbstractModel):
    """Activities, but no messages and no followers.

    Every internal user reads followers, and a message outlives its reader's access. The
    host's activities call these methods unasked.
    """

    _name = "culture.threadless"
    _inherit = ["mail.activity.mixin"]
    _description = "Activities without a thread"

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
