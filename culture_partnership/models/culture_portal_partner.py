from collections import namedtuple

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .culture_portal_usage import usage

Mandate = namedtuple("Mandate", "company organisation structures convention")
"""What a role row opens: an organisation, those under it, its convention today."""

PAST_SHOWN = 10


class CulturePortalPartner(models.AbstractModel):
    """The pages of who manages a partner organisation: never a person's name."""

    _name = "culture.portal.partner"
    _inherit = ["culture.portal"]
    _description = "Portal pages of a partner manager"

    _role = "partner_manager"

    # -------------------------------------------------------------------- scope

    def _mandates(self):
        """What the user's roles open today: without convention in force, nothing.

        :return: list of :class:`Mandate`, their records as superuser
        """
        mandates = []
        for role in self._roles(self._role):
            conventions = self.env["culture.convention"]._of_partner(
                role.partner_id, role.company_id
            )
            conventions = conventions.filtered(lambda c: c._in_force())
            if conventions:
                mandates.append(
                    Mandate(
                        role.company_id,
                        role.partner_id,
                        role.scope_ids.structure_id,
                        conventions[0],
                    )
                )
        return mandates

    def _outings_domain(self, mandates):
        """Outings whose places these organisations give: drafts only if proposed."""
        given = Domain.OR(
            Domain("provider_id", "in", mandate.structures.ids)
            & Domain("company_id", "=", mandate.company.id)
            for mandate in mandates
        )
        shown = Domain("state", "!=", "draft") | Domain("proposed_by_id", "!=", False)
        return given & shown

    def _outings(self):
        outings = self.env["culture.outing"].sudo()
        return outings.search(self._outings_domain(self._mandates()))

    def _outing(self, outing_id):
        """One of them; empty for one that is absent, of others, or closed to the user.

        :return: ``culture.outing``, as superuser
        """
        return self._outings().filtered(lambda outing: outing.id == outing_id)

    # -------------------------------------------------------------------- pages

    def _home(self):
        """The first page.

        :return: dict with lists of cards ``coming``, ``proposals`` and ``past``,
            ``renewals`` (relays whose training ends), ``convention``, ``phone``; None
            for who manages nothing now
        """
        mandates = self._mandates()
        if not mandates:
            return None
        now = fields.Datetime.now()
        outings = self._outings()
        proposals = outings.filtered(lambda o: o.state == "draft")
        coming = (outings - proposals).filtered(lambda o: o.date_end > now)
        past = (outings - proposals - coming).sorted("date_end", reverse=True)
        relays = [relay for relay in self._relays()["relays"] if relay["renew"]]
        return {
            "organisations": [m.organisation.name for m in mandates],
            "coming": [self._card(outing) for outing in coming],
            "proposals": [self._card(outing) for outing in proposals],
            "past": [self._card(outing) for outing in past[:PAST_SHOWN]],
            "renewals": relays,
            "conventions": self._conventions(),
            "phone": self._phone(),
        }

    def _card(self, outing):
        """An outing in a list. How many places are left is shown while it is to come:
        that is what can be taken back, no statistic."""
        free = self._can_take_back(outing) and outing.seats_free
        return {
            "id": outing.id,
            "name": outing.name,
            "when": outing._long_when(),
            "venue": outing.venue_id.name or outing.proposed_venue or "",
            "draft": outing.state == "draft",
            "cancelled": outing.state == "cancelled",
            "published": outing.state in ("published", "closed"),
            "state": self._state_label(outing),
            "seats": outing.seats_max,
            "free": free or 0,
            "free_label": self._free_label(free or 0),
            "open": self._can_take_back(outing),
        }

    def _free_label(self, free):
        if not free:
            return self.env._("No place left to take back.")
        if free == 1:
            return self.env._("You can take back 1 place.")
        return self.env._("You can take back up to %(n)s places.", n=free)

    def _can_take_back(self, outing):
        return outing.state in ("published", "closed") and not outing.has_started

    def _page(self, outing_id):
        """The page of one outing of the organisation.

        :param outing_id: id, any number
        :return: dict of plain values, None for what is not open
        """
        outing = self._outing(outing_id)
        if not outing:
            return None
        return {
            **self._card(outing),
            "place": self._place(outing.venue_id),
            "phone": self._phone(),
        }

    def _take_back(self, outing_id, seats, seen):
        """Take unused places back, before the outing starts.

        sudo: scoped to the organisation's own outings, one column moves, by the
        outing's own statement.

        :param outing_id: id, any number
        :param seats: how many, as typed
        :param seen: places in all that the page showed
        :return: "" when done, a sentence when not, None for what is not open
        """
        outing = self._outing(outing_id)
        if not outing:
            return None
        if not self._can_take_back(outing):
            return self.env._("Places are taken back before the outing starts.")
        seats = whole_number(seats)
        if not seats:
            return self.env._("Say how many places, as a whole number.")
        try:
            outing._at_once(lambda: outing._take_back_seats(seats, whole_number(seen)))
        except UserError as error:
            return str(error)
        return ""

    def _relays(self):
        """Relays of the organisation and how long they may escort.

        :return: dict with ``relays``: list of dicts ``name``, ``training`` (a
            sentence), ``renew``, ``lines`` (``culture.portal._training_lines``)
        """
        relays = self.env["culture.relay"].sudo()
        found = relays.search(
            Domain.OR(
                Domain("structure_id", "in", mandate.structures.ids)
                & Domain("company_id", "=", mandate.company.id)
                for mandate in self._mandates()
            )
        )
        return {
            "relays": [
                {
                    "name": relay.name,
                    "training": self._training(relay),
                    "renew": relay.training_status != "valid",
                    "lines": self._training_lines(relay),
                }
                for relay in found
            ],
            "phone": self._phone(),
        }

    def _training(self, relay):
        day = self._day(relay.trained_until)
        if relay.training_status == "valid":
            return self.env._("Training valid until %(day)s", day=day)
        if relay.training_status == "expiring":
            return self.env._("To renew: training valid until %(day)s", day=day)
        if day:
            return self.env._("To follow again: training over since %(day)s", day=day)
        return self.env._("Training to follow")

    def _conventions(self):
        """The organisation's conventions in force, in words.

        :return: list of dicts of plain values
        """
        return [
            {
                "organisation": mandate.organisation.name,
                "name": mandate.convention.name,
                "signed": self._day(mandate.convention.date_signature),
                "dates": self.env._(
                    "From %(first)s to %(last)s",
                    first=self._day(mandate.convention.date_start),
                    last=self._day(mandate.convention.date_end),
                ),
                "seats": mandate.convention.seat_quota,
                "level": self._words_of_level(mandate.convention.identity_level),
                "needs": mandate.convention.share_access_needs,
                "contact": mandate.convention.project_referent_id.name or "",
                "phone": self._tell(
                    mandate.convention.project_referent_id.phone
                    or mandate.company.phone
                ),
            }
            for mandate in self._mandates()
        ]

    def _use(self):
        """How the places given were used, by season, masked where few people are.

        :return: list of dicts with ``title`` and ``rows`` (pairs of label and figure,
            None for a masked one)
        """
        seasons = []
        for mandate in self._mandates():
            outings = self.env["culture.outing"].sudo()
            outings = outings.search(
                [
                    *self._outings_domain([mandate]),
                    ("state", "in", ("published", "closed", "done")),
                    ("date_end", "<", fields.Datetime.now()),
                ]
            )
            for season in usage(outings, mandate.company._culture_today()):
                seasons.append(self._season(mandate, season))
        return seasons

    def _season(self, mandate, season):
        title = self.env._(
            "%(organisation)s, season %(first)s-%(last)s",
            organisation=mandate.organisation.name,
            first=season["first"],
            last=season["last"],
        )
        labels = {
            "given": self.env._("Places attributed"),
            "used": self.env._("Places used"),
        }
        rows = [(self.env._("Places offered"), season["offered"])]
        for name, label in labels.items():
            until = season[f"{name}_until"]
            if until:
                label = self.env._(
                    "%(label)s, until %(day)s", label=label, day=self._day(until)
                )
            rows.append((label, season[name]))
        return {"title": title, "rows": rows}

    def _screens(self):
        """See ``culture.portal._screens_of``.

        :return: list of pairs (label, number)
        """
        if not self._mandates():
            return []
        return [
            (self.env._("Outings of the organisation"), len(self._outings())),
            (self.env._("Relays of the organisation"), len(self._relays()["relays"])),
            (self.env._("Conventions in force"), len(self._conventions())),
            (
                self.env._("Reports"),
                len(self.env["culture.portal.report"]._reports()),
            ),
        ]


class CulturePortalObserver(models.AbstractModel):
    """The page of who observes: published reports."""

    _name = "culture.portal.observer"
    _inherit = ["culture.portal.partner"]
    _description = "Portal pages of an observer"

    _role = "observer"

    def _home(self):
        """Whether there is a first page: the reports.

        :return: dict with ``phone``; None for who observes nothing now
        """
        return {"phone": self._phone()} if self._mandates() else None


def whole_number(value, most=100_000):
    """A number of places as typed in a form.

    :param value: text
    :return: int, 0 for what is no whole number from 1 to `most`
    """
    text = (value or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        return 0
    return int(text) if 1 <= int(text) <= most else 0
