from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

LAPSE_TYPE = "culture_partnership.activity_type_escort_training"


class CultureRelay(models.Model):
    """Until when a relay is trained, and who is told when that is corrected."""

    _inherit = "culture.relay"

    training_ids = fields.One2many(
        "culture.training",
        "relay_id",
        groups="culture_partnership.group_culture_partnership_coordinator,"
        "culture_partnership.group_culture_partnership_relay",
    )

    @api.depends(
        "training_ids.state",
        "training_ids.valid_until",
        "training_ids.subject_id.for_escort",
    )
    def _compute_trained_until(self):
        """The latest end of a training that was followed and lets one escort."""
        for relay in self:
            ends = relay.training_ids.filtered(
                lambda t: t.state == "attended" and t.for_escort and t.valid_until
            ).mapped("valid_until")
            relay.trained_until = max(ends) if ends else False

    def _check_training_untouched(self, vals):
        """Nobody types it: an escort would be trained by a word."""
        if "trained_until" in vals or "default_trained_until" in self.env.context:
            raise UserError(
                self.env._(
                    "Training valid until: it follows from the trainings. Note one."
                )
            )

    @contextmanager
    def _telling_of_lapses(self):
        """Tell who organises what these relays escort, if what is done within ends
        their training sooner. The outings stay as they are."""
        before = {relay: relay.trained_until for relay in self}
        yield
        for relay, day in before.items():
            if day and (not relay.trained_until or relay.trained_until < day):
                relay._tell_of_lapse(day)

    def _tell_of_lapse(self, before):
        """:param before: until when the relay was trained, a moment ago"""
        now = fields.Datetime.now()
        coming = self.env["culture.outing"].search(
            [
                ("escort_ids", "in", self.ids),
                ("state", "in", ("draft", "published", "closed")),
                ("date_end", ">", now),
            ]
        )
        for outing in coming:
            day = outing._local_day()
            trained = self.trained_until and day <= self.trained_until
            if day <= before and not trained:
                outing._tell_of_untrained_escort()

    def _who_renews(self):
        """The coordination of the organisation, who can note a training. Where there
        is none: who carries the convention's project, then who coordinates the CCAS,
        then its administration, who gives the roles."""
        conventions = self.env["culture.convention"]._of_partner(
            self.structure_id, self.company_id
        )
        carriers = conventions.filtered(lambda c: c._in_force())
        company = self.company_id.partner_id
        return (
            super()._who_renews()
            or self._first_reader(carriers.project_referent_id)
            or self._first_reader(self._holders("coordinator", company))
            or self._first_reader(self._holders("administrator", company))
        )
