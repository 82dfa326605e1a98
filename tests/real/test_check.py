"""`python -m shim check`: whatever keeps the shim off is found, and what it advises turns it on."""

from __future__ import annotations

import json
import os
import pty
import shutil
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import interpreters
import pytest
from agents import AGENTS, Folders
from processes import ROOT, Host, Run, environment, run
from test_bundle import installed_copy, sources_that_were_compiled

OFF_AND_ALONE = "import sys\n"
OPENTELEMETRY = "opentelemetry/instrumentation/auto_instrumentation"
ELASTIC = "elasticapm/instrumentation/wrapper"
# As opentelemetry-instrumentation's does: it runs no other sitecustomize, but what the entry points in its group name.
RUNS_ENTRY_POINTS = """
from importlib import metadata
for found in metadata.distributions():
    for point in found.entry_points:
        if point.group == "opentelemetry_pre_instrument":
            point.load()()
"""


class Told(NamedTuple):
    """What `check --json` told, with its exit code."""

    code: int
    ok: bool
    errors: list[dict[str, str]]
    warnings: list[dict[str, str]]
    report: dict[str, Any]

    def error(self) -> tuple[str, str]:
        """The one reason why it is off, and what to do."""
        assert (self.code, self.ok, len(self.errors)) == (1, False, 1), self
        return self.errors[0]["what"], self.errors[0]["do"]

    def warning(self) -> tuple[str, str]:
        assert (self.code, self.ok, len(self.warnings)) == (0, True, 1), self
        return self.warnings[0]["what"], self.warnings[0]["do"]

    def is_on(self) -> bool:
        assert (self.code, self.ok, self.errors, self.warnings) == (0, True, [], []), self
        return True

    def is_on_but_for_warnings(self) -> bool:
        assert (self.code, self.ok, self.errors) == (0, True, []), self
        return True


class Checker:
    """Runs `python FOLDER/shim check` as it is run in an app's container, with the app's environment."""

    def __init__(self, folder: Path, cwd: Path, python: Path) -> None:
        self.folder = folder
        self.cwd = cwd
        self.python = python
        self.own: tuple[str, ...] = ()

    def __call__(self, *args: object, path: tuple[object, ...] = (), **more: Any) -> Run:
        variables = {"ENUM_LOG_SHIM": "1", **more.pop("variables", {})}
        command = [self.python, *self.own, self.folder / "shim", "check", *args]
        return run(command, env=environment(path, **variables), cwd=self.cwd, **more)

    def told(self, *command: object, path: tuple[object, ...] = (), **variables: object) -> Told:
        dashes = ("--", *command) if command else ()
        done = self("--json", *dashes, path=path, variables=variables)
        assert all(line.startswith("enum-log-shim: ") for line in done.stderr.splitlines()), (
            done
        )  # the checker has it too
        answer = json.loads(done.stdout)
        assert set(answer) == {"ok", "findings", "report"}
        found = answer["findings"]
        assert all(set(each) == {"level", "what", "do"} and all(each.values()) for each in found)
        assert [each["level"] for each in found] == sorted(each["level"] for each in found)
        of = {level: [each for each in found if each["level"] == level] for level in ("error", "warning")}
        return Told(done.code, answer["ok"], of["error"], of["warning"], answer["report"])


@pytest.fixture
def checker(bundle: Path, cwd: Path) -> Checker:
    return Checker(bundle, cwd, interpreters.venv(interpreters.CURRENT))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed_copy(tmp_path_factory)


def agent(tmp_path: Path, name: str, text: str = OFF_AND_ALONE) -> Path:
    folder = tmp_path / "site" / name
    folder.mkdir(parents=True)
    (folder / "sitecustomize.py").write_text(text)
    return folder


# On.


@pytest.mark.parametrize("version", interpreters.SUPPORTED)
def test_any_interpreter_that_has_the_shim_is_on(checker: Checker, bundle: Path, version: str) -> None:
    told = checker.told(interpreters.found(version), path=(bundle,), PYTHONDONTWRITEBYTECODE=None)
    assert told.is_on()
    assert "%d.%d" % tuple(told.report["python"]["version"][:2]) == version
    assert json.loads(told.report["probe"]["line"]) == {"message": "client is connected", "state": "connected"}
    assert told.report["json"] == {"line": 'client: {"state": "connected"}', "error": None}


@pytest.mark.parametrize("version", interpreters.SUPPORTED)
def test_any_interpreter_checks_itself(checker: Checker, version: str) -> None:
    checker.python = interpreters.venv(version, interpreters.OLDEST_WRAPT)
    assert checker.told(path=(ROOT,), PYTHONDONTWRITEBYTECODE=None).is_on()


