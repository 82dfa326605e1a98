"""aenum: its members count as enums once the host has imported it, whatever its Enum is a subclass of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import interpreters
import pytest
from processes import ROOT, Host, Run, environment, run
from suites import tail

# In 3.0 to 3.1.12 or so aenum's Enum is no subclass of the standard library's. 1.4 has no flags.
RELEASES = [
    ("3.8", "aenum==1.4.7"),
    ("3.8", "aenum==2.0.0"),
    ("3.8", "aenum==3.1.0"),
    ("3.8", "aenum"),
    ("3.11", "aenum==2.0.0"),
    ("3.11", "aenum==3.1.12"),
    ("3.11", "aenum"),
    ("3.13", "aenum==2.0.0"),
    ("3.13", "aenum"),
]
FILES = [f"tests/unit/test_{name}.py" for name in ("matrix", "text", "keep")]
# 2.0.0 has strings that later Pythons warn of; what coverage does is of no account here.
QUIET = ("-W", "ignore")

LOG = """
import logging, sys
class State(aenum.Enum):
    UP = 1
class Level(aenum.IntEnum):
    NOTICE = 25
class Said(aenum.Enum):
    UP = 1
    def __str__(self): return "said up"
class Text(str, aenum.Enum):
    UP = "Text Up"
class Constant(aenum.NamedConstant):
    PI = 3
class Handler(logging.Handler):
    def emit(self, record): print(record.getMessage(), record.labels, record.constant is Constant.PI)
log = logging.getLogger("app")
log.addHandler(Handler())
log.warning("%s %d %s", State.UP, Level.NOTICE, Said.UP, extra={
    "labels": {State.UP: [Level.NOTICE, Said.UP, Text.UP, State]}, "constant": Constant.PI})
"""
LOGGED = "up 25 said up {'up': ['notice', 'said up', 'Text Up', 'State']} True\n"


@pytest.fixture(params=RELEASES, ids=["-".join(release) for release in RELEASES])
def aenum_host(request: pytest.FixtureRequest, cwd: Path) -> Host:
    version, release = request.param
    return Host(cwd, interpreters.venv(version, interpreters.NEWEST_WRAPT, *interpreters.TESTING, release))


def logged(host: Host, code: str, **more: Any) -> Run:
    return host(*QUIET, "-c", code, measured=False, **more)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_unit_tests_matrix(aenum_host: Host) -> None:
    command = [aenum_host.python, *QUIET, "-m", "pytest", *QUIET, *FILES, "-k", "aenum", "-q", "-p", "no:cacheprovider"]
    done = run(command, env=environment(measured=False), cwd=ROOT, timeout=300)
    assert done.code == 0, tail(done)
    (passed,) = re.findall(r"(\d+) passed", done.stdout)
    assert int(passed) > 300


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_aenum_before_and_after_the_install(aenum_host: Host) -> None:
    assert logged(aenum_host, f"import aenum\n{LOG}") == Run(0, LOGGED, "")
    by_hand = "import aenum, logging, shim; shim.install()\n"
    assert logged(aenum_host, by_hand + LOG, flag=None) == Run(0, LOGGED, "")
    assert logged(aenum_host, f"import logging, aenum\n{LOG}", NUMBERS="keep").stdout == LOGGED.replace(
        "'notice'", "25"
    )


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_what_the_library_itself_does_is_as_before(aenum_host: Host) -> None:
    code = """
import aenum, enum, pickle
class State(aenum.Enum):
    UP = 1
aenum.extend_enum(State, "DOWN", 2)
class Std(enum.Enum):
    UP = 1
aenum.extend_enum(Std, "DOWN", 2)
import logging
print([str(one) for one in State], [repr(one) for one in Std], pickle.loads(pickle.dumps(State.UP)) is State.UP)
print(sorted(name for name in vars(aenum.Enum) if not name.startswith("__")), isinstance(State.UP, enum.Enum))
"""
    on, off = (logged(aenum_host, code, flag=flag) for flag in ("1", "0"))
    assert off.code == 0, off.stderr
    assert on == off


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_undone(aenum_host: Host) -> None:
    code = """
import aenum, shim
before = dict(vars(aenum)), dict(vars(aenum.Enum)), dict(vars(aenum.EnumMeta))
shim.install(); shim.uninstall()
print(before == (dict(vars(aenum)), dict(vars(aenum.Enum)), dict(vars(aenum.EnumMeta))))
import logging
class State(aenum.Enum):
    UP = 1
logging.warning("%s", State.UP)
"""
    assert logged(aenum_host, code, flag=None) == Run(0, "True\n", "WARNING:root:State.UP\n")


@pytest.fixture
def foreign_host(cwd: Path) -> Host:
    """With a release whose Enum is none of the standard library's."""
    return Host(cwd, interpreters.venv("3.11", interpreters.NEWEST_WRAPT, "aenum==3.1.12"))


def test_it_is_skipped(foreign_host: Host) -> None:
    code = "import aenum, logging\nclass State(aenum.Enum):\n    UP = 1\nlogging.warning('%s', State.UP)"
    assert logged(foreign_host, code) == Run(0, "", "WARNING:root:up\n")
    assert logged(foreign_host, code, SKIP="aenum") == Run(0, "", "WARNING:root:State.UP\n")
    lines = logged(foreign_host, code, SKIP="aenum", DEBUG="1").stderr.splitlines()
    assert lines[0] == "enum-log-shim: aenum is not wrapped: ENUM_LOG_SHIM_SKIP names it"
    assert "enum-log-shim: aenum is wrapped" in logged(foreign_host, code, DEBUG="1").stderr.splitlines()


@pytest.mark.parametrize("text", ["", "Enum = EnumMeta = 'mine'", "class EnumMeta(type): pass\nclass Enum: pass"])
def test_a_module_of_the_hosts_own_by_that_name(host: Host, text: str) -> None:
    (host.cwd / "aenum.py").write_text(text)
    code = "import aenum, enum, logging\nclass State(enum.Enum):\n    UP = 1\nlogging.warning('%s', State.UP)"
    assert host("-c", code) == Run(0, "", "WARNING:root:up\n")
    first, *_ = host("-c", code, DEBUG="1").stderr.splitlines()
    assert first == "enum-log-shim: aenum is not wrapped: a module of the host's own by that name"


def test_nothing_is_imported_that_the_host_does_not_import(foreign_host: Host) -> None:
    code = "import logging, sys; print([name for name in sys.modules if 'aenum' in name])"
    assert logged(foreign_host, code) == Run(0, "[]\n", "")
