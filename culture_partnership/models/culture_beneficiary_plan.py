from odoo import api, fields, models

from .culture_beneficiary_stages import STARTING, StageEvent
from .ir_rule import refusal

OPEN = [("date_end", "=", False)]


class CultureBeneficiary(models.Model):
    """The plan built with the person, at a glance in the file."""

    _inherit = "culture.beneficiary"

    accompaniment_ids = fields.One2many(
        "culture.accompaniment", "beneficiary_id", string="Plans", copy=False
    )
    plan_id = fields.Many2one("culture.accompaniment", compute="_compute_plan")
    plan_words = fields.Text(related="plan_id.words", related_sudo=False)
    plan_review_date = fields.Date(related="plan_id.review_date", related_sudo=False)
    plan_agreed_date = fields.Date(related="plan_id.agreed_date", related_sudo=False)
    plan_goal_ids = fields.One2many(related="plan_id.goal_ids", related_sudo=False)
    former_plan_ids = fields.One2many(
        "culture.accompaniment",
        "beneficiary_id",
        string="Former versions",
        domain=[("date_end", "!=", False)],
    )
    goal_reached_count = fields.Integer(string="Goals reached", compute="_compute_plan")

    @api.depends("accompaniment_ids.date_end", "accompaniment_ids.goal_ids.state")
    @api.depends_context("uid")
    def _compute_plan(self):
        """As the reader may read them: a count never tells more than the list."""
        theirs = [("beneficiary_id", "in", self.ids)]
        plans = self.env["culture.accompaniment"]
        reached = {}
        if plans.has_access("read"):
            plans = plans.search_fetch([*theirs, *OPEN], ["beneficiary_id"])
            reached = dict(
                self.env["culture.goal"]._read_group(
                    [*theirs, ("state", "=", "reached")],
                    ["beneficiary_id"],
                    ["__count"],
                )
            )
        by_person = {plan.beneficiary_id: plan for plan in plans}
        for person in self:
            person.plan_id = by_person.get(person._origin)
            person.goal_reached_count = reached.get(person._origin, 0)

    @api.depends("accompaniment_ids.date_end")
    def _compute_stage_proposal(self):
        return super()._compute_stage_proposal()

    def _stage_events(self):
        """Who has written a plan with the person accompanies: once a plan."""
        events = super()._stage_events()
        if not self:
            return events
        words = self.env._("A plan is written together.")
        for plan in self.env["culture.accompaniment"].search_fetch(
            [("beneficiary_id", "in", self.ids), *OPEN], ["beneficiary_id"]
        ):
            events[plan.beneficiary_id.id].append(
                StageEvent(STARTING, "accompanied", "plan", words)
            )
        return events

    def write(self, vals):
        result = super().write(vals)
        if "referent_id" in vals:
            self._hand_over_plans()
        return result

    def _hand_over_plans(self):
        """The open plan goes with the person; those that ended say whose they were.

        sudo: they follow their person, whoever may write the person.
        """
        plans = self.env["culture.accompaniment"].sudo()
        for referent, people in self.sudo().grouped("referent_id").items():
            open_plans = plans.search([("beneficiary_id", "in", people.ids), *OPEN])
            open_plans.write({"referent_id": referent.id})
            open_plans._put_review()

    # -------------------------------------------------------------------- acts

    def action_write_plan(self):
        """Open the plan of this person, begun if there is none.

        :return: an action: its page
        :raise AccessError: when there is none and it is not the user's to begin
        """
        self.ensure_one()
        self.check_access("read")
        if not self.plan_id:
            if not self.is_mine:
                raise refusal(self.env)
            # of two at once, the second finds what the first began
            self._lock_quietly()
        plan = self.plan_id or self.plan_id.create({"beneficiary_id": self.id})
        return plan._action_show()