def test_the_report_tells_what_is_there(checker: Checker, bundle: Path) -> None:
    report = checker.told(path=(bundle,), ENUM_LOG_SHIM_STYLE="lower", WRAPT_DISABLE_EXTENSIONS="1").report
    assert report["environ"]["ENUM_LOG_SHIM_STYLE"] == "lower"
    assert report["environ"]["PYTHONPATH"] == str(bundle)
    assert report["doors"] == [str(bundle / "sitecustomize.py")]
    assert report["shim"]["file"] == str(bundle / "shim" / "__init__.py")
    assert (report["shim"]["private_wrapt"], report["shim"]["c_extension"]) == (True, False)
    assert {"logging.Logger.makeRecord", "json.encoder.JSONEncoder.default"} <= set(report["shim"]["wrapped"])
    assert {"starlette", "wrapt"} <= set(report["versions"])
    assert (report["child"], report["entry_point"], report["starlette"]) == (1, True, "connected")


@pytest.mark.parametrize("name", AGENTS)
@pytest.mark.parametrize("is_first", [True, False])
def test_an_agent_that_chains_is_no_finding(
    checker: Checker, bundle: Path, folder: Folders, name: str, is_first: bool
) -> None:
    checker.own = ("-I",)  # the agent writes to stdout, and here it is the checker's as well
    front = folder("agent", AGENTS[name])
    assert checker.told(path=(front, bundle) if is_first else (bundle, front)).is_on()


@pytest.mark.parametrize(("style", "numbers"), [("value", "keep"), ("full", "text"), ("name", "keep")])
def test_no_setting_hides_that_it_is_on(checker: Checker, bundle: Path, style: str, numbers: str) -> None:
    told = checker.told(path=(bundle,), ENUM_LOG_SHIM_STYLE=style, ENUM_LOG_SHIM_NUMBERS=numbers)
    assert told.is_on()


@pytest.mark.parametrize("how", ["module", "folder", "relative folder", "installed", "checkout"])
def test_it_is_run_in_any_way(checker: Checker, bundle: Path, installed: Path, how: str) -> None:
    ways = {
        "module": ([checker.python, "-m", "shim"], [bundle], checker.cwd),
        "folder": ([checker.python, bundle / "shim"], [bundle], checker.cwd),
        "relative folder": ([checker.python, "enum-log-shim/shim"], ["enum-log-shim"], bundle.parent),
        "installed": ([installed, "-m", "shim"], [], checker.cwd),
        "checkout": ([checker.python, "-m", "shim"], ["."], ROOT),
    }
    command, path, cwd = ways[how]
    for flag, code in (("1", 0), ("0", 1)):
        done = run([*command, "check"], env=environment(path, ENUM_LOG_SHIM=flag), cwd=cwd)
        assert (done.code, done.stderr) == (code, "")
        assert done.stdout.startswith(f"The shim is {'OFF' if code else 'ON'} in ")


# The switch.


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "ENUM_LOG_SHIM is not set"),
        ("", "ENUM_LOG_SHIM='' is off"),
        ("0", "ENUM_LOG_SHIM='0' is off"),
        (" False", "ENUM_LOG_SHIM=' False' is off"),
        ("ture", "ENUM_LOG_SHIM='ture' is no value that is known"),
        ("observe", "ENUM_LOG_SHIM=observe converts nothing"),
    ],
)
def test_the_switch(checker: Checker, bundle: Path, value: str | None, words: str) -> None:
    what, do = checker.told(path=(bundle,), ENUM_LOG_SHIM=value).error()
    assert words in what
    assert "set ENUM_LOG_SHIM=1" in do


@pytest.mark.parametrize("value", ["é", "\udcff", "a\nb", "\x1b[31mred"])
def test_a_switch_of_odd_letters_is_told_of(checker: Checker, bundle: Path, value: str) -> None:
    variables = {"ENUM_LOG_SHIM": value, "PYTHONIOENCODING": "utf-8"}
    what, _ = checker.told(path=(bundle,), **variables).error()
    assert "is no value that is known" in what
    for encoding in ("utf-8", "ascii"):
        done = checker(path=(bundle,), variables={**variables, "PYTHONIOENCODING": encoding})
        assert (done.code, "Traceback" in done.stderr) == (1, False)
        assert "is no value that is known" in done.stdout


# The path.


def advised_path(do: str) -> tuple[str, ...]:
    assert do.startswith("set PYTHONPATH=")
    return tuple(do[len("set PYTHONPATH=") :].split(os.pathsep))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((), "PYTHONPATH is not set"),
        (("/no/such/folder",), "/no/such/folder does not exist"),
        (("no/such", "/"), "no/such does not exist (seen from here)"),
        (("/usr",), "no folder on PYTHONPATH=/usr holds the shim's sitecustomize.py"),
    ],
)
def test_the_path(checker: Checker, bundle: Path, path: tuple[str, ...], words: str) -> None:
    what, do = checker.told(path=path).error()
    assert words in what
    assert advised_path(do) == (str(bundle), *path)
    assert checker.told(path=advised_path(do)).is_on()


