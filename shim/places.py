"""Where in a log call an enum stood: found by comparing what was given with what it was made into. Never a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from .members import as_enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, List, Tuple

    Found = Tuple[str, str]
    Pending = List[Tuple[Any, Any, str, int]]

# A key may be somebody's name or e-mail address: it is shown if it looks like what a program calls a field.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}", re.ASCII)
_HIDDEN = "[…]"
_MOST_LEVELS, _MOST_PARTS, _LAST_INDEX = 20, 10_000, 9
_LEVEL = ("levelno", "levelname")


def in_record(before: dict[Any, Any], after: dict[Any, Any]) -> Iterator[Found]:
    """The place and class ("module:Class") of each enum that a record's fields held `before` and not `after`."""
    if len(before) != len(after):
        return
    for (name, old), (new_name, new) in zip(before.items(), after.items()):
        if name is not new_name:
            yield "extra{key}", class_name(name)
        if old is not new and name not in _LEVEL:
            yield from in_value(old, new, _field(name))
    if any(before.get(name) is not after.get(name) for name in _LEVEL) and as_enum(before.get("levelno")) is not None:
        yield "level", class_name(before["levelno"])


def _field(name: Any) -> str:
    if name in ("msg", "args"):
        return str(name)
    return "extra." + name if type(name) is str and _NAME.fullmatch(name) else "extra" + _HIDDEN


def in_value(old: Any, new: Any, place: str) -> Iterator[Found]:
    """The same for one value, in the order in which they stand there; for a big one only the first."""
    pending: Pending = [(old, new, place, 0)]
    for _ in range(_MOST_PARTS):
        if not pending:
            return
        old, new, place, level = pending.pop()
        if as_enum(old) is not None:
            yield place, class_name(old)
        else:
            found: Pending = []
            for part, other, step in _parts(old, new):
                deeper = place + step if level < _MOST_LEVELS else place
                if step.endswith("{key}") or step == "{}":
                    yield deeper, class_name(part)
                else:
                    found.append((part, other, deeper, level + 1))
            pending += reversed(found)


def _parts(old: Any, new: Any) -> Iterator[Tuple[Any, Any, str]]:
    """What of a container was made into something else, with the step that leads to it."""
    if isinstance(old, Mapping):
        for (key, value), (new_key, new_value) in zip(old.items(), new.items()):
            if key is not new_key:
                yield _member_in(key), new_key, "{key}"
            if value is not new_value:
                yield value, new_value, _key(key)
    elif isinstance(old, Set):
        yield from ((part, None, "{}") for part in old if as_enum(part) is not None)
    else:
        for at, (part, other) in enumerate(zip(old, new)):
            if part is not other:
                yield part, other, "[%d]" % at if at <= _LAST_INDEX else _HIDDEN


def _member_in(key: Any) -> Any:
    """A key itself, or the first enum in one that is a tuple."""
    if as_enum(key) is None and isinstance(key, tuple):
        return next((part for part in key if as_enum(part) is not None), key)
    return key


def _key(key: Any) -> str:
    return '["%s"]' % key if type(key) is str and _NAME.fullmatch(key) else _HIDDEN


def class_name(value: Any) -> str:
    """ "module:Class" of an enum or of what stands for one."""
    member = as_enum(value)
    cls = member if isinstance(member, type) else type(member)
    return "%s:%s" % (cls.__module__, cls.__qualname__)
