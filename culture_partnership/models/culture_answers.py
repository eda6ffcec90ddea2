from odoo import api, models
from odoo.exceptions import UserError, ValidationError

UNSAID = "unsaid"


class CultureAnswers(models.AbstractModel):
    """Questions answered by one of five sentences, or by none; none is required."""

    _name = "culture.answers"
    _inherit = ["culture.guarded"]
    _description = "Answers by sentences"

    @api.model
    def _answers(self):
        """Names of the fields that are answers."""
        return []

    def _place_of(self, name):
        """Where an answer stands among the five sentences.

        :param name: of the field
        :return: 1 to 5, or None when nothing is said
        """
        answer = self[name]
        return int(answer) if answer and answer != UNSAID else None

    @api.constrains(lambda self: self._answers())
    def _check_an_answer(self):
        """An empty page is a slip: one closes it. It would pass for an entry."""
        for record in self:
            if not any(record[name] for name in self._answers()):
                raise ValidationError(
                    self.env._("Choose at least one sentence, or close without saving.")
                )

    @api.model
    def _check_choices(self, vals_list):
        """Name the field whose value is none of its list, and not its column."""
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if not value or field is None or field.type != "selection":
                    continue
                if value not in field.get_values(self.env):
                    raise UserError(
                        self.env._(
                            "%(field)s: choose one of the list.",
                            field=self._field_label(name),
                        )
                    )

    def _check_structures(self, structure_ids):
        """Copied from the person or the card, never given."""
