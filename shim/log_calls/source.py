"""The log calls in the statement around a line of a file."""

from __future__ import annotations

import sys

from .loggers import METHODS, is_logger_name
from .statements import pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, FrozenSet, Iterator, List, Sequence, Tuple

    # The log calls at a line.
    Find = Callable[[int], List["LogCall"]]
    # One around an instruction, whether that is in an argument, and the ids of the code objects in its arguments.
    Placed = Tuple["LogCall", bool, FrozenSet[int]]

# Neither `ast` nor `_ast` is imported, because a log call imports nothing: a node is known by its class's name.
_ONLY_AST = 0x400  # ast.PyCF_ONLY_AST
_LINE_IS_THE_METHODS = sys.version_info >= (3, 10)
_MOST_TRIES = 10


class LogCall:
    """`X.METHOD(…)` in the source.

    line: the one that `logging` gives for it. names: those that X is made of. is_named: whether X is named as a logger
    is. offset: of the tree in the file.
    """

    __slots__ = ("is_named", "line", "names", "node", "offset")

    def __init__(self, node: Any, names: tuple[str, ...], is_named: bool, offset: int) -> None:
        self.node = node
        self.line = offset + int(node.func.end_lineno if _LINE_IS_THE_METHODS else node.lineno)
        self.names = names
        self.is_named = is_named
        self.offset = offset

    @property
    def arguments(self) -> list[Any]:
        return [*self.node.args, *(keyword.value for keyword in self.node.keywords)]


def log_calls(file: str, lines: Sequence[str], first: int | None, line: int) -> list[LogCall]:
    """The log calls in the statement at `line`; none where the source can't be parsed.

    first: the line in which the function begins that is at work there, where that is known. Raises what `compile` does,
    but SyntaxError.
    """
    first = first or 1
    for start, text in pieces(file, lines, first, line) if first <= line <= len(lines) else ():
        try:
            tree = _parsed(text)
        except SyntaxError:
            continue
        found = _in_tree(tree, start - 1, line)
        if found is not None:
            return found
    return []


def _parsed(text: str) -> Any:
    """Parses `text`, again if another thread parsed meanwhile: CPython 3.11 counts the depth of all threads as one."""
    for _ in range(_MOST_TRIES):
        try:
            return compile(text, "?", "exec", _ONLY_AST, True)
        except SystemError:  # "AST constructor recursion depth mismatch", which gh-106905 has cured in part
            pass
    return compile(text, "?", "exec", _ONLY_AST, True)


def _in_tree(tree: Any, offset: int, line: int) -> list[LogCall] | None:
    """None where there is no code in that line: what looked like a statement began in a string."""
    found, is_code, pending = [], False, [tree]
    while pending:
        node = pending.pop()
        if _base(node) == "stmt" and not _first_line(node) <= line - offset <= (node.end_lineno or 0):
            continue
        if _base(node) == "expr" and kind(node) != "Constant":
            is_code |= line - offset in (node.lineno, node.end_lineno)
        if kind(node) == "Call" and kind(node.func) == "Attribute" and node.func.attr in METHODS:
            names, is_named = _described(node.func.value)
            if names or is_named:
                found.append(LogCall(node, names, is_named, offset))
        pending += children(node)
    return found if is_code else None


def kind(node: Any) -> str:
    """The name of a node's class."""
    return type(node).__name__


def _base(node: Any) -> str:
    return type(node).__mro__[1].__name__


def _first_line(statement: Any) -> int:
    first: int = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", ()))])
    return first


def children(node: Any) -> Iterator[Any]:
    """The nodes directly in `node`."""
    for name in node._fields:
        value = getattr(node, name, None)
        for part in value if type(value) is list else (value,):
            if hasattr(part, "_fields"):
                yield part


def descendants(nodes: Sequence[Any]) -> Iterator[Any]:
    """`nodes`, and all that are in them."""
    pending = list(nodes)
    while pending:
        node = pending.pop()
        yield node
        pending += children(node)


def _described(node: Any) -> tuple[tuple[str, ...], bool]:
    """The names by which X is found, and whether they name a logger: `log.bind(…)` and `get_logger(…)` give one too."""
    if kind(node) in ("Await", "NamedExpr"):
        return _described(node.value)
    if kind(node) in ("IfExp", "BoolOp"):
        either = node.values if kind(node) == "BoolOp" else (node.body, node.orelse)
        return (), all(_described(one)[1] for one in either)
    if kind(node) == "Call":
        return _described_call(node.func)
    if kind(node) == "Name":
        return (node.id,), is_logger_name(node.id)
    if kind(node) == "Attribute":
        names, _ = _described(node.value) if kind(node.value) in ("Name", "Attribute") else ((), False)
        return (*names, node.attr) if names else (), is_logger_name(node.attr)
    return (), False


def _described_call(function: Any) -> tuple[tuple[str, ...], bool]:
    if kind(function) != "Attribute":
        return (), kind(function) == "Name" and is_logger_name(function.id)
    names, is_named = _described(function.value)  # of whatever it is a method of
    return names, is_named or is_logger_name(function.attr)
