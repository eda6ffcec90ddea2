from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..tools import columns, tables
from ..tools.icalendar import read_events
from .culture_import_programme_check import ProgrammeCheck
from .culture_import_programme_read import ProgrammeReader
from .culture_import_reading import MOST_LINES
from .culture_import_writing import Refused

HORIZON = timedelta(days=548)
"""Eighteen months: a repetition without end is read so far."""


class CultureImportProgramme(models.TransientModel):
    """Create the outings of a season from a calendar or a table.

    What was imported before is brought up to date, never doubled: each date has the
    name of its event (UID), and a UNIQUE index watches over it.
    """

    _name = "culture.import.programme"
    _inherit = ["culture.import.mixin"]
    _description = "Import a programme"

    _import_kind = "programme"
    _import_roles = ("coordinator",)

    line_ids = fields.One2many("culture.import.programme.line", "wizard_id")
    error_line_ids = fields.One2many(
        "culture.import.programme.line", "wizard_id", domain=[("result", "=", "error")]
    )
    choice_line_ids = fields.One2many(
        "culture.import.programme.line",
        "wizard_id",
        domain=[("result", "=", "duplicate")],
    )
    default_venue_id = fields.Many2one(
        "res.partner",
        string="Venue by default",
        ondelete="cascade",
        domain=[("is_company", "=", True)],
        help="Where a line names none.",
    )
    default_seats = fields.Integer(
        string="Places by default", help="Where a line gives no number of places."
    )
    default_hour = fields.Float(
        string="Hour by default", help="Where a line gives a day without an hour."
    )
    provider_id = fields.Many2one(
        "res.partner",
        string="Places given by",
        ondelete="cascade",
        domain=[("is_company", "=", True)],
    )

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Import a programme")

    @api.model
    def _checked_defaults(self):
        own = {"default_venue_id", "default_seats", "default_hour"}
        return super()._checked_defaults() | own

    def _unknown_kind(self):
        return self.env._("This file is neither a CSV, nor an XLSX, nor an iCalendar.")

    def _count_label(self, code, count):
        _ = self.env._
        one = count == 1
        labels = {
            "create": lambda: (
                _("1 outing will be created")
                if one
                else _("%s outings will be created", count)
            ),
            "update": lambda: (
                _("1 outing will be updated")
                if one
                else _("%s outings will be updated", count)
            ),
            "same": lambda: (
                _("1 outing is there already")
                if one
                else _("%s outings are there already", count)
            ),
            "duplicate": lambda: (
                _("1 looks like an existing outing")
                if one
                else _("%s look like an existing outing", count)
            ),
            "error": lambda: (
                _("1 is to correct") if one else _("%s are to correct", count)
            ),
            "skipped": lambda: (
                _("1 is set aside") if one else _("%s are set aside", count)
            ),
        }
        return labels[code]()

    # ----------------------------------------------------------------- reading

    def _zone(self):
        return self.env["culture.outing"].with_company(self.company_id)._zone()

    def _read_rows(self, data):
        reader = ProgrammeReader(self._zone())
        if tables.kind_of(data) != "calendar":
            notice, cells = self._read_table(data, columns.PROGRAMME)
            return notice, [reader.read_outing(*numbered) for numbered in cells]
        events = read_events(
            data, self._zone().zone, reader.today, reader.today + HORIZON, MOST_LINES
        )
        removed = {event.uid for event in events if event.removed}
        known = self._imported(removed)
        return False, [
            reader.read_event(event)
            for event in events
            if not event.removed or event.uid in known
        ]

    def _imported(self, uids):
        """:return: those of `uids` that were imported before"""
        if not uids:
            return set()
        domain = [*self._of_company(), ("uid", "in", sorted(uids))]
        return set(self.env["culture.outing"].search(domain).mapped("uid"))

    @api.model
    def _required_columns(self, found):
        missing = [] if "name" in found else ["name"]
        return missing if {"day", "valid_until"} & found.keys() else [*missing, "day"]

    def _of_company(self):
        return [("company_id", "=", self.company_id.id)]

    # ---------------------------------------------------------------- checking

    def _evaluate(self, rows):
        ProgrammeCheck(self).run(rows)

    @api.model
    def _is_other_match(self, row, shown):
        return (row["outing_id"] or False) != (shown["outing_id"] or False)

    # --------------------------------------------------------------- importing

    def _apply(self, rows):
        outings = self.env["culture.outing"].with_context(
            mail_auto_subscribe_no_notify=True, tracking_disable=True
        )
        wanted = [
            (row["id"], self._outing_values(row))
            for row in rows
            if row["result"] == "create"
            or (row["result"] == "duplicate" and row["choice"] == "create")
        ]
        created = self._create_all(outings, wanted)
        lines = self.env["culture.import.programme.line"]
        for id_, outing_id in created.items():
            lines.browse(id_)._store({"result": "create", "outing_id": outing_id})
        self._forget_questions(rows)
        changed, cancelled = self._update_outings(rows)
        return self._outcome(len(created), changed, cancelled)

    def _outing_values(self, row):
        vals = {
            name: row[name]
            for name in (
                *("name", "date_mode", "date_begin", "date_end", "venue_id"),
                *("discipline_id", "min_age", "meeting_point", "structure_id"),
            )
        }
        if row["date_mode"] == "open":
            vals["date_begin"] = False
        if not row["date_end"]:
            # the usual length is the outing's own affair
            del vals["date_end"]
        if row["access_mode"]:
            vals["access_mode"] = row["access_mode"]
        if row["description"]:
            vals["description"] = plaintext2html(row["description"])
        vals["seats_max"] = row["seats"]
        vals["company_id"] = self.company_id.id
        vals["provider_id"] = self.provider_id.id
        return {**vals, **self._source(row)}

    @api.model
    def _source(self, row):
        """What the outing keeps of its source."""
        return {
            "uid": row["uid"],
            "source_sequence": row["source_sequence"],
            "source_modified": row["source_modified"],
            "source_venue": row["venue_text"],
            "source_values": row["source_values"],
        }

    def _update_outings(self, rows):
        """Change and cancel what is there already, as it was shown.

        :return: number of outings changed, of outings cancelled
        """
        chosen = [
            row
            for row in rows
            if row["result"] == "update"
            or (row["result"] == "duplicate" and row["choice"] == "attach")
        ]
        outings = self.env["culture.outing"].browse(row["outing_id"] for row in chosen)
        outings = outings.with_context(mail_auto_subscribe_no_notify=True)
        lines = self.env["culture.import.programme.line"]
        reason = self.env["culture.reason"].search(
            [*self._of_company(), ("kind", "=", "venue")], limit=1
        )
        changes = ProgrammeCheck(self).changes
        refused, cancelled = {}, 0
        for row, outing in zip(chosen, outings, strict=True):
            if row["cancelled"]:
                act = self._cancelling(outing, reason, self._source(row))
                cancelled += 1
            else:
                vals = {**changes.find(row, outing), **self._source(row)}
                act = self._writing(outing, vals)
            remark = self._why_refused(act)
            if remark:
                refused[row["id"]] = remark
            lines.browse(row["id"])._store({"result": "update"})
        if refused:
            raise Refused(refused)
        self._remember_unchanged(rows)
        return len(chosen) - cancelled, cancelled

    @api.model
    def _cancelling(self, outing, reason, source):
        def act():
            outing.action_cancel("venue", reason.id)
            outing.with_context(tracking_disable=True).write(source)

        return act

    @api.model
    def _writing(self, outing, vals):
        return lambda: outing.write(vals)

    def _remember_unchanged(self, rows):
        """Note the newest version seen, so that an older one is known as such."""
        seen = [
            row
            for row in rows
            if row["result"] == "same" and row["outing_id"] and row["source_modified"]
        ]
        outings = self.env["culture.outing"].browse(row["outing_id"] for row in seen)
        coordinated = set(self._structures().ids)
        for row, outing in zip(seen, outings, strict=True):
            if outing.structure_id.id not in coordinated:
                continue
            newer = (row["source_sequence"], row["source_modified"])
            known = (outing.source_sequence, outing.source_modified or datetime.min)
            if newer > known:
                outing.with_context(tracking_disable=True).write(
                    {"source_sequence": newer[0], "source_modified": newer[1]}
                )

    def _outcome(self, created, changed, cancelled):
        _ = self.env._
        said = []
        if created or not (changed or cancelled):
            said.append(
                _("1 outing created.")
                if created == 1
                else _("%s outings created.", created)
            )
        if changed:
            said.append(
                _("1 outing updated.")
                if changed == 1
                else _("%s outings updated.", changed)
            )
        if cancelled:
            said.append(
                _("1 outing cancelled.")
                if cancelled == 1
                else _("%s outings cancelled.", cancelled)
            )
        return " ".join(said)

    def action_open_created(self):
        """Show the outings that were created or changed.

        :return: an action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "culture_partnership.culture_outing_action"
        )
        touched = self.line_ids.filtered(
            lambda line: line.result in ("create", "update")
        )
        domain = [("id", "in", touched.outing_id.ids)]
        return dict(action, domain=domain, context={})
