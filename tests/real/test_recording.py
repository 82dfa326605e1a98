"""Call sites that real processes record: forked, killed, short of disk. `python -m shim sites` reads what they left."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import interpreters
import pytest
from processes import ROOT, Host, Run, environment, run, running
from test_bundle import installed_copy
from websockets.asyncio.client import connect

APP = """
import enum, logging, os, sys
class State(enum.Enum):
    UP = 1
logging.basicConfig(format="%(message)s", stream=sys.stdout, level=20, force=True)
log = logging.getLogger("app")
def one():
    log.info("is %s", State.UP)
def other():
    log.info("is", extra={"state": State.UP})
"""


def listed(*paths: object, cwd: Path, code: int = 0) -> list[dict[str, Any]]:
    """What `python -m shim sites` makes of a record."""
    command = [sys.executable, "-m", "shim", "sites", *paths, "--format", "json"]
    done = run(command, env=environment([ROOT]), cwd=cwd)
    assert (done.code, done.stderr) == (code, ""), done
    found: list[dict[str, Any]] = json.loads(done.stdout)["sites"]
    return found


def calls(*paths: object, cwd: Path) -> dict[tuple[str, str], int]:
    """{(function, place): calls}"""
    found = listed(*paths, cwd=cwd)
    counted = {(site["function"], site["place"]): site["count"] for site in found}
    assert len(counted) == len(found)
    return counted


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "record"


@pytest.fixture
def app(cwd: Path) -> Path:
    (cwd / "app.py").write_text(APP)
    return cwd


def test_a_process(host: Host, app: Path, record: Path) -> None:
    done = host("-c", "import app\nfor _ in range(100): app.one()\nfor _ in range(7): app.other()", SITES=record)
    assert done == (0, "is up\n" * 100 + "is\n" * 7, "")
    first, second = listed(record, cwd=app)
    assert (first["file"], first["line"], first["function"], first["logger"]) == (str(app / "app.py"), 8, "one", "app")
    assert (first["place"], first["class"], first["count"]) == ("args[0]", "app:State", 100)
    assert (second["line"], second["place"], second["count"]) == (10, "extra.state", 7)
    (file,) = record.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_every_interpreter(any_host: Host, app: Path, record: Path) -> None:
    for mode in ("1", "observe"):
        done = any_host("-c", "import app\napp.one(); app.one(); app.other()", flag=mode, SITES=record)
        assert (done.code, done.stderr) == (0, "")
    assert calls(record, cwd=app) == {("one", "args[0]"): 4, ("other", "extra.state"): 2}


def test_what_is_off_is_not_loaded(host: Host, app: Path) -> None:
    names = "('recorder', 'sites', 'site_rows', 'places', 'callers')"
    code = f"import app, sys\nprint([n for n in sys.modules if n.partition('.')[2] in {names}])"
    assert host("-c", code) == (0, "[]\n", "")


def test_a_process_that_logs_nothing_loads_and_makes_nothing(host: Host, record: Path) -> None:
    names = "('recorder', 'logging', 'threading')"
    code = f"import sys\nprint([name for name in sys.modules if name.endswith({names})])"
    assert host("-c", code, SITES=record, measured=False) == (0, "[]\n", "")
    assert not record.exists()


@pytest.mark.parametrize(("flag", "line"), [("1", "is up\n"), ("observe", "is State.UP\n")])
def test_a_recorder_that_can_not_be_made(app: Path, project_copy: Path, flag: str, line: str) -> None:
    (project_copy / "shim" / "sites.py").write_text("raise MemoryError('no more')")
    host = Host(app, interpreters.venv(interpreters.CURRENT))
    done = host("-c", "import app; app.one()", flag=flag, path=[project_copy], SITES="stderr")
    assert done == (0, line, "enum-log-shim: call sites are not recorded: MemoryError: no more\n")


def test_stderr(host: Host, app: Path) -> None:
    done = host("-c", "import app\nfor _ in range(5): app.one()", SITES="stderr")
    assert (done.code, done.stdout) == (0, "is up\n" * 5)
    rows = [json.loads(line) for line in done.stderr.splitlines()]
    assert [row["count"] for row in rows] == [1, 2, 4, 5]
    (app / "log").write_text(done.stderr)
    assert calls("log", cwd=app) == {("one", "args[0]"): 5}


STARLETTE = """
import app
from starlette.websockets import WebSocketState as S
def text():
    app.log.info(f"is {S.CONNECTED}")
