"""Filters, each shown a clean record: what one of them adds, the next one reads as text."""

from __future__ import annotations

import logging
from functools import update_wrapper
from types import MethodType

from .report import failed
from .stock import own_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterator

    Clean = Callable[[Any], Any]


_Record = own_class(logging, "LogRecord")
_LEFT = "a record is left as it was"


class Interleaved:
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
        try:
            self._clean(record)
        except Exception as error:  # the border: the host's filters go on
            failed(_LEFT, error)
        return True

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self._filterer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._filterer, name)


class OwnFilter:
    """A handler class's own `filter` method, with a clean record before and after it.

    A descriptor and no function, so that a pickle of the class by value (cloudpickle's) holds the host's function.
    """

    def __init__(self, original: Callable[..., Any], clean: Clean) -> None:
        update_wrapper(self, original)
        self._original = original
        self._clean = clean

    def __get__(self, handler: Any, owner: Any = None) -> Any:
        return self if handler is None else MethodType(self, handler)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        records: list[Any] = []
        try:
            records = [value for value in (*args, *kwargs.values()) if isinstance(value, _Record)]
            for record in records:
                self._clean(record)
        except Exception as error:  # the border
            failed(_LEFT, error)
        passed = self._original(*args, **kwargs)
        try:
            for record in [passed] if isinstance(passed, _Record) else records:
                self._clean(record)
        except Exception as error:  # the border
            failed(_LEFT, error)
        return passed

    def __reduce__(self) -> Any:
        from copy import copy

        return copy, (self._original,)  # a copy of a function is that function
