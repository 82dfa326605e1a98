"""The standard library's logging: every record is clean when it is made, and again before a handler emits it."""

from __future__ import annotations

from functools import wraps
from logging import LogRecord
from types import FunctionType
from weakref import ref

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
    for reference in list(module._handlerList):  # the handlers that the host made before it was our turn
        if isinstance(reference, ref):
            _wrap_own_filter(type(reference()), module.Handler, cleaner, patches)
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
    Logger = logging.Logger

    @wraps(vars(logging.Filterer)["filter"])
    def enum_log_shim_filter(self: Any, record: Any) -> Any:
        filters = self.filters
        if not filters and type(self) is Logger:
            return original(self, record)  # nobody reads the record here, and each handler comes this way
        try:
            if cleaner.latest() is not record or len(record.__dict__) != cleaner.count or type(record.msg) is not str:
                clean(record)
        except Exception:  # a host's own kind of record
            clean(record)
        return original(_Interleaved(self, clean) if filters else self, record)

    return enum_log_shim_filter


def _init(handler_class: Any, cleaner: Cleaner, patches: Patches) -> Callable[..., None]:
    """`Handler.__init__`, where the handler classes show up that filter in their own way, past `Filterer.filter`."""
    original = _unbound(vars(handler_class)["__init__"])

    @wraps(vars(handler_class)["__init__"])
    def enum_log_shim_init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        _wrap_own_filter(type(self), handler_class, cleaner, patches)

    return enum_log_shim_init


def _wrap_own_filter(cls: Any, handler_class: type, cleaner: Cleaner, patches: Patches) -> None:
    try:
        for base in cls.__mro__:
            method = vars(base).get("filter")
            if isinstance(method, FunctionType) and issubclass(base, handler_class):
                patches.put(base, "filter", _own_filter(method, cleaner))
    except Exception:  # a host's class that can't be changed: its records are as clean as they were made
        pass


def _own_filter(original: Callable[..., Any], cleaner: Cleaner) -> Callable[..., Any]:
    @wraps(original)
    def enum_log_shim_filter(*args: Any, **kwargs: Any) -> Any:
        records = [value for value in (*args, *kwargs.values()) if isinstance(value, LogRecord)]
        for record in records:
            cleaner.clean(record)
        passed = original(*args, **kwargs)
        for record in [passed] if isinstance(passed, LogRecord) else records:
            cleaner.clean(record)
        return passed

    return enum_log_shim_filter


def _unbound(method: Any) -> Callable[..., Any]:
    """`method` as a function of the instance and the rest; another agent's wrapper has to be bound to be itself."""
    if isinstance(method, FunctionType):
        return method
    return lambda self, *args, **kwargs: method.__get__(self, type(self))(*args, **kwargs)


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
