from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.dialogs import dialog


class CultureRegistration(models.Model):
    """An absence without news is something to understand, never a fault (I8).

    Who follows the person is asked to talk about it, once; what got in the way closes
    the question. When it was the entrance, the venue is asked, not the person.
    """

    _inherit = "culture.registration"

    to_understand = fields.Boolean(
        string="Absence to understand",
        compute="_compute_to_understand",
        search="_search_to_understand",
    )
    after_talk = fields.Boolean(
        string="To confirm after talking it over",
        compute="_compute_after_talk",
        export_string_translation=False,
    )

    @api.depends("state", "reason_id.leads_to")
    def _compute_to_understand(self):
        for line in self:
            line.to_understand = line.state == "absent" and (
                not line.reason_id or line.reason_id.leads_to == "later"
            )

    def _search_to_understand(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "absent") & (
            Domain("reason_id", "=", False) | Domain("reason_id.leads_to", "=", "later")
        )

    @api.depends("state", "beneficiary_id")
    def _compute_after_talk(self):
        asked = self.filtered(lambda line: line.state == "requested")
        first = asked.beneficiary_id._to_talk_with_first() if asked else ()
        for line in self:
            line.after_talk = line in asked and line.beneficiary_id.id in first

    # ------------------------------------------------------------------- tasks

    def write(self, vals):
        result = super().write(vals)
        if "reason_id" in vals and "state" not in vals:
            self._follow_reason()
        elif vals.get("reason_id"):
            self._ask_the_venue()
        return result

    def _state_moved(self, before):
        # told from what is read already: nobody absent, nothing asked
        moved = self.filtered(
            lambda line: (
                line.state != before.get(line.id)
                and "absent" in (line.state, before.get(line.id))
            )
        )
        if moved:
            moved._follow_absences()
        return super()._state_moved(before)

    def _follow_reason(self):
        absent = self.filtered(lambda line: line.state == "absent")
        if absent:
            absent._follow_absences()
        self._ask_the_venue()

    def _follow_absences(self):
        """Ask who follows the person to talk about it; what is understood, no more.

        sudo: told by the application, whoever recorded the absence: a relay who does
        has no right on the person.
        """
        lines = self.sudo().filtered("beneficiary_id")
        people = lines.beneficiary_id
        asking = people._with_absence_to_understand()
        (people - asking)._absence_tasks().unlink()
        lines.filtered("to_understand").beneficiary_id._put_absence_tasks()

    def _ask_the_venue(self):
        """Somebody was there and could not get in: that is about the venue.

        sudo: a task on the outing, for who organises it, without anybody's name.
        """
        refused = self.sudo().filtered(
            lambda line: (
                line.state in ("excused", "absent")
                and line.reason_id.leads_to == "venue"
            )
        )
        for outing in refused.outing_id:
            outing._put_venue_task()

    def action_talk(self):
        """Open what helps to understand an absence and to come back.

        :return: an action in a dialog
        """
        self.ensure_one()
        return self.env["culture.absence.talk"]._action_open(self)

    def action_free_place(self):
        """Ask who gives the place back, and why, before it is freed.

        :return: an action in a dialog
        """
        self.ensure_one()
        return dialog(
            self.env["culture.registration.free"],
            self.env._("Free the place"),
            default_registration_id=self.id,
        )

    # ---------------------------------------------------- the third in a season

    @api.model
    def _prepare_lines(self, vals_list):
        """Who was absent without news three times is talked with first.

        A registration by staff then stays requested, whatever way it comes in by, and
        is confirmed by who has talked with the person: nothing is ever refused. Who
        waits keeps waiting: out of the list, their turn would be lost.
        """
        vals_list = super()._prepare_lines(vals_list)
        wanted = [vals for vals in vals_list if vals["state"] == "confirmed"]
        ids = {vals.get("beneficiary_id") for vals in wanted} - {None, False}
        if not ids or self.env.su:
            return vals_list
        # sudo: persons to whom the links were asked about before
        people = self.env["culture.beneficiary"].sudo().browse(ids)
        first = people._to_talk_with_first()
        for vals in wanted:
            if vals.get("beneficiary_id") in first:
                vals["state"] = "requested"
        return vals_list
