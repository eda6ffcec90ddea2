from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .culture_permanence import COUNTERS, MOST
from .culture_permanence_counts import STEPS

PERMANENCES_SHOWN = 10


class CulturePortalRelay(models.AbstractModel):
    """The permanences that a relay hosts: numbers, never a visit or a name."""

    _inherit = "culture.portal.relay"

    # -------------------------------------------------------------------- scope

    def _permanences(self):
        """Permanences open to the user now: those to come, and until the next day.

        Their organisation's convention being over, only one that began before stays.

        :return: ``culture.permanence`` records as superuser, the nearest first
        """
        cards, standing = self._cards(), self._standing()
        hosted = self.env["culture.permanence"].sudo()
        hosted = hosted.with_context(lang=self.env.lang).search(
            [
                ("host_ids", "in", cards.ids),
                ("date_end", ">", fields.Datetime.now() - timedelta(days=3)),
            ],
            order="date_begin, id",
        )
        return hosted.filtered(
            lambda p: (
                not p._is_late()
                and (
                    p.host_ids & standing
                    or any(self._began_under(p, card) for card in p.host_ids & cards)
                )
            )
        )

    def _began_under(self, permanence, card):
        """Whether it began while the convention of the relay's organisation held."""
        begin = permanence.date_begin
        if begin > fields.Datetime.now():
            return False
        conventions = self.env["culture.convention"]._of_partner(
            card.structure_id, card.company_id
        )
        day = permanence._local_day()
        return any(convention._held(day, begin) for convention in conventions)

    def _permanence(self, permanence_id):
        """One of them; none for what is absent, of others, or not open any more."""
        return self._permanences().filtered(lambda p: p.id == permanence_id)

    # -------------------------------------------------------------------- pages

    def _home(self):
        page = super()._home()
        if page is not None:
            shown = self._permanences()[:PERMANENCES_SHOWN]
            page["permanences"] = [self._permanence_card(p) for p in shown]
        return page

    def _permanence_card(self, permanence):
        return {
            "id": permanence.id,
            "when": permanence.when_label,
            "place": permanence.place_label,
        }

    def _permanence_page(self, permanence_id):
        """The page of a permanence that the user hosts.

        :param permanence_id: id, any number
        :return: dict of plain values, None for what is not open
        """
        permanence = self._permanence(permanence_id)
        if not permanence:
            return None
        return {
            **self._permanence_card(permanence),
            "address": self._place(permanence.venue_id),
            "due": permanence._is_due(),
            "counters": [
                {
                    "name": name,
                    "label": permanence._field_label(name),
                    "value": permanence[name],
                }
                for name in COUNTERS
            ],
            "most": MOST,
            "phone": self._phone(),
        }

    # --------------------------------------------------------------------- acts

    def _count(self, permanence_id, counter, step):
        """Add one to a counter, or take one off.

        By the same statement as agents; sudo, because a portal user has no right on
        the permanence: it is one that this user hosts now, and a counter of the list
        is all that moves.

        :param permanence_id: id, any number
        :param counter: one of :data:`COUNTERS`
        :param step: 1 or -1
        :return: "" when done, a sentence when not, None for what is not open
        """
        permanence = self._permanence(permanence_id)
        if not permanence or counter not in COUNTERS or step not in STEPS:
            return None
        return self._counted(
            permanence,
            lambda: permanence._at_once(lambda: permanence._move_count(counter, step)),
        )

    def _count_all(self, permanence_id, typed):
        """Keep the totals of a sheet of paper: what is typed replaces the numbers.

        sudo as :meth:`_count`; a counter that is not typed stays as it is.

        :param permanence_id: id, any number
        :param typed: dict of texts
        :return: "" when done, a sentence when not, None for what is not open
        """
        permanence = self._permanence(permanence_id)
        if not permanence:
            return None
        totals = {}
        for name in COUNTERS:
            text = (typed.get(name) or "").strip()
            if not text:
                continue
            if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST))):
                return str(permanence._bounds_error(name))
            totals[name] = int(text)
        return self._counted(permanence, lambda: permanence.write(totals))

    def _counted(self, permanence, act):
        """Each act looks before it writes: what it refuses has changed nothing."""
        try:
            permanence._check_due()
            act()
        except UserError as error:
            return str(error)
        return ""

    def _screens(self):
        screens = super()._screens()
        if screens:
            number = len(self._permanences())
            screens.append((self.env._("Permanences to hold"), number))
        return screens
