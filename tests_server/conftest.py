"""Tests that drive a running Odoo from outside, over HTTP, as its users do.

`scripts/test tests_server` prepares what stands in the environment:

- `CULTURE_ODOO_BIN`   how to call Odoo's command line
- `CULTURE_ODOO_CONF`  a configuration file
- `CULTURE_DATABASE`   a database with the addon installed, never written to here
- `CULTURE_FILESTORE`  the folder of all filestores
- `CULTURE_RUN`        where the logs go
- `PGHOST` and the like, for `createdb`, `psql` and psycopg2

Passwords: admin/admin. Tests create the other users that they need.
"""

import contextlib
import copy
import email
import email.policy
import itertools
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import requests
from aiosmtpd.controller import Controller

sys.path.append(str(Path(__file__).parents[1] / "host" / "tools"))
from check_log import complaints
from scheme import Scheme

numbers = itertools.count(1)
drops = []
START_SECONDS = 60
ADDONS_PATH = ",".join(
    (
        re.search(
            r"^addons_path = (.+)$",
            Path(os.environ["CULTURE_ODOO_CONF"]).read_text(),
            re.MULTILINE,
        )[1],
        str(Path(__file__).with_name("addons")),
    )
)
"""What the configuration names, and what only the tests load."""


class RpcError(Exception):
    """What the server answers instead of a result; `name` is the exception's."""

    def __init__(self, error):
        data = error.get("data", {})
        self.name = data.get("name", "")
        super().__init__(f"{self.name}: {data.get('message') or error.get('message')}")


class Rpc:
    """The JSON-RPC calls of one user's browser session."""

    def __init__(self, url, database, login, password):
        self.url = url
        self.session = requests.Session()
        answer = self.post(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )
        self.uid = answer["uid"]
        self.context = answer["user_context"]

    def twin(self):
        """The same user's session on a connection of its own."""
        twin = copy.copy(self)
        twin.session = requests.Session()
        twin.session.cookies.update(self.session.cookies)
        return twin

    def post(self, path, params):
        response = self.session.post(
            self.url + path,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=120,
        )
        response.raise_for_status()
        answer = response.json()
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer.get("result")

    def call(self, model, method, *args, **kwargs):
        """`model.method(*args, **kwargs)`, in the user's context."""
        kwargs.setdefault("context", self.context)
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", params)


class Server:
    """An Odoo server on one database, on a free port of this machine."""

    def __init__(self, database, workers=0, cron_threads=0, options=()):
        self.database = database
        self.port, gevent_port = free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = Path(os.environ["CULTURE_RUN"], f"{database}-{self.port}.log")
        self.process = subprocess.Popen(
            [
                *shlex.split(os.environ["CULTURE_ODOO_BIN"]),
                "server",
                f"--config={os.environ['CULTURE_ODOO_CONF']}",
                f"--database={database}",
                f"--db-filter=^{database}$",
                f"--http-port={self.port}",
                f"--gevent-port={gevent_port}",
                f"--workers={workers}",
                f"--max-cron-threads={cron_threads}",
                f"--addons-path={ADDONS_PATH}",
                "--load=base,rpc,web,quick_passwords",
                f"--logfile={self.log}",
                *options,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait(self):
        """Until it answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"{self.url}/web/health", timeout=10).ok:
                    return
            time.sleep(0.1)
        pytest.fail(f"the server did not start:\n{self.log.read_text()[-4000:]}")

    def rpc(self, login="admin", password=None):
        """A new session; the password is the login unless it is given."""
        return Rpc(self.url, self.database, login, password or login)

    def stop(self):
        """With its workers, at once, and again if a test has done it already."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def free_ports(count):
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@pytest.fixture
def database():
    """The name of a copy of the installed database, dropped afterwards."""
    source = os.environ["CULTURE_DATABASE"]
    process = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = f"{source}_server_{process}{next(numbers)}"
    filestore = Path(os.environ["CULTURE_FILESTORE"])
    if (filestore / source).exists():
        shutil.copytree(filestore / source, filestore / name, copy_function=os.link)
    subprocess.run(["createdb", "-T", source, name], check=True)
    yield name
    # it waits for the disk, which the next test need not do
    drops.append(subprocess.Popen(["dropdb", "--force", name]))
    shutil.rmtree(filestore / name, ignore_errors=True)


@pytest.fixture
def start_server(database, request):
    """Start servers on the test's database: `start_server(workers=2)`.

    They stop after the test, which fails if one of them logged a warning of the addon
    that none of the patterns of `@pytest.mark.expected_in_log("...", "...")` finds.
    """
    servers = []

    def start(**options):
        servers.append(Server(database, **options))
        servers[-1].wait()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
    marks = request.node.iter_markers("expected_in_log")
    expected = [pattern for mark in marks for pattern in mark.args]
    if found := [
        entry
        for server in servers
        for entry in complaints(server.log)
        if not any(re.search(pattern, entry) for pattern in expected)
    ]:
        pytest.fail("logged by the addon:\n" + "\n".join(found), pytrace=False)


class Mailbox:
    """A real SMTP server: recipients and message of each mail, in `received`."""

    def __init__(self):
        self.received = []
        [port] = free_ports(1)
        self.controller = Controller(self, hostname="127.0.0.1", port=port)
        self.options = ("--smtp=127.0.0.1", f"--smtp-port={port}")

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.received.append((envelope.rcpt_tos, mail))
        return "250 OK"

    def wait_for(self, count):
        """Until so many mails have come; Odoo sends them after its commit."""
        deadline = time.monotonic() + START_SECONDS
        while len(self.received) < count and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(self.received) >= count, f"{len(self.received)} mails of {count}"
        return self.received


@pytest.fixture
def mailbox():
    """The SMTP server to which the test's `server` sends its mails."""
    mailbox = Mailbox()
    mailbox.controller.start()
    yield mailbox
    mailbox.controller.stop()


@pytest.fixture
def server(start_server, request):
    """One server; threaded, or with the workers of `@pytest.mark.workers(2, cron=1)`.

    Its mails go to the test's `mailbox`, when the test asks for one.
    """
    marker = request.node.get_closest_marker("workers")
    options = ()
    if "mailbox" in request.fixturenames:
        options = request.getfixturevalue("mailbox").options
    workers = marker.args[0] if marker else 0
    cron = marker.kwargs.get("cron", 0) if marker else 0
    return start_server(workers=workers, cron_threads=cron, options=options)


@pytest.fixture
def rpc(server):
    """`rpc(login, password)`: a session of that user on the server."""
    return server.rpc


@pytest.fixture
def sql(database):
    """`sql(query, *parameters)`: rows straight from the database, committed."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True

    def run(query, *parameters):
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall() if cursor.description else None

    yield run
    connection.close()


@pytest.fixture
def scheme(rpc, sql):
    """What an administrator sets up on the server."""
    return Scheme(rpc, sql)


@pytest.fixture
def referent(scheme):
    """A referent's session."""
    return scheme.user("referent", "referent")


@pytest.fixture
def person(scheme, referent):
    """Somebody whom the referent follows."""
    [person] = scheme.people(referent, [("Ada", "Test")])
    return person


def pytest_sessionfinish(session):
    assert not any(drop.wait() for drop in drops), "a database was not dropped"


def pytest_configure(config):
    for marker in (
        "workers(count, cron=0): of the server, and of its scheduler; 0 is threaded",
        "expected_in_log(*patterns): warnings that the test provokes",
    ):
        config.addinivalue_line("markers", marker)
