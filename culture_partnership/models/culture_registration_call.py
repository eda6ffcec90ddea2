from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

CALL_TYPE = "culture_partnership.activity_type_call_back"
CALL_BY = time(18)
"""Of the next working day, at the latest."""

WORKING_DAYS = range(5)


class CultureRegistration(models.Model):
    """ "Call me": who calls, and by when."""

    _inherit = "culture.registration"

    call_activity_id = fields.Many2one(
        "mail.activity",
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )

    def _call_before(self, deadline):
        """By when a call is of use and can be promised.

        :param deadline: naive datetime in UTC, until when the answer is of use
        :return: naive datetime in UTC
        """
        zone = self.company_id._culture_zone()
        day = self.company_id._culture_today() + timedelta(days=1)
        while day.weekday() not in WORKING_DAYS:
            day += timedelta(days=1)
        evening = zone.localize(datetime.combine(day, CALL_BY))
        return min(deadline, evening.astimezone(pytz.utc).replace(tzinfo=None))

    def _ask_to_call(self, deadline):
        """Put the call among what is to do of who follows the person.

        Its type is the administrator's to delete: the list of registrations tells of
        the call all the same.

        :param deadline: as in :meth:`_call_before`
        """
        user = self.beneficiary_id._who_is_there()
        if not user or not self.env.ref(CALL_TYPE, raise_if_not_found=False):
            return
        person = self.beneficiary_id.with_context(
            lang=user.lang, mail_activity_quick_update=True
        )
        outing = self.outing_id.with_context(lang=user.lang)
        moment = self._call_before(deadline)
        self.call_activity_id = person._put_activity(
            CALL_TYPE,
            user,
            person.env._(
                "%(file)s: to call back before %(moment)s",
                file=person._file_label(),
                moment=outing._moment_in_full(moment),
            ),
            outing._local(moment).date(),
        )

    def action_called(self):
        """Note that the person was called back; what reminded of it is done.

        :raise AccessError: to who may not change these registrations
        """
        self.check_access("write")
        lines = self.filtered(lambda line: line.answer == "call")
        # sudo: the answer is the application's, which call reminded of it is kept from
        # users; the activity is closed with the rights of who asks
        lines = lines.sudo()
        activities = lines.call_activity_id.filtered("active")
        lines.write({"answer": "called"})
        activities.with_env(self.env).action_feedback()


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A call that is ticked off was made."""
        calls = self.env["culture.registration"].sudo()
        type_ = self.env.ref(CALL_TYPE, raise_if_not_found=False)
        if type_ and type_ in self.activity_type_id:
            calls = calls.search(
                [("call_activity_id", "in", self.ids), ("answer", "=", "call")]
            )
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if calls:
            calls.write({"answer": "called"})
        return result
