from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, consteq, hmac

from ..tools.link_text import BASE, to_number, to_text

ASKED_BY = ("confirmation", "week", "eve", "open_end", "change", "offer")
"""Kinds of messages that carry a link. Their places are in links: add at the end."""

ROOM_FOR_KINDS = 8
SIGNATURE = 10
"""Letters: 58 bits, to be guessed over a page that counts wrong tries."""

LONGEST_TOKEN = SIGNATURE + 6
LONGEST_LINK = 46
"""What a text message has room for, the address included."""

ADDRESS = "culture_partnership.answer_address"
PATH = "/o/"
"""Says nothing of what it is about."""


class AnswerLink(NamedTuple):
    """What a link is about, once it has proved itself."""

    line: models.BaseModel
    """``culture.registration`` as superuser; empty when the link is worth nothing."""
    kind: str = ""
    used: bool = False


class CultureRegistration(models.Model):
    """What the person answers, by the link in a message.

    The link is the right to answer, and nothing else is: whoever has it needs no
    account. It is good for one registration, one date (or one offer) and one message,
    and once.
    """

    _inherit = "culture.registration"

    answer = fields.Selection(
        [
            ("yes", "Yes"),
            ("no", "No"),
            ("call", "To call back"),
            ("called", "Called back"),
        ],
        readonly=True,
    )
    answered_at = fields.Datetime(string="Answered on", readonly=True)
    answer_links = fields.Char(readonly=True, groups=fields.NO_ACCESS)

    def write(self, vals):
        """A yes was said to a date: after another one, the question is asked anew."""
        moved = self.browse()
        if vals.keys() & {"date_begin", "date_end"}:
            moved = self.filtered(
                lambda line: (
                    line._answer_moment("week")
                    != fields.Datetime.to_datetime(
                        vals.get("date_begin", line.date_begin)
                        or vals.get("date_end", line.date_end)
                    )
                )
            )
        result = super().write(vals)
        for line in moved.filtered("answer_links"):
            said = line.answer == "yes" and {"answer": False, "answered_at": False}
            line.write({"answer_links": False, **(said or {})})
        return result

    # -------------------------------------------------------------------- links

    def _answer_url(self, kind, short=False):
        """The link that a message to the person carries.

        It opens the page to whoever has it: only for a message to the person.

        :param kind: of the message, one of :data:`ASKED_BY`
        :param short: for a text message: the address as it was typed in the settings,
            without "https://" where it was left out, and nothing rather than too long
        :return: address, empty when there is none to give
        """
        self.ensure_one()
        settings = self.env["ir.config_parameter"].sudo()
        address = (settings.get_param(ADDRESS) or "").strip().rstrip("/")
        if not address or not self.beneficiary_id:
            return ""
        path = f"{PATH}{self._answer_token(kind)}"
        if short:
            link = f"{address}{path}"
            return link if len(link) <= LONGEST_LINK else ""
        return f"{address if '://' in address else f'https://{address}'}{path}"

    def _answer_token(self, kind):
        moment = self._answer_moment(kind)
        return self._signed_token(self.id, ASKED_BY.index(kind), moment)

    def _answer_moment(self, kind):
        """What the answer holds for: another offer, another date is another question.

        :return: naive datetime in UTC, or False
        """
        if kind == "offer":
            return self.offer_expiry
        return self.date_begin or self.date_end

    @api.model
    def _signed_token(self, id_, place, moment):
        message = (id_, place, fields.Datetime.to_string(moment))
        signed = hmac(self.env(su=True), "culture.registration.answer", message)
        signature = to_text(int(signed, 16) % BASE**SIGNATURE, SIGNATURE)
        return to_text(id_ * ROOM_FOR_KINDS + place) + signature

    @api.model
    def _of_answer_link(self, token):
        """What a link is about.

        The same work whatever is wrong with it, so that the time tells nothing. sudo:
        the link is the right to this one registration; callers show an allow-list.

        :param token: text, whatever was asked for
        :return: :class:`AnswerLink`
        """
        head = token[:-SIGNATURE] if len(token) <= LONGEST_TOKEN else ""
        id_, place = divmod(to_number(head) or 0, ROOM_FOR_KINDS)
        kind = ASKED_BY[place] if place < len(ASKED_BY) else ""
        line = self.sudo().search([("id", "=", id_ if id_ < 2**31 else 0)])
        moment = line._answer_moment(kind)
        expected = self._signed_token(line.id or 0, place, moment)
        valid = consteq(expected.encode(), token[: 2 * LONGEST_TOKEN].encode())
        used = token in (line.answer_links or "").split()
        if line and kind and (valid or used):
            return AnswerLink(line, kind, used)
        return AnswerLink(line.browse())

    def _answer_standing(self, link):
        """What can still be done by a link.

        :param link: :class:`AnswerLink` of this registration
        :return: ``open``, ``answered``, ``late`` or "" when it is worth nothing
        """
        now = fields.Datetime.now()
        if self.date_end <= now:
            return ""
        if link.used:
            return "answered"
        if self.state != ("offered" if link.kind == "offer" else "confirmed"):
            return ""
        return "open" if self._answer_deadline(link.kind) > now else "late"

    def _answer_deadline(self, kind):
        """Until when an answer is of use.

        :param kind: of the message that asked
        :return: naive datetime in UTC
        """
        limit = self.offer_expiry if kind == "offer" else self.cancel_deadline
        start = self.date_begin or self.date_end
        return min(limit, start) if limit else start

    # ------------------------------------------------------------------- answer

    def _note_answer(self, token, answer):
        """Note an answer, unless this link has given one or the state has moved.

        One statement decides: of two at once, PostgreSQL makes the second one fail,
        and the host runs it again on what the first one wrote.

        :return: whether it was noted
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE culture_registration
                   SET answer = %(answer)s,
                       answered_at = %(now)s,
                       answer_links = concat_ws(' ', answer_links, %(token)s)
                 WHERE id = %(id)s AND state = %(state)s
                   AND (answer_links IS NULL
                        OR %(token)s <> ALL(string_to_array(answer_links, ' ')))
                """,
                answer=answer,
                now=fields.Datetime.now(),
                token=token,
                id=self.id,
                state=self.state,
            ),
            log_exceptions=False,
        )
        noted = bool(self.env.cr.rowcount)
        self.invalidate_recordset(
            ["answer", "answered_at", "answer_links"], flush=False
        )
        return noted

    def _answer(self, link, token, answer):
        """Do what the person answers, by the ordinary changes of state.

        :param link: :class:`AnswerLink` of this registration, that is ``open``
        :param token: the link's own
        :param answer: ``yes``, ``no`` or ``call``
        :return: whether it was noted
        :raise UserError: when the change is not lawful any more
        """
        with self.env.cr.savepoint():
            if not self._note_answer(token, answer):
                return False
            if answer == "call":
                self._ask_to_call(self._answer_deadline(link.kind))
            elif answer == "no":
                self.write({"state": "cancelled", "cancelled_by": "person"})
            elif link.kind == "offer":
                self.write({"state": "confirmed"})
        return True
