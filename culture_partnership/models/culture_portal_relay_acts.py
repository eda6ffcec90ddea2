from odoo import models
from odoo.exceptions import UserError

from ..tools.texts import several_lines
from .culture_outing_report import LONGEST_WORD
from .culture_registration_rules import RECORDED


class CulturePortalRelay(models.AbstractModel):
    """What a relay does: attendance, a word, the date in a calendar."""

    _inherit = "culture.portal.relay"

    def _record(self, outing_id, number, state, came=None):
        """Record who came, or take it back (``confirmed``), while the list is open.

        Goes through the registration's own checks and its ``write``; sudo, because a
        portal user has no right on it: the line is one of the list that this user
        sees now, the state and how many came are all that is written, and the user's id
        stays the author's. A text of those checks may hold a name: it is not passed on.

        :param outing_id: id, any number
        :param number: the line's number on this outing
        :param state: ``attended``, ``excused``, ``absent`` or ``confirmed``
        :param came: how many came of a group or with a companion, None for all
        :return: "" when done, a sentence when not, None for what is not open
        """
        outing, card = self._outing(outing_id)
        if not outing or state not in ("confirmed", *RECORDED):
            return None
        shown = self._list(outing, card)
        if number not in {row["number"] for row in shown["rows"]}:
            return None
        if not self._has_begun(outing):
            return self._starts(outing)
        numbers = outing._entry_numbers()
        line = next(line for line, found in numbers.items() if found == number)
        if line.state == state:
            return ""
        vals = {"state": state}
        if state == "attended" and came is not None:
            if not 1 <= came <= line.seats:
                return self.env._(
                    "How many came? Give a number from 1 to %(seats)s.",
                    seats=line.seats,
                )
            vals["seats_attended"] = came
        try:
            with self.env.cr.savepoint():
                line._check_recordable()
                if line.state in RECORDED:
                    line._check_undo()
                line.write(vals)
        except UserError:
            return self.env._(
                "This could not be recorded here: please call. Nothing was changed."
            )
        return ""

    def _say(self, outing_id, text):
        """Keep a word on how the outing went, for who organises it.

        As a note on the outing, written by the user's own contact.

        :param outing_id: id, any number
        :param text: what was typed
        :return: "" when done, a sentence when not, None for what is not open
        """
        outing, __ = self._outing(outing_id)
        if not outing:
            return None
        if not self._has_begun(outing):
            return self.env._("The outing has not started yet.")
        text = several_lines(text or "")
        if not text:
            return self.env._("Your word is empty: write a few words, then send.")
        if len(text) > LONGEST_WORD:
            return self.env._(
                "%(length)s characters: at most %(most)s.",
                length=len(text),
                most=LONGEST_WORD,
            )
        outing._keep_word(text)
        return ""

    def _calendar(self, outing_id):
        """A calendar file: title and dates, nothing of anybody.

        :param outing_id: id, any number
        :return: text, None for what is not open or has no hour
        """
        outing, __ = self._outing(outing_id)
        if not outing or not outing.date_begin or outing.state == "cancelled":
            return None
        return outing._calendar_text()
