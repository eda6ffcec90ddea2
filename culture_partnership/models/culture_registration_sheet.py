import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..tools.day_words import day_in_words
from ..tools.sheet_pages import Block, in_pages
from .culture_outing import USUAL_LENGTH
from .culture_outing_entry import LONG_OUTING
from .res_partner import split_name

SHEET_REPORT = "culture_partnership.culture_registration_report_outing_sheet"
UNPATCHED_ZOOM = 1.32
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


class CultureRegistration(models.Model):
    """The outing sheet: large print and simple French, for the person alone.

    One idea a line, and a line only when it is known. It says nothing of who invites:
    no service, no logo, no file number; no name but the one that the entrance asks for,
    as far as the convention and the person's agreement let it be told (I7).
    """

    _inherit = "culture.registration"

    def action_print_sheets(self):
        """Print the outing sheets of these registrations.

        :return: the action of the report
        :raise UserError: when none of them is a confirmed place
        """
        return self.env.ref(SHEET_REPORT).report_action(
            self._with_sheet(), config=False
        )

    def _with_sheet(self):
        """Those of which there is a sheet: a place that is taken.

        :raise UserError: when there is none
        """
        self.check_access("read")
        lines = self.filtered(lambda line: line.state == "confirmed")
        if not lines:
            raise UserError(
                self.env._(
                    "The outing sheet is printed for a confirmed place. None is "
                    "confirmed here."
                )
            )
        return lines

    def _sheets(self):
        """What the sheets say, for who may read these registrations.

        The names are those of the entry list; of it, only these rows are kept.

        :return: list of dicts: ``lang``, ``pages``, lists of ``Block``, and
            ``numbers``, what numbers each page
        :raise AccessError: when one of them is not open to the user
        """
        lines, sheets = self._with_sheet(), []
        for company, theirs in lines.grouped("company_id").items():
            theirs = theirs.with_context(lang=company._culture_paper_lang())
            shown = {}
            for outing in theirs.outing_id:
                numbers = outing._entry_numbers()
                rows = {row["number"]: row["name"] for row in outing._entry_rows()}
                shown.update({line.id: rows.get(n) for line, n in numbers.items()})
            sheets += [line._sheet(shown[line.id]) for line in theirs]
        return sheets

    def _sheet(self, name):
        pages = in_pages(self._sheet_blocks(name))
        return {
            "lang": self.env.lang.partition("_")[0],
            "pages": pages,
            "numbers": [
                self.env._("page %(page)s of %(pages)s", page=page, pages=len(pages))
                for page in range(1, len(pages) + 1)
            ],
        }

    @api.model
    def _sheet_zoom(self):
        """What makes a point a point: without its patch, the host's wkhtmltopdf
        prints all of it smaller.

        :return: factor of the sheet's sizes
        """
        return 1 if _wkhtml().is_patched_qt else UNPATCHED_ZOOM

    def _sheet_blocks(self, name):
        """The headings of a sheet, each with its lines; those without are left out.

        :param name: what the entrance knows this registration by
        :return: list of ``Block``
        """
        env = self.env
        venue = self.venue_id
        blocks = [
            Block("outing", env._("Your outing"), self._sheet_title()),
            Block("day", env._("Which day?"), self._sheet_day()),
            Block("hour", env._("At what time?"), self._sheet_hours()),
            Block("place", env._("Where?"), self._sheet_place(), venue.culture_map),
            Block("way", env._("How to come?"), sentences(self.outing_id.transport)),
            Block("meeting", env._("Where we meet"), self._sheet_meeting()),
            Block("entrance", env._("At the entrance"), self._sheet_entrance(name)),
            Block("tip", env._("Good to know"), sentences(venue.culture_good_to_know)),
            Block("phone", env._("You cannot come?"), self._sheet_warning()),
        ]
        return [block for block in blocks if block.lines]

    def _sheet_title(self):
        kind = self.discipline_id.sheet_sentence
        return [self.outing_id.name, *sentences(kind)]

    def _sheet_day(self):
        outing = self.outing_id
        first = outing._local_day()
        if not outing.date_begin:
            return [
                self.env._("The day that you like."),
                self.env._("Until %(day)s.", day=self._sheet_date(first)),
            ]
        lines = [sentence(self._sheet_date(first, "EEEE d MMMM y"))]
        if outing.date_end - outing.date_begin >= LONG_OUTING:
            last = outing._local(outing.date_end).date()
            lines.append(self.env._("Until %(day)s.", day=self._sheet_date(last)))
        return lines

    def _sheet_date(self, day, pattern="d MMMM y"):
        return day_in_words(self.env, day, pattern)

    def _sheet_hours(self):
        """The end only where it was given: three hours are the application's guess."""
        outing = self.outing_id
        if not outing.date_begin:
            return []
        show = self.discipline_id.is_show
        begin, end = map(outing._hour_label, (outing.date_begin, outing.date_end))
        lines = [
            self.env._("The show begins at %(hour)s.", hour=begin)
            if show
            else self.env._("The outing begins at %(hour)s.", hour=begin)
        ]
        length = outing.date_end - outing.date_begin
        if length != USUAL_LENGTH and length < LONG_OUTING:
            lines.append(
                self.env._("The show ends at about %(hour)s.", hour=end)
                if show
                else self.env._("The outing ends at about %(hour)s.", hour=end)
            )
        return lines

    def _sheet_place(self):
        venue = self.venue_id
        town = " ".join(filter(None, (venue.zip, venue.city)))
        address = (venue.name, venue.street, venue.street2, town)
        return [sentence(part) for part in address if part]

    def _sheet_meeting(self):
        outing, lines = self.outing_id, []
        point = (outing.meeting_point or "").strip(" .")
        hour = outing.meeting_date and outing._hour_label(outing.meeting_date)
        if point and hour and point[0].islower():
            lines.append(self.env._("At %(hour)s, %(point)s.", hour=hour, point=point))
        elif point:
            lines += [self.env._("At %(hour)s.", hour=hour)] if hour else []
            lines.append(sentence(point))
        names = [split_name(name)[0] for name in outing.escort_ids.mapped("name")]
        if not lines:
            # nobody waits where nobody says where
            return []
        if len(names) == 1:
            lines.append(self.env._("%(name)s is waiting for you.", name=names[0]))
        elif names:
            lines.append(
                self.env._(
                    "%(names)s and %(name)s are waiting for you.",
                    names=", ".join(names[:-1]),
                    name=names[-1],
                )
            )
        return lines

    def _sheet_entrance(self, name):
        mode, lines = self.access_mode, []
        if mode == "voucher":
            lines.append(self.env._("Show your ticket."))
        elif mode == "desk":
            lines.append(self.env._("Go to the ticket desk 30 minutes before."))
        else:
            lines.append(self.env._("Say: I have an invitation."))
        if mode != "voucher":
            lines.append(
                self.env._("Give this name or this number: %(name)s.", name=name)
            )
        if self.seats == 1:
            lines.append(self.env._("You have 1 place."))
        else:
            lines.append(self.env._("You have %(n)s places.", n=self.seats))
        return [*lines, self.env._("You have nothing to pay.")]

    def _sheet_warning(self):
        outing, lines = self.outing_id, []
        phone = self.structure_id.phone or self.company_id.phone
        deadline = outing.cancel_deadline
        if phone and deadline and deadline > fields.Datetime.now():
            local = outing._local(deadline)
            noon = (local.hour, local.minute) == (12, 0)
            lines = [
                self.env._(
                    "Call %(phone)s before %(day)s at %(hour)s.",
                    phone=unbroken(phone),
                    day=self._sheet_date(local, self.env._("EEEE d MMMM")),
                    hour=self.env._("noon") if noon else outing._hour_label(deadline),
                ),
                self.env._("Somebody else will come in your place."),
            ]
        elif phone:
            lines = [self.env._("Call %(phone)s.", phone=unbroken(phone))]
        if outing.duty_phone:
            lines.append(
                self.env._(
                    "On the day itself, call %(phone)s.",
                    phone=unbroken(outing.duty_phone),
                )
            )
        return lines


def sentence(text):
    """A text as a sentence: a capital first, a stop at its end.

    :param text: text
    :return: the same as a sentence
    """
    text = (text or "").strip()
    if text and text[-1] not in ".!?…":
        text += "."
    return text[:1].upper() + text[1:]


def sentences(text):
    """One idea a line.

    :param text: text of any number of sentences, or False
    :return: list of sentences
    """
    return [sentence(part) for part in SENTENCE_END.split(text or "") if part.strip()]


def unbroken(phone):
    """A number that stays on its line.

    :param phone: text
    :return: the same, its spaces unbreakable
    """
    return phone.strip().replace(" ", "\N{NO-BREAK SPACE}")
