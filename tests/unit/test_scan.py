"""What the scan finds in a value; and that nothing with an enum in it is ever taken for plain."""

import gc
import time
from collections import OrderedDict, defaultdict, deque, namedtuple
from types import MappingProxyType

import pytest
import wrapt

from shim.convert import clean
from shim.policy import as_argument
from shim.scan import BULK, Scan, is_plain
from shim.settings import Settings
from shim.shapes import shape_of

from .members import KINDS, Level, Mode, Role, WebSocketState, params

STATE = WebSocketState.CONNECTED
Point = namedtuple("Point", "x y")
TEXT = as_argument(Settings())


class NoHash(type):
    __hash__ = None


class BadHash(type):
    def __hash__(cls):
        raise ValueError("no hash")


class WithoutHash(metaclass=NoHash):
    pass


class WithBadHash(metaclass=BadHash):
    pass


class Holder:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


AROUND = {
    "list": lambda x: [x],
    "tuple": lambda x: (x,),
    "dict": lambda x: {"a": x},
    "deque": lambda x: deque([x]),
    "ordered": lambda x: OrderedDict(a=x),
    "defaultdict": lambda x: defaultdict(list, a=x),
    "defaultdict-lambda": lambda x: defaultdict(lambda: 1, a=x),
    "vars": lambda x: vars(Holder(a=x)),
}
HASHED = {
    "set": lambda x: {x},
    "frozenset": lambda x: frozenset([x]),
    "key": lambda x: {x: 1},
    "key-ordered": lambda x: OrderedDict({x: 1}),
    "key-defaultdict": lambda x: defaultdict(int, {x: 1}),
    "key-tuple": lambda x: {(x, 1): 1},
}
UNUSUAL = {"proxy": lambda x: MappingProxyType({"a": x}), "named-tuple": lambda x: Point(x, 1)}


def finds(value, own_types_only=False):
    return [member for _, member in Scan(value, shape_of(type(value), own_types_only), own_types_only).enums.values()]


@pytest.mark.parametrize("around", [*AROUND.values(), *UNUSUAL.values()], ids=[*AROUND, *UNUSUAL])
@pytest.mark.parametrize("kind", **params(KINDS))
def test_an_enum_is_found(kind, around):
    value = around(kind.member)
    assert type(value) not in BULK or not is_plain(value)
    assert not is_plain([value])
    assert len(finds(value)) == 1
    assert clean(value, TEXT) is not value


@pytest.mark.parametrize("around", list(HASHED.values()), ids=list(HASHED))
@pytest.mark.parametrize("member", [STATE, Level.INFO, Role.ADMIN, Mode.READ | Mode.EXEC, WebSocketState])
def test_an_enum_is_found_among_keys_and_items(member, around):
    value = around(member)
    assert not is_plain(value)
    assert finds(value) == [member]


@pytest.mark.parametrize("depth", [1, 2, 19, 20, 21, 999, 1000, 1001, 1200])
@pytest.mark.parametrize("around", list(AROUND.values()), ids=list(AROUND))
def test_at_any_depth(around, depth):
    value, plain = STATE, 1
    for _ in range(depth):
        value, plain = around(value), around(plain)
    assert not is_plain(value)
    assert finds(value) == [STATE]
    assert finds(plain) == []
    assert clean(plain, TEXT) is plain


@pytest.mark.parametrize("around", list(AROUND.values()), ids=list(AROUND))
def test_without_an_enum(around):
    value = around(around("a"))
    assert finds(value) == []
    assert clean(value, TEXT) is value


@pytest.mark.parametrize("factory", [WebSocketState, list, None, lambda: STATE])
def test_a_default_factory_is_no_part(factory):
    value = defaultdict(factory, a=1)
    assert clean(value, TEXT) is value
    value["b"] = STATE
    new = clean(value, TEXT)
    assert new == {"a": 1, "b": "connected"}
    assert new.default_factory is factory


@pytest.mark.parametrize("has_enum", [False, True])
def test_a_cycle_ends(has_enum):
    value = [{}, STATE if has_enum else 1]
    value[0]["back"] = (value,)
    assert not is_plain(value)
    assert finds(value) == ([STATE] if has_enum else [])


@pytest.mark.parametrize("has_enum", [False, True])
@pytest.mark.parametrize("twice", [lambda x: [x, x], lambda x: (x, x), lambda x: {"a": x, "b": x}])
def test_a_graph_with_many_paths_takes_no_time(twice, has_enum):
    value = [STATE if has_enum else object()]
    for _ in range(40):
        value = twice(value)
    start = time.perf_counter()
    assert not (has_enum and is_plain(value))
    assert len(finds(value)) == has_enum
    assert (clean(value, TEXT) is value) is not has_enum
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("claims", [STATE, WebSocketState], ids=["member", "class"])
def test_a_proxy_is_what_it_stands_for(claims):
    value = {"a": [wrapt.ObjectProxy(claims)]}
    assert not is_plain(value)
    assert clean(value, TEXT) == {"a": ["connected" if claims is STATE else "WebSocketState"]}


STRANGERS = {
    "object": object,
    "lambda": lambda: lambda: STATE,
    "holder": lambda: Holder(a=STATE),
    "unhashable-class": WithoutHash,
    "class-with-bad-hash": WithBadHash,
}


@pytest.mark.parametrize("around", [lambda *x: [*x], lambda *x: tuple(x), lambda *x: dict(zip("abc", x)), deque])
@pytest.mark.parametrize("make", list(STRANGERS.values()), ids=list(STRANGERS))
def test_an_enum_beside_a_stranger(make, around):
    stranger = make()
    for parts in ([stranger, STATE], [STATE, stranger], [[stranger], STATE], [stranger, [STATE]]):
        value = around(*parts) if around is not deque else deque(parts)
        new = clean(value, TEXT)
        found = list(new.values()) if type(new) is dict else list(new)
        assert found == [
            "connected" if part is STATE else (["connected"] if part == [STATE] else part) for part in parts
        ]


def test_what_the_collector_does_not_track_and_then_holds_an_enum():
    value, holder = {"a": {}, "b": (1, ("x",))}, Holder()
    holder.a = 1
    value["vars"] = vars(holder)
    gc.collect()
    assert clean(value, TEXT) is value
    value["a"]["state"] = holder.a = holder.b = STATE
    assert clean(value, TEXT) == {
        "a": {"state": "connected"},
        "b": (1, ("x",)),
        "vars": {"a": "connected", "b": "connected"},
    }
