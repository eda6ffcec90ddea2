from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.ir_rule import refusal
from ..tools.dialogs import dialog, notice

NEXT_STEP_AFTER = timedelta(days=7)
LAST_STEP_AFTER = timedelta(days=5 * 366)


class CultureFollowupNote(models.TransientModel):
    """Note a contact with a person in ten seconds, or correct it.

    The words stand here between the browser's save and the button's act only: they
    are taken out once kept. Who loses the file loses the dialog too (its rule).
    """

    _name = "culture.followup.note"
    _inherit = ["culture.links"]
    _description = "Note a follow-up"

    beneficiary_id = fields.Many2one(
        "culture.beneficiary",
        string="Person",
        readonly=True,
        ondelete="cascade",
    )
    followup_id = fields.Many2one(
        "culture.followup", string="Follow-up", ondelete="cascade"
    )
    kind = fields.Selection(
        selection=lambda self: (
            self.env["culture.followup"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        required=True,
        default="interview",
    )
    date = fields.Date(
        required=True, default=lambda self: self.env["culture.followup"]._today()
    )
    note = fields.Text(string="Confidential note")
    shared = fields.Boolean(string="Shared with the coordination")
    may_share = fields.Boolean(compute="_compute_may", export_string_translation=False)
    may_delete = fields.Boolean(compute="_compute_may", export_string_translation=False)
    next_step = fields.Char(string="Next step")
    next_date = fields.Date(
        string="When",
        default=lambda self: self.env["culture.followup"]._today() + NEXT_STEP_AFTER,
    )
    done = fields.Boolean(export_string_translation=False)

    @api.depends("followup_id")
    @api.depends_context("uid")
    def _compute_may(self):
        for assistant in self:
            followup = assistant.followup_id
            assistant.may_delete = bool(followup) and followup.may_delete
            assistant.may_share = not followup or followup.user_id == self.env.user

    @api.depends("followup_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for assistant in self:
            assistant.display_name = assistant._title()

    def write(self, vals):
        """It stays with its person: without, it would outlive the access."""
        if "beneficiary_id" in vals:
            raise refusal(self.env)
        return super().write(vals)

    def _title(self):
        if self.followup_id:
            return self.env._("Correct a follow-up")
        return self.env._("Note a follow-up")

    # ----------------------------------------------------------------- opening

    @api.model
    def _action_note(self, person):
        """Open the dialog for a person whom the user follows.

        :param person: ``culture.beneficiary``
        :return: an action in a dialog
        """
        # not saved yet: the host puts the cursor into the note of a new record only
        new = self.browse()
        return dialog(new, new._title(), default_beneficiary_id=person.id)

    @api.model
    def _action_correct(self, followup):
        """Open the dialog on a follow-up; its note in it is an opening of the file.

        :param followup: ``culture.followup``
        :return: an action in a dialog
        :raise AccessError: when the follow-up is not the user's to change
        """
        followup.check_access("write")
        followup.beneficiary_id.log_opening()
        assistant = self.create(
            {
                "beneficiary_id": followup.beneficiary_id.id,
                "followup_id": followup.id,
                "kind": followup.kind,
                "date": followup.date,
                "shared": followup.shared,
                "note": followup._read_notes()[followup.id],
            }
        )
        return dialog(assistant, assistant._title())

    # ------------------------------------------------------------------ acting

    def action_save(self):
        """Keep the follow-up, its note, and the next step as an activity.

        Asked twice, it is done once.

        :return: a notice; the dialog closes
        :raise UserError: when the date, the note or the next step will not do
        """
        self.ensure_one()
        if not self.done:
            followup = self._save_followup()
            followup._save_note(self.note)
            if (self.next_step or "").strip():
                self._plan_next_step()
            self.write(
                {
                    "done": True,
                    "followup_id": followup.id,
                    "note": False,
                    "next_step": False,
                }
            )
        return notice(self.env._("Follow-up noted."))

    def _save_followup(self):
        vals = {"kind": self.kind, "date": self.date, "shared": self.shared}
        if self.followup_id:
            self.followup_id.write(vals)
            return self.followup_id
        return self.followup_id.create(
            {**vals, "beneficiary_id": self.beneficiary_id.id}
        )

    def _plan_next_step(self):
        """An activity of one's own, on the person, in the words typed."""
        today = self.env["culture.followup"]._today()
        day = self.next_date or today + NEXT_STEP_AFTER
        if not today <= day <= today + LAST_STEP_AFTER:
            raise UserError(self.env._("Next step: give a day to come."))
        self.beneficiary_id.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=day,
            summary=self.next_step.strip(),
            user_id=self.env.uid,
        )

    def action_delete(self):
        """Delete the follow-up, until the evening of the day it was noted.

        :return: a notice; the dialog closes
        :raise UserError: when it is not of today, or not the user's own
        """
        self.ensure_one()
        if not self.followup_id:
            raise refusal(self.env)
        self.followup_id.unlink()
        return notice(self.env._("Follow-up deleted."))
