from odoo import models

from .mail_activity import is_ours


class MailRenderMixin(models.AbstractModel):
    """A template says of a record what its reader may read, and nothing else."""

    _inherit = "mail.render.mixin"

    def _render_template(self, template_src, model, res_ids, *args, **kwargs):
        """The host renders for some fields of its composers as superuser."""
        if is_ours(model):
            records = self.env[model].browse(filter(None, res_ids))
            records.sudo(False).check_access("read")
        return super()._render_template(template_src, model, res_ids, *args, **kwargs)
