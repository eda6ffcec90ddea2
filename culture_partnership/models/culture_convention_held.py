from odoo import fields, models

from ..tools.dialogs import dialog


class CultureConvention(models.Model):
    """When the convention was in force: what it opens outside depends on it (I6)."""

    _inherit = "culture.convention"

    terminated_date = fields.Datetime(
        string="Terminated on",
        readonly=True,
        copy=False,
        help="The moment from which what the convention opened is closed.",
    )

    def action_terminate(self):
        """End the convention now; remember when, for what was under way.

        :return: nothing
        """
        signed = self.filtered(lambda c: c.state in ("active", "to_renew"))
        result = super().action_terminate()
        signed.write({"terminated_date": fields.Datetime.now()})
        return result

    def action_open_terminate(self):
        """Show what stops and what goes on, before terminating.

        :return: an action in a dialog
        """
        self.ensure_one()
        return dialog(
            self.env["culture.convention.terminate"],
            self.env._("Terminate the convention"),
            default_convention_id=self.id,
        )

    def _held(self, day, moment):
        """Whether the convention covered a day and was not ended by a moment.

        Unlike :meth:`_in_force` it may be asked about the past: an outing that began
        under it stays under it.

        :param day: date
        :param moment: naive UTC datetime
        :return: bool
        """
        self.ensure_one()
        if self.state == "terminated":
            alive = bool(self.terminated_date) and moment < self.terminated_date
        else:
            alive = self.state in ("active", "to_renew", "expired")
        return alive and self._covers(day)
