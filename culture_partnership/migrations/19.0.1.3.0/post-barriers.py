"""Barriers were tags on the file: each has a line now, with its state and lever."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

REASONS = {
    "reason_absence_journey": "barrier_journey",
    "reason_absence_evening": "barrier_evening",
    "reason_absence_childcare": "barrier_childcare",
    "reason_absence_schedule": "barrier_schedule",
    "reason_absence_extra_costs": "barrier_extra_costs",
    "reason_absence_belonging": "barrier_belonging",
    "reason_absence_alone": "barrier_alone",
    "reason_absence_language": "barrier_language",
    "reason_absence_late_news": "barrier_late_news",
    "reason_absence_other_urgency": "barrier_other_urgency",
}
AT_ONCE = 1000


def migrate(cr, version):
    """Make a line of each tag, and tie what got in the way to its barrier.

    Run twice, it finds what the first time made; what the administrator has tied
    since stays.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    _make_lines(env)
    _tie_reasons(env)


def _make_lines(env):
    people = env["culture.beneficiary"]
    field = people._fields["barrier_ids"]
    tags = env.execute_query(
        SQL(
            "SELECT tag.%(person)s, tag.%(barrier)s FROM %(relation)s tag"
            " WHERE NOT EXISTS (SELECT 1 FROM culture_beneficiary_barrier line"
            "  WHERE line.beneficiary_id = tag.%(person)s"
            "    AND line.barrier_id = tag.%(barrier)s)"
            " ORDER BY 1, 2",
            relation=SQL.identifier(field.relation),
            person=SQL.identifier(field.column1),
            barrier=SQL.identifier(field.column2),
        )
    )
    for start in range(0, len(tags), AT_ONCE):
        env["culture.beneficiary.barrier"].create(
            [
                {"beneficiary_id": person_id, "barrier_id": barrier_id}
                for person_id, barrier_id in tags[start : start + AT_ONCE]
            ]
        )


def _tie_reasons(env):
    """The shipped ones by what they are, the copies of other companies by name."""
    for reason_name, barrier_name in REASONS.items():
        reason, barrier = (
            env.ref(f"culture_partnership.{name}", raise_if_not_found=False)
            for name in (reason_name, barrier_name)
        )
        if reason and barrier and not reason.barrier_id:
            if reason.company_id == barrier.company_id:
                reason.barrier_id = barrier
    main = env.ref("base.main_company")
    for company in env["res.company"].search([("id", "!=", main.id)]):
        env["culture.reason"]._pair_with_barriers(company)
