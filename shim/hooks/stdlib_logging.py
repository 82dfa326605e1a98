"""The standard library's logging: every record is clean when it is made, and again before a handler emits it."""

from __future__ import annotations

from functools import wraps
from logging import LogRecord
from types import FunctionType

from ..record import Cleaner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable, Iterator

    from ..patching import Patches
    from ..settings import Settings

    Clean = Callable[[Any], None]


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> str:
    """Wraps the module `logging`; returns an empty string: there is nothing that it would leave.

    Raises ImportError without wrapt, AttributeError where the inside of `logging` has changed.

    `Filterer.filter` is replaced by a plain function: every record passes it once for the logger and once for each
    handler, and a wrapt wrapper there doubles the shim's cost.
    """
    cleaner = Cleaner(settings, patches)
    filter_wrapper, init_wrapper = _filter(module, cleaner), _init(module.Handler, cleaner, patches)
    patches.wrap(module.Logger, "makeRecord", _make_record_wrapper(module, cleaner))
    patches.put(module.Filterer, "filter", filter_wrapper)
    patches.put(module.Handler, "__init__", init_wrapper)
    return ""


def _make_record_wrapper(logging: Any, cleaner: Cleaner) -> Callable[..., Any]:
    """What is made by the standard library's own method and factory is known, and quick to look at. A subclass, or who
    calls `makeRecord` himself, may go on to change what was made.
    """
    clean, clean_made = cleaner.clean, cleaner.clean_made
    LogRecord = logging.LogRecord
    Logger = logging.Logger if vars(logging.Logger)["makeRecord"].__module__ == logging.__name__ else None

    def enum_log_shim_make_record(wrapped: Any, logger: Any, args: Any, kwargs: Any) -> Any:
        # Merging no keywords into the call costs 1 % of a bare record.
        record = wrapped(*args, **kwargs) if kwargs else wrapped(*args)
        if type(logger) is Logger and len(args) == 10 and logging._logRecordFactory is LogRecord:
            clean_made(record, args[8])  # Logger._log's call; the ninth is `extra`
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
    clean = cleaner.clean
    Logger, LogRecord = logging.Logger, logging.LogRecord

    @wraps(vars(logging.Filterer)["filter"])
    def enum_log_shim_filter(self: Any, record: Any) -> Any:
        filters = self.filters
        if not filters and type(self) is Logger:
            return original(self, record)  # nobody reads the record here, and each handler comes this way
        try:
            if (
                id(record) != cleaner.latest
                or record.relativeCreated is not cleaner.stamp
                or len(record.__dict__) != cleaner.count
                or type(record.msg) is not str
            ):
                clean(record)
        except AttributeError:  # a host's own kind of record
            clean(record)
        if not filters:
            return original(self, record)
        if len(filters) > 1:
            return original(_Interleaved(self, clean), record)
        passed = original(self, record)
        clean(passed if isinstance(passed, LogRecord) else record)
        return passed

    return enum_log_shim_filter


def _init(handler_class: Any, cleaner: Cleaner, patches: Patches) -> Callable[..., None]:
    """`Handler.__init__`, where the handler classes show up that filter in their own way, past `Filterer.filter`."""
    original = vars(handler_class)["__init__"]

    @wraps(original)
    def enum_log_shim_init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        try:
            for cls in type(self).__mro__:
                method = vars(cls).get("filter")
                if isinstance(method, FunctionType) and issubclass(cls, handler_class):
                    patches.put(cls, "filter", _own_filter(method, cleaner))
        except Exception:  # a host's class that can't be changed: its records are as clean as they were made
            pass

    return enum_log_shim_init


def _own_filter(original: Callable[[Any, Any], Any], cleaner: Cleaner) -> Callable[[Any, Any], Any]:
    @wraps(original)
    def enum_log_shim_filter(self: Any, record: Any) -> Any:
        cleaner.clean(record)
        passed = original(self, record)
        cleaner.clean(passed if isinstance(passed, LogRecord) else record)
        return passed

    return enum_log_shim_filter


def _unbound(method: Any) -> Callable[[Any, Any], Any]:
    """`method` as a function of the instance and the record; another agent's wrapper has to be bound to be itself."""
    if isinstance(method, FunctionType):
        return method
    return lambda self, record: method.__get__(self, type(self))(record)


class _Interleaved:
    """Stands in for a filterer in one call: a cleaning filter comes after each of its own, so that a later one reads a
    clean record. `filters` is the host's list, and stays as it is.
    """

    def __init__(self, filterer: Any, clean: Clean) -> None:
        self._filterer = filterer
        self._clean = clean

    @property
    def filters(self) -> Iterator[Any]:
        for own in self._filterer.filters:
            yield own
            yield self._clean_filter

    def _clean_filter(self, record: Any) -> bool:
        self._clean(record)
        return True

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self._filterer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._filterer, name)
