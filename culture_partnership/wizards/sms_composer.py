from odoo import models

from ..models.mail_activity import is_ours


class SmsComposer(models.TransientModel):
    """Text messages about a record, by who may read it and write on it.

    The host's mass mode asks for neither: it counts recipients, queues messages and
    notes them on whatever records the caller names.
    """

    _inherit = "sms.composer"

    def _get_records(self):
        records = super()._get_records()
        if records and is_ours(records._name):
            records.sudo(False).check_access("read")
        return records

    def _action_send_sms(self):
        if is_ours(self.res_model):
            self._get_records().check_access("write")
        return super()._action_send_sms()
