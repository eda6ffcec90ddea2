from odoo import api, fields, models

FOLLOWED = {
    "name",
    "user_id",
    "escort_ids",
    "venue_id",
    "date_mode",
    "date_begin",
    "date_end",
}
"""What an entry is made of, and who has one."""

OPEN = ("published", "closed")

QUIETLY = {
    "active_test": False,
    "dont_notify": True,
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
    "tracking_disable": True,
}


class CultureOuting(models.Model):
    """An outing in the calendars of who goes there for their work.

    The organiser and the escorting agents have an entry each; whoever else may read
    the outing puts one there by a click. Every internal user reads every entry of the
    host, the private ones too by searching: so it has the outing's own title, place
    and hours, nobody but the user whose it is, and nothing makes one because somebody
    is registered: a referent's would say where their people go.
    """

    _inherit = "culture.outing"

    in_my_calendar = fields.Boolean(
        compute="_compute_in_my_calendar", export_string_translation=False
    )

    @api.depends_context("uid")
    def _compute_in_my_calendar(self):
        mine = self._calendar_entries().filtered(
            lambda entry: entry.user_id == self.env.user
        )
        for outing in self:
            outing.in_my_calendar = outing._origin in mine.culture_outing_id

    def write(self, vals):
        follows = bool(vals.keys() & FOLLOWED)
        before = {outing: outing._calendar_users() for outing in self if follows}
        result = super().write(vals)
        if follows:
            self._follow_in_calendars(before)
        return result

    def _move_to(self, state):
        result = super()._move_to(state)
        self._follow_in_calendars({})
        return result

    def action_add_to_calendar(self):
        """Put the outing into the user's own calendar.

        :raise AccessError: to who may not read it
        """
        self.check_access("read")
        mine = self.filtered(lambda o: o.state in OPEN and o.date_begin)
        mine.filtered(lambda o: not o.in_my_calendar)._put_entries(self.env.user)
        mine.invalidate_recordset(["in_my_calendar"])

    def action_remove_from_calendar(self):
        """Take the outing out of the user's own calendar.

        :raise AccessError: to who may not read it
        """
        self.check_access("read")
        entries = self._calendar_entries()
        entries.filtered(lambda entry: entry.user_id == self.env.user).unlink()
        self.invalidate_recordset(["in_my_calendar"])

    # ------------------------------------------------------------------ entries

    def _calendar_entries(self):
        """sudo: of entries made here only, found by a column without access; no mail
        tells anybody, it is everybody's own."""
        entries = self.env["calendar.event"].sudo()
        # of the context nothing else: the host would link the record of the screen
        # pylint: disable-next=context-overridden
        entries = entries.with_context(QUIETLY)
        return entries.search([("culture_outing_id", "in", self.ids)])

    def _calendar_users(self):
        """Who goes there for their work: who organises, the agents who escort.

        sudo: of the relays, whether they have an account here.
        """
        users = self.user_id | self.sudo().escort_ids.user_id
        return users.sudo().filtered(lambda user: user.active and not user.share)

    def _calendar_values(self):
        name = self.name
        if self.state == "cancelled":
            name = self.env._("Cancelled: %(outing)s", outing=name)
        return {
            "name": name,
            "start": self.date_begin,
            "stop": self.date_end,
            "location": self.sudo().venue_id.name or False,
            "show_as": "free" if self.state == "cancelled" else "busy",
        }

    def _put_entries(self, users):
        """:param users: ``res.users``, of whom each gets an entry of their own"""
        entries = self._calendar_entries()
        entries.create(
            [
                {
                    **outing.with_context(lang=user.lang)._calendar_values(),
                    "culture_outing_id": outing.id,
                    "user_id": user.id,
                    "partner_ids": user.partner_id.ids,
                    "privacy": "confidential",
                }
                for outing in self
                for user in users
            ]
        )

    def _follow_in_calendars(self, before):
        """Make the entries say what the outings say now.

        :param before: who had an entry for their work, by outing; who has not any more
            loses it
        """
        entries = self._calendar_entries()
        for outing in self:
            mine = entries.filtered(
                lambda entry, outing=outing: entry.culture_outing_id == outing
            )
            users = outing._calendar_users()
            gone = before.get(outing, users.browse()) - users
            dropped = mine.filtered(lambda entry, gone=gone: entry.user_id in gone)
            if outing.state == "draft" or not outing.date_begin:
                dropped = mine
            kept = mine - dropped
            dropped.unlink()
            for entry in kept:
                words = outing.with_context(lang=entry.user_id.lang)
                entry.write(words._calendar_values())
            if outing.state in OPEN and outing.date_begin:
                outing._put_entries(users - kept.user_id)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    culture_outing_id = fields.Many2one(
        "culture.outing",
        string="Outing",
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
