from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.texts import key, one_line
from .culture_portal_partner import whole_number

FARTHEST = timedelta(days=730)
LONGEST_TITLE = 120
LONGEST_VENUE = 200
MOST_SEATS = 1000
MOST_PENDING = 50

FIELDS = (
    "organisation",
    "name",
    "venue",
    "day",
    "hour",
    "seats",
    "deadline_day",
    "deadline_hour",
    "access_mode",
    "discipline",
)
"""What the form asks, in its order. Nothing else of a request is read."""


class CulturePortalPartner(models.AbstractModel):
    """Propose an outing, and change the proposal until it is published."""

    _inherit = "culture.portal.partner"

    # --------------------------------------------------------------------- form

    def _form(self, outing_id=None, typed=None):
        """The form, empty, of a proposal, or as it was typed.

        :param outing_id: id of a proposal to change, any number
        :param typed: dict of texts to show again
        :return: dict with ``id`` (0 for a new one), ``title``, ``values``, ``labels``
            (texts by name), ``fields`` (how each is asked); None for what is not
            open, or not a draft any more
        """
        mandates = self._mandates()
        outing = self._draft(outing_id) if outing_id else None
        if not mandates or (outing_id and not outing):
            return None
        values = dict.fromkeys(FIELDS, "")
        values["organisation"] = str(mandates[0].organisation.id)
        values["access_mode"] = "guest_list"
        if outing:
            values.update(self._values_of(outing))
        if typed is not None:
            values.update({name: typed.get(name) or "" for name in FIELDS})
        return {
            "id": outing.id if outing else 0,
            "title": self.env._("Change the proposal")
            if outing
            else self.env._("Propose an outing"),
            "values": values,
            "labels": self._labels(),
            "fields": self._form_fields(mandates, outing),
            "only_organisation": bool(outing) or len(mandates) == 1,
            "phone": self._phone(),
        }

    def _labels(self):
        return {
            "organisation": self.env._("Organisation"),
            "name": self.env._("Title of the outing"),
            "venue": self.env._("Venue: name and address"),
            "day": self.env._("Day"),
            "hour": self.env._("Hour"),
            "seats": self.env._("Number of places"),
            "deadline_day": self.env._("Warn before: day"),
            "deadline_hour": self.env._("Warn before: hour"),
            "access_mode": self.env._("How one gets in"),
            "discipline": self.env._("Discipline"),
        }

    def _form_fields(self, mandates, outing):
        """How each field is asked; the organisation only where there is a choice."""
        modes = self.env["culture.outing"]._fields["access_mode"]
        asked = [
            {"name": "name", "type": "text", "most": LONGEST_TITLE},
            {"name": "venue", "type": "text", "most": LONGEST_VENUE},
            {"name": "day", "type": "date"},
            {"name": "hour", "type": "time"},
            {"name": "seats", "type": "number", "most": MOST_SEATS},
            {
                "name": "deadline_day",
                "type": "date",
                "optional": True,
                "help": self.env._(
                    "After it, a freed place serves nobody. Empty: the day before, "
                    "at noon."
                ),
            },
            {"name": "deadline_hour", "type": "time", "optional": True},
            {"name": "access_mode", "choices": modes._description_selection(self.env)},
            {
                "name": "discipline",
                "choices": [(str(d.id), d.name) for d in self._disciplines(mandates)],
                "optional": True,
            },
        ]
        if not outing and len(mandates) > 1:
            choices = [(str(m.organisation.id), m.organisation.name) for m in mandates]
            asked.insert(0, {"name": "organisation", "choices": choices})
        return asked

    def _draft(self, outing_id):
        outing = self._outing(outing_id)
        return outing.filtered(lambda o: o.state == "draft")

    def _disciplines(self, mandates):
        companies = {mandate.company.id for mandate in mandates}
        disciplines = self.env["culture.discipline"].sudo()
        return disciplines.search([("company_id", "in", list(companies))])

    def _values_of(self, outing):
        values = {
            "organisation": str(outing.provider_id.id),
            "name": outing.name,
            "venue": outing.venue_id.name or outing.proposed_venue or "",
            "seats": str(outing.seats_max),
            "access_mode": outing.access_mode,
            "discipline": str(outing.discipline_id.id or ""),
        }
        for moment, day, hour in (
            (outing.date_begin, "day", "hour"),
            (outing.cancel_deadline, "deadline_day", "deadline_hour"),
        ):
            if moment:
                local = outing._local(moment)
                values[day] = local.strftime("%Y-%m-%d")
                values[hour] = local.strftime("%H:%M")
        return values

    # --------------------------------------------------------------------- acts

    def _propose(self, typed):
        """Make a draft of what was typed.

        sudo: a partner has no right on outings. The organisation is one of the
        user's, the convention the one in force, and only the fields of
        :data:`FIELDS` come from the request. The same proposal twice is one.

        :param typed: dict of texts
        :return: (id, {}) when done, (0, errors by field) when not; (0, None) for who
            manages nothing now
        """
        mandates = self._mandates()
        if not mandates:
            return 0, None
        vals, errors = self._read(typed, mandates)
        if errors:
            return 0, errors
        outings = self.env["culture.outing"].sudo()
        pending = outings.search(
            [
                ("provider_id", "=", vals["provider_id"]),
                ("company_id", "=", vals["company_id"]),
                ("proposed_by_id", "!=", False),
                ("state", "=", "draft"),
            ]
        )
        same = pending.filtered(
            lambda o: (
                key(o.name) == key(vals["name"]) and o.date_begin == vals["date_begin"]
            )
        )
        if same:
            return same[0].id, {}
        if len(pending) >= MOST_PENDING:
            return 0, {
                "name": self.env._(
                    "%(count)s proposals wait already: please call before the next.",
                    count=len(pending),
                )
            }
        return self._write_draft(
            lambda: outings.with_context(
                mail_create_nosubscribe=True,
                mail_auto_subscribe_no_notify=True,
            ).create({**vals, "proposed_by_id": self.env.uid})
        )

    def _change(self, outing_id, typed):
        """Change a proposal that is not published yet.

        :param outing_id: id, any number
        :param typed: dict of texts
        :return: as :meth:`_propose`
        """
        outing = self._draft(outing_id)
        if not outing:
            return 0, None
        vals, errors = self._read(typed, self._mandates(), outing)
        if errors:
            return 0, errors
        if vals["date_begin"] == outing.date_begin:
            del vals["date_end"]  # the coordination may have set it meanwhile
        return self._write_draft(lambda: outing.write(vals) and outing)

    def _write_draft(self, act):
        """What the outing's own checks say stands at the top of the form."""
        try:
            with self.env.cr.savepoint():
                return act().id, {}
        except UserError as error:
            return 0, {"day": str(error)}

    # ------------------------------------------------------------------ reading

    def _read(self, typed, mandates, outing=None):
        """Read the form: each error beside its field, all at once.

        :return: (values of ``culture.outing``, errors by name of field)
        """
        errors = {}
        typed = {name: one_line(typed.get(name)) for name in FIELDS}
        mandate = self._read_organisation(typed, mandates, errors)
        vals = {
            "name": self._read_text(typed, "name", LONGEST_TITLE, errors),
            "access_mode": self._read_mode(typed, errors),
            "discipline_id": self._read_discipline(typed, mandate, errors),
            "seats_max": self._read_seats(typed, errors),
        }
        venue = self._read_text(typed, "venue", LONGEST_VENUE, errors)
        vals["venue_id"] = self._known_venue(venue, mandate)
        vals["proposed_venue"] = not vals["venue_id"] and venue
        vals.update(self._read_dates(typed, mandate, errors))
        if outing:
            return vals, errors
        organisation, convention = mandate.organisation, mandate.convention
        return {
            **vals,
            "provider_id": organisation.id,
            "company_id": mandate.company.id,
            "structure_id": mandate.company.partner_id.id,
            "convention_id": convention.id,
            "user_id": convention.project_referent_id.id,
        }, errors

    def _read_organisation(self, typed, mandates, errors):
        for mandate in mandates:
            if typed["organisation"] in ("", str(mandate.organisation.id)):
                return mandate
        errors["organisation"] = self.env._("Choose one of your organisations.")
        return mandates[0]

    def _read_text(self, typed, name, most, errors):
        text = typed[name]
        if not text.strip("= "):
            errors[name] = self.env._("Please fill this in.")
        elif len(text) > most:
            errors[name] = self.env._(
                "%(length)s characters: at most %(most)s.",
                length=len(text),
                most=most,
            )
        return text

    def _read_mode(self, typed, errors):
        modes = dict(self.env["culture.outing"]._fields["access_mode"].selection)
        if typed["access_mode"] not in modes:
            errors["access_mode"] = self.env._("Choose one of the list.")
        return typed["access_mode"]

    def _read_discipline(self, typed, mandate, errors):
        if not typed["discipline"]:
            return False
        allowed = {str(d.id): d.id for d in self._disciplines([mandate])}
        if typed["discipline"] not in allowed:
            errors["discipline"] = self.env._("Choose one of the list.")
        return allowed.get(typed["discipline"], False)

    def _read_seats(self, typed, errors):
        seats = whole_number(typed["seats"], MOST_SEATS)
        if not seats:
            errors["seats"] = self.env._(
                "Places: a whole number, from 1 to %(most)s.", most=MOST_SEATS
            )
        return seats

    def _known_venue(self, name, mandate):
        """A venue that this CCAS goes to already, when it is called so.

        :return: id of ``res.partner``, False for another: the coordination chooses
        """
        venues = (
            self.env["culture.outing"]
            .sudo()
            ._read_group(
                [("company_id", "=", mandate.company.id), ("venue_id", "!=", False)],
                ["venue_id"],
            )
        )
        wanted = key(name)
        same = [venue for (venue,) in venues if wanted and key(venue.name) == wanted]
        return same[0].id if len(same) == 1 else False

    def _read_dates(self, typed, mandate, errors):
        begin = self._read_moment(typed, "day", "hour", mandate, errors)
        vals = {"date_mode": "fixed", "date_begin": begin}
        if begin:
            now = fields.Datetime.now()
            convention = mandate.convention
            day = datetime.strptime(typed["day"], "%Y-%m-%d").date()
            if begin <= now:
                errors["day"] = self.env._("This date is past: choose one to come.")
            elif begin > now + FARTHEST:
                errors["day"] = self.env._("This is more than two years ahead.")
            elif not convention._held(day, now):
                errors["day"] = self.env._(
                    "Your convention runs from %(first)s to %(last)s: choose a date "
                    "within it.",
                    first=self._day(convention.date_start),
                    last=self._day(convention.date_end),
                )
        if typed["deadline_day"] or typed["deadline_hour"]:
            limit = self._read_moment(
                typed, "deadline_day", "deadline_hour", mandate, errors
            )
            vals["cancel_deadline"] = limit
            if limit and begin and limit > begin:
                errors["deadline_day"] = self.env._(
                    "Warn before: a date before the outing."
                )
        vals["date_end"] = begin and begin + timedelta(hours=3)
        return vals

    def _read_moment(self, typed, day, hour, mandate, errors):
        """A day and an hour as browsers send them, in the company's time zone.

        :return: naive UTC datetime, False with an error noted
        """
        date = at = None
        try:
            date = datetime.strptime(typed[day], "%Y-%m-%d").date()
        except ValueError:
            errors[day] = self.env._("Give a day, as 2027-03-12.")
        try:
            at = datetime.strptime(typed[hour][:5], "%H:%M").time()
        except ValueError:
            errors[hour] = self.env._("Give an hour, as 20:30.")
        if date and not 2000 <= date.year <= 2100:
            errors[day] = self.env._("%(year)s: check the year.", year=date.year)
        if errors.keys() & {day, hour}:
            return False
        zone = mandate.company._culture_zone()
        local = zone.localize(datetime.combine(date, time(at.hour, at.minute)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)
