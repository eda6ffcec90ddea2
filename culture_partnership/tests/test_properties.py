"""Whatever people and jobs do, in whatever order, the invariants of the design hold.

Hypothesis invents the days: each of its steps is a public act of a user, an answer by
a link, a run of a job or time that passes. What must be true after it is computed from
plain rows by :mod:`.written_rules`. `scripts/property-check` runs as many as wanted.
"""

import os
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import configure, freeze_time
from hypothesis import HealthCheck, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.culture_reminder_wire import Wire
from .common import CultureCase
from .written_rules import (
    BY_RULE,
    FOLLOWS,
    HOLDING,
    PASSED_OVER,
    ROWS,
    SEATED,
    State,
    day_here,
    home,
    when,
    who,
)

# who invents the days has a clock of its own
configure(extend_ignore_list=["hypothesis"])

NOW = datetime(2027, 3, 1, 9)
"""A Monday, 10:00 in Paris."""

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
EXAMPLES = int(os.environ.get("CULTURE_EXAMPLES") or 300)
STEPS = int(os.environ.get("CULTURE_STEPS") or 20)
SEED = os.environ.get("CULTURE_SEED")

numbers = st.integers(0, 11)
"""Which of some: a line, a person, an outing; counted round."""

users = st.integers(0, 5)
"""Who acts: mostly who follows the person or coordinates, sometimes a stranger."""

ON_A_LINE = {
    "confirm": ({"requested", "waiting", "offered"}, "action_confirm", ()),
    "wait": ({"requested", "offered"}, "action_wait", ()),
    "offer": ({"waiting", "requested"}, "action_offer", ()),
    "choose": ({"waiting"}, "_give_by_choice", ("She asked first",)),
    "person_frees": ({"confirmed", "offered"}, "action_cancel", ("person",)),
    "structure_frees": ({"confirmed", "offered"}, "action_cancel", ("structure",)),
    "venue_frees": ({"confirmed"}, "action_cancel", ("venue",)),
    "leave": ({"waiting", "requested"}, "action_cancel", ()),
    "companion": (None, "write", ({"companion": True},)),
    "alone": ("companion", "write", ({"companion": False},)),
    "attended": ({"confirmed", "absent"}, "action_record", ("attended",)),
    "absent": ({"confirmed"}, "action_record", ("absent",)),
    "undo": ({"attended", "absent"}, "action_undo", ()),
}
"""Lines that it is for (of a state, or that have something), method, arguments."""

ON_AN_OUTING = {
    "closed": ("action_close_registrations", 0),
    "reopened": ("action_reopen_registrations", 0),
    "done": ("action_done", 0),
    "cancelled": ("action_cancel", 0),
    "escorted": ("write", 0),
    "not_escorted": ("write", 0),
    "later": ("write", 24),
    "a_little_later": ("write", 1),
    "earlier": ("write", -3),
    "much_later": ("write", 5 * 24),
}
"""Method, and by how many hours it moves."""


