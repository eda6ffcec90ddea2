from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.files_alike import FilesAlike

COMPARED = ("last_name", "first_name", "chosen_name", "birth_date")


class CultureBeneficiary(models.Model):
    """Files that are perhaps of one person."""

    _inherit = "culture.beneficiary"

    elsewhere_warning = fields.Char(
        compute="_compute_elsewhere_warning", export_string_translation=False
    )
    another_person = fields.Boolean(
        string="This is another person",
        store=False,
        help="Same names and same date of birth, and yet somebody else.",
    )

    @api.depends(*COMPARED)
    @api.depends_context("uid", "lang")
    def _compute_elsewhere_warning(self):
        """Said while the form is filled in, before anything is saved."""
        for person in self:
            row = {name: person[name] for name in COMPARED}
            found = {}
            if not person._origin and person.company_id:
                found = self._elsewhere(person.company_id, [row])
            place = found.get(id(row))
            person.elsewhere_warning = place and self._elsewhere_text(place)

    @api.model
    def _elsewhere(self, company, rows):
        """Where there are files with these names and date of birth, out of reach.

        :param rows: list of dicts of the compared fields
        :return: dict of ``id(row)`` to the structure to ask
        """
        return FilesAlike(self.env, company).elsewhere(rows, {})

    @api.model
    def _elsewhere_text(self, structure):
        """That there is a file, and whom to ask: nothing more."""
        return self.env._(
            "There is a file for this person already. To talk about it: "
            "%(structure)s, %(phone)s.",
            structure=structure.name,
            phone=structure.phone or "-",
        )

    def _check_not_elsewhere(self, vals_list):
        """Refuse a second file, unless its author says that it is somebody else.

        The application's own acts (imports with their own questions, data) pass.
        """
        if self.env.su:
            return
        defaults = self._context_defaults()
        by_company = {}
        for vals in vals_list:
            vals = {**defaults, **vals}
            company_id = vals.get("company_id") or self.env.company.id
            row = {name: vals.get(name) for name in COMPARED}
            row["birth_date"] = fields.Date.to_date(row["birth_date"] or False)
            if not vals.get("another_person"):
                by_company.setdefault(company_id, []).append(row)
        for company_id, rows in by_company.items():
            company = self.env["res.company"].browse(company_id)
            for structure in self._elsewhere(company, rows).values():
                raise UserError(self._elsewhere_text(structure))

    @api.depends("first_name", "last_name", "birth_date")
    @api.depends_context("uid")
    def _compute_has_duplicate(self):
        doubles = self.search(Domain("id", "in", self.ids) & self._duplicate_domain())
        for person in self:
            person.has_duplicate = person in doubles

    def _search_has_duplicate(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._duplicate_domain()

    @api.model
    def _duplicate_domain(self):
        """Persons who share name and birth date with another one in reach."""
        visible = self._search([])
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """
                EXISTS (SELECT 1 FROM culture_beneficiary twin
                         WHERE twin.id IN %(visible)s AND twin.active
                           AND twin.id <> %(t)s.id
                           AND twin.company_id = %(t)s.company_id
                           AND lower(twin.last_name) = lower(%(t)s.last_name)
                           AND lower(twin.first_name) = lower(%(t)s.first_name)
                           AND twin.birth_date = %(t)s.birth_date)
                """,
                visible=visible.subselect(),
                t=SQL.identifier(alias),
            )
        )
