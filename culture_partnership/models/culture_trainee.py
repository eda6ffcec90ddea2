from odoo import models

RENEWAL_TYPE = "culture_partnership.activity_type_training_renewal"


class CultureTrainee(models.AbstractModel):
    """The card of who follows trainings: a relay or a referent."""

    _name = "culture.trainee"
    _inherit = ["culture.guarded", "culture.threadless"]
    _description = "Card of who follows trainings"

    def action_note_training(self):
        """Open the assistant that notes a training, for these people.

        :return: an action in a dialog
        """
        return self.env["culture.training.note"]._action_for(self)

    # -------------------------------------------------------------- who is told

    def _file_label(self):
        """What stands for the card in activities: no name."""
        return self.env._("Card no. %(number)s", number=self.id)

    def _who_renews(self):
        """Who sees to the next training of this person.

        :return: ``res.users``, empty when nobody with a role can
        """
        return self._first_reader(self._holders("coordinator", self.structure_id))

    def _holders(self, role, structure):
        return self.env["culture.scope"]._holders(role, structure, self.company_id)

    def _withdraw_renewals(self):
        """Take back what asks for a training that was followed meanwhile.

        sudo: the application's own reminders of these cards, whoever has them.
        """
        trainings = self.env["culture.training"].sudo()
        field = trainings._person_field(self._name)
        due = trainings.search([(field, "in", self.ids), ("to_renew", "=", True)])
        self.env["mail.activity"].sudo().search(
            [
                ("activity_type_id", "=", self.env.ref(RENEWAL_TYPE).id),
                ("res_model", "=", self._name),
                ("res_id", "in", (self - due[field]).ids),
            ]
        ).unlink()