def test_a_relative_path_is_on_only_from_there(checker: Checker, bundle: Path) -> None:
    checker.cwd = bundle.parent
    assert checker.told(path=(bundle.name,)).is_on()
    checker.cwd = bundle
    what, do = checker.told(path=(bundle.name,)).error()
    assert f"{bundle.name} does not exist (seen from here)" in what
    assert checker.told(path=advised_path(do)).is_on()


def test_the_folder_of_the_shim_alone_is_not_enough(checker: Checker, bundle: Path) -> None:
    what, do = checker.told(path=(bundle / "shim",)).error()
    assert "holds the shim's sitecustomize.py" in what
    assert checker.told(path=advised_path(do)).is_on()


# Who is in front.


def test_one_in_front_that_does_not_chain(checker: Checker, bundle: Path, folder: Folders) -> None:
    front = folder("front", OFF_AND_ALONE)
    what, do = checker.told(path=(front, bundle)).error()
    assert what.startswith(f"{front}/sitecustomize.py comes first on the path")
    assert do == f"put the shim first: PYTHONPATH={bundle}:$PYTHONPATH"
    assert checker.told(path=(bundle, front, bundle)).is_on()


def test_opentelemetrys_in_front_of_a_checkout(checker: Checker, bundle: Path, tmp_path: Path) -> None:
    front = agent(tmp_path, OPENTELEMETRY, RUNS_ENTRY_POINTS)
    what, do = checker.told(path=(front, ROOT)).error()
    assert what.startswith(f"{front}/sitecustomize.py comes first on the path")
    assert "python -m shim bundle DIR" in do
    assert "metadata" in do
    assert checker.told(path=(front, bundle)).is_on()


def test_an_opentelemetry_that_runs_no_entry_points(checker: Checker, bundle: Path, tmp_path: Path) -> None:
    front = agent(tmp_path, OPENTELEMETRY)
    what, do = checker.told(path=(front, bundle)).error()
    assert what.startswith(f"{front}/sitecustomize.py comes first on the path")
    assert do.startswith("OpenTelemetry did not come to our entry point")
    (front / "sitecustomize.py").write_text(RUNS_ENTRY_POINTS)
    assert checker.told(path=(front, bundle)).is_on()


def test_elastics_in_front(checker: Checker, bundle: Path, tmp_path: Path) -> None:
    front = agent(tmp_path, ELASTIC)
    what, do = checker.told(path=(front, bundle)).error()
    assert what.startswith(f"{front}/sitecustomize.py comes first on the path")
    before, _, after = do.partition(" exec python app.py'")
    assert (before, after) == (f"put the shim first: elasticapm-run sh -c 'PYTHONPATH={bundle}:$PYTHONPATH", "")
    launcher = tmp_path / "elasticapm-run"
    launcher.write_text(f'#!/bin/sh\nPYTHONPATH="{front}:$PYTHONPATH" exec "$@"\n')
    launcher.chmod(0o755)
    command = [launcher, "sh", "-c", f'{before.rpartition(chr(39))[2]} exec {checker.python} "$@"', "sh"]
    assert checker.told(launcher, checker.python, path=(bundle,)).error()[0] == what
    assert checker.told(*command, path=(bundle,)).is_on()


def test_the_owner_of_the_one_in_front_is_named(checker: Checker, bundle: Path, tmp_path: Path) -> None:
    front = agent(tmp_path, "site-packages")
    distribution(front, "other", {})
    what, _ = checker.told(path=(front, bundle)).error()
    assert "(installed by other)" in what


# How Python is started.


@pytest.mark.parametrize("option", ["-I", "-E", "-S"])
def test_options_that_keep_us_out(checker: Checker, bundle: Path, option: str) -> None:
    told = checker.told(checker.python, option, path=(bundle,))
    what, do = told.error()
    assert f"started with {option}" in what
    assert do == f"start it without {option}"


def test_options_that_do_no_harm(checker: Checker, bundle: Path) -> None:
    for options in (("-s", "-u"), ("-X", "dev", "-W", "error"), ("-O",)):
        assert checker.told(checker.python, *options, path=(bundle,)).is_on_but_for_warnings(), options


@pytest.mark.parametrize("version", interpreters.TOO_OLD)
def test_an_interpreter_that_is_too_old(checker: Checker, bundle: Path, version: str) -> None:
    python = interpreters.found(version)
    what, do = checker.told(python, path=(bundle,)).error()
    assert what.startswith(f"this is Python {version}.")
    assert "3.8 or newer" in what
    assert "newer Python" in do
    text = checker("--", python, path=(bundle,))
    assert (text.code, text.stderr) == (1, "")
    assert text.stdout.startswith("The shim is OFF in ")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("no-such-python",), "No such file"),
        (("./no-such-python", "-X", "dev"), "No such file"),
        (("/",), "Permission denied"),
        (("true",), "exit code 0"),
        (("sh", "-c", "echo theirs >&2; exit 3"), "exit code 3"),
        (("sh", "-c", "kill -9 $$"), "killed by signal 9"),
    ],
)
def test_what_is_no_python(checker: Checker, bundle: Path, command: tuple[str, ...], words: str) -> None:
    done = checker("--", *command, path=(bundle,))
    assert checker("--json", "--", *command, path=(bundle,)) == done
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"python -m shim check: {' '.join(command)}: ")
    assert words in done.stderr
    assert ("theirs" in done.stderr) is ("theirs" in " ".join(command))
    assert "Traceback" not in done.stderr


