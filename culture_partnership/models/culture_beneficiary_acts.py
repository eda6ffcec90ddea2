from odoo import fields, models
from odoo.tools import SQL

from .culture_access_review import REVIEW_TYPE


class CultureBeneficiary(models.Model):
    """What is told of an access to a file: a number, no name."""

    _inherit = "culture.beneficiary"

    def _lock_quietly(self):
        """Let two acts on the same files follow each other.

        The second one fails on what it has not seen, and the host runs it again:
        that is no error to log.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE culture_beneficiary SET write_date = write_date"
                " WHERE id IN (SELECT id FROM culture_beneficiary"
                "               WHERE id = ANY(%s) ORDER BY id FOR UPDATE)",
                self.ids,
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(flush=False)

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

    def _put_activity(self, xmlid, user, summary):
        """sudo: told by the application, to who reads the file already, only."""
        if not self.sudo(False).with_user(user).has_access("read"):
            return
        self.env["mail.activity"].sudo().create(
            {
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
                "activity_type_id": self.env.ref(xmlid).id,
                "user_id": user.id,
                "summary": summary,
                "date_deadline": fields.Date.context_today(self),
            }
        )
