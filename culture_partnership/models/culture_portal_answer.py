from odoo import models
from odoo.exceptions import UserError

from .culture_registration_sheet import sentence

ANSWERS = ("yes", "no", "call")


class CulturePortalAnswer(models.AbstractModel):
    """The page behind the link of a message, for who has no account.

    Nobody's name is on it, neither the person's nor a service's. The link opens one
    registration; what is returned here is all that is shown of it.
    """

    _name = "culture.portal.answer"
    _inherit = ["culture.portal"]
    _description = "Answer page"

    def _closed(self, standing="closed", wrong=False):
        """What is said of every link that is worth nothing.

        :param standing: ``closed``, or ``wait`` for who has tried too often
        :param wrong: whether it is no link of ours at all
        :return: dict as :meth:`_page`
        """
        pages = self._speaking(self.env.company)
        page = {**pages._frame(), "phone": pages._phone()}
        return {**page, "standing": standing, "wrong": wrong}

    def _page(self, token):
        """What a link shows; nothing changes.

        :param token: text, whatever was asked for
        :return: dict of plain values
        """
        link = self.env["culture.registration"]._of_answer_link(token)
        return self._shown(link, link.line and link.line._answer_standing(link))

    def _send(self, token, answer):
        """Take an answer, once.

        :param token: text, whatever was asked for
        :param answer: what the form sent
        :return: dict as :meth:`_page`
        """
        link = self.env["culture.registration"]._of_answer_link(token)
        standing = link.line and link.line._answer_standing(link)
        if standing != "open" or answer not in ANSWERS:
            return self._shown(link, standing)
        deadline = link.line._answer_deadline(link.kind)
        try:
            noted = link.line._answer(link, token, answer)
        except UserError:
            # its text may hold a name
            return self._shown(link, "late")
        if not noted:
            return self._shown(link, "answered")
        pages, line = self._speaking_of(link)
        said = pages._thanks(line, answer, deadline)
        return {**self._shown(link, "done"), "said": said}

    # ------------------------------------------------------------------- values

    def _speaking(self, company):
        """The language of what is written to persons, whoever looks."""
        pages = self.with_company(company)
        return pages.with_context(lang=company._culture_paper_lang())

    def _speaking_of(self, link):
        """sudo: the link is the right to this registration, see ``_of_answer_link``."""
        pages = self._speaking(link.line.company_id)
        return pages, link.line.with_env(pages.env(su=True))

    def _frame(self):
        locale = self.env.lang or "en_US"
        return {
            "locale": locale,
            "lang": locale.partition("_")[0],
            "title": self.env._("Your outing"),
            "facts": None,
        }

    def _shown(self, link, standing):
        """What the page says.

        :param link: the registration's, as superuser
        :param standing: ``open``, ``answered``, ``late``, ``done``, or nothing
        :return: dict of plain values
        """
        if not standing:
            return self._closed(wrong=not link.line)
        pages, line = self._speaking_of(link)
        page = {
            **pages._frame(),
            "standing": standing,
            "offer": link.kind == "offer",
            "phone": pages._tell(line.structure_id.phone or line.company_id.phone),
        }
        # a place that was given up, or passed on, is told no more of
        if line.state == "confirmed" or (
            line.state == "offered" and standing != "late"
        ):
            page["facts"] = pages._facts(line)
        if standing == "open":
            deadline = line._answer_deadline(link.kind)
            page["deadline"] = line.outing_id._moment_in_full(deadline)
        return page

    def _facts(self, line):
        outing = line.outing_id
        return {
            "name": outing.name,
            "when": outing._long_when(),
            "place": self._place(line.venue_id),
            "meeting": self._meeting(outing),
            "escort": line._who_waits(),
            "places": self.env._(
                "%(places)s. Nothing to pay.", places=self._places(line.seats)
            ),
            "entrance": self._entrance(line) if line.state == "confirmed" else "",
            "that_day": outing.duty_phone and self._tell(outing.duty_phone),
        }

    def _meeting(self, outing):
        point = (outing.meeting_point or "").strip(" .")
        hour = outing.meeting_date and outing._hour_label(outing.meeting_date)
        if hour and point and point[0].islower():
            return self.env._("Meeting at %(hour)s, %(point)s.", hour=hour, point=point)
        if hour:
            when = self.env._("Meeting at %(hour)s.", hour=hour)
            return f"{when} {sentence(point)}".strip()
        return point and self.env._("Meeting: %(point)s.", point=point)

    def _entrance(self, line):
        """What one says at the door: what the entry list knows, and no name here."""
        if line.access_mode == "voucher":
            return self.env._("At the entrance: show your ticket.")
        outing, person = line.outing_id, line.beneficiary_id
        number = outing._entry_numbers()[line]
        rows = {row["number"]: row["name"] for row in outing._entry_rows()}
        level = outing._shared_level()[0]
        name = person._name_at(level) if person.identity_agreement else ""
        if line.access_mode == "desk":
            where = self.env._("At the ticket desk, 30 minutes before")
        else:
            where = self.env._("At the entrance")
        if not name:
            what = self.env._("say the number %(number)s", number=number)
        elif rows[number] != name:
            what = self.env._("say your name and the number %(number)s", number=number)
        elif level == "first_name":
            what = self.env._("say your first name")
        else:
            what = self.env._("say your name")
        return self.env._("%(where)s: %(what)s.", where=where, what=what)

    def _thanks(self, line, answer, deadline):
        outing = line.outing_id
        if answer == "call":
            moment = outing._moment_in_full(line._call_before(deadline))
            return self.env._(
                "Understood. We will call you before %(moment)s.", moment=moment
            )
        if answer == "no" and line.seats > 1:
            return self.env._(
                "Noted. Others will use the places. Thank you for telling us."
            )
        if answer == "no":
            return self.env._(
                "Noted. Somebody else will use the place. Thank you for telling us."
            )
        if not outing.date_begin:
            return self.env._("Noted.")
        day = outing._day_words(outing.date_begin, self.env._("EEEE d MMMM"))
        return self.env._("Noted. See you on %(day)s.", day=day)
