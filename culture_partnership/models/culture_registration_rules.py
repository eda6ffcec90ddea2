"""States of a registration: what holds a seat, what may follow what."""

STATES = [
    ("requested", "Requested"),
    ("waiting", "On the waiting list"),
    ("offered", "Place offered"),
    ("confirmed", "Confirmed"),
    ("cancelled", "Cancelled"),
    ("attended", "Attended"),
    ("excused", "Excused absence"),
    ("absent", "Absent without news"),
]

MAJORITY = 18
"""Age from which a person counts as an adult."""

SEATED = frozenset({"offered", "confirmed", "attended", "excused", "absent"})
"""States that hold places: their sum is the outing's ``seats_taken``."""

HOLDING = frozenset({"offered", "confirmed", "attended"})
"""States in which a person cannot be elsewhere at the same time."""

RECORDED = frozenset({"attended", "excused", "absent"})
"""States of a recorded attendance."""

TRANSITIONS = {
    "requested": {"waiting", "offered", "confirmed", "cancelled"},
    "waiting": {"offered", "confirmed", "cancelled"},
    "offered": {"confirmed", "cancelled", "waiting"},
    "confirmed": {"cancelled"} | RECORDED,
    "attended": {"confirmed"} | RECORDED,
    "excused": {"confirmed"} | RECORDED,
    "absent": {"confirmed"} | RECORDED,
    "cancelled": frozenset(),
}

PROTECTED = frozenset(
    {
        "outing_id",
        "beneficiary_id",
        "seats",
        "booked_by_id",
        "company_id",
        "structure_id",
        "referent_id",
        "date_begin",
        "date_end",
        "waiting_since",
        "offered_at",
        "attendance_by_id",
        "attendance_date",
        "attended_date",
        "answer",
        "answered_at",
    }
)
"""Fields that the application fills; person and outing are given once."""

GIVEN = (
    "outing_id",
    "beneficiary_id",
    "group_label",
    "companion",
    "adults",
    "children",
    "state",
    "proposed_by_person",
)
"""Fields that who registers gives."""
