from odoo import models

from .culture_access_review import REVIEW_TYPE


class CultureBeneficiary(models.Model):
    """What is told of an access to a file: a number, no name."""

    _inherit = "culture.beneficiary"

    def _tell_of_break_glass(self):
        """Tell who follows the person; nobody does, the coordination reviews it."""
        referent = self.referent_id
        if referent.has_role:
            speaking = self.with_context(lang=referent.user_id.lang)
            self._put_activity(
                "mail.mail_activity_data_todo",
                referent.user_id,
                speaking.env._(
                    "%(file)s: break-glass access", file=speaking._file_label()
                ),
            )

    def _remind_of_review(self, user, count):
        """Remind a coordinator of the accesses to read again, this file's first."""
        env = self.with_context(lang=user.lang).env
        if count == 1:
            summary = env._("1 break-glass access to review")
        else:
            summary = env._("%(n)s break-glass accesses to review", n=count)
        self._put_activity(REVIEW_TYPE, user, summary)