class Days(RuleBasedStateMachine):
    """Some days of two agencies with few places."""

    def __init__(self, case):
        super().__init__()
        self.case = case
        self.env = case.env
        self.tokens = []
        self.done = set()
        self.savepoint = self.env.cr.savepoint()
        self.now = NOW
        case.clock.move_to(NOW)
        self.last_log = 0
        self.offered = set()
        self._forget()
        self.state = self._look()
        self.last_log = max(log["id"] for log in self.state.logs)
        self.whys = {}
        self.passed = set()

    def teardown(self):
        self.savepoint.close(rollback=True)
        self._forget()
        self.case.progress()

    # ---------------------------------------------------------------- machinery

    def _forget(self):
        """Each act is a request of its own: nothing is known from the last one."""
        self.env.invalidate_all()
        self.env.cr.cache.clear()

    def _look(self):
        self.env.flush_all()
        self.env.cr.execute(ROWS, [self.last_log])
        return State(self.env.cr.fetchone()[0], self.now)

    def _act(self, name, act):
        """Do something lawful or not; nobody reads anything but a refusal.

        :param name: under which it is counted
        :param act: function without argument
        :return: whether it was done, and what it returned
        """
        result, refusal = None, ""
        self._forget()
        try:
            with self.env.cr.savepoint():
                result = act()
                self.env.flush_all()
        except UserError as error:
            refusal = str(error) or "refused"
            note(f"  refused: {refusal}")
        before, self.state = self.state, self._look()
        self.case.acts[name, "refused" if refusal else "done"] += 1
        self._check_invariants()
        if refusal:
            assert self.state.kept() == before.kept(), "a refusal leaves all as it was"
            assert not self.state.logs, "what is refused leaves no trace"
        else:
            self._check_step(before)
        return not refusal, result

    def _as(self, user, model):
        return self.env[model].with_user(self.case.users[user])

    def _line(self, number, user, states=None):
        """One of the lines in such a state, else of those that are not cancelled.

        :return: the line, as somebody who may be in charge of it
        """
        live = [
            row
            for row in self.state.lines.values()
            if row["state"] != "cancelled" and row["outing_id"] in self.case.outings
        ]
        if isinstance(states, str):
            rows = [row for row in live if row[states]]
        else:
            rows = [row for row in live if not states or row["state"] in states]
        rows = rows or live
        if not rows:
            return self.env["culture.registration"]
        row = rows[number % len(rows)]
        user = self._user(user, row["structure_id"], row["followed_by"])
        return self._as(user, "culture.registration").browse(row["id"])

    def _outing(self, number, user=None):
        """One of the outings, as somebody who may be in charge of it."""
        ids = self.case.outings
        row = self.state.outings[ids[number % len(ids)]]
        user = self._user(3 if user is None else user, row["structure_id"])
        return self._as(user, "culture.outing").browse(row["id"])

    def _user(self, number, structure_id, card_id=None):
        ours, theirs = "coordinator", "far_coordinator"
        if structure_id == self.case.south.id:
            ours, theirs = theirs, ours
        follows = {card.id: user for user, card in self.case.cards.items()}
        return {0: follows.get(card_id, ours), 1: follows.get(card_id, ours)}.get(
            number, theirs if number == 5 else ours
        )

    # ------------------------------------------------------------------- acts

    @rule(
        user=users,
        outing=numbers,
        people=st.lists(numbers, max_size=3),
        state=st.sampled_from(["confirmed", "confirmed", "waiting", "requested"]),
        companion=st.sampled_from([False, False, True]),
    )
    def register(self, user, outing, people, state, companion):
        """Persons whom the user follows, or without any a group."""
        user = list(self.case.users)[user]
        outing = self._outing(outing).with_user(self.case.users[user])
        if not people:
            line = {"group_label": "Choir", "adults": 2}
            self._act("group", lambda: outing.action_register([line], state))
            return
        theirs = [p for p in self.case.people if self._reaches(user, p)]
        here = {row["person"] for row in self.state.of(outing.id)}
        some = [p for p in theirs if p not in here] or theirs or self.case.people
        others = theirs or self.case.people
        # mostly somebody who is not there yet
        people = [
            others[number % len(others)] if number > 9 else some[number % len(some)]
            for number in dict.fromkeys(people)
        ]
        lines = [
            {"beneficiary_id": person, "companion": companion} for person in people
        ]
        expected = self._may_register(user, outing.id, people, state, companion)
        before = set(self.state.lines)
        done, __ = self._act(state, lambda: outing.action_register(lines, state))
        assert done == (not expected), f"expected: {expected or 'no refusal'}"
        new = {self.state.states[id_] for id_ in set(self.state.lines) - before}
        assert new <= {state, "requested" if state == "confirmed" else state}, new

    @rule(user=users, line=numbers, act=st.sampled_from(sorted(ON_A_LINE)))
    def on_a_line(self, user, line, act):
        """Whoever follows the person, or coordinates."""
        states, method, args = ON_A_LINE[act]
        line = self._line(line, user, states)
        if not line:
            return
        __, asked = self._act(act, lambda: getattr(line, method)(*args))
        if act == "offer" and asked:
            self._act("give", lambda: line._give_by_choice("Her neighbour comes"))

    @rule(user=users, line=numbers, count=st.integers(2, 3))
    def cancel_some(self, user, line, count):
        """Some of an outing at once."""
        line = self._line(line, user)
        one = self.state.lines.get(line.id, {"outing_id": 0})
        rows = [
            row["id"]
            for row in self.state.of(one["outing_id"])
            if row["structure_id"] == one["structure_id"]
            and row["state"] in ("confirmed", "waiting", "offered")
        ]
        if rows:
            lines = line.browse(rows[:count])
            self._act("cancel_some", lines.action_cancel)

    @rule(
        line=numbers,
        kind=st.sampled_from(["offer", "offer", "week", "confirmation"]),
        answer=st.sampled_from(["yes", "no", "call"]),
        again=st.sampled_from([False, False, False, True]),
    )
    def answer(self, line, kind, answer, again):
        """By a link that is sent now, or by one that was sent before."""
        if again and self.tokens:
            self._send(self.tokens[line % len(self.tokens)], answer)
            return
        line = self._line(line, 0, {"offered"} if kind == "offer" else {"confirmed"})
        line = line.sudo()
        if line and line._answer_moment(kind):
            self.tokens.append(line._answer_token(kind))
            self._send(self.tokens[-1], answer)

    def _send(self, token, answer):
        pages, before = self._as("public", "culture.portal.answer"), self.state
        done, page = self._act(answer, lambda: pages._send(token, answer))
        assert done, "the page answers, whatever is asked of it"
        if page["standing"] == "done":
            assert token not in self.done, "a link answers once"
            self.done.add(token)
        else:
            assert self.state.kept() == before.kept(), page["standing"]

    @rule(
        minutes=st.sampled_from([10, 60, 300, 1440, 2000, 4320]),
        job=st.sampled_from(["", "waiting_lists", "waiting_lists", "reminders"]),
        again=st.sampled_from([False, False, True]),
    )
    def time_passes(self, minutes, job, again):
        """Jobs run, or are down; run again, they have nothing left to do."""
        self.now += timedelta(minutes=minutes)
        self.case.clock.move_to(self.now)
        self.state.now = self.now
        if job:
            getattr(self, f"_run_{job}")()
        if job and again:
            before = self.state.kept()
            getattr(self, f"_run_{job}")()
            assert self.state.kept() == before, "twice is once"

    def _run_waiting_lists(self):
        job = self._as("root", "culture.outing")._cron_waiting_lists
        done, __ = self._act("waiting_lists", job)
        assert done, "a job is not refused"
        for outing_id in self.case.outings:
            self._check_nothing_left(outing_id)
        for row in self.state.lines.values():
            if row["state"] == "offered":
                assert when(row["offer_expiry"]) > self.now, "it has run out"

    def _run_reminders(self):
        """All messages arrive."""
        job = self._as("root", "culture.reminder")._cron_remind
        done, __ = self._act("reminders", job)
        assert done, "a job is not refused"
        self._check_reminded()

    @rule(
        user=users,
        outing=numbers,
        change=st.sampled_from(["north", "south", "seats_max", "return"]),
        seats=st.integers(0, 5),
    )
    def change_places(self, user, outing, change, seats):
        """A quota of a structure, the places in all, or back to the venue."""
        outing = self._outing(outing, user)
        seen = self.state.outings[outing.id]["seats_max"]
        if change == "seats_max":
            self._act(change, lambda: outing.write({"seats_max": seats}))
        elif change == "return":
            self._act(change, lambda: outing._return_seats(seats, seen))
        else:
            structure = getattr(self.case, change)
            self._act(change, lambda: self._set_quota(outing, structure, seats))

    def _set_quota(self, outing, structure, seats):
        quota = outing.quota_ids.filtered(lambda q: q.structure_id == structure)
        if quota and not seats:
            quota.unlink()
        elif quota:
            quota.seats = seats
        else:
            quota.create(
                {
                    "outing_id": outing.id,
                    "structure_id": structure.id,
                    "seats": seats,
                    "return_date": self.case.common_from,
                }
            )

    @rule(user=users, outing=numbers, act=st.sampled_from(sorted(ON_AN_OUTING)))
    def on_an_outing(self, user, outing, act):
        outing = self._outing(outing, user)
        method, hours = ON_AN_OUTING[act]
        vals = {}
        if hours:
            row = self.state.outings[outing.id]
            vals = {
                name: when(row[name]) + timedelta(hours=hours)
                for name in ("date_begin", "date_end")
                if row[name]
            }
        elif method == "write":
            relays = self.case.relay.ids if act == "escorted" else []
            vals = {"escort_ids": [Command.set(relays)]}
        self._act(act, lambda: getattr(outing, method)(*([vals] if vals else [])))

    @rule(user=users, person=numbers, to=st.sampled_from(["mine", "theirs", "ends"]))
    def hand_over(self, user, person, to):
        """A person changes referent; or the convention ends."""
        case = self.case
        here = case.north.id
        north = [p for p in case.people if case.made_of[p]["structure_id"] == here]
        person = north[person % len(north)]
        user = self._user(user, case.north.id)
        if to == "ends":
            convention = case.convention.with_user(case.users[user])
            self._act(to, convention.action_terminate)
            return
        card = case.referent_card if to == "mine" else case.colleague_card
        person = self._as(user, "culture.beneficiary").browse(person)
        self._act(to, lambda: person.write({"referent_id": card.id}))

    # -------------------------------------------------------------- invariants

    def _check_invariants(self):
        self._check_places()
        self._check_nobody_is_twice()
        self._check_reminders()

    def _check_places(self):
        """I1."""
        for id_, outing in self.state.outings.items():
            taken = self.state.taken(id_).total()
            assert outing["seats_taken"] == taken, (outing, taken)
            assert 0 <= taken <= outing["seats_max"], outing

    def _check_nobody_is_twice(self):
        """I2: persons, escorts and minors."""
        seen, escorts = set(), []
        for row in self.state.lines.values():
            if row["state"] == "cancelled":
                continue
            assert who(row) not in seen, "one live registration"
            seen.add(who(row))
            if row["state"] in HOLDING:
                assert not self.state.overlapping(row), "two outings at one time"
            if row["state"] in ("requested", "waiting", "offered", "confirmed"):
                alone = self.state.is_alone(row, set(FOLLOWS) - {None, "cancelled"})
                assert not alone, "a minor comes with an adult"
        for outing in self.state.outings.values():
            if outing["state"] != "cancelled" and outing["date_begin"]:
                escorts += [
                    (relay, outing["date_begin"], outing["date_end"])
                    for relay in outing["escorts"]
                ]
        escorts.sort()
        for (relay, __, end), (other, begin, __) in zip(
            escorts, escorts[1:], strict=False
        ):
            assert relay != other or begin >= end, "an escort is in one place"

    def _check_reminders(self):
        """I4: at most once, and of nothing that does not take place."""
        seen = set()
        for row in self.state.reminders:
            if row["state"] == "withdrawn":
                continue
            key = row["line"], row["kind"], row["outing_date"], row["version"]
            assert key not in seen, f"twice: {row}"
            assert row["kind"] == "change" or not row["version"], row
            seen.add(key)
            line = self.state.lines[row["line"]]
            if line["state"] == "cancelled" and row["kind"] != "cancellation":
                assert row["state"] != "to_send" and not row["to_tell"], row

    # ------------------------------------------------- what one step may do

    def _check_step(self, before):
        """The trace tells each step of what has happened, and each was lawful."""
        after = self.state
        replay = State(after.rows, self.now)
        replay.states = dict(before.states)
        logs = list(after.logs)
        while logs:
            log = logs.pop(0)
            self.last_log = log["id"]
            line, row = log["line"], after.lines[log["line"]]
            assert replay.states.get(line) == log["state_from"], (log, "half a state")
            assert log["state_to"] in FOLLOWS[log["state_from"]], log
            if log["state_from"] == log["state_to"]:
                assert log["why"] in PASSED_OVER, log
                continue
            if log["why"] in BY_RULE:
                unit = [row]
                while logs and self._goes_along(logs[0], row):
                    unit.append(after.lines[logs.pop(0)["line"]])
                    self.last_log = after.logs[-len(logs) - 1]["id"]
                self._check_offer(replay, unit)
                continue
            self._check_log(replay, log, row)
            replay.states[line] = log["state_to"]
        assert replay.states == after.states, "the trace tells every state"
        self.whys.update((log["line"], log["why"]) for log in after.logs)
        for line in self.passed:
            assert self.whys.get(line) in PASSED_OVER, f"{line}: why not, is not said"
        self.passed.clear()
        self._check_quotas(before)
        freed = {
            row["outing_id"]
            for id_, row in after.lines.items()
            if before.states.get(id_) in SEATED
            and row["state"] == "cancelled"
            and row["cancelled_by"] != "venue"
        }
        for outing_id in freed:
            self._check_nothing_left(outing_id)

    def _goes_along(self, log, row):
        other = self.state.lines[log["line"]]
        return (
            log["why"] in BY_RULE
            and log["state_to"] == "offered"
            and other["outing_id"] == row["outing_id"]
            and home(other) == home(row)
        )

    def _check_log(self, replay, log, row):
        """What staff does, or an answer, or time."""
        was_offered = who(row) in self.offered
        if log["state_to"] == "offered":
            assert who(row) not in self.offered, f"offered twice: {row}"
            self.offered.add(who(row))
        if log["state_from"] == "offered" and log["state_to"] == "waiting":
            by_job = log["user_id"] == self.case.users["root"].id
            assert (log["why"] == "expired") == by_job, log
        if log["state_from"] is None:
            # I6, for whoever registers
            assert replay.in_force(row["outing_id"]), "no convention, no registration"
        if log["state_from"] == "waiting" and log["state_to"] in SEATED:
            if log["why"] != "choice":
                self._check_turn(replay, row, was_offered)

    def _check_turn(self, replay, row, was_offered):
        """Nobody passes before who comes first and could come.

        Who let an offer go comes after everybody else.
        """
        offered = self.offered if was_offered else self.offered - {who(row)}
        for unit in replay.units(row["outing_id"], offered):
            if row in unit:
                break
            assert replay.why_not(unit), f"{row} before {unit}, who can come"

    def _check_offer(self, replay, unit):
        """I3: to the first who can come, all of a household, each once."""
        outing_id = unit[0]["outing_id"]
        assert replay.gives_places(outing_id), "too late to offer"
        ids = {row["id"] for row in unit}
        for row in unit:
            assert who(row) not in self.offered, f"offered twice: {row}"
        for other in replay.units(outing_id, self.offered):
            if {row["id"] for row in other} == ids:
                assert not replay.why_not(other), replay.why_not(other)
                break
            why = replay.why_not(other)
            assert why, f"{unit} before {other}, who can come"
            self.passed.update(row["id"] for row in other)
            self.case.acts["passed over", why] += 1
        else:
            raise AssertionError(f"{unit}: not as they wait together")
        for row in unit:
            expiry = when(row["offer_expiry"])
            assert self.now < expiry <= replay.start(outing_id), row
            replay.states[row["id"]] = "offered"
            self.offered.add(who(row))
        self.case.acts["offered", "in turn"] += 1

    def _check_quotas(self, before):
        """Who has taken places left the others what is kept for them."""
        took = {}
        for id_, row in self.state.lines.items():
            if row["state"] in SEATED and before.states.get(id_) not in SEATED:
                took.setdefault(row["outing_id"], set()).add(row["structure_id"])
        for outing_id, structures in took.items():
            assert self.state.is_fair(outing_id, structures), "kept for others"

    def _check_nothing_left(self, outing_id):
        """What was free has been offered to whoever can come; to others it is said."""
        if not self.state.gives_places(outing_id):
            return
        for unit in self.state.units(outing_id, self.offered):
            why = self.state.why_not(unit)
            assert why, f"{unit} can come, and nothing is offered"

    def _check_reminded(self):
        """Nobody who is expected is left without a word."""
        told = {
            (row["line"], row["kind"])
            for row in self.state.reminders
            if row["state"] != "withdrawn"
        }
        for id_, row in self.state.lines.items():
            start = when(row["date_begin"] or row["date_end"])
            outing = self.state.outings[row["outing_id"]]
            if not row["person"] or start <= self.now:
                continue
            if outing["state"] not in ("published", "closed"):
                continue
            if row["state"] == "confirmed":
                assert (id_, "confirmation") in told, row
                if row["date_begin"] and day_here(start) - day_here(self.now) == DAY:
                    assert (id_, "eve") in told, row
            if row["state"] == "offered" and when(row["offer_expiry"]) > self.now:
                assert (id_, "offer") in told, row

    # ------------------------------------------------------------ may one register

    def _may_register(self, user, outing_id, people, state, companion):
        """Why it is refused, "" when it is not.

        Whatever somebody has missed before is no reason (I8).
        """
        now, outing = self.state, self.state.outings[outing_id]
        if not all(self._reaches(user, person) for person in people):
            return "not their person"
        if outing["state"] != "published" or when(outing["date_end"]) <= self.now:
            return "not open"
        if not now.in_force(outing_id):
            return "no convention"
        if len(set(people)) < len(people):
            return "the same twice"
        if any(row["person"] in people for row in now.of(outing_id)):
            return "is registered"
        lines = [
            {
                **self.case.made_of[person],
                "id": 0,
                "person": person,
                "outing_id": outing_id,
                "date_begin": outing["date_begin"],
                "date_end": outing["date_end"],
            }
            for person in people
        ]
        for row in lines:
            row["adults"] += int(companion)
        held = [
            row
            for row in lines
            if state == "confirmed" and row["person"] != self.case.often_absent
        ]
        if any(now.overlapping(row) for row in held):
            return "is elsewhere"
        for row in lines:
            grown = any(
                other["adults"] and other["household_id"] == row["household_id"]
                for other in lines
            )
            if now.is_alone(row, set(FOLLOWS) - {None, "cancelled"}) and not (
                row["household_id"] and grown
            ):
                return "a minor alone"
        more = [(row["structure_id"], row["adults"] + row["children"]) for row in held]
        wanted = sum(seats for __, seats in more)
        if held and now.taken(outing_id).total() + wanted > outing["seats_max"]:
            return "full"
        if held and not now.is_fair(outing_id, [s for s, __ in more], more):
            return "kept for others"
        return ""

    def _reaches(self, user, person):
        made_of = self.case.made_of[person]
        if user == "stranger":
            return False
        if user in ("coordinator", "far_coordinator"):
            theirs = self.case.north if user == "coordinator" else self.case.south
            return made_of["structure_id"] == theirs.id
        return self._follows(user, person)

    def _follows(self, user, person):
        self.env.cr.execute(
            "SELECT referent_id FROM culture_beneficiary WHERE id = %s", [person]
        )
        return self.env.cr.fetchone()[0] == self.case.cards[user].id


