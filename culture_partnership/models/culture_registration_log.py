from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .culture_registration_rules import STATES


class CultureRegistrationLog(models.Model):
    """The trace of a registration: who, when, from which state to which, why.

    Lean and append-only: written in one INSERT a batch, whatever the number of
    registrations, and never changed.
    """

    _name = "culture.registration.log"
    _inherit = ["culture.guarded"]
    _description = "History of a registration"
    _order = "id desc"
    _rec_names_search = ("user_id",)
    _log_access = False

    registration_id = fields.Many2one(
        "culture.registration", required=True, index=True, ondelete="cascade"
    )
    date = fields.Datetime(required=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    state_from = fields.Selection(STATES, string="Before")
    state_to = fields.Selection(STATES, string="After", required=True)
    reason_id = fields.Many2one("culture.reason", ondelete="set null")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    origin = fields.Char(string="How", compute="_compute_origin")

    @api.depends("user_id")
    @api.depends_context("lang")
    def _compute_origin(self):
        """Nobody is signed in on the page of a message's link, and nowhere else."""
        public = self.env.ref("base.public_user")
        for row in self:
            by_link = row.user_id == public
            row.origin = by_link and self.env._("Answer by the link")

    @api.model
    def _append(self, lines, before):
        """Add one row a registration.

        Plain SQL: nobody has a right to create traces, and 100 rows cost as much
        as one.

        :param lines: ``culture.registration`` records, changed
        :param before: former state by registration id, None at creation
        """
        if not lines:
            return
        lines.flush_recordset(["state", "reason_id"])
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO culture_registration_log
                    (registration_id, date, user_id, state_from, state_to,
                     reason_id, company_id)
                SELECT line.id, %s, %s, former.state, line.state,
                       line.reason_id, line.company_id
                  FROM unnest(%s::int[], %s::varchar[]) AS former(id, state)
                  JOIN culture_registration line ON line.id = former.id
                 WHERE former.state IS DISTINCT FROM line.state
                 ORDER BY line.id
                """,
                fields.Datetime.now(),
                self.env.uid,
                list(before),
                list(before.values()),
            )
        )
        lines.invalidate_recordset(["log_ids"], flush=False)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The history is not changed."))

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise UserError(self.env._("The history is written by the application."))
