"""`python -m shim demo` as a user runs it: a real server, a real client, and what comes of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATHS = ("json", "json_loguru", "labels", "json_fields", "key", "percent", "fstring")
HINT = 'pip install "./.package[demo]"'
needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")


class Run(NamedTuple):
    code: int
    stdout: str
    stderr: str

    def row(self, path: str) -> tuple[str, str]:
        """What the table says about a path, without the shim and with it, each on one line."""
        rows = [re.findall("│(.*)│(.*)│(.*)│", row) for row in re.split("[├┡└]", self.stdout)]
        (found,) = [cells for cells in rows if cells and cells[0][0].strip() == path]
        _, before, after = (" ".join(column).split() for column in zip(*found))
        return " ".join(before), " ".join(after)


def environment(temporary: Path, **more: str) -> dict[str, str]:
    """This environment without what would change the output, and marked: a process started under it is found again."""
    ours = ("ENUM_LOG_SHIM", "PYTHONPATH", "COLUMNS", "FORCE_COLOR", "NO_COLOR", "PYTHONIOENCODING")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**env, "DEMO_MARK": str(temporary), "TMPDIR": str(temporary), "PYTHONIOENCODING": "utf-8", **more}


def shim(*args: str, temporary: Path, root: Path = ROOT, **more: str) -> Run:
    env = environment(temporary, PYTHONPATH=str(root), **more)
    command = [sys.executable, *(args if args[:1] == ("-c",) else ("-m", "shim", *args))]
    done = subprocess.run(
        command, env=env, cwd=temporary, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=240
    )
    return Run(done.returncode, done.stdout, done.stderr)


def marked(temporary: Path) -> list[str]:
    """The command lines of the processes that were started with this test's mark in their environment."""
    mark, found = f"DEMO_MARK={temporary}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            pass
    return found


def broken_copy(tmp_path: Path, file: str, text: str) -> Path:
    """A copy of the project in which one file is replaced."""
    copy = tmp_path / "project"
    copy.mkdir()
    shutil.copytree(ROOT / "shim", copy / "shim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "sitecustomize.py", copy)
    (copy / file).write_text(text)
    return copy


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(temporary: Path) -> Run:
    """One run for the tests that only read it, at 80 columns, with settings of the user's that it has to ignore."""
    return shim("demo", temporary=temporary, COLUMNS="80", ENUM_LOG_SHIM_STYLE="name", ENUM_LOG_SHIM_SKIP="logging")


def test_it_saw_the_incident_and_its_end(demo: Run) -> None:
    assert demo.code == 0, demo.stdout + demo.stderr
    assert "Seen: 1011" in demo.stdout


# As the table has it: a JSON string, over several lines.
ATTEMPT = r'"message": "auth attempt: {\n \"client_state\": \"connected\"\n}"'


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("json", "closed with 1011 raised: TypeError: Object of type WebSocketState", ATTEMPT),
        ("json_loguru", "closed with 1011 raised: TypeError: Object of type WebSocketState", ATTEMPT),
        ("labels", "closed with 1011 raised: TypeError: Object of type WebSocketState", '"state": "connected"'),
        ("json_fields", "closed with 1000 lost: TypeError: Object of type WebSocketState", '"state": "connected"'),
        ("key", "closed with 1000 lost: TypeError: keys must be str", '"clients": {"connected": 1}'),
        ("percent", 'closed with 1000 "message": "client is WebSocketState.CONNECTED"', '"client is connected"'),
        ("fstring", 'closed with 1000 "message": "client is WebSocketState.CONNECTED"', '"client is connected"'),
    ],
)
def test_table_tells_close_code_and_line_of_every_path(demo: Run, path: str, before: str, after: str) -> None:
    without, with_shim = demo.row(path)
    assert without.startswith(before)
    assert with_shim.startswith("closed with 1000 ")
    assert with_shim.endswith(after)


def test_the_incident_comes_first(demo: Run) -> None:
    found = re.findall(r"^│ (\w+) ", demo.stdout, re.MULTILINE)
    assert tuple(found) == PATHS


def test_it_names_the_apps_source_and_prints_its_log_calls(demo: Run) -> None:
    app = ROOT / "shim/cli/legacy_app.py"
    assert f"{app}:\n" in demo.stdout
    calls = [line for line in app.read_text().splitlines() if re.match(r" +(log|central_logger)\.", line)]
    assert len(calls) == len(PATHS)
    assert all(f"{call}\n" in demo.stdout for call in calls)


def test_output_is_plain_in_a_pipe_and_fits_80_columns(demo: Run) -> None:
    assert "\x1b" not in demo.stdout + demo.stderr
    tall = [line for line in demo.stdout.splitlines() if len(line) > 80 and "legacy_app.py:" not in line]
    assert tall == []


def test_stderr_has_the_progress_and_nothing_else(demo: Run) -> None:
    assert demo.stderr.splitlines() == [
        "starting hypercorn without the shim ...",
        "starting hypercorn with ENUM_LOG_SHIM=1 ...",
    ]


@needs_proc
def test_no_process_and_no_folder_stays(demo: Run, temporary: Path) -> None:
    assert marked(temporary) == []
    assert list(temporary.glob("shim-demo-*")) == []


def test_ascii_terminal_is_no_obstacle(tmp_path: Path) -> None:
    run = shim("demo", temporary=tmp_path, PYTHONIOENCODING="ascii")
    assert run.code == 0, run.stdout + run.stderr
    assert run.stdout.isascii()