@tagged("post_install", "-at_install")
class TestProperties(CultureCase):
    """The world in which the days take place, made once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(NOW)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.users = {
            "referent": cls.referent,
            "coordinator": cls.coordinator,
            "colleague": cls.colleague,
            "far_referent": cls.far_referent,
            "far_coordinator": cls.far_coordinator,
            "stranger": cls.stranger,
            "public": cls.env.ref("base.public_user"),
            "root": cls.env.ref("base.user_root"),
        }
        cls.cards = {
            "referent": cls.referent_card,
            "colleague": cls.colleague_card,
            "far_referent": cls.far_card,
        }
        cls._make_people()
        cls._make_outings()
        cls.env["culture.sending"].search([]).write(
            {"since": NOW - DAY, "email_from": "sorties@example.org"}
        )
        cls.acts = Counter()
        cls.examples, cls.begun = 0, time.process_time()

    @classmethod
    def _make_people(cls):
        need = cls.env["culture.access.need"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        by_sms = {"channel": "sms", "phone": "06 39 98 10 01"}
        adult, child, other = (
            cls._person("Ada", birth_date="1980-01-01", **by_sms),
            cls._person("Ben", birth_date="2018-01-01", **by_sms),
            cls._person("Cleo", access_need_ids=[Command.set(need.ids)], **by_sms),
        )
        household = cls.env["culture.household"].create(
            {"name": "Home", "structure_id": cls.north.id}
        )
        (adult | child).household_id = household
        absent, went = (
            cls._person("Ida", **by_sms),
            cls._person("Gus", cls.colleague_card, channel="call"),
        )
        far = [cls._person(name, cls.far_card, **by_sms) for name in ("Fay", "Far")]
        people = adult | child | other | absent | went | far[0] | far[1]
        cls.people = people.ids
        cls.often_absent = absent.id
        cls.made_of = {
            person.id: {
                "adults": int(person != child),
                "children": int(person == child),
                "household_id": person.household_id.id or None,
                "structure_id": person.structure_id.id,
            }
            for person in people
        }
        for number in range(3):
            past = cls._outing(date_begin=NOW - (9 + number) * DAY, name="Past")
            lines = cls.env["culture.registration"].create(
                [
                    {"outing_id": past.id, "beneficiary_id": person.id}
                    for person in ((absent, went) if not number else (absent,))
                ]
            )
            lines[0].write({"state": "absent"})
            lines[1:].write({"state": "attended"})

    @classmethod
    def _make_outings(cls):
        """Two at the same time, one elsewhere, one without a date."""
        cls.convention = cls.env["culture.convention"].create(
            {
                "name": "Places",
                "partner_id": cls.association.id,
                "project_referent_id": cls.coordinator.id,
                "date_start": "2027-01-01",
                "date_end": "2027-12-31",
            }
        )
        cls.convention.action_sign()
        cls.relay = cls._relay_card()
        evening = datetime(2027, 3, 4, 19)
        outings = (
            cls._outing(seats=3, date_begin=evening),
            cls._outing(
                seats=2, date_begin=evening + HOUR, convention_id=cls.convention.id
            ),
            cls._outing(
                seats=3, date_begin=evening + 5 * DAY, structure_id=cls.south.id
            ),
            cls._outing(
                seats=2, date_mode="open", date_begin=False, date_end=NOW + 20 * DAY
            ),
        )
        cls.outings = [outing.id for outing in outings]
        ada, ben, cleo, ida, gus, fay, far = cls.env["culture.beneficiary"].browse(
            cls.people
        )
        (outings[1] | outings[2]).escort_ids = cls.relay
        cls.common_from = "2027-03-03"
        cls.env["culture.outing.quota"].create(
            {
                "outing_id": outings[0].id,
                "structure_id": cls.south.id,
                "seats": 1,
                "return_date": cls.common_from,
            }
        )
        # full, with all sorts who wait
        for outing, people, user, state in (
            (outings[0], ada | ben, cls.coordinator, "confirmed"),
            (outings[0], cleo | ida | gus, cls.coordinator, "waiting"),
            (outings[0], far, cls.far_coordinator, "confirmed"),
            (outings[0], fay, cls.far_coordinator, "waiting"),
            (outings[1], ida, cls.coordinator, "confirmed"),
            (outings[2], fay, cls.far_coordinator, "confirmed"),
        ):
            cls._register(cls, outing, people, user, state)
        outings[0].with_user(cls.coordinator).action_register(
            [{"group_label": "Choir", "adults": 2}], "waiting"
        )

    @classmethod
    def _say_what_happened(cls):
        for (name, how), count in sorted(cls.acts.items()):
            sys.__stderr__.write(f"{count:8} {name}: {how}\n")

    @classmethod
    def progress(cls):
        cls.examples += 1
        if SEED and cls.examples % 50 == 0:
            spent = time.process_time() - cls.begun
            sys.__stderr__.write(
                f"{cls.examples} of {EXAMPLES} examples, {spent:.0f} s of CPU\n"
            )

    def test_days(self):
        """Whatever happens, the invariants hold."""
        self.patch(Wire, "_send_mails", _arrives("email"))
        self.patch(Wire, "_send_texts", _arrives("sms"))
        machine = _of(self)
        if SEED:
            machine = seed(int(SEED))(machine)
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=1
        ):
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=EXAMPLES,
                    stateful_step_count=STEPS,
                    derandomize=not SEED,
                    database=None,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    report_multiple_bugs=False,
                ),
            )
        if SEED:
            self._say_what_happened()


def _of(case):
    return lambda: Days(case)


def _arrives(channel):
    """What takes the place of the wire: the ledger as if each message arrived."""

    def send(wire, rows, ways):
        rows._claim(wire.sending, channel)._note_outcome("sent")
        return True

    return send
