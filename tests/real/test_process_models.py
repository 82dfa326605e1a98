"""Hosts of many processes, however they come to be: forked, spawned, reloaded or turned green. Each one converts."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent
from typing import Callable

import interpreters
import pytest
import workers
from processes import Host, run
from workers import CONVERTED, LOST, Told, edit_until_seen, master, serve, told, with_and_without

GUNICORN = "gunicorn --workers 2 --bind fd://{fd}"


@pytest.fixture(scope="module")
def servers() -> Path:
    return interpreters.venv_or_skip("celery", "gunicorn", "hypercorn", "uvicorn", "uvicorn-worker")


@pytest.fixture(scope="module")
def green() -> Path:
    return interpreters.venv_or_skip("eventlet", "gunicorn[gevent]")


def check(on: Told, off: Told) -> None:
    """Every line came out with the shim, none without it, and nothing else differs."""
    assert on.lines_without_pid() == [CONVERTED] * len(on.lines) != []
    assert off.lines_without_pid() == [LOST] * len(off.lines) != []
    assert (on.code, on.stderr) == (off.code, off.stderr)


def check_two_workers(on: Told, off: Told) -> None:
    check(on, off)
    for each in (on, off):
        assert len(each.pids() - {each.main}) == len(each.pids()) == 2


def served(place: Path, python: Path, command: str, between: Callable[[Path], None] | None = None) -> tuple[Told, Told]:
    return with_and_without(place, lambda folder, shim: serve(python, command, folder, shim, between))


@pytest.mark.parametrize("preload", ["", " --preload"], ids=["plain", "preload"])
@pytest.mark.parametrize(
    "worker", ["sync app_wsgi:app", "uvicorn_worker.UvicornWorker app_asgi:app"], ids=["sync", "uvicorn"]
)
def test_gunicorn(tmp_path: Path, servers: Path, worker: str, preload: str) -> None:
    check_two_workers(*served(tmp_path, servers, f"{GUNICORN}{preload} --worker-class {worker}"))


@pytest.mark.parametrize("preload", ["", " --preload"], ids=["plain", "preload"])
def test_gunicorn_with_gevent(tmp_path: Path, green: Path, preload: str) -> None:
    check_two_workers(*served(tmp_path, green, f"{GUNICORN}{preload} --worker-class gevent app_wsgi:app"))


@pytest.mark.parametrize(
    "command",
    ["uvicorn --workers 2 --fd {fd} app_asgi:app", "hypercorn --workers 2 --bind fd://{fd} app_asgi:app"],
    ids=["uvicorn", "hypercorn"],
)
def test_spawned_workers(tmp_path: Path, servers: Path, command: str) -> None:
    check_two_workers(*served(tmp_path, servers, command))


def test_uvicorn_after_a_reload(tmp_path: Path, servers: Path) -> None:
    check_two_workers(*served(tmp_path, servers, "uvicorn --reload --fd {fd} app_asgi:app", edit_until_seen))


def celery(folder: Path, python: Path, shim: bool) -> Told:
    send = "import app_tasks\nfor _ in range(2): app_tasks.tell.delay()"
    sent = run([python, "-c", send], env=workers.shim_environment(shim), cwd=folder)
    assert sent == (0, "", "")
    command = [python, "-m", "celery", "-A", "app_tasks", "worker", "--pool", "prefork", "--concurrency", "2"]
    with master(command, folder, shim) as outcome:
        workers.wait_until(lambda: (folder / "stdout.log").read_text().count('\n{"') == 2, folder)
    return outcome[0]


def test_celery_prefork(tmp_path: Path, servers: Path) -> None:
    on, off = with_and_without(tmp_path, lambda folder, shim: celery(folder, servers, shim))
    assert [line[-10:] for line in on.stderr if "task is" in line] == ["task is up"] * 2
    check_two_workers(on, off._replace(stderr=sorted(line.replace("State.UP", "up") for line in off.stderr)))


def scripts(place: Path, python: Path | str, text: str, *options: str) -> tuple[Told, Told]:
    """What a script told with the shim and without it. Its last line on stdout says which process was the main one."""

    def tell(folder: Path, shim: bool) -> Told:
        (folder / "main.py").write_text(text)
        done = run([python, *options, "main.py"], env=workers.shim_environment(shim), cwd=folder)
        outcome = told(done, folder)
        assert outcome.lines, done.stderr
        return outcome._replace(lines=outcome.lines[:-1], main=outcome.lines[-1]["main"])

    return with_and_without(place, tell)


# Under spawn and forkserver the child imports this file as well.
MAIN = """
{first}
import json, os, sys
from app_work import work

def main():
{body}

if __name__ == "__main__":
    code = main()
    print(json.dumps({{"main": os.getpid()}}), flush=True)
    sys.exit(code)
"""
MULTIPROCESSING = {
    "Process": """
import multiprocessing
processes = [multiprocessing.get_context(METHOD).Process(target=work) for _ in range(2)]
for process in processes:
    process.start()
