from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .culture_registration_rules import GIVEN


class Moved(NamedTuple):
    """What the statement that moves seats tells of the outings, at no other query."""

    doubtful: models.Model
    """Those that may be closed to registrations."""
    shared: models.Model
    """Those of which places are taken while some are kept for structures."""
    waiting: dict
    """How many registrations wait, by outing id, where places are taken."""


class CultureOuting(models.Model):
    """Places: what is taken moves by one statement, whoever asks."""

    _inherit = "culture.outing"

    @api.depends("seats_max", "seats_taken")
    def _compute_seats_free(self):
        for outing in self:
            outing.seats_free = outing.seats_max - outing.seats_taken
            outing.is_full = outing.seats_free <= 0
            outing.has_free_seats = not outing.is_full

    def _search_has_free_seats(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s < %s",
                SQL.identifier(alias, "seats_taken"),
                SQL.identifier(alias, "seats_max"),
            )
        )

    @api.model
    def _move_seats(self, moved):
        """Take or free places, in one conditional UPDATE.

        The only way `seats_taken` moves. Under REPEATABLE READ, counting the
        lines would read a snapshot older than any lock; this statement waits for
        the other transaction, then fails and is retried (docs/architecture.md).

        :param moved: places taken (below 0: freed) by outing id
        :return: :class:`Moved`
        :raise UserError: when one of the outings has not enough room; nothing is
            registered
        """
        moved = {id_: delta for id_, delta in sorted(moved.items()) if delta}
        if not moved:
            return Moved(self.browse(), self.browse(), {})
        self.flush_model(
            ["seats_taken", "seats_max", "state", "date_end", "quota_until"]
        )
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                UPDATE culture_outing o
                   SET seats_taken = o.seats_taken + moved.delta
                  FROM unnest(%s::int[], %s::int[]) AS moved(id, delta)
                 WHERE o.id = moved.id
                   AND o.seats_taken + moved.delta BETWEEN 0 AND o.seats_max
             RETURNING o.id, o.state = 'published' AND o.date_end > %s
                             AND o.convention_id IS NULL,
                       o.quota_until IS NOT NULL,
                       (SELECT count(*) FROM culture_registration line
                         WHERE line.outing_id = o.id AND line.state = 'waiting')
                """,
                list(moved),
                list(moved.values()),
                fields.Datetime.now(),
            ),
            log_exceptions=False,  # to lose a race is no error: it is retried
        )
        done = cr.fetchall()
        outings = self.browse(moved)
        outings.invalidate_recordset(
            ["seats_taken", "seats_free", "is_full", "has_free_seats"], flush=False
        )
        refused = outings - self.browse(row[0] for row in done)
        if refused:
            raise refused[0]._full_error(moved[refused[0].id])
        taken = [row for row in done if moved[row[0]] > 0]
        return Moved(
            self.browse(id_ for id_, surely_open, *__ in done if not surely_open),
            self.browse(id_ for id_, __, quotas, __ in taken if quotas),
            {id_: waiting for id_, __, __, waiting in taken if waiting},
        )

    def _full_error(self, wanted):
        left = max(self.sudo().seats_free, 0)
        if wanted == 1:
            asked = self.env._("1 asked for")
        else:
            asked = self.env._("%(n)s asked for", n=wanted)
        if not left:
            remaining = self.env._("none left")
        elif left == 1:
            remaining = self.env._("1 left")
        else:
            remaining = self.env._("%(n)s left", n=left)
        return UserError(
            self.env._(
                "Not enough places left for %(outing)s: %(asked)s, %(left)s. Nothing "
                "was registered. You can register on the waiting list.",
                outing=self.sudo().name,
                asked=asked,
                left=remaining,
            )
        )

    def _check_open_for_registration(self, states=("published",)):
        """Refuse a registration on an outing that takes none (any more).

        :param states: states in which the outing takes it
        """
        now = fields.Datetime.now()
        for outing in self:
            if outing.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(outing)s takes no registration (%(state)s).",
                        outing=outing.name,
                        state=labels[outing.state],
                    )
                )
            if outing.date_end <= now:
                raise UserError(self.env._("%(outing)s is over.", outing=outing.name))
            outing.convention_id._check_in_force()

    # ------------------------------------------------------------- registration

    def action_register(self, lines, state="confirmed"):
        """Register people and groups; retried at once when a seat moved meanwhile.

        :param lines: list of dicts: ``beneficiary_id``, ``companion`` and
            ``proposed_by_person``, or ``group_label``, ``adults`` and ``children``
        :param state: ``confirmed``, ``requested`` or ``waiting``
        :return: ids of the new registrations
        :raise UserError: "not enough places": then nothing is registered
        """
        self.ensure_one()
        if not lines or not all(isinstance(line, dict) for line in lines):
            raise UserError(self.env._("Choose at least one person or one group."))
        allowed = set(GIVEN) - {"outing_id", "state"}
        vals_list = [
            {
                **{name: line[name] for name in allowed & line.keys()},
                "outing_id": self.id,
                "state": state,
            }
            for line in lines
        ]
        registrations = self.env["culture.registration"]
        return self._at_once(lambda: registrations.create(vals_list).ids)

    def _check_seats_above_taken(self, seats_max):
        for outing in self:
            if seats_max < outing.seats_taken:
                raise UserError(
                    self.env._(
                        "%(taken)s places are taken: give at least %(taken)s, or "
                        "free places first.",
                        taken=outing.seats_taken,
                    )
                )
            kept = sum(outing.sudo().quota_ids.mapped("seats"))
            if outing.quota_until and seats_max < kept:
                raise UserError(
                    self.env._(
                        "%(kept)s places are kept for structures: give at least "
                        "%(kept)s, or lower the quotas first.",
                        kept=kept,
                    )
                )
