from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .culture_referent import FOLLOWED_STAGES


class CultureBeneficiary(models.Model):
    """Who follows the person, and what a change of referent moves."""

    _inherit = "culture.beneficiary"

    may_hand_over = fields.Boolean(
        compute="_compute_may_hand_over", export_string_translation=False
    )

    @api.depends("referent_id", "structure_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_hand_over(self):
        """Who replaces a referent, or opened the file for a day, hands over nothing."""
        coordinated = self.env["culture.role"]._structures("coordinator")
        for person in self:
            card = person.sudo().referent_id
            person.may_hand_over = bool(card) and (
                card.user_id == self.env.user or person.structure_id in coordinated
            )

    @api.model
    def _handover_effect(self, referent, count):
        """What accepting a handover does, in figures.

        :return: a translated sentence
        """
        if count == 1:
            return self.env._(
                "The access of %(referent)s to this file ends on acceptance.",
                referent=referent,
            )
        return self.env._(
            "The access of %(referent)s to these %(n)s files ends on acceptance.",
            referent=referent,
            n=count,
        )

    def action_hand_over(self):
        """Open the assistant that proposes these files to a colleague.

        :return: an action in a dialog
        """
        assistants = self.env["culture.handover.propose"]
        return assistants._action_open_on(self, self.env._("Hand over"))

    def action_assign(self):
        """Open the assistant that gives these files to a referent.

        :return: an action in a dialog
        """
        assistants = self.env["culture.assign"]
        return assistants._action_open_on(self, self.env._("Assign to"))

    @api.depends("referent_id")
    @api.depends_context("lang")
    def _compute_referent_warning(self):
        """Said while choosing, not a refusal: who else would follow the person?"""
        for person in self:
            card = person.referent_id.sudo()
            chosen = card != person._origin.referent_id
            over = card and card.caseload + int(chosen) > card.capacity
            person.referent_warning = bool(over) and self.env._(
                "%(referent)s follows %(caseload)s persons of %(capacity)s already. "
                "Confirm, or choose somebody available.",
                referent=card.name,
                caseload=card.caseload,
                capacity=card.capacity,
            )

    @api.depends("referent_id")
    def _compute_without_referent(self):
        for person in self:
            person.without_referent = (
                not person.sudo().referent_id.has_role
                and person.stage in FOLLOWED_STAGES
            )

    def _search_without_referent(self, operator, value):
        if operator != "in":
            return NotImplemented
        nobody = Domain("referent_id", "=", False) | Domain(
            "referent_id", "any", [("has_role", "=", False)]
        )
        return nobody & Domain("stage", "in", FOLLOWED_STAGES)

    def _check_may_assign(self):
        """Only a coordinator gives a file to another referent.

        A save that ends one's own access would raise half-way: a referent hands
        over by an act of its own.
        """
        if self.env.su:
            return
        coordinated = self.env["culture.role"]._structures("coordinator")
        if self.structure_id - coordinated:
            raise AccessError(
                self.env._(
                    "Only the coordination gives a file to another referent: talk "
                    "to it."
                )
            )

    def _check_may_move(self):
        """Who opened a file for a day does not bring it home to keep it."""
        if self.env.su:
            return
        roles = self.env["culture.role"]
        if self.structure_id - roles._structures("referent", "coordinator"):
            raise roles._out_of_scope_error()

    def _check_in_office(self, vals_list):
        """Nobody is given to who is no referent today: the file would be nobody's."""
        ids = {vals["referent_id"] for vals in vals_list if vals.get("referent_id")}
        cards = self.env["culture.referent"].sudo().browse(ids)
        away = cards.filtered(lambda card: not card.has_role)
        if away and not self.env.su:
            raise UserError(
                self.env._(
                    "%(referent)s holds no role of referent today: choose somebody "
                    "else.",
                    referent=away[0].name,
                )
            )

    def _give_referent_access(self):
        """Open the referent's access row and end the former one at once.

        sudo: nobody writes access rows; this one follows from `referent_id`,
        which its writer had the right to set.
        """
        now = fields.Datetime.now()
        access = self.env["culture.access"].sudo()
        standing = access.search(
            [
                ("beneficiary_id", "in", self.ids),
                ("kind", "=", "referent"),
                ("date_end", "=", False),
            ]
        )
        kept = standing.filtered(
            lambda row: row.user_id == row.beneficiary_id.referent_id.user_id
        )
        (standing - kept).write({"date_end": now})
        standing.flush_recordset(["date_end"])
        access.create(
            [
                {
                    "beneficiary_id": person.id,
                    "user_id": person.referent_id.user_id.id,
                    "kind": "referent",
                    "date_start": now,
                }
                for person in (self - kept.beneficiary_id).sudo()
                if person.referent_id
            ]
        )
        access._sync_replacements(self)
        (standing - kept)._end_other_ways()
        (standing - kept)._pass_on_activities()

    def _copy_down(self, name, models):
        """Refresh what these models copy from the person, an UPDATE each.

        sudo: children follow their parent, whoever may write the parent.

        :param name: field that the models have as the person does
        :param models: names of models
        """
        for value, people in self.sudo().grouped(name).items():
            for model in models:
                lines = self.env[model].sudo()
                lines = lines.search([("beneficiary_id", "in", people.ids)])
                lines.write({name: value.id})