for process in processes:
    process.join(30)
return 7 + sum(process.exitcode for process in processes)
""",
    "Pool": """
import multiprocessing
with multiprocessing.get_context(METHOD).Pool(2) as pool:
    pool.map(work, range(4), 1)
return 7
""",
    "ProcessPoolExecutor": """
import concurrent.futures, multiprocessing
with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context(METHOD)) as pool:
    list(pool.map(work, range(4)))
return 7
""",
}
FORK = """
def fork(*ignored):
    pid = os.fork()
    if not pid:
        try:
            work()
        finally:
            os._exit(3)
    return os.waitpid(pid, 0)[1] >> 8
"""
FROM_A_THREAD = f"""
import threading
{FORK}
codes = []
thread = threading.Thread(target=lambda: codes.extend(map(fork, range(10))))
thread.start()
thread.join()
return sum(codes)
"""
# So that whatever lock the shim might hold while it works is held when the other thread forks. All is imported before:
# a child that is forked in the middle of another thread's import waits for that for ever, without us too.
LOGGING = """
import app_log, logging
log = logging.getLogger("quiet")
log.propagate = False
log.addHandler(logging.NullHandler())
"""
WHILE_LOGGING = """
while thread.is_alive():
    log.warning("is %s", app_log.State.UP, extra={"states": [app_log.State.UP]})
thread.join()
"""
CHILD = '[sys.executable, "-c", "import app_work, sys; app_work.work(); sys.exit(3)"]'
CHILDREN = {
    "subprocess": f"import subprocess\nreturn subprocess.run({CHILD}).returncode",
    "posix_spawn": f"return os.waitpid(os.posix_spawn(sys.executable, {CHILD}, os.environ), 0)[1] >> 8",
    "fork": f"{FORK}\nreturn fork()",
    "fork from a thread": FROM_A_THREAD,
    "fork from a thread while another logs": LOGGING + FROM_A_THREAD.replace("\nthread.join()\n", WHILE_LOGGING),
}


@pytest.fixture(params=["", "import app_log"], ids=["logging in the child", "logging in the parent"])
def first(request: pytest.FixtureRequest) -> str:
    text: str = request.param
    return text


def check_children(outcomes: tuple[Told, Told]) -> None:
    check(*outcomes)
    assert all(each.main not in each.pids() for each in outcomes)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("kind", MULTIPROCESSING)
def test_multiprocessing(tmp_path: Path, host: Host, kind: str, method: str, first: str) -> None:
    body = MULTIPROCESSING[kind].replace("METHOD", repr(method))
    on, off = scripts(tmp_path, host.python, MAIN.format(first=first, body=indent(body, "    ")))
    check_children((on, off))
    assert on.code == 7


@pytest.mark.parametrize("kind", CHILDREN)
def test_children(tmp_path: Path, host: Host, kind: str, first: str) -> None:
    on, off = scripts(tmp_path, host.python, MAIN.format(first=first, body=indent(CHILDREN[kind], "    ")))
    check_children((on, off))
    assert on.code == 3 * len(on.lines)


# Whoever is imported before the patching may keep what is patched then: it is better that we bring none of these.
EARLY = """
import sys
names = ("asyncio", "queue", "select", "selectors", "signal", "socket", "ssl", "subprocess", "threading")
print("early:", *(name for name in names if name in sys.modules), file=sys.stderr)
"""
GREEN = {
    "gevent": (
        EARLY + "from gevent import monkey\nmonkey.patch_all()\n",
        "import gevent\ngevent.spawn(work).join()\n",
    ),
    "eventlet": (
        EARLY + "import eventlet\neventlet.monkey_patch()\n",
        "import eventlet\neventlet.spawn(work).wait()\n",
    ),
}
# A greenlet, a thread that is one by then, and the main one.
IN_GREEN = """
import json, os, threading
from app_work import work
SPAWN
thread = threading.Thread(target=work)
thread.start()
thread.join()
work()
print(json.dumps({"main": os.getpid()}))
"""


@pytest.mark.parametrize("before", [None, "logging", "app_log", "starlette.websockets"])
@pytest.mark.parametrize("library", GREEN)
def test_monkey_patching(tmp_path: Path, green: Path, library: str, before: str | None) -> None:
    patch, spawn = GREEN[library]
    first = f"import {before}\n" if before else ""
    check_three(scripts(tmp_path, green, first + patch + IN_GREEN.replace("SPAWN", spawn)))


def test_monkey_patching_by_gevents_command(tmp_path: Path, green: Path) -> None:
    check_three(scripts(tmp_path, green, IN_GREEN.replace("SPAWN", GREEN["gevent"][1]), "-m", "gevent.monkey"))


def check_three(outcomes: tuple[Told, Told]) -> None:
    check(*outcomes)
    assert all(len(each.lines) == 3 and each.pids() == {each.main} for each in outcomes)
