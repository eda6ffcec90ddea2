from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .culture_relay import RENEWAL_NOTICE
from .culture_trainee import RENEWAL_TYPE


class CultureTraining(models.Model):
    """Trainings that end: shown, and told once to who sees to it."""

    _inherit = "culture.training"

    to_renew = fields.Boolean(
        string="To renew",
        compute="_compute_to_renew",
        search="_search_to_renew",
        help="It ends within 60 days or has ended, and no newer one replaces it.",
    )
    renewal_told_on = fields.Date(string="Renewal told on", copy=False, readonly=True)

    def write(self, vals):
        """A training whose end moves is told of again.

        :param vals: values
        :return: True
        """
        if "valid_until" in vals or "date" in vals:
            vals = {"renewal_told_on": False, **vals}
        return super().write(vals)

    @api.depends("state", "valid_until", "subject_id", "relay_id", "referent_id")
    def _compute_to_renew(self):
        ending = self.filtered_domain(self._ending_domain())
        due = ending - ending._replaced_by(ending._of_the_same())
        for training in self:
            training.to_renew = training in due

    def _search_to_renew(self, operator, value):
        if operator != "in":
            return NotImplemented
        ending = self.search(self._ending_domain())
        due = ending - ending._replaced_by(ending._of_the_same())
        return Domain("id", "in", due.ids)

    @api.model
    def _ending_domain(self):
        soon = self._today() + RENEWAL_NOTICE
        return Domain("state", "=", "attended") & Domain("valid_until", "<=", soon)

    @api.model
    def _cron_tell_of_renewals(self):
        """Tell once of each training that ends within 60 days, or has ended.

        By what has not been told, never by the day: a week in which the job did not
        run is made up for. Silent while a newer training replaces it or is planned;
        told after all when that one was missed.
        """
        due = self.sudo().search(
            self._ending_domain() & Domain("renewal_told_on", "=", False),
            order="valid_until, id",
        )
        due -= due._replaced_by(due._of_the_same(), planned=True)
        for training in due:
            if training._card().active:
                training._tell_of_renewal()

    def _tell_of_renewal(self):
        """One activity on the card, without a name; nobody to tell, the next run."""
        card = self._card()
        user = card._who_renews()
        if not user:
            return
        env = self.with_context(lang=user.lang).env
        today = self._today()
        values = {
            "subject": self.subject_id.name,
            "day": format_date(env, self.valid_until),
        }
        if self.valid_until >= today:
            summary = env._("To renew before %(day)s: %(subject)s", **values)
        else:
            summary = env._("Over since %(day)s: %(subject)s", **values)
        card._put_activity(RENEWAL_TYPE, user, summary, max(self.valid_until, today))
        self.renewal_told_on = today
