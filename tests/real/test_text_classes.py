"""ENUM_LOG_SHIM_TEXT: the host's own classes render as their string; what does not exist is one line on stderr."""

from __future__ import annotations

import os
from pathlib import Path

import interpreters
import pytest
from processes import ROOT, Host, Run

STATES = """
import enum
class State(enum.Enum):
    UP = 1
class Text(str, enum.Enum):
    UP = "Text Up"
class Mode(enum.Flag):
    READ = 1
    EXEC = 4
class Said(enum.Enum):
    UP = 1
    def __str__(self): return "said up"
class Formatted(enum.Enum):
    UP = 1
    def __format__(self, spec): return "formatted " + spec
class Outer:
    class Inner(enum.IntEnum):
        UP = 1
NUMBER = 1
"""
NAMES = ("State", "Text", "Mode", "Said", "Formatted", "Outer.Inner")
SHOW = """
import json, logging, pickle, sys
from app import states as s
members = [s.State.UP, s.Text.UP, s.Mode.READ | s.Mode.EXEC, s.Said.UP, s.Formatted.UP, s.Outer.Inner.UP]
print(*[f"{one}" for one in members], sep=",")
print(*members[:4], *members[5:], sep=",")
print([pickle.loads(pickle.dumps(one)) is one for one in members], s.State(1) is s.State.UP, repr(members))
try:
    json.dumps(s.State.UP)
except TypeError:
    print("no JSON")
"""


@pytest.fixture
def app(cwd: Path) -> Path:
    """The host's package, with its classes in a module."""
    (cwd / "app").mkdir()
    (cwd / "app" / "__init__.py").touch()
    (cwd / "app" / "states.py").write_text(STATES)
    return cwd / "app"


def line(entry: str, module: str) -> str:
    return f"enum-log-shim: ENUM_LOG_SHIM_TEXT names {entry}, and there is no module {module}\n"


def test_classes_of_every_kind(any_host: Host, app: Path) -> None:
    on = any_host("-c", SHOW, TEXT=",".join(f"app.states:{name}" for name in NAMES))
    off = any_host("-c", SHOW, flag="0")
    assert (on.code, on.stderr) == (off.code, off.stderr) == (0, "")
    first, second, *rest = on.stdout.splitlines()
    assert first == "up,Text Up,read|exec,said up,formatted ,up"
    assert second == "up,Text Up,read|exec,said up,up"
    assert rest == off.stdout.splitlines()[2:]
    assert rest[0].startswith("[True, True, True, True, True, True] True")


def test_classes_that_are_not_named_render_as_before(host: Host, app: Path) -> None:
    assert host("-c", SHOW, TEXT="app.states:Outer.Inner").stdout.startswith("State.UP,")
    assert host("-c", SHOW).stdout == host("-c", SHOW, flag="0").stdout


def test_a_class_that_is_imported_from_elsewhere_and_one_that_is_kept(host: Host, app: Path) -> None:
    (app / "__init__.py").write_text("from app.states import State")
    code = "import app, logging; print(f'{app.State.UP}'); logging.warning('%s', app.State.UP)"
    assert host("-c", code, TEXT="app:State") == Run(0, "up\n", "WARNING:root:up\n")
    assert host("-c", code, TEXT="app:State", KEEP="app.states:State") == Run(
        0, "State.UP\n", "WARNING:root:State.UP\n"
    )


@pytest.mark.parametrize("release", ["aenum==2.0.0", "aenum==3.1.12", "aenum"])
@pytest.mark.parametrize("version", ["3.8", "3.11", "3.13"])
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_class_of_aenum(cwd: Path, app: Path, version: str, release: str) -> None:
    (app / "states.py").write_text(STATES.replace("import enum", "import aenum as enum"))
    host = Host(cwd, interpreters.venv(version, interpreters.NEWEST_WRAPT, release))
    on = host("-W", "ignore", "-c", SHOW, TEXT=",".join(f"app.states:{name}" for name in NAMES), measured=False)
    off = host("-W", "ignore", "-c", SHOW, flag="0", measured=False)
    assert (on.code, on.stderr) == (off.code, off.stderr) == (0, "")
    first, second, *rest = on.stdout.splitlines()
    assert first == "up,Text Up,read|exec,said up,formatted ,up"
    assert second == "up,Text Up,read|exec,said up,up"
    assert rest == off.stdout.splitlines()[2:]


