from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyGettext, LazyTranslate

_lt = LazyTranslate(__name__)

ROOT = "culture_partnership"


class Todo(NamedTuple):
    """One count of the banner, and the list it leads to."""

    key: str
    one: LazyGettext
    many: LazyGettext
    role: str
    counted: str
    """Model of what is counted."""
    domain: list
    screen: str
    """Model whose list the count opens."""
    filters: tuple
    """Filters of that list's search view, set together."""
    mine: bool = False
    """Only the registrations of one's own persons, and of groups one booked."""
    action: str = ""
    """A list of its own for this count, in another order for one."""
    without: str = ""
    """Role whose own count says the same already."""


TODO = (
    Todo(
        "expected_answers",
        _lt("1 answer expected"),
        _lt("%s answers expected"),
        "referent",
        "culture.registration",
        [("state", "=", "offered")],
        "culture.registration",
        ("offered", "mine"),
        mine=True,
    ),
    Todo(
        "to_call",
        _lt("1 person to call back"),
        _lt("%s persons to call back"),
        "referent",
        "culture.registration",
        [
            ("answer", "=", "call"),
            ("state", "in", ("offered", "confirmed")),
            ("date_end", ">=", "now"),
        ],
        "culture.registration",
        ("to_call", "mine"),
        mine=True,
    ),
    Todo(
        "attendance",
        _lt("1 attendance to record"),
        _lt("%s attendances to record"),
        "referent",
        "culture.registration",
        [("attendance_due", "=", True)],
        "culture.outing",
        ("attendance_due",),
        without="coordinator",
    ),
    Todo(
        "absences",
        _lt("1 absence to understand"),
        _lt("%s absences to understand"),
        "referent",
        "culture.registration",
        [("to_understand", "=", True)],
        "culture.registration",
        ("absence", "mine"),
        mine=True,
    ),
    Todo(
        "to_tell",
        _lt("1 to tell in person"),
        _lt("%s to tell in person"),
        "referent",
        "culture.reminder",
        [("to_tell", "=", True), ("is_mine", "=", True)],
        "culture.reminder",
        ("to_tell", "mine"),
    ),
    Todo(
        "without_contact",
        _lt("1 person without contact for 60 days"),
        _lt("%s persons without contact for 60 days"),
        "referent",
        "culture.beneficiary",
        [("without_contact", "=", True), ("is_mine", "=", True)],
        "culture.beneficiary",
        ("without_contact", "mine"),
    ),
    Todo(
        "to_publish",
        _lt("1 outing to publish"),
        _lt("%s outings to publish"),
        "coordinator",
        "culture.outing",
        [("state", "=", "draft")],
        "culture.outing",
        ("to_publish",),
    ),
    Todo(
        "to_return",
        _lt("1 outing with places to return"),
        _lt("%s outings with places to return"),
        "coordinator",
        "culture.outing",
        [("places_to_return", "=", True)],
        "culture.outing",
        ("to_return",),
    ),
    Todo(
        "waiting",
        _lt("1 on the waiting list"),
        _lt("%s on the waiting list"),
        "coordinator",
        "culture.registration",
        [("state", "=", "waiting"), ("date_end", ">=", "now")],
        "culture.registration",
        ("waiting", "upcoming"),
    ),
    Todo(
        "not_recorded",
        _lt("1 attendance not recorded"),
        _lt("%s attendances not recorded"),
        "coordinator",
        "culture.registration",
        [("attendance_due", "=", True)],
        "culture.outing",
        ("attendance_due",),
    ),
    Todo(
        "without_referent",
        _lt("1 person without referent"),
        _lt("%s persons without referent"),
        "coordinator",
        "culture.beneficiary",
        [("without_referent", "=", True)],
        "culture.beneficiary",
        ("without_referent",),
        action=f"{ROOT}.culture_beneficiary_action_without_referent",
    ),
    Todo(
        "duplicates",
        _lt("1 possible duplicate"),
        _lt("%s possible duplicates"),
        "coordinator",
        "culture.beneficiary",
        [("has_duplicate", "=", True)],
        "culture.beneficiary",
        ("duplicates",),
    ),
    Todo(
        "handovers",
        _lt("1 handover to accept"),
        _lt("%s handovers to accept"),
        "referent",
        "culture.handover",
        [("to_answer", "=", True)],
        "culture.handover",
        ("to_answer",),
    ),
    Todo(
        "break_glass",
        _lt("1 break-glass access to review"),
        _lt("%s break-glass accesses to review"),
        "coordinator",
        "culture.access",
        [("to_review", "=", True)],
        "culture.access",
        ("to_review",),
    ),
)

SCREENS = {
    "culture.outing": f"{ROOT}.culture_outing_action",
    "culture.registration": f"{ROOT}.culture_registration_action",
    "culture.beneficiary": f"{ROOT}.culture_beneficiary_action",
    "culture.reminder": f"{ROOT}.culture_reminder_action",
    "culture.handover": f"{ROOT}.culture_handover_action",
    "culture.access": f"{ROOT}.culture_access_action_review",
}


