from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .culture_registration_rules import SEATED


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

    @api.depends("registration_ids.state", "registration_ids.date_begin")
    @api.depends_context("lang", "tz")
    def _compute_outings(self):
        lines = self.env["culture.registration"].search_fetch(
            [("beneficiary_id", "in", self.ids), ("state", "in", SEATED)],
            ["beneficiary_id", "state", "date_begin", "date_end", "outing_id"],
            order="date_begin, id",
        )
        by_person = lines.grouped("beneficiary_id")
        now = fields.Datetime.now()
        for person in self:
            mine = by_person.get(person._origin, lines.browse())
            coming = mine.filtered(
                lambda line: (
                    line.state in ("offered", "confirmed") and line.date_end >= now
                )
            )
            # of all persons, so that their outings are read in one query
            following = coming[:1].with_prefetch(lines.ids)
            person.outing_count = sum(line.state == "attended" for line in mine)
            person.first_outing = not person.outing_count
            person.next_registration_id = following
            person.next_outing_date = following.date_begin
            person.next_outing_label = bool(following) and self.env._(
                "%(when)s: %(outing)s",
                when=following.outing_id.when_label,
                outing=following.outing_id.name,
            )

    @api.depends("registration_ids.state", "registration_ids.reason_id")
    @api.depends_context("lang", "tz", "uid")
    def _compute_card_badge(self):
        lines = self.env["culture.registration"].search_fetch(
            [
                ("beneficiary_id", "in", self.ids),
                "|",
                ("state", "=", "offered"),
                "&",
                ("state", "=", "absent"),
                ("reason_id", "=", False),
            ],
            ["beneficiary_id", "state", "offer_expiry"],
            order="state desc, id",
        )
        by_person = lines.grouped("beneficiary_id")
        for person in self:
            line = by_person.get(person._origin, lines.browse())[:1]
            person.card_badge = bool(line) and line._card_badge()

    def _search_first_outing(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("registration_ids", "not any", [("state", "=", "attended")])
