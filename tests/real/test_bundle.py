"""`python -m shim bundle`: what it makes works in any container, and is made whole or not at all."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.metadata
import os
import resource
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Callable

import interpreters
import pytest
from processes import ROOT, Host, Run, environment, run

STATES = "import enum\nclass State(enum.Enum):\n    UP = 1\n"
LOG = f"{STATES}\nimport logging, sys\nlogging.warning('%s', State.UP)\nsys.exit(7)"
CONVERTED = Run(7, "", "WARNING:root:up\n")
UNTOUCHED = Run(7, "", "WARNING:root:State.UP\n")
NAME = "enum-log-shim"
LOCAL = (".git", ".[a-oq-z]*_cache", ".hypothesis", "venvs", "build", "*.egg-info", "__pycache__", "*.pyc")


@pytest.fixture(scope="session")
def maker() -> Path:
    """An interpreter that has the wrapt which goes into a bundle, and so needs no index for it."""
    return interpreters.venv(interpreters.CURRENT, interpreters.LIGHT_WRAPT, "pip")


def checkout_copy(factory: pytest.TempPathFactory) -> Path:
    """A checkout that nobody else writes to, neither while it is installed nor in between two bundles of it."""
    copy = factory.getbasetemp() / "checkout" / "project"
    if not copy.exists():
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LOCAL))
    return copy


def installed_copy(factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a virtual environment with an installed copy, as README.md installs it; made once in a run."""
    folder = factory.getbasetemp() / "installed"
    python = folder / "venv" / "bin" / "python"
    if folder.exists():
        return python
    folder.mkdir()
    base, wrapt = interpreters.found(interpreters.CURRENT), interpreters.LIGHT_WRAPT
    checkout, env = checkout_copy(factory), environment(measured=False)
    for command in ([base, "-m", "venv", folder / "venv"], [python, "-m", "pip", "install", "./.package", wrapt]):
        done = run(command, env=env, cwd=checkout, timeout=200)
        assert done.code == 0, done.stdout + done.stderr
    return python


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout_copy(tmp_path_factory)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed_copy(tmp_path_factory)


@pytest.fixture(scope="session")
def older(tmp_path_factory: pytest.TempPathFactory, checkout: Path, maker: Path) -> Path:
    """A bundle of an earlier version, which had a module that is gone; not to be changed."""
    place = tmp_path_factory.mktemp("older")
    earlier = shutil.copytree(checkout, place / "project")
    setup = earlier / "setup.cfg"
    setup.write_text(setup.read_text().replace("\nversion = ", "\nversion = 0.0.", 1))
    (earlier / "shim" / "gone.py").write_text("GONE = True\n")
    assert make(place / NAME, maker, earlier).code == 0
    return place / NAME


@pytest.fixture
def earlier(older: Path, tmp_path: Path) -> Path:
    """A copy of the older bundle, alone in its folder."""
    return shutil.copytree(older, tmp_path / "opt" / NAME)


@pytest.fixture(scope="session")
def newer(tmp_path_factory: pytest.TempPathFactory, checkout: Path, maker: Path) -> Path:
    """A bundle of this version; not to be changed."""
    folder = tmp_path_factory.mktemp("newer") / NAME
    assert make(folder, maker, checkout).code == 0
    return folder


def make(target: object, python: Path, root: Path | None, cwd: Path | None = None, **more: Any) -> Run:
    """Runs `python -m shim bundle TARGET`; root: whose shim, None for that of the interpreter."""
    measured = "preexec_fn" not in more  # where no file may be written, coverage can't write its own
    env = environment([root] if root else [], measured, **more.pop("variables", {}))
    return run([python, "-m", "shim", "bundle", target], env=env, cwd=cwd or root, timeout=120, **more)


def listing(folder: Path, is_timed: bool = True) -> dict[str, object]:
    """All that lies in a folder: kind, mode and content, and the times where these have to be the same as well."""
    found: dict[str, object] = {}
    for path in [folder, *folder.rglob("*")]:
        status = path.lstat()
        is_file = stat.S_ISREG(status.st_mode)
        content = path.read_bytes() if is_file else os.readlink(path) if path.is_symlink() else None
        if path.suffix == ".pyc" and not is_timed:
            content = None  # the same code is not always the same bytes: they tell which constants were shared
        times = status.st_mtime_ns if is_timed else None
        found[str(path.relative_to(folder))] = (status.st_mode, content, times)
    return found


def same(one: Path, other: Path) -> bool:
    return listing(one, is_timed=False) == listing(other, is_timed=False)


