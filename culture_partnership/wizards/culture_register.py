from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools.misc import groupby

from ..models.culture_referent import FOLLOWED_STAGES

MOST_SUGGESTIONS = 40
LEAST = fields.Date.to_date("1900-01-01")


class CultureRegister(models.TransientModel):
    """Register several people for an outing, or a person for outings.

    What helps to choose is read before choosing: the deadline, who has waited
    longest, whose wishes match, who needs an access the venue has, who is busy.
    """

    _name = "culture.register"
    _inherit = ["culture.links"]
    _description = "Register for an outing"

    outing_id = fields.Many2one("culture.outing", ondelete="cascade")
    beneficiary_id = fields.Many2one(
        "culture.beneficiary", string="Person", ondelete="cascade"
    )
    line_ids = fields.One2many("culture.register.line", "assistant_id")
    only = fields.Selection(
        [
            ("mine", "My beneficiaries"),
            ("free", "Free that day"),
            ("wishes", "Wishes match"),
            ("access", "Access possible"),
            ("all", "All"),
        ],
        string="Show",
        default="mine",
        required=True,
    )
    add_person_id = fields.Many2one("culture.beneficiary", string="Look for a person")
    companion = fields.Boolean(string="Companion place")
    group_label = fields.Char(string="Group without names")
    group_adults = fields.Integer(string="Adults")
    group_children = fields.Integer(string="Children")
    when_label = fields.Char(related="outing_id.when_label", related_sudo=False)
    seats_free = fields.Integer(related="outing_id.seats_free", related_sudo=False)
    cancel_deadline = fields.Datetime(
        related="outing_id.cancel_deadline", related_sudo=False
    )
    access_mode = fields.Selection(related="outing_id.access_mode", related_sudo=False)
    duty_phone = fields.Char(related="outing_id.duty_phone", related_sudo=False)
    seats_chosen = fields.Integer(compute="_compute_outcome")
    seats_after = fields.Integer(compute="_compute_outcome")
    chosen_label = fields.Char(compute="_compute_outcome")
    nothing_fits = fields.Boolean(compute="_compute_outcome")
    warnings = fields.Text(compute="_compute_outcome")

    # ---------------------------------------------------------------- opening

    @api.model
    def _action_open(self, outing=None, beneficiary=None):
        """Open the assistant from an outing or from a person.

        :param outing: ``culture.outing``
        :param beneficiary: ``culture.beneficiary``
        :return: an action in a dialog
        """
        assistant = self.create(
            {
                "outing_id": outing and outing.id,
                "beneficiary_id": beneficiary and beneficiary.id,
                "only": self._first_filter(outing),
            }
        )
        assistant._suggest()
        return assistant._action_show()

    @api.model
    def _first_filter(self, outing):
        if outing and "referent" in self.env["culture.role"]._roles_in_force():
            return "mine"
        return "all"

    def _action_show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_show_filtered(self):
        """Suggest again with the chosen filter; what is ticked stays.

        :return: the same dialog
        """
        self._suggest()
        return self._action_show()

    def action_add_person(self):
        """Add the person looked for, ticked.

        :return: the same dialog
        """
        person = self.add_person_id
        if person and person not in self.line_ids.beneficiary_id:
            self._add_people(person, selected=True)
        self.add_person_id = False
        return self._action_show()

    # ------------------------------------------------------------- suggestions

    def _suggest(self):
        self.line_ids.filtered(lambda line: not line.selected).unlink()
        if self.outing_id:
            self._add_people(self._people_to_suggest())
        else:
            self._add_outings(self._outings_to_suggest())

    def _people_to_suggest(self):
        outing = self.outing_id
        domain = [
            ("company_id", "=", outing.company_id.id),
            ("stage", "in", (*FOLLOWED_STAGES, "autonomous")),
            ("id", "not in", self.line_ids.beneficiary_id.ids),
            ("registration_ids", "not any", self._live_on(outing)),
        ]
        if self.only == "mine":
            domain.append(("is_mine", "=", True))
        elif self.only == "wishes":
            domain.append(("discipline_ids", "in", outing.discipline_id.ids))
        elif self.only == "free" and outing.date_begin:
            domain.append(("registration_ids", "not any", self._at_the_same_time()))
        people = self.env["culture.beneficiary"].search(domain)
        if self.only == "access":
            people = people.filtered(
                lambda p: p.access_need_ids <= outing.access_need_ids
            )
        served = self._last_served(people)
        people = people.sorted(lambda p: (served.get(p, LEAST), p.opened_date or LEAST))
        return people[:MOST_SUGGESTIONS]

    def _live_on(self, outing):
        return [("outing_id", "=", outing.id), ("state", "!=", "cancelled")]

    def _at_the_same_time(self):
        outing = self.outing_id
        return [
            ("state", "in", ("offered", "confirmed")),
            ("date_begin", "<", outing.date_end),
            ("date_end", ">", outing.date_begin),
        ]

    def _last_served(self, people):
        """Last outing attended by person: who never went comes first."""
        return dict(
            self.env["culture.registration"]._read_group(
                [("beneficiary_id", "in", people.ids), ("state", "=", "attended")],
                ["beneficiary_id"],
                ["attended_date:max"],
            )
        )

    def _add_people(self, people, selected=False):
        outing = self.outing_id
        served = self._last_served(people)
        busy = {}
        if outing.date_begin:
            lines = self.env["culture.registration"].search(
                [("beneficiary_id", "in", people.ids), *self._at_the_same_time()]
            )
            busy = {line.beneficiary_id: line for line in lines}
        self.line_ids = [
            Command.create(
                {
                    "beneficiary_id": person.id,
                    "outing_id": outing.id,
                    "selected": selected,
                    "waited": self._waited_label(person, served.get(person)),
                    "wishes": self._wishes_label(person, outing),
                    "access": self._access_label(person, outing),
                    "that_day": self._that_day_label(busy.get(person)),
                }
            )
            for person in people
        ]

    def _outings_to_suggest(self):
        person = self.beneficiary_id
        now = fields.Datetime.now()
        outings = self.env["culture.outing"].search(
            [
                ("company_id", "=", person.company_id.id),
                ("state", "=", "published"),
                ("date_end", ">", now),
                ("id", "not in", self.line_ids.outing_id.ids),
                ("registration_ids", "not any", [("beneficiary_id", "=", person.id)]),
            ],
            limit=4 * MOST_SUGGESTIONS,
        )
        if self.only == "wishes":
            outings = outings.filtered(
                lambda o: o.discipline_id in person.discipline_ids
            )
        elif self.only == "access":
            outings = outings.filtered(
                lambda o: person.access_need_ids <= o.access_need_ids
            )
        return outings[:MOST_SUGGESTIONS]

    def _add_outings(self, outings):
        person = self.beneficiary_id
        held = self.env["culture.registration"].search(
            Domain("beneficiary_id", "=", person.id)
            & Domain("state", "in", ("offered", "confirmed"))
            & Domain("date_begin", "!=", False)
        )
        lines = []
        for outing in outings:
            other = held.filtered(
                lambda line, outing=outing: (
                    outing.date_begin
                    and line.date_begin < outing.date_end
                    and line.date_end > outing.date_begin
                )
            )[:1]
            if self.only == "free" and other:
                continue
            lines.append(
                Command.create(
                    {
                        "beneficiary_id": person.id,
                        "outing_id": outing.id,
                        "wishes": self._wishes_label(person, outing),
                        "access": self._access_label(person, outing),
                        "that_day": self._that_day_label(other),
                    }
                )
            )
        self.line_ids = lines

    def _waited_label(self, person, served):
        if not served:
            return self.env._("First outing")
        months = (fields.Date.context_today(self) - served) // timedelta(days=30)
        if months < 1:
            return self.env._("Less than a month")
        if months == 1:
            return self.env._("1 month")
        return self.env._("%(n)s months", n=months)

    def _wishes_label(self, person, outing):
        discipline = outing.discipline_id
        if discipline not in person.discipline_ids or not discipline:
            return False
        return self.env._("%(discipline)s: yes", discipline=discipline.name)

    def _access_label(self, person, outing):
        needs = person.access_need_ids
        if not needs:
            return False
        names = ", ".join(needs.mapped("name"))
        if needs <= outing.access_need_ids:
            return self.env._("%(needs)s: yes", needs=names)
        return self.env._("%(needs)s: to check with the venue", needs=names)

    def _that_day_label(self, other):
        if not other:
            return self.env._("Free")
        hour = other.outing_id._hour_label(other.date_begin)
        return self.env._("An outing at %(hour)s already", hour=hour)

    # ----------------------------------------------------------------- outcome

    @api.depends(
        "line_ids.selected",
        "line_ids.companion",
        "companion",
        "group_label",
        "group_adults",
        "group_children",
    )
    def _compute_outcome(self):
        for assistant in self:
            chosen = assistant.line_ids.filtered("selected")
            group = assistant._group_seats()
            wanted = sum(line.seats for line in chosen) + group
            assistant.seats_chosen = wanted
            assistant.seats_after = assistant.seats_free - wanted
            assistant.chosen_label = assistant._chosen_label()
            waiting = assistant._waiting_lines(chosen)
            assistant.nothing_fits = bool(chosen) and waiting == chosen and not group
            assistant.warnings = "\n".join(assistant._warnings(chosen)) or False

    def _group_seats(self):
        return max(self.group_adults, 0) + max(self.group_children, 0)

    def _chosen_label(self):
        chosen, after = self.seats_chosen, self.seats_after
        if not self.outing_id:
            if chosen == 1:
                return self.env._("1 place chosen.")
            return self.env._("%(n)s places chosen.", n=chosen)
        if after < 0 and chosen == 1:
            return self.env._(
                "1 place chosen, none is left: it goes to the waiting list."
            )
        if after < 0:
            return self.env._(
                "%(n)s places chosen, %(missing)s too many: they go to the waiting "
                "list.",
                n=chosen,
                missing=-after,
            )
        if chosen == 1:
            return self.env._("1 place chosen, %(left)s will be left.", left=after)
        return self.env._(
            "%(n)s places chosen, %(left)s will be left.", n=chosen, left=after
        )

    def _waiting_lines(self, chosen):
        """Chosen lines for which no place is left; a household is not split."""
        waiting = chosen.browse()
        room = {}
        if self.outing_id:
            room[self.outing_id] = self.seats_free - self._group_seats()
        for __, lines in groupby(
            chosen,
            lambda line: line.beneficiary_id.household_id or line.beneficiary_id,
        ):
            for outing, together in groupby(lines, lambda line: line.outing_id):
                left = room.setdefault(outing, outing.seats_free)
                seats = sum(line.seats for line in together)
                if seats > left:
                    waiting = waiting.union(*together)
                else:
                    room[outing] = left - seats
        return waiting

    def _warnings(self, chosen):
        """Sentences that do not stop, each said once."""
        sentences = []
        now = fields.Datetime.now()
        deadlines = [d for d in chosen.outing_id.mapped("cancel_deadline") if d]
        if any(deadline < now for deadline in deadlines):
            sentences.append(
                self.env._(
                    "The deadline to warn is over: a place freed now would serve "
                    "nobody."
                )
            )
        people = chosen.beneficiary_id
        for person in people.filtered(lambda p: not p.phone and not p.email):
            sentences.append(
                self.env._(
                    "%(person)s: neither phone nor e-mail, tell them in person.",
                    person=person.display_name,
                )
            )
        if any(not person.information_date for person in people):
            sentences.append(
                self.env._("Information about the scheme is not noted yet.")
            )
        return sentences

    # ----------------------------------------------------------------- acting

    def action_add_household(self):
        """Add every member of the ticked people's households, ticked.

        :return: the same dialog
        """
        ticked = self.line_ids.filtered("selected").beneficiary_id
        members = ticked.household_id.beneficiary_ids
        for line in self.line_ids.filtered(lambda x: x.beneficiary_id in members):
            line.selected = True
        self._add_people(members - self.line_ids.beneficiary_id, selected=True)
        return self._action_show()

    def action_confirm(self):
        """Register what is chosen: confirmed while there is room, then waiting.

        :return: a notice of what was done; the dialog closes
        :raise UserError: when nothing is chosen
        """
        self.ensure_one()
        chosen = self.line_ids.filtered("selected")
        waiting = self._waiting_lines(chosen)
        done = self._register_lines(chosen - waiting, "confirmed", with_group=True)
        queued = self._register_lines(waiting, "waiting")
        if not done and not queued:
            raise UserError(self.env._("Choose at least one person or one group."))
        return self._notice(done, queued)

    def action_wait(self):
        """Put everything chosen on the waiting list.

        :return: a notice of what was done; the dialog closes
        """
        self.ensure_one()
        chosen = self.line_ids.filtered("selected")
        queued = self._register_lines(chosen, "waiting", with_group=True)
        if not queued:
            raise UserError(self.env._("Choose at least one person or one group."))
        return self._notice(self.env["culture.registration"], queued)

    def _register_lines(self, lines, state, with_group=False):
        wanted = {
            outing: [line._to_register() for line in mine]
            for outing, mine in lines.grouped("outing_id").items()
        }
        if with_group and self.group_label:
            group = {
                "group_label": self.group_label,
                "adults": self.group_adults,
                "children": self.group_children,
            }
            wanted.setdefault(self.outing_id, []).append(group)
        registrations = self.env["culture.registration"]
        for outing, values in wanted.items():
            registrations += registrations.browse(outing.action_register(values, state))
        return registrations

    def _notice(self, done, queued):
        sentences = []
        seats = sum(done.mapped("seats"))
        if seats == 1:
            sentences.append(self.env._("1 place confirmed."))
        elif seats:
            sentences.append(self.env._("%(n)s places confirmed.", n=seats))
        if len(queued) == 1:
            sentences.append(self.env._("1 registration on the waiting list."))
        elif queued:
            sentences.append(
                self.env._("%(n)s registrations on the waiting list.", n=len(queued))
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if seats else "info",
                "message": " ".join(sentences),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