def test_without_its_door_the_demo_fails_and_says_why(tmp_path: Path) -> None:
    run = shim("demo", temporary=tmp_path, root=broken_copy(tmp_path, "sitecustomize.py", ""))
    assert run.code == 1
    for path in ("json", "json_loguru", "labels"):
        assert f"with ENUM_LOG_SHIM=1, {path} closed with 1011, not 1000" in run.stdout
    assert "with ENUM_LOG_SHIM=1, key wrote 0 log lines, not 1" in run.stdout
    assert "Seen:" not in run.stdout


LOGURU = "central_logger.debug(f"
PERCENT = '    log.info("client is %s"'


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            LOGURU,
            'central_logger.debug("" or str(attempt) or f',
            "without the shim, json_loguru closed with 1000, not 1011",
        ),
        (LOGURU, "catalog = central_logger; catalog.debug(f", "with ENUM_LOG_SHIM=1, json_loguru closed with 1011"),
        (
            "log.debug(f",
            "log.debug(f'{attempt}') or log.debug(f",
            "with ENUM_LOG_SHIM=1, json wrote 2 log lines, not 1",
        ),
        ('"labels": {"state": ws.client_state}', '"labels": {}', "without the shim, labels closed with 1000, not 1011"),
        ("{ws.client_state: 1}", "{str(ws.client_state): 1}", "without the shim, key did not lose its log line"),
        (PERCENT, f'    log.info("twice")\n{PERCENT}', "with ENUM_LOG_SHIM=1, percent wrote 2 log lines, not 1"),
        (PERCENT, f'    print("no JSON")\n{PERCENT}', "with ENUM_LOG_SHIM=1, percent wrote 2 log lines, not 1"),
        (PERCENT, '    log.info("is it %s"', 'not "client is connected"'),
        (PERCENT, f'    log.info("%s %s", 1)\n{PERCENT}', "with ENUM_LOG_SHIM=1, percent left an error on stderr"),
    ],
)
def test_what_differs_from_the_incident_or_its_end_fails_it(tmp_path: Path, old: str, new: str, reason: str) -> None:
    app = "shim/cli/legacy_app.py"
    source = (ROOT / app).read_text()
    assert source.count(old) == 1
    run = shim("demo", temporary=tmp_path, root=broken_copy(tmp_path, app, source.replace(old, new)))
    assert run.code == 1
    assert reason in run.stdout
    assert "Seen:" not in run.stdout


@needs_proc
def test_a_server_that_does_not_start_is_told_with_its_stderr(tmp_path: Path) -> None:
    copy = broken_copy(tmp_path, "shim/cli/legacy_app.py", "raise OSError('no disk')")
    run = shim("demo", temporary=tmp_path, root=copy)
    assert run.code == 1
    assert "hypercorn did not answer on /json" in run.stdout
    assert "OSError: no disk" in run.stdout
    assert marked(tmp_path) == []


@needs_proc
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals, code: int) -> None:
    env = environment(tmp_path, PYTHONPATH=str(ROOT))
    command = [sys.executable, "-m", "shim", "demo"]
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        deadline = time.monotonic() + 60
        while not any("hypercorn" in line for line in marked(tmp_path)) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == code
    assert stderr == "starting hypercorn without the shim ...\n"
    assert marked(tmp_path) == []
    assert list(tmp_path.glob("shim-demo-*")) == []


@pytest.mark.parametrize(
    ("package", "module"),
    [
        ("fastapi", "fastapi"),
        ("google-cloud-logging", "google.cloud.logging"),
        ("hypercorn", "hypercorn"),
        ("loguru", "loguru"),
        ("rich", "rich"),
        ("websockets", "websockets"),
    ],
)
def test_missing_package_of_the_extra_is_named(tmp_path: Path, package: str, module: str) -> None:
    script = (
        "import runpy, sys; "
        f"sys.modules[{module!r}] = None; sys.argv = ['shim', 'demo']; "
        "runpy.run_module('shim', run_name='__main__', alter_sys=True)"
    )
    run = shim("-c", script, temporary=tmp_path)
    assert (run.code, run.stdout) == (2, "")
    assert run.stderr == f"the demo needs {package}, not installed here: {HINT} (from a checkout)\n"


def test_help_lists_the_commands_with_a_line_each(tmp_path: Path) -> None:
    run = shim("--help", temporary=tmp_path)
    assert (run.code, run.stderr) == (0, "")
    assert re.search(r"^ +demo +\S+", run.stdout, re.MULTILINE)


def test_no_command_prints_the_help_and_is_an_error(tmp_path: Path) -> None:
    run = shim(temporary=tmp_path)
    assert (run.code, run.stdout) == (2, "")
    assert run.stderr == shim("--help", temporary=tmp_path).stdout


def test_version(tmp_path: Path) -> None:
    run = shim("--version", temporary=tmp_path)
    assert (run.code, run.stderr) == (0, "")
    assert re.fullmatch(r"enum-log-shim (\d+\.\S+|unknown)\n", run.stdout)


@pytest.mark.parametrize("args", [("dmeo",), ("--verison",), ("demo", "now"), ("demo", "--fast")])
def test_what_it_does_not_know_is_a_usage_error(tmp_path: Path, args: tuple[str, ...]) -> None:
    run = shim(*args, temporary=tmp_path)
    assert (run.code, run.stdout) == (2, "")
    assert run.stderr.startswith("usage: python -m shim")
    assert "Traceback" not in run.stderr


def test_help_of_a_command_is_its_own(tmp_path: Path) -> None:
    run = shim("demo", "--help", temporary=tmp_path)
    assert (run.code, run.stderr) == (0, "")
    assert run.stdout.startswith("usage: python -m shim demo")
