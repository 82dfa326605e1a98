"""`python -m shim run`: a command that has the shim, and is otherwise what it would be without us."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import interpreters
import pytest
from processes import ROOT, Run, environment, run, running
from test_bundle import CONVERTED, LOG, installed_copy

TELL = """
import json, os, sys
names = ("PYTHONPATH", "ENUM_LOG_SHIM")
print(json.dumps([{name: os.environ.get(name) for name in names}, sys.argv[1:]]))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed_copy(tmp_path_factory)


class Runner:
    """Runs commands with `python FOLDER/shim run`, under an environment of the test's."""

    def __init__(self, folder: Path, cwd: Path, python: Path) -> None:
        self.folder = folder
        self.cwd = cwd
        self.python = python

    def __call__(self, *args: object, before: tuple[object, ...] = (), **more: Any) -> Run:
        variables = more.pop("variables", {})
        command = [*before, self.python, self.folder / "shim", "run", *args]
        return run(command, env=environment(**variables), cwd=self.cwd, **more)

    def told(self, *args: object, **more: Any) -> tuple[dict[str, str], list[str]]:
        """The two variables, and the arguments, that a Python found which was run."""
        done = self(*args, **more)
        assert (done.code, done.stderr) == (0, "")
        variables, arguments = json.loads(done.stdout)
        return variables, arguments


@pytest.fixture
def runner(bundle: Path, cwd: Path) -> Runner:
    return Runner(bundle, cwd, interpreters.venv(interpreters.CURRENT))


# What the command gets.


@pytest.mark.parametrize("dashes", [(), ("--",)], ids=["plain", "after --"])
@pytest.mark.parametrize("version", interpreters.SUPPORTED)
def test_any_interpreter_converts(runner: Runner, version: str, dashes: tuple[str, ...]) -> None:
    assert runner(*dashes, interpreters.found(version), "-c", LOG) == CONVERTED


def test_a_checkout_and_a_bundle_are_run_as_a_module_too(runner: Runner, bundle: Path) -> None:
    for folder, cwd in ((ROOT, ROOT), (ROOT, runner.cwd), (bundle, runner.cwd)):
        command = [runner.python, "-m", "shim", "run", "--", runner.python, "-c", LOG]
        assert run(command, env=environment([folder]), cwd=cwd) == CONVERTED


def test_a_relative_folder_serves_a_command_that_goes_elsewhere(runner: Runner, bundle: Path) -> None:
    command = [runner.python, f"{bundle.name}/shim", "run", "sh", "-c", 'cd / && "$@"', "sh", runner.python, "-c", LOG]
    assert run(command, env=environment(), cwd=bundle.parent) == CONVERTED


def test_the_commands_own_children_convert(runner: Runner) -> None:
    child = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', sys.argv[1]]))"
    assert runner(runner.python, "-c", child, LOG) == CONVERTED


@pytest.mark.parametrize("before", [None, "", "/a", "/a:/b", ":/a", "relative"])
def test_what_was_on_pythonpath_comes_behind(runner: Runner, bundle: Path, before: str | None) -> None:
    variables, _ = runner.told(runner.python, "-c", TELL, variables={"PYTHONPATH": before})
    assert variables["PYTHONPATH"] == (f"{bundle}:{before}" if before else str(bundle))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *((before, "1") for before in (None, "", "0", "1", "on", "no", "ture")),
        *((before, before) for before in ("observe", " Observe ", "OBSERVE")),
    ],
)
def test_the_switch_is_on_unless_it_observes(runner: Runner, before: str | None, after: str) -> None:
    done = runner("sh", "-c", 'echo "$ENUM_LOG_SHIM."', variables={"ENUM_LOG_SHIM": before})
    assert done == Run(0, f"{after}.\n", "")


def test_everything_else_in_the_environment_is_the_commands(runner: Runner) -> None:
    show = "import json, os; print(json.dumps(dict(os.environ)))"
    variables = {"ENUM_LOG_SHIM_STYLE": "name", "MINE": "a b\udcff", "COLUMNS": "7"}
    ran = json.loads(runner(runner.python, "-c", show, variables=variables).stdout)
    env = environment(**variables)
    plain = json.loads(run([runner.python, "-c", show], env=env, cwd=runner.cwd).stdout)
    # The shell's own, and what Python sets for itself where the locale is C.
    assert {**plain, "PYTHONPATH": ran["PYTHONPATH"], "ENUM_LOG_SHIM": "1", "LC_CTYPE": ""} == {**ran, "LC_CTYPE": ""}


