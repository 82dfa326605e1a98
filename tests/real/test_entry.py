"""The second way in: the entry point that OpenTelemetry calls, whose sitecustomize in front of ours runs no other."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import interpreters
import pytest
from agents import Folders
from processes import ROOT, Host, Run
from test_bundle import CONVERTED, LOG, UNTOUCHED, installed_copy

GROUP = "opentelemetry_pre_instrument"
ENTER = "import enum_log_shim; enum_log_shim.enter()\n"
# As opentelemetry-instrumentation does before its own work.
LOADS = f"""
from importlib import metadata
found = [p for d in metadata.distributions() for p in d.entry_points if p.group == "{GROUP}"]
for point in found:
    point.load()()
"""
ONCE = """
import logging, sys
made = vars(logging.Logger)["makeRecord"]
print(hasattr(made, "__wrapped__") and not hasattr(made.__wrapped__, "__wrapped__"))
print([type(finder).__name__ for finder in sys.meta_path].count("EnumLogShimFinder"), "shim" in sys.modules)
"""
WRAPPED_ONCE = "True\n1 False\n"


@pytest.fixture
def shut(folder: Folders) -> Path:
    """A folder with a sitecustomize that runs no other: the door behind it stays shut."""
    return folder("front", "")


@pytest.fixture
def broken(bundle: Path, tmp_path: Path) -> Path:
    """A bundle that a test may break."""
    return shutil.copytree(bundle, tmp_path / "broken")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed_copy(tmp_path_factory)


@pytest.fixture(params=["a bundle", "a bundle's copy", "an installed copy"])
def entered(request: pytest.FixtureRequest, cwd: Path, shut: Path) -> tuple[Host, list[Path]]:
    """A host that the entry point alone leads into, with its path."""
    if request.param == "an installed copy":
        return Host(cwd, request.getfixturevalue("installed")), [shut]
    name = "bundle" if request.param == "a bundle" else "broken"
    return Host(cwd, interpreters.venv(interpreters.CURRENT)), [shut, request.getfixturevalue(name)]


# It is found.


def test_it_is_found_in_its_group(entered: tuple[Host, list[Path]]) -> None:
    host, path = entered
    assert host("-c", f"{LOADS}print([(p.name, p.value) for p in found])", path=path) == Run(
        0, "[('enum_log_shim', 'enum_log_shim:enter')]\n", ""
    )


def test_any_interpreter_finds_it_in_a_bundle(any_host: Host, shut: Path, bundle: Path) -> None:
    assert any_host("-c", f"{LOADS}{ONCE}{LOG}", path=[shut, bundle]) == CONVERTED._replace(stdout=WRAPPED_ONCE)
    assert any_host("-c", LOADS + LOG, path=[shut, bundle], flag="0") == UNTOUCHED


@pytest.mark.skipif(interpreters.CURRENT < "3.10", reason="entry_points() takes no group before 3.10")
def test_the_usual_call_finds_it(host: Host, shut: Path, bundle: Path) -> None:
    code = f"from importlib.metadata import entry_points; print(*[p.name for p in entry_points(group='{GROUP}')])"
    assert host("-c", code, path=[shut, bundle]) == Run(0, "enum_log_shim\n", "")


def test_a_checkout_has_none(host: Host, shut: Path) -> None:
    assert host("-c", f"{LOADS}print(found)", path=[shut, ROOT]) == Run(0, "[]\n", "")


# It installs when the switch is on, and then once.


def test_without_it_that_host_has_no_shim(entered: tuple[Host, list[Path]]) -> None:
    host, path = entered
    assert host("-c", LOG, path=path) == UNTOUCHED


@pytest.mark.parametrize("value", ["1", " TRUE ", "yes", "On\t"])
def test_on_installs(entered: tuple[Host, list[Path]], value: str) -> None:
    host, path = entered
    assert host("-c", f"{ENTER}{ONCE}{LOG}", path=path, flag=value) == CONVERTED._replace(stdout=WRAPPED_ONCE)


OURS = (
    "import sys; print([name for name in sys.modules if '_enum_log_shim' in name or name.partition('.')[0] == 'shim'])"
)


@pytest.mark.parametrize("value", [None, "", "  ", "0", "False", " off ", "NO"])
def test_off_loads_nothing(entered: tuple[Host, list[Path]], value: str | None) -> None:
    host, path = entered
    assert host("-c", f"{ENTER}{OURS}\n{LOG}", path=path, flag=value) == UNTOUCHED._replace(stdout="[]\n")


@pytest.mark.parametrize("value", ["ture", "2", "\udcff"])
def test_a_misspelt_switch_is_one_line(host: Host, shut: Path, bundle: Path, value: str) -> None:
    done = host("-c", ENTER + LOG, path=[shut, bundle], flag=value)
    line, _, rest = done.stderr.partition("\n")
    assert done._replace(stderr=rest) == UNTOUCHED
    assert line.startswith("enum-log-shim: ENUM_LOG_SHIM=")


def test_the_settings_are_those_of_the_environment(host: Host, shut: Path, bundle: Path) -> None:
    done = host("-c", ENTER + LOG, path=[shut, bundle], STYLE="full")
    assert done == CONVERTED._replace(stderr="WARNING:root:State.UP\n")
    assert host("-c", ENTER + LOG, path=[shut, bundle], SKIP="logging") == UNTOUCHED


BEFORE = "import logging\n"
ORDERS = {
    "entered twice": ENTER + ENTER,
    "logging before": BEFORE + ENTER,
    "logging before, twice": BEFORE + ENTER + ENTER,
    "entered, then the door": ENTER + "import runpy; runpy.run_path(DOOR)\n",
    "the door, then entered": "import runpy; runpy.run_path(DOOR)\n" + ENTER,
    "logging, entered, the door": BEFORE + ENTER + "import runpy; runpy.run_path(DOOR)\n",
}


@pytest.mark.parametrize("order", ORDERS)
def test_it_wraps_once_together_with_the_door(any_host: Host, shut: Path, bundle: Path, order: str) -> None:
    code = f"DOOR = {str(bundle / 'sitecustomize.py')!r}\n{ORDERS[order]}{ONCE}{LOG}"
    assert any_host("-c", code, path=[shut, bundle]) == CONVERTED._replace(stdout=WRAPPED_ONCE)


@pytest.mark.parametrize("order", ["door first", "another copy's door first", "another copy entered first"])
def test_it_wraps_once_together_with_another_copy(
    host: Host, shut: Path, bundle: Path, broken: Path, order: str
) -> None:
    path = {"door first": [bundle], "another copy's door first": [broken, bundle]}.get(order, [shut, broken, bundle])
    again = "import sys; sys.path.remove(sys.path[2]); del sys.modules['enum_log_shim']\n" + ENTER
    code = f"{ENTER}{again if 'entered' in order else ''}{ONCE}{LOG}"
    assert host("-c", code, path=path) == CONVERTED._replace(stdout=WRAPPED_ONCE)


def test_an_agent_that_calls_it_in_front_of_the_door(host: Host, folder: Folders, bundle: Path) -> None:
    chains = f"{LOADS}import runpy, sys\nrunpy.run_path({str(bundle / 'sitecustomize.py')!r})\n"
    for path in ([folder("agent", chains), bundle], [bundle, folder("behind", LOADS)]):
        assert host("-c", ONCE + LOG, path=path) == CONVERTED._replace(stdout=WRAPPED_ONCE)


# A host's own module of that name.


@pytest.mark.parametrize("is_imported", ["", "import shim; assert shim.HOSTS\n"], ids=["not imported", "imported"])
@pytest.mark.parametrize("name", ["shim.py", "shim/__init__.py"])
def test_a_hosts_own_module_comes_first(entered: tuple[Host, list[Path]], name: str, is_imported: str) -> None:
    host, path = entered
    (host.cwd / name).parent.mkdir(exist_ok=True)
    (host.cwd / name).write_text("HOSTS = True\n")
    (host.cwd / "app.py").write_text(f"{is_imported}{LOADS}import shim; assert shim.HOSTS\n{LOG}")
    assert host("app.py", path=path) == CONVERTED
    assert host("-m", "app", path=path) == CONVERTED


def test_a_hosts_own_module_in_a_folder_in_front(host: Host, shut: Path, bundle: Path) -> None:
    (shut / "shim.py").write_text("raise SystemExit('imported')\n")
    assert host("-c", LOADS + LOG, path=[shut, bundle]) == CONVERTED


def test_python_from_the_host_after_it_has_one_shim(host: Host, shut: Path, bundle: Path) -> None:
    code = f"{ENTER}import shim; print(shim.installed(), shim.install())\n{LOG}"
    assert host("-c", code, path=[shut, bundle]) == CONVERTED._replace(stdout="True True\n")


# Whatever is broken, it raises nothing.

TEXTS = {
    "no Python": "def f(:\n",
    "raising": "raise RuntimeError('broken')\n",
    "importing what is not there": "import no_such_module_at_all\n",
    "empty": "",
}
MODULES = ["shim/__init__", "shim/settings", "shim/hooks/__init__", "shim/hooks/stdlib_logging", "shim/light_wrapt"]
MODULES += ["shim/patching", "shim/record", "shim/report", "shim/wrapt/wrappers"]


def survives(done: Run) -> bool:
    """The host has run to its end, its exit code its own; no more than a line of ours came first."""
    ours = [line for line in done.stderr.splitlines() if line.startswith("enum-log-shim: ")]
    rest = "".join(line + "\n" for line in done.stderr.splitlines() if line not in ours)
    assert Run(done.code, done.stdout, rest) == UNTOUCHED, done
    assert len(ours) == 1, done
    return True


@pytest.mark.parametrize("text", [name for name in TEXTS if name != "empty"])
@pytest.mark.parametrize("module", [name for name in MODULES if "wrapt/" not in name])
def test_a_broken_module_is_one_line(host: Host, shut: Path, broken: Path, module: str, text: str) -> None:
    (broken / f"{module}.py").write_text(TEXTS[text])
    assert survives(host("-c", ENTER + LOG, path=[shut, broken]))


@pytest.mark.parametrize("text", TEXTS)
def test_a_broken_wrapt_is_one_line(host: Host, shut: Path, broken: Path, text: str) -> None:
    for extension in (broken / "shim" / "wrapt").glob("_wrappers.*"):
        extension.unlink()
    (broken / "shim" / "wrapt" / "wrappers.py").write_text(TEXTS[text])
    assert survives(host("-c", ENTER + LOG, path=[shut, broken], PYTHONDONTWRITEBYTECODE=None))


@pytest.mark.parametrize(
    "gone", ["shim", "shim/__init__.py", "shim/hooks", "shim/settings.py", "shim/wrapt/wrappers.py"]
)
def test_what_is_missing_is_one_line(host: Host, shut: Path, broken: Path, gone: str) -> None:
    for extension in (broken / "shim" / "wrapt").glob("_wrappers.*") if "wrapt" in gone else ():
        extension.unlink()
    (shutil.rmtree if (broken / gone).is_dir() else os.remove)(broken / gone)
    assert survives(host("-c", ENTER + LOG, path=[shut, broken]))


def test_broken_twice_it_raises_nothing_the_second_time(host: Host, shut: Path, broken: Path) -> None:
    (broken / "shim" / "settings.py").write_text("raise RuntimeError('broken')\n")
    done = host("-c", ENTER + ENTER + LOG, path=[shut, broken])
    assert (done.code, done.stdout) == (7, "")
    assert done.stderr.endswith(UNTOUCHED.stderr)
    assert "RuntimeError: broken" in done.stderr.splitlines()[0]


STDERR = {
    "closed": "import sys; sys.stderr.close()\n",
    "None": "import sys; sys.stderr = None\n",
    "full": "import sys; sys.stderr = open('/dev/full', 'w', buffering=1)\n",
    "the host's own": "import sys\nclass Own:\n    def write(self, text): 1 / 0\nsys.stderr = Own()\n",
    "narrow": "import io, sys; sys.stderr = io.TextIOWrapper(io.BytesIO(), 'ascii', 'strict')\n",
}


@pytest.mark.parametrize("stderr", STDERR)
@pytest.mark.parametrize("is_broken", [True, False])
def test_a_stderr_that_takes_nothing_is_no_reason_to_raise(
    host: Host, shut: Path, broken: Path, stderr: str, is_broken: bool
) -> None:
    if is_broken:
        (broken / "shim" / "settings.py").write_text("raise RuntimeError('brøken')\n")
    code = f"{STDERR[stderr]}{ENTER}print('host')\nimport os; sys.stdout.flush(); os._exit(3)"
    assert host("-c", code, path=[shut, broken], DEBUG="1") == Run(3, "host\n", "")


@pytest.mark.parametrize("version", ["3.6", "3.7"])
def test_an_interpreter_that_is_too_old_goes_on(cwd: Path, shut: Path, bundle: Path, version: str) -> None:
    # Versions of OpenTelemetry for these call it, and do nothing of their own after an error in it.
    host = Host(cwd, interpreters.found(version))
    assert host("-c", ENTER + LOG, path=[shut, bundle], flag="0") == UNTOUCHED
    assert survives(host("-c", ENTER + LOG, path=[shut, bundle]))
