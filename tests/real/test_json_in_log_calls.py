"""JSON that is made inside of a log call, in real interpreters and under real servers: what the incident was."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Callable

import pytest
from instructions import counted, is_possible
from processes import ROOT, Host, Run, environment
from servers import serve

APP = """
import json, logging, sys
from loguru import logger
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

class CentralLogger:
    def debug(self, message):
        logger.opt(depth=1).debug(message)

central_logger = CentralLogger()
logger.remove()
logger.add(sys.stdout, format="loguru {message}", level="DEBUG")
log = logging.getLogger("app")
log.addHandler(logging.StreamHandler(sys.stdout))
log.setLevel(logging.DEBUG)
quiet_log = logging.getLogger("app.quiet")
quiet_log.setLevel(logging.ERROR)

def endpoint(act):
    async def handle(ws):
        await ws.accept()
        attempt = {"user": "ann", "client_state": ws.client_state}
        try:
            raise PermissionError("no token")
        except PermissionError:
            await act(ws, attempt)
        await ws.close()
    return handle

async def standard(ws, attempt): log.debug(f"auth attempt: {json.dumps(attempt)}")
async def own(ws, attempt): central_logger.debug(f"auth attempt: {json.dumps(attempt)}")
async def disabled(ws, attempt): quiet_log.debug(f"auth attempt: {json.dumps(attempt)}")
async def shown(ws, attempt): log.debug(f"auth attempt: {attempt}")
async def sends(ws, attempt): await ws.send_json(attempt)
async def before(ws, attempt):
    text = json.dumps(attempt)
    log.debug(text)

acts = (standard, own, disabled, shown, sends, before)
app = Starlette(routes=[WebSocketRoute("/" + act.__name__, endpoint(act)) for act in acts])
"""
DEAD = {"uvicorn": (1006, 1011), "hypercorn": (1011,)}  # uvicorn's is 1006 or 1011, by its version


@pytest.mark.parametrize("kind", DEAD)
def test_the_incident_as_it_was(tmp_path: Path, kind: str) -> None:
    codes: dict[str, dict[str, int]] = {}
    output = {}
    for flag in ("0", "1"):
        where = tmp_path / flag
        where.mkdir()
        (where / "json_app.py").write_text(APP)
        with serve(kind, "json_app:app", where, flag) as server:
            names = ("standard", "own", "disabled", "shown", "sends", "before")
            codes[flag] = {name: server.close_code("/" + name) for name in names}
        output[flag] = server.stdout()
    assert codes["0"].pop("shown") == 1000
    assert set(codes["0"].values()) <= set(DEAD[kind])
    assert [name for name, code in codes["1"].items() if code == 1000] == ["standard", "own", "disabled", "shown"]
    assert {codes["1"]["sends"], codes["1"]["before"]} <= set(DEAD[kind])
    text = '{"user": "ann", "client_state": "connected"}'
    assert f"auth attempt: {text}\nloguru auth attempt: {text}\n" in output["1"]
    assert "auth attempt: {'user': 'ann', 'client_state': 'connected'}\n" in output["1"]


HOST = """
import enum, json, logging, sys
class State(enum.Enum):
    UP = 1
logging.basicConfig(stream=sys.stdout, level=20, format="%(message)s")
log = logging.getLogger("host")
def to_text(value):
    return json.dumps(value)
def run(name):
    if name == "argument":
        log.info(f"x {json.dumps({'a': State.UP})}")
    elif name == "function":
        log.info(to_text({"a": State.UP}))
    else:
        sys.stdout.write(json.dumps({"a": State.UP}))