OPTIONS = ["--help", "-h", "--version", "--json", "--", "-x", "", "a b", "run", "--dir=1"]


@pytest.mark.parametrize("dashes", [(), ("--",)], ids=["plain", "after --"])
def test_options_like_ours_reach_the_command(runner: Runner, dashes: tuple[str, ...]) -> None:
    assert runner.told(*dashes, runner.python, "-c", TELL, *OPTIONS)[1] == OPTIONS


def test_a_command_may_begin_with_a_dash_or_be_called_like_ours(runner: Runner) -> None:
    for name in ("-dashed", "--help", "run", "check"):
        script = runner.cwd / name
        script.write_text('#!/bin/sh\necho "$0" "$@"\n')
        script.chmod(0o755)
        path = f"{runner.cwd}:{os.environ['PATH']}"
        assert runner("--", name, "-h", variables={"PATH": path}) == Run(0, f"{script} -h\n", "")


def test_stdin_and_all_output_are_the_commands(runner: Runner) -> None:
    echo = "import sys; text = sys.stdin.read(); sys.stdout.write(text); sys.stderr.write(text.upper())"
    with (runner.cwd / "in").open("w+") as stdin:
        stdin.write("in\n")
        stdin.seek(0)
        assert runner(runner.python, "-c", echo, stdin=stdin) == Run(0, "in\n", "IN\n")


# What it is to who started it.


def test_the_command_has_our_process_id(runner: Runner) -> None:
    done = runner("sh", "-c", "echo $$", before=("sh", "-c", 'echo $$; exec "$@"', "sh"))
    first, second = done.stdout.split()
    assert first == second


@pytest.mark.parametrize("code", [0, 1, 2, 7, 126, 127, 130, 255])
def test_the_exit_code_is_the_commands(runner: Runner, code: int) -> None:
    assert runner("sh", "-c", f"exit {code}") == Run(code, "", "")


# Under `nohup`, these tests are started with a signal ignored.
BY_DEFAULT = """
import os, signal, sys
if int(sys.argv[1]) != signal.SIGKILL:
    signal.signal(int(sys.argv[1]), signal.SIG_DFL)
os.execvp(sys.argv[2], sys.argv[2:])
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL", "SIGINT", "SIGPIPE", "SIGXFSZ", "SIGABRT", "SIGHUP"])
def test_a_command_that_a_signal_ends_has_ended_by_it(runner: Runner, name: str) -> None:
    number = getattr(signal, name)
    before = (sys.executable, "-c", BY_DEFAULT, f"{number:d}")
    assert runner("sh", "-c", f"kill -{number:d} $$; echo alive", before=before) == Run(-number, "", "")


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP", "USR1"])
def test_a_signal_that_was_ignored_stays_so(runner: Runner, name: str) -> None:
    before = ("sh", "-c", f"trap '' {name}; exec \"$@\"", "sh")
    assert runner("sh", "-c", f"kill -{name} $$; echo alive", before=before) == Run(0, "alive\n", "")


HANDLES = r"""
import os, signal, sys, time
def end(number, frame):
    os.write(1, b"got %d\n" % number)
    sys.exit(5)
