from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from .culture_links import link_id

COPIES = ("structure_id", "company_id")


class CulturePersonPart(models.AbstractModel):
    """What stands in a person's file and is written by who follows the person.

    It stays with its person, copies what rules filter by, and to who may not
    create it says one thing only, whatever else is wrong.
    """

    _name = "culture.person.part"
    _inherit = ["culture.reach"]
    _description = "Part of a person's file"

    _filled_by_application = frozenset(COPIES)
    """Fields that nobody gives."""
    _asked_for = ()
    """Fields named to who leaves them empty, before PostgreSQL shows the row."""

    # copies of what rules filter by, refreshed by the person
    structure_id = fields.Many2one(
        "res.partner", required=True, readonly=True, copy=False, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, copy=False
    )

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self._context_defaults()
        defaults = {
            name: defaults[name] for name in self._asked_for if name in defaults
        }
        vals_list = [{**defaults, **vals} for vals in vals_list]
        # of no record: what is asked below is asked of what is new
        self = self.browse().with_env(self.env(context=clean_context(self.env.context)))
        self.check_access("create")
        self._check_protected(vals_list)
        self._check_given(vals_list, new=True)
        self._check_links(vals_list)
        self._check_new(vals_list)
        return super().create(
            [{**vals, **self._prepare_copies(vals)} for vals in vals_list]
        )

    def write(self, vals):
        self._check_protected([vals])
        self._check_given([vals])
        return super().write(vals)

    def _person_of(self, vals):
        """The person whom values to create are about.

        sudo: a link that the user may read, asked just before.
        """
        people = self.env["culture.beneficiary"].sudo()
        return people.browse(link_id(vals["beneficiary_id"]))

    def _prepare_copies(self, vals):
        person = self._person_of(vals)
        return {name: person[name].id for name in COPIES}

    # ------------------------------------------------------------------ checks

    def _check_protected(self, vals_list):
        """Refuse what the application fills, and a change of person."""
        if self and not self.env.su and any("beneficiary_id" in v for v in vals_list):
            raise UserError(self.env._("What is in a file stays with its person."))
        self._refuse_given(self._filled_by_application, vals_list)

    def _check_given(self, vals_list, new=False):
        """Name what is missing."""
        for name in self._asked_for:
            field = self._fields[name]
            # what a default or a computation gives may be left out
            needed = new and not field.default and not field.compute
            for vals in vals_list:
                value = vals.get(name, not needed)
                if not (value.strip() if isinstance(value, str) else value):
                    raise self._missing_error(name)

    def _check_new(self, vals_list):
        """What a model asks of what is created, by who may.

        :param vals_list: list of dicts, the links in them are lawful
        """

    def _check_structures(self, structure_ids):
        """Copied from the person, never given: who opened the file for a day may
        have no role there."""
