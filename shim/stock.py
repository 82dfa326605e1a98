"""What is the standard library's own, and which classes of the host's do with a record just what it does."""

from __future__ import annotations

from types import FunctionType
from weakref import ref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Container

# What has a record in hand before its handlers do, and may change it.
_STEPS = ("_log", "makeRecord", "handle", "filter", "callHandlers")


def own_class(logging: Any, name: str) -> Any:
    """The class `name` that `logging` itself defines, also where somebody has put a subclass in its place.

    Raises AttributeError where there is no such class.
    """
    found = getattr(logging, name)
    own = [cls for cls in found.__mro__ if (cls.__module__, cls.__qualname__) == (logging.__name__, name)]
    return own[0] if own else found


def is_of(logging: Any, method: Any) -> bool:
    """Whether `logging` itself defines the method; wrappers copy its name and its module."""
    return type(method) is FunctionType and method.__globals__ is vars(logging)


def unbound(method: Any) -> Callable[..., Any]:
    """`method` as a function of the instance and the rest; another agent's wrapper has to be bound to be itself."""
    if isinstance(method, FunctionType):
        return method
    return lambda self, *args, **kwargs: method.__get__(self, type(self))(*args, **kwargs)


def subclasses_alike(Logger: Any) -> tuple[Container[int], Callable[[Any], None]]:
    """The ids of the classes of loggers, among those met so far, that are Logger in all that matters to a record
    (structlog's own only finds its caller in another way), and what meets one. It keeps no class alive.
    """
    met: dict[int, ref[Any]] = {}
    alike: set[int] = set()

    def meet(cls: Any) -> None:
        key = id(cls)
        if key in met:
            return

        def forget(_: Any) -> None:
            alike.discard(key)
            met.pop(key, None)

        met[key] = ref(cls, forget)
        if issubclass(cls, Logger) and not any(_defines(cls, Logger, name) for name in _STEPS):
            alike.add(key)

    return alike, meet


def _defines(cls: Any, Logger: Any, name: str) -> bool:
    """Whether another class than Logger and those above it is where `cls` has a method from."""
    return next(base for base in cls.__mro__ if name in vars(base)) not in Logger.__mro__