# What it holds.


def test_a_bundle_is_the_door_the_shim_the_second_way_in_and_their_metadata(newer: Path, checkout: Path) -> None:
    (info,) = newer.glob("*.dist-info")
    plugin = "enum_log_shim_pytest.egg-info"
    own = ["sitecustomize.py", "shim", "enum_log_shim", "__pycache__", info.name, plugin]
    assert sorted(os.listdir(newer)) == sorted(own)
    assert sorted(os.listdir(newer / plugin)) == ["PKG-INFO", "entry_points.txt"]
    for place, source in ((newer / "shim", checkout / "shim"), (newer / "enum_log_shim", checkout / "shim" / "entry")):
        theirs = {path.relative_to(source): path.read_bytes() for path in source.rglob("*") if path.is_file()}
        ours = {path.relative_to(place): path.read_bytes() for path in place.rglob("*") if path.is_file()}
        extra = {name for name in set(ours) - set(theirs) if "__pycache__" not in name.parts}
        assert {name.parts[0] for name in extra} == ({"wrapt"} if place.name == "shim" else set())
        assert {name: ours[name] for name in theirs} == theirs
    assert (newer / "sitecustomize.py").read_bytes() == (checkout / "sitecustomize.py").read_bytes()
    assert "1.17.3" in (newer / "shim" / "wrapt" / "__init__.py").read_text().replace("', '", ".").replace("'", "")
    assert "Redistribution" in (newer / "shim" / "wrapt" / "LICENSE").read_text()


