from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import CultureCase


@tagged("post_install", "-at_install", "security")
class TestOutingCalendar(CultureCase):
    """Whose calendar an outing is in, and what it says there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relay = cls._relay_card()
        cls.relay.user_id = cls.agent_relay
        cls.outing = cls._outing(user_id=cls.coordinator.id)

    def _entries(self, outing=None):
        self.env.flush_all()
        entries = self.env["calendar.event"].sudo()
        outing = outing or self.outing
        return entries.search([("culture_outing_id", "=", outing.id)])

    def test_who_organises_and_who_escorts(self):
        self.assertEqual(self._entries().user_id, self.coordinator)
        self.outing.escort_ids = [Command.link(self.relay.id)]
        users = self.coordinator | self.agent_relay
        self.assertEqual(self._entries().user_id, users)
        for entry in self._entries():
            self.assertEqual(entry.partner_ids, entry.user_id.partner_id)
        self.outing.user_id = self.referent
        self.outing.escort_ids = [Command.clear()]
        self.assertEqual(self._entries().user_id, self.referent)

    def test_nobody_who_is_registered_nor_who_follows_them(self):
        """Threat: every internal user reads every entry."""
        person = self._person("Quorvantou", self.colleague_card)
        self._register(self.outing, person, self.colleague)
        self.outing.meeting_point = "by the door"
        here = {"active_model": "culture.outing", "active_id": self.outing.id}
        self._entries().unlink()
        self.outing.with_context(**here).name = "The Tempest"
        entry = self._entries().with_user(self.stranger)
        self.assertEqual(entry.user_id, self.coordinator)
        told = entry.read()[0]
        self.assertNotIn("Quorvantou", str(told))
        self.assertEqual(told["name"], "The Tempest")
        self.assertFalse(told["description"] or told["res_id"])
        self.assertEqual(len(told["attendee_ids"]), 1)
        self.assertNotIn("culture_outing_id", told)
        theirs = [("partner_ids", "=", self.colleague.partner_id.id)]
        self.assertFalse(entry.search(theirs))

    def test_it_follows(self):
        begin = self.outing.date_begin + timedelta(days=1)
        self.outing.write({"date_begin": begin, "date_end": begin + timedelta(hours=2)})
        entry = self._entries()
        self.assertEqual((entry.start, entry.stop), (begin, self.outing.date_end))
        self.assertEqual(entry.location, "Theatre of the Port")
        self.outing.venue_id = self.association
        self.assertEqual(entry.location, "Culture for all")
        self.outing.action_cancel()
        self.assertEqual(self._entries().name, "Cancelled: The Tempest")
        self.assertEqual(entry.show_as, "free")

    def test_drafts_and_open_dates_have_none(self):
        draft = self._outing(publish=False)
        self.assertFalse(self._entries(draft))
        open_date = {"date_mode": "open", "date_begin": False}
        opened = self._outing(date_end=self.outing.date_end, **open_date)
        self.assertFalse(self._entries(opened))

    def test_whoever_reads_it_by_a_click(self):
        outing = self.outing.with_user(self.referent)
        self.assertFalse(outing.in_my_calendar)
        outing.action_add_to_calendar()
        outing.action_add_to_calendar()
        users = self.coordinator | self.referent
        self.assertEqual(self._entries().user_id, users)
        self.assertEqual(len(self._entries()), 2)
        self.assertTrue(outing.in_my_calendar)
        self.outing.name = "The Storm"
        self.outing.user_id = self.colleague
        self.assertEqual(set(self._entries().mapped("name")), {"The Storm"})
        outing.action_remove_from_calendar()
        self.assertEqual(self._entries().user_id, self.colleague)
        for act in ("action_add_to_calendar", "action_remove_from_calendar"):
            with self.assertRefused("not open to you", Exception):
                getattr(self.outing.with_user(self.stranger), act)()

    def test_nobody_is_written_to(self):
        mails = self.env["mail.mail"].sudo().search_count([])
        self.outing.escort_ids = [Command.link(self.relay.id)]
        self.outing.date_begin += timedelta(days=1)
        self.outing.action_cancel()
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)