def test_a_python_that_ends_in_its_start(checker: Checker, bundle: Path, folder: Folders) -> None:
    checker.own = ("-I",)
    behind = folder("behind", "raise SystemExit('theirs')")
    done = checker("--", checker.python, path=(bundle, behind))
    assert (done.code, done.stdout) == (2, "")
    assert "theirs" in done.stderr


QUICK = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from shim.cli import check
check._SECONDS = 2
sys.exit(check.main(sys.argv[1:]))
"""


def checked_quickly(checker: Checker, *command: object, path: tuple[object, ...]) -> Run:
    """With less patience than the minute that a slow container gets."""
    ours = [checker.python, "-I", "-c", QUICK, checker.folder, "--", *command]
    return run(ours, env=environment(path, ENUM_LOG_SHIM="1"), cwd=checker.cwd, timeout=40)


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{number}/stat")
    return not (stat.exists() and ") Z " in stat.read_text())


def test_a_python_that_hangs_is_ended_with_its_children(checker: Checker, bundle: Path) -> None:
    done = checked_quickly(checker, "sh", "-c", "echo $$ > pid; sleep 300 & echo $! > child; wait", path=(bundle,))
    assert (done.code, done.stdout) == (2, "")
    assert "no answer in 2 seconds" in done.stderr
    assert [is_alive(int((checker.cwd / name).read_text())) for name in ("pid", "child")] == [False, False]


def test_an_agents_own_process_keeps_nobody_waiting(checker: Checker, bundle: Path, folder: Folders) -> None:
    # It holds stderr open for as long as it lives, and the app's Python has long answered and ended.
    own = "import os, subprocess\nif 'STARTED' not in os.environ:\n    os.environ['STARTED'] = '1'\n"
    behind = folder("behind", own + "    subprocess.Popen(['sleep', '8'])\n")
    done = checked_quickly(checker, checker.python, path=(bundle, behind))
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith("The shim is ON")


# What is wrong inside.


def test_wrapt_is_missing(checker: Checker, bundle: Path, python_without_wrapt: Path) -> None:
    what, do = checker.told(python_without_wrapt, path=(ROOT,)).error()
    assert what == "wrapt is not installed for this Python"
    assert "pip install wrapt" in do
    assert "python -m shim bundle DIR" in do
    assert checker.told(python_without_wrapt, path=(bundle,)).is_on()


@pytest.mark.parametrize("value", ["logging", " logging , starlette", "starlette,logging"])
def test_logging_is_skipped(checker: Checker, bundle: Path, value: str) -> None:
    what, do = checker.told(path=(bundle,), ENUM_LOG_SHIM_SKIP=value).error()
    assert what == "ENUM_LOG_SHIM_SKIP names logging"
    assert do == "take it out of that list"


def test_starlette_is_skipped(checker: Checker, bundle: Path) -> None:
    what, do = checker.told(path=(bundle,), ENUM_LOG_SHIM_SKIP="starlette").warning()
    assert "WebSocketState is not wrapped" in what
    assert "ENUM_LOG_SHIM_DEBUG=1" in do


RAISES = "TypeError: Object of type State is not JSON serializable"
STILL = "JSON made in a log call's argument still raises: "


@pytest.mark.parametrize("value", ["json", " json , loguru", "loguru,json"])
def test_json_is_skipped(checker: Checker, bundle: Path, value: str) -> None:
    told = checker.told(path=(bundle,), ENUM_LOG_SHIM_SKIP=value)
    assert told.warning() == (f"{STILL}ENUM_LOG_SHIM_SKIP names json", "take it out of that list")
    assert told.report["json"] == {"line": None, "error": RAISES}


def test_json_is_not_warned_of_twice_where_the_shim_is_off(checker: Checker, bundle: Path) -> None:
    for variables in ({"ENUM_LOG_SHIM": "0"}, {"ENUM_LOG_SHIM": "observe"}, {"ENUM_LOG_SHIM_SKIP": "logging,json"}):
        told = checker.told(path=(bundle,), **variables)
        assert told.error()
        assert told.warnings == []
        assert told.report["json"] == {"line": None, "error": RAISES}


@pytest.mark.parametrize(
    ("options", "variables"), [(("-X", "no_debug_ranges"), {}), ((), {"PYTHONNODEBUGRANGES": "1"})]
)
@pytest.mark.parametrize("version", interpreters.SUPPORTED)
def test_code_without_columns(
    checker: Checker, bundle: Path, version: str, options: tuple[str, ...], variables: dict[str, str]
) -> None:
    told = checker.told(interpreters.found(version), *options, path=(bundle,), **variables)
    if tuple(told.report["python"]["version"]) < (3, 11):  # there code has none anyway
        assert told.report["json"]["error"] is None
        return
    (what, do) = next((each["what"], each["do"]) for each in told.warnings if "JSON" in each["what"])
    assert told.is_on_but_for_warnings()
    assert what == f"{STILL}that Python's code has no columns, so the log call can't be found"
    assert do == "start it without PYTHONNODEBUGRANGES and -X no_debug_ranges"


# Takes away json's `default` as an agent would, in a way that can be seen and in one that can't.
DEFAULT = """
import json
def default(self, o):
    raise TypeError("theirs")
