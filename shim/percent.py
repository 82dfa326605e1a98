"""Which arguments a `%` format takes as numbers, and which by name; read as CPython's `unicode_format` reads it."""

from __future__ import annotations

import re

NUMERIC = frozenset("diuoxXeEfFgGc*")
CONVERSIONS = NUMERIC.union("rsa")

_REST = re.compile(r"[-+ #0]*(\*|[0-9]*)(?:\.(\*|[0-9]*))?[hlL]?(.)", re.DOTALL)


class Conversions:
    """What a format does with its arguments, as conversion characters (`*` is a width or precision).

    positional: one character an argument, in order. keyed: for each mapping key, the characters that it is used with.
    """

    __slots__ = ("keyed", "positional")

    def __init__(self) -> None:
        self.positional: list[str] = []
        self.keyed: dict[str, set[str]] = {}


def conversions(text: str) -> Conversions:
    """The conversions of the format `text`, up to the place where CPython would give up on it; raises nothing."""
    found = Conversions()
    at = text.find("%")
    while at >= 0:
        key, at = _key(text, at + 1)
        rest = _REST.match(text, at)
        if rest is None:
            break
        found.positional.extend(star for star in rest.group(1, 2) if star == "*")
        _note(found, key, rest.group(3))
        at = text.find("%", rest.end())
    return found


def _note(found: Conversions, key: str | None, character: str) -> None:
    if key is not None:
        found.keyed.setdefault(key, set()).add(character)
    elif character != "%":
        found.positional.append(character)


def _key(text: str, start: int) -> tuple[str | None, int]:
    """The mapping key that stands at `start` (parentheses nest in it) or None, and where the conversion goes on."""
    if not text.startswith("(", start):
        return None, start
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return text[start + 1 : at], at + 1
    return None, len(text)
