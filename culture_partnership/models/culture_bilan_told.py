from datetime import timedelta

from odoo import fields, models

from ..tools.masking import FEWEST_INSIDE, FEWEST_OUTSIDE, Earlier, Teller
from .culture_bilan_count import HELD, Base
from .culture_bilan_people import cell_of
from .culture_convention_figures import season_days
from .culture_portal_usage import step_days


class CultureBilan(models.Model):
    """What of the figures is told: docs/decisions/0008.

    Each figure is a part of one that is shown, down from the people reached: under one
    that is hidden, everything is. So what is hidden keeps as many possible values as
    its total leaves it.
    """

    _inherit = "culture.bilan"

    def _figures(self):
        """Count and mask.

        :return: dict to freeze: ``values``, numbers by key, None for what is hidden,
            the rest lists and dicts that name what the keys are about
        """
        self.ensure_one()
        self.env.flush_all()
        known = self._known_reports()
        bases = [self._base(), *(report._base() for report in known)]
        people = self._count_people(bases)
        teller = self._teller(known, bases, people)
        programme = self._count_programme(bases[0])
        actors = self._count_actors(bases[0])
        values = {
            key: programme[key] for key in ("outings", "cancelled", "offered")
        } | actors
        reached = cell_of("people", people, lambda traits, had, came: had)
        values["people"] = teller.one(reached)
        if values["people"] is not None:
            values |= self._tell_use(teller, reached, people, bases)
        figures = {
            "values": values,
            "until": str(min(self.date_end, self.company_id._culture_today())),
            "disciplines": programme["disciplines"],
            "districts": programme["districts"],
            "apart": self._is_apart(known, teller),
            "earlier": len(known),
        }
        if figures["apart"] and values["people"] is not None:
            values |= self._tell_traits(teller, people, values)
            figures["barriers"] = self._tell_barriers(teller, reached, bases, values)
            values |= self._tell_moves(teller, reached, bases)
        if not self.convention_id:
            figures["permanences"] = self._tell_permanences(teller, bases, values)
        figures["commitments"] = self._tell_commitments(values)
        return figures

    # ------------------------------------------------------- what is known already

    def _known_reports(self):
        """Reports whose readers know something of these people and this period.

        sudo: also of structures that the user's role does not cover, and withdrawn
        ones: what was read is known. Nothing of them is told but their effect.

        :return: ``culture.bilan`` as superuser
        """
        report = self.sudo()
        published = report.search(
            [
                ("company_id", "=", report.company_id.id),
                ("published_date", "!=", False),
                ("id", "not in", self.ids),
                ("date_start", "<=", report.date_end),
                ("date_end", ">=", report.date_start),
            ],
            order="id",
        )
        mine = {*self._base().structures}
        return published.filtered(
            lambda other: (
                not mine.isdisjoint(other._base().structures)
                and (
                    not report.convention_id
                    or not other.convention_id
                    or report.convention_id == other.convention_id
                )
            )
        )

    def _teller(self, known, bases, people):
        earlier = []
        for place, report in enumerate(known, 1):
            both = {self.audience, report.audience} == {"external"}
            fewest = FEWEST_OUTSIDE if both else FEWEST_INSIDE
            # on the same people: a former version, or the same for others
            same = all(had[0] == had[place] for __, had, __, __ in people)
            touched = same and self._count_touched(bases, report.published_date)
            values = report.figures["values"]
            earlier.append(Earlier(fewest, values, same, touched))
        return Teller(self.threshold, earlier)

    def _known_use(self):
        """What a partner manager has read on the portal's page of use, month by month.

        sudo: the partner's outings, to find the days on which its figures moved.

        :return: list of ``Base``, none for a report that no partner reads
        """
        report = self.sudo()
        partner = report.convention_id.partner_id
        if report.audience != "external" or not partner:
            return []
        structures = partner.with_context(active_test=False)
        providers = structures.search([("id", "child_of", partner.id)]).ids
        first = season_days(report.date_start)[0]
        last = season_days(report.date_end)[1] + timedelta(days=1)
        midnight = report.company_id._culture_midnight
        outings = report.env["culture.outing"].search(
            [
                ("provider_id", "in", providers),
                ("company_id", "=", report.company_id.id),
                ("state", "in", HELD),
                ("date_end", "<", min(midnight(last), fields.Datetime.now())),
                ("date_end", ">=", midnight(first)),
            ]
        )
        today = report.company_id._culture_today()
        return [
            Base(
                None,
                None,
                midnight(season_days(day)[0]),
                midnight(day + timedelta(days=1)),
                providers,
            )
            for day in step_days(outings, today)
        ]

    def _is_apart(self, known, teller):
        """Whether what changes with the period can be compared with the known reports.

        A person's plan or barrier is the same in two reports on the same months; on
        other months it may not be, and no difference could be judged.
        """
        return all(
            report.same
            or (other.date_start, other.date_end) == (self.date_start, self.date_end)
            for report, other in zip(teller.earlier, known, strict=True)
        )

    # --------------------------------------------------------------------- telling

    def _tell_use(self, teller, reached, people, bases):
        """The places, beside what the portal's page of use tells of them."""
        use = self._known_use()
        beside = [*teller.earlier, *(Earlier(FEWEST_OUTSIDE) for __ in use)]
        return self._tell_places(
            teller,
            Teller(self.threshold, beside),
            reached,
            people,
            self._count_places([*bases, *use]),
        )

    def _tell_places(self, teller, beside, reached, people, cells):
        """What became of the places, and who came.

        Places used are at least as many as the people who came: neither is shown
        without the other. What is left of the places given is shown in its parts, as
        one, or not at all.

        :param teller: of what concerns people
        :param beside: of places, which the page of use tells too
        """
        values = dict.fromkeys(
            ("reserved", "freed", "given", "used", "unused", "unrecorded", "came")
        )
        given, freed, used, unused, unrecorded, left = (
            cells[key]
            for key in ("given", "freed", "used", "unused", "unrecorded", "open")
        )
        if beside.one(given) is None:
            return values
        values["given"] = given.value
        if beside.may_tell([freed], [freed]):
            values["freed"] = freed.value
            values["reserved"] = given.value + freed.value
        came = cell_of("came", people, lambda traits, had, came: came)
        stayed = cell_of("stayed", people, lambda traits, had, came: had and not came)
        if teller.part(came, stayed, reached) is None:
            return values
        if not (beside.may_tell([used], [used]) and beside.may_tell([left], [left])):
            return values
        values["came"], values["used"] = came.value, used.value
        values["open"] = left.value
        # that all is recorded says nothing of anybody
        recorded = not any(unrecorded.pieces.values())
        if beside.may_tell([unused], [unused]) and (
            recorded or beside.may_tell([unrecorded], [unrecorded])
        ):
            values["unused"] = unused.value
            values["unrecorded"] = unrecorded.value
        return values

    def _tell_commitments(self, values):
        """What the convention aims at, beside the figure of this report: no new one.

        sudo: of the report's convention, targets only.

        :return: list of [indicator, target, key of the figure]
        """
        keys = {"people": "came", "relays": "trained"}
        return [
            [line.indicator, line.target, keys.get(line.indicator, line.indicator)]
            for line in self.sudo().convention_id.commitment_ids
        ]
