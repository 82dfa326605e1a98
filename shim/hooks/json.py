"""json and simplejson: where an encoder is about to raise, it writes an enum's string if that is for a log call.

Nearly every process imports `json`, also those that log nothing. So this is all that is loaded with it.
"""

from __future__ import annotations

import sys
from functools import wraps

from ..patching import find_spec_elsewhere
from ..report import failed, is_ours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..patching import Patches
    from ..settings import Settings


_PLACES = ".columns" if sys.version_info >= (3, 11) else ".bytecode"
_REST = ("", ".loggers", ".statements", ".source", _PLACES, ".decisions", ".members")


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> str:
    """Wraps `JSONEncoder.default` of `module`; returns why not, or an empty string.

    Raises KeyError where there is none.
    """
    encoder = vars(module)["JSONEncoder"]
    original = vars(encoder)["default"]
    if getattr(original, "__globals__", None) is not vars(module):
        return "JSONEncoder.default is the host's own already"
    patches.put(encoder, "default", _default(original, patches, settings))
    return ""


def _default(original: Callable[..., Any], patches: Patches, settings: Settings) -> Callable[..., Any]:
    written: Any = None

    @wraps(original)
    def enum_log_shim_default(self: Any, o: Any) -> Any:
        nonlocal written
        try:
            if written is None:
                written = _writer(patches, settings)
            new = written(self, o, sys._getframe(1)) if patches.active else None
        except Exception as error:
            if not is_ours(error):
                raise
            new = None
            failed("json raises as before", error)
        return original(self, o) if new is None else new

    return enum_log_shim_default


def _writer(patches: Patches, settings: Settings) -> Callable[..., Any]:
    *_, members = [_loaded("log_calls" + name) for name in _REST]
    written: Callable[..., Any] = members.Members(patches, settings).in_json
    return written


def _loaded(name: str) -> Any:
    """A module of ours, imported past the import system's locks: we are in a log call, and a child that another thread
    forks meanwhile would wait for ever for a lock that nobody holds. Those that it needs are loaded before it.
    """
    package = __package__.rpartition(".")[0]
    name = "%s.%s" % (package, name)
    if name not in sys.modules:
        spec = find_spec_elsewhere(None, name, sys.modules[name.rpartition(".")[0]].__path__)
        module = sys.modules["_frozen_importlib"].module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules.setdefault(name, module)
    return sys.modules[name]
