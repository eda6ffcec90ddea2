from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .ir_rule import refusal

REVIEW_TYPE = "culture_partnership.activity_type_access_review"


class CultureAccess(models.Model):
    """Break-glass accesses, read again by the coordination of the structure."""

    _inherit = "culture.access"

    reviewed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    reviewed_date = fields.Datetime(string="Reviewed on", readonly=True)
    to_review = fields.Boolean(
        string="To review",
        compute="_compute_to_review",
        search="_search_to_review",
        help="A break-glass access in your scope that nobody has read again.",
    )

    _break_glass_unread = models.Index(
        "(company_id, date_start) WHERE kind = 'break_glass' AND reviewed_date IS NULL"
    )

    @api.depends("kind", "reviewed_date", "user_id")
    @api.depends_context("uid")
    def _compute_to_review(self):
        unread = self.search(
            Domain("id", "in", self.ids) & Domain("to_review", "=", True)
        )
        for row in self:
            row.to_review = row._origin in unread

    def _search_to_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        places = [
            Domain("beneficiary_id.structure_id", "in", list(structures))
            & Domain("company_id", "=", company_id)
            for company_id, structures in self._reach().coordinated.items()
        ]
        unread = Domain("kind", "=", "break_glass") & Domain(
            "reviewed_date", "=", False
        )
        return unread & Domain("user_id", "!=", self.env.uid) & Domain.OR(places)

    def action_review(self):
        """Note that these accesses were read again, by the user, now.

        sudo: nobody writes access rows; only these two fields, on rows that the
        user has to review.

        :raise AccessError: when one of them is not the user's to review
        """
        self.check_access("read")
        unread = self.filtered(lambda row: not row.reviewed_date)
        if unread.filtered(lambda row: not row.to_review):
            raise refusal(self.env)
        unread.sudo().write(
            {"reviewed_by_id": self.env.uid, "reviewed_date": fields.Datetime.now()}
        )
        if not self.search_count([("to_review", "=", True)], limit=1):
            self._reminders(self.env.user).unlink()

    @api.model
    def _open_by_number(self, number, reason):
        """Open a file for 24 hours to the current user, and tell who follows it.

        sudo: the file is not the user's to read yet. It is looked for in the
        companies in which the user is a referent or a coordinator, nowhere else.

        :param number: file number
        :param reason: why, in the user's words
        :return: the ``culture.beneficiary``, as the user
        :raise UserError: when no such file is there, or when it is open already
        """
        companies = self.env["culture.role"]._mine()
        companies = companies.filtered(lambda r: r.role in ("referent", "coordinator"))
        if not companies:
            raise refusal(self.env)
        people = self.env["culture.beneficiary"]
        person = people.sudo().search(
            [
                ("reference", "=", number),
                ("company_id", "in", companies.company_id.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="company_id",
            limit=1,
        )
        if not person:
            raise UserError(
                self.env._(
                    "No file has this number here. Check the number, or talk to the "
                    "coordination of your structure."
                )
            )
        person._lock_quietly()
        mine = person.with_env(self.env)
        if mine.has_access("read"):
            raise UserError(
                self.env._("This file is open to you already: look for its number.")
            )
        now = fields.Datetime.now()
        self.sudo().create(
            {
                "beneficiary_id": person.id,
                "user_id": self.env.uid,
                "kind": "break_glass",
                "date_start": now,
                "date_end": fields.Datetime.add(now, hours=24),
                "reason": reason,
            }
        )
        person._tell_of_break_glass()
        return mine

    # ---------------------------------------------------------------- reminders

    @api.model
    def _reminders(self, user):
        """sudo: what reminds this coordinator of the review; no other activity."""
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("activity_type_id", "=", self.env.ref(REVIEW_TYPE).id),
                    ("res_model", "=", "culture.beneficiary"),
                    ("user_id", "=", user.id),
                ]
            )
        )

    @api.model
    def _cron_ask_review(self):
        """Remind each coordination once of the accesses that nobody has read again.

        What says that it was done is the open reminder itself: a missed week, or a
        reminder ticked off without reading, is made up for at the next run.
        """
        now = fields.Datetime.now()
        unread = self.sudo().search(
            [
                ("kind", "=", "break_glass"),
                ("reviewed_date", "=", False),
                ("date_start", "<=", now),
            ],
            order="date_start, id",
        )
        by_user = {}
        for row in unread:
            for user in row._coordinators():
                by_user.setdefault(user, self.browse())
                by_user[user] |= row
        for user, rows in by_user.items():
            if not self._reminders(user):
                rows[0].beneficiary_id._remind_of_review(user, len(rows))

    def _coordinators(self):
        """Who may review this access: coordinators of the structure, but its user."""
        structure = self.beneficiary_id.structure_id
        holders = self.env["culture.scope"]._holders(
            "coordinator", structure, self.company_id
        )
        return holders - self.user_id
