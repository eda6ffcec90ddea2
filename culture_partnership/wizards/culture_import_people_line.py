from odoo import fields, models


class CultureImportPeopleLine(models.TransientModel):
    """A person in a list: what was read, what it looks like, what to do."""

    _name = "culture.import.people.line"
    _inherit = ["culture.import.line.mixin"]
    _description = "Person to import"

    wizard_id = fields.Many2one(
        "culture.import.people", required=True, index=True, ondelete="cascade"
    )
    choice = fields.Selection(
        [
            ("create", "Create"),
            ("attach", "Attach to this file"),
            ("skip", "Set it aside"),
        ]
    )
    last_name = fields.Char()
    first_name = fields.Char()
    chosen_name = fields.Char(string="Called")
    birth_date = fields.Date()
    phone = fields.Char()
    email = fields.Char()
    channel = fields.Selection(
        lambda self: self.env["culture.beneficiary"]._fields["channel"].selection,
        string="How to reach",
    )
    structure_text = fields.Char(readonly=True)
    structure_id = fields.Many2one("res.partner", ondelete="cascade")
    structure_given = fields.Boolean(readonly=True)
    referent_text = fields.Char(readonly=True)
    referent_id = fields.Many2one(
        "culture.referent", string="Social referent", ondelete="cascade"
    )
    match_ids = fields.Many2many(
        "culture.beneficiary",
        "culture_import_people_line_match_rel",
        "line_id",
        "beneficiary_id",
        readonly=True,
    )
    beneficiary_id = fields.Many2one(
        "culture.beneficiary",
        string="Cultural file",
        ondelete="cascade",
        domain="[('id', 'in', match_ids)]",
    )
    reference = fields.Char(related="beneficiary_id.reference", related_sudo=False)

    def _flags(self, vals):
        flags = {}
        if vals.get("structure_id"):
            flags["structure_given"] = True
        if "referent_id" in vals:
            flags["referent_text"] = False
        return flags

    def _row_fields(self):
        return [
            "number",
            "result",
            "remark",
            "choice",
            "unread",
            "last_name",
            "first_name",
            "chosen_name",
            "birth_date",
            "phone",
            "email",
            "channel",
            "structure_text",
            "structure_id",
            "structure_given",
            "referent_text",
            "referent_id",
            "match_ids",
            "beneficiary_id",
        ]

    def _report_fields(self):
        return [
            "number",
            "result",
            "last_name",
            "first_name",
            "birth_date",
            "phone",
            "email",
            "structure_id",
            "referent_id",
            "remark",
            "choice",
            "reference",
        ]

    def _report_cell(self, name):
        if name == "reference" and self.result not in ("create", "update", "same"):
            # a file that a line only looks like is not the line's
            return ""
        return super()._report_cell(name)
