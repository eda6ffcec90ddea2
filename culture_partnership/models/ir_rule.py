from odoo import models
from odoo.exceptions import AccessError


def refusal(env):
    """The one answer to who may not, or asks for what does not exist.

    The host's own text names the record, the rule and the groups that would be
    let in. An absent and a forbidden file answer alike.
    """
    return AccessError(
        env._(
            "This record does not exist or is not open to you. To talk about it: the "
            "coordination of your structure."
        )
    )


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        if records._name.startswith("culture."):
            records.invalidate_recordset()
            return refusal(self.env)
        return super()._make_access_error(operation, records)


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    def _make_access_error(self, model, mode):
        if model.startswith("culture."):
            return refusal(self.env)
        return super()._make_access_error(model, mode)
