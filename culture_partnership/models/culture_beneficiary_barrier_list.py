from odoo import api, fields, models

from .culture_beneficiary_barrier import LIFTED


class CultureBeneficiary(models.Model):
    """The barriers of the person: the lines, and the list of those not lifted."""

    _inherit = "culture.beneficiary"

    barrier_line_ids = fields.One2many(
        "culture.beneficiary.barrier",
        "beneficiary_id",
        string="Barriers and levers",
        copy=False,
    )
    barrier_ids = fields.Many2many(
        compute="_compute_barrier_ids",
        inverse="_inverse_barrier_ids",
        store=True,
        readonly=False,
        help="Those that are not lifted.",
    )

    @api.depends("barrier_line_ids.barrier_id", "barrier_line_ids.state")
    def _compute_barrier_ids(self):
        for person in self:
            standing = person.barrier_line_ids.filtered(lambda x: x.state != LIFTED)
            person.barrier_ids = standing.barrier_id

    def _inverse_barrier_ids(self):
        """What is taken from the list is lifted, what comes back stands again.

        sudo: the lines follow from the list, which its writer had the right to set;
        of a file just made, the access that rules read does not exist yet.
        """
        for person in self.sudo().with_context(active_test=False):
            wanted, lines = person.barrier_ids, person.barrier_line_ids
            # the writes below would compute the list anew while it is read
            with self.env.protecting([self._fields["barrier_ids"]], person):
                gone = lines.filtered(lambda x, w=wanted: x.barrier_id not in w)
                gone.filtered(lambda x: x.state != LIFTED).state = LIFTED
                back = (lines - gone).filtered(lambda x: x.state == LIFTED)
                back.state = "current"
                lines.create(
                    [
                        {"beneficiary_id": person.id, "barrier_id": barrier.id}
                        for barrier in wanted - lines.barrier_id
                    ]
                )

    @api.model_create_multi
    def create(self, vals_list):
        """The lines come after the file: rules read the access that it gives."""
        later = [vals.get("barrier_line_ids") for vals in vals_list]
        people = super().create(
            [
                {name: vals[name] for name in vals if name != "barrier_line_ids"}
                for vals in vals_list
            ]
        )
        for person, commands in zip(people, later, strict=True):
            if commands:
                person.barrier_line_ids = commands
        return people
