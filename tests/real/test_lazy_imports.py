"""Hosts that put imports off, or bring modules of their own under the names of those that we look at."""

from __future__ import annotations

import pytest
from processes import Host, Run

# As Mercurial does: its finder asks the others, and makes what they found lazy.
FINDER = """
import importlib.util, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        for finder in sys.meta_path:
            if finder is not self:
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    if hasattr(spec.loader, "exec_module") and name in {names!r}:
                        spec.loader = importlib.util.LazyLoader(spec.loader)
                    return spec
sys.meta_path.{place}
for name in {names!r}:
    sys.modules.pop(name, None)
"""
LOG = """
import enum, logging
class State(enum.Enum):
    UP = 1
logging.warning("%s", State.UP)
"""
UP = Run(0, "", "WARNING:root:up\n")


@pytest.mark.parametrize("place", ["insert(0, Finder())", "insert(1, Finder())"])
@pytest.mark.parametrize("names", [("logging",), ("enum",), ("enum", "logging")])
def test_a_finder_that_makes_modules_lazy(any_host: Host, names: tuple[str, ...], place: str) -> None:
    assert any_host("-c", FINDER.format(names=names, place=place) + LOG) == UP


def test_a_module_of_the_hosts_called_enum_is_none(host: Host) -> None:
    (host.cwd / "enum.py").write_text("class Enum: pass\n")
    code = "import enum; print(enum.__file__)"
    assert host("-c", code, measured=False) == host("-c", code, flag="0", measured=False)


@pytest.mark.parametrize("disabled", [None, "1"])
def test_a_module_of_the_hosts_called_inspect(host: Host, disabled: str | None) -> None:
    (host.cwd / "inspect.py").write_text("HOSTS = True\n")
    code = "import inspect; assert inspect.HOSTS" + LOG
    # Not measured: coverage imports the real one first.
    assert host("-c", code, measured=False, WRAPT_DISABLE_EXTENSIONS=disabled) == UP
