import logging
import smtplib
from contextlib import suppress
from email.utils import make_msgid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formataddr

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..tools.quiet_log import silenced

_logger = logging.getLogger(__name__)

NO_ACCOUNT = ("sms_credit", "sms_acc")
"""The gateway takes nothing from us at all: that is nobody's number."""

MAIL_LOGGER = "odoo.addons.base.models.ir_mail_server"

UNTOLD = (UserError, LookupError, ValueError, TypeError, AttributeError)
"""What a text that cannot be made may raise: one of them stops no other."""

PERHAPS = "sms_server"
"""The host says so of a gateway that refused and of one that answered too late."""

LATER = 400
NEVER = 500


class Wire:
    """What messages leave by, opened when the first one does.

    A row is marked and committed before its message leaves, and marked again after: a
    sender that dies in between leaves it in doubt, and nothing leaves twice. Of the
    host's queues none is used: no number and no text is kept anywhere.
    """

    def __init__(self, sending):
        self.sending = sending
        self.session = None
        self.down = set()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self._hang_up()

    def send(self, rows, channel, ways):
        """Send these.

        :param rows: ``culture.reminder``, waiting
        :param channel: ``sms`` or ``email``
        :param ways: dict of channel and address by row
        :return: whether a server took what it was given
        """
        if channel not in self.down:
            act = self._send_texts if channel == "sms" else self._send_mails
            if act(rows, ways):
                return True
            self.down.add(channel)
        return False

    # -------------------------------------------------------------------- e-mail

    def _send_mails(self, rows, ways):
        sender = self.sending.email_from or (
            self.sending.env["ir.mail_server"]._get_default_from_address()
        )
        if not sender:
            _logger.warning("Reminders: no sender’s address, no e-mail leaves.")
            return False
        for row in rows:
            message = self._made(row, lambda r=row: self._mail(r, ways[r][1], sender))
            if message is None:
                continue
            if not self._connect(message):
                return False
            if not row._claimed(self.sending, "email"):
                continue
            outcome = self._deliver(row, message)
            row._note_outcome(outcome)
            row._commit()
            if outcome == "to_send":
                return False
        return True

    def _made(self, row, make):
        """What is to leave; when it cannot be made, somebody says it.

        :return: what `make` returns, or None
        """
        try:
            return make()
        except UNTOLD as error:
            _logger.warning(
                "Reminders: the text of %s cannot be made (%s).",
                row,
                type(error).__name__,
            )
            row._have_said(self.sending, "call", "to_tell")
            return None

    def _mail(self, row, address, sender):
        subject, text, page = row._speaking()._mail_parts()
        attachments = []
        if row.kind == "confirmation":
            calendar = row.outing_id._calendar_text()
            if calendar:
                attachments = [("sortie.ics", calendar.encode(), "text/calendar")]
        return row.env["ir.mail_server"]._build_email__(
            formataddr((self.sending.name, sender)),
            [address],
            subject,
            str(page),
            attachments=attachments,
            subtype="html",
            body_alternative=text,
            # the host's would name the machine
            message_id=make_msgid(domain=sender.rpartition("@")[2]),
            headers={"Auto-Submitted": "auto-generated"},
        )

    def _connect(self, message):
        if self.session is None:
            servers = self.sending.env["ir.mail_server"]
            try:
                self.session = servers._connect__(smtp_from=message["From"])
            except (OSError, smtplib.SMTPException, UserError) as error:
                _logger.warning(
                    "Reminders: no mail server answers (%s).", type(error).__name__
                )
                return False
        return True

    def _deliver(self, row, message):
        """:return: ``sent``, ``to_send`` (another time), ``failed`` or ``doubt``"""
        servers = row.env["ir.mail_server"]
        try:
            # the host logs the address that a server refused
            with silenced(MAIL_LOGGER):
                servers.send_email(message, smtp_session=self.session)
        except smtplib.SMTPServerDisconnected:
            self._hang_up()
            return "doubt"
        except MailDeliveryException as error:
            return self._outcome_of(error.__context__)
        except AssertionError:
            # the host found no address in it: nothing has left
            return "failed"
        return "sent"

    def _outcome_of(self, error):
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = [code for code, __ in error.recipients.values()]
            return "to_send" if max(codes) < NEVER else "failed"
        if isinstance(error, smtplib.SMTPSenderRefused):
            return "to_send"
        if isinstance(error, smtplib.SMTPResponseException):
            return "to_send" if LATER <= error.smtp_code < NEVER else "failed"
        self._hang_up()
        return "doubt"

    def _hang_up(self):
        if self.session is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.session.quit()
            self.session = None

    # ----------------------------------------------------------------------- SMS

    def _send_texts(self, rows, ways):
        texts = {
            row: self._made(row, lambda r=row: r._speaking()._sms_text())
            for row in rows
        }
        mine = rows.filtered(texts.get)._claimed(self.sending, "sms")
        if not mine:
            return True
        messages = mine.env["sms.sms"].create(
            [{"number": ways[row][1], "body": texts[row]} for row in mine]
        )
        messages.send(unlink_failed=False, unlink_sent=False)
        takes = True
        for row, message in zip(mine, messages, strict=True):
            outcome = self._outcome_of_text(message)
            if outcome == "sent":
                row.sms_uuid = message.uuid
            takes = takes and outcome in ("sent", "failed")
            row._note_outcome(outcome)
        sent = mine.filtered("sms_uuid")
        # reports that come later find their row by these, which hold nothing else
        mine.env["sms.tracker"].create([{"sms_uuid": row.sms_uuid} for row in sent])
        messages.unlink()
        mine._commit()
        return takes

    def _outcome_of_text(self, message):
        if message.state != "error":
            return "sent"
        if message.failure_type in NO_ACCOUNT:
            return "to_send"
        return "doubt" if message.failure_type == PERHAPS else "failed"


