from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.dialogs import dialog, notice

PEOPLE = {"relay_ids": "relay_id", "referent_ids": "referent_id"}


class CultureTrainingNote(models.TransientModel):
    """Note one training for everybody who was there, or who will be."""

    _name = "culture.training.note"
    _inherit = ["culture.links"]
    _description = "Note a training"

    subject_id = fields.Many2one("culture.training.subject", ondelete="cascade")
    date = fields.Date(default=fields.Date.context_today)
    state = fields.Selection(
        [("attended", "Took place: all were there"), ("planned", "Is to come")],
        string="Status",
        compute="_compute_state",
        store=True,
        readonly=False,
    )
    valid_until = fields.Date(
        string="Valid until",
        compute="_compute_valid_until",
        store=True,
        readonly=False,
    )
    relay_ids = fields.Many2many("culture.relay", string="Relays")
    referent_ids = fields.Many2many("culture.referent", string="Referents")

    @api.depends("date")
    def _compute_state(self):
        today = self.env["culture.training"]._today()
        for note in self:
            past = note.date and note.date <= today
            note.state = "attended" if past else "planned"

    @api.depends("date", "subject_id")
    def _compute_valid_until(self):
        for note in self:
            note.valid_until = note.subject_id._end_of(note.date)

    @api.model
    def _action_for(self, people):
        """Open the assistant for these relays or referents.

        :param people: records of either model
        :return: an action in a dialog
        """
        field = next(
            name for name in PEOPLE if self._fields[name].comodel_name == people._name
        )
        title = self.env._("Note a training")
        return dialog(self.browse(), title, **{f"default_{field}": people.ids})

    def action_note(self):
        """Note the training, a row a person.

        :return: an action: what was noted is told
        :raise UserError: when something is missing
        """
        self.ensure_one()
        if not (self.relay_ids or self.referent_ids):
            raise UserError(self.env._("Choose at least one relay or one referent."))
        if not self.subject_id or not self.date:
            raise UserError(self.env._("Subject and date: fill in both."))
        shared = {
            "subject_id": self.subject_id.id,
            "date": self.date,
            "state": self.state,
            "valid_until": self.valid_until,
        }
        trainings = self.env["culture.training"].create(
            [
                {**shared, single: person.id}
                for several, single in PEOPLE.items()
                for person in self[several]
            ]
        )
        if len(trainings) == 1:
            said = self.env._("1 training noted.")
        else:
            said = self.env._("%(n)s trainings noted.", n=len(trainings))
        return notice(said, then={"type": "ir.actions.client", "tag": "soft_reload"})

    def _check_references(self, vals_list):
        """People that the user may read, and no others, whoever gives their ids."""
        for name in PEOPLE:
            self._check_many(vals_list, name)
        return super()._check_references(vals_list)
