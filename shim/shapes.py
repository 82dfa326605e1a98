"""The containers that are walked: what is in one, and how a copy of its own type is made with other parts in it.

Everything goes through the built-in types' own methods (`dict.items(value)`, not `value.items()`): a subclass may
override them, and its code has no business running inside a log call.
"""

from __future__ import annotations

import copyreg
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from functools import lru_cache
from itertools import chain
from types import MappingProxyType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List

    Swap = Callable[[Any], Any]
    SwapKeys = Callable[[List[Any]], List[Any]]


class Shape:
    """parts: what a container holds, a mapping's keys before its values. rebuild: a copy with each part swapped.

    Keys and set items are swapped together, so that two of them can't become equal.
    """

    __slots__ = ("parts", "rebuild")

    def __init__(self, parts: Callable[[Any], Iterable[Any]], rebuild: Callable[[Any, Swap, SwapKeys], Any]) -> None:
        self.parts = parts
        self.rebuild = rebuild


def shape_of(cls: type, own_types_only: bool) -> Shape | None:
    """How a `cls` is walked, or None where it is left alone.

    own_types_only: a host's subclasses are left alone, because such a type renders itself (`%` arguments).
    """
    shape = SHAPES.get(cls)
    if shape is not None:
        return shape
    if own_types_only:
        return SHAPES[tuple] if _is_named_tuple(cls) else None
    return next((SHAPES[base] for base in cls.__mro__ if base in SHAPES), None)


def _is_named_tuple(cls: type) -> bool:
    """Whether `cls` is a named tuple that is written as `namedtuple` writes it, with none of its own."""
    written = getattr(cls.__repr__, "__code__", None)
    return cls.__bases__ == (tuple,) and not _has_own_str(cls) and written is _named_tuple_repr()


@lru_cache(maxsize=None)
def _named_tuple_repr() -> Any:
    return namedtuple("Sample", ()).__repr__.__code__


def _mapping(base: Any) -> Shape:
    def rebuild(value: Any, swap: Swap, swap_keys: SwapKeys) -> Any:
        pairs = list(base.items(value))
        new = base.__new__(type(value))
        _carry_attributes(value, new)
        for key, (_, item) in zip(swap_keys([key for key, _ in pairs]), pairs):
            base.__setitem__(new, key, swap(item))
        return new

    return Shape(_parts_of_dict, rebuild)


def _parts_of_dict(value: Any) -> Iterable[Any]:
    return chain(dict.keys(value), dict.values(value))


def _rebuild_defaultdict(value: Any, swap: Swap, swap_keys: SwapKeys) -> Any:
    new = _DICT.rebuild(value, swap, swap_keys)
    new.default_factory = value.default_factory
    return new


def _rebuild_list(value: Any, swap: Swap, _: SwapKeys) -> Any:
    new = list.__new__(type(value))
    _carry_attributes(value, new)
    list.extend(new, [swap(part) for part in list.__iter__(value)])
    return new


def _rebuild_tuple(value: Any, swap: Swap, _: SwapKeys) -> Any:
    new = tuple.__new__(type(value), [swap(part) for part in tuple.__iter__(value)])
    _carry_attributes(value, new)
    return new


def _rebuild_set(value: Any, _: Swap, swap_keys: SwapKeys) -> Any:
    new = set.__new__(type(value))
    _carry_attributes(value, new)
    set.update(new, swap_keys(list(set.__iter__(value))))
    return new


def _rebuild_frozenset(value: Any, _: Swap, swap_keys: SwapKeys) -> Any:
    new = frozenset.__new__(type(value), swap_keys(list(frozenset.__iter__(value))))
    _carry_attributes(value, new)
    return new


def _rebuild_deque(value: Any, swap: Swap, _: SwapKeys) -> Any:
    new: Any = deque.__new__(type(value))
    deque.__init__(new, [swap(part) for part in deque.__iter__(value)], value.maxlen)
    _carry_attributes(value, new)
    return new


def _parts_of_proxy(value: Any) -> Iterable[Any]:
    return chain(value.keys(), value.values())


def _rebuild_proxy(value: Any, swap: Swap, swap_keys: SwapKeys) -> Any:
    return MappingProxyType(_DICT.rebuild(dict(value), swap, swap_keys))


def _carry_attributes(old: Any, new: Any) -> None:
    """Gives `new` the attributes that a host's subclass has beside its parts, in `__dict__` and in slots."""
    if type(old) in SHAPES:
        return
    new.__dict__.update(getattr(old, "__dict__", {}))
    for name in copyreg._slotnames(type(old)):  # type: ignore[attr-defined]
        if hasattr(old, name):
            object.__setattr__(new, name, getattr(old, name))


_DICT = _mapping(dict)
SHAPES: dict[type, Shape] = {
    dict: _DICT,
    Counter: _DICT,
    OrderedDict: _mapping(OrderedDict),
    defaultdict: Shape(_parts_of_dict, _rebuild_defaultdict),
    list: Shape(list.__iter__, _rebuild_list),
    tuple: Shape(tuple.__iter__, _rebuild_tuple),
    set: Shape(set.__iter__, _rebuild_set),
    frozenset: Shape(frozenset.__iter__, _rebuild_frozenset),
    deque: Shape(deque.__iter__, _rebuild_deque),
    MappingProxyType: Shape(_parts_of_proxy, _rebuild_proxy),
}
MAPPINGS = frozenset({dict, Counter, OrderedDict, defaultdict, MappingProxyType})
_REPRS = frozenset(base.__repr__ for base in SHAPES)


def renders_itself(cls: type) -> bool:
    """Whether a container type of the host's has a `__str__` or `__repr__` of its own."""
    return not _is_named_tuple(cls) and (_has_own_str(cls) or cls.__repr__ not in _REPRS)


def _has_own_str(cls: Any) -> bool:
    return cls.__str__ is not object.__str__
