from odoo import models
from odoo.exceptions import UserError

from ..tools.dialogs import dialog
from .culture_registration_rules import RECORDED


class CultureOuting(models.Model):
    """The life of an outing, and the screens it opens."""

    _inherit = "culture.outing"

    def action_publish(self):
        """Open the outing to registrations.

        :raise UserError: names everything that is missing at once
        """
        self._check_state("draft")
        for outing in self:
            missing = outing._missing_to_publish()
            if missing:
                raise UserError(
                    self.env._(
                        "To publish %(outing)s, fill in: %(fields)s.",
                        outing=outing.name,
                        fields=", ".join(missing),
                    )
                )
        self._move_to("published")

    def _missing_to_publish(self):
        names = ["venue_id", "date_end", "seats_max"]
        if self.date_mode == "fixed":
            names.insert(1, "date_begin")
        return [self._field_label(name) for name in names if not self[name]]

    def action_close_registrations(self):
        """Take no more registrations; those that exist stay."""
        self._check_state("published")
        self._move_to("closed")

    def action_reopen_registrations(self):
        """Take registrations again."""
        self._check_state("closed")
        self._move_to("published")

    def action_done(self):
        """Mark the outing as done, once it has started."""
        self._check_state("published", "closed")
        if not all(outing.has_started for outing in self):
            raise UserError(self.env._("This outing has not started yet."))
        self._move_to("done")

    def _check_state(self, *states):
        for outing in self:
            if outing.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(outing)s has changed meanwhile: %(state)s.",
                        outing=outing.name,
                        state=labels[outing.state],
                    )
                )

    def action_cancel(self, cancelled_by="venue", reason_id=False):
        """Cancel the outing: its registrations end, nobody is absent.

        :param cancelled_by: ``venue`` or ``structure``
        :param reason_id: id of a ``culture.reason``
        :raise UserError: when attendance has been recorded
        """
        self.check_access("write")
        if cancelled_by not in ("venue", "structure"):
            raise UserError(self.env._("Say who cancels: the venue or the structure."))
        lines = self.env["culture.registration"]
        lines._check_reasons(
            [
                {
                    "state": "cancelled",
                    "cancelled_by": cancelled_by,
                    "reason_id": reason_id,
                }
            ]
        )
        # sudo: persons whom others follow are registered too; the outing's writer
        # may cancel it, and nothing of the lines is read back
        live = lines.sudo().search(
            [("outing_id", "in", self.ids), ("state", "!=", "cancelled")]
        )
        if any(line.state in RECORDED for line in live):
            raise UserError(
                self.env._(
                    "Attendance is recorded: this outing cannot be cancelled any more."
                )
            )
        self._check_state("draft", "published", "closed")
        self._move_to("cancelled")
        live.write(
            {
                "state": "cancelled",
                "cancelled_by": cancelled_by,
                "reason_id": reason_id,
            }
        )

    # ----------------------------------------------------------- opening screens

    def action_open_register(self):
        """Open the assistant that registers people for this outing.

        :return: an action in a dialog
        """
        self.ensure_one()
        return self.env["culture.register"]._action_open(outing=self)

    def action_open_attendance(self):
        """Open the attendance screen.

        :return: a client action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "culture_partnership.attendance",
            "name": self.env._("Record attendance"),
            "params": {"outing_id": self.id},
            "context": {"active_id": self.id, "active_model": self._name},
        }

    def action_open_registrations(self):
        """Open the registrations of this outing.

        :return: a window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "culture_partnership.culture_registration_action"
        )
        return dict(
            action,
            name=self.name,
            domain=[("outing_id", "=", self.id)],
            context={"default_outing_id": self.id, "create": False},
        )

    def action_open_cancel(self):
        """Ask who cancels and show what will happen, before cancelling.

        :return: an action in a dialog
        """
        return self._dialog("culture.outing.cancel", self.env._("Cancel the outing"))

    def action_open_postpone(self):
        """Ask for the new date.

        :return: an action in a dialog
        """
        return self._dialog("culture.outing.postpone", self.env._("Postpone"))

    def _dialog(self, model, name):
        self.ensure_one()
        return dialog(self.env[model], name, default_outing_id=self.id)
