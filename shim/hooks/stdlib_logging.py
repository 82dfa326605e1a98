"""The standard library's logging: every record is clean when it is made, and again before a handler emits it."""

from __future__ import annotations

from types import FunctionType

from ..record import cleaner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..patching import Patches
    from ..settings import Settings

    Clean = Callable[[Any], None]


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> None:
    """Wraps the module `logging`. Raises ImportError without wrapt, AttributeError where its inside has changed."""
    clean = cleaner(settings)
    patches.wrap(module.Logger, "makeRecord", _make_record_wrapper(clean, patches))
    # A plain function, because a wrapt wrapper here, once for the logger and once for each handler, doubles the cost.
    patches.put(module.Filterer, "filter", _filter(module, clean, patches))


def _make_record_wrapper(clean: Clean, patches: Patches) -> Callable[..., Any]:
    def enum_log_shim_make_record(wrapped: Any, logger: Any, args: Any, kwargs: Any) -> Any:
        record = wrapped(*args, **kwargs)
        if patches.active:
            clean(record)
        return record

    return enum_log_shim_make_record


def _filter(logging: Any, clean: Clean, patches: Patches) -> Callable[[Any, Any], Any]:
    """`Filterer.filter`, which every record passes on its way to a handler's `emit`, also one that no Logger made.

    A handler's record is clean before its filters and after each of them, a logger's after each of its filters.
    """
    original = _unbound(vars(logging.Filterer)["filter"])
    interleaved = _interleaved(clean)

    def enum_log_shim_filter(self: Any, record: Any) -> Any:
        if not patches.active:
            return original(self, record)
        if not self.filters:
            if isinstance(self, logging.Handler):
                clean(record)
            return original(self, record)
        clean(record)
        if len(self.filters) > 1:
            return original(interleaved(self), record)
        passed = original(self, record)
        clean(passed if isinstance(passed, logging.LogRecord) else record)
        return passed

    enum_log_shim_filter.__doc__ = vars(logging.Filterer)["filter"].__doc__
    enum_log_shim_filter.__wrapped__ = vars(logging.Filterer)["filter"]  # type: ignore[attr-defined]
    return enum_log_shim_filter


def _unbound(method: Any) -> Callable[[Any, Any], Any]:
    """`method` as a function of the instance and the record; another agent's wrapper has to be bound to be itself."""
    if isinstance(method, FunctionType):
        return method
    return lambda self, record: method.__get__(self, type(self))(record)


def _interleaved(clean: Clean) -> Callable[[Any], Any]:
    """What shows a filterer with a cleaning filter after each of its own, so that a later one reads a clean record.

    Made for the one call, since `filters` is the host's list.
    """
    from wrapt import ObjectProxy

    def clean_filter(record: Any) -> bool:
        clean(record)
        return True

    class Interleaved(ObjectProxy):  # type: ignore[misc, valid-type]
        @property
        def filters(self) -> list[Any]:
            return [step for own in self.__wrapped__.filters for step in (own, clean_filter)]

    return Interleaved
