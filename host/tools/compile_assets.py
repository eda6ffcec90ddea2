"""Run in `odoo shell`: compile the bundles that browsers load, once for all tours."""

env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821
env.cr.commit()  # noqa: F821