run(sys.argv[1])
"""


def run(host: Host, name: str, *options: str, **settings: str) -> Run:
    (host.cwd / "host.py").write_text(HOST)
    return host(*options, "host.py", name, **settings)


@pytest.mark.parametrize("options", [(), ("-O",), ("-OO",), ("-W", "error")], ids=str)
def test_an_argument(any_host: Host, options: tuple[str, ...]) -> None:
    assert run(any_host, "argument", *options) == Run(0, 'x {"a": "up"}\n', "")


def error(done: Run) -> tuple[int, str, str]:
    """How it ended, with the last lines of the traceback, which say what was raised."""
    return done.code, done.stdout, re.sub(r"(?s).*?(\nTypeError: )", r"\1", done.stderr)


@pytest.mark.parametrize("name", ["function", "elsewhere"])
def test_elsewhere_it_raises_as_before(any_host: Host, name: str) -> None:
    off, on = run(any_host, name, flag="0"), run(any_host, name)
    assert error(on) == error(off)
    assert "TypeError: Object of type State is not JSON serializable" in on.stderr
    assert "During handling" not in on.stderr


def test_without_a_source_it_raises_as_before(any_host: Host) -> None:
    """Code of `-c` has one in some releases: 3.13.0 gives its text to linecache."""
    (any_host.cwd / "host.py").write_text(f"import sys\nexec(compile({HOST!r}, '<nowhere>', 'exec'))")
    assert error(any_host("host.py", "argument")) == error(any_host("host.py", "argument", flag="0"))


@pytest.mark.skipif(sys.version_info < (3, 11), reason="code has columns from 3.11 on")
def test_without_columns_it_raises_as_before(host: Host) -> None:
    options = ("-X", "no_debug_ranges")
    assert error(run(host, "argument", *options)) == error(run(host, "argument", *options, flag="0"))


def test_settings(host: Host) -> None:
    assert run(host, "function", JSON="__main__:to_text").stdout == '{"a": "up"}\n'
    assert run(host, "argument", SKIP="json").code == 1
    assert run(host, "elsewhere", JSON="__main__:to_text").code == 1
    done = run(host, "argument", JSON="to_text")
    assert (done.code, done.stdout) == (0, 'x {"a": "up"}\n')
    assert done.stderr.startswith("enum-log-shim: ENUM_LOG_SHIM_JSON='to_text': 'to_text' is unknown: the form is ")


def test_observed_it_is_named_and_raises(host: Host) -> None:
    done = run(host, "argument", flag="observe")
    rows = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    line = HOST.splitlines().index("""        log.info(f"x {json.dumps({'a': State.UP})}")""") + 1
    assert [(row["line"], row["function"], row["place"], row["class"]) for row in rows[:1]] == [
        (line, "run", "json", "__main__:State")
    ]
    assert error(done)[0] == 1
    assert "TypeError: Object of type State is not JSON serializable" in done.stderr


FORKS = """
import enum, json, logging, os, sys, threading
class State(enum.Enum):
    UP = 1
log = logging.getLogger("host")
go = threading.Barrier(2)
def first():
    go.wait()
    log.debug(f"x {json.dumps({'a': State.UP})}")
thread = threading.Thread(target=first)
thread.start()
go.wait()
for _ in range(int(sys.argv[1])):
    pass
child = os.fork()
log.debug(f"y {json.dumps({'a': State.UP})}")
if child:
    assert os.waitpid(child, 0)[1] == 0
    thread.join()
else:
    os._exit(0)
"""


def test_a_child_that_is_forked_during_the_first_decision_does_not_hang(host: Host) -> None:
    (host.cwd / "forks.py").write_text(FORKS)
    for wait in range(0, 300_000, 10_000):
        done = host("-W", "ignore", "forks.py", wait, timeout=30, measured=False)
        assert (done.code, done.stderr) == (0, "")


PROFILE = """
import json, sys
data = {"a": [1, 2.5, None, True, {"b": "text"}], "c": {str(n): n for n in range(20)}}
seen = []
def profile(frame, event, arg):
    name = getattr(arg, "__qualname__", "") if event.startswith("c_") else ""
    seen.append((event, frame.f_code.co_name, frame.f_lineno, name))
sys.setprofile(profile)
json.dumps(data); json.dumps(data, indent=1); json.dumps(data, cls=json.JSONEncoder, default=str)
sys.setprofile(None)
print(len(seen), seen)
"""


def test_json_that_does_not_raise_runs_the_same_code(any_host: Host) -> None:
    off, on = any_host("-c", PROFILE, flag="0"), any_host("-c", PROFILE)
    assert on == off
    assert int(off.stdout.split()[0]) > 20


# Without the collector, which now and then goes through all objects of the process.
WORK = """
import gc, json, sys
gc.disable()
data = {"a": [1, 2.5, None, True, {"b": "text"}], "c": {str(n): n for n in range(20)}}
for _ in range(int(sys.argv[1])):
    json.dumps(data)
    json.dumps(data, indent=1)
"""


@pytest.mark.slow
@pytest.mark.skipif(not is_possible(), reason="instructions are counted by valgrind, which is not here")
def test_json_that_does_not_raise_costs_what_it_did(
    python_without_wrapt: Path, tmp_path: Path, figure: Callable[[str, str], None]
) -> None:
    """To 0.5 %, because the places of objects and classes in CPython's tables are others: that is luck, for both."""
    (tmp_path / "work.py").write_text(WORK)

    def count(flag: str) -> int:
        env = environment([ROOT], measured=False, ENUM_LOG_SHIM=flag, PYTHONHASHSEED=0)
        (few,), (many,) = (counted([python_without_wrapt, "work.py", n], env, tmp_path) for n in (100, 600))
        return (many - few) // 500

    without, with_shim = count("0"), count("1")
    figure(
        "json.dumps of plain data, instructions", f"{with_shim:,} a pair of calls = {with_shim / without:.4f} x without"
    )
    assert abs(with_shim / without - 1) <= 0.005
