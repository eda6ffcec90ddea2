from odoo import api, fields, models

AGENT_ROLES = ("referent", "coordinator", "administrator", "relay")


class CultureRole(models.Model):
    """What follows from a role: groups, cards and the structures it covers."""

    _inherit = "culture.role"

    def _give_groups(self):
        """Give the holders the groups of their roles, and take the others back.

        sudo: an administrator of the scheme is no administrator of the host; the
        only groups that move are ours. Nothing waits for it: a group without a row
        in force opens nothing.
        """
        self._sync_groups(self.user_id)

    @api.model
    def _sync_groups(self, users):
        agents = users.sudo().filtered(lambda user: user._is_internal())
        standing = self.sudo().search(
            [
                ("user_id", "in", agents.ids),
                "|",
                ("date_end", "=", False),
                ("date_end", ">", fields.Datetime.now()),
            ]
        )
        for code in AGENT_ROLES:
            group = self._group(code)
            holders = standing.filtered(lambda r, code=code: r.role == code).user_id
            leaving = (group.user_ids & agents) - holders
            moves = [fields.Command.link(user.id) for user in holders - group.user_ids]
            moves += [fields.Command.unlink(user.id) for user in leaving]
            if moves:
                group.user_ids = moves

    def _open_referent_cards(self):
        """Give each new referent a card: without, nobody could be followed.

        sudo: it follows from the role; who gives roles may not keep cards elsewhere.
        """
        cards = self.env["culture.referent"].sudo().with_context(active_test=False)
        for role in self.filtered(lambda r: r.role == "referent"):
            known = [
                ("user_id", "=", role.user_id.id),
                ("company_id", "=", role.company_id.id),
            ]
            if not cards.search_count(known, limit=1):
                cards.create(
                    {
                        "user_id": role.user_id.id,
                        "structure_id": role.partner_id.id,
                        "company_id": role.company_id.id,
                    }
                )

    @api.model
    def _group(self, code):
        return self.env.ref(
            f"culture_partnership.group_culture_partnership_{code}"
        ).sudo()

    def _rebuild_scope(self):
        """Rewrite the closure rows of these roles (see ``culture.scope``)."""
        self.env["culture.scope"]._rebuild(self)

    def _close_sessions_of_ended(self):
        """Close what the holders of these roles have open, where one has ended.

        Only an act does this; a role that ends by its date closes no session, the
        dated rules do. sudo: who ends the role has no right on accounts; a counter
        moves, and keys go.
        """
        now = fields.Datetime.now()
        ended = self.filtered(lambda role: role.date_end and role.date_end <= now)
        users = ended.user_id.sudo()
        for user in users:
            user.culture_session_epoch += 1
        keys = self.env["res.users.apikeys"].sudo()
        keys.search([("user_id", "in", users.ids)]).unlink()

    @api.autovacuum
    def _take_back_groups(self):
        """Take the groups back from whose roles ended by their date."""
        self._sync_groups(
            self.env["res.users"].union(
                *(self._group(code).user_ids for code in AGENT_ROLES)
            )
        )
