"""Odoo's robot opens every menu, view and filter of the app, as each role.

Runs in a database with the demonstration data: a screen that opens empty proves little.
"""

from odoo.tests import HttpCase

LOGINS = """
    SELECT DISTINCT ON (r.role) r.role, u.login
      FROM culture_role r
      JOIN res_users u ON u.id = r.user_id
     WHERE u.active AND NOT u.share AND u.login <> 'admin'
       AND r.date_start <= now() AT TIME ZONE 'UTC'
       AND (r.date_end IS NULL OR r.date_end > now() AT TIME ZONE 'UTC')
     ORDER BY r.role, u.id
"""
MENUS = """
    SELECT d.module || '.' || d.name
      FROM ir_model_data d
      JOIN ir_ui_menu m ON m.id = d.res_id AND d.model = 'ir.ui.menu'
     WHERE d.module = 'culture_partnership' AND m.parent_id IS NULL
"""
CLICK = (
    "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader')"
    ".startClickEverywhere('%s');"
)


class TestClicks(HttpCase):
    allow_end_on_form = True
    # What Odoo gives to the tests of an addon, and this is none.
    test_tags = frozenset({"post_install"})
    test_module = "culture_partnership"

    def rows(self, query):
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    def test_every_role(self):
        users = self.rows(LOGINS)
        self.assertTrue(users, "nobody holds a role in the demonstration data")
        for role, login in users:
            self.env["res.users"].search([("login", "=", login)]).tour_enabled = False
            for (menu,) in self.rows(MENUS):
                with self.subTest(role=role, login=login, menu=menu):
                    self.browser_js(
                        "/odoo",
                        CLICK % menu,
                        "odoo.isReady === true",
                        login=login,
                        timeout=600,
                        success_signal="clickbot test succeeded",
                    )
