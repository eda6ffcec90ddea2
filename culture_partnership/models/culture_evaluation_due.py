from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .culture_convention_life import SIGNED

ALERT_DAYS = 30
DUTY_TYPE = "culture_partnership.activity_type_evaluation_due"


class CultureEvaluationDue(models.Model):
    """An evaluation that the convention promises, and by when."""

    _name = "culture.evaluation.due"
    _inherit = ["culture.guarded"]
    _description = "Evaluation due"
    _order = "due_date, id"

    convention_id = fields.Many2one(
        "culture.convention", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="convention_id.company_id", store=True, precompute=True, index=True
    )
    name = fields.Char(string="What is due", required=True)
    due_date = fields.Date(string="Due on", required=True)
    done_date = fields.Date(string="Handed in on", copy=False)
    document = fields.Binary(
        string="Document (PDF)",
        attachment=True,
        copy=False,
        help="A PDF of 10 MB at most, without the name of anyone accompanied.",
    )
    document_name = fields.Char(copy=False)
    status = fields.Selection(
        [("to_come", "To come"), ("late", "Late"), ("done", "Done")],
        compute="_compute_status",
    )
    is_late = fields.Boolean(compute="_compute_status", search="_search_is_late")
    alert_date = fields.Date(string="Alert given on", readonly=True, copy=False)
    activity_id = fields.Many2one(
        "mail.activity", copy=False, ondelete="set null", groups=fields.NO_ACCESS
    )

    @api.depends("due_date", "done_date", "company_id")
    def _compute_status(self):
        for due in self:
            late = (
                not due.done_date
                and due.due_date
                and due.due_date < due.convention_id._today()
            )
            due.is_late = late
            due.status = "done" if due.done_date else "late" if late else "to_come"

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return Domain("done_date", "=", False) & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("due_date", "<", company._culture_day(now))
            for company in self.env.companies
        )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("done_date"):
            self._close_alerts()
        elif "due_date" in vals:
            self._close_alerts()
            self.alert_date = False
        return result

    @api.constrains("document", "document_name")
    def _check_document(self):
        for due in self.with_context(bin_size=False):
            due.convention_id._check_pdf(due.document, due.document_name)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(due.convention_id.state != "draft" for due in self):
            raise UserError(
                self.env._("What a convention owes is deleted from a draft only.")
            )

    def action_done(self):
        """Note that the evaluation was handed in today."""
        for due in self.filtered(lambda due: not due.done_date):
            due.done_date = due.convention_id._today()

    # -------------------------------------------------------------------- alert

    @api.model
    def _cron_alert(self):
        """Tell of each evaluation due within a month, or late already, once."""
        open_ones = self.search(
            [
                ("done_date", "=", False),
                ("alert_date", "=", False),
                "|",
                ("convention_id.state", "in", list(SIGNED)),
                ("convention_id.terminated_date", "!=", False),
            ]
        )
        for due in open_ones:
            today = due.convention_id._today()
            if fields.Date.subtract(due.due_date, days=ALERT_DAYS) <= today:
                due._give_alert(today)

    def _give_alert(self, today):
        convention = self.convention_id
        user = convention._who_is_told()
        if not user:
            return
        words = self.with_context(lang=user.lang).env
        self.activity_id = convention.activity_schedule(
            DUTY_TYPE,
            self.due_date,
            words._("Evaluation due: %(what)s", what=self.name),
            user_id=user.id,
        )
        self.alert_date = today

    def _close_alerts(self):
        # sudo: which activity, kept from users; it is closed with their own rights
        activities = self.sudo().activity_id.filtered("active")
        activities.with_env(self.env).action_feedback()