"""


def test_observing_changes_no_line(host: Host, app: Path) -> None:
    (app / "ws.py").write_text(STARLETTE)
    code = "import app, ws, json\napp.one(); ws.text(); print(json.dumps(str(ws.S.CONNECTED)))"
    plain, observed = host("-c", code, flag=None), host("-c", code, flag="observe")
    assert (observed.code, observed.stdout) == (plain.code, plain.stdout) != (0, "")
    found = [json.loads(line) for line in observed.stderr.splitlines()]
    assert Counter((row["function"], row["place"]) for row in found) == {
        ("one", "args[0]"): 1,
        ("text", "f-string"): 1,
        ("<module>", "f-string"): 1,
    }


def test_two_processes_on_one_folder(host: Host, app: Path, record: Path) -> None:
    code = "import app\nfor _ in range(1000): app.one()"
    env = environment([ROOT], ENUM_LOG_SHIM=1, ENUM_LOG_SHIM_SITES=record)
    command = [str(host.python), "-c", code]
    both = [subprocess.Popen(command, env=env, cwd=app, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert calls(record, cwd=app) == {("one", "args[0]"): 2000}
    assert len(list(record.iterdir())) == 2


def test_a_killed_process_loses_no_site(host: Host, app: Path, record: Path) -> None:
    code = "import app, time\nfor _ in range(100): app.one()\napp.other()\nprint('ready', flush=True)\ntime.sleep(60)"
    with running(
        [host.python, "-c", code], env=environment([ROOT], ENUM_LOG_SHIM=1, ENUM_LOG_SHIM_SITES=record), cwd=app
    ) as process:
        wait_for(lambda: "ready" in (app / "stdout.log").read_text())
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    found = calls(record, cwd=app)
    assert found == {("one", "args[0]"): 100, ("other", "extra.state"): 1}


def wait_for(condition: Any, seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


FORK = """
import app, os, sys, threading
app.log.propagate = False  # a stream's own lock may be held when it is forked, and then that child waits for ever
app.log.addHandler(app.logging.NullHandler())
go = threading.Event()
def work():
    for number in range(500):
        app.one()
        if number == 100: go.set()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
go.wait()
children = []
for _ in range(4):
    child = os.fork()
    if not child:
        for _ in range(50): app.one(); app.other()
        sys.exit()
    children.append(child)
for thread in threads: thread.join()
print([os.waitpid(child, 0)[1] for child in children])
"""


def test_threads_and_forks(host: Host, app: Path, record: Path) -> None:
    # coverage has locks of its own, which a thread may hold when the child is forked.
    done = host("-W", "ignore", "-c", FORK, SITES=record, measured=False)
    assert done == (0, "[0, 0, 0, 0]\n", "")
    assert calls(record, cwd=app) == {("one", "args[0]"): 8 * 500 + 4 * 50, ("other", "extra.state"): 4 * 50}
    assert len(list(record.iterdir())) == 5


POOL = """
import app, multiprocessing
def work(_):
    app.one()
if __name__ == "__main__":
    with multiprocessing.get_context("{how}").Pool(2) as pool:
        pool.map(work, range(101))
        pool.close()
        pool.join()
"""


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_multiprocessing(host: Host, app: Path, record: Path, how: str) -> None:
    (app / "pool.py").write_text(POOL.format(how=how))
    done = host("pool.py", SITES=record)
    assert (done.code, done.stderr) == (0, "")
    assert calls(record, cwd=app) == {("one", "args[0]"): 101}


@pytest.mark.parametrize("place", ["file/below", "file"])
def test_a_folder_that_can_not_be_written_to(host: Host, app: Path, place: str) -> None:
    (app / "file").write_text("")
    done = host("-c", "import app\nfor _ in range(5): app.one(); app.other()", SITES=app / place)
    assert (done.code, done.stdout) == (0, "is up\nis\n" * 5)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"enum-log-shim: ENUM_LOG_SHIM_SITES: {app / place}: ")
    assert line.endswith("; sites are not recorded")


FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
import app
for _ in range(40): app.one(); app.other()
"""


