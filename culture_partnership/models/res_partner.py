from odoo import api, fields, models
from odoo.exceptions import UserError

STAFF = (
    "culture_partnership.group_culture_partnership_referent,"
    "culture_partnership.group_culture_partnership_coordinator,"
    "culture_partnership.group_culture_partnership_administrator"
)
FOLLOWING = (
    "culture_partnership.group_culture_partnership_referent,"
    "culture_partnership.group_culture_partnership_coordinator"
)
STRUCTURE_FIELDS = {"is_culture_structure", "parent_id", "active", "company_id"}
"""What moves a structure's place in the scheme, and so who covers it."""


class ResPartner(models.Model):
    """A contact: possibly a structure or a venue; a person's file is elsewhere.

    Every internal user reads contacts. Whatever the scheme adds here is hidden
    by groups, and nothing that is done to a person's contact tells that there is
    a file.
    """

    _inherit = "res.partner"

    is_culture_structure = fields.Boolean(
        string="Structure of the scheme",
        groups=STAFF,
        help="Roles are given in structures. Only an administrator sets this.",
    )
    culture_access_need_ids = fields.Many2many(
        "culture.access.need",
        string="What this venue offers",
        groups=STAFF,
    )
    culture_transport = fields.Char(
        string="How to get there",
        groups=STAFF,
        help="In words a person can follow: which line, which stop, how far to walk.",
    )
    culture_good_to_know = fields.Text(
        string="Good to know there",
        groups=STAFF,
        help="What is true at this venue, in short and simple sentences: “Come as you "
        "are.” It is on the outing sheets.",
    )
    culture_map = fields.Image(
        string="Drawn map",
        max_width=1600,
        max_height=1600,
        groups=STAFF,
        help="The way from the stop to the door. It is on the outing sheets.",
    )
    culture_role_ids = fields.One2many(
        "culture.role",
        "partner_id",
        string="Roles",
        groups="culture_partnership.group_culture_partnership_administrator",
    )
    culture_standing_role_ids = fields.One2many(
        "culture.role",
        "partner_id",
        string="Roles in force and to come",
        domain=["|", ("date_end", "=", False), ("date_end", ">", "now")],
        groups="culture_partnership.group_culture_partnership_administrator",
    )
    culture_scope_ids = fields.One2many(
        "culture.scope", "structure_id", groups=fields.NO_ACCESS
    )
    culture_beneficiary_ids = fields.One2many(
        "culture.beneficiary", "partner_id", groups=fields.NO_ACCESS
    )
    culture_file_open = fields.Boolean(
        string="Cultural file",
        compute="_compute_culture_file_open",
        groups=FOLLOWING,
        help="There is a file of this person that you may open.",
    )

    @api.depends_context("uid")
    def _compute_culture_file_open(self):
        files = self.env["culture.beneficiary"]
        linked = files.search([("partner_id", "in", self.ids)]).partner_id
        for partner in self:
            partner.culture_file_open = partner in linked

    # ------------------------------------------------------------------ actions

    def action_culture_open_file(self):
        """Open this contact's file, or a new file with the identity copied.

        :return: an action; nothing is created before the user saves
        :raise UserError: when there is a file that the user may not open
        """
        self.ensure_one()
        return self.env["culture.beneficiary"]._action_open_from(
            self, self._culture_identity()
        )

    def _culture_identity(self):
        """Identity to copy from this contact into a new file.

        :return: dict of ``culture.beneficiary`` values
        """
        self.ensure_one()
        first_name, last_name = split_name(self.name or "")
        return {
            "first_name": first_name,
            "last_name": last_name,
            "phone": self.phone or False,
            "email": self.email or False,
            "partner_id": self.id,
        }

    # -------------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        structures = partners._culture_structures()
        if structures:
            partners.browse(structures.ids)._check_culture_administrator()
            self._rebuild_culture_scopes()
        return partners

    def write(self, vals):
        if not vals.keys() & STRUCTURE_FIELDS:
            return super().write(vals)
        structures = self._culture_structures()
        self.browse(structures.ids)._check_culture_administrator()
        if vals.get("active") is False or vals.get("is_culture_structure") is False:
            self._check_culture_unused()
        result = super().write(vals)
        after = self._culture_structures()
        self.browse(after.ids)._check_culture_administrator()
        if structures or after:
            self._rebuild_culture_scopes()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_culture_used(self):
        self._check_culture_unused()

    def _culture_structures(self):
        return self.sudo().filtered("is_culture_structure")

    def _check_culture_administrator(self):
        """Only who administers a structure, and where it goes, may change it.

        A structure that stands under none is the matter of who administers the
        company itself.
        """
        if self.env.su or not self:
            return
        roles = self.env["culture.role"]
        covered = roles._structures("administrator")
        for structure in self:
            above = structure.parent_id
            while above and not above.sudo().is_culture_structure:
                above = above.parent_id
            if not above:
                above = (structure.company_id or self.env.company).partner_id
            if above not in covered:
                raise self._culture_used_error()

    def _check_culture_unused(self):
        """Refuse to remove a contact that the scheme uses as a place.

        It says only that the contact is used. A person's file says nothing: its
        link is emptied.
        """
        partners = self.sudo().with_context(active_test=False)
        uses = [
            ("culture.outing", ("venue_id", "provider_id", "structure_id")),
            ("culture.permanence", ("venue_id", "structure_id")),
            ("culture.beneficiary", ("structure_id",)),
            ("culture.convention", ("partner_id",)),
            ("culture.role", ("partner_id",)),
            ("culture.referent", ("structure_id",)),
            ("culture.relay", ("partner_id", "structure_id")),
        ]
        for model, names in uses:
            for name in names:
                domain = [(name, "in", partners.ids)]
                if partners.env[model].search_count(domain, limit=1):
                    raise self._culture_used_error()

    def _culture_used_error(self):
        return UserError(
            self.env._(
                "This contact is used: it cannot be merged, archived or deleted."
            )
        )

    @api.model
    def _rebuild_culture_scopes(self):
        """sudo: the closure of everybody's roles follows from one structure."""
        standing = [
            "|",
            ("date_end", "=", False),
            ("date_end", ">", fields.Datetime.now()),
        ]
        roles = self.env["culture.role"].sudo().search(standing)
        self.env["culture.scope"]._rebuild(roles)


def split_name(name):
    """Guess first and last name; the user sees the guess and may change it.

    A part in capitals is the last name ("DUPONT Marie"), otherwise the first
    word is the first name.

    :param name: a contact's name
    :return: ``(first name, last name)``
    """
    words = name.split()
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if capitals and len(capitals) < len(words):
        others = [word for word in words if word not in capitals]
        return " ".join(others), " ".join(capitals).title()
    return " ".join(words[:1]), " ".join(words[1:])
