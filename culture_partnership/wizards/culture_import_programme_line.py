from odoo import fields, models


class CultureImportProgrammeLine(models.TransientModel):
    """One date of a programme: what was read, what will happen to the outing."""

    _name = "culture.import.programme.line"
    _inherit = ["culture.import.line.mixin"]
    _description = "Outing to import"

    wizard_id = fields.Many2one(
        "culture.import.programme", required=True, index=True, ondelete="cascade"
    )
    result = fields.Selection(
        selection_add=[("duplicate", "Looks like an existing outing")]
    )
    choice = fields.Selection(
        [
            ("create", "Create"),
            ("attach", "Update this outing"),
            ("skip", "Set it aside"),
        ]
    )
    name = fields.Char(string="Outing")
    date_mode = fields.Selection(
        [("fixed", "Fixed date"), ("open", "Open date")], default="fixed"
    )
    day = fields.Date(readonly=True)
    date_begin = fields.Datetime(string="Start")
    date_end = fields.Datetime(string="End")
    venue_text = fields.Char(readonly=True)
    venue_id = fields.Many2one(
        "res.partner", ondelete="cascade", domain=[("is_company", "=", True)]
    )
    venue_given = fields.Boolean(readonly=True)
    seats = fields.Integer(string="Places")
    seats_given = fields.Boolean(readonly=True)
    discipline_text = fields.Char(readonly=True)
    discipline_id = fields.Many2one("culture.discipline", ondelete="cascade")
    min_age = fields.Integer(string="Minimum age")
    access_mode = fields.Selection(
        lambda self: self.env["culture.outing"]._fields["access_mode"].selection,
        string="How one gets in",
    )
    meeting_point = fields.Char()
    description = fields.Text()
    structure_text = fields.Char(readonly=True)
    structure_id = fields.Many2one("res.partner", ondelete="cascade")
    structure_given = fields.Boolean(readonly=True)
    uid = fields.Char(readonly=True)
    cancelled = fields.Boolean(readonly=True)
    goes_on = fields.Boolean(readonly=True)
    source_sequence = fields.Integer(readonly=True)
    source_modified = fields.Datetime(readonly=True)
    source_values = fields.Json(readonly=True)
    outing_id = fields.Many2one(
        "culture.outing", string="Existing outing", ondelete="set null"
    )

    def _flags(self, vals):
        flags = {}
        if vals.get("venue_id"):
            flags["venue_given"] = True
        if vals.get("seats"):
            flags["seats_given"] = True
        if vals.get("structure_id"):
            flags["structure_given"] = True
        if vals.get("date_begin"):
            # the hour is known now; before, only the day was
            flags["day"] = False
        return flags

    def _row_fields(self):
        return [
            "number",
            "result",
            "remark",
            "choice",
            "unread",
            "name",
            "date_mode",
            "day",
            "date_begin",
            "date_end",
            "venue_text",
            "venue_id",
            "venue_given",
            "seats",
            "seats_given",
            "discipline_text",
            "discipline_id",
            "min_age",
            "access_mode",
            "meeting_point",
            "description",
            "structure_text",
            "structure_id",
            "structure_given",
            "uid",
            "cancelled",
            "goes_on",
            "source_sequence",
            "source_modified",
            "source_values",
            "outing_id",
        ]

    def _report_fields(self):
        return [
            "number",
            "result",
            "date_begin",
            "date_end",
            "name",
            "venue_id",
            "seats",
            "structure_id",
            "remark",
            "choice",
        ]
