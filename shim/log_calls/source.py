"""The log calls in the statement around a line of a file. Only that is parsed: a whole file of 5,000 lines takes 140 to
280 ms.
"""

from __future__ import annotations

import re
from _ast import AST, Attribute, Await, Call, Constant, Name, expr, stmt

from .loggers import METHODS, is_logger_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, FrozenSet, Iterator, List, Sequence, Tuple

    # The log calls at a line.
    Find = Callable[[int], List["LogCall"]]
    # One around an instruction, whether that is in an argument, and the ids of the code objects in its arguments.
    Placed = Tuple["LogCall", bool, FrozenSet[int]]

_ONLY_AST = 0x400  # ast.PyCF_ONLY_AST: `ast` itself may not be imported in a log call
_MOST_LINES = 500  # of one statement
_GOES_ON = "\0"  # at the end of a line
# In what a bracket or an end of line means nothing: comments, strings, and a backslash at the end of a line.
_OPAQUE = re.compile(
    r"""\#[^\n]* | \\\n
    | \"{3} [^"\\]* (?: (?: \\. | "(?!"") ) [^"\\]* )* \"{3} | " [^"\\\n]* (?: \\. [^"\\\n]* )* "
    | '{3} [^'\\]* (?: (?: \\. | '(?!'') ) [^'\\]* )* '{3} | ' [^'\\\n]* (?: \\. [^'\\\n]* )* '""",
    re.VERBOSE | re.DOTALL,
)
# What has to stand before the head of a statement that is the second part of another.
_BEFORE = dict.fromkeys(("elif", "else"), "if 0: pass\n")
_BEFORE.update((name, "try: pass\n") for name in ("except", "finally"))
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_WITH_A_MEANING = "\\'\"\nN"


class LogCall:
    """`X.METHOD(…)` in the source.

    names: those that X is made of. is_named: whether X is named as a logger is. offset: of the tree in the file.
    """

    __slots__ = ("is_named", "names", "node", "offset")

    def __init__(self, node: Any, names: tuple[str, ...], is_named: bool, offset: int) -> None:
        self.node = node
        self.names = names
        self.is_named = is_named
        self.offset = offset

    @property
    def arguments(self) -> list[Any]:
        return [*self.node.args, *(keyword.value for keyword in self.node.keywords)]


def log_calls(lines: Sequence[str], first: int | None, line: int) -> list[LogCall]:
    """The log calls in the statement at `line`; none where the source can't be parsed.

    first: the line in which the function begins that is at work there, where that is known. Raises what `compile` does,
    but SyntaxError.
    """
    first = first or 1
    for start, text in _pieces(lines, first, line) if first <= line <= len(lines) else ():
        try:
            tree = compile(without_escapes(text), "?", "exec", _ONLY_AST, True)
        except SyntaxError:
            continue
        found = _in_tree(tree, start - 1, line)
        if found is not None:
            return found
    return []


def _pieces(lines: Sequence[str], first: int, line: int) -> Iterator[tuple[int, str]]:
    """What can be parsed by itself, the smallest first, and the line of the file that its first one would be."""
    start, end = _logical_line(lines, first, line)
    statement = "".join(lines[start - 1 : end])
    indentation = statement[: _indentation(statement)]
    words = statement.split(None, 1)
    before = _BEFORE.get(words[0].rstrip(":"), "") if words else ""
    before = ("if 1:\n" if indentation else "") + (indentation + before if before else "")
    for body in ("", "\n%s pass\n" % indentation):  # of a `for` or an `if`
        yield start - before.count("\n"), before + statement + body
    before = "if 1:\n" if _indentation(lines[first - 1]) else ""
    yield first - before.count("\n"), before + "".join(lines[first - 1 : _end(lines, first, line)])


def _logical_line(lines: Sequence[str], first: int, line: int) -> tuple[int, int]:
    """The first and last line of the statement at `line`, or of its head if it has a body of its own."""
    text = _OPAQUE.sub(_continued, "".join(lines[first - 1 : line + _MOST_LINES]))
    start, depth, number = first, 0, first
    for number, one in enumerate(text.split("\n"), first):
        depth += sum(map(one.count, "([{")) - sum(map(one.count, ")]}"))
        if depth <= 0 and not one.endswith(_GOES_ON):
            if number >= line:
                break
            start, depth = number + 1, 0
    return start, min(number, len(lines))


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
    return _ESCAPE.sub(lambda found: found[0] if found[1] in _WITH_A_MEANING else "_" + found[1], text)


def _in_tree(tree: Any, offset: int, line: int) -> list[LogCall] | None:
    """None where there is no code in that line: what looked like a statement began in a string."""
    found, is_code, pending = [], False, [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, stmt) and not node.lineno <= line - offset <= (node.end_lineno or 0):
            continue
        if isinstance(node, expr) and not isinstance(node, Constant):
            is_code |= line - offset in (node.lineno, node.end_lineno)
        if isinstance(node, Call) and isinstance(node.func, Attribute) and node.func.attr in METHODS:
            names, is_named = _described(node.func.value)
            if names or is_named:
                found.append(LogCall(node, names, is_named, offset))
        pending += children(node)
    return found if is_code else None


def children(node: Any) -> Iterator[Any]:
    """The nodes directly in `node`."""
    for name in node._fields:
        value = getattr(node, name, None)
        for part in value if type(value) is list else (value,):
            if isinstance(part, AST):
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
    if isinstance(node, Await):
        return _described(node.value)
    if isinstance(node, Call):
        return _described_call(node.func)
    if isinstance(node, Name):
        return (node.id,), is_logger_name(node.id)
    if isinstance(node, Attribute):
        names, _ = _described(node.value) if isinstance(node.value, (Name, Attribute)) else ((), False)
        return (*names, node.attr) if names else (), is_logger_name(node.attr)
    return (), False


def _described_call(function: Any) -> tuple[tuple[str, ...], bool]:
    if not isinstance(function, Attribute):
        return (), isinstance(function, Name) and is_logger_name(function.id)
    names, is_named = _described(function.value)  # of whatever it is a method of
    return names, is_named or is_logger_name(function.attr)
