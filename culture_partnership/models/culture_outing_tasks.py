from odoo import models

VENUE_TYPE = "culture_partnership.activity_type_venue"


class CultureOuting(models.Model):
    """Tasks of the day after, for who organises an outing: nobody's name in them."""

    _inherit = "culture.outing"

    def _who_organises(self):
        """Whom what is to do on this outing is for.

        :return: ``res.users``: who organises it, in office; else the coordination
        """
        self.ensure_one()
        coordination = self.env["culture.scope"]._holders(
            "coordinator", self.structure_id, self.company_id
        )
        return self._first_reader(self.user_id | coordination)

    def _tasks(self, xmlid):
        """sudo: what the application put there; its type is the administrator's."""
        kind = self.env.ref(xmlid, raise_if_not_found=False)
        tasks = self.env["mail.activity"].sudo()
        return tasks.search(
            [
                ("activity_type_id", "=", kind.id if kind else 0),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
            ]
        )

    def _put_task(self, xmlid, summary):
        """Put a task there, once while one of this kind is open.

        No mail: it waits among what is to do.

        :param xmlid: of the type of activity
        :param summary: gives the words, in the language of the environment it gets
        :return: whether there is one now
        """
        self.ensure_one()
        if not self.env.ref(xmlid, raise_if_not_found=False):
            return False
        if self._tasks(xmlid):
            return True
        user = self._who_organises()
        if not user:
            return False
        speaking = self.sudo().with_context(
            lang=user.lang, mail_activity_quick_update=True
        )
        speaking.activity_schedule(
            xmlid,
            self.company_id._culture_today(),
            summary(speaking.env),
            user_id=user.id,
        )
        return True

    def _put_venue_task(self):
        """Somebody came and could not get in: the venue is asked why."""
        self._put_task(
            VENUE_TYPE,
            lambda env: env._("At the entrance: ask the venue what went wrong"),
        )
