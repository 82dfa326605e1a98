"""google-cloud-logging's own API: its real client, HTTP's and gRPC's, against a server of the test's own."""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

import interpreters
import pytest
from processes import Host, Run

HERE = Path(__file__).parent
# What each Python can have. The oldest use what later releases of their requirements have left out.
OLDEST = ("google-cloud-logging==1.15.3", "six", "setuptools<81")
SECOND = ("google-cloud-logging==2.0.0", "setuptools<81")
NEWEST = ("google-cloud-logging>=3.14",)
RELEASES = [("3.8", OLDEST), ("3.8", NEWEST), ("3.9", SECOND), ("3.11", OLDEST), ("3.11", NEWEST), ("3.13", NEWEST)]
IDS = [f"{version}-{requirements[0].rpartition('=')[2]}" for version, requirements in RELEASES]

STRINGS = {
    "enum": "connected",
    "int": "notice",
    "str": "Admin-User",
    "author": "the color Red",
    "flag": "read|exec",
    "class": "State",
}


@functools.lru_cache(maxsize=None)
def written(version: str, requirements: tuple[str, ...], transport: str, flag: str, **settings: str) -> Any:
    """What each cell of `cloud_host` wrote, or that it raised."""
    python = interpreters.venv(version, interpreters.NEWEST_WRAPT, *requirements)
    with tempfile.TemporaryDirectory() as folder:
        # Without warnings: of releases that are too old for their Python, or Pythons too old for their release.
        run = Host(Path(folder), python)(
            "-W", "ignore", HERE / "cloud_host.py", transport, flag=flag, measured=False, timeout=120, **settings
        )
    assert (run.code, run.stderr) == (0, ""), run.stderr
    return json.loads(run.stdout)


