"""A fault in any function of the shim that runs in a host: no record is lost, and the host sees nothing of it."""

import importlib
import sys

import pytest

import shim
from shim import light_wrapt, report
from shim.patching import Patches
from shim.text import LAST_RESORT

from . import faults
from .bench import Log, is_text
from .fault_steps import LOGGED, OTHERS, STATE, by_google, is_between, rendered_steps
from .faults import Fault
from .test_install import state

# What the host calls by itself. What is raised at their start is raised as if the host's own call failed, and no `try`
# of ours is around it; what they call is guarded by them.
WRAPPERS = {
    "passage.py": ("enum_log_shim_", "look", "interleaved"),
    "filters.py": ("__call__", "__get__", "__getattr__", "__class__", "filters", "_clean_filter"),
    "views.py": ("enum_log_shim_",),
    "rendering.py": ("enum_log_shim_",),
    "braces.py": ("format",),
    "loguru_record.py": ("enum_log_shim_", "clean"),
    "hooks": ("enum_log_shim_", "_prepare_message_wrapper"),
    "patching.py": ("find_spec", "exec_module", "create_module", "__getattr__", "_run_hooks"),
    "__init__.py": ("install", "uninstall"),
    "settings.py": ("__init__",),
}
EXEMPT = (
    ("braces.py", "format", "str.format"),  # the original
    # What puts back what must not stay: a name among those that are looked for, a method of a loader.
    ("patching.py", "_followed", "list.remove"),
    ("patching.py", "exec_module", "dict.pop"),
)


def is_wrapper(site):
    file, function, _, called = site
    if called is not None:
        return (file, function, called) in EXEMPT
    return function.startswith(WRAPPERS.get(file.partition("/")[0], ()))


def numbers(site, most):
    """Which of its calls. A generator is called once more when it goes, and what is raised then goes nowhere."""
    return [1] if site[1] == "<genexpr>" else sorted({1, most})


def sites(step):
    """Where a fault can happen in `step`: each function's first and last call, and those of built-ins in it."""
    step()  # what is met for the first time takes another way
    counts = faults.calls(step)
    return [(site, number) for site in counts if not is_wrapper(site) for number in numbers(site, counts[site])]


def told(capsys):
    return [line for line in capsys.readouterr().err.splitlines() if line.startswith("enum-log-shim: ")]


def fresh_report():
    report._said.clear()
    report._failures.clear()


def check(step, error, capsys, without=None, **settings):
    """Injects the fault everywhere, twice each, and looks at what the host got.

    without: what `step` gives without the shim, where that is not known by uninstalling it.
    """
    shim.install(shim.Settings(debug=True, **settings))
    where = sites(step)
    assert where
    on = step()
    assert step() == on
    shim.uninstall()
    off = step() if without is None else without
    shim.install(shim.Settings(debug=True, **settings))
    told(capsys)
    for site, number in where:
        fresh_report()
        lines = []
        for time in range(2):
            with faults.fault(site, number, error):
                got = step()
            assert is_between(got, off, on), (site, number)
            lines.append(told(capsys))
            if time == 0 and got != on and step is not LOGGED["cycle"]:  # clean one level further if looked at again
                assert sum(error.__name__ in line for line in lines[0]) == 1, (site, number)
        assert not (lines[0] and lines[1]), (site, number)
    assert step() == on
    shim.uninstall()


STEPS = {**LOGGED, **OTHERS}


@pytest.mark.parametrize("error", [Fault, MemoryError, RecursionError])
@pytest.mark.parametrize("name", STEPS)
def test_no_record_is_lost(name, error, capsys, caplog):
    caplog.handler.setLevel(100)
    check(STEPS[name], error, capsys)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("name", LOGGED)
def test_what_ends_the_process_goes_through(name, error, start):
    start()
    step = LOGGED[name]
    where = sites(step)
    on = step()
    for site, number in where:
        with pytest.raises(error), faults.fault(site, number, error):
            step()
        assert step() == on, (site, number)


GOOGLE = {"severity": STATE, "jsonPayload": {"a": [STATE], STATE: 1}, "httpRequest": {"requestMethod": STATE}}


@pytest.mark.parametrize("error", [Fault, MemoryError, RecursionError])
def test_an_entry_is_written(error, capsys):
    without = [(([GOOGLE],), {"labels": {"a": STATE}})]
    check(by_google(Patches(), GOOGLE), error, capsys, without)


@pytest.mark.parametrize("error", [Fault, MemoryError, RecursionError])
@pytest.mark.parametrize(
    "settings", [{"sites": ""}, {"sites": "stderr"}, {"mode": "observe", "sites": ""}, {"sites": "folder"}]
)
def test_no_record_is_lost_while_sites_are_recorded(settings, error, capsys, tmp_path):
    if settings.get("sites") == "folder":
        settings = {"sites": str(tmp_path)}
    for name in ("two arguments", "fields", "nested", "keys", "set", "level", "filter", "structlog"):
        check(STEPS[name], error, capsys, **settings)


@pytest.fixture
def text_class(tmp_path, monkeypatch):
    """The name of a module with an enum class, which is not imported yet."""
    name = "enum_log_shim_faults"
    (tmp_path / f"{name}.py").write_text("import enum\nState = enum.Enum('State', 'ONE', module=__name__)\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    sys.modules.pop(name, None)


@pytest.mark.parametrize("error", [Fault, MemoryError, RecursionError])
@pytest.mark.parametrize("way", ["str", "format"])
@pytest.mark.parametrize("sites", [None, ""])
def test_a_class_is_rendered(way, sites, error, text_class, capsys):
    cls = importlib.import_module(text_class).State
    check(rendered_steps(cls)[way], error, capsys, text_classes=[f"{text_class}:State"], sites=sites)


def again(text_class):
    sys.modules.pop(text_class, None)
    assert importlib.import_module(text_class).State.ONE


@pytest.mark.parametrize("error", [Fault, MemoryError, RecursionError])
def test_the_import_of_a_wrapped_module_goes_on(error, text_class, capsys):
    assert shim.install(shim.Settings(text_classes=[f"{text_class}:State"], debug=True))
    where = sites(lambda: again(text_class))
    assert len(where) > 30
    for site, number in where:
        fresh_report()
        with faults.fault(site, number, error) as reached:
            again(text_class)
        assert reached, site
        told(capsys)
    again(text_class)
    assert str(sys.modules[text_class].State.ONE) == "one"


def installed_and_not():
    light_wrapt._loaded.clear()
    shim.install(shim.Settings(debug=True, text_classes=["enum_log_shim_faults:State"]))
    log = Log()
    log.info("event", extra={"state": STATE})
    shim.uninstall()
    return log.record.state


@pytest.mark.parametrize("error", [Fault, MemoryError, RecursionError])
def test_an_installation_raises_nothing_and_leaves_nothing(error, capsys, monkeypatch):
    monkeypatch.setattr(light_wrapt, "_loaded", {})
    where = sites(installed_and_not)
    before = state()
    for site, number in where:
        fresh_report()
        with faults.fault(site, number, error):
            assert installed_and_not() in (STATE, "connected", LAST_RESORT)
        shim.uninstall()  # if it failed half-way, what is left of it goes the second time
        assert state() == before, site
        told(capsys)
    assert is_text(installed_and_not(), "connected")
