from odoo import fields, models

from ..tools.dialogs import notice


class CultureOutingWord(models.TransientModel):
    """A word on how an outing went, of who was there or follows who was.

    The text stands here until the button's act only.
    """

    _name = "culture.outing.word"
    _inherit = ["culture.links"]
    _description = "A word on an outing"

    outing_id = fields.Many2one("culture.outing", readonly=True, ondelete="cascade")
    text = fields.Text(string="Your word")

    def action_send(self):
        """Keep the word under the outing.

        :return: a notice; the dialog closes
        :raise AccessError: for who has nothing to do with the outing
        :raise UserError: when there is nothing in it, or too much
        """
        self.ensure_one()
        self.outing_id._say_word(self.text)
        self.text = False
        return notice(self.env._("Thank you. Your word is under the outing."))
