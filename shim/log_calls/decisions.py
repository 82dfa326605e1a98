"""The log call for which a frame is evaluating an argument. What the source says is remembered per code location."""

from __future__ import annotations

import linecache
import os
import sys
from functools import partial
from stat import S_ISREG
from weakref import ref

from .loggers import is_logger_at
from .source import log_calls

if sys.version_info >= (3, 11):
    from .columns import calls_around, is_guarded
else:
    from .bytecode import calls_around, is_guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Callable, Sequence

__all__ = ["evaluated", "is_guarded"]

_INNER = frozenset({"<lambda>", "<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>"})
_MOST_FRAMES = 200  # that are gone through: a stack may be a thousand deep
_MOST_CODES = 1000
_MOST_LOCATIONS = 10_000  # in one of them
_MOST_TRIES = 10


class Location:
    """A log call around one instruction.

    is_argument: whether that instruction is in an argument. inner: the ids of the code objects in its arguments.
    """

    __slots__ = ("inner", "is_argument", "is_named", "line", "names")

    def __init__(self, call: Any, is_argument: bool, inner: frozenset[int]) -> None:
        self.line = call.line
        self.names, self.is_named = call.names, call.is_named
        self.is_argument, self.inner = is_argument, inner


# By the code's id, so that nothing is kept alive: the code, and by the instruction the log calls around it.
_known: dict[int, tuple[ref[Any], dict[int, tuple[Location, ...]]]] = {}


def evaluated(frame: Any, is_transparent: Callable[[Any], bool]) -> tuple[Any, int] | None:
    """The frame and line of the log call an argument of which `frame` is evaluating; None where there is none.

    is_transparent: of a frame, whether what it does is done for its caller. Raises what reading the source does.
    """
    inner: Any = None
    while frame is not None:
        code = frame.f_code
        for location in _locations(frame):
            is_inside = location.is_argument if inner is None else id(inner) in location.inner
            if is_inside and (location.is_named or is_logger_at(frame, location.names)):
                return frame, location.line
        if code.co_name in _INNER:
            frame, inner = _owner(frame), code
        elif is_transparent(frame):
            frame, inner = frame.f_back, None
        else:
            return None
    return None


def _owner(frame: Any) -> Any:
    """The frame outward in whose code that of `frame` is written."""
    code, outer = frame.f_code, frame.f_back
    for _ in range(_MOST_FRAMES):
        if outer is None:
            break
        if outer.f_code.co_filename == code.co_filename and any(one is code for one in outer.f_code.co_consts):
            return outer
        outer = outer.f_back
    return None


def _locations(frame: Any) -> tuple[Location, ...]:
    code, instruction = frame.f_code, frame.f_lasti
    known = _of_code(code)
    found = known.get(instruction)
    if found is None:
        lines = () if _is_asked_by_itself() else _lines(frame)
        if not lines:  # they may be had the next time
            return ()
        if len(known) >= _MOST_LOCATIONS:
            known.clear()
        found = known[instruction] = _looked_up(frame, lines)
    return found


def _of_code(code: CodeType) -> dict[int, tuple[Location, ...]]:
    key = id(code)
    entry = _known.get(key)
    if entry is None or entry[0]() is not code:
        if len(_known) >= _MOST_CODES:
            _known.clear()
        # No function of Python's: an exception that a signal handler raises in one is lost.
        entry = _known[key] = ref(code, partial(_known.pop, key)), {}
    return entry[1]


def _is_asked_by_itself() -> bool:
    """Whether we are reading a source already: a loader of the host's may log in the same way."""
    frame: Any = sys._getframe(2)
    for _ in range(_MOST_FRAMES):
        if frame is None:
            break
        if frame.f_code is _lines.__code__:
            return True
        frame = frame.f_back
    return False


def _looked_up(frame: Any, lines: Sequence[str]) -> tuple[Location, ...]:
    found = _in_lines(frame, lines)
    if not found:
        linecache.checkcache(frame.f_code.co_filename)
        fresh = _lines(frame)
        found = () if fresh is lines else _in_lines(frame, fresh)
    return found


def _lines(frame: Any) -> Sequence[str]:
    """The file's, as linecache has them."""
    name = frame.f_code.co_filename
    for _ in range(_MOST_TRIES):
        try:
            return linecache.getlines(name, frame.f_globals) if name in linecache.cache or _may_be_read(name) else ()
        except KeyError:  # its functions are no match for threads: an entry goes between two looks
            pass
    return ()


def _may_be_read(name: str) -> bool:
    """Whether it is no pipe or device, on which one may wait for ever."""
    try:
        return S_ISREG(os.stat(name).st_mode)
    except (OSError, ValueError):  # a name of no file, for which linecache has other ways
        return True


def _in_lines(frame: Any, lines: Sequence[str]) -> tuple[Location, ...]:
    code = frame.f_code
    first = None if code.co_name.startswith("<") else code.co_firstlineno
    found = calls_around(frame, lambda line: log_calls(code.co_filename, lines, first, line))
    return tuple(Location(*each) for each in found)
