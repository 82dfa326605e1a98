"""The order of the host's imports: logging is wrapped in the middle of an import, and nobody notices."""

from __future__ import annotations

from pathlib import Path

import interpreters
import pytest
from processes import Host, Run

LOG = "import enum, logging\nlogging.warning('%s', enum.Enum('State', 'UP').UP)\n"
LOGGED = "WARNING:root:up\n"
RENDER = "from starlette.websockets import WebSocketState as WS\nprint(f'{WS.CONNECTED}')\n"
RUN = "import asyncio\nprint(asyncio.run(asyncio.sleep(0, 'slept')))\n"

# From 2.2 on wrapt itself imports asyncio and logging.
FIRST = [
    "import asyncio",
    "import concurrent.futures\nimport asyncio",
    "import concurrent.futures, logging",
    "import concurrent.futures.thread",
    "import logging, concurrent.futures",
    "import multiprocessing, logging",
    "import wrapt, logging",
    "import logging, wrapt",
    "import wrapt.wrappers, logging",
    "import starlette",
    "import starlette.applications, starlette.routing",
    "import starlette.websockets",
    "import logging.config, logging.handlers",
]


@pytest.fixture(params=interpreters.SUPPORTED)
def newest_host(request: pytest.FixtureRequest, cwd: Path) -> Host:
    """A host under each interpreter that is found, with the newest wrapt and Starlette."""
    return Host(cwd, interpreters.venv(request.param))


@pytest.mark.parametrize("first", FIRST, ids=[first.replace("\n", "; ") for first in FIRST])
def test_whatever_the_host_imports_first(newest_host: Host, first: str) -> None:
    run = newest_host("-W", "ignore", "-c", f"{first}\n{LOG}{RUN}{RENDER}")
    assert run == Run(0, "slept\nconnected\n", LOGGED)


@pytest.mark.parametrize("first", ["import fastapi", "import fastapi.websockets, logging", "import wrapt, fastapi"])
def test_fastapi_first(cwd: Path, first: str) -> None:
    pytest.importorskip("fastapi")
    run = Host(cwd)("-W", "ignore", "-c", f"{first}\n{LOG}{RUN}{RENDER}")
    assert run == Run(0, "slept\nconnected\n", LOGGED)


def test_who_looks_at_every_module_finds_nothing_that_moves(newest_host: Host) -> None:
    look = "import sys\nfor name, module in sys.modules.items():\n    getattr(module, '__file__', None)\n"
    run = newest_host(
        "-c", f"{LOG}{look}print(*[name for name in sys.modules if name.startswith(('wrapt', '_enum_log_shim_wrapt'))])"
    )
    assert run == Run(0, "\n", LOGGED)


def test_a_stderr_of_the_hosts_own_gets_the_line(newest_host: Host) -> None:
    tee = "import io, sys\nsys.stderr = io.StringIO()\nimport shim\nshim.uninstall()\nshim.install()\n"
    run = newest_host("-c", f"{tee}import logging\nprint(sys.stderr.getvalue())", ENUM_LOG_SHIM_DEBUG="1")
    assert "enum-log-shim: logging is wrapped" in run.stdout


def test_logging_brings_neither_wrapt_nor_asyncio(newest_host: Host) -> None:
    code = f"{LOG}import sys\nprint(*sorted(sys.modules))"
    on, off = (set(newest_host("-c", code, measured=False, flag=flag).stdout.split()) for flag in ("1", "0"))
    assert "logging" in off
    assert "_enum_log_shim.hooks.stdlib_logging" in on - off
    assert not [name for name in on - off if name.partition(".")[0] in ("wrapt", "asyncio", "concurrent")]


