from odoo import models

REVIEW_TYPE = "culture_partnership.activity_type_plan_review"


class CultureAccompaniment(models.Model):
    """The day on which one meets again: a task for who follows the person."""

    _inherit = "culture.accompaniment"

    def _put_review(self):
        """One task a person, on the day that the open plan says; none without a day.

        sudo: what the application put there; its type is the administrator's to
        delete, and then there are no tasks.
        """
        kind = self.env.ref(REVIEW_TYPE, raise_if_not_found=False)
        for plan in self.filtered(lambda x: kind and not x.date_end):
            person = plan.beneficiary_id
            standing = (
                self.env["mail.activity"]
                .sudo()
                .search(
                    [
                        ("activity_type_id", "=", kind.id),
                        ("res_model", "=", person._name),
                        ("res_id", "=", person.id),
                    ]
                )
            )
            user = plan.sudo().referent_id.user_id
            if not plan.review_date:
                standing.unlink()
            elif standing:
                standing.with_context(mail_activity_quick_update=True).write(
                    {"date_deadline": plan.review_date}
                )
            elif user and plan.review_date >= plan.company_id._culture_today():
                speaking = person.with_context(
                    lang=user.lang, mail_activity_quick_update=True
                )
                speaking._put_activity(
                    REVIEW_TYPE,
                    user,
                    speaking.env._(
                        "%(file)s: meet again for the plan", file=speaking._file_label()
                    ),
                    plan.review_date,
                )
