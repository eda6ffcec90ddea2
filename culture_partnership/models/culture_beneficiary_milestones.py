from odoo import models
from odoo.tools import SQL

MILESTONES = ("outing", "alone", "warned", "proposed")
"""First outing; without an escort, after one with; warned of not coming; chosen."""

STEPS_TO_AUTONOMY = ("alone", "warned", "proposed")


class CultureBeneficiary(models.Model):
    """The milestones of a person: what happened for the first time.

    Found again each time in what is noted anyway. Nobody is asked anything for it, and
    what is corrected corrects them.
    """

    _inherit = "culture.beneficiary"

    def _milestones(self):
        """First times of these persons.

        By SQL, so that a thousand files cost one statement: of persons whom the
        reader may read, and who reads a person reads the person's registrations.

        :return: dict by id of dicts by kind (:data:`MILESTONES`) of pairs: day,
            id of the registration
        """
        people = self._origin._filtered_access("read")
        self.env["culture.registration"].flush_model()
        self.env["culture.outing"].flush_model(["escort_ids"])
        found = self.env.execute_query(SQL(FIRST_TIMES, people=people.ids))
        zones = {person.id: person.company_id for person in people}
        milestones = {}
        for person_id, kind, line_id, day, moment in found:
            day = day or zones[person_id]._culture_day(moment)
            milestones.setdefault(person_id, {})[kind] = day, line_id
        return milestones

    def _timeline_events(self, choice):
        events = super()._timeline_events(choice)
        if choice in ("all", "goals"):
            told = self.env["culture.timeline.milestone"]
            mine = self._milestones().get(self.id, {})
            events += [
                (day, told._of(kind, line_id)) for kind, (day, line_id) in mine.items()
            ]
        return events


FIRST_TIMES = """
    WITH came AS (
        SELECT line.id, line.beneficiary_id, line.attended_date,
               EXISTS (SELECT FROM culture_outing_escort_rel escort
                        WHERE escort.outing_id = line.outing_id) AS escorted
          FROM culture_registration line
         WHERE line.beneficiary_id = ANY(%(people)s) AND line.state = 'attended'
    ), escorted AS (
        SELECT beneficiary_id, min(attended_date) AS attended_date
          FROM came WHERE escorted GROUP BY beneficiary_id
    ), times AS (
        SELECT beneficiary_id, 'outing' AS kind, id,
               attended_date AS day, NULL::timestamp AS moment
          FROM came
         UNION ALL
        SELECT came.beneficiary_id, 'alone', came.id, came.attended_date, NULL
          FROM came
          JOIN escorted USING (beneficiary_id)
         WHERE NOT came.escorted AND came.attended_date > escorted.attended_date
         UNION ALL
        SELECT line.beneficiary_id, 'warned', line.id, NULL, log.date
          FROM culture_registration line
          JOIN culture_registration_log log ON log.registration_id = line.id
         WHERE line.beneficiary_id = ANY(%(people)s)
           AND line.state = 'cancelled' AND line.cancelled_by = 'person'
           AND log.state_from = 'confirmed' AND log.state_to = 'cancelled'
         UNION ALL
        SELECT line.beneficiary_id, 'proposed', line.id, NULL, log.date
          FROM culture_registration line
          JOIN culture_registration_log log ON log.registration_id = line.id
           AND log.state_from IS NULL
         WHERE line.beneficiary_id = ANY(%(people)s) AND line.proposed_by_person
    )
    SELECT DISTINCT ON (beneficiary_id, kind)
           beneficiary_id, kind, id, day, moment
      FROM times
     ORDER BY beneficiary_id, kind, day, moment, id
"""
