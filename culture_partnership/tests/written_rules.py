"""The written rules of places, said a second time: plain Python over plain rows.

Nothing of the addon is called here. What :data:`ROWS` reads is the whole state
that the tests of properties look at; what is computed from it is compared with what the
application did.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.tools.misc import groupby

SEATED = {"offered", "confirmed", "attended", "excused", "absent"}
HOLDING = {"offered", "confirmed", "attended"}
BY_RULE = {"first", "unserved", "order"}
PASSED_OVER = {"room", "quota", "busy", "minor", "need"}
FOLLOWS = {
    None: {"requested", "waiting", "confirmed"},
    "requested": {"waiting", "offered", "confirmed", "cancelled"},
    "waiting": {"offered", "confirmed", "cancelled", "waiting"},
    "offered": {"confirmed", "cancelled", "waiting"},
    "confirmed": {"cancelled", "attended", "excused", "absent"},
    "attended": {"confirmed", "excused", "absent"},
    "excused": {"confirmed", "attended", "absent"},
    "absent": {"confirmed", "attended", "excused"},
    "cancelled": set(),
}
"""What may come after what; a waiting line that is passed over stays where it is."""

HERE = ZoneInfo("Europe/Paris")
FEWEST = timedelta(hours=2)

ROWS = """
    SELECT json_build_object(
        'outings', (SELECT json_agg(row_to_json(o) ORDER BY o.id) FROM (
            SELECT id, state, structure_id, date_begin, date_end, cancel_deadline,
                   seats_max, seats_taken, seats_returned, convention_id,
                   ARRAY(SELECT relay_id FROM culture_outing_escort_rel
                          WHERE outing_id = culture_outing.id ORDER BY 1) AS escorts,
                   ARRAY(SELECT culture_access_need_id
                           FROM culture_access_need_culture_outing_rel
                          WHERE culture_outing_id = culture_outing.id) AS needs
              FROM culture_outing) o),
        'lines', (SELECT json_agg(row_to_json(l) ORDER BY l.id) FROM (
            SELECT line.id, outing_id, beneficiary_id AS person, line.state, seats,
                   adults, children, companion, line.structure_id, date_begin,
                   date_end, waiting_since, offer_expiry, attended_date, cancelled_by,
                   seats_attended, answer, line.referent_id, person.household_id,
                   person.referent_id AS followed_by,
                   person.structure_id AS followed_in,
                   ARRAY(SELECT culture_access_need_id
                           FROM culture_access_need_culture_beneficiary_rel
                          WHERE culture_beneficiary_id = person.id) AS needs
              FROM culture_registration line
              LEFT JOIN culture_beneficiary person
                ON person.id = line.beneficiary_id) l),
        'quotas', (SELECT json_agg(row_to_json(q) ORDER BY q.id) FROM (
            SELECT id, outing_id, structure_id, seats, return_date
              FROM culture_outing_quota) q),
        'reminders', (SELECT json_agg(row_to_json(r) ORDER BY r.id) FROM (
            SELECT id, registration_id AS line, kind, outing_date, version, state,
                   to_tell
              FROM culture_reminder) r),
        'logs', (SELECT json_agg(row_to_json(g) ORDER BY g.id) FROM (
            SELECT id, registration_id AS line, state_from, state_to, why, user_id
              FROM culture_registration_log WHERE id > %s) g),
        'conventions', (SELECT json_object_agg(id, state) FROM culture_convention))
"""
"""Everything in one statement; of the trace, what comes after an id."""


def when(text):
    """A moment as PostgreSQL's JSON writes it, None for none."""
    return text and datetime.fromisoformat(text)


def day_here(moment):
    """The day on which a UTC moment falls where the CCAS is."""
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(HERE).date()


