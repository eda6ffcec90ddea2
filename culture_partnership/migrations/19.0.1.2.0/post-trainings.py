"""Until when a relay is trained follows from trainings, it was typed before."""

from odoo import SUPERUSER_ID, api, fields
from odoo.tools import SQL

ESCORTING = "training_subject_escorting"
COUNTING = (ESCORTING, "training_subject_precarity")


def migrate(cr, version):
    """Make a training of each date that was typed: who could escort still can.

    When it was followed is not known, and not invented: its date is empty. Those that
    ended before are told to nobody, that is no news. Run twice, it finds the trainings
    of the first time.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    known = SQL("SELECT id, trained_until FROM culture_relay")
    typed = {id_: day for id_, day in env.execute_query(known) if day}
    _let_escort(env)
    relays = env["culture.relay"].with_context(active_test=False)
    relays = relays.search([("id", "in", list(typed)), ("training_ids", "=", False)])
    today = fields.Date.today()
    env["culture.training"].create(
        [
            {
                "relay_id": relay.id,
                "subject_id": _subject(env, relay.company_id).id,
                "state": "attended",
                "valid_until": typed[relay.id],
                "renewal_told_on": today if typed[relay.id] < today else False,
            }
            for relay in relays
        ]
    )


def _let_escort(env):
    """The lists belong to the administrator: only these subjects, and their copies."""
    subjects = env["culture.training.subject"].with_context(active_test=False)
    for name in COUNTING:
        shipped = env.ref(f"culture_partnership.{name}", raise_if_not_found=False)
        if shipped and not subjects.search_count(
            [("for_escort", "=", True), ("name", "=", shipped.name)], limit=1
        ):
            subjects.search([("name", "=", shipped.name)]).for_escort = True


def _subject(env, company):
    """The subject that lets one escort in a company; made where it was taken away."""
    subjects = env["culture.training.subject"].with_context(active_test=False)
    known = [("company_id", "=", company.id), ("for_escort", "=", True)]
    shipped = env.ref(f"culture_partnership.{ESCORTING}", raise_if_not_found=False)
    found = subjects.search([*known, ("name", "=", shipped.name)] if shipped else known)
    return (found or subjects.search(known))[:1] or subjects.create(
        {
            "name": "Accompagner une sortie",
            "company_id": company.id,
            "for_escort": True,
        }
    )