if sys.argv[1] == "handled":
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
os.write(1, b"ready\n")
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("number", "how", "code"),
    [(signal.SIGTERM, "handled", 5), (signal.SIGINT, "handled", 5), (signal.SIGTERM, "", -15), (signal.SIGINT, "", -2)],
)
def test_a_signal_sent_to_us_is_the_commands(runner: Runner, number: int, how: str, code: int) -> None:
    command = [runner.python, runner.folder / "shim", "run", runner.python, "-c", HANDLES, how]
    process = subprocess.Popen(
        list(map(str, command)), env=environment(), cwd=runner.cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        rest, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert rest == (b"got %d\n" % number if how else b"")
    assert process.returncode == code


def test_a_server_is_ended_as_it_is_without_us(runner: Runner) -> None:
    serve = [runner.python, "-m", "http.server", "--bind", "127.0.0.1", "0"]
    with running([runner.python, runner.folder / "shim", "run", *serve], env=environment(), cwd=runner.cwd) as process:
        pass
    assert process.returncode == -signal.SIGTERM


# Commands that can't be had.


def told_once(done: Run, code: int, *words: str) -> bool:
    assert (done.code, done.stdout, done.stderr.count("\n")) == (code, "", 1), done
    assert done.stderr.startswith("python -m shim run: ")
    assert all(word in done.stderr for word in words), done.stderr
    return True


@pytest.mark.parametrize("command", ["no-such-command", "./no-such-command", "/no/such/command", "no such", "../x/y"])
def test_no_such_command_is_127(runner: Runner, command: str) -> None:
    assert told_once(runner(command, "a"), 127, command, "no such command")
    assert told_once(runner("--", command), 127, command)


def test_no_such_command_is_127_whatever_is_on_path(runner: Runner) -> None:
    (runner.cwd / "file").touch()
    for path in (f"{runner.cwd}/file", f"/usr/bin:{runner.cwd}/file", f"{runner.cwd}/file:/usr/bin", "/absent"):
        assert told_once(runner("no-such-command", variables={"PATH": path}), 127, "no such command")


def test_what_cannot_be_executed_is_126(runner: Runner) -> None:
    (runner.cwd / "data").write_text("#!/bin/sh\n")
    (runner.cwd / "folder").mkdir()
    (runner.cwd / "empty").touch()
    (runner.cwd / "empty").chmod(0o755)
    for command in ("./data", "./folder", "./empty", "./data/below"):
        assert told_once(runner(command), 126, command)
    assert told_once(runner("data", variables={"PATH": runner.cwd}), 126, "data")


def test_a_script_without_its_interpreter_is_told_from_one_that_is_not_there(runner: Runner) -> None:
    script = runner.cwd / "script"
    script.write_text("#!/no/such/python\n")
    script.chmod(0o755)
    done = runner("./script")
    assert (done.code, done.stdout, done.stderr.count("\n")) == (127, "", 1)
    assert "no such command" not in done.stderr


@pytest.mark.parametrize("args", [(), ("--",), ("-x",), ("--json", "true"), ("--no", "--", "true")])
def test_no_command_and_options_of_nobody_are_2(runner: Runner, args: tuple[str, ...]) -> None:
    done = runner(*args)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: python -m shim run ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("args", [("--help",), ("-h",), ("-h", "no-such-command")])
def test_help(runner: Runner, args: tuple[str, ...]) -> None:
    done = runner(*args)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: python -m shim run [-h] [--] COMMAND")
    for word in ("PYTHONPATH", "ENUM_LOG_SHIM=1", "observe", "127", "126"):
        assert word in done.stdout


# An installed copy.


class Installed(Runner):
    """As Runner, with the copy in site-packages, and a cache of the test's."""

    def __init__(self, cwd: Path, python: Path) -> None:
        super().__init__(cwd, cwd, python)
        self.cache = cwd / "cache"

    def __call__(self, *args: object, before: tuple[object, ...] = (), **more: Any) -> Run:
        variables = {"XDG_CACHE_HOME": self.cache, **more.pop("variables", {})}
        command = [*before, self.python, "-m", "shim", "run", *args]
        return run(command, env=environment(**variables), cwd=self.cwd, **more)

    def folder_of(self, **variables: object) -> Path:
        told, _ = self.told("--", self.python, "-c", TELL, variables=variables)
        return Path(told["PYTHONPATH"].split(os.pathsep)[0])


@pytest.fixture
def from_site_packages(installed: Path, cwd: Path) -> Installed:
    return Installed(cwd, installed)


def site_packages(python: Path) -> Path:
    (folder,) = python.parents[1].glob("lib/python3*/site-packages")
    return folder.resolve()


def test_an_installed_copy_puts_links_on_the_path_and_not_site_packages(from_site_packages: Installed) -> None:
    folder = from_site_packages.folder_of()
    installation = site_packages(from_site_packages.python)
    assert folder.parent == from_site_packages.cache / "enum-log-shim"
    (info,) = installation.glob("enum_log_shim-*.dist-info")
    parts = {"sitecustomize.py", "shim", "enum_log_shim", info.name}
    assert {path.name: Path(os.readlink(path)) for path in folder.iterdir()} == {
        name: installation / name for name in parts
    }
    assert from_site_packages(from_site_packages.python, "-c", LOG) == CONVERTED
    assert os.listdir(folder.parent) == [folder.name]


def test_an_installed_copy_uses_the_same_links_again(from_site_packages: Installed) -> None:
    first = from_site_packages.folder_of()
    made = first.lstat()
    from_links = [from_site_packages.python, first / "shim", "run", from_site_packages.python, "-c", TELL]
    done = run(from_links, env=environment(XDG_CACHE_HOME=from_site_packages.cache), cwd=from_site_packages.cwd)
    assert json.loads(done.stdout)[0]["PYTHONPATH"] == str(first)
    assert from_site_packages.folder_of(PYTHONPATH=first) == first
    assert (first.lstat().st_ino, first.lstat().st_mtime_ns) == (made.st_ino, made.st_mtime_ns)


def test_an_installed_copy_gives_no_other_package_to_another_interpreter(
    from_site_packages: Installed, python_without_wrapt: Path
) -> None:
    (site_packages(from_site_packages.python) / "only_here.py").touch()
    code = (
        "import importlib.util as u; print(u.find_spec('only_here'), u.find_spec('pip'), u.find_spec('shim') is None)"
    )
    assert from_site_packages(python_without_wrapt, "-c", code) == Run(0, "None None False\n", "")


@pytest.mark.parametrize("more", [8])
def test_many_that_make_the_links_at_once_all_have_them(from_site_packages: Installed, more: int) -> None:
    command = [from_site_packages.python, "-m", "shim", "run", from_site_packages.python, "-c", LOG]
    env = environment(XDG_CACHE_HOME=from_site_packages.cache)
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    started = [
        subprocess.Popen(list(map(str, command)), env=env, cwd=from_site_packages.cwd, **pipes) for _ in range(more)
    ]
    outputs = [process.communicate(timeout=60) for process in started]
    assert {Run(process.returncode, *output) for process, output in zip(started, outputs)} == {CONVERTED}
    assert len(os.listdir(from_site_packages.cache / "enum-log-shim")) == 1


def test_without_xdg_cache_home_the_links_are_in_the_users_home(from_site_packages: Installed) -> None:
    home = from_site_packages.cwd / "home"
    for value in (None, ""):
        folder = from_site_packages.folder_of(XDG_CACHE_HOME=value, HOME=home)
        assert folder.parent == home / ".cache" / "enum-log-shim"


def test_the_links_are_on_the_path_by_an_absolute_name(from_site_packages: Installed) -> None:
    # The specification has it that a relative one is to be ignored.
    home = from_site_packages.cwd / "home"
    assert from_site_packages.folder_of(XDG_CACHE_HOME="relative", HOME=home).is_absolute()


@pytest.mark.parametrize("place", ["a file", "below a file", "where nobody may write"])
def test_a_cache_that_cannot_be_written_to_is_a_line(from_site_packages: Installed, place: str) -> None:
    (from_site_packages.cwd / "file").touch()
    places = {"a file": "file", "below a file": "file/below", "where nobody may write": "/proc/cache"}
    cache = from_site_packages.cwd / places[place]
    done = from_site_packages("true", variables={"XDG_CACHE_HOME": cache})
    assert told_once(done, 1, str(cache))


def test_links_that_were_removed_are_made_anew(from_site_packages: Installed) -> None:
    folder = from_site_packages.folder_of()
    shutil.rmtree(folder)
    assert from_site_packages.folder_of() == folder
    assert (folder / "sitecustomize.py").is_file()


def test_the_links_of_two_installations_are_two(from_site_packages: Installed, tmp_path: Path) -> None:
    copy = shutil.copytree(from_site_packages.python.parents[1], tmp_path / "venv", symlinks=True)
    other = Installed(from_site_packages.cwd, copy / "bin" / "python")
    assert other.folder_of() != from_site_packages.folder_of()
    for one in (other, from_site_packages):
        assert one(one.python, "-c", LOG) == CONVERTED


def test_a_folder_that_pip_installed_into_is_used_itself(installed: Path, tmp_path: Path, cwd: Path) -> None:
    folder = tmp_path / "target"
    shutil.copytree(site_packages(installed), folder, ignore=shutil.ignore_patterns("pip*", "setuptools*"))
    variables, _ = Runner(folder, cwd, installed).told(sys.executable, "-c", TELL)
    assert variables["PYTHONPATH"] == str(folder)
