"""A server that dies at any moment loses nothing and does nothing twice (I11).

The whole process group is killed in the middle of registrations, of a message that
leaves, and of offers that pass on, in turn; then another server goes on. At the end
the database is compared with itself, with what clients were told, and with what the
mail server and the SMS gateway have taken. `CULTURE_KILLS=20` kills more often.
"""

import json
import os
import random
import re
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing, suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import psycopg2
import pytest
import requests
from conftest import RpcError
from scheme import day, moment

KILLS = int(os.environ.get("CULTURE_KILLS") or 3)
CLIENTS = 4
SEATS = 6
EACH = 3
PATIENCE = 60
PERSONS = re.compile(r"p\d+@")
A_ROUND = 60
"""Persons who have not asked for a place before."""
JOBS = ("ir_cron_reminders", "ir_cron_waiting_lists")
SUNDAY = 6
GONE = (requests.ConnectionError, requests.HTTPError, requests.Timeout)

SEATED = "('offered', 'confirmed', 'attended', 'excused', 'absent')"


class Trap:
    """Kills a server while a message is being handed over."""

    def __init__(self, chance):
        self.chance = chance
        self.lock = threading.Lock()
        self.sprung = threading.Event()
        self.left = 0

    def set(self, server, count):
        self.sprung.clear()
        self.server, self.left = server, count

    def springs(self):
        """Whether the message is lost with its sender."""
        with self.lock:
            self.left -= 1
            if self.left != 0:
                return False
            self.server.stop()
            self.sprung.set()
            return self.chance.random() < 0.5


