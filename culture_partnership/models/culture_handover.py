from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.dialogs import notice
from .ir_rule import refusal


class CultureHandover(models.Model):
    """Files that a referent hands over to a colleague, who accepts or declines.

    Nobody creates or changes a row but by these acts. Until the colleague accepts,
    the former referent keeps the files, and the colleague reads numbers only.
    """

    _name = "culture.handover"
    _inherit = ["culture.guarded"]
    _description = "Handover"
    _order = "proposed_date desc, id desc"
    _rec_names_search = ("from_id", "to_id")

    from_id = fields.Many2one(
        "culture.referent",
        string="Handed over by",
        required=True,
        index=True,
        ondelete="restrict",
    )
    to_id = fields.Many2one(
        "culture.referent",
        string="Handed over to",
        required=True,
        index=True,
        ondelete="restrict",
    )
    proposed_by_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    structure_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    word = fields.Text(help="A word for your colleague. No name of a person.")
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="proposed",
        index=True,
    )
    proposed_date = fields.Datetime(
        string="Proposed on", required=True, default=fields.Datetime.now
    )
    answered_date = fields.Datetime(string="Answered on")
    line_ids = fields.One2many("culture.handover.line", "handover_id", string="Files")
    file_count = fields.Integer(
        string="Number of files", compute="_compute_file_count", compute_sudo=True
    )
    effect = fields.Char(compute="_compute_effect")
    to_answer = fields.Boolean(
        compute="_compute_sides",
        search="_search_to_answer",
        export_string_translation=False,
    )
    may_withdraw = fields.Boolean(
        compute="_compute_sides", export_string_translation=False
    )

    # ---------------------------------------------------------------- computes

    @api.depends("line_ids")
    def _compute_file_count(self):
        for handover in self:
            handover.file_count = len(handover.line_ids)

    @api.depends("from_id", "line_ids")
    @api.depends_context("lang")
    def _compute_effect(self):
        for handover in self:
            handover.effect = self.env["culture.beneficiary"]._handover_effect(
                handover.from_id.sudo().name, handover.file_count
            )

    @api.depends("state", "to_id", "from_id", "structure_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_sides(self):
        coordinated = self.env["culture.role"]._structures("coordinator")
        for handover in self:
            open_ = handover.state == "proposed"
            sender = handover.sudo().from_id.user_id == self.env.user
            handover.to_answer = (
                open_ and handover.sudo().to_id.user_id == self.env.user
            )
            handover.may_withdraw = open_ and (
                sender or handover.structure_id in coordinated
            )

    def _search_to_answer(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "=", "proposed"), ("to_id.user_id", "=", self.env.uid)]

    @api.depends("from_id", "to_id")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = self.env._(
                "%(sender)s to %(receiver)s",
                sender=handover.sudo().from_id.name,
                receiver=handover.sudo().to_id.name,
            )
        self._hide_names()

    # ----------------------------------------------------------------- propose

    @api.model
    def _propose(self, people, receiver, word=False):
        """Propose these persons' files to a colleague.

        sudo: nobody creates handovers by right; the checks come first.

        :param people: ``culture.beneficiary`` records, as the user
        :param receiver: ``culture.referent``
        :param word: a word for the colleague
        :return: ``culture.handover`` records, one a former referent
        :raise UserError: when these files are not the user's to hand over, or the
            colleague has no role where they are followed
        """
        people.check_access("read")
        receiver.check_access("read")
        if not people:
            raise UserError(self.env._("Choose at least one file."))
        if not all(person.may_hand_over for person in people):
            raise UserError(
                self.env._(
                    "Only the referent who follows a person, or the coordination, "
                    "hands the file over."
                )
            )
        if receiver in people.referent_id:
            raise UserError(self.env._("Hand over to: choose a colleague."))
        self._check_receiver(people, receiver)
        self._check_not_proposed(people)
        return self.sudo().create(
            [
                {
                    "from_id": card.id,
                    "to_id": receiver.id,
                    "proposed_by_id": self.env.uid,
                    "structure_id": theirs.structure_id[:1].id
                    if len(theirs.structure_id) == 1
                    else card.structure_id.id,
                    "company_id": card.company_id.id,
                    "word": word,
                    "line_ids": [
                        fields.Command.create({"beneficiary_id": person.id})
                        for person in theirs
                    ],
                }
                for card, theirs in people.sudo().grouped("referent_id").items()
            ]
        )

    @api.model
    def _check_receiver(self, people, receiver):
        if people.company_id != receiver.company_id:
            raise receiver._not_covered(people.structure_id)
        receiver._check_covers(people.structure_id)

    @api.model
    def _check_not_proposed(self, people):
        """sudo: numbers of files that the user has chosen."""
        known = (
            self.env["culture.handover.line"]
            .sudo()
            .search(
                [
                    ("beneficiary_id", "in", people.ids),
                    ("handover_id.state", "=", "proposed"),
                ]
            )
        )
        if known:
            raise UserError(
                self.env._(
                    "A handover is waiting already for: %(files)s. Withdraw it first.",
                    files=", ".join(known.mapped("reference")),
                )
            )

    # ------------------------------------------------------------------ answer

    def action_accept(self):
        """Take over the files, in one transaction; those that moved are left out.

        :return: an action: what was done, then back to the list of persons
        """
        self.ensure_one()
        self._check_is_receiver()
        self._close("accepted")
        lines = self.sudo().with_context(active_test=False).line_ids
        lines.beneficiary_id._lock_quietly()
        covered = self.sudo().to_id._structures_covered()
        moved = lines.filtered(
            lambda line: (
                line.beneficiary_id.referent_id == line.handover_id.from_id
                and line.beneficiary_id.structure_id in covered
            )
        )
        moved.result = "moved"
        (lines - moved).result = "skipped"
        if moved:
            moved.beneficiary_id.write({"referent_id": self.sudo().to_id.id})
        else:
            self.sudo().state = "withdrawn"
        self._tell_sender()
        return self._then_list(self._what_moved(moved, lines - moved))

    def action_decline(self):
        """Leave the files to who has them.

        :return: an action: back to the list
        """
        self.ensure_one()
        self._check_is_receiver()
        self._close("declined")
        self._tell_sender()
        return self._then_list(self.env._("Handover declined."), self._name)

    def action_withdraw(self):
        """Take the proposal back, before it is answered.

        :return: an action: back to the list
        """
        self.ensure_one()
        self.check_access("read")
        sides = self.sudo()
        coordinated = self.env["culture.role"]._structures("coordinator")
        if (
            sides.from_id.user_id != self.env.user
            and sides.structure_id not in coordinated
        ):
            raise refusal(self.env)
        self._close("withdrawn")
        return self._then_list(self.env._("Handover withdrawn."), self._name)

    def _check_is_receiver(self):
        self.check_access("read")
        if self.sudo().to_id.user_id != self.env.user:
            raise refusal(self.env)

    def _close(self, state):
        """Answer a proposal, once: of two at once, the second reads a sentence."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE culture_handover"
                "   SET state = %s, answered_date = %s, write_uid = %s, write_date = %s"
                " WHERE id = %s AND state = 'proposed' RETURNING id",
                state,
                fields.Datetime.now(),
                self.env.uid,
                fields.Datetime.now(),
                self.id,
            ),
            log_exceptions=False,  # to lose a race is no error: it is retried
        )
        done = self.env.cr.fetchone()
        self.invalidate_recordset(flush=False)
        if not done:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "This handover is not waiting any more: %(state)s.",
                    state=labels[self.state].lower(),
                )
            )

    def _what_moved(self, moved, skipped):
        if not moved:
            return self.env._("These files have moved meanwhile: none was handed over.")
        if len(moved) == 1:
            said = self.env._("1 file is yours now.")
        else:
            said = self.env._("%(n)s files are yours now.", n=len(moved))
        if skipped:
            files = ", ".join(skipped.mapped("reference"))
            said += " " + self.env._(
                "Moved meanwhile, left out: %(files)s.", files=files
            )
        return said

    def _tell_sender(self):
        """Tell who proposed, by the means that they chose; numbers, no names."""
        handover = self.sudo()
        moved = len(handover.line_ids.filtered(lambda line: line.result == "moved"))
        for user in handover.from_id.user_id | handover.proposed_by_id:
            env = self.with_context(lang=user.lang).env
            receiver = handover.to_id.name
            if not moved:
                body = env._("%(receiver)s took over no file.", receiver=receiver)
            elif moved == 1:
                body = env._("%(receiver)s has taken over 1 file.", receiver=receiver)
            else:
                body = env._(
                    "%(receiver)s has taken over %(n)s files.",
                    receiver=receiver,
                    n=moved,
                )
            self.env["mail.thread"].sudo().message_notify(
                subject=env._("Handover"),
                body=body,
                partner_ids=user.partner_id.ids,
                author_id=self.env.ref("base.partner_root").id,
            )

    def _then_list(self, message, model="culture.beneficiary"):
        xmlids = {
            "culture.beneficiary": "culture_partnership.culture_beneficiary_action",
            "culture.handover": "culture_partnership.culture_handover_action",
        }
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlids[model])
        return notice(message, then=dict(action, target="main"))
