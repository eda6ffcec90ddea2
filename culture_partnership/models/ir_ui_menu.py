from odoo import api, models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def load_menus(self, debug):
        """The host's menus, without ours for who has no role in force.

        Menus are cached by group; a role ends by its date, whether or not a job
        took the group back.

        :param debug: the debug mode of the session
        :return: dict of menus by id, as the web client expects
        """
        menus = super().load_menus(debug)
        root = self.env.ref("culture_partnership.menu_root", raise_if_not_found=False)
        if (
            not root
            or root.id not in menus
            or self.env["culture.role"]._roles_in_force()
        ):
            return menus
        hidden = {root.id}
        menus = {
            key: menu
            for key, menu in menus.items()
            if menu.get("app_id") != root.id and key not in hidden
        }
        menus["root"] = dict(
            menus["root"],
            children=[id_ for id_ in menus["root"]["children"] if id_ not in hidden],
        )
        return menus
