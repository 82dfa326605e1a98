"""Where in a log call an enum stood: found by comparing what was given with what it was made into. Never a value."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Set
from functools import lru_cache
from operator import is_not

from .members import as_enum
from .shapes import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

    Found = List[Tuple[str, str]]
    # What was given, what it became, and the step that leads to it.
    Part = Tuple[Any, Any, str]

# A key may be somebody's name or e-mail address: it is shown if it looks like what a program calls a field.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}", re.ASCII)
_HIDDEN = "[…]"
_IN_KEY, _IN_SET = "{key}", "{}"
_MOST_LEVELS, _MOST_PARTS, _MOST_FOUND, _LAST_INDEX = 20, 10_000, 50, 9
_PLAIN = frozenset({dict, list, tuple})
_LEVEL = ("levelno", "levelname")
_CALLED = ("msg", "args")


def in_record(fields: dict[Any, Any], changes: dict[Any, Any], is_renamed: bool) -> Found:
    """The place and class ("module:Class") of each enum in a record's fields, of which `changes` has what it becomes.

    is_renamed: a name may be an enum too. What came by `extra=`, a filter or a factory is `extra.name`.
    """
    found: Found = []
    if is_renamed:
        members = [as_enum(_member_in(name)) for name in fields if type(name) is not str]
        found += [("extra" + _IN_KEY, class_name(member)) for member in members if member is not None]
    for name, new in changes.items():
        if name not in _LEVEL:
            found += in_value(fields[name], new, of_field(name))
    return found + _level(fields) if "levelno" in changes or "levelname" in changes else found


def _level(fields: dict[Any, Any]) -> Found:
    members = [member for member in (as_enum(fields[name]) for name in _LEVEL) if member is not None]
    return [("level", class_name(members[0]))] if members else []


def in_value(old: Any, new: Any, place: str) -> Found:
    """The same for one value, the outermost first; of a big one only the first parts are seen, and a part once."""
    found: Found = []
    pending, seen = [(old, new, place, 0)], set()
    for old, new, place, level in pending:  # it grows meanwhile
        if type(old) not in _PLAIN:
            member = as_enum(old)
            if member is not None:
                found.append((place, class_name(member)))
                if len(found) >= _MOST_FOUND:
                    break
                continue
        if id(old) in seen or len(found) >= _MOST_FOUND or len(pending) >= _MOST_PARTS:
            continue
        seen.add(id(old))
        for part, other, step in _items(old, new) if type(old) is dict else _parts(old, new):
            deeper = place + step if level < _MOST_LEVELS else place
            if step is _IN_KEY or step is _IN_SET:
                found.append((deeper, class_name(part)))
            else:
                pending.append((part, other, deeper, level + 1))
    return found


def _parts(old: Any, new: Any) -> list[Part]:
    """What of a container was made into something else."""
    if isinstance(old, Mapping):
        return _items(old, new)
    if isinstance(old, Set):
        members = [as_enum(_member_in(part)) for part in old]
        return [(member, None, _IN_SET) for member in members if member is not None]
    if not isinstance(old, (list, tuple, deque)):
        return []
    parts = enumerate(zip(old, new))
    return [(part, other, in_sequence("", at)) for at, (part, other) in parts if part is not other]


def _items(old: Any, new: Any) -> list[Part]:
    """Both have their items in one order, but where something was left out."""
    if len(old) != len(new):
        values = [new.get(key) for key in old]
        return [(value, other, _step(key)) for (key, value), other in zip(old.items(), values) if value is not other]
    parts = [
        (value, other, _named_step(key) if type(key) is str else _HIDDEN)  # as `_step`, whose call takes as long
        for (key, value), other in zip(old.items(), new.values())
        if value is not other
    ]
    if any(map(is_not, old, new)):
        members = [as_enum(_member_in(key)) for key, other in zip(old, new) if key is not other]
        parts += [(member, None, _IN_KEY) for member in members if member is not None]
    return parts


def _step(key: Any) -> str:
    return _named_step(key) if type(key) is str else _HIDDEN


@lru_cache(maxsize=1000)
def _named_step(key: str) -> str:
    """Remembered, because a regular expression is asked for it."""
    return '["%s"]' % key if _NAME.fullmatch(key) else _HIDDEN


def in_sequence(place: str, at: int) -> str:
    """Of a long one all parts are one place, because nobody would tell them apart."""
    return "%s[%d]" % (place, at) if at <= _LAST_INDEX else place + _HIDDEN


def of_field(name: Any) -> str:
    """The place that a record's attribute is."""
    return _attribute(name) if type(name) is str else "extra" + _HIDDEN


@lru_cache(maxsize=1000)
def _attribute(name: str) -> str:
    if name in _CALLED:
        return name
    return "extra." + name if _NAME.fullmatch(name) else "extra" + _HIDDEN


def _member_in(key: Any) -> Any:
    """A key itself, or the first enum in one that is a tuple or a set."""
    if type(key) not in LEAVES and isinstance(key, (tuple, frozenset)) and as_enum(key) is None:
        return next((part for part in key if as_enum(part) is not None), key)
    return key


def class_name(member: Any) -> str:
    """ "module:Class" of a member or of an enum class."""
    cls: Any = type(member)
    if issubclass(cls, type):
        cls = member
    return f"{cls.__module__}:{cls.__qualname__}"
