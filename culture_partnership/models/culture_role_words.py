from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..security.access_table import ACCESS, ROLE_SUMMARIES

_lt = LazyTranslate(__name__)

OPERATIONS = {
    "c": _lt("create"),
    "r": _lt("read"),
    "u": _lt("change"),
    "d": _lt("delete"),
}
WHOSE = {
    "own": _lt("what is one's own"),
    "shared": _lt("what is shared with the coordination"),
    "scope": _lt("in the structures of the role"),
    "company": _lt("everywhere"),
}


class CultureRole(models.Model):
    """What a role opens, in plain words, and what else its holder does."""

    _inherit = "culture.role"

    description = fields.Text(string="What it opens", compute="_compute_description")
    rights_html = fields.Html(
        string="Right by right", compute="_compute_description", sanitize=False
    )
    other_roles = fields.Char(compute="_compute_other_roles")

    @api.depends("role")
    @api.depends_context("lang")
    def _compute_description(self):
        for role in self:
            summary = ROLE_SUMMARIES.get(role.role)
            role.description = summary and str(summary)
            role.rights_html = self._rights_html(role.role)

    @api.depends("user_id", "role", "partner_id", "date_end")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_other_roles(self):
        """The user's other roles, of those that the reader may see."""
        standing = self.sudo(False).search(
            [
                ("user_id", "in", self.user_id.ids),
                ("status", "in", ("future", "current", "ending")),
            ]
        )
        for role in self:
            others = standing.filtered(
                lambda other, role=role: (
                    other.user_id == role.user_id
                    and other.company_id == role.company_id
                    and other != role._origin
                )
            )
            role.other_roles = ", ".join(other._short_words() for other in others)

    def _short_words(self):
        labels = dict(self._fields["role"]._description_selection(self.env))
        return f"{labels[self.role]} ({self.partner_id.name})"

    # ------------------------------------------------------- the table in words

    @api.model
    def _rights_html(self, code):
        """The rights of a role as a list, drawn from the table of rights.

        :param code: role
        :return: Markup, empty for a role that opens nothing in the application
        """
        items = Markup("").join(
            Markup("<li>%s</li>") % line for line in self._rights_lines(code)
        )
        return items and Markup("<ul>%s</ul>") % items

    @api.model
    def _rights_lines(self, code):
        """The rights of a role, a sentence for all models with the same ones.

        :param code: role
        :return: list of translated sentences
        """
        alike = {}
        for model, rights in ACCESS.items():
            if code in rights:
                alike.setdefault(tuple(rights[code].items()), []).append(model)
        return [
            self.env._(
                "%(things)s: %(rights)s",
                things=", ".join(map(self._model_words, models_)),
                rights=self._operations_words(operations),
            )
            for operations, models_ in alike.items()
        ]

    @api.model
    def _operations_words(self, operations):
        """What may be done, by whose records: "read everywhere; change ..."."""
        by_word = {}
        for letter, word in operations:
            by_word.setdefault(word, []).append(str(OPERATIONS[letter]))
        words = ""
        for word, letters in by_word.items():
            more = self.env._(
                "%(operations)s %(whose)s",
                operations=", ".join(letters),
                whose=str(WHOSE[word]),
            )
            words = words and self.env._(
                "%(rights)s; %(more)s", rights=words, more=more
            )
            words = words or more
        return words

    @api.model
    def _model_words(self, model):
        """sudo: the name of a model says nothing about its records."""
        return self.env["ir.model"].sudo()._get(model).name
