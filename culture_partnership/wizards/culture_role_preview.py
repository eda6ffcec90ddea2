from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..models.culture_links import link_id
from ..models.culture_role_giving import AGENT_ROLES
from ..security.access_table import ACCESS
from ..tools.dialogs import dialog

WORDS = (None, "own", "shared", "scope", "company")
"""Whose records, from nobody's to everybody's."""

STRENGTH = {
    None: "no",
    "own": "own",
    "shared": "own",
    "scope": "own",
    "company": "yes",
}
OPERATIONS = {"c": "create", "r": "read", "u": "write", "d": "unlink"}
ROOT = "culture_partnership.menu_root"


class CultureRolePreview(models.TransientModel):
    """What somebody sees of the application, in figures and words, without a row.

    Everything is asked with that person's own rights, of what is stored: no group
    and no role is written, nothing is opened.
    """

    _name = "culture.role.preview"
    _inherit = ["culture.links"]
    _description = "Preview of a user's rights"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    has_role = fields.Boolean(readonly=True)
    roles_words = fields.Text(string="Roles in force", readonly=True)
    line_ids = fields.One2many("culture.role.preview.line", "preview_id", readonly=True)

    @api.depends("user_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for preview in self:
            preview.display_name = self.env._(
                "Preview as %(user)s", user=preview.user_id.name
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Whatever way in: only the user is asked, the rest is computed."""
        prepared = []
        for vals in vals_list:
            user = self.env["res.users"].browse(link_id(vals.get("user_id")) or ())
            companies = self._companies_of(user)
            seen = user.with_user(user).with_context(allowed_company_ids=companies.ids)
            prepared.append(
                {
                    "user_id": user.id,
                    **self._prepare_roles(seen.env),
                    "line_ids": [
                        Command.create(line) for line in self._prepare_lines(seen.env)
                    ],
                }
            )
        return super().create(prepared)

    @api.model
    def _action_of(self, user):
        preview = self.create({"user_id": user.id})
        return dialog(preview, preview.display_name)

    @api.model
    def _companies_of(self, user):
        """Companies in which the current user administers a role of this one.

        :raise AccessError: when there is none
        """
        roles = self.env["culture.role"]
        rows = roles.sudo().search(
            [
                ("user_id", "=", user.id),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        administered = rows.with_env(self.env)._administered()
        if not administered:
            raise roles._out_of_scope_error()
        # sudo: in which companies the person works; only those both are in
        return administered.sudo().company_id & user.sudo().company_ids

    # --------------------------------------------------------- with their rights

    @api.model
    def _prepare_roles(self, env):
        """Roles in force of the environment's user, as the current one reads them."""
        mine = env["culture.role"]
        if env.context["allowed_company_ids"]:
            # sudo: administered by the current user, in the current one's language
            mine = mine._mine().with_env(self.env(su=True))
        words = [f"{r._short_words()} \N{EN DASH} {r.description}" for r in mine]
        return {"has_role": bool(mine), "roles_words": "\n".join(words)}

    @api.model
    def _prepare_lines(self, env):
        """One line a screen of the application that the user's menus offer.

        :param env: environment of the user that is looked at
        :return: list of dicts of ``culture.role.preview.line`` values
        """
        if not env.context["allowed_company_ids"]:
            return []
        held = env["culture.role"]._roles_in_force() & {*AGENT_ROLES}
        lines = []
        screens = self._screens(env) if held and env.user._is_internal() else ()
        for menu, action in screens:
            records = env[action.res_model]
            if not records.has_access("read"):
                continue
            domain = Domain(literal_eval(action.domain or "[]"))
            lines.append(
                {
                    "name": menu.name,
                    "count": records.search_count(domain),
                    **self._prepare_answers(records, held),
                }
            )
        return lines + self._prepare_portal_lines(env)

    @api.model
    def _prepare_portal_lines(self, env):
        """The pages of the portal, by the pages' own methods: read, nothing else."""
        answers = {f"may_{operation}": "no" for operation in OPERATIONS.values()}
        return [
            {**answers, "name": label, "count": count, "may_read": "own"}
            for label, count in env["culture.portal"]._screens_of(env.user)
        ]

    @api.model
    def _screens(self, env):
        """Menus that the user is shown, with the lists they open.

        sudo: what a menu opens is no secret of who is shown it.
        """
        root = self.env.ref(ROOT)
        menus = env["ir.ui.menu"].search([("id", "child_of", root.id)], order="id")
        shown = menus._filter_visible_menus()
        for menu in shown.with_context(lang=self.env.lang):
            action = menu.sudo().action
            if action and action._name == "ir.actions.act_window":
                if action.res_model in ACCESS or action.res_model == "res.partner":
                    yield menu, action.sudo()

    @api.model
    def _prepare_answers(self, records, held):
        """What the user may do there: the table's word, if the host lets it."""
        rights = ACCESS.get(records._name)
        answers = {}
        for letter, operation in OPERATIONS.items():
            if not records.has_access(operation):
                word = None
            elif rights is None:
                # contacts: everybody reads them, structures are their administrators'
                word = "company" if letter == "r" else "scope"
            else:
                words = {rights.get(role, {}).get(letter) for role in held}
                word = max(words, key=WORDS.index)
            answers[f"may_{operation}"] = STRENGTH[word]
        return answers
