"""A value without its enums: the same object where there is none in it, else copied along the path to each."""

from __future__ import annotations

from types import ModuleType

from . import families
from .shapes import SHAPES, Shape, shape_of
from .text import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    Replace = Callable[[Any], Any]

# Asked first, because a table of types is 5 to 10 times faster than isinstance for each leaf.
LEAVES = frozenset({str, int, float, bool, type(None), bytes, bytearray, complex})

_ENUM = Shape(iter, lambda value, swap, swap_keys: value)  # stands for "an enum" where a container's shape would stand


def clean(value: Any, replace: Replace, own_types_only: bool = False) -> Any:
    """`value` with `replace(member)` in place of every enum member and enum class in it, at any depth, keys too.

    Returns `value` itself where nothing is replaced; mutates nothing; raises nothing. A container that can't be walked
    or copied (a cycle's way back, one that another thread changes meanwhile, a subclass that resists) passes through as
    it is. own_types_only: see `shape_of`.
    """
    try:
        cls = type(value)
        if cls in LEAVES:
            return value
        shape = SHAPES.get(cls)
        if shape is None:
            member = as_enum(value)
            if member is not None:
                return _replacement(value, member, replace)
            shape = shape_of(cls, own_types_only)
        if shape is None or _leaves_only(value, shape):
            return value
        return _Walk(replace, own_types_only).run(value, shape)
    except Exception:  # a class whose metaclass can't be hashed, memory: what can't be looked at passes through
        return value


def as_enum(value: Any) -> Any:
    """The enum member or class that `value` is, or that it claims to be as a proxy does; None for anything else."""
    try:
        cls = type(value)
        if not families.BASES.isdisjoint(cls.__mro__):
            return value
        if issubclass(cls, ModuleType):  # a lazy module is imported when it is asked for an attribute
            return None
        claimed = value.__class__
        if claimed is cls or families.BASES.isdisjoint(claimed.__mro__):
            return None
        return value if issubclass(claimed, families.METACLASSES) else _behind(value, claimed)
    except Exception:  # `__class__` and a metaclass's `__hash__` are the host's code: what raises there is no enum
        return None


def _behind(proxy: Any, cls: Any) -> Any:
    """The member of `cls` that `proxy` stands for; None for a mock of one, which has no member's name or value."""
    member = cls._member_map_.get(proxy._name_)
    return cls._value2member_map_.get(proxy._value_) if member is None else member


def _replacement(value: Any, member: Any, replace: Replace) -> Any:
    """What takes the place of `value`, which is `member` or a proxy of it: `value` itself where that is to be kept."""
    new = replace(member)
    return value if new is member else new


class _Walk:
    """One walk over a value, depth first and iterative, so that no structure is too deep for it.

    A container is visited once, however often it occurs: a graph of n nodes has up to 2**n paths.
    """

    def __init__(self, replace: Replace, own_types_only: bool) -> None:
        self._replace = replace
        self._own_types_only = own_types_only
        self._swaps: dict[int, Any] = {}  # the id of an enum, or of a container with one in it -> what takes its place
        self._met: dict[int, Any] = {}  # keeps what was met alive: a dead object's id is given to another one
        self._todo: list[tuple[Any, Shape, list[Any] | None]] = []

    def run(self, root: Any, shape: Shape) -> Any:
        """`root`, or the copy of it that has every enum replaced."""
        self._todo.append((root, shape, None))
        while self._todo:
            value, shape, inner = self._todo.pop()
            if inner is not None:
                self._leave(value, shape, inner)
            elif id(value) not in self._met:
                self._met[id(value)] = value
                inner = []
                self._todo.append((value, shape, inner))  # below its parts: it is left after them
                self._meet(_snapshot(value, shape), inner)
        return self._swap(root)

    def _meet(self, parts: list[Any], inner: list[Any]) -> None:
        """Takes note of the enums among `parts` and of the containers to visit, and lists both in `inner`."""
        for part in parts:
            try:
                cls = type(part)
                if cls in LEAVES:
                    continue
                shape = SHAPES.get(cls)
                if shape is None:
                    shape = self._unusual(part, cls)
                if shape is None:
                    continue
                if shape is not _ENUM:
                    if _leaves_only(part, shape):
                        continue
                    self._todo.append((part, shape, None))
                inner.append(part)
            except Exception:  # a class whose metaclass can't be hashed: this part passes through
                continue

    def _unusual(self, part: Any, cls: type) -> Shape | None:
        member = as_enum(part)
        if member is None:
            return shape_of(cls, self._own_types_only)
        if id(part) not in self._met:
            self._met[id(part)] = part
            new = _replacement(part, member, self._replace)
            if new is not part:
                self._swaps[id(part)] = new
        return _ENUM

    def _swap(self, part: Any) -> Any:
        return self._swaps.get(id(part), part)

    def _leave(self, value: Any, shape: Shape, inner: list[Any]) -> None:
        if self._swaps.keys().isdisjoint(map(id, inner)):
            return
        try:
            self._swaps[id(value)] = shape.rebuild(value, self._swap, self._swap_keys)
        except Exception:  # a host's subclass, or keys whose `__hash__` raises: this one passes through
            return

    def _swap_keys(self, keys: list[Any]) -> list[Any]:
        taken = {key for key in keys if id(key) not in self._swaps}
        return [self._free(key, taken) if id(key) in self._swaps else key for key in keys]

    def _free(self, key: Any, taken: set[Any]) -> Any:
        new = free_key(key, self._swap(key), taken, self._replace)
        taken.add(new)
        return new


def free_key(old: Any, new: Any, taken: set[Any], replace: Replace) -> Any:
    """`new`, or where that key is in `taken` already, `old` in full style, so that no key overwrites another."""
    if new in taken:
        new = clean(old, _in_full(replace, ""))
    number = 1
    while new in taken:
        number += 1
        new = clean(old, _in_full(replace, "#%d" % number))
    return new


def _in_full(replace: Replace, suffix: str) -> Replace:
    return lambda member: member if replace(member) is member else text(member, "full") + suffix


def _leaves_only(value: Any, shape: Shape) -> bool:
    try:
        return LEAVES.issuperset(map(type, shape.parts(value)))
    except Exception:  # another thread changes it meanwhile; `_snapshot` tries again
        return False


def _snapshot(value: Any, shape: Shape) -> list[Any]:
    for _ in range(3):
        try:
            return list(shape.parts(value))
        except Exception:  # another thread changes it, or a proxy's mapping is the host's code: it passes through
            continue
    return []
