from dateutil.relativedelta import relativedelta
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

KEPT = relativedelta(months=12)
PURGED_AT_ONCE = 10_000


class CultureAccessLog(models.Model):
    """Who opened whose file, when: one row a user, file and hour.

    An administrator of the scheme reads it without content: the number of the file,
    not the person. Nobody writes it but the opening of a file itself.
    """

    _name = "culture.access.log"
    _inherit = ["culture.guarded"]
    _description = "Access log"
    _order = "date desc, id desc"
    _rec_name = "reference"
    _log_access = False

    beneficiary_id = fields.Many2one(
        "culture.beneficiary",
        string="Person",
        required=True,
        index=True,
        ondelete="cascade",
        copy=False,
        groups="culture_partnership.group_culture_partnership_referent,"
        "culture_partnership.group_culture_partnership_coordinator",
    )
    reference = fields.Char(string="File number", required=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    date = fields.Datetime(string="Opened on", required=True, index=True)
    hour = fields.Datetime(required=True, export_string_translation=False)
    kind = fields.Selection(
        [
            ("referent", "Follows the person"),
            ("replacement", "Replacement"),
            ("break_glass", "Break-glass access"),
            ("coordination", "Coordination"),
        ],
        string="Access",
        required=True,
    )
    company_id = fields.Many2one("res.company", required=True, index=True)

    _once_an_hour = models.UniqueIndex("(user_id, beneficiary_id, hour)")

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """In the order of file numbers: that of the names would tell the names.

        Who administers the roles and follows persons too reads rows of files that
        are closed to them; the host sorts them by what is behind the link.
        """
        if field_name.partition(".")[0] == "beneficiary_id":
            self._check_field_access(self._fields["beneficiary_id"], "read")
            field_name = "reference"
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _log(self, person):
        """Log that the current user has opened a file, once an hour.

        SQL: two calls at once are one opening, not an error in the log.

        :param person: ``culture.beneficiary`` that the user may read
        """
        now = fields.Datetime.now()
        file = person.sudo()
        values = SQL(
            "INSERT INTO culture_access_log"
            " (beneficiary_id, reference, user_id, date, hour, kind, company_id)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            person.id,
            file.reference,
            self.env.uid,
            now,
            now.replace(minute=0, second=0, microsecond=0),
            self._kind_of(person),
            file.company_id.id,
        )
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(values, log_exceptions=False)
        except SerializationFailure:
            # the same opening, logged meanwhile by another request
            return
        self.invalidate_model(flush=False)
        file.invalidate_recordset(["access_log_ids"], flush=False)

    @api.model
    def _kind_of(self, person):
        """By what the user opens this file, the nearest first."""
        rows = self.env["culture.access"]._that_count(person)
        kinds = set(
            rows.filtered(lambda row: row.user_id == self.env.user).mapped("kind")
        )
        order = ("referent", "replacement", "break_glass")
        return next((kind for kind in order if kind in kinds), "coordination")

    @api.autovacuum
    def _purge(self):
        """Twelve months are kept."""
        old = self.sudo().search(
            [("date", "<", fields.Datetime.now() - KEPT)], limit=PURGED_AT_ONCE
        )
        old.unlink()
        return len(old), len(old) == PURGED_AT_ONCE
