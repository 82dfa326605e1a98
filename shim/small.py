"""A small value of the usual kind without its enums: one pass, for what nearly every log call with an enum holds."""

from __future__ import annotations

from . import families
from .members import as_enum
from .shapes import LEAVES, shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    Replace = Callable[[Any], Any]

_MOST, _DEEPEST = 1000, 20


class NotSmall(Exception):
    """There is more in it than `copied` knows how to do right."""


def copied(container: Any, replace: Replace) -> Any:
    """`container` with `replace(member)` for each enum in it, copied along the path to each; or itself without one.

    Raises NotSmall for more than 1000 containers or 20 levels (so for a cycle), for keys that are not plain and for a
    container that is no dict, list or tuple; RuntimeError where another thread changes one.
    """
    return _copied(container, replace, [_MOST], _DEEPEST)


def _copied(container: Any, replace: Replace, room: list[int], levels: int) -> Any:
    room[0] -= 1
    if room[0] < 0 or levels == 0:
        raise NotSmall
    cls = type(container)
    if cls is dict:
        return _copied_dict(container, replace, room, levels)
    if cls is not list and cls is not tuple:
        raise NotSmall
    new = [part if type(part) in LEAVES else _part(part, replace, room, levels) for part in container]
    for at, part in enumerate(container):
        if new[at] is not part:
            return cls(new)
    return container


def _copied_dict(container: dict[Any, Any], replace: Replace, room: list[int], levels: int) -> dict[Any, Any]:
    new = None
    for key, part in container.items():
        if type(key) not in LEAVES:
            raise NotSmall
        if type(part) not in LEAVES:
            other = _part(part, replace, room, levels)
            if other is not part:
                new = container.copy() if new is None else new
                new[key] = other
    return container if new is None else new


def _part(part: Any, replace: Replace, room: list[int], levels: int) -> Any:
    cls = type(part)
    if cls is dict or cls is list or cls is tuple:
        return _copied(part, replace, room, levels - 1)
    if id(cls) in families.OTHERS:
        return part
    member = as_enum(part)
    if member is not None:
        new = replace(member)
        return part if new is member else new
    if shape_of(cls, own_types_only=False) is not None:
        raise NotSmall
    return part
