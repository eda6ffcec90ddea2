"""What got in the way: which reason is the venue's, and which one is no answer yet."""

from odoo import SUPERUSER_ID, api

LEADS_TO = {
    "reason_absence_refused_at_door": "venue",
    "reason_absence_no_news_yet": "later",
}


def migrate(cr, version):
    """Say it of the shipped reasons, and of their copies in other companies by name.

    Run twice, it changes nothing; what the administrator has chosen since stays.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    for name, leads_to in LEADS_TO.items():
        shipped = env.ref(f"culture_partnership.{name}", raise_if_not_found=False)
        if shipped:
            alike = env["culture.reason"].search(
                [("kind", "=", "absence"), ("name", "=", shipped.name)]
            )
            (shipped | alike).filtered(lambda r: not r.leads_to).leads_to = leads_to
