"""An attribute that one method of a class sees otherwise than everybody else does: a wrapper that is on no stack.

A logging library looks for its caller on the stack: there a wrapper's frame is taken for the host's code.
"""

from __future__ import annotations

from sys import _getframe

from .report import failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


_NOTHING = object()


def seen_by(method: str, name: str, view: Callable[[Any], Any]) -> property:
    """What stands for the instance attribute `name` in its class: methods called `method` get `view(value)`.

    The value itself stays in the instance's `__dict__`, where it is found again once this is gone from the class. The
    latest view is kept, for as long as it is asked for the same value, and a list has not changed.
    """
    latest: tuple[Any, Any, Any] = (_NOTHING, None, None)

    def enum_log_shim_get(self: Any) -> Any:
        nonlocal latest
        try:
            value = self.__dict__[name]
        except KeyError:
            raise AttributeError("%r object has no attribute %r" % (type(self).__name__, name)) from None
        try:
            if _getframe(1).f_code.co_name != method:
                return value
            known, content, seen = latest
            if value is not known or value != content:
                seen = view(value)
                latest = (value, list(value) if type(value) is list else value, seen)
        except Exception as error:  # something else of the host's in its place
            failed("%s is left as it was" % name, error)
            return value
        return seen

    def enum_log_shim_set(self: Any, value: Any) -> None:
        self.__dict__[name] = value

    def enum_log_shim_delete(self: Any) -> None:
        try:
            del self.__dict__[name]
        except KeyError:
            raise AttributeError(name) from None

    return property(enum_log_shim_get, enum_log_shim_set, enum_log_shim_delete)
