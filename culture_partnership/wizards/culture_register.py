from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import groupby

from ..tools.dialogs import dialog, notice


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
    goal_id = fields.Many2one("culture.goal", ondelete="cascade")
    discipline_id = fields.Many2one(
        "culture.discipline", string="Outings of", ondelete="cascade"
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
    def _action_open(self, outing=None, beneficiary=None, goal=None):
        """Open the assistant from an outing or from a person.

        :param outing: ``culture.outing``
        :param beneficiary: ``culture.beneficiary``
        :param goal: ``culture.goal`` of that person, which the outing is to serve
        :return: an action in a dialog
        """
        assistant = self.create(
            {
                "outing_id": outing and outing.id,
                "beneficiary_id": beneficiary and beneficiary.id,
                "goal_id": goal and goal.id,
                "discipline_id": goal and goal.discipline_id.id,
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
        return dialog(self, self.env._("Register"), dialog_size="extra-large")

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
        rooms = self._rooms(chosen.outing_id)
        for __, lines in groupby(
            chosen,
            lambda line: line.beneficiary_id.household_id or line.beneficiary_id,
        ):
            for outing, together in groupby(lines, lambda line: line.outing_id):
                wanted = {}
                for line in together:
                    # sudo: in which structure a person in reach is followed
                    structure = line.beneficiary_id.sudo().structure_id
                    wanted[structure.id] = wanted.get(structure.id, 0) + line.seats
                if rooms[outing].fits(wanted):
                    rooms[outing].take(wanted)
                else:
                    waiting = waiting.union(*together)
        return waiting

    def _rooms(self, outings):
        """What is left of each outing, once the group without names has its places.

        :param outings: ``culture.outing``
        :return: :class:`Room` by outing
        """
        rooms = {outing: outing._room() for outing in outings | self.outing_id}
        if self.outing_id:
            structure = self.env["culture.role"]._default_structure()
            rooms[self.outing_id].take({structure.id: self._group_seats()})
        return rooms

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
        sentences += self._quota_warnings(chosen)
        if any(not person.information_date for person in people):
            sentences.append(
                self.env._("Information about the scheme is not noted yet.")
            )
        if people._to_talk_with_first():
            sentences.append(
                self.env._(
                    "Third absence without news of the season: to confirm after "
                    "talking it over together."
                )
            )
        return sentences

    def _quota_warnings(self, chosen):
        """Places are left, and kept for others."""
        if not any(outing.quota_until for outing in chosen.outing_id):
            return []
        waiting = self._waiting_lines(chosen)
        for outing, lines in waiting.grouped("outing_id").items():
            if sum(lines.mapped("seats")) <= outing.seats_free:
                return [
                    self.env._(
                        "The quota of your structure is reached: the request goes to "
                        "the waiting list."
                    )
                ]
        return []

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
        self._serve_goal(done or queued)
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
        self._serve_goal(queued)
        return self._notice(self.env["culture.registration"], queued)

    def _serve_goal(self, registrations):
        if self.goal_id:
            self.goal_id._serve_by(registrations)

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
        asked = done.filtered(lambda line: line.state == "requested")
        seats = sum((done - asked).mapped("seats"))
        if seats == 1:
            sentences.append(self.env._("1 place confirmed."))
        elif seats:
            sentences.append(self.env._("%(n)s places confirmed.", n=seats))
        if len(asked) == 1:
            sentences.append(
                self.env._(
                    "1 registration requested, to confirm after talking it over."
                )
            )
        elif asked:
            sentences.append(
                self.env._(
                    "%(n)s registrations requested, to confirm after talking it over.",
                    n=len(asked),
                )
            )
        if len(queued) == 1:
            sentences.append(self.env._("1 registration on the waiting list."))
        elif queued:
            sentences.append(
                self.env._("%(n)s registrations on the waiting list.", n=len(queued))
            )
        return notice(" ".join(sentences), "success" if seats else "info")
