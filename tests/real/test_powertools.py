"""AWS Lambda Powertools: the oldest release that collects a line's keys in one place (1.10), and the newest."""

from __future__ import annotations

import json

import interpreters
import pytest
from processes import Host

OLDEST, NEWEST = "aws-lambda-powertools==1.10.0", "aws-lambda-powertools"
OLDER = "aws-lambda-powertools==1.9.1"
# 1.10 imports distutils, which 3.12 has not.
RELEASES = [("3.8", OLDEST), ("3.8", NEWEST), ("3.11", OLDEST), ("3.11", NEWEST), ("3.13", NEWEST)]

_START = """
import enum, functools, json, logging, sys
from http import HTTPStatus
from aws_lambda_powertools import Logger

class State(enum.Enum):
    CONNECTED = 1

class Role(str, enum.Enum):
    ADMIN = "admin-user"

log = Logger(service="orders", stream=sys.stdout, level="INFO", json_default=lambda value: "default " + repr(value))
"""

_APPENDED = """
log.structure_logs(append=True, structured=State.CONNECTED)
log.info("event")
append_keys = getattr(log, "append_keys", None) or functools.partial(log.structure_logs, append=True)  # before 1.11
append_keys(state=State.CONNECTED, by={State.CONNECTED: [HTTPStatus.OK, Role.ADMIN]}, location="%(funcName)s")
log.info("event", extra={"field": State.CONNECTED})
"""

_NEW = """
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

class Own(LambdaPowertoolsFormatter):
    def serialize(self, log):
        return json.dumps(log)  # raises for an enum

log = Logger(service="own", stream=sys.stdout, logger_formatter=Own(made=State.CONNECTED))
log.append_keys(state=State.CONNECTED)
with log.append_context_keys(context={State.CONNECTED: State.CONNECTED}):
    log.info({"message": State.CONNECTED})
log.thread_safe_append_keys(safe=State.CONNECTED)
log.info("safe")
appended, safe = log.get_current_keys()["state"], log.thread_safe_get_current_keys()["safe"]
print(json.dumps([appended is State.CONNECTED, safe is State.CONNECTED]))
"""


def logged(host: Host, source: str, **options: object) -> list[dict]:
    # Some releases warn of a Python that they do not know yet.
    done = host("-W", "ignore", "-c", _START + source, **options)
    assert (done.code, done.stderr) == (0, ""), done
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(params=RELEASES, ids=["-".join(release) for release in RELEASES])
def app(request, cwd) -> Host:
    version, release = request.param
    return Host(cwd, interpreters.venv(version, interpreters.NEWEST_WRAPT, release))


@pytest.fixture
def newest(cwd) -> Host:
    return Host(cwd, interpreters.venv(interpreters.CURRENT, interpreters.NEWEST_WRAPT, NEWEST))


def test_appended_keys(app: Host):
    first, second = logged(app, _APPENDED)
    assert first["structured"] == second["structured"] == second["field"] == second["state"] == "connected"
    assert second["by"] == {"connected": ["ok", "admin-user"]}
    assert second["location"] == "<module>"


def test_context_keys_and_a_formatter_of_the_hosts(newest: Host):
    first, second, theirs = logged(newest, _NEW)
    assert first["message"] == {"message": "connected"}
    assert (first["made"], first["state"], first["context"]) == ("connected", "connected", {"connected": "connected"})
    assert second["safe"] == "connected"
    assert theirs == [True, True]


def test_numbers_may_stay(app: Host):
    _, second = logged(app, _APPENDED, NUMBERS="keep")
    assert second["by"] == {"connected": [200, "admin-user"]}


def test_without_the_shim_it_is_lost(app: Host):
    done = app("-W", "ignore", "-c", _START + _APPENDED, flag="0")
    assert "keys must be str" in done.stderr
    assert "default <State.CONNECTED: 1>" in done.stdout


@pytest.mark.parametrize("kept", ["logger:orders", "__main__:State"])
def test_what_is_kept_stays(newest: Host, kept: str):
    source = "log.append_keys(state=State.CONNECTED)\nlog.info('event')\n"
    assert logged(newest, source, KEEP=kept)[0]["state"] == "default <State.CONNECTED: 1>"


def test_after_the_uninstall_it_stays(newest: Host):
    source = "import shim\nshim.uninstall()\nlog.append_keys(state=State.CONNECTED)\nlog.info('event')\n"
    assert logged(newest, source)[0]["state"] == "default <State.CONNECTED: 1>"


def test_it_can_be_skipped(newest: Host):
    source = "log.append_keys(state=State.CONNECTED)\nlog.info('event')\n"
    done = newest("-c", _START + source, SKIP="powertools", DEBUG="1")
    assert "powertools is not wrapped: ENUM_LOG_SHIM_SKIP names it" in done.stderr
    assert json.loads(done.stdout)["state"] == "default <State.CONNECTED: 1>"


def test_a_release_with_another_inside_is_one_line(cwd):
    host = Host(cwd, interpreters.venv("3.11", interpreters.NEWEST_WRAPT, OLDER))
    done = host("-W", "ignore", "-c", _START + "log.info('event', extra={})\n", DEBUG="1")
    (line,) = [line for line in done.stderr.splitlines() if "powertools" in line]
    assert line.endswith("powertools is not wrapped: its inside has changed: no formatter with _extract_log_keys")
    assert json.loads(done.stdout)["message"] == "event"
