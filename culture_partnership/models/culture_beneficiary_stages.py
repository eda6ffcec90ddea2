import json
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .culture_beneficiary_milestones import STEPS_TO_AUTONOMY

STARTING = ("orientation", "first_contact")
AWAY = ("paused", "left")
FURTHEST = ("autonomous", "accompanied", "first_contact")
ENOUGH_STEPS = 2
"""Milestones from which on autonomy is proposed."""


class StageEvent(NamedTuple):
    """Something that happened and speaks for another stage."""

    stages: tuple
    """From which stages."""
    stage: str
    """To which."""
    token: str
    """What tells it from any other event of the person: answered once for all."""
    words: str
    """The event, in words for who reads the file."""


class CultureBeneficiary(models.Model):
    """The stage moves by what happens: proposed, never by itself.

    An event is answered once, by taking the stage or by "not now".
    """

    _inherit = "culture.beneficiary"

    stage_since = fields.Datetime(
        default=fields.Datetime.now,
        copy=False,
        export_string_translation=False,
        groups=fields.NO_ACCESS,
    )
    # the last one in which the person was neither paused nor gone
    former_stage = fields.Char(
        copy=False, export_string_translation=False, groups=fields.NO_ACCESS
    )
    # tokens of the events of which a stage was proposed, and taken or left
    stage_answers = fields.Char(
        copy=False, export_string_translation=False, groups=fields.NO_ACCESS
    )
    stage_proposal = fields.Char(
        string="Stage proposed", compute="_compute_stage_proposal"
    )
    has_stage_proposal = fields.Boolean(
        string="Stage to propose",
        compute="_compute_stage_proposal",
        search="_search_has_stage_proposal",
    )

    # ---------------------------------------------------------------- proposal

    @api.depends(
        "stage",
        "followup_ids",
        "registration_ids.state",
        "registration_ids.cancelled_by",
        "registration_ids.proposed_by_person",
    )
    @api.depends_context("lang", "uid")
    def _compute_stage_proposal(self):
        proposals = self._stage_proposals()
        names = dict(self._fields["stage"]._description_selection(self.env))
        for person in self:
            events = proposals.get(person._origin.id, ())
            person.has_stage_proposal = bool(events)
            person.stage_proposal = bool(events) and self.env._(
                "Stage proposed: %(stage)s. %(why)s",
                stage=names[events[0].stage],
                why=" ".join(event.words for event in events),
            )

    def _search_has_stage_proposal(self, operator, value):
        """Asked of those whom the user reads, and who may still go further."""
        if operator != "in":
            return NotImplemented
        moving = self.search([("stage", "in", (*STARTING, "accompanied", "paused"))])
        return Domain("id", "in", list(moving._stage_proposals()))

    def _stage_proposals(self):
        """What speaks for the furthest stage, where something of it is unanswered.

        sudo: the answers, a column without access, of persons who may be read.

        :return: dict of lists of :class:`StageEvent`, all for one stage, by id
        """
        readable = self._origin._filtered_access("read")
        events, proposals = readable._stage_events(), {}
        for person in readable.sudo():
            answered = set((person.stage_answers or "").split())
            possible = [
                e for e in events.get(person.id, ()) if person.stage in e.stages
            ]
            for stage in FURTHEST:
                speaking = [event for event in possible if event.stage == stage]
                if {event.token for event in speaking} - answered:
                    proposals[person.id] = speaking
                    break
        return proposals

    def _stage_events(self):
        """What happened to these persons, whom the user may read.

        A model that knows of another event extends this method and adds to its lists.

        :return: dict of lists of :class:`StageEvent` by id
        """
        milestones, events = self._milestones(), {}
        for name in ("culture.followup", "culture.registration", self._name):
            self.env[name].flush_model()
        zones = {
            str(company.id): company._culture_zone().zone for company in self.company_id
        }
        query = SQL(CONTACTS, people=self.ids, zones=json.dumps(zones))
        for row in self.env.execute_query_dict(query):
            events[row["id"]] = [
                *self._contact_events(row),
                *self._outing_events(milestones.get(row["id"], {})),
            ]
        return events

    def _contact_events(self, row):
        """Follow-ups and registrations, before anything was attended or after a pause.

        :param row: dict of a line of :data:`CONTACTS`
        :return: list of :class:`StageEvent`
        """
        env, found = self.env, []
        begins = ("orientation",), "first_contact"
        again = ("paused",), "accompanied"
        if row["followup"]:
            words = env._("A first follow-up is noted.")
            found.append(StageEvent(*begins, "followup", words))
        if row["registration"]:
            words = env._("A first registration is made.")
            found.append(StageEvent(*begins, "registration", words))
        if row["new_followup"]:
            token = f"followup:{row['new_followup']}"
            found.append(StageEvent(*again, token, env._("A follow-up is noted.")))
        if row["new_registration"]:
            token = f"registration:{row['new_registration']}"
            words = env._("A registration is made.")
            found.append(StageEvent(*again, token, words))
        return found

    def _outing_events(self, milestones):
        """Outings attended, and the milestones that speak for autonomy.

        :param milestones: dict by kind, of one person
        :return: list of :class:`StageEvent`
        """
        found = []
        if "outing" in milestones:
            words = self.env._("First outings done.")
            found.append(StageEvent(STARTING, "accompanied", "outing", words))
        reached = [kind for kind in STEPS_TO_AUTONOMY if kind in milestones]
        if len(reached) >= ENOUGH_STEPS:
            words = self.env["culture.timeline.milestone"]._words()
            found += [
                StageEvent(
                    ("accompanied",),
                    "autonomous",
                    kind,
                    self.env._(
                        "%(what)s.", what=words[kind][:1].upper() + words[kind][1:]
                    ),
                )
                for kind in reached
            ]
        return found

    # ------------------------------------------------------------------ actions

    def action_take_stage(self):
        """Move these persons to the stage proposed; where there is none, nothing."""
        self._answer_stage(take=True)

    def action_leave_stage(self):
        """Not now: what speaks for the stage does not propose it again."""
        self._answer_stage(take=False)

    def _answer_stage(self, take):
        """sudo: the answers only, of persons whom the user may change."""
        self.check_access("write")
        for id_, events in self._stage_proposals().items():
            person = self.browse(id_)
            if take:
                person.write({"stage": events[0].stage})
            answers = (person.sudo().stage_answers or "").split()
            answers += [e.token for e in events if e.token not in answers]
            person.sudo().stage_answers = " ".join(answers)
        self.invalidate_recordset(["stage_proposal", "has_stage_proposal"])

    def action_resume(self):
        """Take up the accompaniment again, where it had got to.

        Who paused before any outing is at the first contact again, and at no less: one
        has spoken.
        """
        self.check_access("write")
        happened = self._stage_events()
        for person in self:
            # sudo: the stage left, of a person whom the user may change
            early = person.sudo().former_stage in STARTING and not any(
                event.stage == "accompanied" and event.stages == STARTING
                for event in happened[person.id]
            )
            person.write({"stage": "first_contact" if early else "accompanied"})

    def write(self, vals):
        former = {}
        if vals.get("stage"):
            moving = self.filtered(lambda person: person.stage != vals["stage"])
            former = moving.grouped("stage")
        result = super().write(vals)
        for stage, people in former.items():
            moved = {"stage_since": fields.Datetime.now()}
            if stage not in AWAY:
                moved["former_stage"] = stage
            # sudo: two columns that have no access, of persons just written
            people.sudo().write(moved)
        return result