@pytest.fixture(params=RELEASES, ids=IDS)
def release(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=["http", "grpc"])
def transport(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


def number(value: object) -> int:
    """A number that one transport writes as it is and the other as a 64-bit number's text."""
    return int(str(value))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_cell_is_written_and_shows_the_one_string(release: Any, transport: str) -> None:
    cells = written(*release, transport, "1")
    assert [name for name, cell in cells.items() if isinstance(cell, str)] == []
    for way in ("now", "batch"):
        for kind, string in STRINGS.items():
            assert cells[f"{way} value {kind}"]["jsonPayload"] == {"a": string, "b": [1, {"c": [string]}]}
            assert cells[f"{way} key {kind}"]["jsonPayload"] == {string: {string: 1}}
            assert cells[f"{way} text {kind}"]["textPayload"] == string
            assert cells[f"{way} label {kind}"]["labels"] == {"a": string}
            assert cells[f"{way} method {kind}"]["httpRequest"] == {"requestMethod": string}
            if f"{way} log {kind}" in cells:  # from 3.0 on
                assert cells[f"{way} log {kind}"]["textPayload"] == string
                assert cells[f"{way} log struct {kind}"]["jsonPayload"] == {"a": string}
    assert cells["now default label"]["labels"] == {"a": "connected"}
    assert cells["batch default label"]["default labels"] == {"a": "connected"}
    assert "state connected" in json.dumps(cells["handler"])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_numbers_and_severities_are_what_the_api_takes(release: Any, transport: str) -> None:
    cells = written(*release, transport, "1")
    notice = {"http": 300, "grpc": "NOTICE"}[transport]
    emergency = {"http": 800, "grpc": "EMERGENCY"}[transport]
    none = {"http": "DEFAULT", "grpc": None}[transport]  # protobuf's own default is left out
    severities = {"ERROR": "ERROR", "LOUD": "WARNING", "HIGH": emergency, "STRANGE": none, "NOTICE": notice}
    for way in ("now", "batch"):
        for name, expected in severities.items():
            assert cells[f"{way} severity {name}"].get("severity") == expected
        assert cells[f"{way} status"]["httpRequest"] == {"status": 404, "requestMethod": "GET"}
        assert cells[f"{way} status of a plain enum"]["httpRequest"] == {"status": 1}
        assert not cells[f"{way} status that is none"].get("httpRequest")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_without_the_shim_it_raises_and_what_holds_no_enum_is_the_same(release: Any, transport: str) -> None:
    off, on = (written(*release, transport, flag) for flag in ("0", "1"))
    for way in ("now", "batch"):
        assert off[f"{way} value enum"].startswith("raised")
        assert off[f"{way} key enum"].startswith("raised")
        assert off[f"{way} text enum"].startswith("raised")
        assert off[f"{way} label enum"].startswith("raised")
        assert off[f"{way} method enum"].startswith("raised")
        if f"{way} log enum" in off and (transport, way) != ("http", "now"):
            assert "textPayload" not in off[f"{way} log enum"]  # written, and the message lost
        same = ("plain", "status", "severity NOTICE", "text str", "label str")
        assert [on[f"{way} {name}"] for name in same] == [off[f"{way} {name}"] for name in same]
    assert "State.CONNECTED" in json.dumps(off["handler"])


@pytest.mark.parametrize("settings", [{"SKIP": "google-cloud-logging"}, {"KEEP": "logger:app"}], ids=str)
def test_what_is_left_alone(settings: dict[str, str]) -> None:
    cells = written("3.11", NEWEST, "grpc", "1", **settings)
    for way in ("now", "batch"):
        for cell in ("value enum", "value author", "text enum", "severity ERROR"):
            assert cells[f"{way} {cell}"] == "raised ValueError"


def test_a_class_that_is_kept() -> None:
    cells = written("3.11", NEWEST, "grpc", "1", KEEP="__main__:State")
    for way in ("now", "batch"):
        assert cells[f"{way} value enum"] == cells[f"{way} text class"] == "raised ValueError"
        assert cells[f"{way} text author"]["textPayload"] == "the color Red"
        assert cells[f"{way} severity ERROR"]["severity"] == "ERROR"


def test_numbers_that_are_kept_are_text_where_the_api_takes_nothing_else() -> None:
    cells = written("3.11", NEWEST, "grpc", "1", NUMBERS="keep")
    for way in ("now", "batch"):
        assert cells[f"{way} value int"]["jsonPayload"] == {"a": 300, "b": [1, {"c": [300]}]}
        assert cells[f"{way} text int"]["textPayload"] == "notice"
        assert cells[f"{way} label int"]["labels"] == {"a": "notice"}
        assert cells[f"{way} method int"]["httpRequest"] == {"requestMethod": "notice"}


@pytest.mark.parametrize("numbers", ["text", "keep"])
def test_a_records_request_keeps_its_numbers(transport: str, numbers: str) -> None:
    cells = written("3.11", NEWEST, transport, "1", NUMBERS=numbers)
    assert cells["handler status"]["httpRequest"] == {"status": 404, "requestMethod": "GET"}
    assert cells["handler status of a plain enum"]["httpRequest"] == {"status": 1, "requestMethod": "GET"}


INSIDE = """
import sys
import google.cloud.logging_v2.client as client, google.cloud.logging_v2._gapic as gapic
from google.cloud.logging_v2 import logger
owners = client.JSONLoggingAPI, gapic._LoggingAPI, logger.Logger, logger.Batch
before = [dict(vars(owner)) for owner in owners]
import shim
for _ in range(2):
    shim.install(shim.Settings())
    changed = [n for old, o in zip(before, owners) for n in old if vars(o)[n] is not old[n]]
    print(changed)
    shim.uninstall()
    print(all(vars(o)[n] is old[n] for old, o in zip(before, owners) for n in vars(o)))
"""

CHANGED = """
import google.cloud.logging_v2._http as http
del http._LoggingAPI.write_entries
import google.cloud.logging_v2.client, shim
shim.install(shim.Settings(debug=True))
print([hasattr(vars(one).get("log"), "__wrapped__") for one in (google.cloud.logging_v2.client.Logger,)])
"""


@pytest.fixture
def cloud(cwd: Path) -> Host:
    return Host(cwd, interpreters.venv("3.11", interpreters.NEWEST_WRAPT, *NEWEST))


def test_severities_and_numbers_are_those_of_the_protocol(cloud: Host) -> None:
    code = """
from google.logging.type.http_request_pb2 import HttpRequest
from google.logging.type.log_severity_pb2 import LogSeverity
from shim.hooks import google_cloud_logging as hook
print({name: 100 * number for number, name in enumerate(hook._SEVERITIES)} == dict(LogSeverity.items()))
fields = HttpRequest.DESCRIPTOR.fields
integers = [field for field in fields if field.cpp_type in (field.CPPTYPE_INT32, field.CPPTYPE_INT64)]
print(hook._NUMBERS == {name for field in integers for name in (field.name, field.json_name)})
"""
    assert cloud("-W", "ignore", "-c", code, flag=None) == Run(0, "True\nTrue\n", "")


def test_its_undo(cloud: Host) -> None:
    run = cloud("-W", "ignore", "-c", INSIDE, flag=None)
    wrapped = "['write_entries', 'write_entries', 'log', 'log']\nTrue\n"
    assert (run.code, run.stdout, run.stderr) == (0, wrapped * 2, "")


def test_a_release_whose_inside_has_changed_is_a_debug_line(cloud: Host) -> None:
    run = cloud("-W", "ignore", "-c", CHANGED, flag=None)
    assert (run.code, run.stdout) == (0, "[False]\n")
    (line,) = [line for line in run.stderr.splitlines() if "google" in line]
    assert line.startswith("enum-log-shim: google-cloud-logging is not wrapped: its inside has changed")
    assert cloud("-W", "ignore", "-c", CHANGED.replace("debug=True", ""), flag=None).stderr == ""


def test_a_client_without_grpc(cloud: Host) -> None:
    code = "import google.cloud.logging, sys; print('google.cloud.logging_v2._gapic' in sys.modules)"
    run = cloud("-W", "ignore", "-c", code, GOOGLE_CLOUD_DISABLE_GRPC="1", DEBUG="1")
    assert (run.code, run.stdout) == (0, "False\n")
    assert "enum-log-shim: google-cloud-logging is wrapped\n" in run.stderr
