"""What a stack wrote of an enum in one place, read from its line, lost or raised: a cell of the table of stacks."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from places import Place

# In a text that is no literal of Python or JSON, since it shows an enum as `<WS.CONNECTED: 1>`.
_IN_TEXT = {
    "value": r"'state': (<.*?>|'.*?'|[\w.]+)",
    "item": r"\[(.*)\]",
    "key": r"(<.*>|'.*?'|[\w.]+): 'here'",
}


class Cell(NamedTuple):
    """kind: "shown", "absent" (the line is there, and the enum is not in it), "lost" (the line) or "raised"."""

    kind: str
    text: str = ""


def cell(told: dict[str, Any], place: Place, message: tuple[str, ...]) -> Cell:
    """What became of the call in `place`, of which the host told `told`; the message stands at `message` in a line."""
    if told["raised"]:
        return Cell("raised", told["raised"])
    if not told["lines"]:
        return Cell("lost")
    (line,) = told["lines"]
    found = [_as_text(value) for value in _values(json.loads(line), place.shown, message)]
    return Cell("shown", " and ".join(dict.fromkeys(found))) if found else Cell("absent")


def _values(line: Any, shown: str, message: tuple[str, ...]) -> Iterator[Any]:
    if shown in ("message", "text"):
        for name in message:
            line = line[name]
        yield line if shown == "message" else str(line).partition("is ")[2]
    else:
        yield from _found(line, shown, ())


def _found(part: Any, shown: str, path: tuple[str, ...]) -> Iterator[Any]:
    """The values called `state`, the items of lists called `states`, or the keys of the values `here`, at any depth."""
    if isinstance(part, str):
        yield from _found_in_text(part, shown, path)
    elif isinstance(part, list):
        for item in part:
            yield from _found(item, shown, path)
    elif isinstance(part, dict):
        for name, value in part.items():
            if shown == "value" and name == "state":
                yield value
            elif shown == "item" and name == "states" and isinstance(value, list):
                yield from value
            elif shown == "key" and value == "here":
                keys = (*path, name)
                yield " > ".join(keys[keys.index("by") + 1 :] if "by" in keys else keys[-1:])
            else:
                yield from _found(value, shown, (*path, name))


def _found_in_text(text: str, shown: str, path: tuple[str, ...]) -> Iterator[Any]:
    """The same in a text that shows a dict or list."""
    if text[:1] not in ("{", "["):
        return
    try:
        literal = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        yield from re.findall(_IN_TEXT[shown], text)
    else:
        yield from _found({path[-1]: literal} if path else literal, shown, path[:-1])


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
