"""Hosts that replace, unload and hide what the shim relies on: with it they do what they do without it."""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from processes import ROOT, Host, Run, environment, run

START = """
import enum, logging, sys
class State(enum.Enum):
    UP = 1
def configure(logging):
    logging.basicConfig(stream=sys.stdout, level=20, format="%(name)s %(message)s %(state)s")
def tell(logging, *args):
    logging.getLogger(*args).info("%s", State.UP, extra={"state": State.UP})
configure(logging)
"""

REPLACED = {
    "logger class": """
class Own(logging.Logger):
    def makeRecord(self, *args, **kwargs):
        record = super().makeRecord(*args, **kwargs)
        record.own = State.UP
        return record
logging.setLoggerClass(Own)
logging.getLogger("own").addFilter(lambda record: print(record.own) or True)
tell(logging, "own")
""",
    "logging.Logger": """
class Logger(logging.Logger):
    pass
logging.Logger = Logger
logging.Logger.manager.loggerClass = Logger
tell(logging, "replaced")
tell(logging)
""",
    "makeRecord": """
made = logging.Logger.makeRecord
def makeRecord(self, *args, **kwargs):
    record = made(self, *args, **kwargs)
    record.msg = "made: " + record.msg
    return record
logging.Logger.makeRecord = makeRecord
tell(logging, "a")
""",
    "makeRecord of its own": """
logging.Logger.makeRecord = lambda self, name, level, fn, lno, msg, args, *more, **kwargs: logging.makeLogRecord(
    {"name": name, "levelno": level, "msg": msg, "args": args, "state": State.UP})
tell(logging, "a")
""",
    "record factory": """
made = logging.getLogRecordFactory()
def factory(*args, **kwargs):
    record = made(*args, **kwargs)
    record.added = State.UP
    return record
logging.setLogRecordFactory(factory)
logging.getLogger("a").addFilter(lambda record: print(record.added) or True)
tell(logging, "a")
""",
    "record class": """
class Record(logging.LogRecord):
    def getMessage(self):
        return "own: " + super().getMessage()
logging.setLogRecordFactory(Record)
tell(logging, "a")
""",
    "logging.Handler and all": """
for name in ("Handler", "Filterer", "LogRecord", "Formatter", "RootLogger"):
    setattr(logging, name, type(name, (getattr(logging, name),), {}))
class Printing(logging.Handler):
    def emit(self, record):
        print(record.state, record.getMessage())
class Deciding(Printing):
    def filter(self, record):
        record.state = State.UP
        return True
logging.getLogger("a").addHandler(Printing())
logging.getLogger("a").addHandler(Deciding())
tell(logging, "a")
""",
    "Filterer.filter": """
filter = logging.Filterer.filter
def own(self, record):
    record.filtered = State.UP
    return filter(self, record)
logging.Filterer.filter = own
tell(logging, "a")
""",
}

HOSTS = {
    **REPLACED,
    "reloaded": "import importlib\nimportlib.reload(logging)\nconfigure(logging)\ntell(logging, 'a')\n",
    "unloaded": """
del sys.modules["logging"]
import logging as other
configure(other)
tell(other, "b")
tell(logging, "a")
""",
    "hidden": "module, sys.modules['logging'] = sys.modules['logging'], None\ntell(module, 'a')\n",
    "modules like ours": """
import hooks, settings, shim
from settings import VALUE
print(hooks.VALUE, shim.VALUE, VALUE)
tell(logging, "a")
""",
    "nothing of it": "tell(logging)\ntell(logging, 'a')\n",
}

OPTIONS = {
    "plain": ((), {}),
    "-O": (("-O",), {}),
    "-OO": (("-OO",), {}),
    "-X importtime": (("-X", "importtime"), {}),
    "-X dev": (("-X", "dev"), {}),
    "-W error": (("-W", "error"), {}),
    "no bytecode": ((), {"PYTHONDONTWRITEBYTECODE": "1"}),
}


@pytest.fixture
def hosts_modules(cwd: Path) -> None:
    for name in ("shim", "settings", "hooks"):
        (cwd / f"{name}.py").write_text(f"VALUE = '{name} of the host'\n")


def told(done: Run) -> Run:
    """What the host told, without the times of its imports."""
    lines = done.stderr.splitlines(keepends=True)
    return done._replace(stderr="".join(line for line in lines if not line.startswith("import time:")))


