"""Which log calls an instruction belongs to, by its position in the source. Code has positions from CPython 3.11 on."""

from __future__ import annotations

import sys
from itertools import islice

from .source import descendants

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Iterator, Tuple

    from .source import Find, LogCall, Placed

    # Line, last line, column and last column, as `co_positions` has them.
    Position = Tuple[int, int, int, int]


_ATTRIBUTES_HAVE_FLAG = sys.version_info >= (3, 12)
_MOST_LINES = 500  # of one log call
_CACHE = 0  # what stands between instructions, for the interpreter itself
_MOST_BEFORE, _MOST_AFTER = 5000, 1000  # instructions of one log call around one of them


def calls_around(frame: Any, find: Find) -> Iterator[Placed]:
    """The log calls, of those that `find` has at a line, that the frame's current instruction is in.

    Each with whether it is in an argument, and the ids of the code objects (lambdas, comprehensions) in its arguments.
    Where the code has no columns (`-X no_debug_ranges`) there are none.
    """
    code, last = frame.f_code, frame.f_lasti // 2
    first, end = max(0, last - _MOST_BEFORE), last + _MOST_AFTER
    positions = list(islice(code.co_positions(), first, end))
    at = positions[last - first]
    if None in at:
        return
    instructions = _Instructions(code, code.co_code[2 * first : 2 * end], positions)
    for call in find(at[0]):
        if not instructions.have(call):
            continue
        whole, inside = _Extent([call.node], call.offset), _Extent(call.arguments, call.offset)
        if at in whole or at in inside:
            lines = range(at[0] - _MOST_LINES, at[1] + _MOST_LINES)
            inner = [one for one in code.co_consts if isinstance(one, type(code)) and one.co_firstlineno in lines]
            # The call itself unpacks what has a `*` or `**`.
            is_argument = at in inside or at == _span(call.node, call.offset)
            yield call, is_argument, frozenset(id(one) for one in inner if _first_position(one) in inside)


def is_guarded(frame: Any) -> bool:
    """Whether the frame's current instruction is in a `try` or `with`: what is raised there need not leave it."""
    at, table = frame.f_lasti // 2, iter(frame.f_code.co_exceptiontable)
    for first in table:
        start, length = _number(first, table), _number(next(table), table)
        _number(next(table), table)  # where it goes on
        _number(next(table), table)  # how deep the stack is there
        if start <= at < start + length:
            return True
    return False


def _number(first: int, table: Iterator[int]) -> int:
    """Six bits a byte, the highest first: CPython's Objects/exception_handling_notes.txt."""
    found = first & 63
    while first & 64:
        first = next(table)
        found = found << 6 | first & 63
    return found


def _first_position(code: Any) -> Any:
    return next((at for at in code.co_positions() if None not in at and at[:2] + at[3:] != (*at[:2], 0)), None)


class _Extent:
    """What some expressions span. Before 3.12 what is in an f-string may have a position outside of it: their positions
    are those of its nodes all the same.
    """

    def __init__(self, nodes: list[Any], offset: int) -> None:
        self._spans = [_span(node, offset) for node in nodes]
        self._exact = {_span(node, offset) for node in descendants(nodes) if hasattr(node, "end_col_offset")}

    def __contains__(self, at: Any) -> bool:
        if at is None:
            return False
        line, end_line, column, end_column = at
        return at in self._exact or any(
            (span[0], span[2]) <= (line, column) and (end_line, end_column) <= (span[1], span[3])
            for span in self._spans
        )


def _span(node: Any, offset: int) -> Position:
    return node.lineno + offset, node.end_lineno + offset, node.col_offset, node.end_col_offset


class _Instructions:
    """Some of a function's: whether a log call is among them. None is where the source was changed after its import."""

    def __init__(self, code: CodeType, content: bytes, positions: list[Any]) -> None:
        self._names, self._is_function = code.co_names, bool(code.co_flags & 1)  # CO_OPTIMIZED
        cells = tuple(name for name in code.co_cellvars if name not in code.co_varnames)
        self._variables = code.co_varnames + cells + code.co_freevars
        self._all = [each for each in zip(positions, content[::2], content[1::2]) if each[1] != _CACHE]

    def have(self, call: LogCall) -> bool:
        """By where they end, because a method that stands in a line of its own has another begin."""
        method, logger = call.node.func, call.node.func.value
        ends = {_end(node, call.offset): set() for node in (call.node, method, logger)}  # type: dict[Any, set[int]]
        for at, _, argument in self._all:
            if (at[1], at[3]) in ends:
                ends[at[1], at[3]].add(argument)
        if not ends[_end(call.node, call.offset)] or not self._look_up(method.attr, ends[_end(method, call.offset)]):
            return False
        found = ends[_end(logger, call.offset)]
        if hasattr(logger, "attr"):
            return self._look_up(logger.attr, found)
        return not hasattr(logger, "id") or self._load(logger.id, found)

    def _look_up(self, attribute: str, arguments: set[int]) -> bool:
        """Whether one of the instructions with these arguments may look up that attribute."""
        for index, name in enumerate(self._names):
            if name == attribute or (attribute.startswith("__") and name.endswith(attribute)):  # mangled
                return not _encoded(index, _ATTRIBUTES_HAVE_FLAG).isdisjoint(arguments)
        return False

    def _load(self, variable: str, arguments: set[int]) -> bool:
        """The same for a variable, which may be of several kinds at once (3.12's comprehensions)."""
        wanted = {index & 255 for index, name in enumerate(self._variables) if name == variable}
        if variable in self._names:
            index = self._names.index(variable)
            wanted |= _encoded(index, True) if self._is_function else _encoded(index, True) | _encoded(index, False)
        # From 3.13 on one instruction may load two variables, and ends where the first one does.
        return bool(wanted) and (not arguments or not wanted.isdisjoint(arguments))


def _end(node: Any, offset: int) -> tuple[int, int]:
    return node.end_lineno + offset, node.end_col_offset


def _encoded(index: int, has_flag: bool) -> set[int]:
    """The last byte of an instruction's argument that is a name's index. has_flag: there is one below the index."""
    return {index << 1 & 255, index << 1 & 255 | 1} if has_flag else {index & 255}
