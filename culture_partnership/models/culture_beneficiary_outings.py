from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

NEXT_OUTING = ("next_registration_id", "next_outing_date", "next_outing_label")


class CultureBeneficiary(models.Model):
    """The outings of the person: the next one, the last contact."""

    _inherit = "culture.beneficiary"

    def _refresh_last_contact(self):
        """Latest of the file's opening, the follow-ups, the outings attended."""
        if not self:
            return
        self.flush_recordset(["opened_date"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE culture_beneficiary person
                   SET last_contact_date = GREATEST(
                        person.opened_date,
                        (SELECT max(followup.date)
                           FROM culture_followup followup
                          WHERE followup.beneficiary_id = person.id),
                        (SELECT max(line.attended_date)
                           FROM culture_registration line
                          WHERE line.beneficiary_id = person.id
                            AND line.state = 'attended'))
                 WHERE person.id = ANY(%s)
                """,
                self.ids,
            ),
            log_exceptions=False,  # to lose a race is no error: it is retried
        )
        self.invalidate_recordset(["last_contact_date", "without_contact"], flush=False)

    def _lines_of_readable(self):
        """The registrations of those among these persons whom the user may read.

        sudo: who reads a person reads the person's registrations. Asked by the rule,
        PostgreSQL looks up each of these persons with each whom the user follows.

        :return: ``culture.registration`` as superuser, and the domain of these
        """
        readable = self._origin._filtered_access("read")
        lines = self.env["culture.registration"].sudo()
        return lines, [("beneficiary_id", "in", readable.ids)]

    @api.depends("registration_ids.state", "registration_ids.date_begin")
    @api.depends_context("lang", "tz")
    def _compute_outings(self):
        lines, theirs = self._lines_of_readable()
        attended = dict(
            lines._read_group(
                [*theirs, ("state", "=", "attended")], ["beneficiary_id"], ["__count"]
            )
        )
        places = [("state", "in", ("offered", "confirmed")), ("date_end", ">=", "now")]
        coming = lines.search_fetch(
            theirs + places,
            ["beneficiary_id", "date_begin", "outing_id"],
            order="date_begin, id",
        )
        first = {line.beneficiary_id: line for line in reversed(coming)}
        counted = self.grouped(lambda person: attended.get(person._origin, 0))
        for count, people in counted.items():
            people.outing_count = count
            people.first_outing = not count
        waiting = self.filtered(lambda person: person._origin in first)
        for name in NEXT_OUTING:
            (self - waiting)[name] = False
        for person in waiting:
            following = first[person._origin].with_env(self.env)
            person.next_registration_id = following
            person.next_outing_date = following.date_begin
            person.next_outing_label = self.env._(
                "%(when)s: %(outing)s",
                when=following.outing_id.when_label,
                outing=following.outing_id.name,
            )

    @api.depends("registration_ids.state", "registration_ids.reason_id")
    @api.depends_context("lang", "tz", "uid")
    def _compute_card_badge(self):
        lines, theirs = self._lines_of_readable()
        lines = lines.search_fetch(
            [
                *theirs,
                "|",
                ("state", "=", "offered"),
                ("to_understand", "=", True),
            ],
            ["beneficiary_id", "state", "offer_expiry"],
            order="state desc, id",
        )
        by_person = lines.grouped("beneficiary_id")
        for person in self:
            line = by_person.get(person._origin, lines.browse())[:1].with_env(self.env)
            person.card_badge = bool(line) and line._card_badge()

    def _search_first_outing(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("registration_ids", "not any", [("state", "=", "attended")])