def test_its_record_names_each_file_with_the_right_hash(newer: Path) -> None:
    (found,) = importlib.metadata.Distribution.discover(name=NAME, path=[str(newer)])
    recorded = {str(file): file for file in found.files or ()}
    there = {str(path.relative_to(newer)) for path in newer.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert set(recorded) == there
    for name, file in recorded.items():
        content = (newer / name).read_bytes()
        if name.endswith("RECORD"):
            assert (file.hash, file.size) == (None, None)
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        assert (file.hash.mode, file.hash.value, file.size) == ("sha256", digest, len(content))


TELL_METADATA = """
from importlib import metadata
(found,) = metadata.distributions(name="enum-log-shim")
print(found.version, metadata.requires("enum-log-shim"), found.metadata["Requires-Python"], found.metadata["License"])
print([(point.group, point.name, point.value) for point in found.entry_points])
print(found.read_text("LICENSE").splitlines()[0], found.read_text("INSTALLER"))
"""


def test_its_metadata_is_read_by_any_interpreter(any_host: Host, bundle: Path) -> None:
    version = (ROOT / "setup.cfg").read_text().split("\nversion = ")[1].split()[0]
    done = any_host("-c", TELL_METADATA, path=[bundle])
    first, points, last = done.stdout.splitlines()[:3]
    assert (done.code, first) == (0, f"{version} None >=3.8 MIT")
    assert points == "[('opentelemetry_pre_instrument', 'enum_log_shim', 'enum_log_shim:enter')]"
    assert last == "MIT License enum-log-shim bundle"


def test_pip_lists_it_and_finds_nothing_broken(cwd: Path, bundle: Path) -> None:
    host = Host(cwd, interpreters.venv(interpreters.CURRENT, interpreters.NEWEST_WRAPT, "pip"))
    listed = host("-m", "pip", "list", path=[bundle], flag=None)
    assert NAME in listed.stdout.split()
    checked = host("-m", "pip", "check", path=[bundle], flag=None)
    assert (checked.code, checked.stdout) == (0, "No broken requirements found.\n")


@pytest.mark.parametrize("umask", [0o077, 0o777, 0o000])
def test_anybody_may_read_it_whoever_made_it(checkout: Path, maker: Path, tmp_path: Path, umask: int) -> None:
    folder = tmp_path / NAME
    assert make(folder, maker, checkout, preexec_fn=lambda: os.umask(umask)).code == 0
    for path in [folder, *folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path


def test_what_it_prints_switches_it_on(host: Host, checkout: Path, maker: Path, tmp_path: Path) -> None:
    done = make(tmp_path / NAME, maker, checkout)
    first, line = done.stdout.splitlines()
    implementation = f"{sys.implementation.name} {interpreters.CURRENT}"
    assert first == f"made {tmp_path / NAME}, with wrapt 1.17.3 and its C extension for {implementation}"
    assert (done.code, done.stderr) == (0, "")
    command = ["sh", "-c", f'export {line}; exec "$@"', "sh", host.python, "-c", LOG]
    assert run(command, env=environment(), cwd=host.cwd) == CONVERTED


@pytest.mark.parametrize("place", ["new", "a/b/new", "with blanks in it", "ünïcödé", "new/", "./new", "x/../new"])
def test_a_folder_may_be_new_at_any_depth_and_have_any_name(
    checkout: Path, maker: Path, newer: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "x").mkdir()
    done = make(place, maker, checkout, tmp_path)
    assert (done.code, done.stderr) == (0, "")
    assert same(tmp_path / place, newer)
    assert sorted(os.listdir((tmp_path / place).parent)) in ([Path(place).name], sorted(["x", Path(place).name]))


@pytest.mark.parametrize("is_link", [False, True])
def test_an_empty_folder_may_be_there(checkout: Path, maker: Path, newer: Path, tmp_path: Path, is_link: bool) -> None:
    folder = tmp_path / "opt" / NAME
    folder.mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert make(link if is_link else folder, maker, checkout).code == 0
    assert same(folder, newer)
    assert os.listdir(folder.parent) == [NAME]
    assert link.is_symlink()


def test_the_working_directory_may_be_named(checkout: Path, maker: Path, newer: Path, tmp_path: Path) -> None:
    folder = tmp_path / "opt" / NAME
    folder.mkdir(parents=True)
    command = [maker, checkout / "shim", "bundle", "."]
    done = run(["sh", "-c", '"$@" && ls', "sh", *command], env=environment(), cwd=folder)
    assert (done.code, done.stderr) == (0, "")
    assert "sitecustomize.py" in done.stdout.splitlines()
    assert same(folder, newer)


# Where it comes from.


def test_one_made_from_a_bundle_equals_it(maker: Path, newer: Path, tmp_path: Path) -> None:
    env = environment()
    assert run([maker, newer / "shim", "bundle", "one"], env=env, cwd=tmp_path).code == 0
    assert make("two", maker, newer, tmp_path).code == 0
    assert same(tmp_path / "one", newer)
    assert same(tmp_path / "two", newer)


def test_one_made_from_an_installed_copy_equals_the_checkouts(installed: Path, newer: Path, tmp_path: Path) -> None:
    done = make(tmp_path / NAME, installed, None, tmp_path)
    assert (done.code, done.stderr) == (0, "")
    assert listing(tmp_path / NAME, is_timed=False) == listing(newer, is_timed=False)


def test_one_made_from_an_installed_copy_without_its_wrapt_asks_pip_for_it(
    installed: Path, newer: Path, tmp_path: Path
) -> None:
    venv = shutil.copytree(installed.parents[1], tmp_path / "venv", symlinks=True)
    for path in venv.glob("lib/python3*/site-packages/wrapt*"):
        shutil.rmtree(path)
    done = make(tmp_path / NAME, venv / "bin" / "python", None, tmp_path)
    assert (done.code, done.stderr) == (0, "getting wrapt 1.17.3 with pip ...\n")
    assert same(tmp_path / NAME, newer)


@pytest.mark.parametrize("version", interpreters.SUPPORTED)
def test_any_interpreter_makes_one_of_a_bundle_without_pip_or_wrapt(
    newer: Path, tmp_path: Path, cwd: Path, version: str
) -> None:
    python = interpreters.found(version)
    done = run([python, "-S", newer / "shim", "bundle", tmp_path / NAME], env=environment(measured=False), cwd=cwd)
    assert (done.code, done.stderr) == (0, "")
    is_same = version == interpreters.CURRENT
    assert same(tmp_path / NAME, newer) is is_same
    assert ("no C extension" in done.stdout) is not is_same
    assert Host(cwd, python)("-c", LOG, path=[tmp_path / NAME], measured=False) == CONVERTED


# Where it goes.


def sources_that_were_compiled(done: Run, folder: Path) -> list[str]:
    """What `python -v` tells of sources of which there was no valid bytecode."""
    lines = (line.replace("'", "") for line in done.stderr.splitlines())
    return [line for line in lines if line.startswith(f"# code object from {folder}") and line.endswith(".py")]


def copied_with_cp(folder: Path, place: Path) -> None:
    subprocess.run(["cp", "-r", f"{folder}/.", place], check=True, timeout=30)


def copied_with_other_times(folder: Path, place: Path) -> None:
    copied_with_cp(folder, place)
    for number, path in enumerate(place.rglob("*")):
        os.utime(path, (number, 3 * number))


def copied_read_only(folder: Path, place: Path) -> None:
    copied_with_other_times(folder, place)
    for path in [*place.rglob("*"), place]:
        path.chmod(0o555 if path.is_dir() else 0o444)


COPIES = [copied_with_cp, copied_with_other_times, copied_read_only]


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("dont_write", [None, "1"])
def test_a_copy_is_as_good_and_its_bytecode_as_valid(
    host: Host, newer: Path, tmp_path: Path, copied: Callable[[Path, Path], None], dont_write: str | None
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    copied(newer, copy)
    before = listing(copy)
    assert host("-c", LOG, path=[copy], PYTHONDONTWRITEBYTECODE=dont_write) == CONVERTED
    verbose = host("-v", "-c", LOG, path=[copy], PYTHONDONTWRITEBYTECODE=dont_write)
    assert f"{copy}/shim/__pycache__" in verbose.stderr
    assert sources_that_were_compiled(verbose, copy) == []
    assert listing(copy) == before


def test_a_copy_without_bytecode_is_compiled(host: Host, newer: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(newer, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    verbose = host("-v", "-c", LOG, path=[copy], PYTHONDONTWRITEBYTECODE="1")
    assert sources_that_were_compiled(verbose, copy) != []
    assert host("-c", LOG, path=[copy], PYTHONDONTWRITEBYTECODE="1") == CONVERTED


def test_any_interpreter_starts_with_one_that_cannot_be_written_to(
    any_host: Host, bundle: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(bundle, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    # A file where the bytecode's folder would be: root may write to a folder whatever its mode is.
    for folder in [copy, *(path for path in copy.rglob("*") if path.is_dir())]:
        (folder / "__pycache__").touch()
    assert any_host("-c", LOG, path=[copy], PYTHONDONTWRITEBYTECODE=None) == CONVERTED


# The wrapt inside, and the host's own.

THEIRS = "import sys; print([name for name in sys.modules if name.partition('.')[0] == 'wrapt'])"
KIND = "import logging; print(hasattr(type(vars(logging.Logger)['makeRecord']).__call__, '__code__'))"


@pytest.mark.parametrize("disabled", [None, "1"])
def test_any_interpreter_converts_without_the_hosts_wrapt(any_host: Host, bundle: Path, disabled: str | None) -> None:
    done = any_host("-c", f"import logging\n{THEIRS}\n{LOG}", path=[bundle], WRAPT_DISABLE_EXTENSIONS=disabled)
    assert done == CONVERTED._replace(stdout="[]\n")
    is_made_for_it = any_host.python.parent.parent.name.startswith(interpreters.CURRENT + "-")
    is_pure = bool(disabled) or not is_made_for_it
    assert any_host("-c", KIND, path=[bundle], WRAPT_DISABLE_EXTENSIONS=disabled) == Run(0, f"{is_pure}\n", "")


HOSTS_WRAPT = """
try:
    import wrapt
except Exception as error:
    print(type(error).__name__, error)
else:
    print(wrapt.__file__, getattr(wrapt, "__version__", None), sorted(n for n in sys.modules if n.startswith("wrapt")))
    if hasattr(wrapt, "FunctionWrapper"):
        kind = wrapt.FunctionWrapper
        print(hasattr(kind.__call__, "__code__"), kind is wrapt.wrappers.FunctionWrapper)
        print(wrapt.FunctionWrapper is not type(vars(logging.Logger)["makeRecord"]))
        wrapt.wrap_function_wrapper("logging", "Logger.makeRecord", lambda wrapped, self, a, k: wrapped(*a, **k))
"""
ORDERS = {"after": f"import sys, logging\n{HOSTS_WRAPT}", "before": f"import sys, wrapt, logging\n{HOSTS_WRAPT}"}
BROKEN = {
    "raising": ("wrapt/__init__.py", "raise OSError('no wrapt today')"),
    "a module": ("wrapt.py", "__version__ = 'mine'"),
    "empty": ("wrapt/__init__.py", ""),
    "no Python": ("wrapt/__init__.py", "def f(:"),
}


def with_and_without(host: Host, bundle: Path, code: str, **variables: object) -> Run:
    """What a host does with the bundle, which is all that it does without but for the enum."""
    on = host("-c", f"{code}\n{LOG}", path=[bundle], **variables)
    off = host("-c", f"{code}\n{LOG}", path=[bundle], flag="0", **variables)
    assert on._replace(stderr="") == off._replace(stderr="")
    assert (on.stderr, off.stderr) == (CONVERTED.stderr, UNTOUCHED.stderr)
    return on


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("disabled", [None, "1"], ids=["C", "pure"])
@pytest.mark.parametrize("wrapt", [interpreters.OLDEST_WRAPT, interpreters.LIGHT_WRAPT, interpreters.NEWEST_WRAPT])
def test_the_host_gets_its_own_wrapt(cwd: Path, bundle: Path, wrapt: str, disabled: str | None, order: str) -> None:
    host = Host(cwd, interpreters.venv(interpreters.CURRENT, wrapt))
    done = with_and_without(host, bundle, ORDERS[order], WRAPT_DISABLE_EXTENSIONS=disabled)
    file, kind, _ = done.stdout.splitlines()
    assert file.startswith(str(host.python.parents[1]))
    assert kind.split()[0] == str(bool(disabled))


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_wrapt_of_the_hosts_is_of_no_interest(
    cwd: Path, python_without_wrapt: Path, bundle: Path, broken: str
) -> None:
    name, text = BROKEN[broken]
    (cwd / name).parent.mkdir(exist_ok=True)
    (cwd / name).write_text(text)
    with_and_without(Host(cwd, python_without_wrapt), bundle, ORDERS["after"])


def test_no_wrapt_at_all_is_none_for_the_host(cwd: Path, python_without_wrapt: Path, bundle: Path) -> None:
    done = with_and_without(Host(cwd, python_without_wrapt), bundle, ORDERS["after"])
    assert done.stdout == "ModuleNotFoundError No module named 'wrapt'\n"


def test_the_wrapt_on_its_own_folder_is_not_importable(host: Host, bundle: Path) -> None:
    code = "import importlib.util as u; print(u.find_spec('wrapt').origin.startswith(%r))" % str(bundle)
    assert host("-c", code, path=[bundle]) == Run(0, "False\n", "")


# Which wrapt costs what: under each one of the environment's, and the bundle's.

LOADED = "import sys; before = set(sys.modules)\nimport logging\nprint(*sorted(set(sys.modules) - before))"
HEAVY = {"inspect", "ast", "dis", "asyncio", "wrapt"}
REAL = """
import logging, sys, os, inspect, json, wrapt
print(type(inspect).__name__, inspect.__file__ == os.__file__.replace("os.py", "inspect.py"), type(wrapt).__name__)
print(inspect.isfunction(os.fspath), inspect.isbuiltin(os.fspath), inspect.getsource(json.dumps)[:3], wrapt.__name__)
print(wrapt.decorator(lambda wrapped, instance, args, kwargs: wrapped(*args, **kwargs))(len)("four"))
"""
ANY_WRAPT = [interpreters.OLDEST_WRAPT, interpreters.LIGHT_WRAPT, interpreters.NEWEST_WRAPT]
# In a bundle the environment's is of no interest.
with_any_wrapt = pytest.mark.parametrize(
    ("is_bundled", "wrapt"), [*((False, wrapt) for wrapt in ANY_WRAPT), (True, interpreters.NEWEST_WRAPT)]
)
with_any_kind = pytest.mark.parametrize("disabled", [None, "1"], ids=["C", "pure"])


def heavy_modules(host: Host, path: Path, disabled: str | None) -> set[str]:
    """What `import logging` brings because of the shim, of what is known to be heavy."""
    on, off = (
        host("-c", LOADED, path=[path], flag=flag, measured=False, WRAPT_DISABLE_EXTENSIONS=disabled) for flag in "10"
    )
    assert (on.code, on.stderr, off.code) == (0, "", 0)
    return HEAVY & (set(on.stdout.split()) - set(off.stdout.split()))


@with_any_wrapt
@with_any_kind
def test_importing_logging_brings_nothing_heavy(
    cwd: Path, bundle: Path, wrapt: str, disabled: str | None, is_bundled: bool
) -> None:
    host = Host(cwd, interpreters.venv(interpreters.CURRENT, wrapt))
    assert heavy_modules(host, bundle if is_bundled else ROOT, disabled) == set()


@pytest.mark.parametrize("is_bundled", [False, True], ids=["checkout", "bundle"])
def test_importing_logging_brings_nothing_heavy_to_any_interpreter(
    any_host: Host, bundle: Path, is_bundled: bool
) -> None:
    assert heavy_modules(any_host, bundle if is_bundled else ROOT, "1") == set()


@with_any_wrapt
@with_any_kind
def test_the_hosts_later_imports_are_the_real_ones(
    cwd: Path, bundle: Path, wrapt: str, disabled: str | None, is_bundled: bool
) -> None:
    host, path = Host(cwd, interpreters.venv(interpreters.CURRENT, wrapt)), bundle if is_bundled else ROOT
    on, off = (host("-c", REAL, path=[path], flag=flag, WRAPT_DISABLE_EXTENSIONS=disabled) for flag in "10")
    assert on == off
    assert on == Run(0, "module True module\nFalse True def wrapt\n4\n", "")


# Replacing one.


def test_a_second_run_leaves_nothing_of_the_first(
    checkout: Path, maker: Path, earlier: Path, newer: Path, cwd: Path
) -> None:
    assert not same(earlier, newer)
    for interpreter in (maker, maker):
        assert make(earlier, interpreter, checkout).code == 0
        assert same(earlier, newer)
        assert os.listdir(earlier.parent) == [NAME]


def test_bytecode_of_other_interpreters_is_no_reason_to_refuse(
    any_host: Host, checkout: Path, maker: Path, earlier: Path, newer: Path
) -> None:
    any_host("-c", LOG, path=[earlier], PYTHONDONTWRITEBYTECODE=None)
    assert make(earlier, maker, checkout).code == 0
    assert same(earlier, newer)


def test_one_behind_a_link_is_replaced_and_the_link_stays(
    checkout: Path, maker: Path, earlier: Path, newer: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(earlier)
    assert make(link, maker, checkout).code == 0
    assert os.readlink(link) == str(earlier)
    assert same(earlier, newer)


def test_one_replaces_itself(maker: Path, newer: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(newer, tmp_path / "opt" / NAME)
    done = run([maker, copy / "shim", "bundle", copy], env=environment(), cwd=tmp_path)
    assert (done.code, done.stderr) == (0, "")
    assert same(copy, newer)
    assert os.listdir(copy.parent) == [NAME]


def refused(done: Run, *words: object) -> bool:
    """One clear line, and the exit code."""
    told = (done.code, done.stdout, done.stderr.count("\n"), done.stderr.startswith("no bundle was made: "))
    assert told == (1, "", 1, True), done
    assert all(str(word) in done.stderr for word in words), done.stderr
    return True


STRAY = {
    "a file": "notes.txt",
    "an empty folder": "data/",
    "a file in shim": "shim/mine.py",
    "an empty folder in shim": "shim/hooks/data/",
    "a file in the metadata": "enum_log_shim-{}.dist-info/direct_url.json",
    "a file in wrapt": "shim/wrapt/mine.py",
    "a hidden file": ".env",
    "a link": "link ->",
    "a link in shim": "shim/link ->",
    "another package's metadata": "other-1.0.dist-info/RECORD",
    "a file among the bytecode": "shim/__pycache__/notes.txt",
    "a folder among the bytecode": "__pycache__/data/notes.txt",
}


def put(folder: Path, what: str) -> Path:
    """Puts something of the user's in a folder."""
    path = folder / what.partition(" ->")[0].format("0.0.0.1.0")
    path.parent.mkdir(parents=True, exist_ok=True)
    if what.endswith("->"):
        path.symlink_to("/nowhere")
    elif what.endswith("/"):
        path.mkdir()
    else:
        path.write_text("mine\n")
    return path


@pytest.mark.parametrize("stray", STRAY)
@pytest.mark.parametrize("is_bundle", [True, False], ids=["in an earlier bundle", "alone"])
def test_a_folder_that_holds_something_else_is_refused(
    checkout: Path, maker: Path, earlier: Path, stray: str, is_bundle: bool
) -> None:
    if not is_bundle:
        shutil.rmtree(earlier)
        earlier.mkdir()
    (info,) = earlier.glob("*.dist-info") if is_bundle else [Path("enum_log_shim-0.dist-info")]
    version = info.name[len("enum_log_shim-") : -len(".dist-info")]
    put(earlier, STRAY[stray].format(version))
    before = listing(earlier.parent)
    done = make(earlier, maker, checkout)
    assert listing(earlier.parent) == before
    assert refused(done, earlier)


def test_what_is_no_folder_is_refused(checkout: Path, maker: Path, tmp_path: Path, older: Path) -> None:
    (tmp_path / "file").write_text("mine\n")
    (tmp_path / "link to a file").symlink_to("file")
    (tmp_path / "loop").symlink_to("loop")
    before = listing(tmp_path)
    for target in ("file", "link to a file", "file/below"):
        assert refused(make(tmp_path / target, maker, checkout), "file")
        assert listing(tmp_path) == before
    make(tmp_path / "loop", maker, checkout)
    assert listing(tmp_path) == before


@pytest.mark.parametrize("place", ["", "shim", "shim/new", "shim/hooks", "shim/wrapt", "tests", "shim/cli/a/b"])
def test_the_checkout_is_refused(checkout: Path, maker: Path, place: str) -> None:
    before = listing(checkout)
    assert refused(make(checkout / place, maker, checkout), checkout / place)
    assert listing(checkout) == before


@pytest.mark.parametrize("place", ["", "shim", "shim/new"])
def test_site_packages_are_refused(installed: Path, tmp_path: Path, place: str) -> None:
    (site_packages,) = installed.parents[1].glob("lib/python3*/site-packages")
    before = listing(site_packages)
    assert refused(make(site_packages / place, installed, None, tmp_path), site_packages / place)
    assert listing(site_packages) == before


@pytest.mark.skipif(not os.path.ismount("/proc"), reason="needs a mount point")
def test_a_mount_point_is_refused(checkout: Path, maker: Path) -> None:
    assert refused(make("/proc", maker, checkout), "mount point", f"/proc/{NAME}")


# Failures, each of which leaves what was there.


@pytest.fixture(params=[False, True], ids=["nothing there", "an earlier one there"])
def target(request: pytest.FixtureRequest, earlier: Path) -> Path:
    if not request.param:
        shutil.rmtree(earlier)
    return earlier


def unchanged(target: Path, before: dict[str, object]) -> bool:
    return listing(target.parent, is_timed=False) == before


def test_without_an_index_pip_says_why_and_nothing_changes(
    host: Host, target: Path, checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    before = listing(target.parent, is_timed=False)
    variables = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": tmp_path / "empty", "PIP_CONFIG_FILE": os.devnull}
    done = make(target, Path(host.python), checkout, variables=variables)
    assert (done.code, done.stdout) == (1, "")
    assert "pip could not get wrapt 1.17.3" in done.stderr
    assert f"{host.python} -m pip install wrapt==1.17.3" in done.stderr
    assert "Traceback" not in done.stderr
    assert unchanged(target, before)


def test_without_pip_it_says_why_and_nothing_changes(python_without_wrapt: Path, target: Path, checkout: Path) -> None:
    before = listing(target.parent, is_timed=False)
    done = make(target, python_without_wrapt, checkout)
    assert (done.code, done.stdout) == (1, "")
    assert "No module named pip" in done.stderr
    assert "Traceback" not in done.stderr
    assert unchanged(target, before)


@pytest.mark.parametrize("room", [0, 3_000, 100_000], ids=["no file", "small ones", "all but the extension"])
def test_a_full_disk_is_a_line_and_nothing_changes(maker: Path, target: Path, checkout: Path, room: int) -> None:
    before = listing(target.parent, is_timed=False)
    limit = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (room, room))
    assert refused(make(target, maker, checkout, preexec_fn=limit))
    assert unchanged(target, before)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc, a folder to which not even root may write")
@pytest.mark.parametrize("place", ["/proc/new", "/proc/a/new"])
def test_a_parent_that_cannot_be_written_to_is_a_line(maker: Path, checkout: Path, place: str) -> None:
    assert refused(make(place, maker, checkout))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a folder whatever its mode is")
def test_a_read_only_parent_is_a_line_and_nothing_changes(maker: Path, target: Path, checkout: Path) -> None:
    target.parent.chmod(0o555)
    try:
        before = listing(target.parent)
        assert refused(make(target, maker, checkout))
        assert listing(target.parent) == before
    finally:
        target.parent.chmod(0o755)


# Runs the command, and does what is asked at one point of its work: at the nth time that it is about to change a file
# or folder, or to look up the C library's function that puts the new one in place. Python tells an audit hook of each.
AT_A_POINT = """
import os, signal, sys
point, deed = int(sys.argv[1]), sys.argv[2]
WRITES = ("os.mkdir", "os.rename", "os.chmod", "os.truncate", "shutil.copymode", "tempfile.mkdtemp", "ctypes.dlsym")
REMOVES = ("os.remove", "os.rmdir", "shutil.rmtree")
is_failure = deed.startswith("fails")
seen, in_place = 0, 0
def is_write(event, args):
    return event in WRITES or event == "open" and bool((args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
def is_put_in_place(event, args):
    return event == "ctypes.dlsym" or event == "os.rename" and os.fspath(args[0]) == sys.argv[3]
def hook(event, args):
    global seen, in_place
    if not is_write(event, args) and (is_failure or event not in REMOVES):
        return
    seen += 1
    in_place = in_place or (seen if is_put_in_place(event, args) else 0)
    if seen == point or (point and seen > point and deed == "fails from then on"):
        if is_failure:
            raise OSError(28, os.strerror(28))
        os.kill(os.getpid(), getattr(signal, deed))
from shim import __main__
from shim.cli import bundle
sys.addaudithook(hook)
code = __main__.main(["bundle", sys.argv[3]])
if not point:
    print(in_place, seen, file=sys.stderr)
sys.exit(code)
"""
NO_EXCHANGE = "import ctypes; del ctypes.CDLL\nctypes.CDLL = lambda name: object()\n"


def at_point(point: int, deed: str, target: Path, maker: Path, checkout: Path, first: str = "") -> Run:
    """point: 0 does nothing of that kind, and tells at which point it is put in place, and how many there are."""
    env = environment([checkout], measured=False)
    return run([maker, "-c", first + AT_A_POINT, point, deed, target], env=env, cwd=target.parent)


def counted(deed: str, target: Path, maker: Path, checkout: Path, first: str = "") -> tuple[int, int]:
    in_place, total = map(int, at_point(0, deed, target, maker, checkout, first).stderr.split())
    return in_place, total


@pytest.mark.parametrize("deed", ["SIGKILL", "SIGTERM", "SIGINT", "fails once", "fails from then on"])
def test_ended_or_failing_at_any_point_it_leaves_the_old_one_or_the_new_one(
    maker: Path, earlier: Path, older: Path, newer: Path, checkout: Path, deed: str
) -> None:
    in_place, total = counted(deed, earlier, maker, checkout)
    assert 100 < in_place <= total
    became = set()
    for point in sorted({1, 2, 3, in_place // 2, *range(in_place - 1, min(in_place + 3, total) + 1), total}):
        shutil.rmtree(earlier.parent)
        shutil.copytree(older, earlier)
        done = at_point(point, deed, earlier, maker, checkout)
        is_old, is_new = same(earlier, older), same(earlier, newer)
        assert is_old or is_new, (point, done)
        assert done.code != 0 or is_new, (point, done)
        if "fails" in deed:
            assert os.listdir(earlier.parent) == [NAME], (point, done)
        became.add(is_new)
    assert False in became


@pytest.mark.parametrize("deed", ["SIGTERM", "SIGINT"])
def test_asked_to_end_it_leaves_nothing_beside(
    maker: Path, earlier: Path, older: Path, checkout: Path, deed: str
) -> None:
    assert at_point(60, deed, earlier, maker, checkout).code != 0
    assert same(earlier, older)
    assert os.listdir(earlier.parent) == [NAME]


def test_where_no_exchange_can_be_had_it_is_replaced_by_two_renames(
    maker: Path, earlier: Path, older: Path, newer: Path, checkout: Path
) -> None:
    first, total = counted("fails once", earlier, maker, checkout, NO_EXCHANGE)
    assert total == first + 1
    assert same(earlier, newer)
    for point in (first, total):
        shutil.rmtree(earlier)
        shutil.copytree(older, earlier)
        assert refused(at_point(point, "fails once", earlier, maker, checkout, NO_EXCHANGE))
        assert same(earlier, older)
        assert os.listdir(earlier.parent) == [NAME]


def test_who_starts_while_it_is_replaced_has_the_shim(
    maker: Path, earlier: Path, older: Path, newer: Path, cwd: Path
) -> None:
    host, stop, runs = Host(cwd, interpreters.found(interpreters.CURRENT)), threading.Event(), []

    def start() -> None:
        while not stop.is_set():
            runs.append(host("-c", LOG, path=[earlier], measured=False))

    thread = threading.Thread(target=start)
    thread.start()
    try:
        env = environment(measured=False)
        for source in [newer, older] * 8:
            assert run([maker, source / "shim", "bundle", earlier], env=env, cwd=cwd).code == 0
    finally:
        stop.set()
        thread.join(60)
    assert set(runs) == {CONVERTED}
    assert len(runs) > 10
    assert same(earlier, older)


def test_two_at_a_time_leave_one_of_them(maker: Path, earlier: Path, newer: Path, checkout: Path) -> None:
    codes: list[int] = []
    threads = [threading.Thread(target=lambda: codes.append(make(earlier, maker, checkout).code)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert 0 in codes
    assert same(earlier, newer)
    assert os.listdir(earlier.parent) == [NAME]
