"""Reminders over a real mail server: once at most, whatever dies (I4)."""

import os
import shlex
import signal
import subprocess
from collections import Counter

import pytest
from scheme import day

PEOPLE = 24
RUN = b"env['culture.reminder']._cron_remind()\n"


class Job:
    """The job in a process of its own, as a second worker would run it."""

    def __init__(self, database, mailbox, log):
        self.process = subprocess.Popen(
            [
                *shlex.split(os.environ["CULTURE_ODOO_BIN"]),
                "shell",
                f"--config={os.environ['CULTURE_ODOO_CONF']}",
                f"--database={database}",
                "--no-http",
                f"--logfile={log}",
                *mailbox.options,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.process.stdin.write(RUN)
        self.process.stdin.close()

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def finish(self):
        assert self.process.wait(timeout=120) == 0


@pytest.mark.workers(0)
def test_killed_in_the_middle(database, mailbox, scheme, referent, sql, tmp_path):
    """Threat: a job is killed, two go on: somebody is told twice, or nobody tells.

    The first dies while the mail server has its message in hand. Of the outing of
    tomorrow, which is told on any day of the week.
    """
    outing = scheme.outing(referent, PEOPLE, date_begin=f"{day(days=1)} 11:00:00")
    people = scheme.people(referent, [(f"P{n}", "Test") for n in range(PEOPLE)])
    for number, person in enumerate(people):
        referent.call(
            "culture.beneficiary",
            "write",
            [person],
            {"channel": "email", "email": f"p{number}@example.org"},
        )
    scheme.register(referent, outing, *people)
    sql(
        "UPDATE culture_sending SET email_from = 'sorties@example.org',"
        " quiet_from = 24, quiet_to = 0"
    )
    take = mailbox.handle_DATA

    async def take_and_kill(server, session, envelope):
        mailbox.handle_DATA = take
        victim.kill()
        return await take(server, session, envelope)

    mailbox.handle_DATA = take_and_kill
    victim = Job(database, mailbox, tmp_path / "victim.log")
    victim.process.wait(timeout=120)
    assert len(mailbox.received) == 1
    # a sender is taken for dead after a quarter of an hour
    sql(
        "UPDATE culture_reminder SET claimed_date = claimed_date - interval '1 hour'"
        " WHERE state = 'sending'"
    )
    jobs = [Job(database, mailbox, tmp_path / f"{n}.log") for n in range(2)]
    for job in jobs:
        job.finish()

    rows = sql(
        "SELECT person.email, reminder.state, reminder.to_tell,"
        "       reminder.activity_id IS NOT NULL"
        "  FROM culture_reminder reminder"
        "  JOIN culture_beneficiary person ON person.id = reminder.beneficiary_id"
        " WHERE reminder.kind = 'eve'"
    )
    assert len(rows) == PEOPLE
    arrived = Counter(
        recipient
        for [recipient], mail in mailbox.received
        if mail["Subject"].startswith("Demain")
    )
    assert set(arrived.values()) <= {1}, arrived
    for email, state, to_tell, has_task in rows:
        assert state in ("sent", "doubt"), (email, state)
        if state == "sent":
            assert arrived[email] == 1, email
        else:
            assert to_tell and has_task, email
    everything = sql("SELECT state FROM culture_reminder")
    assert everything.count(("doubt",)) == 1
    [[left]] = sql("SELECT count(*) FROM mail_mail")
    assert left == 0
