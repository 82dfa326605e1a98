"""Container classes of the host's of which no copy may be made, because it would not be what the original is."""

import enum
import gc
import json
from collections import OrderedDict, deque

import pytest

from .bench import Log, field, is_text
from .members import WebSocketState

STATE = WebSocketState.CONNECTED


class Code(enum.IntEnum):
    OK = 200
    GONE = 410


ENDED = []


class Ends:
    def __del__(self):
        ENDED.append(type(self).__name__)


class Files(Ends, list):
    """As a list of temporary files that removes them at its end."""


class Slotted(list):
    __slots__ = ()

    def __del__(self):
        ENDED.append("Slotted")


class Dict(Ends, dict):
    pass


class Ordered(Ends, OrderedDict):
    pass


class Set(Ends, set):
    pass


class Deque(Ends, deque):
    pass


class Tuple(Ends, tuple):
    pass


@pytest.fixture(autouse=True)
def _ended():
    yield
    gc.collect()
    ENDED.clear()


@pytest.mark.parametrize("cls", [Files, Slotted, Dict, Ordered, Set, Deque, Tuple])
def test_del_is_never_run_by_us(cls, start):
    start()
    log = Log(formats=False)
    given = cls([(STATE, 1)] if issubclass(cls, dict) else [STATE])
    log.info("%s", given, extra={"given": given, "inner": [given, STATE]})
    log.info("%s", [given, STATE])
    log.info(given)
    assert log.keeper.records[0].given is given
    assert log.keeper.records[0].inner[0] is given
    assert is_text(log.keeper.records[0].inner[1], "connected")
    assert STATE in given
    log.keeper.records.clear()
    log.keeper.fields.clear()
    gc.collect()
    assert ENDED == []


class Sorted(dict):
    """As sortedcontainers' SortedDict: its keys stand in an attribute once more, and it is read through that."""

    def __init__(self, items):
        super().__init__(items)
        self.order = sorted(items)

    def __iter__(self):
        return iter(self.order)

    def keys(self):
        return list(self.order)

    def items(self):
        return [(key, self[key]) for key in self.order]


@pytest.mark.parametrize("items", [{Code.GONE: 1, Code.OK: 2}, {Code.OK: Code.GONE}, {1: 1, Code.OK: 2}])
def test_keys_that_an_attribute_holds_once_more_stay(items):
    given = Sorted(items)
    expected = json.dumps(given)
    assert json.dumps(field(given)) == expected
    assert field(given) is given
    inner = field({"given": given, "state": STATE})
    assert inner["given"] is given
    assert is_text(inner["state"], "connected")
    assert json.dumps(inner["given"]) == expected


def test_values_beside_keys_that_stay_are_converted():
    given = Sorted({"b": STATE, "a": [STATE], "c": 1})
    found = field(given)
    assert type(found) is Sorted
    assert json.dumps(found) == '{"a": ["connected"], "b": "connected", "c": 1}'
    assert given["b"] is STATE


def test_keys_are_converted_where_no_attribute_can_hold_them():
    class Named(dict):
        pass

    given = Named({Code.OK: STATE})
    given.name, given.size = "codes", 1
    found = field(given)
    assert type(found) is Named
    assert found == {"ok": "connected"}
    assert (found.name, found.size) == ("codes", 1)
