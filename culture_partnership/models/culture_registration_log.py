from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .culture_registration_rules import STATES

SAID = "culture_said_why"
"""Why states change in this transaction; no caller's context reaches it."""

WHYS = [
    ("first", "First outing"),
    ("unserved", "Longest without an outing"),
    ("order", "Order of request"),
    ("choice", "Choice of the coordination"),
    ("expired", "Offer without an answer"),
    ("room", "More places than are left"),
    ("quota", "Places kept for other structures"),
    ("busy", "Another outing at that time"),
    ("minor", "Under 18, without an adult or an escort"),
    ("need", "Access to check with the venue"),
]


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
    why = fields.Selection(WHYS, string="Rule")
    why_text = fields.Char(
        string="What the rule looked at",
        help="Months since the last outing, access needs, or the reason of a choice.",
    )
    why_label = fields.Char(string="Why", compute="_compute_why_label")
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

    @api.depends("why", "why_text", "user_id")
    @api.depends_context("lang")
    def _compute_why_label(self):
        for log in self:
            log.why_label = log.why and log._words(log.why, log.why_text)

    def _words(self, why, value=""):
        """Why, in plain words.

        :param why: one of ``WHYS``
        :param value: what the rule looked at
        :return: translated text
        """
        if why == "choice":
            # sudo: the name of a colleague, as everywhere
            name = self.sudo().user_id.name or self.env.user.name
            return self.env._("Choice of %(name)s: %(reason)s", name=name, reason=value)
        if why == "unserved":
            if value == "1":
                return self.env._("Has waited for 1 month")
            if value in ("", "0"):
                return self.env._("Has waited for less than a month")
            return self.env._("Has waited for %(n)s months", n=value)
        label = dict(self._fields["why"]._description_selection(self.env))[why]
        if value:
            return self.env._("%(why)s: %(value)s", why=label, value=value)
        return label

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
        said = self.env.cr.cache.get(SAID, {})
        whys = [said.get(id_, (None, None)) for id_ in before]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO culture_registration_log
                    (registration_id, date, user_id, state_from, state_to,
                     reason_id, why, why_text, company_id)
                SELECT line.id, %s, %s, former.state, line.state,
                       line.reason_id, former.why, NULLIF(former.text, ''),
                       line.company_id
                  FROM unnest(%s::int[], %s::varchar[], %s::varchar[], %s::varchar[])
                       AS former(id, state, why, text)
                  JOIN culture_registration line ON line.id = former.id
                 WHERE former.state IS DISTINCT FROM line.state
                 ORDER BY line.id
                """,
                fields.Datetime.now(),
                self.env.uid,
                list(before),
                list(before.values()),
                [why for why, __ in whys],
                [text for __, text in whys],
            )
        )
        lines.invalidate_recordset(["log_ids"], flush=False)

    @api.model
    def _note(self, passed):
        """Say why a place went past somebody on the waiting list, once.

        Not again while nothing else has happened to the registration since.

        :param passed: code and value of why by registration id
        """
        if not passed:
            return
        lines = self.env["culture.registration"].browse(passed)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO culture_registration_log
                    (registration_id, date, user_id, state_from, state_to,
                     why, why_text, company_id)
                SELECT line.id, %s, %s, line.state, line.state,
                       passed.why, NULLIF(passed.text, ''), line.company_id
                  FROM unnest(%s::int[], %s::varchar[], %s::varchar[])
                       AS passed(id, why, text)
                  JOIN culture_registration line ON line.id = passed.id
                  LEFT JOIN LATERAL (
                      SELECT log.why FROM culture_registration_log log
                       WHERE log.registration_id = line.id
                       ORDER BY log.id DESC LIMIT 1) latest ON TRUE
                 WHERE latest.why IS DISTINCT FROM passed.why
                 ORDER BY line.id
                """,
                fields.Datetime.now(),
                self.env.uid,
                list(passed),
                [why for why, __ in passed.values()],
                [text for __, text in passed.values()],
            )
        )
        lines.invalidate_recordset(["log_ids"], flush=False)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The history is not changed."))

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise UserError(self.env._("The history is written by the application."))