@pytest.mark.parametrize("name", ["Nothing", "Outer.Nothing", "NUMBER"])
def test_a_class_that_does_not_exist_is_one_line(any_host: Host, app: Path, name: str) -> None:
    code = "import app.states; print(f'{app.states.State.UP}'); import app.states"
    run = any_host("-c", code, TEXT=f"app.states:{name},app.states:State")
    assert (run.code, run.stdout) == (0, "up\n")
    assert run.stderr.startswith(f"enum-log-shim: app.states:{name} is not wrapped: ")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("entry", "lost", "code"),
    [
        ("ap.states:State", "ap", "import app.states; print(1)"),
        ("nowhere:State", "nowhere", "print(1)"),
        ("app.stats:State", "app.stats", "import app.states; print(1)"),
        ("app.states.inner:State", "app.states.inner", "import app.states; print(1)"),
        ("app.stats.inner:State", "app.stats", "import app; print(1)"),
    ],
)
def test_a_module_that_does_not_exist_is_one_line(any_host: Host, app: Path, entry: str, lost: str, code: str) -> None:
    assert any_host("-c", code, TEXT=entry) == Run(0, "1\n", line(entry, lost))


def test_it_is_told_as_soon_as_the_package_is_imported(host: Host, app: Path) -> None:
    code = "import os, app; os.write(2, b'after\\n'); os._exit(0)"
    assert host("-c", code, TEXT="app.stats:State").stderr == line("app.stats:State", "app.stats") + "after\n"
    # A name of which nothing is found is told of at the end: the path may become longer up to then.
    assert host("-c", code, TEXT="ap.stats:State").stderr == "after\n"


@pytest.mark.parametrize(
    "code",
    [
        "print(1)",
        "import app; print(1)",
        "import app.states; print(1)",
        "import os; os.chdir('..'); print(1)",
        "import sys; sys.path.remove(''); print(1)",
        "import sys; sys.modules['app'] = None; print(1)",
    ],
)
def test_a_module_that_is_there_and_not_imported_is_no_line(any_host: Host, app: Path, code: str) -> None:
    assert any_host("-c", code, TEXT="app.states:State") == Run(0, "1\n", "")


def test_a_script_from_elsewhere_that_is_started_in_the_apps_folder_is_no_line(host: Host, app: Path) -> None:
    script = host.cwd.parent / "healthcheck.py"
    script.write_text("import logging; print(1)")
    assert host(script, TEXT="app.states:State") == Run(0, "1\n", "")
    elsewhere = Host(host.cwd.parent, host.python)
    assert elsewhere(script, TEXT="app.states:State") == Run(0, "1\n", line("app.states:State", "app"))
    assert elsewhere(script, TEXT="app.states:State", path=[ROOT, host.cwd]) == Run(0, "1\n", "")


def test_nothing_is_imported_for_it(host: Host, app: Path) -> None:
    (app / "__init__.py").write_text("print('imported')")
    assert host("-c", "print(1)", TEXT="app.states:State,app.stats:State,app:State") == Run(0, "1\n", "")


def test_a_module_that_the_host_makes_itself_and_a_finder_that_raises(host: Host) -> None:
    made = "import sys, types; sys.modules['app'] = types.ModuleType('app'); print(1)"
    assert host("-c", made, TEXT="app:State") == Run(0, "1\n", "")
    raises = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "app":
            raise RuntimeError("the host's")
sys.meta_path.append(Finder())
print(1)
"""
    assert host("-c", raises, TEXT="app:State") == Run(0, "1\n", "")


def test_a_package_in_several_places(host: Host, tmp_path: Path) -> None:
    for place, name in (("one", "states"), ("two", "more")):
        folder = tmp_path / place / "app_space"
        folder.mkdir(parents=True)
        (folder / f"{name}.py").write_text(STATES)
    path = [ROOT, tmp_path / "one", tmp_path / "two"]
    code = "import app_space.more as m; print(f'{m.State.UP}')"
    entries = "app_space.states:State,app_space.more:State"
    assert host("-c", code, TEXT=entries, path=path) == Run(0, "up\n", "")
    lost = host("-c", code, TEXT="app_space.nothing:State", path=path)
    assert lost == Run(0, "State.UP\n", line("app_space.nothing:State", "app_space.nothing"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_of_several_processes_the_first_tells_it(host: Host) -> None:
    fork = "import os, sys\nif os.fork(): os.wait()\nsys.exit(0)\n"
    assert host("-c", fork, TEXT="nowhere:State") == Run(0, "", line("nowhere:State", "nowhere"))


def test_after_its_undo_nothing_is_told(host: Host) -> None:
    code = "import shim; shim.install(); shim.uninstall()"
    assert host("-c", code, TEXT="nowhere:State", flag=None) == Run(0, "", "")


def test_a_host_that_raises_or_exits_with_a_code_of_its_own(host: Host) -> None:
    assert host("-c", "raise SystemExit(3)", TEXT="nowhere:State") == Run(3, "", line("nowhere:State", "nowhere"))
    run = host("-c", "1/0", TEXT="nowhere:State")
    assert run.code == 1
    assert run.stderr.count(line("nowhere:State", "nowhere")) == 1
