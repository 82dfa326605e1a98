"""Which log calls an instruction belongs to, by the instructions themselves: before CPython 3.11 code has no positions.

A log call is compiled again by itself, with its arguments in lines of their own, and looked for around the instruction.
So it is told to which part of the call that belongs, however many calls stand in one line; and where the source was
changed after it was loaded, there is no such call.
"""

from __future__ import annotations

import opcode
import sys

from .source import descendants, kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Iterator, Tuple

    from .source import Find, LogCall, Placed

    # The offset, what it does, the line, and the code object that it loads.
    Instruction = Tuple[int, Any, int, Any]

_TOP_LEVEL_AWAIT = 0x2000  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_MOST = 5000  # instructions of one log call
_OUTSIDE, _INSIDE = 1, 2  # the lines of the logger and its method, and of what is in the arguments
_LOADS = ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FAST", "LOAD_DEREF", "LOAD_CLASSDEREF")
_STORES = ("STORE_NAME", "STORE_GLOBAL", "STORE_FAST", "STORE_DEREF")
_ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD", "LOOKUP_METHOD")  # the last one is PyPy's
_GUARDS = ("SETUP_FINALLY", "SETUP_WITH")
_JUMP = 2 if sys.version_info >= (3, 10) else 1  # in what jumps are counted: instructions, before 3.10 bytes
# Of 3.10: a short end of a function is copied to where it is jumped to. So a call is compiled in three surroundings.
_SURROUNDINGS = ("_", "return _", "_; _; _; _; _; _")


def calls_around(frame: Any, find: Find) -> Iterator[Placed]:
    """The log calls, of those that `find` has at a line, that the frame's current instruction is in.

    Each with whether it is in an argument, and the ids of the code objects (lambdas, comprehensions) in its arguments
    that were loaded up to there.
    """
    code, offset = frame.f_code, frame.f_lasti
    actual = list(_instructions(code, max(0, offset - 2 * _MOST), offset + 2, {}))
    for call in find(frame.f_lineno):
        for wanted in _compiled(call):
            start = _start(actual, wanted)
            if start is not None:
                found = list(zip(actual[start:], wanted))
                inner = frozenset(id(own[3]) for own, mine in found if own[3] is not None and mine[2] == _INSIDE)
                yield call, found[-1][1][2] == _INSIDE, inner
                break


def is_guarded(frame: Any) -> bool:
    """Whether the frame's current instruction is in a `try` or `with`: what is raised there need not leave it."""
    content, at = frame.f_code.co_code, frame.f_lasti
    argument = 0
    for offset in range(0, at, 2):
        argument = argument << 8 | content[offset + 1]
        operation = opcode.opname[content[offset]]
        if operation != "EXTENDED_ARG":
            if operation in _GUARDS and at < offset + 2 + argument * _JUMP:
                return True
            argument = 0
    return False


def _start(actual: list[Instruction], wanted: list[Instruction]) -> int | None:
    """Where in `actual` the call begins that its last instruction is in; None where it is in no such call."""
    does = [one[1] for one in wanted]
    for start in range(len(actual) - 1, max(-1, len(actual) - 1 - len(wanted)), -1):
        # The first one alone, first: there may be thousands of them.
        if actual[start][1] == does[0] and [one[1] for one in actual[start:]] == does[: len(actual) - start]:
            return start
    return None


def _compiled(call: LogCall) -> Iterator[list[Instruction]]:
    _mark([call.node], _INSIDE)  # as it unpacks `*` and `**` of a call itself
    _mark([call.node.func], _OUTSIDE)
    for surrounding in _SURROUNDINGS:
        tree: Any = compile("def _():\n " + surrounding, "?", "exec", 0x400, True)
        statement = tree.body[0].body[0]
        statement.value = call.node
        try:
            code = compile(_awaiting(tree, call.node), "?", "exec", _TOP_LEVEL_AWAIT, True)
        except SyntaxError:  # of a generator's `yield` in a place where it can't be
            continue
        inner = next(one for one in code.co_consts if isinstance(one, type(code)))
        yield list(_instructions(inner, 0, len(inner.co_code), _lines(inner)))


def _awaiting(tree: Any, node: Any) -> Any:
    """A coroutine in the place of the function, where there is an `await` or `async for` in it."""
    if any(kind(one) == "Await" or getattr(one, "is_async", 0) for one in descendants([node])):
        coroutine: Any = compile("async def _():\n _", "?", "exec", 0x400, True)
        coroutine.body[0].body = tree.body[0].body
        return coroutine
    return tree


def _mark(nodes: list[Any], line: int) -> None:
    for node in descendants(nodes):
        if hasattr(node, "lineno"):
            node.lineno = node.end_lineno = line


def _instructions(code: CodeType, first: int, end: int, lines: dict[int, int]) -> Iterator[Instruction]:
    content, argument, after_closure = code.co_code, 0, False
    for offset in range(first, end, 2):
        operation = opcode.opname[content[offset]]
        argument = argument << 8 | content[offset + 1]
        if operation == "EXTENDED_ARG":
            continue
        # A lambda or comprehension has a closure for the variables that it takes from around it.
        if operation == "GEN_START" or operation == "LOAD_CLOSURE" or (after_closure and operation == "BUILD_TUPLE"):
            after_closure = operation == "LOAD_CLOSURE"
        else:
            loaded: Any = code.co_consts[argument] if operation == "LOAD_CONST" else None
            loaded = loaded if isinstance(loaded, type(code)) else None
            yield offset, _does(code, operation, argument), lines.get(offset, 0), loaded
        argument = 0


def _does(code: CodeType, operation: str, argument: int) -> Any:
    """What an instruction does, told alike in a function, a class and a module."""
    if operation in _ATTRIBUTES:
        return "attribute", _unmangled(code.co_names[argument])
    number = opcode.opmap[operation]
    if operation in _LOADS or operation in _STORES:
        if number in opcode.haslocal:
            name = code.co_varnames[argument]
        elif number in opcode.hasfree:
            name = (code.co_cellvars + code.co_freevars)[argument]
        else:
            name = code.co_names[argument]
        return operation[:4], _unmangled(name)
    if operation in ("LOAD_CONST", "MAKE_FUNCTION") or number in opcode.hasjrel or number in opcode.hasjabs:
        return operation
    return operation, argument if number not in opcode.hasname else code.co_names[argument]


def _unmangled(name: str) -> str:
    """`__log` of `_Service__log`, as the source has it."""
    return name[name.rindex("__") :] if name.startswith("_") and "__" in name and not name.endswith("__") else name


def _lines(code: Any) -> dict[int, int]:
    """The line of each instruction's offset."""
    found: dict[int, int] = {}
    line = code.co_firstlineno
    if hasattr(code, "co_lines"):  # CPython 3.10
        for start, end, number in code.co_lines():
            found.update(dict.fromkeys(range(start, end, 2), number))
        return found
    steps = dict(_line_steps(code.co_lnotab))
    for offset in range(0, len(code.co_code), 2):
        line += steps.get(offset, 0)
        found[offset] = line
    return found


def _line_steps(table: bytes) -> Iterator[tuple[int, int]]:
    """By how much the line is another one from an offset on."""
    offset = 0
    found: dict[int, int] = {}
    for index in range(0, len(table), 2):
        offset += table[index]
        step = table[index + 1] - (256 if table[index + 1] > 127 else 0)
        found[offset] = found.get(offset, 0) + step
    yield from found.items()
