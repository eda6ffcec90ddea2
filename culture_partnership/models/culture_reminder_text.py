import re
from datetime import timedelta

from markupsafe import Markup, escape

from odoo import api, fields, models

from ..tools.short_message import folded
from .culture_message import LINK
from .culture_message_texts import EXAMPLE
from .culture_registration_answer import ASKED_BY
from .culture_registration_sheet import unbroken

LONGEST_MEETING = 28
SOON = timedelta(days=6)
PAGE = """<!DOCTYPE html>
<html lang="%s"><head><meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>%s</title></head>
<body style="margin:0;padding:16px;background:#ffffff;color:#1f2933;\
font-family:Arial,Helvetica,sans-serif;font-size:18px;line-height:1.5">
<div style="max-width:560px">
%s
</div></body></html>
"""
BUTTON = (
    '<a href="%s" style="display:inline-block;padding:10px 18px;'
    "background:#1b4b72;color:#ffffff;border-radius:6px;"
    'text-decoration:none;font-weight:bold">%s</a>'
)


class CultureReminder(models.Model):
    """What a reminder says, in the person's channel.

    Nothing of who invites or why, no file number, no name of the person: only what the
    person needs to come. Called as superuser: what is below is all that leaves.
    """

    _inherit = "culture.reminder"

    @api.depends("state", "kind", "outing_date")
    def _compute_text_to_tell(self):
        """sudo: the administration's words, of a reminder that the user may read."""
        for reminder in self:
            reminder.text_to_tell = (
                reminder.state not in ("withdrawn", "told")
                and reminder.sudo()._speaking()._text_said()
            )

    def _speaking(self):
        """In the language of what is written to persons."""
        return self.with_context(lang=self.company_id._culture_paper_lang())

    def _message(self, channel):
        kind = self.kind
        if kind == "cancellation" and self.registration_id.cancelled_by != "venue":
            kind = "called_off"
        return self.env["culture.message"]._of(kind, channel, self.company_id)

    def _text_said(self):
        # without a link: whoever has one may answer for the person
        return self._message("email")._said(self._values("email"))

    # ------------------------------------------------------------------ values

    def _values(self, channel):
        """What stands for each word in braces, empty for what is not known.

        :param channel: ``sms`` or ``email``
        :return: dict of texts
        """
        line, outing = self.registration_id, self.outing_id
        short = channel == "sms"
        values = dict.fromkeys(EXAMPLE, "")
        values.update(self._when_values(short))
        values.update(
            titre=" ".join(outing.name.split()),
            lien=self._link(short),
            tel=self._phone(),
            rdv=self._meeting(short),
            places=self._places(),
            lieu=outing.venue_id.name or "",
            accueil=self._escorts(),
            transport=_ended(outing.transport),
            entree=self._entrance(),
            tel_jour=unbroken(outing.duty_phone or ""),
            limite=self._limit(short),
            ancien=self._before(line),
            nouveau=self._news(short),
        )
        return values

    def _link(self, short):
        """The page to answer on; none while the installation has no address."""
        if self.kind not in ASKED_BY:
            return ""
        return self.registration_id._answer_url(self.kind, short=short)

    def _phone(self):
        sending = self.env["culture.sending"]._of(self.company_id)
        phone = sending.phone or self.structure_id.phone or self.company_id.phone
        return unbroken(" ".join((phone or "").split()))

    def _places(self):
        seats = self.registration_id.seats
        if seats == 1:
            return self.env._("1 place")
        return self.env._("%(n)s places", n=seats)

    def _hour(self, moment, short):
        outing = self.outing_id
        if not short:
            return outing._hour_label(moment)
        local = outing._local(moment)
        return f"{local.hour}h{local.minute:02d}" if local.minute else f"{local.hour}h"

    def _day(self, moment):
        return self.outing_id._day_words(moment, self.env._("EEEE d MMMM"))

    def _when_values(self, short):
        outing = self.outing_id
        if outing.date_begin:
            return {
                "jour": self._day(outing.date_begin),
                "heure": self._hour(outing.date_begin, short),
            }
        return {"jour": self._day(outing.date_end)}

    def _moment(self, moment, short):
        """A day and an hour; of an open date the last day."""
        day = self._day(moment)
        if not self.outing_id.date_begin:
            return self.env._("until %(day)s", day=day)
        return self.env._(
            "%(day)s at %(hour)s", day=day, hour=self._hour(moment, short)
        )

    def _news(self, short):
        """What has changed: the date first, else the venue."""
        outing = self.outing_id
        told = self._told_before()
        moment = outing.date_begin or outing.date_end
        if told and told.date_told == moment and outing.venue_id:
            return self.env._("at %(venue)s", venue=outing.venue_id.name)
        news = self._moment(moment, short)
        if not short and told.venue_told_id != outing.venue_id:
            return self.env._(
                "%(when)s, %(venue)s", when=news, venue=outing.venue_id.name
            )
        return news

    def _before(self, line):
        told = self._told_before()
        moment = self.outing_id.date_begin or self.outing_id.date_end
        if told.date_told and told.date_told != moment:
            return self._moment(told.date_told, False)
        return told.venue_told_id.name or ""

    def _told_before(self):
        """What the person heard last, for a change."""
        return self.browse(self.version if self.kind == "change" else []).exists()

    def _limit(self, short):
        """Until when an answer counts."""
        outing, now = self.outing_id, fields.Datetime.now()
        if self.kind == "offer":
            moment = self.registration_id.offer_expiry
        else:
            moment = outing.cancel_deadline
        if not moment or moment <= now:
            return ""
        if not short:
            return self.env._(
                "%(day)s, %(hour)s",
                day=self._day(moment),
                hour=self._hour(moment, False),
            )
        pattern = "EEEE" if moment - now < SOON else "dd/MM"
        day = outing._day_words(moment, pattern)
        return f"{day} {self._hour(moment, True)}"

    def _meeting(self, short):
        outing = self.outing_id
        point = (outing.meeting_point or "").strip(" .")
        hour = outing.meeting_date and self.env._(
            "at %(hour)s", hour=self._hour(outing.meeting_date, short)
        )
        if point and not point[:2].isupper():
            point = point[:1].lower() + point[1:]
        text = ", ".join(filter(None, (hour, point)))
        if short and len(folded(text)) > LONGEST_MEETING:
            text = hour if hour and len(folded(hour)) <= LONGEST_MEETING else ""
        return text

    def _escorts(self):
        """Who waits there, by first names, as on the outing sheet."""
        lines = self.registration_id._sheet_meeting()
        return lines[-1] if lines and self.outing_id.escort_ids else ""

    def _entrance(self):
        """What to say there; the name itself stays out of letter boxes."""
        outing, line = self.outing_id, self.registration_id
        if outing.access_mode == "voucher":
            return self.env._("show your ticket.")
        if outing.access_mode == "desk":
            return self.env._("go to the ticket desk 30 minutes before.")
        level, __ = outing._shared_level()
        if level != "number" and line.beneficiary_id.identity_agreement:
            return self.env._("say your name.")
        number = outing._entry_numbers().get(line)
        return self.env._("say the number %(number)s.", number=number)

    # ----------------------------------------------------------------- e-mails

    def _mail_parts(self):
        """Subject, text and page of an e-mail.

        :return: triple of texts
        """
        message, values = self._message("email"), self._values("email")
        subject = message._subject(values)
        link = values["lien"]
        paragraphs = []
        for line in message._lines(values):
            html = escape(line)
            if link:
                html = LINK.sub(lambda found: BUTTON % (escape(link), found[1]), html)
            paragraphs.append(f'<p style="margin:0 0 14px">{html}</p>')
        lang = self.env.lang.partition("_")[0]
        page = PAGE % (lang, escape(subject), "\n".join(paragraphs))
        return subject, message._plain(values), Markup(page)

    def _sms_text(self):
        """:return: text of one SMS
        :raise UserError: when it cannot be made short enough
        """
        return self._message("sms")._sms(self._values("sms"))


def _ended(text):
    """A text with a stop, so that it may stand for a sentence's end."""
    text = re.sub(r"\s+", " ", text or "").strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."