class Gateway:
    """What takes text messages: to each number, how often which text."""

    def __init__(self):
        self.received = Counter()
        self.trap = None
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers["Content-Length"])
                messages = json.loads(self.rfile.read(size))["params"]["messages"]
                results = []
                if gateway.trap and gateway.trap.springs():
                    return
                for message in messages:
                    for number in message["numbers"]:
                        gateway.received[number["number"], message["content"]] += 1
                        results.append({"uuid": number["uuid"], "state": "success"})
                with suppress(OSError):
                    self._answer(json.dumps({"jsonrpc": "2.0", "result": results}))

            def _answer(self, text):
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *args):
                """In silence."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def gateway():
    gateway = Gateway()
    yield gateway
    gateway.server.shutdown()
    gateway.server.server_close()


class Chaos:
    """Clients who act until the server dies, and what they were told."""

    def __init__(self, sessions, tomorrow, later, people):
        self.sessions = sessions
        self.tomorrow = tomorrow
        self.later = later
        self.outings = []
        self.reserve = list(people)
        self.people = []
        self.chance = random.Random(KILLS)
        self.lock = threading.Lock()
        self.asked = []
        self.told = {}
        self.freed = set()
        self.answers = threading.Semaphore(0)

    def wait_for(self, count):
        """Until clients were answered so often."""
        for _ in range(count):
            assert self.answers.acquire(timeout=PATIENCE), "nobody is answered"

    def storm(self, url):
        """:return: threads that act until nobody answers any more"""
        self.answers = threading.Semaphore(0)
        self.people, self.reserve = self.reserve[:A_ROUND], self.reserve[A_ROUND:]
        self.outings = [self.tomorrow.pop(), *self.later]
        twins = [session.twin() for session in self.sessions]
        for twin in twins:
            twin.url = url
        threads = [
            threading.Thread(target=self._act_on, args=(twin,)) for twin in twins
        ]
        for thread in threads:
            thread.start()
        return threads

    def _act_on(self, session):
        with suppress(*GONE):
            while self._act(session):
                self.answers.release()

    def _act(self, session):
        time.sleep(0.05)
        with self.lock:
            free = list(self.told.keys() - self.freed)
            group, line = self.people[:EACH], None
            if not group:
                return False
            if free and self.chance.random() < 0.35:
                line = self.chance.choice(free)
            else:
                self.people = self.people[EACH:]
                self.asked.append(group)
                outing = self.chance.choice(self.outings)
        if line is None:
            self._register(session, outing, group)
        else:
            self._free(session, line)
        return True

    def _register(self, session, outing, group):
        lines = [{"beneficiary_id": person} for person in group]
        for state in ("confirmed", "waiting"):
            with suppress(RpcError):
                ids = session.call(
                    "culture.outing", "action_register", [outing], lines, state
                )
                with self.lock:
                    self.told.update(zip(ids, group, strict=True))
                return

    def _free(self, session, line):
        with suppress(RpcError):
            session.call("culture.registration", "action_cancel", [line])
            with self.lock:
                self.freed.add(line)


def start_jobs(sql, database, done):
    """Have the scheduler run the jobs, again and again."""
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        while not done.wait(0.3):
            sql(
                "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC'"
                " - interval '1 minute' WHERE id IN (SELECT res_id FROM ir_model_data"
                "  WHERE model = 'ir.cron' AND name IN %s)",
                JOBS,
            )
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [database])


def run_jobs(session, scheme):
    """Each until it has nothing left to do."""
    for job in JOBS:
        session.call(
            "ir.cron",
            "method_direct_trigger",
            [scheme.ref(f"culture_partnership.{job}")],
        )


@pytest.fixture
def set_up(scheme, referent, sql, gateway):
    """Outings of tomorrow (reminded today) and of next week (offers pass on)."""
    sql(
        "UPDATE culture_sending SET email_from = 'sorties@example.org',"
        " quiet_from = 24, quiet_to = 0"
    )
    scheme.admin.call("ir.config_parameter", "set_param", "sms.endpoint", gateway.url)
    # nothing else that the scheduler would do first
    sql(
        "UPDATE ir_cron SET active = FALSE WHERE id NOT IN (SELECT res_id"
        "  FROM ir_model_data WHERE model = 'ir.cron' AND name IN %s)",
        JOBS,
    )
    tomorrow = [
        scheme.outing(referent, SEATS, date_begin=f"{day(days=1)} 11:00:00")
        for _ in range(KILLS)
    ]
    later = [
        scheme.outing(referent, SEATS, date_begin=moment(days=days))
        for days in (12, 13)
    ]
    people = referent.call(
        "culture.beneficiary",
        "create",
        [
            {
                "first_name": f"P{number}",
                "last_name": "Test",
                "structure_id": scheme.structure,
                "channel": "sms" if number % 4 == 0 else "email",
                "phone": f"06 39 98 {number // 100:02} {number % 100:02}",
                "email": f"p{number}@example.org",
            }
            for number in range(A_ROUND * KILLS)
        ],
    )
    sessions = [referent, *(scheme.user(f"c{n}", "coordinator") for n in range(2))]
    sessions += [referent.twin() for _ in range(CLIENTS - len(sessions))]
    return Chaos(sessions, tomorrow, later, people)


# two who free one place: the host logs who lost, and runs it again
@pytest.mark.expected_in_log("could not serialize access")
@pytest.mark.workers(2, cron=1)
def test_killed_again_and_again(
    database, start_server, server, mailbox, gateway, scheme, sql, set_up
):
    chaos = set_up
    trap = gateway.trap = Trap(chaos.chance)
    mailbox.handle_DATA = taking(mailbox, trap)
    for number in range(KILLS):
        run_out(sql)
        one_round(sql, database, chaos, trap, server, number % 3)
        # the last one finishes what is left, by hand
        server = start_server(
            workers=2, cron_threads=int(number < KILLS - 1), options=mailbox.options
        )
    admin = scheme.admin.twin()
    admin.url = server.url
    # a sender is taken for dead after a quarter of an hour
    sql(
        "UPDATE culture_reminder SET claimed_date = claimed_date - interval '1 hour'"
        " WHERE state = 'sending'"
    )
    run_jobs(admin, scheme)
    run_jobs(admin, scheme)
    check_registrations(sql, chaos)
    check_messages(sql, mailbox, gateway)
    states = sql("SELECT state, count(*) FROM culture_reminder GROUP BY state")
    print(
        f"{KILLS} kills: {len(chaos.asked)} groups asked for places, {len(chaos.told)}"
        f" registrations and {len(chaos.freed)} freed places acknowledged,"
        f" {count_offers(sql)} offers; {len(mailbox.received)} mails,"
        f" {sum(gateway.received.values())} SMS; ledger {dict(states)}"
    )


def one_round(sql, database, chaos, trap, server, kind):
    """Everybody acts, and the server dies: among registrations, messages or offers."""
    done = threading.Event()
    jobs = threading.Thread(target=start_jobs, args=(sql, database, done))
    if kind == 1:
        trap.set(server, chaos.chance.randint(1, 4))
    clients = chaos.storm(server.url)
    jobs.start()
    try:
        if kind == 1:
            assert trap.sprung.wait(PATIENCE), "no message leaves"
            return
        chaos.wait_for(chaos.chance.randint(4, 16))
        if kind == 2:
            run_out(sql)
            offers = count_offers(sql)
            deadline = time.monotonic() + PATIENCE / 10
            while count_offers(sql) <= offers and time.monotonic() < deadline:
                time.sleep(0.01)
    finally:
        server.stop()
        done.set()
        for thread in (jobs, *clients):
            thread.join()


def taking(mailbox, trap):
    take = mailbox.handle_DATA

    async def handle(server, session, envelope):
        if trap.springs():
            return "451 Later"
        return await take(server, session, envelope)

    return handle


def count_offers(sql):
    return sql(
        "SELECT count(*) FROM culture_registration_log WHERE state_to = 'offered'"
    )[0][0]


def run_out(sql):
    """Offers end, so that others get one."""
    sql(
        "UPDATE culture_registration"
        "   SET offer_expiry = now() AT TIME ZONE 'UTC' - interval '1 minute'"
        " WHERE state = 'offered'"
    )


def check_registrations(sql, chaos):
    for outing, taken, seats, most in sql(
        f"""SELECT o.id, o.seats_taken, o.seats_max,
                   coalesce(sum(line.seats) FILTER (WHERE line.state IN {SEATED}), 0)
              FROM culture_outing o
              LEFT JOIN culture_registration line ON line.outing_id = o.id
             GROUP BY o.id"""
    ):
        assert taken == most <= seats, outing
    lines = sql("SELECT id, beneficiary_id, outing_id, state FROM culture_registration")
    states = {id_: state for id_, __, __, state in lines}
    people = {person: id_ for id_, person, __, __ in lines}
    for line, person in chaos.told.items():
        assert people[person] == line, "what was answered is lost"
    for line in chaos.freed:
        assert states[line] == "cancelled", "a place is freed once for all"
    for group in chaos.asked:
        assert len([p for p in group if p in people]) in (0, EACH), "half of a group"
    traced, offers = {}, Counter()
    for line, before, after in sql(
        "SELECT registration_id, state_from, state_to FROM culture_registration_log"
        " ORDER BY id"
    ):
        assert traced.get(line) == before, f"registration {line}: a state without trace"
        traced[line] = after
        offers[line] += after == "offered"
    assert traced == states, "trace and state tell the same"
    assert max(offers.values()) <= 1, "a place is offered once"
    [[waiting]] = sql(
        """SELECT count(*) FROM culture_registration line
             JOIN culture_outing o ON o.id = line.outing_id
            WHERE line.state = 'waiting' AND line.offered_at IS NULL
              AND o.seats_taken < o.seats_max
              AND o.cancel_deadline > now() AT TIME ZONE 'UTC' + interval '3 hours'"""
    )
    assert not waiting, "somebody waits before a free place"


def check_messages(sql, mailbox, gateway):
    rows = sql(
        """SELECT person.email, '+33' || substr(replace(person.phone, ' ', ''), 2),
                  reminder.kind, reminder.channel, reminder.state, reminder.to_tell,
                  reminder.activity_id IS NOT NULL
             FROM culture_reminder reminder
             JOIN culture_beneficiary person ON person.id = reminder.beneficiary_id
            WHERE reminder.state <> 'withdrawn'"""
    )
    sent, doubt = Counter(), Counter()
    sunday = datetime.now(ZoneInfo("Europe/Paris")).weekday() == SUNDAY
    for email, number, kind, channel, state, to_tell, task in rows:
        address = number if channel == "sms" else email
        if state == "sent":
            sent[address] += 1
        elif state == "doubt":
            doubt[address] += 1
            assert not to_tell or task, "somebody says what was perhaps not sent"
        else:
            later = sunday and kind not in ("eve", "change", "cancellation")
            assert state == "to_send" and later, (kind, channel, state)
    arrived, texts = Counter(gateway.received), defaultdict(set)
    for [recipient], mail in mailbox.received:
        # not what the host writes to its users
        if PERSONS.match(recipient):
            arrived[recipient, mail["Subject"]] += 1
    assert set(arrived.values()) == {1}, "twice the same"
    for address, text in arrived:
        texts[address].add(text)
    for address in texts.keys() | sent.keys() | doubt.keys():
        count = len(texts[address])
        least, most = sent[address], sent[address] + doubt[address]
        assert least <= count <= most, (address, texts[address], least, most)
    expected = sql(
        """SELECT count(*) FROM culture_registration line
            WHERE state IN ('confirmed', 'offered') AND NOT EXISTS (
                  SELECT 1 FROM culture_reminder reminder
                   WHERE reminder.registration_id = line.id
                     AND reminder.state <> 'withdrawn'
                     AND reminder.kind = CASE line.state
                         WHEN 'offered' THEN 'offer' ELSE 'confirmation' END)"""
    )
    assert expected == [(0,)], "somebody was forgotten"
    assert sql("SELECT count(*) FROM sms_sms") == [(0,)], "no text is kept"
    mails = sql("SELECT count(*) FROM mail_mail WHERE email_to ~ 'p[0-9]+@'")
    assert mails == [(0,)], "no mail is kept"
