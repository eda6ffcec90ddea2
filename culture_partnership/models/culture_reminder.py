from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .culture_message_texts import KINDS

STATES = [
    ("to_send", "To send"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("to_tell", "To tell"),
    ("told", "Told"),
    ("doubt", "Perhaps sent"),
    ("failed", "Not delivered"),
    ("withdrawn", "Withdrawn"),
]

NOT_YET = frozenset({"to_send", "to_tell"})
"""States in which the person has heard nothing of it."""


class CultureReminder(models.Model):
    """Who was reminded of what, when, by which channel: a ledger.

    Of each registration, each kind and each date there is one row at most that is not
    withdrawn, and it is sent once at most: a row is marked before its message leaves.
    Neither the message nor an address is kept. What is withdrawn was never sent.
    """

    _name = "culture.reminder"
    _inherit = ["culture.reach"]
    _description = "Reminder"
    _order = "tell_before, id desc"
    _rec_names_search = ("outing_id", "beneficiary_id")

    registration_id = fields.Many2one(
        "culture.registration", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    outing_date = fields.Datetime(
        string="Date reminded of",
        required=True,
        readonly=True,
        help="Of the outing; of an offered place, until when it is held.",
    )
    version = fields.Integer(
        required=True,
        default=0,
        readonly=True,
        export_string_translation=False,
        help="Of a change: what was told before it. An outing that goes there and back "
        "is told each time.",
    )
    date_told = fields.Datetime(
        readonly=True,
        export_string_translation=False,
        help="The outing’s date, as the person was told.",
    )
    venue_told_id = fields.Many2one(
        "res.partner",
        readonly=True,
        export_string_translation=False,
        ondelete="set null",
        help="The venue, as the person was told.",
    )
    channel = fields.Selection(
        [
            ("sms", "SMS"),
            ("email", "E-mail"),
            ("call", "Call"),
            ("desk", "In person"),
        ],
        string="Channel",
        readonly=True,
    )
    state = fields.Selection(
        STATES, string="Status", required=True, default="to_send", readonly=True
    )
    to_tell = fields.Boolean(
        string="To tell in person",
        readonly=True,
        help="Waits for somebody to say it, whatever became of the message.",
    )
    due_date = fields.Datetime(string="Due since", required=True, readonly=True)
    sent_date = fields.Datetime(string="Sent or told on", readonly=True)
    tell_before = fields.Datetime(string="To tell before", readonly=True)
    told_by_id = fields.Many2one(
        "res.users", string="Told by", readonly=True, ondelete="restrict"
    )
    claimed_date = fields.Datetime(
        readonly=True, export_string_translation=False, groups=fields.NO_ACCESS
    )
    sms_uuid = fields.Char(
        readonly=True, export_string_translation=False, groups=fields.NO_ACCESS
    )
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", groups=fields.NO_ACCESS
    )

    # copies of what rules and lists filter by, refreshed by their owner
    beneficiary_id = fields.Many2one(
        "culture.beneficiary",
        string="Person",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    outing_id = fields.Many2one(
        "culture.outing", required=True, readonly=True, ondelete="cascade"
    )
    structure_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )

    text_to_tell = fields.Text(string="What to say", compute="_compute_text_to_tell")
    doubt_label = fields.Char(
        compute="_compute_doubt_label", export_string_translation=False
    )

    _once = models.UniqueIndex(
        "(registration_id, kind, outing_date, version) WHERE state <> 'withdrawn'",
        "This person has been reminded of that already.",
    )
    _registration = models.Index("(registration_id, id)")
    _person_recent = models.Index("(beneficiary_id, id DESC) INCLUDE (company_id)")
    _structure_recent = models.Index("(structure_id, id DESC) INCLUDE (company_id)")
    _of_outing = models.Index("(outing_id)")
    _waiting = models.Index("(company_id, id) WHERE state = 'to_send'")
    _claimed = models.Index("(claimed_date) WHERE state = 'sending'")
    _open_tasks = models.Index("(company_id, tell_before) WHERE to_tell")
    _sms = models.Index("(sms_uuid) WHERE sms_uuid IS NOT NULL")
    _activity = models.Index("(activity_id) WHERE activity_id IS NOT NULL")

    @api.depends("kind", "outing_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for reminder in self:
            reminder.display_name = self.env._(
                "%(kind)s: %(outing)s",
                kind=kinds.get(reminder.kind),
                outing=reminder.outing_id.name,
            )

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_doubt_label(self):
        """Why somebody has to say what was to be sent."""
        for reminder in self:
            reminder.doubt_label = False
            if reminder.state == "doubt":
                reminder.doubt_label = self.env._(
                    "The sending was cut off: the message has perhaps arrived."
                )
            elif reminder.state == "failed":
                reminder.doubt_label = self.env._("The message did not arrive.")

    # -------------------------------------------------------------------- acts

    def action_told(self):
        """Note that it was said: what waits for it is closed.

        Who may read a reminder follows the person or coordinates: they are who says it.
        sudo: nobody writes the ledger; these columns, of rows that are open.

        :raise UserError: when there is nothing to say
        """
        self.check_access("read")
        self._lock_quietly()
        open_ones = self.sudo().filtered("to_tell")
        if not open_ones:
            raise UserError(self.env._("This was told already, or is out of date."))
        open_ones._mark_told(self.env.user)

    def _mark_told(self, user):
        activities = self.activity_id.filtered("active")
        self.write(
            {
                "state": "told",
                "to_tell": False,
                "sent_date": fields.Datetime.now(),
                "told_by_id": user.id,
            }
        )
        for reminder in self:
            outing = reminder.outing_id
            reminder.date_told = outing.date_begin or outing.date_end
            reminder.venue_told_id = outing.venue_id
        activities.action_feedback()

    def _close_tasks(self):
        """Take away what has no object any more."""
        self.activity_id.filtered("active").unlink()

    # ------------------------------------------------------------------- never

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        if not self.env.su:
            raise AccessError(self.env._("Reminders are written by the application."))
        return super().create(vals_list)

    def copy_data(self, default=None):
        """Once is enough.

        :raise UserError: always
        """
        self.check_access("read")
        raise UserError(self.env._("A reminder is not copied."))
