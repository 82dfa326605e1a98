"""What of a file's source can be parsed by itself around a line: a whole file of 5,000 lines takes 140 to 280 ms."""

from __future__ import annotations

import re
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator, Sequence

# What makes a whole of the head of a statement: nothing, a body, or what it is a decorator of.
_BODIES = ("", "\n{0} pass\n", "\n{0}def _(): pass\n")
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


def pieces(file: str, lines: Sequence[str], first: int, line: int) -> Iterator[tuple[int, str]]:
    """What can be parsed by itself, the smallest first, and the line of the file that its first one would be."""
    start, end = _statements(file, lines, first).around(line)
    statement = "".join(lines[start - 1 : end])
    indentation = statement[: _indentation(statement)]
    words = statement.split(None, 1)
    before = _BEFORE.get(words[0].rstrip(":"), "") if words else ""
    before = ("if 1:\n" if indentation else "") + (indentation + before if before else "")
    for body in _BODIES:
        yield start - before.count("\n"), _without_escapes(before + statement + body.format(indentation))
    before = "if 1:\n" if _indentation(lines[first - 1]) else ""
    function = "".join(lines[first - 1 : _end(lines, first, line)])
    yield first - before.count("\n"), _without_escapes(before + function)


class Statements:
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


_of_files: dict[tuple[str, int], Statements] = {}


def _statements(file: str, lines: Sequence[str], first: int) -> Statements:
    found = _of_files.get((file, first))
    if found is None or found.lines is not lines:
        if len(_of_files) >= _MOST_FILES:
            _of_files.clear()
        found = _of_files[file, first] = Statements(lines, first)
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


def _without_escapes(text: str) -> str:
    r"""`text` with `\d` and the like as `_d`: compiling an escape that has no meaning writes a warning to stderr."""
    return _compiled(_ESCAPE).sub(lambda found: found[0] if found[1] in _WITH_A_MEANING else "_" + found[1], text)
