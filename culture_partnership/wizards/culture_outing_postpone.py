from odoo import api, fields, models


class CultureOutingPostpone(models.TransientModel):
    """Move an outing to another date; its places are kept."""

    _name = "culture.outing.postpone"
    _inherit = ["culture.links"]
    _description = "Postpone an outing"

    outing_id = fields.Many2one("culture.outing", required=True, ondelete="cascade")
    date_mode = fields.Selection(related="outing_id.date_mode", related_sudo=False)
    former_label = fields.Char(
        related="outing_id.when_label", related_sudo=False, string="Before"
    )
    date_begin = fields.Datetime(
        string="New start",
        compute="_compute_dates",
        store=True,
        readonly=False,
        compute_sudo=False,
    )
    date_end = fields.Datetime(
        string="New end",
        compute="_compute_dates",
        store=True,
        readonly=False,
        compute_sudo=False,
    )
    effect = fields.Text(compute="_compute_effect")

    @api.depends("outing_id")
    def _compute_dates(self):
        for assistant in self:
            assistant.date_begin = assistant.outing_id.date_begin
            assistant.date_end = assistant.outing_id.date_end

    @api.onchange("date_begin")
    def _onchange_date_begin(self):
        """Keep the length of the outing when its start moves."""
        former = self.outing_id
        if self.date_begin and former.date_begin and former.date_end:
            self.date_end = self.date_begin + (former.date_end - former.date_begin)

    @api.depends("outing_id")
    def _compute_effect(self):
        for assistant in self:
            kept = assistant.outing_id.confirmed_count
            if kept == 1:
                assistant.effect = self.env._("1 confirmed registration is kept.")
            else:
                assistant.effect = self.env._(
                    "%(n)s confirmed registrations are kept.", n=kept
                )

    def action_postpone(self):
        """Move the outing; deadlines follow.

        :return: closes the dialog
        """
        vals = {"date_end": self.date_end}
        if self.date_mode == "fixed":
            vals["date_begin"] = self.date_begin
        self.outing_id.write(vals)
        return {"type": "ir.actions.act_window_close"}
