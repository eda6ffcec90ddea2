import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.mail import html2plaintext, plaintext2html

from ..tools.dialogs import dialog
from ..tools.texts import several_lines
from .ir_rule import refusal

_logger = logging.getLogger(__name__)

REPORT_TYPE = "culture_partnership.activity_type_outing_report"
WORD_SUBTYPE = "culture_partnership.message_subtype_word"
PRINTED = "culture_partnership.culture_outing_report_outing_report"
DAYS_PARAMETER = "culture_partnership.outing_report_days"
USUAL_DAYS = 15
LONGEST_WORD = 2000
ASKED_AT_ONCE = 100
HELD = ("published", "closed", "done")


class CultureOuting(models.Model):
    """How an outing went: a word of who was there, and what is still missing.

    No name of anyone accompanied: whoever sees the outing reads it. What a person says
    of it is a follow-up in the person's file.
    """

    _inherit = "culture.outing"

    report_text = fields.Text(string="How it went", copy=False)
    word_date = fields.Date(string="Last word on it", readonly=True, copy=False)
    report_told_date = fields.Date(
        copy=False, groups=fields.NO_ACCESS, export_string_translation=False
    )
    words = fields.Html(
        string="Words of who was there", compute="_compute_words", sanitize=False
    )
    places_used = fields.Integer(string="Places used", compute="_compute_places_used")
    report_missing = fields.Char(string="Still missing", compute="_compute_report")
    report_due = fields.Boolean(
        string="Outing report expected",
        compute="_compute_report",
        search="_search_report_due",
    )
    may_say_word = fields.Boolean(
        compute="_compute_may_say_word", export_string_translation=False
    )

    # ---------------------------------------------------------------- computes

    @api.depends("registration_ids.state", "registration_ids.seats_attended")
    def _compute_places_used(self):
        """sudo: a sum of the outing, nothing of a person."""
        found = dict(
            self.env["culture.registration"]
            .sudo()
            ._read_group(
                [("outing_id", "in", self.ids), ("state", "=", "attended")],
                ["outing_id"],
                ["seats_attended:sum"],
            )
        )
        used = {outing.id: seats for outing, seats in found.items()}
        for outing in self:
            outing.places_used = used.get(outing._origin.id, 0)

    @api.depends("message_ids")
    @api.depends_context("lang", "tz")
    def _compute_words(self):
        """Of relays who escorted, and of colleagues: who reads the outing reads them.

        sudo: messages of the outing that its readers have under it.
        """
        kind = self.env.ref(WORD_SUBTYPE, raise_if_not_found=False)
        for outing in self:
            escorts = outing.sudo().escort_ids.partner_id
            said = outing.sudo().message_ids.filtered(
                lambda m, escorts=escorts: (
                    m.message_type == "comment"
                    and (m.subtype_id == kind or m.author_id in escorts)
                )
            )
            outing.words = Markup("").join(
                Markup("<p><strong>%s</strong>, %s</p>%s")
                % (
                    message.author_id.name or "",
                    outing._day_words(message.date, self.env._("d MMMM")),
                    message.body,
                )
                for message in said.sorted("date")
            )

    @api.depends("word_date", "state", "date_end", "seats_taken", "unrecorded_count")
    @api.depends_context("lang")
    def _compute_report(self):
        before = self._reports_expected_before()
        for outing in self:
            over = (
                outing.state in HELD
                and outing.seats_taken
                and outing.date_end
                and outing.date_end <= fields.Datetime.now()
            )
            missing = outing._missing_in_report() if over else []
            outing.report_missing = ", ".join(missing)
            outing.report_due = bool(missing) and outing.date_end <= before

    def _missing_in_report(self):
        missing = []
        if self.unrecorded_count == 1:
            missing.append(self.env._("1 attendance to record"))
        elif self.unrecorded_count:
            missing.append(
                self.env._("%(n)s attendances to record", n=self.unrecorded_count)
            )
        if not self.word_date:
            missing.append(self.env._("a word on the outing"))
        return missing

    def _search_report_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        # any!: whether attendance is missing is a number that each reader is shown
        not_recorded = Domain(
            "registration_ids", "any!", Domain("state", "=", "confirmed")
        )
        return (
            Domain("state", "in", HELD)
            & Domain("seats_taken", ">", 0)
            & Domain("date_end", "<=", self._reports_expected_before())
            & (Domain("word_date", "=", False) | not_recorded)
        )

    @api.model
    def _reports_expected_before(self):
        """Outings that ended before this moment owe a report."""
        # sudo: a number of days that the administrator sets
        days = self.env["ir.config_parameter"].sudo().get_param(DAYS_PARAMETER)
        days = int(days) if (days or "").isdigit() else USUAL_DAYS
        return fields.Datetime.now() - timedelta(days=days)

    @api.depends_context("uid")
    def _compute_may_say_word(self):
        writable = self._origin._filtered_access("write")
        for outing in self:
            begun = outing.has_started and outing.state in HELD
            outing.may_say_word = begun and (
                outing._origin in writable
                or bool(outing.my_people_count)
                or outing._i_was_there()
            )

    def _i_was_there(self):
        mine = self.env["culture.referent"]._mine()
        # sudo: the user's own card among those who came
        return bool(mine & self._origin.sudo().joined_ids.sudo(False))

    # ------------------------------------------------------------------- words

    def write(self, vals):
        result = super().write(vals)
        if (vals.get("report_text") or "").strip():
            self._word_said()
        return result

    @api.model
    def _check_filled_by_us(self, vals):
        if "word_date" in vals and not self.env.su:
            raise AccessError(
                self.env._("Last word on it: this is filled by the application.")
            )
        return super()._check_filled_by_us(vals)

    def action_say_word(self):
        """Open the dialog for a word on how it went.

        :return: an action in a dialog
        """
        self.ensure_one()
        return dialog(
            self.env["culture.outing.word"],
            self.env._("A word on the outing"),
            default_outing_id=self.id,
        )

    def _say_word(self, text):
        """Keep a word of the user's on how the outing went.

        :param text: what was typed
        :raise AccessError: for who was not there, follows nobody who was, and does not
            organise it
        :raise UserError: when there is nothing in it, or too much
        """
        self.ensure_one()
        self.check_access("read")
        if not self.may_say_word:
            raise refusal(self.env)
        text = several_lines(text or "")
        if not text:
            raise UserError(self.env._("Your word is empty: write a few words first."))
        if len(text) > LONGEST_WORD:
            raise UserError(
                self.env._("A word: at most %(most)s characters.", most=LONGEST_WORD)
            )
        self.sudo()._keep_word(text)

    def _keep_word(self, text):
        """Keep a word as a note under the outing; the same twice is kept once.

        Nobody is sent it, and its author does not follow the outing. As superuser, of
        who was let in before.

        :param text: several lines, checked
        """
        author = self.env.user.partner_id
        known = self.message_ids.filtered(lambda m: m.author_id == author)
        if text not in {html2plaintext(m.body).strip() for m in known}:
            kind = self.env.ref(WORD_SUBTYPE, raise_if_not_found=False)
            self.with_context(mail_post_autofollow_author_skip=True).message_post(
                body=Markup(plaintext2html(text)),
                author_id=author.id,
                message_type="comment",
                subtype_xmlid=WORD_SUBTYPE if kind else "mail.mt_note",
            )
        self._word_said()

    def _word_said(self):
        """sudo: the date follows from a word that the user had the right to say."""
        for outing in self.sudo():
            outing.word_date = outing.company_id._culture_today()
        self._drop_report_tasks()

    # ------------------------------------------------------------------ report

    def action_print_report(self):
        """Print the report of the outing.

        :return: the action of the report
        :raise UserError: while the outing has not started
        """
        self.check_access("read")
        if not all(outing.has_started and outing.state in HELD for outing in self):
            raise UserError(self.env._("This outing has not started yet."))
        return self.env.ref(PRINTED).report_action(self, config=False)

    @api.model
    def _cron_ask_for_reports(self):
        """Ask who organised it for what is missing, once an outing.

        By `<=` and a date on the row: a job that did not run for a week makes up for
        it, in batches, each kept. What is not missing any more is not asked for.
        """
        self.env["culture.outing"].sudo().search(
            [("id", "in", self._tasks_of_reports().mapped("res_id"))]
        )._drop_report_tasks()
        due = self.sudo().search(
            [("report_due", "=", True), ("report_told_date", "=", False)],
            order="date_end, id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for start in range(0, len(due), ASKED_AT_ONCE):
            outings = due[start : start + ASKED_AT_ONCE]
            for outing in outings:
                outing._ask_for_report()
            _logger.info("Outing reports: %s of %s", start + len(outings), len(due))
            if not cron._commit_progress(len(outings)):
                break

    @api.model
    def _tasks_of_reports(self):
        kind = self.env.ref(REPORT_TYPE, raise_if_not_found=False)
        tasks = self.env["mail.activity"].sudo()
        return tasks.search([("activity_type_id", "=", kind.id if kind else 0)])

    def _ask_for_report(self):
        asked = self._put_task(
            REPORT_TYPE,
            lambda env: env._(
                "Outing report: %(what)s", what=self.with_env(env).report_missing
            ),
        )
        if asked:
            self.report_told_date = self.company_id._culture_today()

    def _drop_report_tasks(self):
        done = self.sudo().filtered(lambda outing: not outing.report_missing)
        done._tasks(REPORT_TYPE).unlink()
