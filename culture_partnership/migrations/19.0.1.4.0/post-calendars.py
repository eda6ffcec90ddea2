"""Outings to come are in the calendars of who organises and escorts them."""

from odoo import SUPERUSER_ID, api, fields


def migrate(cr, version):
    """Make the entries; run twice, it finds those that are there."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    outings = env["culture.outing"].search(
        [
            ("state", "in", ("published", "closed")),
            ("date_begin", ">", fields.Datetime.now()),
        ]
    )
    outings._follow_in_calendars({})
