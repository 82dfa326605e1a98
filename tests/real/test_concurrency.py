"""Log calls in many places at once, and while the interpreter ends: no record is lost or there twice."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Callable

import pytest
from processes import ROOT, Host, Run

CONCURRENT = ("-W", "ignore:This process:DeprecationWarning", ROOT / "tests" / "real" / "concurrent_host.py")
SCENARIOS = ("mutated", "tasks", "forks", "signals", "collected")


def check(done: Run, kinds: str) -> int:
    """Each process's records are there once each, all of these kinds (the first letters of their types)."""
    assert (done.code, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    records = Counter((pid, int(number)) for kind, pid, number, *_ in lines if kind == "record")
    logged = {pid: int(number) for kind, pid, number in (line for line in lines if line[0] == "logged")}
    assert records == Counter((pid, number) for pid, most in logged.items() for number in range(most))
    assert {line[3] for line in lines if line[0] == "record"} == {kinds}
    return len(records)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_each_record_comes_out_once(scenario: str, any_host: Host) -> None:
    check(any_host(*CONCURRENT, scenario, measured=False, timeout=120), "sss")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_while_sites_are_recorded(
    scenario: str, host: Host, tmp_path: Path, figure: Callable[[str, str], None]
) -> None:
    count = check(host(*CONCURRENT, scenario, measured=False, timeout=120, SITES=tmp_path / "sites"), "sss")
    observed = host(*CONCURRENT, scenario, flag="observe", measured=False, timeout=120, SITES=tmp_path / "sites")
    assert check(observed, "SSS") > 100
    figure(f"concurrency, {scenario}", f"{count:,} of {count:,} records, each once")


IMPORTS = """
import enum, logging, sys
class State(enum.Enum):
    ONE = 1
class Level(enum.IntEnum):
    NOTICE = 25
logging.basicConfig(stream=sys.stdout, level=1, format="%(message)s")
log = logging.getLogger("imports")
imported = []
sys.addaudithook(lambda event, arguments: imported.append(arguments[0]) if event == "import" else None)
log.info("%s %d", State.ONE, Level.NOTICE, extra={"state": State.ONE, "inner": {"a": [State.ONE, {State.ONE}]}})
log.info({State.ONE: [State.ONE]})
log.log(Level.NOTICE, "%(state)s", {"state": State.ONE})
log.handle(logging.makeLogRecord({"msg": "%s", "args": (State.ONE,), "levelno": 20}))
print(imported, len(imported))
"""


@pytest.mark.parametrize(
    ("flag", "sites"), [("0", None), ("1", None), ("1", "folder"), ("1", "stderr"), ("observe", "folder")]
)
def test_a_log_call_imports_nothing(flag: str, sites: str | None, any_host: Host, tmp_path: Path) -> None:
    """A child that is forked while another thread imports a module waits for ever where it wants that module too."""
    done = any_host("-c", IMPORTS, flag=flag, measured=False, SITES=tmp_path / "sites" if sites == "folder" else sites)
    assert (done.code, done.stdout.splitlines()[-1]) == (0, "[] 0")
    assert ("one 25" in done.stdout) is (flag == "1")
    assert (tmp_path / "sites").exists() is (sites == "folder")


END = """
import atexit, enum, logging, sys, threading, weakref
logging.basicConfig(stream=sys.stdout, level=20, format="%(message)s %(state)s")
class State(enum.Enum):
    ONE = 1
def tell(text, log=logging.getLogger("end"), State=State):
    log.info("%s %s", text, State.ONE, extra={"state": State.ONE})
class Thing:
    tell = staticmethod(tell)
    def __init__(self, text):
        self.text = text
    def __del__(self):
        self.tell(self.text)
tell("start")
"""
ENDINGS = {
    "atexit": "atexit.register(tell, 'atexit')",
    "atexit, before logging": "logging.raiseExceptions = False; atexit.register(logging.shutdown); thing = Thing('x')",
    "weakref.finalize": "thing = Thing('deleted'); weakref.finalize(thing, tell, 'finalized')",
    "del in the main module": "thing = Thing('deleted')",
    "del in a cycle": "thing = Thing('deleted'); thing.cycle = thing; del thing",
    "del in logging": "logging.thing = Thing('deleted')",
    "del in enum": "enum.thing = Thing('deleted')",
    "a thread that is waited for": "threading.Thread(target=lambda: [tell(n) for n in range(50)]).start()",
    "an error": "thing = Thing('deleted'); atexit.register(tell, 'atexit'); raise ValueError('the host')",
    "sys.exit": "thing = Thing('deleted'); sys.exit(3)",
    "excepthook": "sys.excepthook = lambda *error: tell('hook'); raise ValueError('the host')",
}
ADDRESS = re.compile(" at 0x[0-9a-f]+")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_record_of_an_interpreter_that_ends(ending: str, any_host: Host) -> None:
    off, on = (any_host("-c", END + ENDINGS[ending], flag=flag, measured=False) for flag in ("0", "1"))
    assert off.stdout.startswith("start State.ONE State.ONE\n")
    assert (on.code, on.stdout) == (off.code, off.stdout.replace("State.ONE", "one"))
    assert ADDRESS.sub("", on.stderr) == ADDRESS.sub("", off.stderr)


DAEMON = """
def log_on():
    while True:
        tell("daemon")
threading.Thread(target=log_on, daemon=True).start()
while threading.active_count() < 2:
    pass
"""


def test_a_daemon_thread_that_logs_till_the_end(any_host: Host) -> None:
    for _ in range(5):
        done = any_host("-c", END + DAEMON, measured=False)
        assert done.code == 0
        # Where the thread is stopped is luck: CPython may find the lock of stdout held (`_enter_buffered_busy`).
        assert "enum_log_shim" not in done.stderr
        assert str(ROOT) not in done.stderr
        lines = done.stdout.splitlines()
        assert {line for line in lines[1:-1] if line} <= {"daemon one one"}
        assert lines[0] == "start one one"
        assert "State" not in done.stdout
