"""What is a logger: by its name, or by the class of the object that it names. No code of the host's runs for that."""

from __future__ import annotations

import sys
from types import MemberDescriptorType, ModuleType

from ..namespaces import class_name, is_class, module_name, mro, of_class, of_instance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

_STANDARD = ("debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log")
_MORE = ("trace", "success", "msg", "err", "failure")  # loguru's and structlog's
METHODS = frozenset(_STANDARD + _MORE).union("a" + name for name in (*_STANDARD, "msg"))
_WORDS = ("logger", "logging", "log")
_LIBRARIES = frozenset({"logging", "loguru", "structlog"})
_IS_SNAPSHOT = sys.version_info < (3, 13)  # what `f_locals` gives, and then the frame keeps it
_SHARING = frozenset({"locals", "vars", "exec", "eval", "dir"})
_UNSHARED = 3  # references to it: the frame's, ours, and the one of the count itself
_MISSING = object()


def is_logger_name(name: str) -> bool:
    """Whether the last word of `name` is log, logger or logging: of `_log` and `requestLogger`, not of `catalog`."""
    last = name.rstrip("_").rpartition("_")[2]
    for word in _WORDS:
        if last.lower().endswith(word):
            before, own = last[: -len(word)], last[-len(word) :]
            return not before or (own[0].isupper() and (own[1:].islower() or not before[-1].isupper()))
    return False


def is_logger_at(frame: FrameType, path: tuple[str, ...]) -> bool:
    """Whether the names `path` (of `self.events.info`: "self", "events") lead to a logger in that frame."""
    found = _variable(frame, path[0])
    for name in path[1:]:
        found = _attribute(found, name)
    return found is not _MISSING and is_logger(found)


def is_logger(value: Any) -> bool:
    """Whether its class is one of a logging library's, or derives from one; also the module `logging` itself."""
    if type(value) is ModuleType:
        return value is sys.modules.get("logging")
    return any(_is_logger_class(base) for base in mro(type(value)))


def _is_logger_class(cls: Any) -> bool:
    module = module_name(cls)
    return type(module) is str and module.partition(".")[0] in _LIBRARIES and "Logger" in class_name(cls)


def _variable(frame: FrameType, name: str) -> Any:
    code = frame.f_code
    found = _MISSING
    if not code.co_flags & 1:  # CO_OPTIMIZED: no function, but a module, or a class with a namespace of any kind
        names = frame.f_locals
        found = dict.get(names, name, _MISSING) if isinstance(names, dict) else _MISSING
    elif name in code.co_varnames or name in code.co_cellvars or name in code.co_freevars:
        found = _local(frame, name)
    return dict.get(frame.f_globals, name, _MISSING) if found is _MISSING else found


def _local(frame: FrameType, name: str) -> Any:
    if _IS_SNAPSHOT and not _SHARING.isdisjoint(frame.f_code.co_names):
        return _MISSING  # the host may have the snapshot, which reading it would bring up to date
    names = frame.f_locals
    found = names.get(name, _MISSING)
    # Until it ends the frame would keep this snapshot, and what is in it. A debugger may have it too.
    if _IS_SNAPSHOT and hasattr(sys, "getrefcount") and sys.getrefcount(names) <= _UNSHARED:
        names.clear()
    return found


def _attribute(value: Any, name: str) -> Any:
    """What the attribute `name` is without a property, `__getattr__` or the like being asked; else `_MISSING`."""
    if is_class(value):
        return _in_class(value, name, None)
    found = _item(of_instance(value), name)
    return _in_class(type(value), name, value) if found is _MISSING else found


def _item(names: Any, name: str) -> Any:
    found = names.get(name, _MISSING)
    if found is _MISSING and name.startswith("__") and not name.endswith("__"):  # a private one: `_Class__name`
        return next((names[key] for key in names if type(key) is str and key.endswith(name)), _MISSING)
    return found


def _in_class(cls: Any, name: str, instance: Any) -> Any:
    for base in mro(cls):
        found = _item(of_class(base), name)
        if found is not _MISSING:
            if type(found) is MemberDescriptorType and instance is not None:
                return _slot(found, instance)
            return _MISSING if hasattr(type(found), "__get__") else found
    return _MISSING


def _slot(descriptor: Any, instance: Any) -> Any:
    try:
        return descriptor.__get__(instance)
    except AttributeError:  # nothing was put in it yet
        return _MISSING