class State:
    """The rows at a moment, by id."""

    def __init__(self, rows, now):
        self.rows = rows
        self.now = now
        self.outings = {row["id"]: row for row in rows["outings"] or ()}
        self.lines = {row["id"]: row for row in rows["lines"] or ()}
        self.quotas = rows["quotas"] or ()
        self.reminders = rows["reminders"] or ()
        self.logs = rows["logs"] or ()
        self.conventions = {
            int(id_): state for id_, state in (rows["conventions"] or {}).items()
        }
        self.states = {id_: row["state"] for id_, row in self.lines.items()}

    def kept(self):
        """What an act that is refused leaves as it was."""
        return {name: rows for name, rows in self.rows.items() if name != "logs"}

    def of(self, outing_id, states=None):
        """Lines of an outing, those in these states (None: that are not cancelled)."""
        return [
            row
            for row in self.lines.values()
            if row["outing_id"] == outing_id
            and (
                self.states.get(row["id"]) in states
                if states
                else self.states.get(row["id"], "cancelled") != "cancelled"
            )
        ]

    def taken(self, outing_id):
        """Places by structure."""
        counts = Counter()
        for row in self.of(outing_id, SEATED):
            counts[row["structure_id"]] += row["seats"]
        return counts

    def shares(self, outing_id):
        """Places kept today by structure."""
        today = str(day_here(self.now))
        return {
            quota["structure_id"]: quota["seats"]
            for quota in self.quotas
            if quota["outing_id"] == outing_id and quota["return_date"] > today
        }

    def is_fair(self, outing_id, structures, more=()):
        """Whether these structures leave the others what is kept for them.

        :param more: (structure, seats) counted on top
        """
        taken = self.taken(outing_id)
        for structure, seats in more:
            taken[structure] += seats
        shares = self.shares(outing_id)
        if all(taken[s] <= shares.get(s, -1) for s in structures):
            return True
        kept = sum(max(seats - taken[s], 0) for s, seats in shares.items())
        return taken.total() + kept <= self.outings[outing_id]["seats_max"]

    def in_force(self, outing_id):
        """Whether the convention, if there is one, governs."""
        convention = self.outings[outing_id]["convention_id"]
        return not convention or self.conventions[convention] in ("active", "to_renew")

    def start(self, outing_id):
        outing = self.outings[outing_id]
        return when(outing["date_begin"] or outing["date_end"])

    def gives_places(self, outing_id):
        """Whether the application still offers places of an outing by itself."""
        outing = self.outings[outing_id]
        if outing["state"] not in ("published", "closed"):
            return False
        limit = min(
            self.start(outing_id),
            when(outing["cancel_deadline"]) or self.start(outing_id),
        )
        return self.in_force(outing_id) and limit - self.now >= FEWEST

    def overlapping(self, row, states=HOLDING):
        """Other lines of the same person at the same time, in these states."""
        return [
            other
            for other in self.lines.values()
            if row["person"]
            and other["person"] == row["person"]
            and other["id"] != row["id"]
            and self.states.get(other["id"]) in states
            and None not in (row["date_begin"], other["date_begin"])
            and other["date_begin"] < row["date_end"]
            and row["date_begin"] < other["date_end"]
        ]

    def is_alone(self, row, states):
        """A minor without an escort or an adult of the household in these states."""
        return (
            row["children"] > 0
            and row["adults"] == 0
            and row["person"] is not None
            and not self.outings[row["outing_id"]]["escorts"]
            and not any(
                other["adults"] > 0
                and other["person"]
                and other["household_id"] == row["household_id"] is not None
                for other in self.of(row["outing_id"], states)
            )
        )

    # ------------------------------------------------------------- waiting list

    def units(self, outing_id, offered):
        """Who waits, in the written order, by who goes together.

        :param offered: pairs of outing and person (or line) to whom a place of it was
            offered before
        :return: list of lists of lines
        """
        served = defaultdict(str)
        for row in self.lines.values():
            if self.states.get(row["id"]) == "attended" and row["person"]:
                served[row["person"]] = max(served[row["person"]], row["attended_date"])
        waiting = [
            row
            for row in self.of(outing_id, {"waiting"})
            if who(row) not in offered and (outing_id, -row["id"]) not in offered
        ]
        waiting.sort(
            key=lambda row: (
                row["person"] is None,
                served[row["person"]] if row["person"] else "",
                row["waiting_since"],
                row["id"],
            )
        )
        first = {}
        for place, row in enumerate(waiting):
            first.setdefault(home(row), place)
        waiting.sort(key=lambda row: first[home(row)])
        return [unit for __, unit in groupby(waiting, home)]

    def why_not(self, unit):
        """What keeps a unit from the places it asks for; "" for nothing."""
        outing = self.outings[unit[0]["outing_id"]]
        if any(self.overlapping(row) for row in unit):
            return "busy"
        if all(self.is_alone(row, SEATED) for row in unit):
            return "minor"
        if any(set(row["needs"] or ()) - set(outing["needs"] or ()) for row in unit):
            return "need"
        more = [(row["structure_id"], row["seats"]) for row in unit]
        wanted = sum(seats for __, seats in more)
        if self.taken(outing["id"]).total() + wanted > outing["seats_max"]:
            return "room"
        fair = self.is_fair(outing["id"], [s for s, __ in more], more)
        return "" if fair else "quota"


def who(row):
    """To whom an offer goes: a person, or a group's own line."""
    return row["outing_id"], row["person"] or -row["id"]


def home(row):
    """Who waits together goes together."""
    return row["household_id"] or -row["id"]
