"""The door among other sitecustomize modules: in front of it, behind it, broken, and with itself on the path again."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from agents import AGENTS, DDTRACE, Folders
from processes import ROOT, Host, Run, without_frames_of

DOOR = ROOT / "sitecustomize.py"
LOG = """
import enum, logging
class State(enum.Enum):
    UP = 1
logging.warning("%s", State.UP)
"""
# What must hold in a host, whoever ran before: one finder, one wrapper, and a sitecustomize in sys.modules.
ONCE = f"""
import sys
{LOG}
made = vars(logging.Logger)["makeRecord"]
print(hasattr(made, "__wrapped__") and not hasattr(made.__wrapped__, "__wrapped__"))
print([type(finder).__name__ for finder in sys.meta_path].count("EnumLogShimFinder"), "sitecustomize" in sys.modules)
"""
WRAPPED_ONCE = "True\n1 True\n"
UP = "WARNING:root:up\n"

SELF = "import sys\nprint('behind', __name__, sys.modules['sitecustomize'].__dict__ is globals(), sorted(globals()))\n"


def test_alone(any_host: Host) -> None:
    assert any_host("-c", ONCE) == Run(0, WRAPPED_ONCE, UP)
    assert any_host("-c", "import sys; print('sitecustomize' in sys.modules)", flag="0") == Run(0, "True\n", "")


def test_one_behind_runs_once_and_before_the_host(any_host: Host, folder: Folders, flag: str) -> None:
    behind = folder("behind", SELF)
    run = any_host("-c", "print('host')", flag=flag, path=[ROOT, behind])
    assert run == any_host("-c", "print('host')", flag=flag, path=[behind])
    assert run.stdout.startswith("behind sitecustomize True ")
    assert run.stdout.endswith("\nhost\n")


def test_one_behind_and_the_shim(any_host: Host, folder: Folders) -> None:
    run = any_host("-c", ONCE, path=[ROOT, folder("behind", "print('behind')")])
    assert run == Run(0, "behind\n" + WRAPPED_ONCE, UP)


def test_only_the_next_one_runs(any_host: Host, folder: Folders, flag: str) -> None:
    path = [ROOT, folder("empty", ""), folder("third", "print('third')")]
    assert any_host("-c", "print('host')", flag=flag, path=path) == Run(0, "host\n", "")


def test_one_in_front_that_does_not_chain_is_alone(host: Host, folder: Folders) -> None:
    run = host("-c", LOG, path=[folder("front", "print('front')"), ROOT])
    assert run == Run(0, "front\n", "WARNING:root:State.UP\n")


@pytest.mark.parametrize(
    "text",
    [
        "raise ValueError('theirs')",
        "raise ImportError('theirs')",
        "import no_such_module_at_all",
        "raise ImportError('theirs', name='sitecustomize')",
        "raise SystemExit(3)",
        "raise SystemExit('theirs')",
        "def f(:",
        "import sys; sys.exit()",
        "import os; os._exit(5)",
        "1 / 0",
    ],
)
def test_one_behind_that_raises_does_what_it_does_without_us(host: Host, folder: Folders, flag: str, text: str) -> None:
    behind = folder("behind", f"print('behind')\n{text}\n" if "def" not in text else text)
    run = host("-c", "print('host')", flag=flag, path=[ROOT, behind])
    plain = host("-c", "print('host')", flag=flag, path=[behind])
    assert without_frames_of(run, DOOR) == without_frames_of(plain, DOOR)


def test_one_behind_that_raises_leaves_the_shim_in_place(any_host: Host, folder: Folders) -> None:
    run = any_host("-c", LOG, path=[ROOT, folder("behind", "raise ValueError('theirs')")])
    lines = ["Error in sitecustomize; set PYTHONVERBOSE for traceback:", "ValueError: theirs", "WARNING:root:up"]
    assert run == Run(0, "", "\n".join(lines) + "\n")


def test_the_next_one_may_be_a_package_or_in_a_zip(any_host: Host, tmp_path: Path, folder: Folders, flag: str) -> None:
    shown = (
        "import sys\nprint('behind', __name__, __package__, __spec__.name, sys.modules[__name__].__spec__ is __spec__)"
    )
    package = tmp_path / "package"
    (package / "sitecustomize").mkdir(parents=True)
    (package / "sitecustomize" / "__init__.py").write_text(shown)
    archive = tmp_path / "archive.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("sitecustomize.py", shown)
    namespace = tmp_path / "namespace"
    (namespace / "sitecustomize").mkdir(parents=True)
    absent = tmp_path / "absent"
    for path in ([package], [archive], [namespace, folder("behind", shown)], [absent, archive], [namespace]):
        run = any_host("-c", "", flag=flag, path=[ROOT, *path])
        assert run == any_host("-c", "", flag=flag, path=path)
        assert run.stdout.startswith("behind sitecustomize ") or path == [namespace]


def test_a_sitecustomize_in_site_packages_runs(
    cwd: Path, tmp_path: Path, python_without_wrapt: Path, flag: str
) -> None:
    copy = shutil.copytree(python_without_wrapt.parents[1], tmp_path / "venv", symlinks=True)
    (site_packages,) = copy.glob("lib/python3*/site-packages")
    (site_packages / "sitecustomize.py").write_text("print('in site-packages')")
    assert Host(cwd, copy / "bin" / "python")("-c", "", flag=flag) == Run(0, "in site-packages\n", "")


@pytest.mark.parametrize("flag_value", ["0", "1"])
def test_our_folder_more_than_once(
    host: Host, folder: Folders, ours_twice: dict[str, list[str]], flag_value: str
) -> None:
    behind = folder("behind", "print('behind')")
    for name, path in ours_twice.items():
        run = host("-c", ONCE if flag_value == "1" else "", flag=flag_value, path=[*path, behind])
        expected = Run(0, "behind\n" + WRAPPED_ONCE, UP) if flag_value == "1" else Run(0, "behind\n", "")
        assert run == expected, name


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize(
    "order", ["agent ours behind", "ours agent behind", "ours agent", "agent ours", "ours agent copy behind"]
)
def test_an_agent_that_chains(
    any_host: Host, folder: Folders, project_copy: Path, flag: str, agent: str, order: str
) -> None:
    places = {"ours": ROOT, "copy": project_copy}
    if "behind" in order:
        places["behind"] = folder("behind", "print('behind')")
    places["agent"] = folder("agent", AGENTS[agent])
    run = any_host("-c", ONCE if flag == "1" else "", flag=flag, path=[places[name] for name in order.split()])
    lines = run.stdout.splitlines()
    assert (run.code, run.stderr) == (0, UP if flag == "1" else "")
    assert lines.count("agent agent") == 1
    assert lines.count("behind") == order.count("behind")
    if flag == "1":
        assert run.stdout.endswith(WRAPPED_ONCE)
    if agent == "new-relic":
        assert "leaked [] lost []" in lines
        # The one behind it is executed in its module as well, and is none of ours.
        assert "changed [] The agent's own." in lines


@pytest.mark.parametrize("order", ["one ours two", "ours one two", "one two ours"])
@pytest.mark.parametrize("agents", [("new-relic", "ddtrace"), ("ddtrace", "new-relic"), ("ddtrace", "ddtrace")])
def test_two_agents_that_chain(host: Host, folder: Folders, agents: tuple[str, str], order: str) -> None:
    places = {"ours": ROOT, "one": folder("one", AGENTS[agents[0]]), "two": folder("two", AGENTS[agents[1]])}
    path = [*(places[name] for name in order.split()), folder("behind", "print('behind')")]
    run = host("-c", ONCE, path=path)
    assert (run.code, run.stderr) == (0, UP)
    told = [line for line in run.stdout.splitlines() if line.startswith(("agent", "behind"))]
    assert set(told) == {"agent one", "agent two", "behind"}
    # New Relic's, which stays on the path, runs again behind ddtrace's where we are not in front of both.
    assert told.count("behind") == told.count("agent two") == 1
    assert run.stdout.endswith(WRAPPED_ONCE)


def test_an_agent_that_unloads_our_modules_and_runs_us_again(host: Host, folder: Folders) -> None:
    # ddtrace does so where gevent is installed.
    unload = (
        "import sys, logging\nfor name in list(sys.modules):\n    if 'enum_log_shim' in name: del sys.modules[name]\n"
    )
    run = host("-c", ONCE, path=[ROOT, folder("agent", unload + DDTRACE), folder("behind", "print('behind')")])
    assert run == Run(0, "agent agent\nbehind\n" + WRAPPED_ONCE, UP)
