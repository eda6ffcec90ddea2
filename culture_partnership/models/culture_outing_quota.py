from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .culture_convention import RETURN_DAYS
from .culture_registration_rules import SEATED


class CultureOutingQuota(models.Model):
    """Places of an outing that are kept for a structure, until a day.

    What the structure has not taken by then is common. The dates decide, no job does.
    """

    _name = "culture.outing.quota"
    _inherit = ["culture.guarded"]
    _description = "Quota"
    _order = "outing_id, id"
    _rec_names_search = ("structure_id",)
    _any_structure_for = frozenset({"referent", "coordinator"})

    outing_id = fields.Many2one(
        "culture.outing", required=True, index=True, ondelete="cascade"
    )
    structure_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_culture_structure", "=", True)],
        help="Its own people; a structure under it has a quota of its own.",
    )
    company_id = fields.Many2one(
        related="outing_id.company_id", store=True, precompute=True, index=True
    )
    seats = fields.Integer(string="Places kept", required=True)
    return_date = fields.Date(
        string="Return to the common places on",
        required=True,
        compute="_compute_return_date",
        store=True,
        readonly=False,
        precompute=True,
        help="From that day on, whoever wants them may have them.",
    )
    seats_taken = fields.Integer(string="Places taken", compute="_compute_seats_taken")
    in_force = fields.Boolean(string="In force", compute="_compute_in_force")

    _seats_positive = models.Constraint(
        "CHECK (seats >= 0)", "Places kept: none or more."
    )

    @api.depends("structure_id")
    def _compute_display_name(self):
        for quota in self:
            quota.display_name = quota.structure_id.name

    @api.depends(
        "outing_id.date_begin", "outing_id.date_end", "outing_id.convention_id"
    )
    def _compute_return_date(self):
        for quota in self:
            # sudo: how many days the convention says, and nothing else of it
            outing = quota.outing_id.sudo()
            day = outing._local_day() or outing.company_id._culture_today()
            days = (
                outing.convention_id.quota_return_days
                if outing.convention_id
                else RETURN_DAYS
            )
            quota.return_date = day - timedelta(days=days)

    @api.depends("outing_id.registration_ids.state", "structure_id")
    def _compute_seats_taken(self):
        """Numbers by structure: sudo tells nothing of a person."""
        taken = {
            (outing.id, structure.id): seats
            for outing, structure, seats in self.env["culture.registration"]
            .sudo()
            ._read_group(
                [
                    ("outing_id", "in", self.outing_id.ids),
                    ("structure_id", "in", self.structure_id.ids),
                    ("state", "in", list(SEATED)),
                ],
                ["outing_id", "structure_id"],
                ["seats:sum"],
            )
        }
        for quota in self:
            place = (quota.outing_id._origin.id, quota.structure_id._origin.id)
            quota.seats_taken = taken.get(place, 0)

    @api.depends("return_date", "company_id")
    def _compute_in_force(self):
        today = {company: company._culture_today() for company in self.company_id}
        for quota in self:
            quota.in_force = bool(
                quota.return_date
                and quota.company_id
                and quota.return_date > today[quota.company_id]
            )

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("structure_id"):
                raise self._missing_error("structure_id")
        quotas = super().create(vals_list)
        quotas._lock_outings()
        return quotas

    def write(self, vals):
        if "outing_id" in vals and any(
            q.outing_id.id != vals["outing_id"] for q in self
        ):
            raise UserError(self.env._("A quota stays with its outing."))
        self._lock_outings()
        return super().write(vals)

    def unlink(self):
        self._lock_outings()
        return super().unlink()

    def _lock_outings(self):
        """Whoever takes a place of the outing meanwhile is run again, or this is.

        sudo: the outing's row is touched, nothing of it changes.
        """
        self.check_access("write")
        self.sudo().outing_id._lock_quietly()

    @api.constrains("seats", "structure_id", "outing_id")
    def _check_shares(self):
        for quota in self:
            others = quota.outing_id.sudo().quota_ids
            total, most = sum(others.mapped("seats")), quota.outing_id.seats_max
            if total > most:
                raise ValidationError(
                    self.env._(
                        "Quotas: %(total)s places are kept in all, and there are "
                        "%(most)s. Keep fewer.",
                        total=total,
                        most=most,
                    )
                )
            if (
                len(
                    others.filtered(lambda q, s=quota.structure_id: q.structure_id == s)
                )
                > 1
            ):
                raise ValidationError(
                    self.env._(
                        "%(structure)s has a quota for this outing already: change it.",
                        structure=quota.structure_id.sudo().name,
                    )
                )
            if not quota.structure_id.sudo().is_culture_structure:
                raise ValidationError(
                    self.env._("Structure: choose one of the scheme's structures.")
                )
