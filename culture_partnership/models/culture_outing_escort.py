from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..tools.quiet_log import unlogged


class CultureOuting(models.Model):
    """Who goes along: escorts who may, and no minor alone."""

    _inherit = "culture.outing"

    @api.constrains("escort_ids", "date_begin", "date_end", "date_mode", "state")
    def _check_escorts(self):
        """Who escorts is trained, under an active convention, and free (I7)."""
        self.filtered(lambda o: o.state in ("draft", "published"))._ask_of_escorts()

    @api.constrains("escort_ids", "date_begin", "date_end", "date_mode")
    def _check_escorts_of_closed(self):
        """It takes place all the same; only to close it nothing is asked."""
        self.filtered(lambda o: o.state == "closed")._ask_of_escorts()

    def _ask_of_escorts(self):
        for outing in self:
            escorts = outing.escort_ids
            if not escorts or not outing.date_end:
                continue
            day = outing._local_day()
            for relay in escorts:
                if not relay.trained_until or relay.trained_until < day:
                    raise UserError(outing._training_error(relay))
                if not relay._has_convention_on(day):
                    raise UserError(
                        self.env._(
                            "%(relay)s cannot escort this outing: %(organisation)s "
                            "has no convention in force on that day.",
                            relay=relay.name,
                            organisation=relay.structure_id.name,
                        )
                    )
            outing._check_escorts_free()

    def _training_error(self, relay):
        if not relay.trained_until:
            return self.env._(
                "%(relay)s cannot escort this outing: no training yet. Choose "
                "another relay, or plan a training: “Note a training”, on their card.",
                relay=relay.name,
            )
        return self.env._(
            "%(relay)s cannot escort this outing: training valid until %(day)s. "
            "Choose another relay, or plan a training: “Note a training”, on their "
            "card.",
            relay=relay.name,
            day=format_date(self.env, relay.trained_until),
        )

    def _check_escorts_free(self):
        """Two outings that take one relay at one moment do not see each other."""
        if not self.date_begin:
            return
        self.escort_ids._lock_quietly()
        taken = self._taken(self.escort_ids)
        if taken:
            raise UserError(
                self.env._(
                    "%(relay)s escorts another outing at that time already.",
                    relay=taken.sudo()[:1].name,
                )
            )

    def _taken(self, relays):
        """Those who escort another outing at that time.

        sudo: of outings that the user may not see, only that they are at that time.

        :param relays: ``culture.relay``
        :return: ``culture.relay``, some of them
        """
        if not self.date_begin:
            return relays.browse()
        others = self.sudo().search(
            [
                ("id", "!=", self.id),
                ("state", "!=", "cancelled"),
                ("escort_ids", "in", relays.ids),
                ("date_begin", "<", self.date_end),
                ("date_end", ">", self.date_begin),
            ]
        )
        return others.escort_ids.with_env(self.env) & relays

    def _check_minors(self, changed):
        """A minor comes with an adult of the household, or with an escort (I2).

        :param changed: the registrations that moved, to ask nothing for nothing
        """
        if not changed:
            return
        self.flush_model(["escort_ids"])
        changed.flush_model(["state", "children", "adults", "seats", "beneficiary_id"])
        alone = self.env.execute_query(
            SQL(
                """
                SELECT minor.beneficiary_id
                  FROM culture_registration minor
                  JOIN culture_beneficiary person ON person.id = minor.beneficiary_id
                 WHERE minor.outing_id = ANY(%s)
                   AND minor.children > 0 AND minor.adults = 0
                   AND minor.state IN ('requested', 'waiting', 'offered', 'confirmed')
                   AND NOT EXISTS (
                        SELECT 1 FROM culture_outing_escort_rel escort
                         WHERE escort.outing_id = minor.outing_id)
                   AND NOT EXISTS (
                        SELECT 1
                          FROM culture_registration adult
                          JOIN culture_beneficiary grown
                            ON grown.id = adult.beneficiary_id
                         WHERE adult.outing_id = minor.outing_id
                           AND adult.adults > 0 AND adult.state <> 'cancelled'
                           AND grown.household_id = person.household_id)
                 LIMIT 1
                """,
                self.ids,
            )
        )
        for (person_id,) in alone:
            # sudo: an adult of the household is let go by who may not see the minor
            person = self.env["culture.beneficiary"].browse(person_id)
            name = (
                person.display_name
                if person.has_access("read")
                else self.env._("A child of the household")
            )
            text = self.env._(
                "%(person)s is under 18: register an adult of the household too, or "
                "plan an escorting relay.",
                person=name,
            )
            raise unlogged(UserError(text))
