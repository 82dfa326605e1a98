"""The log calls in the statement around a line of a file. Only that is parsed: a whole file of 5,000 lines takes 140 to
280 ms.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache

from .loggers import METHODS, is_logger_name

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
# What makes a whole of the head of a statement: nothing, a body, or what it is a decorator of.
_BODIES = ("", "\n{0} pass\n", "\n{0}def _(): pass\n")
_MOST_TRIES = 10
_MOST_FILES = 100
_MOST_LINES = 500  # of one statement
_GOES_ON = "\0"  # at the end of a line
# In what a bracket or an end of line means nothing: comments, strings, and a backslash at the end of a line.
_OPAQUE = r"""[#"'\\] (?: (?<=\#) [^\n]* | (?<=\\) \n
    | (?<=") (?: ""[^"\\]* (?: (?: \\. | "(?!"") ) [^"\\]* )* (?: \"{3} | \Z ) | [^"\\\n]* (?: \\. [^"\\\n]* )* " )
    | (?<=') (?: ''[^'\\]* (?: (?: \\. | '(?!'') ) [^'\\]* )* (?: '{3} | \Z ) | [^'\\\n]* (?: \\. [^'\\\n]* )* ' ) )"""
# What has to stand before the head of a statement that is the second part of another.
_BEFORE = dict.fromkeys(("elif", "else"), "if 0: pass\n")
_BEFORE.update((name, "try: pass\n") for name in ("except", "finally"))
_ESCAPE = r"\\(N\{|.)"
_WITH_A_MEANING = frozenset({"\\", "'", '"', "\n", "N{"})


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
    for start, text in _pieces(file, lines, first, line) if first <= line <= len(lines) else ():
        try:
            tree = _parsed(without_escapes(text))
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


def _pieces(file: str, lines: Sequence[str], first: int, line: int) -> Iterator[tuple[int, str]]:
    """What can be parsed by itself, the smallest first, and the line of the file that its first one would be."""
    start, end = _statements(file, lines, first).around(line)
    statement = "".join(lines[start - 1 : end])
    indentation = statement[: _indentation(statement)]
    words = statement.split(None, 1)
    before = _BEFORE.get(words[0].rstrip(":"), "") if words else ""
    before = ("if 1:\n" if indentation else "") + (indentation + before if before else "")
    for body in _BODIES:
        yield start - before.count("\n"), before + statement + body.format(indentation)
    before = "if 1:\n" if _indentation(lines[first - 1]) else ""
    yield first - before.count("\n"), before + "".join(lines[first - 1 : _end(lines, first, line)])


class _Statements:
    """Where the statements begin, or the heads of those that have a body; found as far as it is asked for."""

    def __init__(self, lines: Sequence[str], first: int) -> None:
        self.lines = lines
        self._starts = [first]

    def around(self, line: int) -> tuple[int, int]:
        """The first and last line of the one at `line`."""
        starts = self._starts
        while starts[-1] <= line:
            starts = starts + self._after(starts[-1], line + _MOST_LINES)
        self._starts = starts  # a new list, because another thread may have made one meanwhile
        at = sum(start <= line for start in starts)
        return starts[at - 1], starts[at] - 1

    def _after(self, first: int, last: int) -> list[int]:
        """Where those begin that come after the one in the line `first`, as far as the line `last`, or further."""
        text = _compiled(_OPAQUE).sub(_continued, "".join(self.lines[first - 1 : last]))
        found, depth = [], 0
        for number, one in enumerate(text.split("\n"), first):
            depth += one.count("(") + one.count("[") + one.count("{")
            depth -= one.count(")") + one.count("]") + one.count("}")
            if depth <= 0 and not one.endswith(_GOES_ON) and number <= min(last, len(self.lines)):
                found.append(number + 1)
                depth = 0
        if last >= len(self.lines):
            return found or [len(self.lines) + 1]
        return found or self._after(first, last + len(self.lines))


_of_files: dict[tuple[str, int], _Statements] = {}


def _statements(file: str, lines: Sequence[str], first: int) -> _Statements:
    found = _of_files.get((file, first))
    if found is None or found.lines is not lines:
        if len(_of_files) >= _MOST_FILES:
            _of_files.clear()
        found = _of_files[file, first] = _Statements(lines, first)
    return found


@lru_cache(maxsize=None)
def _compiled(pattern: str) -> re.Pattern[str]:
    """When it is needed: it takes longer than all else that is loaded here."""
    return re.compile(pattern, re.VERBOSE | re.DOTALL)


def _continued(found: re.Match[str]) -> str:
    """Nothing of a string or comment but its ends of lines."""
    return (_GOES_ON + "\n") * found[0].count("\n")


def _end(lines: Sequence[str], first: int, line: int) -> int:
    """After which line the function that begins in `first` ends."""
    indentation = _indentation(lines[first - 1])
    for number in range(line, len(lines)):
        text = lines[number].strip()
        if text and text[0] not in "#)]}" and _indentation(lines[number]) <= indentation and first > 1:
            return number
    return len(lines)


def _indentation(text: str) -> int:
    return len(text) - len(text.lstrip(" \t\f"))


def without_escapes(text: str) -> str:
    r"""`text` with `\d` and the like as `_d`: compiling an escape that has no meaning writes a warning to stderr."""
    return _compiled(_ESCAPE).sub(lambda found: found[0] if found[1] in _WITH_A_MEANING else "_" + found[1], text)


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
