"""What a log record passes on its way: the making of it, and `filter` before a logger and each handler reads it.

Here is what every log call pays for, so it is counted in instructions. `scan.py` says what the garbage collector is
asked for, and where it can't be.
"""

from __future__ import annotations

from functools import wraps
from gc import get_referents, is_tracked
from itertools import chain, repeat
from types import SimpleNamespace
from weakref import ref

from .filters import Interleaved
from .report import failed
from .scan import BULK, COLLECTOR_SEES_ALL, is_plain, is_plain_at_once
from .shapes import LEAVES
from .stock import is_of, own_class, subclasses_alike, unbound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterator

    from .record import Cleaner

    Wrapper = Callable[..., Any]


_LEFT = "a record is left as it was"


def record_wrappers(logging: Any, cleaner: Cleaner) -> tuple[Wrapper, Wrapper]:
    """What stands around `Logger.makeRecord`, for wrapt, and what stands in the place of `filter`.

    They share what they know of records as variables of this function, because attributes would cost 1 % of a bare
    record:
    fresh: a record of nothing but plain values, from its making to the first handler, which need not look at it again.
    latest: the record that was cleaned last, weakly, because it may hold what the host waits to be freed.
    count: how many attributes that of the two had which came last. Who adds to a record, adds one. Without extra fields
    it is known, and not counted when the record is made: that would make its `__dict__`.
    """
    clean, clean_made, LogRecord = cleaner.clean, cleaner.clean_made, own_class(logging, "LogRecord")
    # What is made by the standard library's own method and factory is known, and quick to look at. A subclass, or who
    # calls `makeRecord` himself, may go on to change what was made.
    Logger, RootLogger = own_class(logging, "Logger"), own_class(logging, "RootLogger")
    stock_factory = LogRecord if is_of(logging, vars(Logger)["makeRecord"]) else _no_record
    original = vars(own_class(logging, "Filterer"))["filter"]
    is_stock_filter = is_of(logging, original)
    call_original = unbound(original)
    gives_record = call_original(SimpleNamespace(filters=[]), logging) is logging if is_stock_filter else None  # 3.12
    is_same = COLLECTOR_SEES_ALL and not gives_record
    alike, meet = subclasses_alike(Logger)
    bare_size, bare_count = _sizes(LogRecord)
    fresh: Any = None
    latest: Callable[[], Any] = _no_record
    count = 0

    def enum_log_shim_make_record(wrapped: Any, logger: Any, args: Any, kwargs: Any) -> Any:
        nonlocal fresh, latest, count
        # Merging no keywords into the call costs 1 % of a bare record.
        record = wrapped(*args, **kwargs) if kwargs else wrapped(*args)
        try:
            cls = type(logger)
            if (
                (cls is Logger or cls is RootLogger or id(cls) in alike)
                and len(args) == 10  # Logger._log's call
                and logging._logRecordFactory is stock_factory
            ):
                if (
                    COLLECTOR_SEES_ALL
                    and not ((parts := get_referents(*args)) and any(map(is_tracked, parts)))
                    and type(record.levelname) is str
                ) or clean_made(record, args[8]):
                    # Both at once: another thread comes in where something is called, and has its own.
                    fresh, count = record, len(record.__dict__) if args[8] else bare_count
                    if cls is not Logger:  # its own `filter`, which comes first, has no way as short as Logger's
                        latest = ref(record)
                    return record
                fresh = None
                latest, count = ref(record), len(record.__dict__)
                return record
            fresh, latest = None, _no_record
            meet(cls)
        except Exception as error:  # a Logger of the host's own kind: `clean` is careful
            fresh, latest = None, _no_record
            failed("a logger's class can't be looked at", error)
        try:
            look(record)
            latest = _no_record
        except Exception as error:
            failed(_LEFT, error)
        return record

    def enum_log_shim_filter(self: Any, record: Any) -> Any:
        nonlocal fresh
        filters = self.filters
        if not filters and type(filters) is list:
            cls = type(self)
            if cls is Logger or cls is RootLogger:
                return record if gives_record else True  # as the original would; and nobody reads the record here
            try:
                is_clean = (
                    fresh is record
                    and len(record.__dict__) == count
                    and (type(record.msg) is str or _is_plain_dict(record.msg))
                )
                fresh = None
                if not (is_clean or is_known(record)):
                    look(record)
            except Exception as error:
                failed(_LEFT, error)
            return record if gives_record else True
        between: Any = self
        try:
            is_bare = bare_size and count == bare_count
            is_clean = (
                fresh is record
                # A filter mostly adds attributes, and each is dearer where the record has a dict.
                and (len(get_referents(record)) == bare_size if is_bare else len(record.__dict__) == count)
                and (type(record.msg) is str or _is_plain_dict(record.msg))
            )
            fresh = None
            if not (is_clean or is_known(record)):
                look(record)
            stand_in = _Filters()
            # Lazily, because a filter may add another one; from 3.12 on it may also hand on another record.
            stand_in.filters = interleaved(filters, record) if is_same else chain.from_iterable(zip(filters, looks))
            between = stand_in
        except Exception as error:
            failed(_LEFT, error)
        return call_original(between, record)

    def enum_log_shim_agents_filter(self: Any, record: Any) -> Any:
        """Around what another agent put in the place of `Filterer.filter`."""
        filterer = self
        try:
            look(record)
            filterer = Interleaved(self, look) if self.filters else self
        except Exception as error:  # a filterer of the host's own kind
            failed(_LEFT, error)
        return call_original(filterer, record)

    def is_known(record: Any) -> bool:
        try:
            if latest() is record and len(record.__dict__) == count:
                return type(record.msg) is str or _is_plain_dict(record.msg)
        except Exception:  # a record of the host's own kind
            pass
        return False

    def interleaved(filters: Any, record: Any) -> Iterator[Any]:
        for own in filters:
            yield own
            try:  # at once what `look` would ask first: a call of it takes as long as all this
                if get_referents(*get_referents(*get_referents(record.__dict__))):
                    look(record)
            except Exception as error:  # a record of the host's own kind
                failed(_LEFT, error)

    def look(record: Any) -> bool:
        nonlocal latest, count
        try:
            fields = record.__dict__
            if COLLECTOR_SEES_ALL:
                parts = get_referents(*get_referents(fields))  # what its values and names refer to
                if not (parts and get_referents(*parts)):
                    return True
            elif _is_surely_plain(fields):
                return True
        except Exception:  # a record of the host's own kind: `clean` is careful
            pass
        try:
            clean(record)
            latest, count = ref(record), len(record.__dict__)
        except Exception as error:  # no weak reference to it can be had: it is looked at each time
            latest = _no_record
            failed("a record is looked at again", error)
        return True

    looks = repeat(look)
    filter_wrapper = enum_log_shim_filter if is_stock_filter else enum_log_shim_agents_filter
    return enum_log_shim_make_record, wraps(original)(filter_wrapper)


class _Filters:
    """Stands in for a filterer in one call of the standard library's `filter`, which asks for nothing else."""

    __slots__ = ("filters",)
    filters: Any


def _sizes(LogRecord: Any) -> tuple[int, int]:
    """What the garbage collector counts in a record that has no `__dict__` yet (0 where it always has one: before
    CPython 3.11 that is), and how many attributes it has.
    """
    record = LogRecord("", 0, "", 0, "", (), None)
    size, count = len(get_referents(record)), len(vars(record))
    return (size if size > count else 0), count


def _is_surely_plain(fields: dict[str, Any]) -> bool:
    """Whether in a record's `__dict__` there are surely no enums, its names included; raises what `is_plain` does."""
    for value in fields.values():
        if type(value) not in LEAVES and (type(value) not in BULK or not is_plain(value)):
            return False
    return LEAVES.issuperset(map(type, fields))


def _is_plain_dict(message: Any) -> bool:
    """Whether it is a dict (structlog hands on its event as one) in which there are surely no enums."""
    try:
        return type(message) is dict and is_plain_at_once(message)
    except Exception:  # another thread changes it, or a class's metaclass can't be hashed
        return False


def _no_record() -> None:
    """Stands for a weak reference whose record is gone."""
