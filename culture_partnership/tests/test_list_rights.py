from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.culture_guarded import LET_THROUGH
from ..models.culture_links import HIDDEN_NAME
from .common import CultureCase


@tagged("post_install", "-at_install", "security")
class TestListRights(CultureCase):
    """A list asks the rules once, and lets nothing through but what they found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._person("Ada")
        cls.far_person = cls._person("Far", cls.far_card)
        outing = cls._outing()
        cls.lines = cls.env["culture.registration"].create(
            [
                {"outing_id": outing.id, "beneficiary_id": person.id}
                for person in (cls.person, cls.far_person)
            ]
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _list(self, user, **kwargs):
        spec = {"name_shown": {}, "beneficiary_id": {"fields": {"display_name": {}}}}
        lines = self.env["culture.registration"].with_user(user)
        return lines.web_search_read([], spec, limit=80, count_limit=81, **kwargs)

    def test_one_sees_what_the_rules_find(self):
        for user, line in ((self.referent, 0), (self.far_coordinator, 1)):
            with self.subTest(user=user.login):
                page = self._list(user)
                self.assertEqual(page["length"], 1)
                self.assertEqual(page["records"][0]["id"], self.lines[line].id)
        for user in (self.stranger, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._list(user)

    def test_what_is_let_through_ends_with_the_list(self):
        self._list(self.referent)
        self.assertNotIn(LET_THROUGH, self.env.cr.cache)
        mine = self.lines[0].with_user(self.referent)
        with self.assertRaises(ValueError), mine._let_through():
            raise ValueError
        self.assertNotIn(LET_THROUGH, self.env.cr.cache)

    def test_an_access_that_ends_after_a_list(self):
        self._list(self.referent)
        self.person.referent_id = self.colleague_card
        self.assertFalse(self._list(self.referent)["records"])
        with self.assertRaises(AccessError):
            self.lines[0].with_user(self.referent).read(["seats"])

    def test_nobody_else_is_let_through(self):
        mine = self.lines[0].with_user(self.referent)
        with mine._let_through():
            self.assertTrue(mine.has_access("read"))
            for user in (self.colleague, self.far_coordinator, self.stranger):
                with self.subTest(user=user.login):
                    self.assertFalse(mine.with_user(user).has_access("read"))

    def test_nothing_is_let_through_that_a_superuser_found(self):
        foreign = self.lines[1].with_user(self.referent)
        with foreign.sudo()._let_through():
            self.assertFalse(foreign.has_access("read"))
            name = foreign.sudo().beneficiary_id.display_name
            self.assertEqual(name, HIDDEN_NAME)

    def test_nothing_else_is_let_through(self):
        mine, foreign = self.lines.with_user(self.referent)
        with mine._let_through():
            self.assertFalse(foreign.has_access("read"))
            self.assertFalse((mine | foreign).has_access("read"))
            self.assertFalse(mine.has_access("unlink"))
            with self.assertRaises(AccessError):
                (mine | foreign).read(["seats"])

    def test_nothing_is_computed_as_superuser(self):
        """A related field read as superuser would stay in the cache for anybody."""
        mine = self.lines[0].with_user(self.referent)
        mine.fetch(["outing_id", "booked_by_id"])
        mine._fetch_linked_names({"venue_id": {}, "booked_by_id": {}})
        self.assertEqual([*mine._fields["venue_id"]._cache_missing_ids(mine)], mine.ids)

    def test_no_other_company_is_let_through(self):
        company = self.env["res.company"].create({"name": "CCAS of Elsewhere"})
        self.referent.company_ids = [Command.link(company.id)]
        here = self.lines[0].with_user(self.referent)
        here = here.with_context(allowed_company_ids=self.company.ids)
        there = here.with_context(allowed_company_ids=company.ids)
        with here._let_through():
            self.assertTrue(here.has_access("read"))
            self.assertFalse(there.has_access("read"))
