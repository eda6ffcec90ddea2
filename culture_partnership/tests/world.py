"""A small world in which each model has a record at each distance.

For a user with one role in Agency North, `own` is the user's, `scope` is a
colleague's in the same agency, `other` another agency's, `elsewhere` another
company's. The rights table says which of them each role reaches.
"""

from odoo.fields import Command

from .common import CultureCase

PLACES = ("own", "scope", "other", "elsewhere")
REACHED = {
    "own": {"own"},
    "shared": {"own", "scope"},
    "scope": {"own", "scope"},
    "company": {"own", "scope", "other"},
    None: set(),
}
LISTS = (
    "culture.discipline",
    "culture.barrier",
    "culture.lever",
    "culture.access.need",
    "culture.reason",
    "culture.training.subject",
)


class WorldCase(CultureCase):
    """The users of :class:`CultureCase`, and the records around them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.local_administrator = cls._user(
            "test_local_administrator", "administrator", cls.north
        )
        cls.users = {
            "referent": cls.referent,
            "coordinator": cls.coordinator,
            "administrator": cls.local_administrator,
            "relay": cls.agent_relay,
        }
        cls.far_away, cls.elsewhere_user, person = cls._second_company()
        cls.people = {
            "own": cls._person("Own"),
            "scope": cls._person("Colleague's", cls.colleague_card),
            "other": cls._person("Far", cls.far_card),
            "elsewhere": person,
        }
        cls.outings = cls._world_outings()
        cls.records = {
            "culture.beneficiary": cls.people,
            "culture.household": cls._world_households(),
            "culture.access": {p: r.access_ids for p, r in cls.people.items()},
            "culture.outing": cls.outings,
            "culture.outing.quota": cls._world_quotas(),
            "culture.quota.review": cls._world_reviews(),
            "culture.convention": cls._world_conventions(),
            "culture.commitment": {},
            "culture.evaluation.due": {},
            "culture.referent": {
                "own": cls.referent_card,
                "scope": cls.colleague_card,
                "other": cls.far_card,
                "elsewhere": person.referent_id,
            },
            "culture.relay": cls._world_relays(),
        }
        cls.records["culture.referent.load"] = {
            place: cls.env["culture.referent.load"].search(
                [("referent_id", "=", card.id)], limit=1
            )
            for place, card in cls.records["culture.referent"].items()
        }
        cls.records["culture.training"] = cls._world_trainings()
        cls.records["culture.permanence"] = cls._world_permanences()
        cls.records["culture.visit"] = {
            place: permanence.visit_ids
            for place, permanence in cls.records["culture.permanence"].items()
        }
        for place, convention in cls.records["culture.convention"].items():
            cls.records["culture.commitment"][place] = convention.commitment_ids
            cls.records["culture.evaluation.due"][place] = convention.evaluation_ids
        handovers = cls._world_handovers()
        cls.records["culture.handover"] = handovers
        cls.records["culture.handover.line"] = {
            place: handover.line_ids for place, handover in handovers.items()
        }
        cls.records["culture.access.log"] = cls._world_access_log()
        lines = cls._world_registrations()
        cls.records["culture.registration"] = lines
        cls.records["culture.registration.log"] = {
            place: line.log_ids for place, line in lines.items()
        }
        cls.records["culture.reminder"] = cls._world_reminders()
        for model in ("culture.message", "culture.sending"):
            cls.records[model] = cls._world_settings(model)
        cls.records["culture.followup"] = cls._world_followups()
        for place, visit in cls.records["culture.visit"].items():
            visit.followup_id = cls.records["culture.followup"][place]
        cls.records["culture.accompaniment"] = cls._world_plans()
        cls.records["culture.goal"] = {
            place: plan.goal_ids
            for place, plan in cls.records["culture.accompaniment"].items()
        }
        cls.records["culture.beneficiary.barrier"] = cls._world_barriers()
        cls.records["culture.assessment"] = cls._world_assessments()
        cls.records["culture.semester"] = cls._world_semesters()
        cls.records["culture.bilan"] = cls._world_reports()
        for model in LISTS:
            cls.records[model] = cls._world_list(model)
        cls.env.flush_all()

    @classmethod
    def _world_households(cls):
        homes = {}
        for place, person in cls.people.items():
            homes[place] = cls.env["culture.household"].create(
                {
                    "name": f"Home {place}",
                    "structure_id": person.structure_id.id,
                    "company_id": person.company_id.id,
                    "beneficiary_ids": [Command.link(person.id)],
                }
            )
        return homes

    @classmethod
    def _world_outings(cls):
        outings = {
            "own": cls._outing(user_id=cls.referent.id),
            "scope": cls._outing(user_id=cls.colleague.id),
            "other": cls._outing(
                user_id=cls.far_referent.id, structure_id=cls.south.id
            ),
            "elsewhere": cls._outing(
                user_id=cls.elsewhere_user.id,
                structure_id=cls.far_away.partner_id.id,
                company_id=cls.far_away.id,
            ),
        }
        return outings

    @classmethod
    def _world_quotas(cls):
        """On each outing, for its own structure."""
        return {
            place: cls.env["culture.outing.quota"].create(
                {
                    "outing_id": outing.id,
                    "structure_id": outing.structure_id.id,
                    "seats": 2,
                }
            )
            for place, outing in cls.outings.items()
        }

    @classmethod
    def _world_reviews(cls):
        return {
            place: cls.env["culture.quota.review"].create(
                {
                    "structure_id": outing.structure_id.id,
                    "company_id": outing.company_id.id,
                    "season_start": "2026-09-01",
                }
            )
            for place, outing in cls.outings.items()
        }

    @classmethod
    def _world_registrations(cls):
        return {
            place: cls.env["culture.registration"].create(
                {"outing_id": cls.outings[place].id, "beneficiary_id": person.id}
            )
            for place, person in cls.people.items()
        }

    @classmethod
    def _world_reminders(cls):
        """Each of the registration there, still to be told."""
        return {
            place: cls.env["culture.reminder"].create(
                {
                    "registration_id": line.id,
                    "kind": "confirmation",
                    "outing_date": line.date_begin,
                    "due_date": line.date_begin,
                    "state": "to_tell",
                    "to_tell": True,
                    "beneficiary_id": line.beneficiary_id.id,
                    "outing_id": line.outing_id.id,
                    "structure_id": line.structure_id.id,
                    "company_id": line.company_id.id,
                }
            )
            for place, line in cls.records["culture.registration"].items()
        }

    @classmethod
    def _world_settings(cls, model):
        """Rows of the company, and one of the other company."""
        rows = cls.env[model].search([("company_id", "=", cls.company.id)])
        far = cls.env[model].search([("company_id", "=", cls.far_away.id)], limit=1)
        near = [rows[min(number, len(rows) - 1)] for number in range(3)]
        return dict(zip(PLACES, [*near, far], strict=True))

    @classmethod
    def _world_followups(cls):
        """Each noted by the person's referent, shared with the coordination."""
        return {
            place: cls.env["culture.followup"].create(
                {
                    "beneficiary_id": person.id,
                    "user_id": person.referent_id.user_id.id,
                    "shared": True,
                }
            )
            for place, person in cls.people.items()
        }

    @classmethod
    def _world_plans(cls):
        """Each with a goal."""
        return {
            place: cls.env["culture.accompaniment"].create(
                {
                    "beneficiary_id": person.id,
                    "words": f"Words {place}",
                    "goal_ids": [Command.create({"name": f"Goal {place}"})],
                }
            )
            for place, person in cls.people.items()
        }

    @classmethod
    def _world_barriers(cls):
        barriers = cls.env["culture.barrier"]
        return {
            place: cls.env["culture.beneficiary.barrier"].create(
                {
                    "beneficiary_id": person.id,
                    "barrier_id": barriers.search(
                        [("company_id", "=", person.company_id.id)], limit=1
                    ).id,
                }
            )
            for place, person in cls.people.items()
        }

    @classmethod
    def _world_assessments(cls):
        """Each entered by the person's referent."""
        return {
            place: cls.env["culture.assessment"].create(
                {
                    "beneficiary_id": person.id,
                    "view": "person",
                    "person_social": "2",
                    "user_id": person.referent_id.user_id.id,
                }
            )
            for place, person in cls.people.items()
        }

    @classmethod
    def _world_semesters(cls):
        """Each of the person's referent, about himself or herself."""
        return {
            place: cls.env["culture.semester"].create(
                {
                    "user_id": person.referent_id.user_id.id,
                    "structure_id": person.structure_id.id,
                    "company_id": person.company_id.id,
                    "date_start": cls.env["culture.semester"]._current(),
                    "moving": "2",
                }
            )
            for place, person in cls.people.items()
        }

    @classmethod
    def _world_handovers(cls):
        """From each person's referent to a colleague, out of the user's sight."""
        receivers = {
            "own": cls.colleague_card,
            "scope": cls.far_card,
            "other": cls.colleague_card,
            "elsewhere": cls.people["elsewhere"].referent_id,
        }
        return {
            place: cls.env["culture.handover"].create(
                {
                    "from_id": person.referent_id.id,
                    "to_id": receivers[place].id,
                    "structure_id": person.structure_id.id,
                    "company_id": person.company_id.id,
                    "line_ids": [Command.create({"beneficiary_id": person.id})],
                }
            )
            for place, person in cls.people.items()
        }

    @classmethod
    def _world_access_log(cls):
        log = cls.env["culture.access.log"]
        for person in cls.people.values():
            log.with_user(person.referent_id.user_id)._log(person)
        return {
            place: log.search([("beneficiary_id", "=", person.id)])
            for place, person in cls.people.items()
        }

    @classmethod
    def _world_conventions(cls):
        conventions = cls.env["culture.convention"].create(
            [
                {
                    "name": f"Convention {place}",
                    "partner_id": cls.association.id,
                    "commitment_ids": [
                        Command.create({"indicator": "offered", "target": 40})
                    ],
                    "evaluation_ids": [
                        Command.create({"name": place, "due_date": "2090-06-30"})
                    ],
                    "company_id": (
                        cls.far_away if place == "elsewhere" else cls.company
                    ).id,
                }
                for place in PLACES
            ]
        )
        return dict(zip(PLACES, conventions, strict=True))

    @classmethod
    def _world_relays(cls):
        own = cls._relay_card(user_id=cls.agent_relay.id)
        cls.outings["own"].escort_ids = own
        return {
            "own": own,
            "scope": cls._relay_card(),
            "other": cls._relay_card(cls.south),
            "elsewhere": cls._relay_card(
                cls.far_away.partner_id, company_id=cls.far_away.id
            ),
        }

    @classmethod
    def _world_trainings(cls):
        """Of referents; a relay's own is told apart in :meth:`at`."""
        subjects = {
            company: cls.env["culture.training.subject"].search(
                [("company_id", "=", company.id)], limit=1
            )
            for company in (cls.company, cls.far_away)
        }
        cards = cls.records["culture.referent"]
        return {
            place: cls.env["culture.training"].create(
                {
                    "referent_id": card.id,
                    "subject_id": subjects[card.company_id].id,
                    "date": "2026-01-15",
                    "state": "attended",
                }
            )
            for place, card in cards.items()
        }

    @classmethod
    def _world_permanences(cls):
        """Each hosted by an agent and a relay of that distance, with a named visit."""
        hosts = {
            "own": cls.referent,
            "scope": cls.colleague,
            "other": cls.far_referent,
            "elsewhere": cls.elsewhere_user,
        }
        permanences = {}
        for place, person in cls.people.items():
            permanences[place] = cls._permanence(
                user_ids=[Command.set(hosts[place].ids)],
                host_ids=[Command.set(cls.records["culture.relay"][place].ids)],
                structure_id=person.structure_id.id,
                company_id=person.company_id.id,
            )
            visit = cls._visit(permanences[place])
            visit.beneficiary_id = person
        return permanences

    @classmethod
    def _world_reports(cls):
        """Each published, of a structure at that distance; nothing is counted in it."""
        places = {
            "own": cls.north,
            "scope": cls.north,
            "other": cls.south,
            "elsewhere": cls.far_away.partner_id,
        }
        reports = cls.env["culture.bilan"].create(
            [
                {
                    "structure_id": structure.id,
                    "company_id": cls.people[place].company_id.id,
                    "date_start": "2001-09-01",
                    "date_end": "2002-08-31",
                }
                for place, structure in places.items()
            ]
        )
        reports.action_publish()
        return dict(zip(PLACES, reports, strict=True))

    @classmethod
    def _world_list(cls, model):
        rows = cls.env[model].search([("company_id", "=", cls.company.id)], limit=3)
        far = cls.env[model].search([("company_id", "=", cls.far_away.id)], limit=1)
        return dict(zip(PLACES, [*rows, far], strict=True))

    def at(self, model, role, place):
        """The record of a model at a distance of the role's user.

        Roles and their scopes are told from the user's own side, trainings by who
        follows them.
        """
        if model == "culture.training" and role == "relay":
            return self.records["culture.relay"][place].training_ids
        if model not in ("culture.role", "culture.scope"):
            return self.records[model][place]
        holder = {
            "own": self.users[role],
            "scope": self.colleague,
            "other": self.far_referent,
            "elsewhere": self.elsewhere_user,
        }[place]
        return self.env[model].search([("user_id", "=", holder.id)], limit=1)
