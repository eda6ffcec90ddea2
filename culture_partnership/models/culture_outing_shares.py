from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.day_words import day_in_words
from ..tools.room import Room
from .culture_registration_rules import SEATED


class CultureOuting(models.Model):
    """Which places are kept for whom, and until when."""

    _inherit = "culture.outing"

    quota_ids = fields.One2many("culture.outing.quota", "outing_id", string="Quotas")
    quota_until = fields.Date(
        string="Quotas until",
        compute="_compute_quota_until",
        store=True,
        help="From that day on, all places are common.",
    )
    my_quota_label = fields.Char(string="Quota", compute="_compute_my_quota_label")

    @api.depends("quota_ids.return_date")
    def _compute_quota_until(self):
        for outing in self:
            outing.quota_until = max(
                filter(None, outing.quota_ids.mapped("return_date")), default=False
            )

    @api.depends("quota_ids.seats", "quota_ids.return_date", "seats_taken")
    @api.depends_context("uid", "lang")
    def _compute_my_quota_label(self):
        """What is kept for the structures in which the user works.

        sudo: an outing's numbers by structure, for who reads the outing.
        """
        mine = self.env["culture.role"]._structures("referent", "coordinator")
        for outing in self:
            outing.my_quota_label = "\n".join(
                self.env._(
                    "%(structure)s: %(taken)s of %(seats)s",
                    structure=quota.structure_id.name,
                    taken=min(quota.seats_taken, quota.seats),
                    seats=quota.seats,
                )
                for quota in outing.sudo().quota_ids
                if quota.in_force and quota.structure_id.id in mine.ids
            )

    def _room(self):
        """What is left of the outing, and for whom.

        sudo: numbers by structure.

        :return: :class:`Room`
        """
        self.ensure_one()
        outing = self.sudo()
        today = outing.company_id._culture_today()
        shares = {}
        if outing.quota_until and outing.quota_until > today:
            shares = outing._shares(today)
        return Room(outing.seats_max, outing.seats_taken, shares)

    def _shares(self, today):
        """Quotas in force, and what of each is taken: one query."""
        self.env["culture.outing.quota"].flush_model()
        self.env["culture.registration"].flush_model(["state", "seats", "structure_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT quota.structure_id, sum(quota.seats),
                       (SELECT COALESCE(sum(line.seats), 0)
                          FROM culture_registration line
                         WHERE line.outing_id = %(outing)s
                           AND line.structure_id = quota.structure_id
                           AND line.state IN %(seated)s)
                  FROM culture_outing_quota quota
                 WHERE quota.outing_id = %(outing)s AND quota.return_date > %(today)s
                 GROUP BY quota.structure_id
                """,
                outing=self.id,
                seated=tuple(SEATED),
                today=today,
            )
        )
        return {structure: (seats, taken) for structure, seats, taken in rows}

    def _quota_error(self):
        """What is left is kept for others.

        :return: UserError
        """
        outing = self.sudo()
        return UserError(
            self.env._(
                "The quota of your structure is reached for %(outing)s: the places "
                "left are kept for other structures until %(day)s. Nothing was "
                "registered. You can register on the waiting list.",
                outing=outing.name,
                day=day_in_words(self.env, outing.quota_until, self.env._("d MMMM")),
            )
        )
