"""The standard library's logging: every record is clean when it is made, and again before a handler emits it."""

from __future__ import annotations

from functools import wraps
from types import FunctionType

from ..record import Cleaner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..patching import Patches
    from ..settings import Settings

    Clean = Callable[[Any], None]


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> None:
    """Wraps the module `logging`. Raises ImportError without wrapt, AttributeError where its inside has changed.

    Only `makeRecord` is wrapped with wrapt: every record passes the other places too, and wrapt's wrappers there double
    the shim's cost. Most hosts add no filter; `Filterer.filter` is left to itself until one does.
    """
    cleaner = Cleaner(settings, patches)
    is_stock = vars(module.Logger)["makeRecord"].__module__ == module.__name__
    filterer = module.Filterer
    filter_wrapper = _filter(filterer, module.LogRecord, cleaner)

    def wrap_filter() -> None:
        patches.put(filterer, "filter", filter_wrapper)

    plain = frozenset({module.Logger, module.RootLogger}) if is_stock else frozenset()
    patches.wrap(module.Logger, "makeRecord", _make_record_wrapper(cleaner, plain))
    patches.put(module.Handler, "handle", _handle(module.Handler, cleaner))
    patches.put(filterer, "addFilter", _add_filter(filterer, wrap_filter))
    if any(getattr(one, "filters", None) for one in _filterers(module)):
        wrap_filter()


def _filterers(logging: Any) -> list[Any]:
    """The loggers and handlers that the host made before it was our turn."""
    handlers = [reference() for reference in logging._handlerList]
    return [logging.root, *logging.root.manager.loggerDict.values(), *handlers]


def _add_filter(filterer_class: Any, wrap_filter: Callable[[], None]) -> Callable[[Any, Any], Any]:
    original = _unbound(vars(filterer_class)["addFilter"])

    @wraps(vars(filterer_class)["addFilter"])
    def enum_log_shim_add_filter(self: Any, filter: Any) -> Any:
        wrap_filter()
        return original(self, filter)

    return enum_log_shim_add_filter


def _make_record_wrapper(cleaner: Cleaner, plain: frozenset[type]) -> Callable[..., Any]:
    """plain: the logger classes whose `makeRecord` is known; another one may go on to change what this one made."""
    clean = cleaner.clean

    def enum_log_shim_make_record(wrapped: Any, logger: Any, args: Any, kwargs: Any) -> Any:
        record = wrapped(*args, **kwargs)
        if type(logger) in plain and len(args) == 10:
            clean(record, args[8])  # Logger._log's call; the ninth is `extra`
        else:
            clean(record)
            cleaner.forget()
        return record

    return enum_log_shim_make_record


def _handle(handler_class: Any, cleaner: Cleaner) -> Callable[[Any, Any], Any]:
    """`Handler.handle`, which also records pass that no Logger made, or that got more attributes after `makeRecord`."""
    original = _unbound(vars(handler_class)["handle"])

    @wraps(vars(handler_class)["handle"])
    def enum_log_shim_handle(self: Any, record: Any) -> Any:
        if cleaner.latest() is not record or len(record.__dict__) != cleaner.count:
            cleaner.clean(record)
        return original(self, record)

    return enum_log_shim_handle


def _filter(filterer_class: Any, record_class: Any, cleaner: Cleaner) -> Callable[[Any, Any], Any]:
    """`Filterer.filter`, where a logger's or handler's filters may add attributes that the next one reads."""
    original = _unbound(vars(filterer_class)["filter"])
    interleaved = _interleaved(cleaner.clean)

    @wraps(vars(filterer_class)["filter"])
    def enum_log_shim_filter(self: Any, record: Any) -> Any:
        filters = self.filters
        if not filters:
            return original(self, record)
        cleaner.clean_once(record)
        if len(filters) > 1:
            return original(interleaved(self), record)
        passed = original(self, record)
        cleaner.clean(passed if isinstance(passed, record_class) else record)
        return passed

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

    class Interleaved(ObjectProxy):  # type: ignore[misc, type-arg, unused-ignore]
        @property
        def filters(self) -> list[Any]:
            return [step for own in self.__wrapped__.filters for step in (own, clean_filter)]

    return Interleaved
