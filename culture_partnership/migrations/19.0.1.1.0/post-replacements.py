from odoo import SUPERUSER_ID, api, fields


def migrate(cr, version):
    """Open what the replacements in force or to come already promised on the cards.

    Rows that are there keep their dates, and say from now on who is replaced. Run
    twice, it finds the rows of the first time.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cards = env["culture.referent"].with_context(active_test=False)
    people = cards.search([("replacement_id", "!=", False)])._followed()
    standing = env["culture.access"].search(
        [
            ("beneficiary_id", "in", people.ids),
            ("kind", "=", "replacement"),
            ("date_end", ">", fields.Datetime.now()),
        ]
    )
    for row in standing.filtered(lambda row: not row.replaced_id):
        referent = row.beneficiary_id.referent_id
        if row.user_id == referent.replacement_id.user_id:
            row.replaced_id = referent
    env["culture.access"]._sync_replacements(people - standing.beneficiary_id)
