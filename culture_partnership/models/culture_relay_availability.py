from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .culture_relay import GIVEN_STATES

DORMANT_DAYS = 60


class CultureRelay(models.Model):
    """When a relay can be asked, and the next step with who was not for long."""

    _inherit = "culture.relay"

    available = fields.Boolean(
        string="Can be asked",
        default=True,
        help="A relay in pause is not proposed for outings.",
    )
    back_on = fields.Date(
        string="Can be asked again on", help="The pause ends by itself on that day."
    )
    availability = fields.Char(help="In words: evenings, Saturdays, not in July.")
    is_paused = fields.Boolean(
        string="In pause", compute="_compute_is_paused", search="_search_is_paused"
    )
    is_dormant = fields.Boolean(
        string="Without activity for 60 days",
        compute="_compute_is_dormant",
        search="_search_is_dormant",
    )
    may_change = fields.Boolean(
        compute="_compute_may_change", export_string_translation=False
    )
    phone = fields.Char(related="partner_id.phone", related_sudo=False)

    @api.depends("available", "back_on")
    def _compute_is_paused(self):
        today = fields.Date.context_today(self)
        for relay in self:
            relay.is_paused = not relay._available_on(today)

    def _search_is_paused(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        later = Domain("back_on", "=", False) | Domain("back_on", ">", today)
        return Domain("available", "=", False) & later

    def _available_on(self, day):
        """Whether the relay can be asked for a day.

        :param day: date
        :return: bool
        """
        self.ensure_one()
        return self.available or bool(self.back_on and self.back_on <= day)

    @api.depends("outing_ids.date_begin", "outing_ids.state", "available", "back_on")
    def _compute_is_dormant(self):
        known = self.filtered("id")
        dormant = known.search(
            Domain("id", "in", known.ids) & Domain("is_dormant", "=", True)
        )
        for relay in self:
            relay.is_dormant = relay._origin in dormant

    def _search_is_dormant(self, operator, value):
        if operator != "in":
            return NotImplemented
        since = fields.Datetime.now() - timedelta(days=DORMANT_DAYS)
        # an outing to come counts: the next step is taken
        lately = [("state", "in", GIVEN_STATES), ("date_begin", ">=", since)]
        return Domain("outing_ids", "not any!", lately) & Domain(
            "is_paused", "=", False
        )

    @api.depends_context("uid")
    def _compute_may_change(self):
        mine = self._filtered_access("write")
        for relay in self:
            relay.may_change = relay in mine

    # --------------------------------------------------------------------- acts

    def action_pause(self):
        """Ask this relay no more, until somebody says so."""
        self.write({"available": False, "back_on": False})

    def action_end_pause(self):
        """Ask this relay again."""
        self.write({"available": True, "back_on": False})

    def action_outings_to_propose(self):
        """Open the outings to come that nobody escorts, to propose one of them.

        :return: a window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "culture_partnership.culture_outing_action"
        )
        return dict(
            action,
            name=self.env._("Outings without escort"),
            context={"search_default_upcoming": 1, "search_default_without_escort": 1},
        )
