import re
from urllib.parse import urlencode

from odoo import api, models

from ..tools.day_words import day_in_words
from .culture_outing_entry import LEVELS

MAP = "https://www.openstreetmap.org/search?"


class CulturePortal(models.AbstractModel):
    """What portal pages show: plain values, never a record.

    Portal users have no right on any ``culture.*`` model. Each method here and in the
    models that inherit this one first establishes what the current user's roles open
    at this moment, then reads as superuser the values that it returns by name
    (docs/decisions/0005). All are private: nothing is reached over RPC.
    """

    _name = "culture.portal"
    _description = "Portal pages"

    # ---------------------------------------------------------------- who it is

    def _roles(self, code):
        """Role rows of the user in force now, as superuser.

        :param code: role
        :return: ``culture.role`` records
        """
        return self.env["culture.role"]._mine().filtered(lambda r: r.role == code)

    def _is_somebody(self):
        """Whether the user holds a role that has pages of the portal.

        :return: bool
        """
        return bool(
            self.env["culture.portal.relay"]._cards()
            or self.env["culture.portal.partner"]._mandates()
            or self.env["culture.portal.observer"]._mandates()
        )

    @api.model
    def _screens_of(self, user):
        """What a user's portal pages show now, for who administers the roles.

        Computed with that user's own roles by the pages' own methods; nothing is
        written, and no name is in it.

        :param user: ``res.users``
        :return: list of pairs (label, number of lines)
        """
        companies = user.sudo().company_ids.ids
        pages = self.with_user(user).with_context(
            lang=self.env.lang, allowed_company_ids=companies
        )
        return [
            *pages.env["culture.portal.relay"]._screens(),
            *pages.env["culture.portal.partner"]._screens(),
            *pages.env["culture.portal.observer"]._screens(),
        ]

    # ------------------------------------------------------------------- values

    def _layout(self):
        """What every page carries at its foot: the legal line on accessibility.

        :return: dict with ``accessibility`` (words) and ``accessibility_url``
        """
        settings = self.env["ir.config_parameter"].sudo()
        states = {
            "full": self.env._("Accessibility: fully compliant"),
            "partial": self.env._("Accessibility: partially compliant"),
        }
        state = settings.get_param("culture_partnership.accessibility_state")
        url = settings.get_param("culture_partnership.accessibility_url") or ""
        return {
            "accessibility": states.get(state)
            or self.env._("Accessibility: not compliant"),
            "accessibility_url": url if url.startswith(("https://", "/")) else "",
        }

    def _phone(self):
        """The number to call with a question: the company's, the same for everybody.

        :return: dict as :meth:`_tel`
        """
        return self._tell(self.env.company.sudo().phone)

    def _tell(self, phone):
        """A phone number to read and to call.

        :param phone: text, or False
        :return: dict with ``text``, ``href`` and ``call`` (the label of a button);
            ``href`` is empty without a number
        """
        digits = re.sub(r"[^\d+]", "", phone or "")
        return {
            "text": phone or "",
            "href": f"tel:{digits}" if digits else "",
            "call": self.env._("Call %(phone)s", phone=phone),
        }

    def _places(self, number):
        """A number of places.

        :return: "no place", "1 place" or "3 places", translated
        """
        if not number:
            return self.env._("no place")
        if number == 1:
            return self.env._("1 place")
        return self.env._("%(n)s places", n=number)

    def _day(self, day):
        """A date in full: "4 May 2027".

        :param day: date, or False
        :return: text
        """
        if not day:
            return ""
        return day_in_words(self.env, day, self.env._("d MMMM y"))

    def _training_lines(self, relay):
        """The trainings of a relay, but those that a newer one replaces.

        :param relay: ``culture.relay`` as superuser
        :return: list of sentences: a subject, and until when it holds
        """
        followed = relay.training_ids.filtered(lambda t: t.state != "missed")
        kept = followed - followed._replaced_by(followed)
        return [line for line in map(self._training_line, kept) if line]

    def _training_line(self, training):
        today = training.company_id._culture_today()
        subject, day = training.subject_id.name, self._day(training.valid_until)
        if training.state == "planned":
            if training.date < today:
                return ""
            day = self._day(training.date)
            return self.env._(
                "%(subject)s: planned on %(day)s", subject=subject, day=day
            )
        if not day:
            return subject
        if training.valid_until < today:
            return self.env._(
                "%(subject)s: over since %(day)s", subject=subject, day=day
            )
        return self.env._("%(subject)s: valid until %(day)s", subject=subject, day=day)

    def _place(self, venue):
        """Where an outing is, and a link to a map that the reader opens or not.

        :param venue: ``res.partner`` as superuser, possibly empty
        :return: dict with ``name``, ``address``, ``map``
        """
        town = " ".join(filter(None, (venue.zip, venue.city)))
        address = ", ".join(filter(None, (venue.street, venue.street2, town)))
        query = urlencode({"query": ", ".join(filter(None, (venue.street, town)))})
        return {
            "name": venue.name or "",
            "address": address,
            "map": MAP + query if address else "",
        }

    def _words_of_level(self, level):
        """What a convention lets people see, in words.

        :param level: one of :data:`LEVELS`
        :return: text
        """
        words = (
            self.env._("A number, no name."),
            self.env._("The first name, of the people who agree to it."),
            self.env._("First and last name, of the people who agree to it."),
        )
        return dict(zip(LEVELS, words, strict=True))[level]

    def _state_label(self, outing):
        labels = dict(outing._fields["state"]._description_selection(self.env))
        return labels[outing.state]
