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


# Asked first, because a table of types is 5 to 10 times faster than isinstance for each leaf.
LEAVES = frozenset({str, int, float, bool, type(None), bytes, bytearray, complex})


class Shape:
    """parts: what a container holds, a mapping's keys before its values. build: a new one with each part swapped.

    Keys and set items are swapped together, so that two of them can't become equal.
    """

    __slots__ = ("build", "parts")

    def __init__(self, parts: Callable[[Any], Iterable[Any]], build: Callable[[Any, Swap, SwapKeys], Any]) -> None:
        self.parts = parts
        self.build = build

    def rebuild(self, value: Any, swap: Swap, swap_keys: SwapKeys) -> Any:
        """A copy of `value`, of its own type and with its attributes, in which each part is swapped.

        Raises TypeError where a copy would not be what `value` is, and what hashing the host's keys raises.
        """
        attributes = _attributes_beside(value)
        if not _PLAIN.issuperset(map(type, attributes.values())):
            swap_keys = _unless_changed(swap_keys)
        new = self.build(value, swap, swap_keys)
        for name, attribute in attributes.items():
            object.__setattr__(new, name, attribute)
        return new


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
    """Whether `cls` is a named tuple that is written as `namedtuple` writes it, in no way of its own."""
    written = getattr(cls.__repr__, "__code__", None)
    return issubclass(cls, tuple) and not _has_own_str(cls) and written is _named_tuple_repr()


@lru_cache(maxsize=None)
def _named_tuple_repr() -> Any:
    return namedtuple("Sample", ()).__repr__.__code__


def _mapping(base: Any) -> Shape:
    def build(value: Any, swap: Swap, swap_keys: SwapKeys) -> Any:
        pairs = list(base.items(value))
        new = base.__new__(type(value))
        for key, (_, item) in zip(swap_keys([key for key, _ in pairs]), pairs):
            base.__setitem__(new, key, swap(item))
        return new

    return Shape(_parts_of_dict, build)


def _parts_of_dict(value: Any) -> Iterable[Any]:
    return chain(dict.keys(value), dict.values(value))


def _build_defaultdict(value: Any, swap: Swap, swap_keys: SwapKeys) -> Any:
    new = _DICT.build(value, swap, swap_keys)
    new.default_factory = value.default_factory
    return new


def _build_list(value: Any, swap: Swap, _: SwapKeys) -> Any:
    new = list.__new__(type(value))
    list.extend(new, [swap(part) for part in list.__iter__(value)])
    return new


def _build_tuple(value: Any, swap: Swap, _: SwapKeys) -> Any:
    return tuple.__new__(type(value), [swap(part) for part in tuple.__iter__(value)])


def _build_set(value: Any, _: Swap, swap_keys: SwapKeys) -> Any:
    new = set.__new__(type(value))
    set.update(new, swap_keys(list(set.__iter__(value))))
    return new


def _build_frozenset(value: Any, _: Swap, swap_keys: SwapKeys) -> Any:
    return frozenset.__new__(type(value), swap_keys(list(frozenset.__iter__(value))))


def _build_deque(value: Any, swap: Swap, _: SwapKeys) -> Any:
    new: Any = deque.__new__(type(value))
    deque.__init__(new, [swap(part) for part in deque.__iter__(value)], value.maxlen)
    return new


def _parts_of_proxy(value: Any) -> Iterable[Any]:
    return chain(value.keys(), value.values())


def _build_proxy(value: Any, swap: Swap, swap_keys: SwapKeys) -> Any:
    return MappingProxyType(_DICT.build(dict(value), swap, swap_keys))


def _attributes_beside(value: Any) -> dict[str, Any]:
    """What a host's subclass has beside its parts, in `__dict__` and in slots.

    Raises TypeError where there is a `__del__`, which would run for a copy as well.
    """
    cls = type(value)
    if cls in SHAPES:
        return {}
    if hasattr(cls, "__del__"):
        raise TypeError("a %s can't be copied" % cls.__name__)
    attributes = dict(getattr(value, "__dict__", ()))
    slots = [name for name in copyreg._slotnames(cls) if hasattr(value, name)]  # type: ignore[attr-defined]
    attributes.update((name, getattr(value, name)) for name in slots)
    return attributes


def _unless_changed(swap_keys: SwapKeys) -> SwapKeys:
    """For a subclass whose attributes may hold its keys once more, as those of a sorted dict do."""

    def swap_no_keys(keys: list[Any]) -> list[Any]:
        new = swap_keys(keys)
        if any(one is not other for one, other in zip(new, keys)):
            raise TypeError("attributes may refer to the keys")
        return new

    return swap_no_keys


_PLAIN = frozenset({str, int, float, bool, type(None), bytes, complex})
_DICT = _mapping(dict)
SHAPES: dict[type, Shape] = {
    dict: _DICT,
    Counter: _DICT,
    OrderedDict: _mapping(OrderedDict),
    defaultdict: Shape(_parts_of_dict, _build_defaultdict),
    list: Shape(list.__iter__, _build_list),
    tuple: Shape(tuple.__iter__, _build_tuple),
    set: Shape(set.__iter__, _build_set),
    frozenset: Shape(frozenset.__iter__, _build_frozenset),
    deque: Shape(deque.__iter__, _build_deque),
    MappingProxyType: Shape(_parts_of_proxy, _build_proxy),
}
CONTAINERS = tuple(SHAPES)
MAPPINGS = frozenset({dict, Counter, OrderedDict, defaultdict, MappingProxyType})
_REPRS = frozenset(base.__repr__ for base in SHAPES)


def renders_itself(cls: type) -> bool:
    """Whether a container type of the host's has a `__str__` or `__repr__` of its own."""
    return not _is_named_tuple(cls) and (_has_own_str(cls) or cls.__repr__ not in _REPRS)


def _has_own_str(cls: Any) -> bool:
    return cls.__str__ is not object.__str__