json.JSONEncoder.default = {}
"""


@pytest.mark.parametrize("is_seen", [True, False])
def test_json_default_is_replaced_after_us(checker: Checker, bundle: Path, folder: Folders, is_seen: bool) -> None:
    behind = folder("behind", DEFAULT.format("default" if is_seen else "__import__('functools').partial(default, 0)"))
    what, do = checker.told(path=(bundle, behind)).warning()
    assert what == f"{STILL}json.JSONEncoder.default is now of {f'{behind}/sitecustomize.py' if is_seen else '?'}"
    assert do == "find out who replaces it after the start"


def test_a_default_of_the_hosts_that_writes_the_enum_is_no_finding(
    checker: Checker, bundle: Path, folder: Folders
) -> None:
    behind = folder("behind", DEFAULT.format("lambda self, o: o.value"))
    told = checker.told(path=(bundle, behind))
    assert told.is_on()
    assert told.report["json"]["line"] == 'client: {"state": 1}'


def test_an_error_in_what_json_needs(checker: Checker, project_copy: Path) -> None:
    (project_copy / "shim" / "log_calls" / "decisions.py").write_text("raise RuntimeError('broken')\n")
    told = checker.told(path=(project_copy,))
    assert told.is_on_but_for_warnings()
    (what, do) = next((each["what"], each["do"]) for each in told.warnings if "JSON" in each["what"])
    assert what == STILL + RAISES
    assert "ENUM_LOG_SHIM_DEBUG=1" in do


BROKEN = ["def f(:\n", "raise RuntimeError('broken')\n", "import no_such_module_at_all\n"]
MODULES = ["__init__", "settings", "hooks/stdlib_logging", "patching"]


@pytest.mark.parametrize(
    ("module", "text"), [*((name, BROKEN[1]) for name in MODULES), *(("record", text) for text in BROKEN)]
)
def test_an_error_inside_the_shim(checker: Checker, project_copy: Path, module: str, text: str) -> None:
    (project_copy / "shim" / f"{module}.py").write_text(text)
    what, do = checker.told(path=(project_copy,)).error()
    words = {"def": "SyntaxError", "raise": "RuntimeError: broken", "import": "no_such_module_at_all"}
    assert words[text.split()[0]] in what
    assert "ENUM_LOG_SHIM_DEBUG=1" in do


# Takes away whatever the shim has put in place, as an agent would that restores what it knows.
REPLACES = """
import logging
def make_record(self, name, level, fn, lno, msg, args, exc_info, func=None, extra=None, sinfo=None):
    record = logging.LogRecord(name, level, fn, lno, msg, args, exc_info, func, sinfo)
    record.__dict__.update(extra or {})
    return record
