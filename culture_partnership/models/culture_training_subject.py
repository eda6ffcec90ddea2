from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CultureTrainingSubject(models.Model):
    """What a training is about, how long it holds, and whether one may escort."""

    _name = "culture.training.subject"
    _inherit = ["culture.closed.list"]
    _description = "Training subject"

    validity_months = fields.Integer(
        string="Holds for (months)",
        default=24,
        help="Proposed as the end of each new training; 0: it has no end.",
    )
    for_escort = fields.Boolean(
        string="Lets one escort",
        help="A relay who followed one of these subjects may escort, as long as the "
        "training holds.",
    )

    @api.constrains("validity_months")
    def _check_validity_months(self):
        for subject in self:
            if not 0 <= subject.validity_months <= 600:
                raise ValidationError(
                    self.env._("Holds for: between 0 and 600 months, 0 for no end.")
                )

    def write(self, vals):
        if "for_escort" not in vals:
            return super().write(vals)
        # sudo: what follows from the list, on relays that its keeper may not open
        relays = self.env["culture.training"].sudo()
        relays = relays.search([("subject_id", "in", self.ids)]).relay_id
        with relays._telling_of_lapses():
            return super().write(vals)

    def _end_of(self, day):
        """The last day of a training on this subject.

        :param day: date on which it is followed, or False
        :return: date, False when it has no end
        """
        if not day or not self.validity_months:
            return False
        return day + relativedelta(months=self.validity_months)
