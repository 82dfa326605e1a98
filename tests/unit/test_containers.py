"""Containers keep their type and all else they are; nothing of the host's is mutated."""

from collections import Counter, OrderedDict, UserDict, UserList, defaultdict, deque, namedtuple
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple

import pytest

from .bench import Log, field, is_text, picture
from .members import Color, Level, WebSocketState

STATE = WebSocketState.CONNECTED
Point = namedtuple("Point", "x state")


class Typed(NamedTuple):
    x: int
    state: object = None


class Dict(dict):
    pass


class List(list):
    pass


class Tuple(tuple):
    pass


class Set(set):
    pass


class Frozen(frozenset):
    pass


class Deque(deque):
    pass


class Ordered(OrderedDict):
    pass


class Default(defaultdict):
    pass


class Counting(Counter):
    pass


class Spot(Point):
    pass


MAPPINGS = [dict, OrderedDict, Dict, Ordered, Counter, Counting, MappingProxyType]
SEQUENCES = [list, tuple, deque, List, Tuple, Deque]
SETS = [set, frozenset, Set, Frozen]


@pytest.mark.parametrize("container", SEQUENCES)
def test_sequences(container):
    given = container([1, STATE, "x"])
    found = field(given)
    assert type(found) is container
    assert list(found) == [1, "connected", "x"]
    assert list(given) == [1, STATE, "x"]


@pytest.mark.parametrize("container", SETS)
def test_sets(container):
    given = container([1, STATE, Color.RED])
    found = field(given)
    assert type(found) is container
    assert found == {1, "connected", "the color Red"}
    assert given == {1, STATE, Color.RED}


@pytest.mark.parametrize("container", MAPPINGS)
def test_mappings(container):
    given = container({"b": STATE, STATE: [STATE], "a": 1})
    found = field(given)
    assert type(found) is container
    assert list(found.items()) == [("b", "connected"), ("connected", ["connected"]), ("a", 1)]
    assert list(given.items()) == [("b", STATE), (STATE, [STATE]), ("a", 1)]


@pytest.mark.parametrize("container", [defaultdict, Default])
def test_a_defaultdict_keeps_its_factory(container):
    found = field(container(list, {"state": STATE}))
    assert type(found) is container
    assert found.default_factory is list
    assert found == {"state": "connected"}
    assert found["new"] == []


@pytest.mark.parametrize("container", [deque, Deque])
@pytest.mark.parametrize("size", [2, 5, None])
def test_a_deque_keeps_its_length(container, size):
    found = field(container([STATE, 1], size))
    assert type(found) is container
    assert found.maxlen == size
    assert list(found) == ["connected", 1]


@pytest.mark.parametrize("container", [Point, Typed, Spot])
def test_named_tuples(container):
    given = container(1, STATE)
    found = field(given)
    assert type(found) is container
    assert found.x == 1
    assert is_text(found.state, "connected")
    assert given.state is STATE


def test_an_ordered_dict_keeps_an_order_that_was_changed():
    given = OrderedDict([("a", 1), ("b", STATE), ("c", 3)])
    given.move_to_end("a")
    assert list(field(given).items()) == [("b", "connected"), ("c", 3), ("a", 1)]


def test_a_counter_still_counts():
    found = field(Counter([STATE, STATE, "x"]))
    assert found == Counter({"connected": 2, "x": 1})
    assert found["nothing"] == 0


def test_mappingproxy_of_a_dict_with_an_enum():
    below = {"state": STATE}
    found = field(MappingProxyType(below))
    assert found == {"state": "connected"}
    assert below["state"] is STATE


class Strict(dict):
    """What a subclass may do: other arguments, attributes, methods of its own that must not run."""

    def __init__(self, owner, note):
        super().__init__()
        self.owner, self.note = owner, note

    def forbidden(self, *args, **kwargs):
        raise AssertionError("the host's code has no business in a log call")

    def __setattr__(self, name, value):
        if "note" in self.__dict__:
            raise AttributeError("frozen")
        super().__setattr__(name, value)


class Forbidding(Strict):
    __setitem__ = __getitem__ = __iter__ = items = keys = values = update = copy = __len__ = __eq__ = Strict.forbidden
    __missing__ = __copy__ = __deepcopy__ = __reduce_ex__ = __contains__ = __bool__ = Strict.forbidden
    __hash__ = None


