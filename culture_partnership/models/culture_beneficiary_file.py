from odoo import api, fields, models
from odoo.exceptions import UserError

from .ir_rule import refusal


class CultureBeneficiary(models.Model):
    """The file as people use it: who sees it, what opens it, what it does."""

    _inherit = "culture.beneficiary"

    access_log_ids = fields.One2many(
        "culture.access.log", "beneficiary_id", string="Access log"
    )

    @api.depends("access_ids.date_start", "access_ids.date_end", "structure_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_who_sees(self):
        access = self.env["culture.access"]
        by_person = access._that_count(self).grouped("beneficiary_id")
        for person in self:
            rows = by_person.get(person._origin, access)
            mine = rows.filtered(lambda row: row.user_id == self.env.user)
            sentences = [row._why_mine() for row in mine]
            if not mine:
                sentences.append(
                    self.env._(
                        "You see this file because you coordinate %(structure)s.",
                        structure=person.structure_id.name,
                    )
                )
            sentences += [row._who_else() for row in rows - mine]
            sentences.append(person._what_coordination_sees(follows=bool(mine)))
            line = person.next_registration_id
            if line:
                sentences.append(line.outing_id._what_relays_see(line))
            person.who_sees = "\n".join(filter(None, sentences))

    def _what_coordination_sees(self, follows):
        """Told to who follows the person, and to the coordination itself.

        :param follows: whether the reader follows the person, and notes
        :return: a translated sentence
        """
        if follows:
            return self.env._(
                "The coordination of %(structure)s sees and can change the identity, "
                "the barriers, the needs and the registrations; it reads the plan "
                "and the assessments, and a note only if you share it.",
                structure=self.structure_id.name,
            )
        return self.env._(
            "The coordination of %(structure)s sees and can change the identity, the "
            "barriers, the needs and the registrations; it reads the plan and the "
            "assessments, and a note only if its author shares it.",
            structure=self.structure_id.name,
        )

    # ------------------------------------------------------------------ actions

    def log_opening(self):
        """Log that the user opens this file: the form calls it, and plain reads not.

        :raise AccessError: when the file is not open to the user
        """
        self.ensure_one()
        self.check_access("read")
        self.env["culture.access.log"]._log(self)

    @api.model
    def _action_open_from(self, partner, identity):
        """The file linked to a contact, or a new one filled with `identity`.

        :param partner: ``res.partner``, possibly empty
        :param identity: dict of values to copy
        :return: an ``ir.actions.act_window`` dict
        :raise UserError: when a file exists that the user may not open: it says
            whom to ask, nothing more
        """
        self.check_access("create")
        if not self.env["culture.role"]._roles_in_force() & {"referent", "coordinator"}:
            raise refusal(self.env)
        action = {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "current",
            "name": self.env._("Cultural file"),
        }
        if partner:
            found = self.search([("partner_id", "=", partner.id)], limit=1)
            if found:
                return dict(action, res_id=found.id)
            # sudo: only the existence and whom to ask leave this method
            closed = self.sudo().search(
                [
                    ("partner_id", "=", partner.id),
                    ("company_id", "in", self.env.companies.ids),
                ],
                limit=1,
            )
            if closed:
                raise UserError(self._elsewhere_text(closed.structure_id))
        context = {f"default_{name}": value for name, value in identity.items()}
        return dict(action, context=context)

    def action_register(self):
        """Open the assistant that registers this person for an outing.

        :return: an action in a dialog
        """
        self.ensure_one()
        return self.env["culture.register"]._action_open(beneficiary=self)

    def action_pause(self):
        """Pause the accompaniment; registrations stay."""
        self.write({"stage": "paused"})

    def action_end(self):
        """End the accompaniment; coming back is always possible."""
        self.write({"stage": "left"})

    def action_take_partner_phone(self):
        """Copy the linked contact's phone into the file, never the other way."""
        for person in self:
            person.phone = person.partner_id.phone
