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
_IN_KEY, _IN_SET = "{key}", "{}"
_MOST_LEVELS, _MOST_PARTS, _LAST_INDEX = 20, 10_000, 9
_LEVEL = ("levelno", "levelname")
_CALLED = ("msg", "args")


def in_record(fields: dict[Any, Any], changes: dict[Any, Any], is_renamed: bool) -> Iterator[Found]:
    """The place and class ("module:Class") of each enum in a record's fields, of which `changes` has what it becomes.

    is_renamed: a name may be an enum too. What came by `extra=`, a filter or a factory is `extra.name`.
    """
    for name in fields if is_renamed else ():
        if as_enum(_member_in(name)) is not None:
            yield "extra" + _IN_KEY, class_name(_member_in(name))
    for name, new in changes.items():
        if name not in _LEVEL:
            yield from in_value(fields[name], new, _field(name))
    leveled = [fields[name] for name in _LEVEL if name in changes and as_enum(fields[name]) is not None]
    if leveled:
        yield "level", class_name(leveled[0])


def _field(name: Any) -> str:
    if name in _CALLED:
        return str(name)
    return "extra." + name if type(name) is str and _NAME.fullmatch(name) else "extra" + _HIDDEN


def in_value(old: Any, new: Any, place: str) -> Iterator[Found]:
    """The same for one value, in the order in which they stand there; of a big one only the first parts are seen."""
    pending: Pending = [(old, new, place, 0)]
    for _ in range(_MOST_PARTS):
        if not pending:
            return
        old, new, place, level = pending.pop()
        if as_enum(old) is not None:
            yield place, class_name(old)
            continue
        found: Pending = []
        for part, other, step in _parts(old, new):
            deeper = place + step if level < _MOST_LEVELS else place
            if step in (_IN_KEY, _IN_SET):
                yield deeper, class_name(part)
            else:
                found.append((part, other, deeper, level + 1))
        pending += reversed(found)


def _parts(old: Any, new: Any) -> Iterator[Tuple[Any, Any, str]]:
    """What of a container was made into something else, with the step that leads to it."""
    if isinstance(old, Mapping):
        yield from _items(old, new)
    elif isinstance(old, Set):
        yield from ((_member_in(part), None, _IN_SET) for part in old if as_enum(_member_in(part)) is not None)
    elif isinstance(old, (list, tuple)) or hasattr(old, "appendleft"):
        for at, (part, other) in enumerate(zip(old, new)):
            if part is not other:
                yield part, other, "[%d]" % at if at <= _LAST_INDEX else _HIDDEN


def _items(old: Any, new: Any) -> Iterator[Tuple[Any, Any, str]]:
    """Both have their items in one order, but where something was left out."""
    pairs = zip(old, new) if len(old) == len(new) else ((key, key) for key in old)
    for key, new_key in pairs:
        if key is not new_key and as_enum(_member_in(key)) is not None:
            yield _member_in(key), new_key, _IN_KEY
        value, new_value = old[key], new.get(new_key)
        if value is not new_value:
            yield value, new_value, '["%s"]' % key if type(key) is str and _NAME.fullmatch(key) else _HIDDEN


def _member_in(key: Any) -> Any:
    """A key itself, or the first enum in one that is a tuple or a set."""
    if isinstance(key, (tuple, frozenset)) and as_enum(key) is None:
        return next((part for part in key if as_enum(part) is not None), key)
    return key


def class_name(value: Any) -> str:
    """ "module:Class" of an enum or of what stands for one."""
    member = as_enum(value)
    cls = member if isinstance(member, type) else type(member)
    return "%s:%s" % (cls.__module__, cls.__qualname__)
