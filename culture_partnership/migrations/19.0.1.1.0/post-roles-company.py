"""Roles and their scopes are covered in their own company only.

A structure without a company stands in several; the rules of 19.0.1.0.0 asked for a
role that covers it in any of them.
"""

from odoo import SUPERUSER_ID, api

RULES = {
    "culture_role_rule_coordinator": "is_coordinated",
    "culture_role_rule_administrator": "is_administered",
    "culture_scope_rule_coordinator": "is_coordinated",
    "culture_scope_rule_administrator": "is_administered",
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, field in RULES.items():
        rule = env.ref(f"culture_partnership.{name}", raise_if_not_found=False)
        if rule:
            rule.domain_force = f"[('{field}', '=', True)]"
