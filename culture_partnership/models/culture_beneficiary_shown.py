from odoo import models


class CultureBeneficiary(models.Model):
    """How a person is called outside the CCAS."""

    _inherit = "culture.beneficiary"

    def _name_at(self, level):
        """The name as a convention lets it be said.

        Whether it may be said at all is the caller's to know: the person's agreement
        is not looked at here.

        :param level: ``number``, ``first_name`` or ``full_name``
        :return: text, empty when nothing may be said
        """
        self.ensure_one()
        called = (self.chosen_name or self.first_name or "").strip()
        if level == "first_name":
            return called
        if level == "full_name":
            return " ".join(filter(None, (called, (self.last_name or "").strip())))
        return ""
