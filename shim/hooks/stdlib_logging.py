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

    `Filterer.filter` is replaced by a plain function: every record passes it once for the logger and once for each
    handler, and a wrapt wrapper there doubles the shim's cost.
    """
    cleaner = Cleaner(settings, patches)
    is_stock = vars(module.Logger)["makeRecord"].__module__ == module.__name__
    patches.wrap(module.Logger, "makeRecord", _make_record_wrapper(cleaner, module.Logger if is_stock else None))
    patches.put(module.Filterer, "filter", _filter(module, cleaner))


def _make_record_wrapper(cleaner: Cleaner, Logger: type | None) -> Callable[..., Any]:
    """Logger: the class whose `makeRecord` is known. A subclass may go on to change what this one made."""
    clean = cleaner.clean

    def enum_log_shim_make_record(wrapped: Any, logger: Any, args: Any, kwargs: Any) -> Any:
        record = wrapped(*args, **kwargs) if kwargs else wrapped(*args)  # merging no keywords costs 1 % of a bare record
        if type(logger) is Logger and len(args) == 10:
            clean(record, args[8])  # Logger._log's call; the ninth is `extra`
        else:
            clean(record)
            cleaner.forget()
        return record

    return enum_log_shim_make_record


def _filter(logging: Any, cleaner: Cleaner) -> Callable[[Any, Any], Any]:
    """`Filterer.filter`, which a record passes before any filter or handler reads it: also one that no Logger made, or
    that got more attributes after `makeRecord`. Its filters may add some too, which the next one or the handler reads.
    """
    original = _unbound(vars(logging.Filterer)["filter"])
    interleaved = _interleaved(cleaner.clean)
    Logger, LogRecord = logging.Logger, logging.LogRecord

    @wraps(vars(logging.Filterer)["filter"])
    def enum_log_shim_filter(self: Any, record: Any) -> Any:
        filters = self.filters
        if not filters and type(self) is Logger:
            return original(self, record)  # nobody reads the record here, and each handler comes this way
        try:
            if record.relativeCreated is not cleaner.latest or len(record.__dict__) != cleaner.count:
                cleaner.clean(record)
        except AttributeError:  # a host's own kind of record
            cleaner.clean(record)
        if not filters:
            return original(self, record)
        if len(filters) > 1:
            return original(interleaved(self), record)
        passed = original(self, record)
        cleaner.clean(passed if isinstance(passed, LogRecord) else record)
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
