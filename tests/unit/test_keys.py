"""Keys and set items that are enums: nothing is dropped where two of them would become equal."""

import enum

import pytest

from .bench import field
from .members import Role, WebSocketState

STATE = WebSocketState.CONNECTED


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"connected": 1, STATE: 2}, {"connected": 1, "WebSocketState.CONNECTED": 2}),
        ({STATE: 1, "connected": 2}, {"WebSocketState.CONNECTED": 1, "connected": 2}),
        ({("connected",): 1, (STATE,): 2}, {("connected",): 1, ("WebSocketState.CONNECTED",): 2}),
        (
            {frozenset({STATE}): 1, frozenset({"connected"}): 2},
            {frozenset({"WebSocketState.CONNECTED"}): 1, frozenset({"connected"}): 2},
        ),
        ({"Admin-User": 1, STATE: 2}, {"Admin-User": 1, "connected": 2}),
    ],
)
def test_keys_that_would_become_equal(given, expected):
    found = field(given)
    assert list(found.items()) == list(expected.items())


class Link(enum.Enum):
    CONNECTED = 1


class Twin(enum.Enum):
    A = 1
    a = 2


def test_of_two_enums_the_later_is_written_in_full():
    assert list(field({STATE: 1, Link.CONNECTED: 2}).items()) == [("connected", 1), ("Link.CONNECTED", 2)]
    assert list(field({Twin.A: 1, Twin.a: 2}).items()) == [("a", 1), ("Twin.a", 2)]


def test_nothing_is_dropped_where_full_style_is_taken_too():
    given = {"connected": 1, "WebSocketState.CONNECTED": 2, STATE: 3}
    found = field(given)
    assert list(found.values()) == [1, 2, 3]
    assert [type(key) for key in found] == [str] * 3


def test_nothing_is_dropped_where_a_str_member_collides():
    class Text(str, enum.Enum):
        ONE = "connected"

    class Same(enum.Enum):
        ONE = 1

        def __str__(self):
            return "same"

    class Two(enum.Enum):
        ONE = 1

        def __str__(self):
            return "same"

    assert list(field({Text.ONE: 1, STATE: 2}).values()) == [1, 2]
    assert list(field({STATE: 1, Text.ONE: 2}).values()) == [1, 2]
    assert list(field({Same.ONE: 1, Two.ONE: 2}).items()) == [("same", 1), ("Two.ONE", 2)]
    same = [enum.Enum("Made", "ONE", module=__name__).ONE for _ in range(4)]
    assert len(field(dict.fromkeys(same))) == 4
    assert len(field(set(same))) == 4
    assert len(field({(one,) for one in same})) == 4


def test_set_items_that_would_become_equal():
    assert field({"connected", STATE}) == {"connected", "WebSocketState.CONNECTED"}
    assert len(field({STATE, Link.CONNECTED})) == 2


def test_a_str_member_as_a_key_keeps_its_place():
    given = {"x": 1, Role.ADMIN: 2, "y": 3}
    found = field(given)
    assert list(found) == ["x", "Admin-User", "y"]
    assert [type(key) for key in found] == [str] * 3


def test_style_in_keys():
    assert field({STATE: 1}, style="full") == {"WebSocketState.CONNECTED": 1}
    assert list(field({"1": 1, STATE: 2}, style="value")) == ["1", "WebSocketState.CONNECTED"]
