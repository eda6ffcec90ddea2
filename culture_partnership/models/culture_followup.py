from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

FIRST_YEAR = 2000
LONGEST_NOTE = 10_000
ICONS = {
    "interview": "fa-comments-o",
    "call": "fa-phone",
    "visit": "fa-home",
    "desk": "fa-coffee",
    "debrief": "fa-commenting-o",
}


class CultureFollowup(models.Model):
    """One real contact with a person, and what was said, for who follows them.

    The note is nobody's field: it leaves by :meth:`_save_note` and comes back by the
    logged opening of the file (``culture.beneficiary.read_timeline``), for who may
    read the follow-up at that moment. No list, search, group or export has it.
    """

    _name = "culture.followup"
    _inherit = ["culture.person.part"]
    _description = "Follow-up"
    _order = "date desc, id desc"
    _rec_names_search = ("user_id",)
    _asked_for = ("beneficiary_id", "date", "kind")
    _filled_by_application = frozenset({"user_id", "structure_id", "company_id"})

    beneficiary_id = fields.Many2one(
        "culture.beneficiary", string="Person", required=True, ondelete="restrict"
    )
    date = fields.Date(required=True, default=lambda self: self._today())
    kind = fields.Selection(
        [
            ("interview", "Interview"),
            ("call", "Call"),
            ("visit", "Visit paid"),
            ("desk", "At the desk"),
            ("debrief", "Debrief of an outing"),
        ],
        required=True,
        default="interview",
    )
    note = fields.Text(string="Confidential note", copy=False, groups=fields.NO_ACCESS)
    shared = fields.Boolean(string="Shared with the coordination")
    user_id = fields.Many2one(
        "res.users",
        string="Noted by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    may_correct = fields.Boolean(
        compute="_compute_may", export_string_translation=False
    )
    may_delete = fields.Boolean(compute="_compute_may", export_string_translation=False)

    _person_recent = models.Index("(beneficiary_id, date DESC)")
    _structure_shared = models.Index("(structure_id, id DESC) WHERE shared")

    # ---------------------------------------------------------------- computes

    @api.depends("kind", "date")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for followup in self:
            followup.display_name = self.env._(
                "%(kind)s, %(day)s",
                kind=kinds.get(followup.kind, ""),
                day=format_date(self.env, followup.date),
            )
        self._hide_names()

    @api.depends("user_id", "beneficiary_id")
    @api.depends_context("uid")
    def _compute_may(self):
        mine = self._origin._filtered_access("write")
        for followup in self:
            followup.may_correct = followup._origin in mine
            followup.may_delete = (
                followup.may_correct
                and followup.user_id == self.env.user
                and followup._is_of_today()
            )

    def _today(self):
        company = self.company_id or self.env.company
        return company._culture_today()

    def _is_of_today(self):
        """Whether it was noted on the day that it is at the CCAS."""
        return self.company_id._culture_day(self.create_date) == self._today()

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        followups = super().create(vals_list)
        followups._refresh_last_contact()
        return followups

    def write(self, vals):
        if vals.get("shared"):
            self._check_may_share()
        result = super().write(vals)
        if "date" in vals:
            self._refresh_last_contact()
        return result

    def unlink(self):
        people = self.sudo().beneficiary_id
        result = super().unlink()
        people._refresh_last_contact()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_after_the_day(self):
        if self.env.su:
            return
        if not all(followup._is_of_today() for followup in self):
            raise UserError(
                self.env._(
                    "A follow-up is deleted until the evening of the day on which it "
                    "was noted. Correct it instead."
                )
            )

    def _prepare_copies(self, vals):
        user_id = vals.get("user_id") or self.env.uid
        return {**super()._prepare_copies(vals), "user_id": user_id}

    def _refresh_last_contact(self):
        self.flush_recordset(["date"])
        people = self.sudo().beneficiary_id
        people._refresh_last_contact()
        people._drop_contact_reminder()

    # ------------------------------------------------------------------ checks

    def _check_may_share(self):
        """Who noted it decides that others may read it; to close it is anybody's."""
        opened = self.filtered(lambda followup: not followup.shared)
        if not self.env.su and opened.filtered(
            lambda followup: followup.user_id != self.env.user
        ):
            raise UserError(
                self.env._(
                    "Only who noted a follow-up shares it with the coordination."
                )
            )

    @api.constrains("date")
    def _check_date(self):
        for followup in self:
            day = followup.date
            if day.year < FIRST_YEAR or day > followup._today():
                raise ValidationError(
                    self.env._(
                        "Date: give the day on which you spoke, today at the latest."
                    )
                )

    # --------------------------------------------------------------- the note

    def _save_note(self, text):
        """Keep the note of a follow-up that the user may change.

        sudo: the one column that has no access, once the row has been asked for.

        :param text: the note as typed, or False
        :raise AccessError: when the follow-up is not the user's to change
        :raise UserError: when the note is too long
        """
        self.ensure_one()
        self.check_access("write")
        text = (text or "").strip()
        if len(text) > LONGEST_NOTE:
            raise UserError(
                self.env._(
                    "Confidential note: %(n)s characters at most.", n=LONGEST_NOTE
                )
            )
        self.sudo().note = text

    def _read_notes(self):
        """The notes of these follow-ups, for a file whose opening was logged.

        sudo: the one column that has no access, of rows that the user may read.

        :return: dict of text by id
        :raise AccessError: when one of them is not open to the user
        """
        self.check_access("read")
        return {row.id: row.note or "" for row in self.sudo()}

    def action_correct(self):
        """Open the follow-up in the dialog in which it was noted.

        :return: an action in a dialog
        :raise AccessError: when the follow-up is not the user's to change
        """
        self.ensure_one()
        return self.env["culture.followup.note"]._action_correct(self)

    def _timeline_lines(self):
        """Follow-ups as the thread shows them, their notes with them.

        :return: dict of dicts by id
        """
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        notes = self._read_notes()
        return {
            followup.id: {
                "icon": ICONS[followup.kind],
                "title": kinds[followup.kind],
                "note": notes[followup.id],
                "by": followup.user_id.name,
                "shared": followup.shared,
                "followup_id": followup.id if followup.may_correct else False,
            }
            for followup in self
        }
