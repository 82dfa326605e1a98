"""loguru's oldest release that formats as today's does (0.5.3), the last one before 0.7, and the newest."""

from __future__ import annotations

import json

import interpreters
import pytest
from processes import Host

OLDEST, OLD, NEWEST = "loguru==0.5.3", "loguru==0.6.0", "loguru"
VERSIONS = ("3.8", interpreters.CURRENT, "3.13")

_START = """
import enum, inspect, json, logging, sys
from http import HTTPStatus
from loguru import logger

class State(enum.Enum):
    CONNECTED = 1

class Level(enum.IntEnum):
    NOTICE = 25

def add(**options):
    logger.remove()
    logger.add(sys.stdout, catch=False, **{"format": "{level.no} {message} {extra}", **options})
"""

_CALLS = """
add()
logger.info("{} {:d} {!r:>13} {.value}", State.CONNECTED, HTTPStatus.OK, State.CONNECTED, State.CONNECTED)
logger.info("{state} {n:05d}", state=State.CONNECTED, n=HTTPStatus.OK)
logger.opt(lazy=True).info("{} {x:d}", lambda: State.CONNECTED, x=lambda: HTTPStatus.OK)
logger.opt(lazy=True).log(5, "{}", lambda: sys.exit("called"))
logger.opt(colors=True).info("<red>{} {:d}</red>", State.CONNECTED, HTTPStatus.OK)
logger.opt(record=True).info("{record[extra][state]}", state=State.CONNECTED)
logger.bind(bound=State.CONNECTED).info(State.CONNECTED)
with logger.contextualize(context={State.CONNECTED: State.CONNECTED}):
    logger.log(Level.NOTICE, [State.CONNECTED])

def patch(record):
    json.dumps(record["extra"])
    record["extra"]["patched"] = State.CONNECTED

logger.configure(extra={"configured": State.CONNECTED}, patcher=patch)
logger.patch(patch).info("patched", state=State.CONNECTED)
"""
_CALLS_LINES = [
    "20 connected 200   'connected' 1 {}",
    "20 connected 00200 {'state': 'connected', 'n': 'ok'}",
    "20 connected 200 {'x': 'ok'}",
    "20 connected 200 {}",
    "20 connected {'state': 'connected'}",
    "20 connected {'bound': 'connected'}",
    "25 ['connected'] {'context': {'connected': 'connected'}}",
    "20 patched {'configured': 'connected', 'state': 'connected', 'patched': 'connected'}",
]

_SINKS = """
def adds(record):
    record["extra"]["added"] = State.CONNECTED
    return True

add(serialize=True, filter=adds)
logger.bind(bound={State.CONNECTED: 1}).info("{}", State.CONNECTED)
add(enqueue=True, format=lambda record: json.dumps(record["extra"]).replace("{", "{{").replace("}", "}}") + "\\n")
logger.info("{}", State.CONNECTED, state=State.CONNECTED)
logger.complete()
logger.remove()
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("%(message)s %(extra)s"))
logger.add(handler, format="{message}")
logger.info("{}", State.CONNECTED, state=State.CONNECTED)
"""

_PLACES = """
class InterceptHandler(logging.Handler):
    def emit(self, record):
        frame, depth = inspect.currentframe(), 0
        while frame and (depth == 0 or frame.f_code.co_filename == logging.__file__):
            frame, depth = frame.f_back, depth + 1
        logger.opt(depth=depth, exception=record.exc_info).log(record.levelname, record.getMessage())

add(format="{name} {function} {line} {message}", diagnose=False)
logging.basicConfig(handlers=[InterceptHandler()], level=0)

def here():
    logger.info("{}", State.CONNECTED)
    logger.info("plain")
    logger.opt(depth=1).info("{}", State.CONNECTED)
    logger.bind(x=State.CONNECTED).patch(lambda record: None).warning("x")
    logging.getLogger("app").info("%s", State.CONNECTED)

def calls():
    here()

calls()

@logger.catch(message="caught")
def raises():
    return 1 / 0

def catches():
    raises()

catches()
"""


@pytest.fixture(params=VERSIONS)
def version(request) -> str:
    return request.param


@pytest.fixture(params=[OLDEST, OLD, NEWEST])
def app(request, cwd, version: str) -> Host:
    return Host(cwd, interpreters.venv(version, interpreters.NEWEST_WRAPT, request.param))


def logged(host: Host, source: str, **options: object) -> list[str]:
    done = host("-c", _START + source, **options)
    assert (done.code, done.stderr) == (0, ""), done
    return done.stdout.splitlines()


@pytest.mark.parametrize("extension", [None, "1"], ids=["C", "pure"])
def test_calls(app: Host, extension: str | None):
    assert logged(app, _CALLS, WRAPT_DISABLE_EXTENSIONS=extension) == _CALLS_LINES


def test_sinks(app: Host):
    serialized, formatted, handled = logged(app, _SINKS)
    record = json.loads(serialized)["record"]
    assert record["message"] == "connected"
    assert record["extra"] == {"bound": {"connected": 1}, "added": "connected"}
    assert formatted == '{"state": "connected"}'
    assert handled == "connected {'state': 'connected'}"


@pytest.mark.parametrize("extension", [None, "1"], ids=["C", "pure"])
def test_file_line_and_function_are_the_hosts(app: Host, extension: str | None):
    without, found = (logged(app, _PLACES, flag=flag, WRAPT_DISABLE_EXTENSIONS=extension) for flag in ("0", "1"))
    assert [line.replace("State.CONNECTED", "connected") for line in without] == found
    assert [line.split()[1] for line in found[:5]] == ["here", "here", "calls", "here", "here"]
    assert any(line.endswith("caught") and line.split()[1] == "catches" for line in found)


def test_without_the_shim_it_raises(app: Host):
    done = app("-c", _START + _CALLS.replace("    json.dumps", "    print(1); json.dumps"), flag="0")
    assert done.code == 1
    assert "not JSON serializable" in done.stderr


def test_it_can_be_skipped(cwd):
    host = Host(cwd, interpreters.venv(interpreters.CURRENT, interpreters.NEWEST_WRAPT, NEWEST))
    done = host("-c", _START + "add()\nlogger.info('{}', State.CONNECTED)", SKIP="loguru", DEBUG="1")
    assert "loguru is not wrapped: ENUM_LOG_SHIM_SKIP names it" in done.stderr
    assert done.stdout == "20 State.CONNECTED {}\n"


def test_a_process_that_does_not_import_it_imports_nothing_for_it(cwd):
    host = Host(cwd, interpreters.venv(interpreters.CURRENT, interpreters.NEWEST_WRAPT, NEWEST))
    source = "import logging, sys; print([name for name in sys.modules if 'loguru' in name or 'braces' in name])"
    done = host("-c", source)
    assert (done.stdout, done.stderr) == ("[]\n", "")
