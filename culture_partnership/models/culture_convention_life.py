from odoo import api, fields, models
from odoo.exceptions import ValidationError

RENEWAL_TYPE = "culture_partnership.activity_type_convention_renewal"

SIGNED = frozenset({"active", "to_renew", "expired"})
"""States that follow the dates, each way: the dates may be corrected."""


class CultureConvention(models.Model):
    """The status words what the dates decide, and somebody is told in time.

    Nothing stops or goes on by the status: a job that is late for a week only words
    it a week later.
    """

    _inherit = "culture.convention"

    renewal_alert_date = fields.Date(
        string="Alert before the end given on", readonly=True, copy=False
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date_end", "notice_days"}:
            self._follow_dates()
        return result

    def action_terminate(self):
        """End the convention now; nobody has to renew it any more.

        :return: what the host's action returns
        """
        result = super().action_terminate()
        self._close_alert()
        return result

    @api.constrains("date_start", "date_end")
    def _check_dates_of_signed(self):
        for convention in self:
            dates = convention.date_start and convention.date_end
            if convention.state in SIGNED and not dates:
                raise ValidationError(
                    self.env._("A signed convention keeps a first and a last day.")
                )

    # -------------------------------------------------------------------- dates

    def _follow_dates(self):
        """Give each signed convention the status that its dates call for today."""
        # before 19.0.1.2.0 the dates of a signed convention could be taken away
        for convention in self.filtered(lambda c: c.state in SIGNED and c.date_end):
            state = convention._state_by_dates()
            if state == convention.state:
                continue
            convention._move_to(state)
            if state == "active":
                convention._close_alert()
                convention.renewal_alert_date = False

    def _state_by_dates(self):
        """The status of a signed convention, on the company's day."""
        today = self._today()
        if self.date_end < today:
            return "expired"
        notice = fields.Date.subtract(self.date_end, days=self.notice_days)
        if notice <= today and not self._is_renewed():
            return "to_renew"
        return "active"

    # -------------------------------------------------------------------- alert

    @api.model
    def _cron_follow_dates(self):
        """Word what the dates decided, and tell of each end to come, once.

        By `<=` and a flag on the row: missed days are made up for by the first run
        after them, and the runs of one day do the work once.
        """
        standing = self.with_context(active_test=False).search(
            [("state", "in", ("active", "to_renew"))]
        )
        standing._follow_dates()
        for convention in standing:
            ends = convention.state in ("to_renew", "expired") and convention.active
            if ends and not (convention.renewal_alert_date or convention._is_renewed()):
                convention._give_alert()

    def _give_alert(self):
        """Tell the project referent that the convention ends."""
        user = self._who_is_told()
        if not user:
            return
        words = self.with_context(lang=user.lang).env
        self.activity_schedule(
            RENEWAL_TYPE,
            self.date_end,
            words._("Prepare what follows: renew the convention, or let it end"),
            user_id=user.id,
        )
        self.renewal_alert_date = self._today()

    def _close_alert(self):
        self.activity_feedback([RENEWAL_TYPE])

    def _who_is_told(self):
        """The project referent or, after a departure, who else keeps conventions.

        :return: ``res.users``, empty when nobody holds a role any more
        """
        self.ensure_one()
        roles = self.env["culture.role"].sudo()
        keepers = roles.search(
            [
                *roles._in_force_domain(),
                ("company_id", "=", self.company_id.id),
                ("role", "in", ("coordinator", "administrator")),
            ],
            order="role desc, id",
        )
        return self._first_reader(self.project_referent_id | keepers.user_id)