@pytest.mark.parametrize("cls", [Strict, Forbidding])
def test_a_subclass_keeps_its_attributes_and_its_code_does_not_run(cls):
    given = cls("me", note=["x"])
    dict.__setitem__(given, "state", STATE)
    found = field(given)
    assert type(found) is cls
    assert dict.items(found) == {"state": "connected"}.items()
    assert found.owner == "me"
    assert found.note is given.note
    assert found is not given


class SlottedDict(dict):
    __slots__ = ("owner", "unset")


class SlottedList(list):
    __slots__ = ("__private", "owner")

    def hide(self, value):
        self.__private = value
        return self

    def hidden(self):
        return self.__private


class SlottedWithDict(SlottedDict):
    pass


class SlottedSet(set):
    __slots__ = ("owner",)


class SlottedDeque(deque):
    __slots__ = ("owner",)


@pytest.mark.parametrize("cls", [SlottedDict, SlottedWithDict, SlottedList, SlottedSet, SlottedDeque])
def test_a_subclass_keeps_its_slots(cls):
    given = cls([(STATE, 1)])
    given.owner = "me"
    found = field(given)
    assert type(found) is cls
    assert list(found.items() if isinstance(found, dict) else found) == [("connected", 1)]
    assert found.owner == "me"
    assert not hasattr(found, "unset")


def test_private_slots_and_empty_ones():
    class Empty(tuple):
        __slots__ = ()

    class EmptyFrozen(frozenset):
        __slots__ = ()

    assert field(SlottedList([STATE]).hide(5)).hidden() == 5
    assert field(Empty([STATE])) == ("connected",)
    assert field(EmptyFrozen([STATE])) == {"connected"}


def test_attributes_of_a_subclass_are_its_own_business():
    given = Dict(a=STATE)
    given.state = STATE
    found = field(given)
    assert found.state is STATE
    assert found == {"a": "connected"}


@dataclass
class Model:
    state: object


@pytest.mark.parametrize(
    "value",
    [
        Model(STATE),
        SimpleNamespace(state=STATE),
        UserDict(state=STATE),
        UserList([STATE]),
        ValueError(STATE),
        iter([STATE]),
        {"a": STATE}.values(),
        range(3),
        memoryview(b"x"),
        lambda: STATE,
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_other_object_is_left_alone(value):
    assert field(value) is value
    assert field([STATE, value])[1] is value


@pytest.mark.parametrize("container", SEQUENCES + SETS + [lambda v: {"a": v}, lambda v: Point(1, v), Model])
def test_without_an_enum_it_is_the_same_object(container):
    inner = container([1, "x", None, 2.5, b"y"])
    deep = {"a": [inner, {"b": (inner,)}], "empty": [{}, [], (), set()]}
    assert field(inner) is inner
    assert field(deep) is deep


def test_only_the_path_to_an_enum_is_copied():
    left, right, below = [1], {"x": [2]}, {"state": STATE}
    other = {"right": right}
    given = {"left": left, "list": [other, below], "t": (right, 1), object(): left}
    before = picture(given)
    found = field(given)
    assert picture(given) == before
    assert found["left"] is left
    assert found["list"][0] is other
    assert found["t"] is given["t"]
    assert found["list"][1] == {"state": "connected"}
    assert list(found) == list(given)


def test_the_dict_of_extras_is_not_mutated(start):
    start()
    log = Log()
    extra = {"state": STATE, STATE: 1, "labels": {"a": [STATE, Level.INFO]}}
    before = picture(extra)
    log.info("%s %s", STATE, extra["labels"], extra=extra)
    assert picture(extra) == before
    assert list(extra) == ["state", STATE, "labels"]


def test_nothing_of_the_hosts_is_mutated_in_arguments_and_messages(start):
    start()
    log = Log()
    message, argument, mapping = {"a": [STATE]}, [STATE, {STATE: {STATE}}], {"s": STATE, "l": [STATE]}
    before = picture([message, argument, mapping])[2]
    log.info(message)
    log.info("%s", argument)
    log.info("%(s)s %(l)s", mapping)
    assert picture([message, argument, mapping])[2] == before
