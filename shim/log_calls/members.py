"""What `json` and `repr` make of an enum while an argument of a log call is evaluated: its string."""

from __future__ import annotations

from types import FunctionType

from ..members import as_enum
from ..namespaces import module_name, mro, of_class, of_instance
from ..policy import as_field, named
from ..text import text
from .decisions import evaluated, is_guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..patching import Patches
    from ..settings import Settings

_JSON = frozenset({"json", "json.encoder", "simplejson", "simplejson.encoder"})
_ENCODERS = frozenset({"json.encoder", "simplejson.encoder"})
_OVERRIDDEN = ("default", "encode", "iterencode")
_MOST_BETWEEN = 10  # frames between an encoder's `default` and the encoder
# What the standard library's containers have a `__repr__` in Python in, and what formats them.
_RENDERING = frozenset({"collections", "reprlib", "pprint"})


class Members:
    """Under the settings it is made with. Each method returns None where nothing is to change."""

    def __init__(self, patches: Patches, settings: Settings) -> None:
        self._field, self._style = as_field(settings), settings.style
        self._recorder = patches.recorder
        self._functions = settings.json_functions

    def in_json(self, encoder: Any, value: Any, asking: Any) -> Any:
        """What `encoder` writes for `value`, about which the frame `asking` has asked its `default`."""
        member = as_enum(value)
        caller = None if member is None else _caller_of_json(asking, encoder)
        call = None if caller is None else self._log_call(caller)
        if call is None:
            return None
        new = self._field(member)
        return None if new is member else self._written(member, new, "json", call)  # itself: it is kept

    def in_repr(self, member: Any, asking: Any) -> str | None:
        """The `repr` of `member`, for which the frame `asking` has asked."""
        while asking is not None and asking.f_globals.get("__name__") in _RENDERING:
            asking = asking.f_back
        call = self._log_call(asking)
        return None if call is None else self._written(member, repr(text(member, self._style)), "f-string", call)

    def _log_call(self, frame: Any) -> tuple[Any, int] | None:
        return evaluated(frame, self._is_named_function)

    def _written(self, member: Any, new: Any, place: str, call: tuple[Any, int]) -> Any:
        if self._recorder is None:
            return new
        self._recorder.evaluated(*call, place, member)
        return None if self._recorder.observes else new

    def _is_named_function(self, frame: Any) -> bool:
        """Whether ENUM_LOG_SHIM_JSON names the function at work in `frame`."""
        if not self._functions:
            return False
        code, module = frame.f_code, frame.f_globals.get("__name__")
        name = getattr(code, "co_qualname", None)  # from CPython 3.11 on
        if name is not None and "%s:%s" % (module, name) in self._functions:
            return True
        return any(code is one for entry in self._functions for one in _codes(named(entry)))


def _codes(function: Any) -> list[Any]:
    """The code of a function or method, and that of what `functools.wraps` says is inside of it."""
    found = []
    for _ in range(_MOST_BETWEEN):
        if isinstance(function, FunctionType):
            found.append(function.__code__)
        is_method = type(function) in (staticmethod, classmethod)
        function = function.__func__ if is_method else of_instance(function).get("__wrapped__")
    return found


def _caller_of_json(asking: Any, encoder: Any) -> Any:
    """The frame that called json, where `asking` has asked `encoder` for its `default`.

    None where a `default` of the host's would catch the TypeError: what that writes comes first.
    """
    frame = asking
    for _ in range(_MOST_BETWEEN):
        if frame is None or frame.f_globals.get("__name__") in _ENCODERS:
            break
        if is_guarded(frame):
            return None
        frame = frame.f_back
    else:
        frame = None
    if frame is None:
        return asking
    own = frozenset() if module_name(type(encoder)) in _JSON else _overridden(type(encoder))
    # By identity: two functions that are written alike have equal code.
    while frame is not None and (frame.f_globals.get("__name__") in _JSON or id(frame.f_code) in own):
        frame = frame.f_back
    return frame


def _overridden(cls: Any) -> frozenset[int]:
    """The ids of the code of the host's methods that stand around json's own in an encoder class."""
    methods = (of_class(base).get(name) for base in mro(cls) for name in _OVERRIDDEN)
    return frozenset(id(code) for method in methods for code in _codes(method))
