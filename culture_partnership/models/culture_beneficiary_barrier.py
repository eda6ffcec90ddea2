from odoo import api, fields, models
from odoo.exceptions import UserError

from .culture_links import link_id

LIFTED = "lifted"


class CultureBeneficiaryBarrier(models.Model):
    """A barrier that a person meets, what became of it, and what could help.

    A closed list, no free text: what a person says of it is a follow-up. One that
    is lifted stays, to be able to say that it was; one noted by mistake is deleted.
    """

    _name = "culture.beneficiary.barrier"
    _inherit = ["culture.person.part"]
    _description = "Barrier of a person"
    _order = "state, id"
    _rec_names_search = ("barrier_id",)
    _check_company_auto = True
    _asked_for = ("beneficiary_id", "barrier_id", "state")

    beneficiary_id = fields.Many2one(
        "culture.beneficiary", string="Person", required=True, ondelete="cascade"
    )
    barrier_id = fields.Many2one(
        "culture.barrier",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    state = fields.Selection(
        [("current", "Under way"), ("lasting", "Persistent"), (LIFTED, "Lifted")],
        string="Where it stands",
        required=True,
        default="current",
    )
    lever_id = fields.Many2one(
        "culture.lever",
        string="Proposed lever",
        compute="_compute_lever_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('barrier_id', '=', barrier_id)]",
    )

    _once = models.UniqueIndex(
        "(beneficiary_id, barrier_id)",
        "This barrier is noted for this person already.",
    )
    _structure = models.Index("(structure_id, id)")

    @api.depends("barrier_id")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.barrier_id.sudo().name
        self._hide_names()

    @api.depends("barrier_id")
    def _compute_lever_id(self):
        """The first lever of the barrier: a proposal, the choice is theirs."""
        for line in self:
            if line.lever_id.barrier_id != line.barrier_id:
                line.lever_id = line.barrier_id.lever_ids[:1]

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_lever()
        return lines

    def write(self, vals):
        if vals.get("barrier_id"):
            self._check_once(self.beneficiary_id.ids, [link_id(vals["barrier_id"])])
        result = super().write(vals)
        if vals.keys() & {"barrier_id", "lever_id"}:
            self._check_lever()
        return result

    def _check_new(self, vals_list):
        """Before PostgreSQL says of a second line what is in the first."""
        pairs = [
            (link_id(vals["beneficiary_id"]), link_id(vals["barrier_id"]))
            for vals in vals_list
        ]
        for person_id, barrier_id in pairs:
            self._check_once([person_id], [barrier_id])
        if len({*pairs}) < len(pairs):
            raise self._noted_already()
        return super()._check_new(vals_list)

    def _check_once(self, person_ids, barrier_ids):
        """sudo: what is asked about is in the file that the user writes."""
        known = self.sudo().search_count(
            [
                ("beneficiary_id", "in", person_ids),
                ("barrier_id", "in", barrier_ids),
                ("id", "not in", self.ids),
            ],
            limit=1,
        )
        if known or (self and len(self.beneficiary_id) < len(self)):
            raise self._noted_already()

    def _noted_already(self):
        return UserError(
            self.env._("Barrier: it is noted for this person already. Change its line.")
        )

    def _check_lever(self):
        for line in self:
            if line.lever_id and line.lever_id.barrier_id != line.barrier_id:
                raise UserError(
                    self.env._("Proposed lever: choose one of this barrier.")
                )
