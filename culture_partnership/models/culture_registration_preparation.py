from odoo import api, fields, models
from odoo.exceptions import UserError

from .culture_registration_rules import GIVEN, MAJORITY, PROTECTED
from .ir_rule import refusal

MOST_SEATS = 1000

OF_OUTING = (
    "name",
    "state",
    "date_begin",
    "date_end",
    "min_age",
    "convention_id",
    "company_id",
)
"""What is asked of an outing before anybody is registered: read at once."""


class CultureRegistration(models.Model):
    """What a registration is made of: what is given, and what is filled in."""

    _inherit = "culture.registration"

    def _check_protected(self, vals_list):
        """Refuse what the application fills, and a change of person or outing."""
        if self.env.su:
            return
        names = PROTECTED & {name for vals in vals_list for name in vals}
        if not self:
            names = names - {"outing_id", "beneficiary_id"}
        if names & {"outing_id", "beneficiary_id"}:
            raise UserError(
                self.env._(
                    "A registration keeps its person and its outing: free this place, "
                    "then register again."
                )
            )
        self._refuse_given(names, vals_list)

    def onchange(self, values, field_names, fields_spec):
        """The host's, on links that the user may read.

        :param values: values of the form
        :param field_names: changed fields
        :param fields_spec: what to answer
        :return: dict of values and warnings
        """
        self._check_links([self._context_defaults(), values])
        return super().onchange(values, field_names, fields_spec)

    def _check_references(self, vals_list):
        """Not a second time: what the application filled in was asked before."""
        filled = PROTECTED - set(GIVEN)
        if not any(filled & vals.keys() for vals in vals_list):
            self._check_links(vals_list)

    @api.model
    def _check_outing_given(self, vals_list):
        """Name what is missing before seats are counted with it."""
        if not all(vals.get("outing_id") for vals in vals_list):
            raise self._missing_error("outing_id")

    @api.model
    def _with_defaults(self, vals_list):
        """Values with those a screen gives by its context, and no others."""
        defaults = {
            name: self.env.context[f"default_{name}"]
            for name in GIVEN
            if f"default_{name}" in self.env.context
        }
        return [{**defaults, **vals} for vals in vals_list]

    @api.model
    def _plain_counts(self, vals):
        """Counts as whole numbers, before seats are counted with them."""
        vals = dict(vals)
        for name in ("adults", "children", "seats_attended"):
            if name not in vals:
                continue
            value = vals[name] or 0
            if type(value) is not int or not 0 <= value <= MOST_SEATS:
                label = self._field_label(name)
                raise UserError(
                    self.env._(
                        "%(field)s: give a whole number, %(most)s at most.",
                        field=label,
                        most=MOST_SEATS,
                    )
                )
            vals[name] = value
        if "companion" in vals:
            vals["companion"] = bool(vals["companion"])
        return vals

    @api.model
    def _check_reasons(self, vals_list):
        """A reason is of the user's companies, and of the kind that it explains."""
        for vals in vals_list:
            reason_id = vals.get("reason_id")
            if not reason_id or self.env.su:
                continue
            kinds = {"absence"}
            if vals.get("state") == "cancelled":
                kinds = {vals.get("cancelled_by") or "person"}
            allowed = self.env["culture.reason"].search_count(
                [("id", "=", reason_id), ("kind", "in", list(kinds))]
            )
            if not allowed:
                raise UserError(self.env._("Reason: choose one of the list."))

    @api.model
    def _prepare_lines(self, vals_list):
        """Fill the places and the copies, once for the whole batch.

        sudo reads outing and person whose access was checked just before; only
        what lines copy is taken from them.
        """
        outings = self.env["culture.outing"].sudo()
        people = self.env["culture.beneficiary"].sudo()
        outings = outings.browse({vals.get("outing_id") for vals in vals_list} - {None})
        people = people.browse(
            {vals.get("beneficiary_id") for vals in vals_list} - {None, False}
        )
        outings.fetch(OF_OUTING)
        people.fetch(["birth_date", "structure_id", "referent_id", "company_id"])
        if not self.env.su:
            outings._check_open_for_registration()
        return [
            self._prepare_line(
                vals,
                outings.browse(vals.get("outing_id")),
                people.browse(vals.get("beneficiary_id") or []),
            )
            for vals in vals_list
        ]

    @api.model
    def _prepare_line(self, vals, outing, person):
        state = vals.get("state") or "confirmed"
        if state not in ("requested", "waiting", "confirmed"):
            raise UserError(
                self.env._(
                    "A registration starts as requested, on the waiting list or "
                    "confirmed."
                )
            )
        copies = {
            "state": state,
            "company_id": outing.company_id.id,
            "date_begin": outing.date_begin,
            "date_end": outing.date_end,
            "booked_by_id": self.env.uid,
        }
        if state == "waiting":
            copies["waiting_since"] = fields.Datetime.now()
        if person:
            return {**vals, **copies, **self._of_person(vals, outing, person)}
        structure = self.env["culture.role"]._default_structure() or outing.structure_id
        counts = {"adults": vals.get("adults", 1), "children": vals.get("children", 0)}
        return {
            **vals,
            **copies,
            **counts,
            "structure_id": structure.id,
            "companion": False,
            "proposed_by_person": False,
        }

    @api.model
    def _of_person(self, vals, outing, person):
        """One place for the person, adult or child on the date; unknown = adult."""
        if person.company_id != outing.company_id:
            raise refusal(self.env)
        known = bool(person.birth_date)
        age = known and person._age_on(outing._local_day())
        if known and age < outing.min_age:
            raise UserError(
                self.env._("This outing is from %(age)s years on.", age=outing.min_age)
            )
        child = known and age < MAJORITY
        companion = bool(vals.get("companion"))
        return {
            "companion": companion,
            "adults": int(not child) + int(companion),
            "children": int(child),
            "structure_id": person.structure_id.id,
            "referent_id": person.referent_id.id,
        }

    def _prepare_counts(self, vals):
        """Places of a changed line: a person's follow from the companion."""
        self.ensure_one()
        if not self.beneficiary_id:
            return dict(vals, companion=False)
        adults = self.adults - int(self.companion) + int(vals.get("companion", False))
        kept = {
            name: value
            for name, value in vals.items()
            if name not in ("adults", "children", "group_label")
        }
        return dict(kept, adults=adults) if "companion" in vals else kept
