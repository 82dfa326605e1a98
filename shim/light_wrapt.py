"""wrapt's FunctionWrapper, without what else `import wrapt` brings."""

from __future__ import annotations

import sys
from time import sleep

from .patching import find_spec_elsewhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WRAPT = "_enum_log_shim_wrapt"
_loaded: dict[str, Any] = {}


def function_wrapper() -> Any:
    """The host's FunctionWrapper if it has imported wrapt, else ours. Raises ImportError where there is no wrapt.

    From 2.2 on `wrapt/__init__.py` imports asyncio, at 60 ms. We run inside of other imports: concurrent.futures
    imports logging while it is half made itself, and asyncio, imported then, would fail for the rest of the process.
    So wrapt's folder is imported as a package of ours, whose `__init__` is empty.
    """
    host_own = vars(sys.modules.get("wrapt") or object).get("FunctionWrapper")  # a lazy module would import more
    return host_own or _loaded.get("FunctionWrapper") or _loaded.setdefault("FunctionWrapper", _load())


def _load() -> Any:
    """FunctionWrapper from modules of our own, which nobody else finds in `sys.modules` afterwards."""
    package = _package()
    lent = {"wrapt": package}
    try:
        lent["wrapt.wrappers"] = wrappers = _submodule("wrappers")
        lent["wrapt.exceptions"] = _submodule("exceptions")
        # The C extension asks for these by wrapt's name, from 2.0 on: while it is loaded it is shown ours.
        for name, module in lent.items():
            if module is not None:
                sys.modules.setdefault(name, module)
        return (_submodule("__wrapt__") or wrappers).FunctionWrapper  # no __wrapt__ before 1.16
    finally:
        for name, module in list(sys.modules.items()):
            if name.startswith(_WRAPT) or (name in lent and module is lent[name]):
                _loaded[name] = sys.modules.pop(name)


def _package() -> Any:
    """An empty package over wrapt's folder. Raises ImportError where there is none."""
    spec = find_spec_elsewhere(None, "wrapt")
    if spec is None or spec.origin is None:
        raise ImportError("No module named 'wrapt'", name="wrapt")
    if not spec.submodule_search_locations:
        raise ImportError("%s is not the package wrapt" % spec.origin)
    sys.modules[_WRAPT] = package = type(sys)(_WRAPT)
    package.__path__ = list(spec.submodule_search_locations)
    vars(package)["__getattr__"] = lambda name: _real_wrapt(package, name)
    return package


def _real_wrapt(package: Any, name: str) -> Any:
    """What another thread gets that caught our package as `wrapt` while it was lent: the real one's, after that."""
    for _ in range(1000):
        if name.startswith("__") or sys.modules.get("wrapt") is not package:
            break
        sleep(0.001)
    if name.startswith("__") or sys.modules.get("wrapt") is package:
        raise AttributeError(name)
    return getattr(__import__("wrapt"), name)


def _submodule(name: str) -> Any:
    try:
        return __import__(_WRAPT + "." + name, fromlist=[""])
    except ModuleNotFoundError:
        return None