logging.Logger.makeRecord = make_record
"""


def test_make_record_is_replaced_after_us(checker: Checker, bundle: Path, folder: Folders) -> None:
    behind = folder("behind", REPLACES + "logging.Filterer.filter = lambda self, record: True\n")
    what, do = checker.told(path=(bundle, behind)).error()
    assert what.startswith("Logger.makeRecord is not ours any more: ")
    assert "who replaces it" in do
    (behind / "sitecustomize.py").write_text("")
    assert checker.told(path=(bundle, behind)).is_on()


def test_make_record_is_replaced_and_the_filter_is_enough(checker: Checker, bundle: Path, folder: Folders) -> None:
    assert checker.told(path=(bundle, folder("behind", REPLACES))).is_on_but_for_warnings()


def test_the_shim_is_undone(checker: Checker, bundle: Path, folder: Folders) -> None:
    behind = folder("behind", "import sys\nsys.modules['_enum_log_shim'].uninstall()\n")
    what, _ = checker.told(path=(bundle, behind)).error()
    assert "was undone" in what


def test_a_log_call_that_is_disabled_is_told_from_one_that_is_not_converted(
    checker: Checker, bundle: Path, folder: Folders
) -> None:
    behind = folder("behind", "import logging; logging.disable(logging.CRITICAL)\n")
    told = checker.told(path=(bundle, behind))
    assert not any("makeRecord is not ours" in error["what"] for error in told.errors)
    assert "raises None" not in checker(path=(bundle, behind)).stdout


def test_a_line_that_nobody_wrote_is_told(checker: Checker, bundle: Path, folder: Folders) -> None:
    behind = folder("behind", "import logging; logging.Handler.handle = lambda self, record: None\n")
    rows = [" ".join(row.split()) for row in checker(path=(bundle, behind)).stdout.splitlines()]
    assert {"probe no line", "json no line"} <= set(rows)


# What is not in the way, and should be known.


def test_two_copies_are_on_the_path(checker: Checker, bundle: Path, project_copy: Path) -> None:
    what, do = checker.told(path=(bundle, project_copy)).warning()
    assert what == f"the shim is on the path more than once: {bundle}/sitecustomize.py, {project_copy}/sitecustomize.py"
    assert "leave one of them" in do
    assert checker.told(path=(bundle, bundle, f"{bundle}/")).is_on()


def opened(path: Path) -> Path:
    path.chmod(path.stat().st_mode | 0o002)
    return path


@pytest.mark.parametrize("place", ["", "sitecustomize.py", "shim", "shim/record.py"])
def test_anybody_may_write_to_the_folder(checker: Checker, bundle: Path, tmp_path: Path, place: str) -> None:
    copy = shutil.copytree(bundle, tmp_path / "copy")
    opened(copy / place)
    what, do = checker.told(path=(copy,)).warning()
    assert what == f"anybody may write to {copy}, and so run code in that process"
    assert run(do.split(), env=environment(), cwd=tmp_path).code == 0
    assert checker.told(path=(copy,)).is_on()


def test_anybody_may_write_to_anothers_folder(checker: Checker, bundle: Path, folder: Folders) -> None:
    behind = folder("behind", "")
    opened(behind)
    what, do = checker.told(path=(bundle, behind)).warning()
    assert str(behind) in what
    assert do == f"chmod -R o-w {behind}"


@pytest.mark.parametrize("is_first", [True, False])
def test_anybody_may_put_a_module_into_a_folder_on_the_path(
    checker: Checker, bundle: Path, tmp_path: Path, is_first: bool
) -> None:
    (tmp_path / "empty").mkdir()
    folder = opened(tmp_path / "empty")
    path = (folder, bundle) if is_first else (bundle, folder)
    what, do = checker.told(path=path).warning()
    assert what == f"anybody may write to {folder}, and so run code in that process"
    assert run(do.split(), env=environment(), cwd=tmp_path).code == 0
    assert checker.told(path=path).is_on()


def test_everybodys_folder_on_the_path_is_to_be_taken_off(checker: Checker, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "everybodys").mkdir()
    folder = tmp_path / "everybodys"
    folder.chmod(0o1777)  # as /tmp: `chmod` is not the way there
    what, do = checker.told(path=(folder, bundle)).warning()
    assert what == f"anybody may write to {folder}, and so run code in that process"
    assert do == f"take {folder} off PYTHONPATH"


def test_anybody_may_make_a_folder_that_is_on_the_path(checker: Checker, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "everybodys").mkdir()
    place = opened(tmp_path / "everybodys")
    absent = place / "a" / "b"
    what, do = checker.told(path=(absent, bundle)).warning()
    assert what == f"{absent} does not exist, and anybody may make it and so run code in that process"
    assert do == f"take {absent} off PYTHONPATH"
    place.chmod(0o755)
    assert checker.told(path=(absent, bundle)).is_on()


@pytest.mark.parametrize("version", interpreters.SUPPORTED)
def test_no_bytecode_for_that_python(checker: Checker, bundle: Path, tmp_path: Path, version: str) -> None:
    copy, python = tmp_path / "copy", interpreters.found(version)
    shutil.copytree(bundle, copy, ignore=shutil.ignore_patterns("__pycache__"))
    what, do = checker.told(python, path=(copy,), PYTHONDONTWRITEBYTECODE="1").warning()
    assert what == f"{copy} holds no bytecode for this Python, so each start compiles the shim"
    assert run(do.split(), env=environment(measured=False), cwd=tmp_path) == Run(0, "", "")
    moved = copy.rename(tmp_path / "moved")
    for path in moved.rglob("*"):
        os.utime(path, (0, 0))
    assert checker.told(python, path=(moved,), PYTHONDONTWRITEBYTECODE="1").is_on()
    verbose = Host(checker.cwd, python)("-v", "-c", "import logging", path=[moved], measured=False)
    assert sources_that_were_compiled(verbose, moved) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a folder whatever its mode is")
def test_no_bytecode_where_nobody_may_write_it(checker: Checker, bundle: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(bundle, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    folders = [copy, *(path for path in copy.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        assert "no bytecode" in checker.told(path=(copy,), PYTHONDONTWRITEBYTECODE=None).warning()[0]
    finally:
        for folder in folders:
            folder.chmod(0o755)


@pytest.mark.parametrize(
    "text",
    [
        "import os; os.environ.pop('PYTHONPATH', None)",
        "import os; os.environ['ENUM_LOG_SHIM'] = '0'",
        "import os; os.environ['PYTHONPATH'] = os.path.dirname(__file__) + os.pathsep + os.environ['PYTHONPATH']",
    ],
    ids=["PYTHONPATH goes", "the switch is turned", "it comes first"],
)
@pytest.mark.parametrize("own", [("-I",), ()], ids=["checked from outside", "checked from inside"])
def test_children_without_the_shim(
    checker: Checker, bundle: Path, folder: Folders, text: str, own: tuple[str, ...]
) -> None:
    # From inside the checker is such a Python itself, and what it starts is what an app would start, not the app.
    checker.own = own
    behind = folder("behind", text)
    what, do = checker.told(path=(bundle, behind)).warning()
    assert what == "a Python that this one starts has no shim"
    assert "which agent changes PYTHONPATH" in do
    assert "have no shim" in checker(path=(bundle, behind)).stdout


# An installed copy.


def wheel(place: Path, name: str, files: dict[str, str]) -> Path:
    """A distribution of somebody else's, as pip installs it."""
    info = f"{name}-1.0.dist-info"
    texts = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    texts[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*texts, f"{info}/RECORD"])
    path = place / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in texts.items():
            archive.writestr(file, text)
    return path


