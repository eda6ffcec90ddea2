from odoo import api, fields, models


class CultureRegistration(models.Model):
    """What the person was reminded of."""

    _inherit = "culture.registration"

    reminder_ids = fields.One2many(
        "culture.reminder", "registration_id", string="Reminders"
    )
    reminder_label = fields.Char(string="Reminder", compute="_compute_reminder_label")

    # those whom a job tells that their outing does not take place
    _called_off = models.Index(
        "(date_end) WHERE state = 'cancelled'"
        " AND cancelled_by IN ('venue', 'structure')"
    )

    @api.depends("reminder_ids.state")
    @api.depends_context("uid", "lang")
    def _compute_reminder_label(self):
        """The last one, in two words: which, and where it stands."""
        reminders = self.env["culture.reminder"]
        self.reminder_label = False
        if not self.ids or not reminders.has_access("read"):
            return
        rows = reminders.search_fetch(
            [("registration_id", "in", self.ids), ("state", "!=", "withdrawn")],
            ["registration_id", "kind", "state"],
            order="id",
        )
        kinds = dict(reminders._fields["kind"]._description_selection(self.env))
        states = dict(reminders._fields["state"]._description_selection(self.env))
        last = {row.registration_id.id: row for row in rows}
        for line in self:
            row = last.get(line._origin.id)
            if row:
                line.reminder_label = self.env._(
                    "%(kind)s: %(state)s",
                    kind=kinds[row.kind],
                    state=states[row.state].lower(),
                )

    def _state_moved(self, before):
        """Who gives a place back is told of it no more, from that moment on."""
        result = super()._state_moved(before)
        freed = self.filtered(
            lambda line: (
                line.state == "cancelled"
                and before.get(line.id) not in (None, "waiting")
            )
        )
        for company in freed.company_id:
            sending = self.env["culture.sending"]._of(company)
            mine = freed.filtered(lambda line, c=company: line.company_id == c)
            self.env["culture.reminder"].sudo()._withdraw(sending, mine)
        return result


class CultureOuting(models.Model):
    """The reminders of an outing."""

    _inherit = "culture.outing"

    def action_open_reminders(self):
        """Open the reminders of this outing that the user may read.

        :return: a window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "culture_partnership.culture_reminder_action"
        )
        return dict(
            action,
            name=self.name,
            domain=[("outing_id", "=", self.id)],
            context={},
        )
