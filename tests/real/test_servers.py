"""Real servers under the shim: the incident and its end, and that uvicorn's access log is what it was."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from processes import ROOT
from servers import serve

LABELS = "logging.googleapis.com/labels"

STATUS_APP = """
from http import HTTPStatus
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse

class Response(PlainTextResponse):
    async def __call__(self, scope, receive, send):
        await send({"type": "http.response.start", "status": self.status, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body})

async def app(scope, receive, send):
    if scope["type"] == "http":
        response = Response("body")
        response.status = {"/": HTTPStatus.OK, "/gone": HTTPStatus.GONE, "/plain": 418}[scope["path"]]
        await response(scope, receive, send)
"""

# Without colours and with the client's port, which differs, taken out.
ACCESS = re.compile(r'^INFO: +127\.0\.0\.1:\d+ - (".*)$', re.MULTILINE)


def folder(place: Path, name: str) -> Path:
    new = place / name
    new.mkdir()
    return new


def access_lines(place: Path, name: str, flag: str | None) -> list[str]:
    where = folder(place, name)
    (where / "status_app.py").write_text(STATUS_APP)
    with serve("uvicorn", "status_app:app", where, flag) as server:
        for path, status in (("/", 200), ("/gone", 410), ("/plain", 418)):
            assert server.get(path) == (status, "body")
    assert "Traceback" not in server.stdout() + server.stderr()
    return ACCESS.findall(server.stdout())


def test_uvicorns_access_log_is_the_same(tmp_path: Path) -> None:
    lines = access_lines(tmp_path, "plain", None)
    assert lines == [
        '"GET / HTTP/1.1" 200 OK',
        '"GET /gone HTTP/1.1" 410 Gone',
        '"GET /plain HTTP/1.1" 418 I\'m a Teapot',
    ]
    assert access_lines(tmp_path, "off", "0") == lines
    assert access_lines(tmp_path, "on", "1") == lines


@pytest.mark.parametrize("kind", ["uvicorn", "hypercorn"])
def test_the_incident_and_its_end(tmp_path: Path, kind: str) -> None:
    codes, lines = {}, {}
    for flag in ("0", "1"):
        where = folder(tmp_path, flag)
        shutil.copy(ROOT / "shim" / "cli" / "legacy_app.py", where)
        with serve(kind, "legacy_app:app", where, flag) as server:
            paths = ("/labels", "/json_fields", "/key", "/percent", "/fstring")
            codes[flag] = {path: server.close_code(path) for path in paths}
        parsed = [json.loads(line) for line in server.stdout().splitlines() if line.startswith("{")]
        lines[flag] = [line for line in parsed if line.get(LABELS, {}).get("python_logger") == "legacy"]
        if flag == "1":
            assert "Traceback" not in server.stderr()
    # uvicorn drops the connection, or closes it with 1011, by its version.
    assert codes["0"].pop("/labels") in (1006, 1011)
    assert set(codes["0"].values()) == set(codes["1"].values()) == {1000}
    assert len(codes["1"]) == 5
    assert [line["message"] for line in lines["0"]] == ["client is WebSocketState.CONNECTED"] * 2
    labels, fields, key, *texts = lines["1"]
    assert (labels[LABELS]["state"], fields["state"], key["clients"]) == ("connected", "connected", {"connected": 1})
    assert [line["message"] for line in texts] == ["client is connected"] * 2


FSTRING_APP = """
import logging
from fastapi import FastAPI, WebSocket
log = logging.getLogger("uvicorn.error")
app = FastAPI()

@app.websocket("/ws")
async def ws(ws: WebSocket):
    log.info(f"before {ws.client_state} {ws.application_state!s:>12}")
    await ws.accept()
    log.info("after {} {!s}".format(ws.client_state, ws.application_state))
    assert ws.client_state.name == "CONNECTED" and ws.client_state.value == 1 and repr(ws.client_state).startswith("<")
    await ws.close()
    log.info(f"closed {ws.application_state}")
"""


def test_f_strings_of_an_application(tmp_path: Path) -> None:
    seen = {}
    for flag in ("0", "1"):
        where = folder(tmp_path, flag)
        (where / "fstring_app.py").write_text(FSTRING_APP)
        with serve("uvicorn", "fstring_app:app", where, flag) as server:
            assert server.close_code("/ws") == 1000
        found = re.findall(r"INFO: +((?:before|after|closed) .*)", server.stderr())
        seen[flag] = found
    assert seen["1"] == ["before connecting   connecting", "after connected connected", "closed disconnected"]
    assert seen["0"][0].startswith("before WebSocketState.CONNECTING")
