from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

ABSENCE_TYPE = "culture_partnership.activity_type_absence"
SEASON_MONTH = 9
ABSENCES = 3
"""Without news, in a season: then the next place is given after talking it over."""


class CultureBeneficiary(models.Model):
    """What an absence without news asks of who follows the person.

    Absences are counted when it is asked, for one decision, within the CCAS: no figure
    of a person is kept, and each season starts from none.
    """

    _inherit = "culture.beneficiary"

    absence_to_understand = fields.Boolean(
        compute="_compute_absence_to_understand", export_string_translation=False
    )

    @api.depends("registration_ids.state", "registration_ids.reason_id")
    @api.depends_context("uid")
    def _compute_absence_to_understand(self):
        readable = self._origin._filtered_access("read")
        asking = readable._with_absence_to_understand()
        for person in self:
            person.absence_to_understand = person._origin in asking

    def _with_absence_to_understand(self):
        """Those of these persons of whom an absence is not understood yet.

        sudo: who reads a person reads the person's registrations.
        """
        lines = self.env["culture.registration"].sudo()
        found = lines._read_group(
            [("beneficiary_id", "in", self.ids), ("to_understand", "=", True)],
            ["beneficiary_id"],
        )
        return self & self.browse(person.id for (person,) in found)

    def action_understand_absence(self):
        """Open the latest absence that is to be understood.

        :return: an action in a dialog, False when there is none any more
        """
        self.ensure_one()
        line = self.env["culture.registration"].search(
            [("beneficiary_id", "=", self.id), ("to_understand", "=", True)],
            order="date_end desc, id desc",
            limit=1,
        )
        return bool(line) and line.action_talk()

    # ------------------------------------------------------------------- tasks

    def _absence_tasks(self):
        """sudo: what the application put there; its type is the administrator's."""
        kind = self.env.ref(ABSENCE_TYPE, raise_if_not_found=False)
        tasks = self.env["mail.activity"].sudo()
        return tasks.search(
            [
                ("activity_type_id", "=", kind.id if kind else 0),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
            ]
        )

    def _put_absence_tasks(self):
        """One task a person, however many absences there are to talk about."""
        if not self or not self.env.ref(ABSENCE_TYPE, raise_if_not_found=False):
            return
        known = set(self._absence_tasks().mapped("res_id"))
        for person in self.filtered(lambda person: person.id not in known):
            user = person._who_is_there()
            if user:
                speaking = person.with_context(
                    lang=user.lang, mail_activity_quick_update=True
                )
                summary = speaking.env._(
                    "%(file)s: talk it over together", file=speaking._file_label()
                )
                speaking._put_activity(
                    ABSENCE_TYPE, user, summary, person.company_id._culture_today()
                )

    def _put_off_absence_task(self, days):
        """Ask again later: the task of these persons waits."""
        for person in self:
            day = fields.Date.add(person.company_id._culture_today(), days=days)
            tasks = person._absence_tasks()
            tasks.with_context(mail_activity_quick_update=True).date_deadline = day

    # ---------------------------------------------------- the third in a season

    def _season_start(self):
        """First moment of the season that it is now: from September to August.

        :return: naive datetime in UTC
        """
        company = self.company_id[:1]
        today = company._culture_today()
        year = today.year - (today.month < SEASON_MONTH)
        return company._culture_midnight(date(year, SEASON_MONTH, 1))

    def _to_talk_with_first(self):
        """Of these persons, whom to talk with before the next place is confirmed.

        Absent without news three times this season, the entrance not being why, and
        no registration confirmed after an exchange since: one exchange is enough, until
        another absence. Read when asked; nobody is kept from anything by it.

        :return: set of ids
        """
        if not self.ids:
            return set()
        lines = self.env["culture.registration"]
        lines.flush_model(["state", "reason_id", "attendance_date", "date_begin"])
        found = self.env.execute_query(
            SQL(
                TALK_FIRST,
                people=self.ids,
                season=self._season_start(),
                absences=ABSENCES,
            )
        )
        return {person_id for (person_id,) in found}


TALK_FIRST = """
    WITH absent AS (
        SELECT line.beneficiary_id, max(line.attendance_date) AS latest
          FROM culture_registration line
          LEFT JOIN culture_reason reason ON reason.id = line.reason_id
         WHERE line.beneficiary_id = ANY(%(people)s) AND line.state = 'absent'
           AND COALESCE(line.date_begin, line.date_end) >= %(season)s
           AND reason.leads_to IS DISTINCT FROM 'venue'
         GROUP BY line.beneficiary_id
        HAVING count(*) >= %(absences)s
    )
    SELECT beneficiary_id FROM absent
     WHERE NOT EXISTS (
        SELECT FROM culture_registration talked
          JOIN culture_registration_log log ON log.registration_id = talked.id
         WHERE talked.beneficiary_id = absent.beneficiary_id
           AND log.state_from = 'requested' AND log.state_to = 'confirmed'
           AND log.date >= absent.latest)
"""
