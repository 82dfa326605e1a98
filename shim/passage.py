"""What a log record passes on its way: the making of it, and `filter` before a logger and each handler reads it.

Here is what every log call pays for, so it is counted in instructions. `scan.py` says what the garbage collector is
asked for, and where it can't be.
"""

from __future__ import annotations

from functools import wraps
from gc import get_referents, is_tracked
from types import SimpleNamespace
from weakref import ref

from .filters import Interleaved
from .scan import BULK, COLLECTOR_SEES_ALL, is_plain
from .shapes import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterator

    from .patching import Patches
    from .record import Cleaner

    Wrapper = Callable[..., Any]


def record_wrappers(logging: Any, cleaner: Cleaner, patches: Patches) -> tuple[Wrapper, Wrapper, Callable[[], None]]:
    """What stands around `Logger.makeRecord`, for wrapt; what stands in the place of `filter`; and what to call where a
    host's code may come between the two.

    They share what they know of records as variables of this function, because attributes would cost 1 % of a bare
    record:
    fresh: a record of nothing but plain values, from its making to the first handler, which need not look at it again.
    latest, count: the record that was cleaned last, and how many attributes it had. A weak reference, because it may
    hold what the host waits to be freed.
    is_trusted: that nothing comes between the two; to count a record's attributes costs the making of a dict.
    """
    clean, clean_made = cleaner.clean, cleaner.clean_made
    LogRecord, Filterer, logger_class = logging.LogRecord, logging.Filterer, vars(logging.Logger)
    stock_filter = stock(Filterer, "filter", logging)
    gives_record = stock_filter and stock_filter(SimpleNamespace(filters=[]), stock) is stock  # since 3.12
    # What is made by the standard library's own method and factory is known, and quick to look at. A subclass, or who
    # calls `makeRecord` himself, may go on to change what was made.
    Logger = logging.Logger if stock(logging.Logger, "makeRecord", logging) else None
    RootLogger = logging.RootLogger if Logger else None
    fresh: Any = None
    latest: Callable[[], Any] = _no_record
    count, is_trusted = 0, True

    def enum_log_shim_make_record(wrapped: Any, logger: Any, args: Any, kwargs: Any) -> Any:
        nonlocal fresh, latest, count
        # Merging no keywords into the call costs 1 % of a bare record.
        record = wrapped(*args, **kwargs) if kwargs else wrapped(*args)
        try:
            if logger.filters and "filter" not in logger_class:
                patches.put(logging.Logger, "filter", enum_log_shim_filter)
            is_stock = type(logger) is Logger or type(logger) is RootLogger
            if is_stock and len(args) == 10 and logging._logRecordFactory is LogRecord:  # Logger._log's call
                is_clean = False
                if COLLECTOR_SEES_ALL:
                    parts = get_referents(*args)
                    is_clean = not (parts and any(map(is_tracked, parts))) and type(record.levelname) is str
                if is_clean or clean_made(record, args[8]):
                    fresh = record if is_trusted else None
                    return record
                fresh = None
                latest, count = ref(record), len(record.__dict__)
                return record
        except Exception:  # a Logger of the host's own kind: `clean` is careful
            pass
        fresh = None
        look(record)
        latest = _no_record
        return record

    def enum_log_shim_filter(self: Any, record: Any) -> Any:
        nonlocal fresh
        if fresh is record:
            fresh = None
        elif not is_known(record):
            look(record)
        filters = self.filters
        if Filterer.filter is not stock_filter:
            return Filterer.filter(Interleaved(self, look), record)
        if type(filters) is list and not filters:
            return record if gives_record else True  # all that it would do
        return stock_filter(SimpleNamespace(filters=interleaved(filters)), record)

    def is_known(record: Any) -> bool:
        try:
            return latest() is record and len(record.__dict__) == count and type(record.msg) is str
        except Exception:  # a record of the host's own kind
            return False

    def interleaved(filters: Any) -> Iterator[Any]:
        for own in filters:
            yield own
            yield look

    def look(record: Any) -> bool:
        nonlocal latest, count
        try:
            fields = record.__dict__
            if COLLECTOR_SEES_ALL:
                parts = get_referents(*get_referents(fields))  # what its values and names refer to
                if not (parts and any(map(is_tracked, parts))):
                    return True
            elif _is_surely_plain(fields):
                return True
        except Exception:  # a record of the host's own kind: `clean` is careful
            pass
        clean(record)
        try:
            latest, count = ref(record), len(record.__dict__)
        except Exception:  # no weak reference to it can be had: it is looked at each time
            latest = _no_record
        return True

    def distrust() -> None:
        nonlocal is_trusted
        is_trusted = False

    return enum_log_shim_make_record, wraps(vars(Filterer)["filter"])(enum_log_shim_filter), distrust


def _is_surely_plain(fields: dict[str, Any]) -> bool:
    """Whether in a record's `__dict__` there are surely no enums, its names included; raises what `is_plain` does."""
    for value in fields.values():
        if type(value) not in LEAVES and (type(value) not in BULK or not is_plain(value)):
            return False
    return LEAVES.issuperset(map(type, fields))


def stock(cls: type, name: str, logging: Any) -> Any:
    """The method if it is the one that `logging` itself defines, else None; wrappers copy its name and its module."""
    method = vars(cls)[name]
    return method if getattr(method, "__globals__", None) is vars(logging) else None


def _no_record() -> None:
    """Stands for a weak reference whose record is gone."""
