"""What holds for every structure, as hypothesis makes them."""

import enum
import json
import math
from collections import OrderedDict, deque, namedtuple
from http import HTTPStatus
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from shim.convert import clean
from shim.text import text

from .bench import Log, picture, shimmed
from .members import HASHABLE, KINDS

Point = namedtuple("Point", "x y")
CONTAINERS = (dict, list, tuple, set, frozenset, deque, MappingProxyType)


class Own(list):
    pass


class OwnDict(dict):
    pass


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.binary(max_size=3))
members = st.sampled_from([kind.member for kind in KINDS.values()])
# A small alphabet, so that keys collide with the members' names.
words = st.sampled_from(["connected", "WebSocketState.CONNECTED", "read|exec", "a", "b", "ok", ""])
hashable = st.one_of(words, st.integers(0, 3), st.sampled_from([kind.member for kind in HASHABLE.values()]))
keys = st.one_of(hashable, st.tuples(hashable), st.frozensets(hashable, max_size=2))


def nested(leaves, keys):
    def grow(inner):
        dicts = st.dictionaries(keys, inner, max_size=4)
        lists = st.lists(inner, max_size=4)
        return st.one_of(
            dicts,
            dicts.map(OrderedDict),
            dicts.map(OwnDict),
            dicts.map(MappingProxyType),
            lists,
            lists.map(tuple),
            lists.map(Own),
            lists.map(lambda items: deque(items, 4)),
            st.builds(Point, inner, inner),
            st.sets(keys, max_size=4),
            st.frozensets(keys, max_size=4),
        )

    return st.recursive(leaves, grow, max_leaves=12)


with_enums = nested(st.one_of(scalars, members), keys)
without_enums = nested(scalars, st.one_of(words, st.integers()))


def replaced(value):
    return clean(value, text)


def parts(value):
    if isinstance(value, (dict, MappingProxyType)):
        return [*value, *value.values()]
    return list(value) if isinstance(value, CONTAINERS) else []


def has_enum(value):
    return isinstance(value, (enum.Enum, enum.EnumMeta)) or any(map(has_enum, parts(value)))


def shape(value):
    """The types and lengths of all containers; of a set no more than its length, since its order is its own."""
    if isinstance(value, CONTAINERS):
        inner = [] if isinstance(value, (set, frozenset)) else [shape(part) for part in parts(value)]
        return type(value), len(value), inner
    return None


def without_tuple_members(value):
    """Whether no member is a container itself, which `shape` would take for one."""
    return not isinstance(value, enum.Enum) or not isinstance(value, CONTAINERS)


@given(with_enums)
def test_no_enum_remains(value):
    assert not has_enum(replaced(value))


@given(nested(st.one_of(scalars, members.filter(without_tuple_members)), st.one_of(words, st.integers(0, 3))))
def test_types_lengths_and_order_are_kept(value):
    assert shape(replaced(value)) == shape(value)


@given(st.dictionaries(keys, st.integers(), max_size=8), st.sets(keys, max_size=8))
def test_no_key_and_no_item_is_dropped(mapping, items):
    assert list(replaced(mapping).values()) == list(mapping.values())
    assert len(replaced(items)) == len(items)
    for key in mapping:
        if not has_enum(key):
            assert replaced(mapping)[key] == mapping[key]


@given(with_enums)
def test_nothing_is_mutated(value):
    before = picture(value)
    replaced(value)
    assert picture(value) == before


@given(without_enums)
def test_without_an_enum_it_is_the_same_object(value):
    assert replaced(value) is value


@given(with_enums)
def test_twice_is_once(value):
    once = replaced(value)
    assert replaced(once) is once


@given(with_enums, without_enums)
def test_a_sibling_is_the_same_object(value, sibling):
    assert replaced([value, sibling])[1] is sibling


@given(st.recursive(scalars.filter(lambda v: not isinstance(v, bytes)), lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)), max_leaves=9))  # fmt: skip
def test_what_json_could_write_it_writes_the_same(value):
    log = Log(formats=False)
    with shimmed():
        log.info("event", extra={"value": value})
    assert json.dumps(log.record.value) == json.dumps(value)


@given(st.lists(st.one_of(st.sampled_from(HTTPStatus), st.integers()), max_size=5), st.floats())
def test_with_numbers_kept_json_writes_numbers_as_before(codes, number):
    value = {"codes": codes, "number": number, "keys": dict.fromkeys(codes, 1)}
    log = Log(formats=False)
    with shimmed(keep_numbers=True):
        log.info("event", extra={"value": value})
    expected = {"codes": [int(code) for code in codes], "number": number, "keys": {str(int(code)): 1 for code in codes}}
    assert json.dumps(log.record.value) == json.dumps(expected)


@given(with_enums)
def test_a_field_an_argument_and_a_message(value):
    log = Log(formats=False)
    with shimmed():
        log.info(value, value, extra={"value": value})
    assert not has_enum(log.record.value)
    message = log.record.msg
    assert not isinstance(message, enum.Enum)
    assert has_enum(value) or log.record.value is value or (isinstance(value, float) and math.isnan(value))


@given(st.dictionaries(st.one_of(hashable, words), st.integers(), max_size=6))
def test_no_field_is_dropped_or_overwritten(extra):
    log = Log(formats=False)
    with shimmed():
        log.info("event", extra=extra)
    own = list(log.record.__dict__)[: -len(extra)] if extra else list(log.record.__dict__)
    assert own == list(logged_without_extra())
    assert list(log.record.__dict__.values())[len(own) :] == list(extra.values())
    assert log.record.msg == "event"


def logged_without_extra():
    log = Log(formats=False)
    log.info("event")
    return log.record.__dict__