class CultureFirstSteps(models.TransientModel):
    """What opens first, by role, and what waits there.

    No dashboard: existing screens, with the filter each role starts from. Only
    an administrator of a scheme that is not set up yet sees a form of this.
    """

    _name = "culture.first.steps"
    _description = "First steps"

    structures_done = fields.Boolean(compute="_compute_steps")
    roles_done = fields.Boolean(compute="_compute_steps")
    outing_done = fields.Boolean(compute="_compute_steps")
    person_done = fields.Boolean(compute="_compute_steps")
    accompanies = fields.Boolean(
        compute="_compute_steps",
        help="Whether the user may create outings and files: another role's work.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_steps(self):
        done = self._steps_done()
        roles = self.env["culture.role"]._roles_in_force()
        for steps in self:
            steps.update(done)
            steps.accompanies = bool(roles & {"referent", "coordinator"})

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("First steps")

    @api.model
    def _steps_done(self):
        """Which of the four steps are done in the user's companies.

        sudo: an administrator sees no file of a person, only that there is one.

        :return: dict of booleans, by field name
        """
        mine = [("company_id", "in", self.env.companies.ids)]
        roles = self.env["culture.role"].sudo()
        working = Domain.AND(
            [
                mine,
                roles._in_force_domain(),
                [("role", "in", ("referent", "coordinator"))],
            ]
        )
        roles_done = bool(roles.search_count(working, limit=1))
        own = self.env.companies.partner_id.ids
        structures = self.env["res.partner"].sudo()
        return {
            # a single structure is enough for who has given roles in it
            "structures_done": roles_done
            or bool(
                structures.search_count(
                    [("is_culture_structure", "=", True), ("id", "not in", own)],
                    limit=1,
                )
            ),
            "roles_done": roles_done,
            "outing_done": self._is_there_any("culture.outing", mine),
            "person_done": self._is_there_any("culture.beneficiary", mine),
        }

    @api.model
    def _is_there_any(self, model, domain):
        records = self.env[model].sudo().with_context(active_test=False)
        return bool(records.search_count(domain, limit=1))

    # ------------------------------------------------------------ first screens

    @api.model
    def action_home(self):
        """The first screen of the user's roles in force.

        :return: an action
        :raise UserError: when no role is in force
        """
        roles = self.env["culture.role"]._roles_in_force()
        if "administrator" in roles and not all(self._steps_done().values()):
            return self._action(f"{ROOT}.culture_first_steps_action")
        if "referent" in roles:
            return self._action(f"{ROOT}.culture_beneficiary_action")
        if roles & {"coordinator", "relay"}:
            return self._action(f"{ROOT}.culture_outing_action")
        if "administrator" in roles:
            return self._action(f"{ROOT}.culture_role_action")
        raise UserError(
            self.env._(
                "No role of yours is in force: the application shows you nothing. To "
                "talk about it: the administration of your structure."
            )
        )

    @api.model
    def _action(self, xmlid):
        return self.env["ir.actions.act_window"]._for_xml_id(xmlid)

    # -------------------------------------------------------------- four steps

    def action_structures(self):
        """Open the structures.

        :return: an action
        """
        return self._action(f"{ROOT}.res_partner_action_structure")

    def action_roles(self):
        """Open the roles.

        :return: an action
        """
        return self._action(f"{ROOT}.culture_role_action")

    def action_add_role(self):
        """Open the form of a new role.

        :return: an action
        """
        return self._action_new("culture.role", self.env._("Add a role"))

    def action_first_outing(self):
        """Open the form of a new outing.

        :return: an action
        """
        return self._action_new("culture.outing", self.env._("A first outing"))

    def action_first_person(self):
        """Open the form of a new file.

        :return: an action
        """
        return self._action_new("culture.beneficiary", self.env._("A first person"))

    @api.model
    def _action_new(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------ banner

    @api.model
    @api.readonly
    def get_todo(self, model):
        """What waits for the user, counted under the user's own rights.

        :param model: model of the screen that asks
        :return: list of dicts with `key`, `label`, `count`, `filter` (names of
            search filters, with commas) and, when it is on another screen, `action`
            (xmlid) and `context`; zeros are left out
        """
        roles = self.env["culture.role"]._roles_in_force()
        items = []
        for todo in TODO:
            if todo.role not in roles or todo.without in roles:
                continue
            count = self.env[todo.counted].search_count(self._todo_domain(todo))
            if count:
                items.append(self._prepare_todo(todo, count, model))
        return items

    @api.model
    def _todo_domain(self, todo):
        domain = Domain(todo.domain)
        if not todo.mine:
            return domain
        groups = Domain("beneficiary_id", "=", False)
        booked = Domain("booked_by_id", "=", self.env.uid)
        return domain & (Domain("is_mine", "=", True) | (groups & booked))

    @api.model
    def _prepare_todo(self, todo, count, model):
        item = {
            "key": todo.key,
            "label": str(todo.one) if count == 1 else str(todo.many) % count,
            "count": count,
            "filter": ",".join(todo.filters),
        }
        if todo.action or todo.screen != model:
            item["action"] = todo.action or SCREENS[todo.screen]
            item["context"] = {f"search_default_{name}": 1 for name in todo.filters}
        return item
