from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Open what the replacements in force or to come already promised on the cards.

    Run twice, it finds the rows of the first time and keeps them.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cards = env["culture.referent"].with_context(active_test=False)
    replaced = cards.search([("replacement_id", "!=", False)])
    env["culture.access"]._sync_replacements(replaced._followed())
