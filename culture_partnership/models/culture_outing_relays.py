from babel import Locale

from odoo import fields, models
from odoo.tools.misc import babel_locale_parse

from ..tools.districts import district
from .culture_relay_training import LAPSE_TYPE


class CultureOuting(models.Model):
    """Which relays fit an outing, and who is told when one does not any more."""

    _inherit = "culture.outing"

    def action_propose_relay(self):
        """Open the list of relays who could escort this outing, and why.

        :return: an action in a dialog
        """
        self.ensure_one()
        return self.env["culture.relay.propose"]._action_of(self)

    def _relays_that_fit(self, language=None):
        """Relays who may escort and can be asked, those that suit most first.

        Trained that day, under a convention, not in pause, and free (I7). Between two
        that suit as much, who has escorted nothing for the longest time.

        :param language: ``res.lang`` that somebody asked for
        :return: list of pairs of ``culture.relay`` and the reasons, in words
        """
        self.ensure_one()
        day = self._local_day()
        if not day:
            return []
        relays = self.env["culture.relay"].search(
            [("company_id", "=", self.company_id.id), ("trained_until", ">=", day)]
        )
        relays = relays.filtered(lambda relay: relay._available_on(day))
        relays = relays._with_convention_on(day) - self.escort_ids - self._taken(relays)
        found = [(relay, self._reasons(relay, language)) for relay in relays]
        return sorted(
            found,
            key=lambda pair: (
                -len(pair[1]),
                pair[0].last_activity_date or fields.Date.to_date("1900-01-01"),
                pair[0].name,
            ),
        )

    def _reasons(self, relay, language):
        """Why this relay: discipline, language, district, as words."""
        reasons = []
        if self.discipline_id and self.discipline_id in relay.discipline_ids:
            reasons.append(self.discipline_id.name)
        if language and language in relay.language_ids:
            reasons.append(self._language_words(language))
        # sudo: districts are compared, none is shown
        venue, relay = self.sudo().venue_id, relay.sudo()
        nearby = {district(relay.partner_id), district(relay.structure_id)} - {None}
        if district(venue) in nearby:
            reasons.append(self.env._("same district"))
        return reasons

    def _language_words(self, languages):
        """Names of languages, as the user's own language has them.

        :param languages: ``res.lang`` records
        :return: text
        """
        names = babel_locale_parse(self.env.lang).languages
        return ", ".join(
            names.get(Locale.parse(language.code.partition("@")[0]).language)
            or language.name
            for language in languages
        )

    def _tell_of_untrained_escort(self):
        """Ask who organises to look at the escorts again; once, without a name.

        sudo: told by the application, to who reads the outing already.
        """
        activities = self.env["mail.activity"].sudo()
        kind = self.env.ref(LAPSE_TYPE)
        known = [
            ("activity_type_id", "=", kind.id),
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
        ]
        user = self._who_organises()
        if not user or activities.search_count(known, limit=1):
            return
        env = self.with_context(lang=user.lang).env
        activities.create(
            {
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
                "activity_type_id": kind.id,
                "user_id": user.id,
                "summary": env._(
                    "The training of an escort does not hold until this outing any "
                    "more: choose another relay, or plan a training."
                ),
                "date_deadline": self._local_day(),
            }
        )

    def _who_organises(self):
        """Who organises it, else a coordination of its structure.

        :return: ``res.users`` who reads it now, possibly empty
        """
        coordinators = self.env["culture.scope"]._holders(
            "coordinator", self.structure_id, self.company_id
        )
        return self._first_reader(self.user_id | coordinators)
