from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .culture_referent import FOLLOWED_STAGES

REMINDER_TYPE = "culture_partnership.activity_type_without_contact"
SILENCE = timedelta(days=60)
REMINDED_AT_ONCE = 100


class CultureBeneficiary(models.Model):
    """Without contact for 60 days: a filter, and a gentle reminder to the referent."""

    _inherit = "culture.beneficiary"

    without_contact = fields.Boolean(
        string="Without contact for 60 days",
        compute="_compute_without_contact",
        search="_search_without_contact",
    )
    reminded_contact_date = fields.Date(
        copy=False,
        export_string_translation=False,
        groups=fields.NO_ACCESS,
        help="Last contact at the time of the reminder: it is given once for each.",
    )

    @api.depends("stage", "last_contact_date")
    def _compute_without_contact(self):
        since = self._silent_since()
        for person in self:
            last = person.last_contact_date
            person.without_contact = person.stage in FOLLOWED_STAGES and (
                not last or last < since
            )

    def _search_without_contact(self, operator, value):
        if operator != "in":
            return NotImplemented
        silent = Domain("last_contact_date", "=", False) | Domain(
            "last_contact_date", "<", self._silent_since()
        )
        return silent & Domain("stage", "in", FOLLOWED_STAGES)

    @api.model
    def _silent_since(self):
        return self.env.company._culture_today() - SILENCE

    # ---------------------------------------------------------------- reminder

    @api.model
    def _contact_reminders(self, domain=()):
        """sudo: what this job put there; no other activity.

        Its type is the administrator's to delete: there are no reminders then.
        """
        type_ = self.env.ref(REMINDER_TYPE, raise_if_not_found=False)
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("activity_type_id", "=", type_.id if type_ else 0),
                    ("res_model", "=", "culture.beneficiary"),
                    *domain,
                ]
            )
        )

    @api.model
    def _cron_remind_of_contact(self):
        """Remind referents of the people with whom nobody spoke for 60 days.

        Once for each silence: what was reminded of is kept on the file, so that a
        missed week is made up for, and a reminder ticked off does not come back
        until there was a contact. One that is not true any more is taken away.
        """
        if not self.env.ref(REMINDER_TYPE, raise_if_not_found=False):
            return
        self._drop_contact_reminders()
        due = self.sudo().search(
            [
                ("without_contact", "=", True),
                ("referent_id.has_role", "=", True),
                ("last_contact_date", "!=", False),
            ],
            order="last_contact_date, id",
        )
        due = due.filtered(
            lambda person: person.reminded_contact_date != person.last_contact_date
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for start in range(0, len(due), REMINDED_AT_ONCE):
            people = due[start : start + REMINDED_AT_ONCE]
            for person in people:
                person._remind_of_contact()
            if not cron._commit_progress(len(people)):
                break

    @api.model
    def _drop_contact_reminders(self):
        reminders = self._contact_reminders()
        people = self.sudo().browse(reminders.mapped("res_id")).exists()
        silent = people.filtered("without_contact")
        reminders.filtered(lambda reminder: reminder.res_id not in silent.ids).unlink()

    def _remind_of_contact(self):
        """No mail: it waits among what is to do. A reminder is no contact."""
        user = self.referent_id.user_id
        speaking = self.with_context(lang=user.lang, mail_activity_quick_update=True)
        speaking._put_activity(
            REMINDER_TYPE,
            user,
            speaking.env._(
                "%(file)s: without contact for 60 days", file=speaking._file_label()
            ),
        )
        self.reminded_contact_date = self.last_contact_date

    def _drop_contact_reminder(self):
        """There was a contact: what reminded of it has no object any more."""
        heard = self.sudo().filtered(lambda person: not person.without_contact)
        self._contact_reminders([("res_id", "in", heard.ids)]).unlink()