def distribution(folder: Path, name: str, files: dict[str, str]) -> None:
    """As `wheel`, installed in a folder that has its sitecustomize.py already."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in ["sitecustomize.py", *files]))


@pytest.fixture
def installation(installed: Path, tmp_path: Path) -> Path:
    """The interpreter of an installation that a test may change."""
    copy = shutil.copytree(installed.parents[1], tmp_path / "venv", symlinks=True)
    return copy / "bin" / "python"


def checked_there(python: Path, cwd: Path, path: tuple[object, ...] = (), **variables: object) -> Told:
    """What an installed copy tells of its own interpreter."""
    command = [python, "-m", "shim", "check", "--json"]
    done = run(command, env=environment(path, **{"ENUM_LOG_SHIM": "1", **variables}), cwd=cwd)
    answer = json.loads(done.stdout)
    of = {level: [each for each in answer["findings"] if each["level"] == level] for level in ("error", "warning")}
    return Told(done.code, answer["ok"], of["error"], of["warning"], answer["report"])


def advised(python: Path, cwd: Path) -> Path:
    """The folder that is advised, made as it is advised."""
    target = cwd / "DIR"
    done = run([python, "-m", "shim", "bundle", target], env=environment(), cwd=cwd)
    assert (done.code, done.stderr) == (0, "")
    return target


def test_an_installed_copy_is_on(installation: Path, cwd: Path) -> None:
    told = checked_there(installation, cwd)
    assert told.is_on()
    assert told.report["entry_point"] is True
    assert "has no shim" not in str(told)


def test_another_distribution_has_overwritten_ours(installation: Path, cwd: Path, tmp_path: Path) -> None:
    theirs = wheel(tmp_path, "other", {"sitecustomize.py": OFF_AND_ALONE})
    command = [installation, "-m", "pip", "install", "--no-index", "--no-deps", theirs]
    assert run(command, env=environment(measured=False), cwd=tmp_path).code == 0
    what, do = checked_there(installation, cwd).error()
    assert "was installed with the shim, and other has overwritten it" in what
    assert "python -m shim bundle DIR" in do
    assert "PYTHONPATH=DIR" in do
    assert checked_there(installation, cwd, (advised(installation, cwd),)).is_on_but_for_warnings()


def test_ours_has_overwritten_another_distributions(installation: Path, cwd: Path) -> None:
    (site_packages,) = installation.parents[1].glob("lib/python3*/site-packages")
    distribution(site_packages, "other", {})
    what, do = checked_there(installation, cwd).warning()
    assert "belongs to" in what
    assert "other" in what
    assert "python -m shim bundle DIR" in do


def test_one_in_front_of_an_installed_copy(installation: Path, cwd: Path, folder: Folders) -> None:
    front = folder("front", OFF_AND_ALONE)
    what, do = checked_there(installation, cwd, (front,)).error()
    assert what.startswith(f"{front}/sitecustomize.py comes first on the path")
    assert "python -m shim bundle DIR" in do
    assert checked_there(installation, cwd, (advised(installation, cwd), front)).is_on_but_for_warnings()


def test_ours_was_removed_from_an_installed_copy(installation: Path, cwd: Path) -> None:
    (site_packages,) = installation.parents[1].glob("lib/python3*/site-packages")
    (site_packages / "sitecustomize.py").unlink()
    what, do = checked_there(installation, cwd).error()
    assert "PYTHONPATH" in what
    assert "python -m shim bundle DIR" in do
    assert checked_there(installation, cwd, (advised(installation, cwd),)).is_on()


# How it is told.


@pytest.mark.parametrize("flag", ["1", "0"])
def test_the_text_is_plain_in_a_pipe(checker: Checker, bundle: Path, flag: str) -> None:
    done = checker(path=(bundle,), variables={"ENUM_LOG_SHIM": flag, "FORCE_COLOR": "1"})
    assert "\033" not in done.stdout
    first, empty, *rows = done.stdout.splitlines()
    assert first == f"The shim is {'ON' if flag == '1' else 'OFF'} in {checker.python}"
    assert empty == ""
    text = "\n".join(rows)
    for word in (
        "Python ",
        "environment ",
        "sitecustomize ",
        "wrapt ",
        "libraries ",
        "wrapped ",
        "probe ",
        "json ",
        "children ",
    ):
        assert f"  {word}" in text
    assert ("\nerror: " in text) is (flag == "0")
    assert ("\n  do: " in text) is (flag == "0")


def on_a_terminal(checker: Checker, path: Path, **variables: object) -> str:
    """What it writes to a terminal."""
    ours, theirs = pty.openpty()
    try:
        checker(path=(path,), variables={"TERM": "xterm", **variables}, stdout=theirs)
        os.close(theirs)
        text = b""
        try:
            while True:
                text += os.read(ours, 65536)
        except OSError:  # so Linux ends it
            pass
    finally:
        os.close(ours)
    return text.decode()


@pytest.mark.parametrize(("flag", "told"), [("1", "\033[32mON\033[0m"), ("0", "\033[1;31mOFF\033[0m")])
def test_the_text_is_coloured_on_a_terminal(checker: Checker, bundle: Path, flag: str, told: str) -> None:
    assert on_a_terminal(checker, bundle, ENUM_LOG_SHIM=flag, NO_COLOR=None).startswith(f"The shim is {told} in ")
    assert "\033" not in on_a_terminal(checker, bundle, ENUM_LOG_SHIM=flag, NO_COLOR="1")


def test_the_text_names_those_in_front_and_behind(checker: Checker, bundle: Path, folder: Folders) -> None:
    front, behind = folder("front", AGENTS["ddtrace"]), folder("behind", "")
    rows = checker(path=(front, bundle, behind)).stdout.splitlines()
    doors = [" ".join(row.split()) for row in rows if "sitecustomize.py" in row]
    assert doors == [
        f"sitecustomize 1. {front}/sitecustomize.py (another's; wins)",
        f"2. {bundle}/sitecustomize.py (the shim's; shadowed by the one above)",
        f"3. {behind}/sitecustomize.py (another's; shadowed by the one above, which runs it)",
    ]


@pytest.mark.parametrize(
    ("variables", "row"),
    [
        ({}, 'client: {"state": "connected"}'),
        ({"ENUM_LOG_SHIM_STYLE": "full"}, 'client: {"state": "State.CONNECTED"}'),
        ({"ENUM_LOG_SHIM": "0"}, f"raises {RAISES}"),
        ({"ENUM_LOG_SHIM": "observe"}, f"raises {RAISES}"),
        ({"ENUM_LOG_SHIM_SKIP": "json"}, f"raises {RAISES}"),
        ({"ENUM_LOG_SHIM_SKIP": "logging"}, 'client: {"state": "connected"}'),
    ],
)
def test_the_text_has_a_row_for_json(checker: Checker, bundle: Path, variables: dict[str, str], row: str) -> None:
    assert f"\n  json           {row}\n" in checker(path=(bundle,), variables=variables).stdout


def test_the_text_holds_what_the_shim_said(checker: Checker, bundle: Path) -> None:
    done = checker(path=(bundle,), variables={"ENUM_LOG_SHIM_STYLE": "loud"})
    assert done.code == 0
    assert "it said        ENUM_LOG_SHIM_STYLE='loud': accepted are lower, name, value, full" in done.stdout


def test_help(checker: Checker) -> None:
    for option in ("--help", "-h"):
        done = checker(option)
        assert (done.code, done.stderr) == (0, "")
        assert done.stdout.startswith("usage: python -m shim check")
        assert "python -m shim check -- opentelemetry-instrument python" in done.stdout


def test_an_option_of_nobodys_is_2(checker: Checker) -> None:
    done = checker("--jsn")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: python -m shim check")


def test_it_leaves_no_file_behind(checker: Checker, bundle: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    before = sorted(bundle.rglob("*"))
    for command in ((), ("--", "true")):
        checker(*command, path=(bundle,), variables={"TMPDIR": temporary, "PYTHONDONTWRITEBYTECODE": "1"})
    assert os.listdir(temporary) == []
    assert os.listdir(checker.cwd) == []
    assert sorted(bundle.rglob("*")) == before
