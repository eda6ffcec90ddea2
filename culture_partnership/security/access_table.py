"""The table of rights: model x role x operation x whose records.

The one place where rights are stated. The access lines and record rules carry it
out (``ir.model.access.csv``, ``culture_partnership_rules.xml``), the tests walk it
over every model of the addon, and the screens read its summaries to users.

Operations: ``c`` create, ``r`` read, ``u`` update, ``d`` delete. Whose records:

- ``own``: of persons whom the user follows (a ``culture.access`` row in force, and a
  role in force where the person is followed), or of the user himself or herself; of
  permanences, those that the user hosts or has created;
- ``shared``: of the structures that the user's role covers, what its author shared,
  or published;
- ``scope``: of the structures that the user's role covers;
- ``company``: of the companies in which the user holds the role.

What is not written here is forbidden.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

READ_LISTS = {
    "referent": {"r": "company"},
    "coordinator": {"r": "company"},
    "administrator": {"c": "company", "r": "company", "u": "company", "d": "company"},
    "relay": {"r": "company"},
}

CONVENTIONS = {
    "referent": {"r": "company"},
    "coordinator": {"c": "company", "r": "company", "u": "company"},
    "administrator": {"c": "company", "r": "company", "u": "company", "d": "company"},
}

SENDING = {
    "referent": {"r": "company"},
    "coordinator": {"r": "company"},
    "administrator": {"r": "company", "u": "company"},
}

PLANS = {
    "referent": {"c": "own", "r": "own", "u": "own"},
    "coordinator": {"r": "scope"},
}

ACCESS = {
    "culture.beneficiary": {
        "referent": {"c": "own", "r": "own", "u": "own"},
        "coordinator": {"c": "scope", "r": "scope", "u": "scope"},
    },
    "culture.household": {
        "referent": {"c": "scope", "r": "own", "u": "own"},
        "coordinator": {"c": "scope", "r": "scope", "u": "scope"},
    },
    "culture.access": {
        "referent": {"r": "own"},
        "coordinator": {"r": "scope"},
    },
    "culture.access.log": {
        "referent": {"r": "own"},
        "coordinator": {"r": "scope"},
        "administrator": {"r": "company"},
    },
    "culture.handover": {
        "referent": {"r": "own"},
        "coordinator": {"r": "scope"},
    },
    "culture.handover.line": {
        "referent": {"r": "own"},
        "coordinator": {"r": "scope"},
    },
    "culture.registration": {
        "referent": {"c": "own", "r": "own", "u": "own"},
        "coordinator": {"c": "scope", "r": "scope", "u": "scope"},
    },
    "culture.registration.log": {
        "referent": {"r": "own"},
        "coordinator": {"r": "scope"},
    },
    "culture.reminder": {
        "referent": {"r": "own"},
        "coordinator": {"r": "scope"},
    },
    "culture.message": SENDING,
    "culture.sending": SENDING,
    "culture.followup": {
        "referent": {"c": "own", "r": "own", "u": "own", "d": "own"},
        "coordinator": {"r": "shared"},
    },
    "culture.accompaniment": PLANS,
    "culture.goal": PLANS,
    "culture.beneficiary.barrier": {
        "referent": {"c": "own", "r": "own", "u": "own", "d": "own"},
        "coordinator": {"c": "scope", "r": "scope", "u": "scope", "d": "scope"},
    },
    "culture.assessment": PLANS,
    "culture.semester": {
        "referent": {"c": "own", "r": "own", "u": "own"},
    },
    "culture.bilan": {
        "referent": {"r": "shared"},
        "coordinator": {"c": "scope", "r": "scope", "u": "scope"},
    },
    "culture.outing": {
        "referent": {"c": "own", "r": "company", "u": "own"},
        "coordinator": {"c": "scope", "r": "company", "u": "scope", "d": "scope"},
        "administrator": {"r": "company"},
        "relay": {"r": "own"},
    },
    "culture.outing.quota": {
        "referent": {"c": "own", "r": "company", "u": "own"},
        "coordinator": {"c": "scope", "r": "company", "u": "scope", "d": "scope"},
        "administrator": {"r": "company"},
        "relay": {"r": "own"},
    },
    "culture.quota.review": {"coordinator": {"r": "scope"}},
    "culture.permanence": {
        "referent": {"c": "scope", "r": "own", "u": "own"},
        "coordinator": {"c": "scope", "r": "scope", "u": "scope", "d": "scope"},
        "relay": {"r": "own"},
    },
    "culture.visit": {
        "referent": {"c": "own", "r": "own", "u": "own"},
        "coordinator": {"c": "scope", "r": "scope", "u": "scope", "d": "scope"},
    },
    "culture.convention": CONVENTIONS,
    "culture.commitment": CONVENTIONS,
    "culture.evaluation.due": CONVENTIONS,
    "culture.referent": {
        "referent": {"r": "company"},
        "coordinator": {"c": "scope", "r": "company", "u": "scope"},
        "administrator": {"c": "company", "r": "company", "u": "company"},
    },
    "culture.referent.load": {
        "referent": {"r": "own"},
        "coordinator": {"r": "scope"},
    },
    "culture.relay": {
        "referent": {"r": "company"},
        "coordinator": {"c": "scope", "r": "company", "u": "scope"},
        "administrator": {"c": "company", "r": "company", "u": "company"},
        "relay": {"r": "own"},
    },
    "culture.training": {
        "referent": {"r": "own"},
        "coordinator": {"c": "scope", "r": "scope", "u": "scope", "d": "scope"},
        "relay": {"r": "own"},
    },
    "culture.role": {
        "referent": {"r": "own"},
        "coordinator": {"r": "scope"},
        "administrator": {"c": "scope", "r": "scope", "u": "scope"},
        "relay": {"r": "own"},
    },
    "culture.scope": {
        "referent": {"r": "own"},
        "coordinator": {"r": "scope"},
        "administrator": {"r": "scope"},
        "relay": {"r": "own"},
    },
    "culture.discipline": READ_LISTS,
    "culture.barrier": READ_LISTS,
    "culture.lever": READ_LISTS,
    "culture.access.need": READ_LISTS,
    "culture.reason": READ_LISTS,
    "culture.training.subject": READ_LISTS,
}

ASSISTANTS = {
    "culture.register": ("referent", "coordinator"),
    "culture.register.line": ("referent", "coordinator"),
    "culture.offer": ("coordinator",),
    "culture.outing.cancel": ("referent", "coordinator"),
    "culture.registration.free": ("referent", "coordinator"),
    "culture.absence.talk": ("referent", "coordinator"),
    "culture.outing.word": ("referent", "coordinator"),
    "culture.outing.postpone": ("referent", "coordinator"),
    "culture.outing.return": ("referent", "coordinator"),
    "culture.fairness": ("coordinator",),
    "culture.convention.terminate": ("coordinator", "administrator"),
    "culture.import.people": ("referent", "coordinator"),
    "culture.import.people.line": ("referent", "coordinator"),
    "culture.import.programme": ("coordinator",),
    "culture.import.programme.line": ("coordinator",),
    "culture.break.glass": ("referent", "coordinator"),
    "culture.followup.note": ("referent",),
    "culture.permanence.repeat": ("referent", "coordinator"),
    "culture.visit.register": ("referent", "coordinator"),
    "culture.assessment.group": ("referent", "coordinator"),
    "culture.replacement": ("referent", "coordinator"),
    "culture.assign": ("coordinator",),
    "culture.handover.propose": ("referent", "coordinator"),
    "culture.training.note": ("coordinator",),
    "culture.relay.propose": ("referent", "coordinator"),
    "culture.relay.propose.line": ("referent", "coordinator"),
    "culture.role.end": ("administrator",),
    "culture.role.renew": ("administrator",),
    "culture.role.invite": ("administrator",),
    "culture.role.preview": ("administrator",),
    "culture.role.preview.line": ("administrator",),
    "culture.first.steps": ("referent", "coordinator", "administrator", "relay"),
}
"""Transient models: created and read by their own user only."""

PORTAL_ROLES = ("relay", "partner_manager", "observer")
ANYBODY = ("anybody",)
"""Whoever has the link: it is the right, and nothing else opens."""

PORTAL = "/my/culture"
ROUTES = {
    "/culture/import/template/<string:kind>": ("referent", "coordinator"),
    "/culture/import/report/<string:kind>/<int:assistant_id>": (
        "referent",
        "coordinator",
    ),
    "/culture/outing/<int:outing_id>/invitations.csv": ("referent", "coordinator"),
    "/o": ANYBODY,
    "/o/<string:token>": ANYBODY,
    PORTAL: PORTAL_ROLES,
    f"{PORTAL}/outing/<int:outing_id>": ("relay",),
    f"{PORTAL}/outing/<int:outing_id>/calendar.ics": ("relay",),
    f"{PORTAL}/outing/<int:outing_id>/attendance": ("relay",),
    f"{PORTAL}/outing/<int:outing_id>/word": ("relay",),
    f"{PORTAL}/permanence/<int:permanence_id>": ("relay",),
    f"{PORTAL}/permanence/<int:permanence_id>/count": ("relay",),
    f"{PORTAL}/permanence/<int:permanence_id>/totals": ("relay",),
    f"{PORTAL}/partner": ("partner_manager",),
    f"{PORTAL}/partner/propose": ("partner_manager",),
    f"{PORTAL}/partner/outing/<int:outing_id>": ("partner_manager",),
    f"{PORTAL}/partner/outing/<int:outing_id>/change": ("partner_manager",),
    f"{PORTAL}/partner/outing/<int:outing_id>/take-back": ("partner_manager",),
    f"{PORTAL}/partner/use": ("partner_manager",),
    f"{PORTAL}/partner/relays": ("partner_manager",),
    f"{PORTAL}/partner/convention": ("partner_manager",),
    f"{PORTAL}/reports": ("partner_manager", "observer"),
    f"{PORTAL}/reports/<int:report_id>": ("partner_manager", "observer"),
    f"{PORTAL}/reports/<int:report_id>/report.pdf": ("partner_manager", "observer"),
}
"""Addresses of the addon, and the roles they are for; the rest is refused alike."""

RESTRICTED_FIELDS = {
    "calendar.event": {"culture_outing_id": ()},
    "culture.beneficiary": {
        "partner_id": ("referent", "coordinator"),
        "partner_phone": ("referent", "coordinator"),
        "partner_phone_differs": ("referent", "coordinator"),
        "referent_warning": ("coordinator",),
        "former_stage": (),
        "reminded_contact_date": (),
        "stage_answers": (),
        "stage_since": (),
    },
    "culture.access.log": {"beneficiary_id": ("referent", "coordinator")},
    "culture.bilan": {"figures": ()},
    "culture.followup": {"note": ()},
    "culture.visit": {"beneficiary_id": (), "followup_id": (), "registration_id": ()},
    "culture.evaluation.due": {"activity_id": ()},
    "culture.handover.line": {"beneficiary_id": ()},
    "culture.outing": {
        "i_joined": ("referent",),
        "joined_ids": ("referent", "coordinator"),
        "report_told_date": (),
        "source_modified": ("coordinator",),
        "source_values": ("coordinator",),
        "source_venue": ("coordinator",),
        "waiting_ids": ("referent", "coordinator"),
        "waiting_others_label": ("referent", "coordinator"),
    },
    "culture.registration": {"answer_links": (), "call_activity_id": ()},
    "culture.reminder": {
        "activity_id": (),
        "claimed_date": (),
        "sms_uuid": (),
    },
    "culture.referent": {
        "caseload": ("coordinator", "administrator"),
        "joined_count": ("referent", "coordinator"),
        "joined_ids": ("referent", "coordinator"),
        "load_label": ("coordinator", "administrator"),
        "room": ("coordinator", "administrator"),
        "training_ids": ("referent", "coordinator"),
    },
    "culture.relay": {"training_ids": ("coordinator", "relay")},
    "crm.lead": {"culture_file_open": ("referent", "coordinator")},
    "res.company": {"culture_role_ids": ()},
    "res.partner": {
        "culture_access_need_ids": ("referent", "coordinator", "administrator"),
        "culture_beneficiary_ids": (),
        "culture_file_open": ("referent", "coordinator"),
        "culture_good_to_know": ("referent", "coordinator", "administrator"),
        "culture_map": ("referent", "coordinator", "administrator"),
        "culture_role_ids": ("administrator",),
        "culture_scope_ids": (),
        "culture_standing_role_ids": ("administrator",),
        "culture_transport": ("referent", "coordinator", "administrator"),
        "is_culture_structure": ("referent", "coordinator", "administrator"),
    },
    "res.users": {
        "culture_role_ids": ("administrator",),
        "culture_session_epoch": (),
        "culture_standing_role_ids": ("administrator",),
    },
}
"""Fields that only these roles may use (``groups=``), or nobody (``NO_ACCESS``)."""

ROLE_SUMMARIES = {
    "referent": _lt(
        "Creates and follows their own beneficiaries: identity, follow-ups, barriers, "
        "plan, assessments, access needs, registrations. Says who replaces them, hands "
        "files over. Notes their own semester, which nobody else reads. Organises "
        "outings and permanences. Sees the outings, the conventions, the name and "
        "availability of referents and relays, their own trainings, the published "
        "reports of their structures. Does not see the "
        "persons whom others follow, unless by an exceptional access of 24 hours, "
        "which is told and read again."
    ),
    "coordinator": _lt(
        "Sees and changes the files, registrations and outings of their structure "
        "and of those under it. Reads the plans and the assessments, and the shared "
        "notes only; of the semesters of five referents or more, one sentence. Gives "
        "files to referents, reads the exceptional accesses again. Keeps the "
        "permanences, the conventions, the trainings and the reports."
    ),
    "administrator": _lt(
        "Gives and ends roles, keeps the conventions, the lists, the records of "
        "referents and relays, sees the outings and, by file number, who opened "
        "which file. Sees no file and no name of a beneficiary."
    ),
    "relay": _lt(
        "Sees the outings entrusted to them and, from seven days before to the day "
        "after, the list of those who come, as the convention allows. Records the "
        "attendance. Counts the permanences they host, without a name. Sees their own "
        "trainings."
    ),
    "partner_manager": _lt(
        "On the portal: proposes outings of their organisation, takes unused places "
        "back, sees its relays and their trainings, its convention, figures and "
        "published reports, small numbers masked. Never the name of a person invited."
    ),
    "observer": _lt(
        "On the portal: the reports once published, small numbers masked. Nothing else."
    ),
}