def converted(done: Run) -> Run:
    return done._replace(stdout=done.stdout.replace("State.UP", "up"))


@pytest.mark.parametrize("name", HOSTS)
def test_a_host_of_any_interpreter(name: str, any_host: Host, hosts_modules: None) -> None:
    off, on = (any_host("-c", START + HOSTS[name], flag=flag, measured=False) for flag in ("0", "1"))
    assert "State.UP" in off.stdout
    assert on == converted(off)


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", HOSTS)
def test_a_host_with_options(name: str, option: str, host: Host, hosts_modules: None) -> None:
    options, variables = OPTIONS[option]
    off, on = (
        told(host(*options, "-c", START + HOSTS[name], flag=flag, measured=False, **variables)) for flag in ("0", "1")
    )
    assert "State.UP" in off.stdout
    assert on == converted(off)


@pytest.mark.parametrize("name", REPLACED)
def test_an_agent_before_us(name: str, any_host: Host, tmp_path: Path) -> None:
    """What it replaces is there when we come, and the host's code runs after both."""
    agent = tmp_path / "agent"
    agent.mkdir()
    hands_on = "del sys.modules['sitecustomize']\nsys.path.remove(__file__.rpartition('/')[0])\nimport sitecustomize\n"
    (agent / "sitecustomize.py").write_text(START + REPLACED[name] + hands_on)
    code = START.replace("configure(logging)\n", "") + "tell(logging, 'later')\n"
    path = [agent, ROOT]
    off, on = (any_host("-c", code, flag=flag, measured=False, path=path) for flag in ("0", "1"))
    first, last = off.stdout.splitlines(keepends=True)[:-1], off.stdout.splitlines(keepends=True)[-1]
    assert "State.UP" in last
    # What it logged by itself came before us.
    assert on == Run(off.code, "".join(first) + last.replace("State.UP", "up"), off.stderr)


INNER = """
try:
    import _interpreters as interpreters
except ImportError:  # before 3.13
    import _xxsubinterpreters as interpreters
inner = interpreters.create()
run = getattr(interpreters, "exec", None) or interpreters.run_string
run(inner, START + "tell(logging, 'inner')\\nsys.stdout.flush()\\n")
interpreters.destroy(inner)
"""


def test_interpreters_inside_of_another(any_host: Host, host: Host) -> None:
    """As mod_wsgi has one for each application; from 3.12 on they take no C extension that was not made for them."""
    code = f"START = {START!r}\n{INNER}{START}tell(logging, 'outer')\n"
    for one in (any_host, host):
        off, on = (one("-c", code, flag=flag, measured=False) for flag in ("0", "1"))
        assert off == Run(0, "inner State.UP State.UP\nouter State.UP State.UP\n", "")
        assert on == converted(off)


def test_a_zipped_application(any_host: Host, cwd: Path) -> None:
    with zipfile.ZipFile(cwd / "app.zip", "w") as file:
        file.writestr("__main__.py", "import states\nfrom app import log\nlog.tell()\n")
        file.writestr("states.py", START)
        file.writestr("app/__init__.py", "")
        file.writestr("app/log.py", "import logging, states\ndef tell():\n    states.tell(logging, 'zipped')\n")
    off, on = (any_host("app.zip", flag=flag, measured=False) for flag in ("0", "1"))
    assert off == Run(0, "zipped State.UP State.UP\n", "")
    assert on == converted(off)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts a file system")
def test_a_file_system_that_is_read_only(host: Host, project_copy: Path, tmp_path: Path) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare, which gives a process file systems of its own")
    (host.cwd / "app.py").write_text(START + "tell(logging, 'a')\nopen('written', 'w')\n")
    # A folder that was entered before is still the old one.
    mounted = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0/host" && exec "$@"'
    env = environment([project_copy], False, ENUM_LOG_SHIM="1", ENUM_LOG_SHIM_SITES=str(host.cwd / "sites"))
    command = ["unshare", "--mount", "sh", "-c", mounted, tmp_path, host.python, "app.py"]
    done = run(command, env=env, cwd=tmp_path)
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    assert done.stdout == "a up up\n"
    said, *traceback = done.stderr.splitlines()
    assert (
        said == f"enum-log-shim: ENUM_LOG_SHIM_SITES: {host.cwd}/sites: Read-only file system; sites are not recorded"
    )
    assert traceback[-1] == "OSError: [Errno 30] Read-only file system: 'written'"
    assert list(project_copy.rglob("__pycache__")) == []
