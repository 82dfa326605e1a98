"""Hosts of several processes, each of which logs an enum, and what they told with the shim and without it."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, NamedTuple

from processes import ROOT, Run, environment, running

# What logs an enum in the app. A line that could not be written is told on stdout too, so that stderr can be compared.
LOG = """
import enum, json, logging, os, sys

class State(enum.Enum):
    UP = 1

class Line(logging.Formatter):
    def format(self, record):
        names = ("process", "state", "wrapped_by", "finders")
        return json.dumps({"message": record.getMessage(), **{name: getattr(record, name) for name in names}})

class Out(logging.StreamHandler):
    def handleError(self, record):
        print(json.dumps({"process": record.process, "lost": str(sys.exc_info()[1])}), file=self.stream, flush=True)

log = logging.getLogger(__name__)
log.propagate = False
log.addHandler(Out(sys.__stdout__))  # Celery puts something of its own in sys.stdout
log.handlers[0].setFormatter(Line())

def wrappers():
    made = vars(logging.Logger)["makeRecord"]
    while hasattr(made, "__wrapped__"):
        yield made._self_wrapper.__module__.partition(".")[0]
        made = made.__wrapped__

def tell(*ignored):
    finders = [type(finder).__name__ for finder in sys.meta_path].count("EnumLogShimFinder")
    fields = {"state": State.UP, "wrapped_by": list(wrappers()), "finders": finders}
    log.warning("is %s", State.UP, extra=fields)
    return os.getpid()
"""
CONVERTED = {"message": "is up", "state": "up", "wrapped_by": ["_enum_log_shim"], "finders": 1}
LOST = {"lost": "Object of type State is not JSON serializable"}

WSGI = """
import app_log

def app(environ, start_response):
    body = str(app_log.tell()).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
"""
ASGI = """
import app_log

async def app(scope, receive, send):
    if scope["type"] == "http":
        body = str(app_log.tell()).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
"""
TASKS = """
import glob, os, time
import app_log
from celery import Celery
from celery.utils.log import get_task_logger

app = Celery("app_tasks", broker="filesystem://")
folders = {name: "queue" for name in ("data_folder_in", "data_folder_out", "control_folder")}
app.conf.update(broker_transport_options=folders, task_ignore_result=True, worker_prefetch_multiplier=1)
log = get_task_logger(__name__)

@app.task
def tell():
    log.warning("task is %s", app_log.State.UP)
    app_log.tell()
    open("%d.told" % os.getpid(), "w").close()
    until = time.monotonic() + 20
    while len(glob.glob("*.told")) < 2 and time.monotonic() < until:  # so that the next task is the other process's
        time.sleep(0.02)
"""
# Imports logging only when it is called, in the child, where the main module has not.
WORK = """
def work(*ignored):
    import app_log
    app_log.tell()
"""
FILES = {
    "app_log.py": LOG,
    "app_work.py": WORK,
    "app_wsgi.py": WSGI,
    "app_asgi.py": ASGI,
    "app_tasks.py": TASKS,
    # The socket's place is shared by all masters of a user, and its line on stderr may come too late to be seen.
    "gunicorn.conf.py": "control_socket_disable = True\n",
}

SECONDS = 40
VARYING = re.compile(r"0x[0-9a-f]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")


class Told(NamedTuple):
    """What a host told. stderr: its lines, sorted because processes take turns as they like, and without what varies
    from run to run. lines: those of JSON on stdout.
    """

    code: int
    stderr: list[str]
    lines: list[dict[str, Any]]
    main: int | None = None

    def lines_without_pid(self) -> list[dict[str, Any]]:
        return [{name: value for name, value in line.items() if name != "process"} for line in self.lines]

    def pids(self) -> set[int]:
        return {line["process"] for line in self.lines}


def told(run: Run, folder: Path, main: int | None = None) -> Told:
    lines = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    stderr = VARYING.sub("N", run.stderr.replace(str(folder), "FOLDER"))
    return Told(run.code, sorted(stderr.splitlines()), lines, main)


def app_folder(place: Path, name: str) -> Path:
    folder = place / name
    folder.mkdir()
    for file, text in FILES.items():
        (folder / file).write_text(text)
    (folder / "queue").mkdir()
    return folder


def shim_environment(shim: bool) -> dict[str, str]:
    """With the shim on, or without even the door; and without coverage, which imports what some hosts patch."""
    return environment([ROOT] if shim else [], measured=False, ENUM_LOG_SHIM="1" if shim else None)


def with_and_without(place: Path, tell: Callable[[Path, bool], Told]) -> tuple[Told, Told]:
    """What `tell` returns for a folder of its own, with the shim and without it; at once, as most of it is waiting."""
    with ThreadPoolExecutor(2) as pool:
        on = pool.submit(tell, app_folder(place, "on"), True)
        off = pool.submit(tell, app_folder(place, "off"), False)
    return on.result(), off.result()


@contextlib.contextmanager
def master(command: list[object], folder: Path, shim: bool, **more: Any) -> Iterator[list[Told]]:
    """A running host. What it told, and how it ended after SIGTERM, is in the list when it has ended."""
    outcome: list[Told] = []
    with running(command, env=shim_environment(shim), cwd=folder, **more) as process:
        yield outcome
    texts = [(folder / name).read_text() for name in ("stdout.log", "stderr.log")]
    outcome.append(told(Run(process.returncode, *texts), folder, process.pid))


def serve(python: Path, command: str, folder: Path, shim: bool, between: Callable[[Path], None] | None = None) -> Told:
    """A server, until two processes of it have answered. between: what happens after the first has.

    command: `{fd}` in it is the number of the listening socket, which is handed over.
    """
    pids: set[int] = set()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.fileno()
        parts = command.format(fd=number).split()
        with master([python, "-m", *parts], folder, shim, pass_fds=[number]) as outcome:
            port = listener.getsockname()[1]
            listener.close()
            wait_until(lambda: ask(port, pids) == 1, folder)
            if between is not None:
                between(folder)
            wait_until(lambda: ask(port, pids) == 2, folder)
    assert outcome[0].pids() == pids
    return outcome[0]


def ask(port: int, pids: set[int]) -> int:
    """Adds the pid of the process that answers; says how many there are."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    with contextlib.closing(connection), contextlib.suppress(ConnectionError):  # of a process that ends in a reload
        connection.request("GET", "/")
        pids.add(int(connection.getresponse().read()))
    return len(pids)


def wait_until(condition: Callable[[], bool], folder: Path, seconds: float = SECONDS) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, (folder / "stderr.log").read_text()
        time.sleep(0.01)


def edit_until_seen(folder: Path) -> None:
    """Edits the app's source, again where the server had not yet had its first look at it."""
    source, stderr = folder / "app_asgi.py", folder / "stderr.log"
    for _ in range(50):
        source.write_text(source.read_text() + "# edited\n")
        with contextlib.suppress(AssertionError):
            return wait_until(lambda: "Reloading" in stderr.read_text(), folder, 0.4)
    raise AssertionError(stderr.read_text())
