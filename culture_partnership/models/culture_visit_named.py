from odoo import api, models
from odoo.exceptions import UserError

from ..tools.dialogs import dialog
from .ir_rule import refusal


class CultureVisit(models.Model):
    """From a visit to a follow-up or a registration in the person's name."""

    _inherit = "culture.visit"

    def action_note_followup(self):
        """Open the dialog of a follow-up, to be kept with this visit.

        :return: an action in a dialog
        :raise AccessError: to who notes no follow-ups, or may not change the visit
        :raise UserError: when one is noted already
        """
        self.ensure_one()
        self.check_access("write")
        self.env["culture.followup"].check_access("create")
        person = self._person_in_reach()
        self._check_free_for("followup_id", person)
        return self.env["culture.followup.note"]._action_note_visit(self, person)

    def action_register(self):
        """Open the choice of outings for the person; who it is comes first.

        :return: an action in a dialog
        :raise AccessError: to who may not change the visit
        :raise UserError: when there is a registration already
        """
        self.ensure_one()
        self.check_access("write")
        person = self._person_in_reach()
        self._check_free_for("registration_id", person)
        assistants = self.env["culture.visit.register"]
        assistant = assistants.create(
            {"visit_id": self.id, "beneficiary_id": person.id}
        )
        if person:
            return assistant.action_next()
        return dialog(assistant, self.env._("Register"))

    def _person_in_reach(self):
        """Whose visit it is, for whom that is told.

        :return: ``culture.beneficiary``, none for a visit without a name
        :raise AccessError: when it is named, and not told to the user: neither who it
            was, nor who it was not
        """
        person = self.person_id
        if not person and self.sudo().beneficiary_id:
            raise refusal(self.env)
        return person

    def _check_free_for(self, name, person):
        """A visit is of one person, and becomes one follow-up and one registration.

        sudo: of the column that has no access, whether it is empty.
        """
        if self.sudo()[name]:
            raise UserError(
                self.env._("Somebody has just done this: look at the visit again.")
            )
        known = self._person_in_reach()
        if known and known != person:
            raise UserError(self.env._("This visit is of another person."))

    def _become(self, name, record):
        """Link the visit to what came of it, and to its person.

        sudo: the columns have no access; the user may change the visit and has just
        made the record, which the rules of the person have let through.

        :param name: ``followup_id`` or ``registration_id``
        :param record: of a person
        """
        self.ensure_one()
        self.check_access("write")
        record.check_access("read")
        # of two at once, the second one waits, fails and reads that it is done
        self._lock_quietly()
        person = record.beneficiary_id
        self._check_free_for(name, person)
        self.sudo().write({"beneficiary_id": person.id, name: record.id})

    @api.model
    def _forget(self, followups):
        """A follow-up is deleted: it was a mistake, and so was the name here.

        sudo: whoever deletes the follow-up; with a registration the name stays.
        """
        visits = self.sudo().search([("followup_id", "in", followups.ids)])
        alone = visits.filtered(lambda visit: not visit.registration_id)
        visits.write({"followup_id": False})
        alone.write({"beneficiary_id": False})
