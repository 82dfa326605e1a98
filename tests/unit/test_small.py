"""The quick copy of a small value: it gives what the general search gives, or says that it can't."""

import collections
import copy
import enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shim.convert import _searched
from shim.policy import as_argument, as_field
from shim.settings import Settings
from shim.small import NotSmall, copied

from .bench import picture
from .members import KINDS, Color, Level, Mode, Role, WebSocketState, params

STATE = WebSocketState.CONNECTED
ENUMS = [STATE, Color.RED, Level.NOTICE, Role.ADMIN, Mode.READ | Mode.EXEC, WebSocketState]
REPLACE = {"text": as_argument(Settings()), "numbers": as_field(Settings(keep_numbers=True))}

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats() | st.binary(max_size=3)
KEYS = st.text(max_size=5) | st.integers() | st.booleans() | st.none() | st.floats()
NESTED = st.recursive(
    LEAVES | st.sampled_from(ENUMS) | st.builds(object),
    lambda parts: (
        st.lists(parts, max_size=4) | st.lists(parts, max_size=4).map(tuple) | st.dictionaries(KEYS, parts, max_size=4)
    ),
    max_leaves=30,
)
CONTAINERS = NESTED.filter(lambda value: type(value) in (list, tuple, dict))


class List(list):
    pass


class Dict(dict):
    pass


class Key(enum.Enum):
    USER = 1


Point = collections.namedtuple("Point", "x y")


def same(one, other):
    """Whether both are the same, types and the order of a dict's items included; NaN is itself."""
    if type(one) is not type(other):
        return False
    if type(one) is dict:
        return same(list(one.items()), list(other.items()))
    if type(one) in (list, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one is other or one == other


def has_enum(value):
    if type(value) is dict:
        value = list(value.values())
    return any(map(has_enum, value)) if type(value) in (list, tuple) else any(value is one for one in ENUMS)


@pytest.mark.parametrize("replace", list(REPLACE.values()), ids=list(REPLACE))
@given(value=CONTAINERS)
def test_the_same_as_the_search(replace, value):
    before = picture(value)
    new = copied(value, replace)
    assert same(new, _searched(value, replace, False))
    assert (new is value) is not has_enum(value)
    assert picture(value) == before


@given(value=CONTAINERS)
def test_parts_without_an_enum_are_the_same_objects(value):
    new = copied({"plain": value, "state": STATE}, REPLACE["text"])
    assert new["state"] == "connected"
    assert has_enum(value) or new["plain"] is value


@given(value=CONTAINERS)
def test_who_keeps_everything_gets_the_same_object(value):
    assert copied(value, lambda member: member) is value


@pytest.mark.parametrize("kind", **params(KINDS))
@pytest.mark.parametrize("around", [lambda x: [x], lambda x: (x,), lambda x: {"a": x}, lambda x: {"a": [(x, 1)]}])
def test_each_kind_of_member(kind, around):
    value = around(kind.member)
    new = copied(value, REPLACE["text"])
    assert same(new, around(kind.lower))


def nested(levels, around):
    value = STATE
    for _ in range(levels):
        value = around(value)
    return value


AROUND = {"list": lambda x: [x], "tuple": lambda x: (x,), "dict": lambda x: {"a": x}}


@pytest.mark.parametrize("around", list(AROUND.values()), ids=list(AROUND))
def test_twenty_levels_are_small(around):
    value, text = nested(20, around), REPLACE["text"]
    assert same(copied(value, text), _searched(value, text, False))
    with pytest.raises(NotSmall):
        copied(nested(21, around), text)


@pytest.mark.parametrize("empty", [list, dict, lambda: ("a",)], ids=["list", "dict", "tuple"])
def test_a_thousand_containers_are_small(empty):
    inner = [empty() for _ in range(998)]
    assert copied([*inner, [STATE]], REPLACE["text"])[-1] == ["connected"]
    with pytest.raises(NotSmall):
        copied([*inner, empty(), [STATE]], REPLACE["text"])


def a_cycle_of_lists():
    value = [STATE]
    value.append(value)
    return value


def a_cycle_of_dicts():
    value = {"a": STATE}
    value["b"] = [(value,)]
    return value


def a_graph_with_many_paths():
    value = [STATE]
    for _ in range(15):
        value = [value, value]
    return value


NOT_SMALL = {
    "cycle-list": a_cycle_of_lists,
    "cycle-dict": a_cycle_of_dicts,
    "graph": a_graph_with_many_paths,
    "enum-key": lambda: {Key.USER: 1},
    "str-enum-key": lambda: {Role.ADMIN: 1},
    "int-enum-key": lambda: {Level.INFO: 1},
    "tuple-key": lambda: {(STATE,): 1},
    "set": lambda: {STATE},
    "frozenset": lambda: frozenset([STATE]),
    "deque": lambda: collections.deque([STATE]),
    "ordered": lambda: collections.OrderedDict(a=STATE),
    "default": lambda: collections.defaultdict(list, a=STATE),
    "list-subclass": lambda: List([STATE]),
    "dict-subclass": lambda: Dict(a=STATE),
    "named-tuple": lambda: Point(STATE, 1),
}


@pytest.mark.parametrize("around", [lambda x: x, lambda x: [STATE, x], lambda x: {"a": STATE, "b": (x,)}])
@pytest.mark.parametrize("make", list(NOT_SMALL.values()), ids=list(NOT_SMALL))
def test_what_is_not_small(make, around):
    value = around(make())
    before = copy.copy(value), repr(value)
    with pytest.raises(NotSmall):
        copied(value, REPLACE["text"])
    assert (value, repr(value)) == before if make is not a_cycle_of_lists and make is not a_cycle_of_dicts else True


def test_a_shared_part_is_not_counted_as_a_cycle():
    part = [STATE]
    assert copied([part, part, {"a": part}], REPLACE["text"]) == [["connected"], ["connected"], {"a": ["connected"]}]
