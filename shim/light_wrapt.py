"""wrapt's FunctionWrapper, without what else `import wrapt` brings."""

from __future__ import annotations

import builtins
import os
import sys
from time import sleep
from types import BuiltinFunctionType, FunctionType

from .patching import find_spec_elsewhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WRAPT = "_enum_log_shim_wrapt"
# Where `python -m shim bundle` puts a private copy, which serves whatever wrapt the host has.
PRIVATE_COPY = os.path.join(os.path.dirname(__file__), "wrapt")
_loaded: dict[str, Any] = {}


def function_wrapper() -> Any:
    """FunctionWrapper of the private copy in a bundle; without one the host's if it has imported wrapt, else ours.

    Raises ImportError where there is no wrapt.

    From 2.2 on `wrapt/__init__.py` imports asyncio, at 60 ms. We run inside of other imports: concurrent.futures
    imports logging while it is half made itself, and asyncio, imported then, would fail for the rest of the process.
    So wrapt's folder is imported as a package of ours, whose `__init__` is empty.
    """
    if "FunctionWrapper" not in _loaded and not os.path.isdir(PRIVATE_COPY):
        host_own = vars(sys.modules.get("wrapt") or object).get("FunctionWrapper")  # a lazy module would import more
        if host_own is not None:
            return host_own
    return _loaded.get("FunctionWrapper") or _loaded.setdefault("FunctionWrapper", _load())


def _load() -> Any:
    """FunctionWrapper from modules of our own, which nobody else finds in `sys.modules` afterwards."""
    package = _package()
    lent = {"wrapt": package}
    try:
        lent["wrapt.exceptions"] = exceptions = _submodule("exceptions")
        extension = _submodule("_wrappers") if exceptions is None and _is_extension_wanted() else None
        if extension is not None:  # before 2.0 it needs nothing else
            return extension.FunctionWrapper
        lent["wrapt.wrappers"] = wrappers = _wrappers()
        if exceptions is None:
            return wrappers.FunctionWrapper  # nor does its pure Python
        # The C extension asks for these by wrapt's name, from 2.0 on: while it is loaded it is shown ours.
        for name, module in lent.items():
            if module is not None:
                sys.modules.setdefault(name, module)
        return (_submodule("__wrapt__") or wrappers).FunctionWrapper  # no __wrapt__ before 1.16
    finally:
        for name, module in list(sys.modules.items()):
            if name.startswith(_WRAPT) or (name in lent and module is lent[name]):
                _loaded[name] = sys.modules.pop(name)


def _is_extension_wanted() -> bool:
    return not os.environ.get("WRAPT_DISABLE_EXTENSIONS")  # wrapt's own switch


def _package() -> Any:
    """An empty package over wrapt's folder. Raises ImportError where there is none."""
    package: Any = type(sys)(_WRAPT)
    package.__path__ = [PRIVATE_COPY] if os.path.isdir(PRIVATE_COPY) else _installed()
    sys.modules[_WRAPT] = package
    vars(package)["__getattr__"] = lambda name: _real_wrapt(package, name)
    return package


def _installed() -> list[str]:
    """The folder of the environment's wrapt. Raises ImportError where there is none."""
    spec = find_spec_elsewhere(None, "wrapt")
    if spec is None or spec.origin is None:
        raise ImportError("No module named 'wrapt'", name="wrapt")
    if not spec.submodule_search_locations:
        raise ImportError("%s is not the package wrapt" % spec.origin)
    return list(spec.submodule_search_locations)


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
    """A module of wrapt's, or None: the C extension may be none for this Python, or this machine."""
    try:
        return __import__(_WRAPT + "." + name, fromlist=[""])
    except ImportError:
        return None


def _wrappers() -> Any:
    """wrapt's pure Python module. Its own import statement gets the stand-in for `inspect`, and nobody else's does."""
    name = _WRAPT + ".wrappers"
    spec = find_spec_elsewhere(None, name, sys.modules[_WRAPT].__path__)
    if spec is None:
        raise ImportError("%s holds no wrappers.py" % sys.modules[_WRAPT].__path__)
    sys.modules[name] = module = sys.modules["_frozen_importlib"].module_from_spec(spec)
    vars(module)["__builtins__"] = {**vars(builtins), "__import__": _import}
    spec.loader.exec_module(module)
    return module


def _import(name: str, *args: Any) -> Any:
    return _Inspect() if name == "inspect" else builtins.__import__(name, *args)


class _Inspect:
    """Stands in for `inspect`, whose import costs a third of `import logging`, and of which wrapt needs two functions
    for what we wrap. For all others it imports the real one.
    """

    @staticmethod
    def isbuiltin(value: object) -> bool:
        return isinstance(value, BuiltinFunctionType)

    @staticmethod
    def isfunction(value: object) -> bool:
        return isinstance(value, FunctionType)

    def __getattr__(self, name: str) -> Any:
        return getattr(builtins.__import__("inspect"), name)
