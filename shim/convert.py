"""A value without its enums: the same object where there is none in it, else copied along the path to each."""

from __future__ import annotations

from weakref import ref

from . import families
from .members import as_enum
from .report import failed
from .scan import BULK, Scan, is_plain, snapshot
from .shapes import LEAVES, shape_of
from .small import copied
from .text import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    Replace = Callable[[Any], Any]


_LEFT = "a value is left as it was"


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
        if cls in BULK:
            try:
                return value if is_plain(value) else copied(value, replace)
            except Exception:  # NotSmall; another thread changes it; a class can't be hashed
                return _searched(value, replace, own_types_only)
        if id(cls) in families.OTHERS:
            return value
        member = as_enum(value)
        if member is not None:
            return _replacement(value, member, replace)
        if shape_of(cls, own_types_only=False) is None:
            _pass_from_now_on(cls)
            return value
        return _searched(value, replace, own_types_only)
    except Exception as error:  # a metaclass that can't be hashed, memory: what can't be looked at passes through
        failed(_LEFT, error)
        return value


def _pass_from_now_on(cls: Any) -> None:
    """Notes a class that has no enums, and none of whose objects says what it is the proxy of."""
    if not families.BASES.isdisjoint(cls.__mro__):
        return  # asking for it failed, as it does where memory is short: next time it need not
    if cls.__getattribute__ is object.__getattribute__ and not any(
        "__class__" in vars(base) for base in cls.__mro__[:-1]
    ):
        key, others = id(cls), families.OTHERS
        others[key] = ref(cls, lambda _: others.pop(key, None))


def _searched(value: Any, replace: Replace, own_types_only: bool) -> Any:
    shape = shape_of(type(value), own_types_only)
    if shape is None:
        return value
    scan = Scan(value, shape, own_types_only)
    return _Rebuild(scan, replace, own_types_only).run(value) if scan.enums else value


def _replacement(value: Any, member: Any, replace: Replace) -> Any:
    """What takes the place of `value`, which is `member` or a proxy of it: `value` itself where that is to be kept."""
    new = replace(member)
    return value if new is member else new


class _Rebuild:
    """Copies of the containers that are on the way to an enum, depth first and iterative."""

    def __init__(self, scan: Scan, replace: Replace, own_types_only: bool) -> None:
        self._scan = scan  # keeps alive what the ids below are of
        self._replace = replace
        self._own_types_only = own_types_only
        new = {key: _replacement(value, member, replace) for key, (value, member) in scan.enums.items()}
        # The id of an enum, or of a container with one in it -> what takes its place.
        self._swaps: dict[int, Any] = {key: new[key] for key in new if new[key] is not scan.enums[key][0]}
        self._to_visit = scan.on_the_way() if self._swaps else set()

    def run(self, root: Any) -> Any:
        """`root`, or the copy of it that has every enum replaced."""
        todo: list[tuple[Any, list[Any] | None]] = [(root, None)]
        while todo:
            value, inner = todo.pop()
            if inner is not None:
                self._leave(value, inner)
            elif id(value) in self._to_visit:
                self._to_visit.remove(id(value))
                inner = [part for part in snapshot(value, self._shape(value)) if self._is_wanted(part)]
                todo.append((value, inner))  # below its parts: it is left after them
                todo += [(part, None) for part in inner]
        return self._swap(root)

    def _is_wanted(self, part: Any) -> bool:
        return id(part) in self._swaps or id(part) in self._to_visit

    def _swap(self, part: Any) -> Any:
        return self._swaps.get(id(part), part)

    def _shape(self, value: Any) -> Any:
        return shape_of(type(value), self._own_types_only)

    def _leave(self, value: Any, inner: list[Any]) -> None:
        if self._swaps.keys().isdisjoint(map(id, inner)):
            return
        try:
            self._swaps[id(value)] = self._shape(value).rebuild(value, self._swap, self._swap_keys)
        except Exception as error:  # a host's subclass, or keys whose `__hash__` raises: this one passes through
            failed(_LEFT, error)

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
