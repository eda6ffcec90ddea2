import csv
import io
from collections import Counter, namedtuple
from datetime import timedelta

from odoo import fields, models

from ..tools.day_words import day_in_words
from .culture_guarded import plain_cell
from .culture_registration_rules import RECORDED

LEVELS = ("number", "first_name", "full_name")
"""What may be said of a person, the least first."""

EXPECTED = ("confirmed", *RECORDED)
"""States of whom a venue and a relay expect, or have seen."""

LIST_OPENS = 7
LIST_STAYS = 1
"""Days before and after the outing in which a relay sees the list."""

LONG_OUTING = timedelta(days=1)

ListWindow = namedtuple("ListWindow", "first last opens closes")
"""First and last day, and the same as moments in UTC, the end excluded."""


class CultureOuting(models.Model):
    """Whom a venue and a relay expect: one projection of the registrations for both.

    What leaves the CCAS is decided here and nowhere else: by the convention, and by
    the agreement of each person (I7).
    """

    _inherit = "culture.outing"

    # ----------------------------------------------------------------- moments

    def _list_window(self):
        """When a relay sees the list: from seven days before to the day after.

        :return: :class:`ListWindow`, None while the outing has no date
        """
        self.ensure_one()
        day = last_day = self._local_day()
        if not day:
            return None
        begin, end = self.date_begin, self.date_end
        if begin and end and end - begin >= LONG_OUTING:
            last_day = self._local(end - timedelta(seconds=1)).date()
        first = day - timedelta(days=LIST_OPENS)
        last = last_day + timedelta(days=LIST_STAYS)
        midnight = self.company_id._culture_midnight
        return ListWindow(
            first,
            last,
            midnight(first),
            midnight(last + timedelta(days=1)),
        )

    # ------------------------------------------------------------ what is shared

    def _held_by(self, convention):
        """Whether a convention covers this outing, and still did when it began."""
        moment = fields.Datetime.now()
        if self.date_begin:
            moment = min(moment, self.date_begin)
        return convention._held(self._local(moment).date(), moment) and (
            convention._held(self._local_day(), moment)
        )

    def _shared_level(self, organisation=None):
        """What of the persons may be said outside the CCAS for this outing.

        Two agreements may stand between a person and a reader: the outing's, and
        that of the reader's own organisation. The stricter one decides.

        :param organisation: the reader's organisation, None for the CCAS's own people
        :return: (one of :data:`LEVELS`, whether access needs are passed on)
        """
        self.ensure_one()
        # sudo: two settings of the conventions, nothing of a person
        convention = self.sudo().convention_id
        if not (convention and self._local_day() and self._held_by(convention)):
            return "number", False
        if organisation and organisation != convention.partner_id:
            others = convention._of_partner(organisation, self.company_id)
            others = others.filtered(self._held_by)
            if not others:
                return "number", False
            convention |= others
        level = min(convention.mapped("identity_level"), key=LEVELS.index)
        return level, all(convention.mapped("share_access_needs"))

    def _entry_rows(self, organisation=None):
        """Whom to expect, as little as is needed to receive them.

        sudo, because the reader has no access to any of these persons: the outing is
        the scope, checked by the caller, and the values below are all that is read.
        A row does not tell why it has a number: no agreement, no convention and a
        group without names look alike.

        :param organisation: as in :meth:`_shared_level`
        :return: list of dicts: ``number`` (proper to this outing, kept for good),
            ``name`` (or the number in words), ``seats``, ``needs`` (list of words),
            ``state`` and ``came`` (how many did); names first, in alphabetical order
        """
        self.ensure_one()
        level, needs_shared = self._shared_level(organisation)
        numbers = self._entry_numbers()
        rows = []
        for line, number in numbers.items():
            if line.state not in EXPECTED:
                continue
            person = line.beneficiary_id
            name = person._name_at(level) if person.identity_agreement else ""
            needs = person.access_need_ids if needs_shared else []
            rows.append(
                {
                    "number": number,
                    "name": name,
                    "seats": line.seats,
                    "needs": [need.name for need in needs],
                    "state": line.state,
                    "came": line.seats_attended,
                }
            )
        self._tell_apart(rows)
        return rows

    def _tell_apart(self, rows):
        """A number for who has no name here, and beside a name that two people have."""
        shared = Counter(row["name"].casefold() for row in rows)
        rows.sort(key=lambda r: (not r["name"], r["name"].casefold(), r["number"]))
        for row in rows:
            number = self.env._("No. %(number)s", number=row["number"])
            if not row["name"]:
                row["name"] = number
            elif shared[row["name"].casefold()] > 1:
                row["name"] = self.env._(
                    "%(name)s, %(number)s", name=row["name"], number=number
                )

    def _entry_numbers(self):
        """Numbers proper to this outing, in the order of registration.

        Registrations are never deleted, and those cancelled keep theirs: a number
        once given stays. sudo: see :meth:`_entry_rows`.

        :return: dict of number by ``culture.registration``
        """
        lines = self.env["culture.registration"].sudo()
        lines = lines.search([("outing_id", "=", self.id)], order="id")
        return {line: number for number, line in enumerate(lines, 1)}

    def _what_relays_see(self, line):
        """What of a registration leaves the CCAS, in words for who follows the person.

        Of several relays, the one who sees most.

        :param line: ``culture.registration`` of this outing
        :return: a sentence, empty while there is nothing for a relay to see
        """
        window = self._list_window()
        organisations = [e._partner_organisation() for e in self.escort_ids]
        if line.state not in EXPECTED or not window or not organisations:
            return ""
        rank = {o: LEVELS.index(self._shared_level(o)[0]) for o in organisations}
        rows = self._entry_rows(max(rank, key=rank.get))
        number = self._entry_numbers()[line]
        row = next(row for row in rows if row["number"] == number)
        places = self.env["culture.portal"]._places(row["seats"])
        day, first, last = (
            day_in_words(self.env, day, "d MMMM")
            for day in (self._local_day(), window.first, window.last)
        )
        return self.env._(
            "For the outing of %(day)s, the relay will see “%(shown)s” from %(first)s "
            "to %(last)s.",
            day=day,
            shown=", ".join([row["name"], places, *row["needs"]]),
            first=first,
            last=last,
        )

    # --------------------------------------------------------- the venue's list

    def _entry_list(self):
        """The list for the entrance, for who may change this outing.

        That is the coordination of its structure and the referent who organises it:
        they receive the people of their colleagues too.

        :return: dict with ``name``, ``when``, ``venue``, ``rows``
            (:meth:`_entry_rows`) and ``count`` (how many, in words)
        :raise AccessError: for everybody else
        """
        self.ensure_one()
        self.check_access("write")
        rows = self._entry_rows()
        return {
            "name": self.name,
            "when": self._long_when(),
            "venue": self.venue_id.name,
            "rows": rows,
            "count": self.env._(
                "Invitations: %(invitations)s. Places: %(places)s.",
                invitations=len(rows),
                places=sum(row["seats"] for row in rows),
            ),
        }

    def _entry_csv(self):
        """The same as a file for spreadsheets in French.

        :return: bytes
        :raise AccessError: as :meth:`_entry_list`
        """
        rows = self._entry_list()["rows"]
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(
            [
                self.env._("In the name of"),
                self.env._("Places"),
                self.env._("Access needs"),
            ]
        )
        for row in rows:
            needs = ", ".join(row["needs"])
            writer.writerow([plain_cell(row["name"]), row["seats"], plain_cell(needs)])
        return f"\ufeff{out.getvalue()}".encode()

    def action_entry_csv(self):
        """Download the entry list for a spreadsheet.

        :return: an action that opens the file's address
        :raise AccessError: as :meth:`_entry_list`
        """
        self.ensure_one()
        self.check_access("write")
        url = f"/culture/outing/{self.id}/invitations.csv"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _long_when(self):
        """Day and hour in full: "Thursday 12 March, 20:30".

        :return: text, empty without a date
        """
        self.ensure_one()
        if self.date_begin:
            return self._moment_in_full(self.date_begin)
        if self.date_end:
            return self.env._(
                "Until %(day)s",
                day=self._day_words(self.date_end, self.env._("d MMMM")),
            )
        return ""
