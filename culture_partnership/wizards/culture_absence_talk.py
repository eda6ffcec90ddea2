from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.culture_beneficiary_barrier import LIFTED
from ..models.ir_rule import refusal
from ..tools.dialogs import dialog, notice

ASK_AGAIN_AFTER = 7
"""Days, while nobody knows yet."""


class CultureAbsenceTalk(models.TransientModel):
    """Understand an absence, and help to come back: nothing of it leaves the CCAS.

    What got in the way is kept on the registration; the barrier that it is, and the
    lever chosen, become a line of the person's.
    """

    _name = "culture.absence.talk"
    _inherit = ["culture.links"]
    _description = "Understand an absence"

    registration_id = fields.Many2one(
        "culture.registration", readonly=True, ondelete="cascade"
    )
    beneficiary_id = fields.Many2one(
        related="registration_id.beneficiary_id", related_sudo=False
    )
    outing_id = fields.Many2one(related="registration_id.outing_id", related_sudo=False)
    when_label = fields.Char(related="outing_id.when_label", related_sudo=False)
    company_id = fields.Many2one(
        related="registration_id.company_id", related_sudo=False
    )
    reason_id = fields.Many2one(
        "culture.reason",
        string="What got in the way?",
        domain="[('kind', '=', 'absence'), ('company_id', '=', company_id)]",
        ondelete="cascade",
    )
    leads_to = fields.Selection(related="reason_id.leads_to", related_sudo=False)
    barrier_id = fields.Many2one(related="reason_id.barrier_id", related_sudo=False)
    lever_id = fields.Many2one(
        "culture.lever",
        string="Proposed lever",
        compute="_compute_lever_id",
        store=True,
        readonly=False,
        domain="[('barrier_id', '=', barrier_id)]",
        ondelete="cascade",
    )

    @api.depends("reason_id")
    def _compute_lever_id(self):
        """What was noted for the person before, or the list's first."""
        for talk in self:
            barrier = talk.reason_id.barrier_id
            if not barrier or talk.lever_id.barrier_id != barrier:
                noted = talk._barrier_line().lever_id
                talk.lever_id = noted or barrier.lever_ids[:1]

    @api.depends("registration_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self._title()

    def write(self, vals):
        """It stays with its registration: without, it would outlive the access."""
        if "registration_id" in vals:
            raise refusal(self.env)
        return super().write(vals)

    @api.model
    def _title(self):
        return self.env._("Absence to understand")

    @api.model
    def _action_open(self, registration):
        """Open the dialog on an absence.

        :param registration: ``culture.registration`` that the user may change
        :return: an action in a dialog
        :raise AccessError: when it is not the user's to change
        """
        registration.check_access("write")
        talk = self.create(
            {
                "registration_id": registration.id,
                "reason_id": registration.reason_id.id,
            }
        )
        return dialog(talk, self._title())

    def _barrier_line(self):
        barrier = self.reason_id.barrier_id
        lines = self.beneficiary_id.barrier_line_ids
        return lines.filtered(lambda line: barrier and line.barrier_id == barrier)

    # ------------------------------------------------------------------ acting

    def action_done(self):
        """Keep what got in the way, and what could help.

        :return: a notice; the dialog closes
        :raise UserError: when nothing is chosen, or it is no absence any more
        """
        self.ensure_one()
        if not self.reason_id:
            raise UserError(
                self.env._(
                    "What got in the way? Choose one of the list: “No news yet” is "
                    "there too."
                )
            )
        self._keep()
        message = self.env._("Noted.")
        if self.leads_to == "later":
            message = self.env._("Noted. The task stays for a week.")
        return notice(message)

    def action_find_outing(self):
        """Keep what is chosen, and look for the next outing with the person.

        :return: the assistant that registers, in a dialog
        """
        self.ensure_one()
        if self.reason_id:
            self._keep()
        return self.env["culture.register"]._action_open(
            beneficiary=self.beneficiary_id
        )

    def _keep(self):
        line = self.registration_id
        line.check_access("write")
        if line.state != "absent":
            raise line._state_error("absent")
        line.action_set_absence_reason(self.reason_id.id)
        if self.beneficiary_id and self.reason_id.barrier_id:
            self._keep_barrier()
        if self.beneficiary_id and self.leads_to == "later":
            self.beneficiary_id._put_off_absence_task(ASK_AGAIN_AFTER)

    def _keep_barrier(self):
        """One line of the person a barrier; one that was lifted is under way again."""
        noted, barrier = self._barrier_line(), self.reason_id.barrier_id
        lever = self.lever_id.filtered(lambda lever: lever.barrier_id == barrier)
        if not noted:
            noted.create(
                {
                    "beneficiary_id": self.beneficiary_id.id,
                    "barrier_id": barrier.id,
                    "lever_id": lever.id,
                }
            )
            return
        vals = {"lever_id": lever.id} if lever != noted.lever_id else {}
        if noted.state == LIFTED:
            vals["state"] = "current"
        if vals:
            noted.write(vals)
