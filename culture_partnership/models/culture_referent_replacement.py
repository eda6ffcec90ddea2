from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

REPLACEMENT = {"replacement_id", "replacement_start", "replacement_end"}


class CultureReferent(models.Model):
    """Who replaces a referent, from the first day to the last one, both included."""

    _inherit = "culture.referent"

    may_be_replaced = fields.Boolean(
        compute="_compute_may_be_replaced", export_string_translation=False
    )

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("user_id", "structure_id")
    def _compute_may_be_replaced(self):
        coordinated = self.env["culture.role"]._structures("coordinator")
        for card in self:
            own = card.user_id == self.env.user
            card.may_be_replaced = own or card.structure_id in coordinated

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        for card, vals in zip(cards, vals_list, strict=True):
            if vals.get("replacement_id"):
                card._check_may_say_who_replaces()
                card._check_replacement()
        return cards

    def write(self, vals):
        if not vals.keys() & REPLACEMENT:
            return super().write(vals)
        self._check_may_say_who_replaces()
        result = super().write(vals)
        self._check_replacement()
        self.env["culture.access"]._sync_replacements(self._followed())
        return result

    def _be_replaced(self, colleague, first_day=False, last_day=False):
        """Say who replaces this referent; nobody any more when `colleague` is empty.

        sudo: referents only read cards; on their own, they set these three fields.

        :param colleague: ``culture.referent``, possibly empty
        :param first_day: date, included
        :param last_day: date, included
        :raise AccessError: when it is not for the user to say
        :raise UserError: when the colleague has no role where the persons are followed
        """
        self.ensure_one()
        self.check_access("read")
        colleague.check_access("read")
        self._check_may_say_who_replaces()
        card = self.sudo()
        card.write(
            {
                "replacement_id": colleague.id,
                "replacement_start": first_day,
                "replacement_end": last_day,
            }
        )
        card._refuse_bad_replacement()

    def _replacement_period(self):
        """Dates of the replacement's accesses.

        :return: pair of datetimes, the end excluded, or of False without replacement
        """
        if not (
            self.replacement_id and self.replacement_start and self.replacement_end
        ):
            return False, False
        midnight = self.company_id._culture_midnight
        after = self.replacement_end + timedelta(days=1)
        return midnight(self.replacement_start), midnight(after)

    def _followed(self):
        """sudo: the persons that these referents follow, archived ones too."""
        people = self.env["culture.beneficiary"].sudo().with_context(active_test=False)
        return people.search([("referent_id", "in", self.ids)])

    # ------------------------------------------------------------------ checks

    def _check_may_say_who_replaces(self):
        """Referents for themselves, coordinators in their scope; nobody else.

        To name who replaces is to open files: an administrator keeps cards, and
        opens no file. Nor does anybody open what they reach no more themselves.
        """
        if self.env.su:
            return
        roles = self.env["culture.role"]
        for card in self:
            mine = roles._structures("coordinator", company=card.company_id)
            if card.user_id == self.env.user:
                mine |= roles._structures("referent", company=card.company_id)
            if (card.structure_id | card._followed().structure_id) - mine:
                raise AccessError(
                    self.env._(
                        "Only the coordination of these persons' structures, or the "
                        "referent who follows them, says who replaces."
                    )
                )

    def _check_replacement(self):
        if not self.env.su:
            self.sudo()._refuse_bad_replacement()

    def _refuse_bad_replacement(self):
        for card in self.filtered("replacement_id"):
            if card.replacement_id == card:
                raise UserError(self.env._("Replaced by: choose a colleague."))
            start, end = card._replacement_period()
            now = fields.Datetime.now()
            if not end or end <= now:
                raise UserError(
                    self.env._(
                        "Replacement: give a first day, and a last day that is not "
                        "over."
                    )
                )
            structures = card._followed().structure_id or card.structure_id
            card.replacement_id._check_covers(structures, max(start, now))

    def _check_covers(self, structures, moment=None):
        """Whether this agent may follow people in all of these structures.

        :param structures: ``res.partner`` records
        :param moment: datetime, now when there is none
        :raise UserError: names those where the agent is no referent
        """
        if missing := structures - self._structures_covered(moment):
            raise self._not_covered(missing)

    def _not_covered(self, structures):
        return UserError(
            self.env._(
                "%(referent)s holds no role of referent in: %(structures)s. Choose "
                "somebody else, or have the role given first.",
                referent=self.name,
                structures=", ".join(structures.mapped("name")),
            )
        )

    def _structures_covered(self, moment=None):
        """Structures in which this agent is a referent.

        sudo: where a colleague works is told by the card already.

        :param moment: datetime, now when there is none
        :return: ``res.partner`` records
        """
        moment = moment or fields.Datetime.now()
        scope = (
            self.env["culture.scope"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.sudo().user_id.id),
                    ("role", "=", "referent"),
                    ("company_id", "=", self.sudo().company_id.id),
                    ("date_start", "<=", moment),
                    "|",
                    ("date_end", "=", False),
                    ("date_end", ">", moment),
                ]
            )
        )
        return scope.structure_id

    # ------------------------------------------------------------------ actions

    def action_be_replaced(self):
        """Open the assistant that says who replaces this referent, and when.

        :return: an action in a dialog
        """
        self.ensure_one()
        return self.env["culture.replacement"]._action_open(self)

    def action_hand_over(self):
        """Open the assistant that hands over this referent's files.

        :return: an action in a dialog
        """
        self.ensure_one()
        people = self.env["culture.beneficiary"].search([("referent_id", "=", self.id)])
        return people.action_hand_over()