def test_a_full_disk(host: Host, app: Path, record: Path) -> None:
    """Stood in for by the size that a file may have: the row that reaches it is taken back, and told of."""
    done = host("-c", FULL, SITES=record, measured=False)
    assert (done.code, done.stdout) == (0, "is up\nis\n" * 40)
    (line,) = done.stderr.splitlines()
    assert line == f"enum-log-shim: ENUM_LOG_SHIM_SITES: {record}: No space left on device; sites are not recorded"
    assert calls(record, cwd=app) == {("one", "args[0]"): 40}


QUEUE = """
import app, logging, logging.handlers, queue, sys
waiting = queue.Queue()
app.log.addHandler(logging.handlers.QueueHandler(waiting))
app.log.addHandler(logging.NullHandler())
listener = logging.handlers.QueueListener(waiting, logging.StreamHandler(sys.stdout))
listener.start()
for _ in range(20): app.one(); app.other()
listener.stop()
"""


@pytest.mark.parametrize("flag", ["1", "observe"])
def test_handlers_and_a_queue_count_a_call_once(host: Host, app: Path, record: Path, flag: str) -> None:
    assert host("-c", QUEUE, flag=flag, SITES=record).code == 0
    assert calls(record, cwd=app) == {("one", "args[0]"): 20, ("other", "extra.state"): 20}


# gunicorn.

SERVED = """
import logging, sys
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
logging.basicConfig(stream=sys.stdout, level=20)
log = logging.getLogger("ws")
async def talk(ws):
    await ws.accept()
    async for _ in ws.iter_text():
        log.info("state", extra={"labels": {"state": ws.client_state}})
        log.info("is %s", ws.application_state)
        log.info(f"is {ws.client_state}")
        await ws.send_text("ok")
app = Starlette(routes=[WebSocketRoute("/", talk)])
"""
CLIENTS, MESSAGES = 200, 5


async def talk(port: int) -> None:
    async with connect(f"ws://127.0.0.1:{port}/", open_timeout=60) as client:
        for _ in range(MESSAGES):
            await client.send("x")
            assert await client.recv() == "ok"


async def many(port: int, record: Path) -> int:
    """Until both workers have had a client; returns the number of clients."""
    await asyncio.gather(*(talk(port) for _ in range(CLIENTS)))
    for more in range(100):
        if len(list(record.iterdir())) == 2:
            return CLIENTS + 2 * more
        await asyncio.gather(*(talk(port) for _ in range(2)))
    raise AssertionError("one worker took all clients")


def served_by_gunicorn(python: Path, folder: Path, record: Path) -> Any:
    import socket

    env = environment([ROOT], measured=False, ENUM_LOG_SHIM=1, ENUM_LOG_SHIM_SITES=record)
    listener = socket.create_server(("127.0.0.1", 0), backlog=CLIENTS)
    command = [python, "-m", "gunicorn", "--workers", "2", "--bind", f"fd://{listener.fileno()}"]
    command += ["--worker-class", "uvicorn_worker.UvicornWorker", "served:app"]
    return listener, running(command, env=env, cwd=folder, pass_fds=[listener.fileno()])


def test_gunicorn_with_two_workers_and_200_clients(cwd: Path, record: Path) -> None:
    python = interpreters.venv_or_skip("gunicorn", "starlette", "uvicorn", "uvicorn-worker", "websockets")
    (cwd / "served.py").write_text(SERVED)
    (cwd / "gunicorn.conf.py").write_text("control_socket_disable = True\n")
    listener, server = served_by_gunicorn(python, cwd, record)
    with server as process, listener:
        clients = asyncio.run(many(listener.getsockname()[1], record))
        process.terminate()
        process.wait(30)
    found = listed(record, cwd=cwd)
    total = clients * MESSAGES
    assert sorted((site["line"], site["place"], site["count"]) for site in found) == [
        (10, 'extra.labels["state"]', total),
        (11, "args[0]", total),
        (12, "f-string", total),
    ]
    assert {(site["file"], site["function"]) for site in found} == {(str(cwd / "served.py"), "talk")}
    assert {site["runs"] for site in found} == {2}


# pytest.

TESTS = """
import sys
import pytest
import app
@pytest.mark.parametrize("number", range(6))
def test_one(number):
    app.one()
def test_modules():
    print([name for name in sys.modules if "enum_log_shim" in name])
"""