WRAPT = """
import wrapt.wrappers, sys
assert wrapt.wrappers.ObjectProxy and wrapt.ObjectProxy
assert wrapt is sys.modules["wrapt"] and wrapt.__name__ == wrapt.__spec__.name == "wrapt"
names = [name for name in sys.modules if name.startswith("wrapt.")]
for name in names:
    assert getattr(wrapt, name.partition(".")[2]) is sys.modules[name], name
    assert sys.modules[name].__spec__.parent == "wrapt", name
proxy = wrapt.ObjectProxy([1])
assert isinstance(proxy, wrapt.ObjectProxy) and isinstance(proxy, list)
wrapped = wrapt.FunctionWrapper(len, lambda wrapped, instance, args, kwargs: wrapped(*args, **kwargs) + 1)
print(wrapped([1]), wrapt.FunctionWrapper.__module__, *sorted(names))
"""


@pytest.mark.parametrize(
    "first", ["", "import logging", "import logging, starlette.websockets", "import concurrent.futures"]
)
def test_the_host_imports_a_wrapt_of_its_own_afterwards(newest_host: Host, first: str) -> None:
    on, off = (newest_host("-c", f"{first}\n{WRAPT}{LOG}", flag=flag) for flag in ("1", "0"))
    assert off.code == 0, off.stderr
    assert on == off._replace(stderr=LOGGED)


@pytest.mark.parametrize("first", ["import sys", "import sys, logging", "import sys, concurrent.futures, asyncio"])
def test_an_agent_that_unloads_our_modules(newest_host: Host, first: str) -> None:
    unload = "for name in [name for name in sys.modules if name.startswith('_enum_log_shim')]: del sys.modules[name]"
    code = f"{first}\n{unload}\n{RENDER}{LOG}{RUN}"
    assert newest_host("-c", code) == Run(0, "connected\nslept\n", LOGGED)


@pytest.mark.parametrize("name", ["logging", "starlette.websockets"])
def test_a_loader_can_be_copied(newest_host: Host, name: str) -> None:
    code = f"""
import copy, importlib.util, sys
spec = importlib.util.find_spec({name!r})
for loader in copy.copy(spec.loader), copy.deepcopy(spec).loader:
    print(type(loader).__name__, loader.name, loader.get_filename())
    spec.loader = loader
    sys.modules[{name!r}] = module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    print(module.__name__, len(vars(module)) > 10)
"""
    on, off = (newest_host("-c", code, flag=flag) for flag in ("1", "0"))
    assert off.code == 0, off.stderr
    assert on == off


def test_logging_executed_a_second_time_aside(newest_host: Host) -> None:
    code = f"""
import importlib.util
spec = importlib.util.find_spec("logging")
spec.loader.exec_module(importlib.util.module_from_spec(spec))
{LOG}"""
    assert newest_host("-c", code) == Run(0, "", LOGGED)


def test_the_loader_of_a_zipped_module_can_be_copied(newest_host: Host) -> None:
    code = """
import copy, importlib.util, sys, zipfile
with zipfile.ZipFile("app.zip", "w") as file:
    file.writestr("app_states.py", "import enum\\nclass State(enum.Enum):\\n    UP = 1\\n")
sys.path.insert(0, "app.zip")
loader = importlib.util.find_spec("app_states").loader
print(copy.copy(loader).get_filename("app_states") == loader.get_filename("app_states"))
from app_states import State
print(f"{State.UP}")
"""
    assert newest_host("-c", code, TEXT="app_states:State") == Run(0, "True\nup\n", "")


def test_a_lazy_module_that_is_logged_is_not_loaded(newest_host: Host) -> None:
    (newest_host.cwd / "app_heavy.py").write_text("print('loaded')\nNAME = 'heavy'\n")
    code = f"""
import importlib.util
spec = importlib.util.find_spec("app_heavy")
spec.loader = importlib.util.LazyLoader(spec.loader)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
{LOG}
logging.warning("event", extra={{"heavy": module, "inner": [module, {{"a": module}}]}})
print("not yet")
print(module.NAME)
"""
    assert newest_host("-c", code) == Run(0, "not yet\nloaded\nheavy\n", LOGGED + "WARNING:root:event\n")