class CultureReminder(models.Model):
    """What became of a message."""

    _inherit = "culture.reminder"

    def _claimed(self, sending, channel):
        """Mark these as being sent, for good, before anything leaves.

        :return: those that are this caller's to send
        """
        mine = self._at_once(lambda: self._claim(sending, channel))
        self._commit()
        return mine

    def _note_outcome(self, outcome):
        if outcome in ("failed", "doubt"):
            self._give_to_say(outcome)
        elif outcome == "sent":
            self.write({"state": "sent", "sent_date": fields.Datetime.now()})
        else:
            self.write({"state": "to_send", "claimed_date": False})

    @api.autovacuum
    def _forget_messages(self):
        """A report that has not come by the outing comes no more."""
        past = self.sudo().search(
            [("sms_uuid", "!=", False), ("date_told", "<", fields.Datetime.now())],
            limit=10_000,
        )
        uuids = past.mapped("sms_uuid")
        self.env["sms.tracker"].sudo().search([("sms_uuid", "in", uuids)]).unlink()
        past.write({"sms_uuid": False})


class SmsTracker(models.Model):
    """What the gateway reports later of a message that it took."""

    _inherit = "sms.tracker"

    def _action_update_from_provider_error(self, provider_error):
        rows = (
            self.env["culture.reminder"]
            .sudo()
            .search(
                [
                    ("sms_uuid", "in", self.mapped("sms_uuid")),
                    ("state", "=", "sent"),
                    ("date_told", ">", fields.Datetime.now()),
                ]
            )
        )
        rows._give_to_say("failed")
        return super()._action_update_from_provider_error(provider_error)


class MailActivity(models.Model):
    """A task that is done: it was said."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """sudo: the ledger, which nobody writes; of tasks that the user closes."""
        reminders = (
            self.env["culture.reminder"]
            .sudo()
            .search([("activity_id", "in", self.ids), ("to_tell", "=", True)])
        )
        result = super()._action_done(feedback, attachment_ids)
        if reminders:
            reminders._mark_told(self.env.user)
        return result
