"""Where in a value enums are, and which containers are on the way to them.

Most of what is in a log call are leaves, and they are passed over in C: a loop of Python's own over them would take as
long as `json.dumps`. Up to CPython 3.12 the garbage collector tells what is left: it tracks every enum, as every
instance of a class written in Python, and no str, number or None, nor a tuple or dict of nothing but these. From 3.13
on it neither sees what is in an instance's `__dict__` nor, at first, tracks that dict
(https://github.com/python/cpython/issues/130327 and 133543), so each part is asked for its type.
"""

from __future__ import annotations

import sys
from collections import OrderedDict, defaultdict, deque
from gc import get_referents, is_tracked

from .members import as_enum
from .report import failed
from .shapes import LEAVES, shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Collection

    from .shapes import Shape

COLLECTOR_SEES_ALL = sys.implementation.name == "cpython" and sys.version_info < (3, 13)

_MAPPINGS = frozenset({dict, OrderedDict, defaultdict})
# What these refer to are their parts. A subclass also refers to its class, and may show its parts in another way.
BULK = _MAPPINGS.union({list, tuple, set, frozenset, deque})
_MANY, _DEEP = 50, 1000
_LEFT = "a value is left as it was"


def unusual(containers: Collection[Any]) -> list[Any]:
    """What these, all of a type in BULK, hold beside leaves: no enum is missing, nor what holds one.

    Raises TypeError for a class whose metaclass can't be hashed, RuntimeError where another thread changes one of them.
    """
    if COLLECTOR_SEES_ALL:
        return [*filter(is_tracked, get_referents(*containers))]
    found: list[Any] = []
    for container in containers:
        found += _no_leaves(container)
        if type(container) in _MAPPINGS:
            found += _no_leaves(container.values())
    return found


def _no_leaves(parts: Collection[Any]) -> list[Any]:
    if LEAVES.issuperset(map(type, parts)):
        return []
    return [part for part in parts if type(part) not in LEAVES]


def is_plain(container: Any) -> bool:
    """Whether in a container of a type in BULK there are surely no enums; False also where it takes a `Scan` to tell.

    Level by level, and it keeps no account of what it has seen, which takes most of a `Scan`'s time. Raises what
    `unusual` does.
    """
    level = [container]
    for _ in range(_DEEP):  # a cycle has no end
        level = unusual(level)
        if not level:
            return True
        if len(level) > _MANY:  # what is there many times is looked at once, or each level may double
            level = [*{id(part): part for part in level}.values()]
        if not BULK.issuperset(map(type, level)):
            return False
    return False


def is_plain_at_once(*containers: Any) -> bool:
    """Whether in these containers there are surely no enums, as in what most log calls are given.

    Quicker than `is_plain`, and False also where that would find out more. Raises what `unusual` does.
    """
    if COLLECTOR_SEES_ALL:
        for part in get_referents(*get_referents(*containers)):  # few, if any: less than `any` and `map` would take
            if is_tracked(part):
                return False
        return True
    return all(type(container) in BULK and is_plain(container) for container in containers)


class Scan:
    """Looks at `root`, which is walked as `shape` says, and at all that is in it; raises nothing but MemoryError.

    Iterative, so that no structure is too deep, and each container once: a graph of n nodes has up to 2**n paths.

    enums: by id, each that was found, and the member that it is. Whatever was looked at is kept alive as long as this
    is, because a dead object's id is given to another one.
    """

    __slots__ = ("_inner", "_own_types_only", "_seen", "_todo", "enums")

    def __init__(self, root: Any, shape: Shape, own_types_only: bool) -> None:
        self._own_types_only = own_types_only
        self._seen: dict[int, Any] = {id(root): root}
        self._inner: dict[int, list[Any]] = {}  # what each container holds beside leaves
        self._todo: list[tuple[Any, Shape]] = [(root, shape)]
        self.enums: dict[int, tuple[Any, Any]] = {}
        while self._todo:
            value, shape = self._todo.pop()
            self._inner[id(value)] = inner = _inner(value, shape)
            for part in inner:
                if id(part) not in self._seen:
                    self._seen[id(part)] = part
                    self._meet(part)

    def _meet(self, part: Any) -> None:
        try:
            if type(part) in LEAVES:
                return
            member = None if type(part) in BULK else as_enum(part)
            if member is not None:
                self.enums[id(part)] = part, member
                return
            shape = shape_of(type(part), self._own_types_only)
            if shape is not None:
                self._todo.append((part, shape))
        except Exception as error:  # a class whose metaclass can't be hashed: it passes through
            failed(_LEFT, error)

    def on_the_way(self) -> set[int]:
        """The ids of the containers in which an enum is, at any depth."""
        parents: dict[int, list[int]] = {}
        for key, inner in self._inner.items():
            for part in inner:
                parents.setdefault(id(part), []).append(key)
        found: set[int] = set()
        todo = list(self.enums)
        while todo:
            above = set(parents.pop(todo.pop(), ())) - found
            found |= above
            todo += above
        return found


def _inner(value: Any, shape: Shape) -> list[Any]:
    try:
        if type(value) in BULK:
            return unusual((value,))
    except Exception:  # another thread changes it, or a class can't be hashed: part by part
        pass
    return snapshot(value, shape)


def snapshot(value: Any, shape: Shape) -> list[Any]:
    """The parts of a container now; none where they can't be had."""
    for _ in range(3):
        try:
            return list(shape.parts(value))
        except Exception as error:  # another thread changes it, or a proxy's mapping is the host's code
            failed("a container is asked again for what is in it", error)
    return []  # it passes through
