from odoo import api, fields, models

COPIED_LISTS = (
    "culture.discipline",
    "culture.barrier",
    "culture.access.need",
    "culture.reason",
    "culture.training.subject",
)


class ResCompany(models.Model):
    """A CCAS: its roles, its own closed lists, its own partner as structure."""

    _inherit = "res.company"

    culture_role_ids = fields.One2many(
        "culture.role", "company_id", groups=fields.NO_ACCESS
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._culture_set_up()
        return companies

    def _culture_set_up(self):
        """Give each company its first structure, administrator and lists.

        The company's own partner is the structure; the host's administrator gets
        the role, nobody else any. sudo: at creation and at install only, and a
        company that has roles is left alone.
        """
        for company in self.sudo().filtered(lambda c: not c.culture_role_ids):
            company.partner_id.is_culture_structure = True
            self.env["culture.role"].sudo().create(
                {
                    "partner_id": company.partner_id.id,
                    "user_id": self.env.ref("base.user_admin").id,
                    "role": "administrator",
                    "company_id": company.id,
                }
            )
            if company != self.env.ref("base.main_company"):
                for name in COPIED_LISTS:
                    self.env[name]._copy_to_company(company)