CONTACTS = """
    SELECT person.id,
           EXISTS (SELECT FROM culture_followup followup
                    WHERE followup.beneficiary_id = person.id) AS followup,
           EXISTS (SELECT FROM culture_registration line
                    WHERE line.beneficiary_id = person.id
                      AND line.state <> 'cancelled') AS registration,
           (SELECT max(followup.id)
              FROM culture_followup followup
             WHERE followup.beneficiary_id = person.id
               AND followup.date > person.stage_day) AS new_followup,
           (SELECT max(line.id)
              FROM culture_registration line
             WHERE line.beneficiary_id = person.id
               AND line.state <> 'cancelled'
               AND (line.attended_date > person.stage_day
                    OR EXISTS (SELECT FROM culture_registration_log log
                                WHERE log.registration_id = line.id
                                  AND log.state_from IS NULL
                                  AND log.date > person.stage_since))
           ) AS new_registration
      FROM (SELECT id, stage_since,
                   (stage_since AT TIME ZONE 'UTC' AT TIME ZONE
                    (%(zones)s::jsonb ->> company_id::text))::date AS stage_day
              FROM culture_beneficiary
             WHERE id = ANY(%(people)s)) person
"""
"""What there is of each person, and the latest after the day of the present stage: who
pauses in an interview is not asked back by the note on it."""