def run_pytest(app: Path, bundle: Path, *options: str, flag: str | None = None) -> Run:
    (app / "test_app.py").write_text(TESTS)
    env = environment([bundle, app], measured=False, ENUM_LOG_SHIM=flag)
    return run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", "-s", *options], env=env, cwd=app
    )


LINE = "app.py:8: in one: args[0] is app:State, 6 calls"
WORKERS = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])


def test_pytest_without_the_option(app: Path, bundle: Path) -> None:
    done = run_pytest(app, bundle)
    assert (done.code, done.stderr) == (0, "")
    assert "log an enum" not in done.stdout
    assert "['enum_log_shim', 'enum_log_shim.pytest_plugin']" in done.stdout


@WORKERS
def test_pytest_lists_sites(app: Path, bundle: Path, workers: tuple[str, ...]) -> None:
    done = run_pytest(app, bundle, *workers, "--enum-log-sites")
    assert (done.code, done.stderr) == (0, "")
    assert " 1 place logs an enum " in done.stdout
    assert LINE in done.stdout.splitlines()


@WORKERS
def test_pytest_fails(app: Path, bundle: Path, workers: tuple[str, ...]) -> None:
    done = run_pytest(app, bundle, *workers, "--enum-log-sites=fail")
    assert done.code == 1
    assert LINE in done.stdout.splitlines()
    assert "7 passed" in done.stdout


def test_pytest_does_not_fail_where_no_enum_is_logged(app: Path, bundle: Path) -> None:
    done = run_pytest(app, bundle, "-k", "modules", "--enum-log-sites=fail")
    assert done.code == 0
    assert " 0 places log an enum " in done.stdout


@WORKERS
@pytest.mark.parametrize("flag", [None, "1"], ids=["off", "on"])
def test_pytest_writes_a_record(app: Path, bundle: Path, workers: tuple[str, ...], flag: str | None) -> None:
    done = run_pytest(app, bundle, *workers, "--enum-log-sites=found.jsonl", flag=flag)
    assert (done.code, done.stderr) == (0, "")
    assert calls("found.jsonl", cwd=app) == {("one", "args[0]"): 6}
    if not workers:
        assert ("is up" if flag else "is State.UP") in run_pytest(app, bundle, "--enum-log-sites", flag=flag).stdout


@pytest.mark.parametrize("value", ["test_app.py", "absent/x.jsonl", "tests"])
def test_pytest_takes_no_path_of_tests_for_a_file(app: Path, bundle: Path, value: str) -> None:
    done = run_pytest(app, bundle, "--enum-log-sites", value)
    assert done.code == 4
    assert f"--enum-log-sites={value}: neither fail nor the name of a .jsonl file" in done.stderr
    assert not (app / "absent").exists()


PLUGINS = """
from importlib.metadata import distributions
for one in distributions():
    for point in one.entry_points:
        if "enum_log_shim" in point.value:
            print(one.metadata["Name"], one.version, point.group, point.value, bool(one.files))
"""


@pytest.mark.parametrize("kind", ["installed", "bundle"])
def test_the_entry_point_is_a_distribution_of_its_own(
    cwd: Path, tmp_path_factory: pytest.TempPathFactory, bundle: Path, kind: str
) -> None:
    """pytest imports the files of a plugin's distribution in its own way, and warns where one is there already."""
    if kind == "installed":
        host, path = Host(cwd, installed_copy(tmp_path_factory)), []
    else:
        host, path = Host(cwd, interpreters.venv(interpreters.CURRENT)), [bundle]
    done = host("-c", PLUGINS, flag=None, path=path)
    assert (done.code, done.stderr) == (0, "")
    assert sorted(done.stdout.splitlines()) == [
        "enum-log-shim 0.1.0 opentelemetry_pre_instrument enum_log_shim:enter True",
        "enum-log-shim-pytest 0.1.0 pytest11 enum_log_shim.pytest_plugin False",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a folder whatever its mode is")
def test_a_folder_that_may_not_be_written_to(host: Host, record: Path) -> None:
    """It is told of at once, before a site is seen."""
    record.mkdir(mode=0o500)
    assert "can't be written to" in host("-c", "import logging", SITES=record).stderr
