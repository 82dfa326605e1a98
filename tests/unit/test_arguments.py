"""`%` arguments: what fits the format before still fits it."""

import enum
import logging
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, namedtuple
from http import HTTPStatus
from types import MappingProxyType

import pytest

from .bench import Log, is_text, line
from .members import Color, Level, Mode, Price, Ratio, Role, WebSocketState

STATE = WebSocketState.CONNECTED


def test_uvicorns_access_log():
    text = '%s - "%s %s HTTP/%s" %d'
    expected = '127.0.0.1:1 - "GET / HTTP/1.1" 200'
    assert line(text, "127.0.0.1:1", "GET", "/", "1.1", HTTPStatus.OK) == expected


def test_uvicorns_formatter_gets_a_number(start):
    start()
    log = Log()
    log.info('%s - "%s %s HTTP/%s" %d', "a", "GET", "/", "1.1", HTTPStatus.OK)
    *_, status = log.record.args
    assert type(status) is int
    assert HTTPStatus(int(status)).phrase == "OK"


@pytest.mark.parametrize(
    ("message", "args", "expected"),
    [
        ("%s and %d", (Level.INFO, Level.INFO), "info and 20"),
        ("%5.1f|%e|%g", (Ratio.HALF,) * 3, "  0.5|5.000000e-01|0.5"),
        ("%d", (Ratio.HALF,), "0"),
        ("%f", (Level.INFO,), "20.000000"),
        ("%f %d", (Price.LOW, Price.LOW), "1.500000 1"),
        ("%c%c", (Level.INFO, "x"), "\x14x"),
        ("%*d", (Level.INFO, 7), " " * 19 + "7"),
        ("%.*f", (Level.INFO, 0.5), "0." + "5" + "0" * 19),
        ("%% %d%%", (HTTPStatus.OK,), "% 200%"),
        ("%r %a", (HTTPStatus.OK, Role.ADMIN), "'ok' 'Admin-User'"),
        ("%s", ([STATE, {"a": (STATE,)}],), "['connected', {'a': ('connected',)}]"),
        ("%s", ({STATE},), "{'connected'}"),
        ("%s %s", (None, STATE), "None connected"),
        ("%s", (WebSocketState,), "WebSocketState"),
        ("%-10s|", (STATE,), "connected |"),
    ],
)
def test_lines(message, args, expected):
    assert line(message, *args) == expected


def test_a_str_member_under_c():
    class Letter(str, enum.Enum):
        A = "a"

    assert line("%c", Letter.A) == "a"


def test_a_plain_enum_with_number_methods_of_its_own():
    class Size(enum.Enum):
        BIG = 10

        def __index__(self):
            return self.value

        def __float__(self):
            return 10.5

    assert line("%s %x %f", Size.BIG, Size.BIG, Size.BIG) == "big a 10.500000"


def test_an_int_enum_that_overrides_int():
    class Odd(enum.IntEnum):
        ONE = 1

        def __int__(self):
            raise RuntimeError("the host's")

        __pos__ = __float__ = __index__ = __int__

    assert line("%d", Odd.ONE) == "1"


@pytest.mark.parametrize("make", [dict, OrderedDict, MappingProxyType, lambda d: defaultdict(int, d), Counter])
def test_mappings(make, start):
    start()
    log = Log()
    given = make({"code": HTTPStatus.OK, "state": STATE, "n": 1})
    log.info("%(code)d %(state)s %(n)s", given)
    assert log.line == "200 connected 1"
    assert type(log.record.args) is type(given)
    assert log.record.args is not given
    assert given["state"] is STATE


@pytest.mark.parametrize("conversion", "diuoxXc")
def test_numbers_of_a_mapping(conversion):
    text = "%(code)" + conversion
    assert line(text, {"code": HTTPStatus.OK}) == text % {"code": 200}


@pytest.mark.parametrize("conversion", "eEfFgG")
def test_floats_of_a_mapping(conversion):
    text = "%(share).3" + conversion
    assert line(text, {"share": Ratio.HALF}) == text % {"share": 0.5}


def test_keys_of_a_mapping():
    class Key(str, enum.Enum):
        USER = "user"

        def __str__(self):
            return "the key of the " + self.value

    assert line("%(user)s %(connected)s", {Key.USER: "me", STATE: Color.RED}) == "me the color Red"
    assert line("%(user)d", {Key.USER: HTTPStatus.OK}) == "200"


def test_keys_of_a_mapping_that_collide(start):
    start()
    log = Log()
    log.info("%(connected)s", {"connected": 1, STATE: 2, WebSocketState.CONNECTING: 3})
    assert log.line == "1"
    assert log.record.args == {"connected": 1, "WebSocketState.CONNECTED": 2, "connecting": 3}


def test_a_mapping_as_a_whole():
    assert line("%s", {"state": STATE}) == "{'state': 'connected'}"
    assert line("%r %s", {"state": STATE}, 1) == "{'state': 'connected'} 1"


def test_a_default_of_a_defaultdict():
    assert line("%(state)s %(missing)d", defaultdict(int, state=STATE)) == "connected 0"


Point = namedtuple("Point", "x state")


class Speaking(list):
    def __str__(self):
        return "said by itself: %d" % self[0]


class Quiet(dict):
    pass


@pytest.mark.parametrize("value", [Speaking([Level.INFO]), Quiet(a=STATE), UserDict(a=STATE), ChainMap({"a": STATE})])
def test_a_hosts_own_container_renders_itself(value, start):
    start()
    log = Log()
    log.info("%s %s", value, 1)
    assert log.record.args[0] is value


def test_a_named_tuple(start):
    start()
    log = Log()
    given = Point(1, STATE)
    log.info("%s %s", given, "x")
    assert log.line == "Point(x=1, state='connected') x"
    assert type(log.record.args[0]) is Point
    assert given.state is STATE


def test_a_named_tuple_with_a_str_of_its_own_renders_itself():
    class Spot(Point):
        def __str__(self):
            return "at %s" % self.state.name

    assert line("%s", Spot(1, STATE)) == "at CONNECTED"


def test_arguments_without_an_enum_are_the_same_object(start):
    start()
    log = Log(formats=False)
    args = (1, "x", [1, {"a": (2,)}], object())
    record = logging.makeLogRecord({"msg": "%s", "args": args})
    log.keeper.handle(record)
    assert record.args is args
    mapping = {"a": [1]}
    log.info("%(a)s", mapping)
    assert log.keeper.records[1].args is mapping


def test_arguments_beside_an_enum_elsewhere_are_the_same_object(start):
    start()
    log = Log(formats=False)
    args = ("x", 1)
    log.logger._log(20, "%s %s", args, extra={"state": STATE})
    assert log.record.args is args
    assert is_text(log.record.state, "connected")


def test_siblings_of_an_enum_are_the_same_objects(start):
    start()
    log = Log()
    other, inner = object(), [1]
    log.info("%s %s %s", other, STATE, inner)
    assert log.record.args[0] is other
    assert log.record.args[2] is inner
    assert is_text(log.record.args[1], "connected")


def test_arguments_that_are_no_tuple(start):
    start()
    log = Log()
    log.keeper.handle(logging.makeLogRecord({"msg": "%s", "args": [STATE]}))
    log.keeper.handle(logging.makeLogRecord({"msg": "%s", "args": STATE}))
    log.keeper.handle(logging.makeLogRecord({"msg": "no arguments", "args": None}))
    assert log.lines == ["['connected']", "connected", "no arguments"]


def test_a_number_that_is_no_tuple(start):
    start()
    log = Log()
    log.keeper.handle(logging.makeLogRecord({"msg": "%d", "args": Level.INFO}))
    assert log.line == "20"


def test_a_member_that_is_a_mapping():
    class Table(dict, enum.Enum):
        ONE = {"a": 1}

    assert line("%s", Table.ONE) == "one"


@pytest.mark.parametrize(
    ("message", "args"),
    [
        ("%d", (STATE,)),
        ("%d %d", (HTTPStatus.OK,)),
        ("%d", (HTTPStatus.OK, HTTPStatus.OK)),
        ("%y", (HTTPStatus.OK,)),
        ("%d%c", (HTTPStatus.OK, STATE)),
        ("%x", (Price.LOW,)),
        ("%x", (Ratio.HALF,)),
        ("%c", (Mode.READ,)),
        ("%(a)d", (HTTPStatus.OK,)),
        ("%(missing)d", ({"code": HTTPStatus.OK},)),
        ("%", (HTTPStatus.OK,)),
    ],
)
def test_arguments_that_never_fitted(message, args, start):
    """logging reports it as before, and the fields of the record are converted all the same."""
    start()
    log = Log(formats=False)
    log.info(message, *args, extra={"state": STATE, "deep": [{"code": HTTPStatus.OK}]})
    assert is_text(log.record.state, "connected")
    assert is_text(log.record.deep[0]["code"], "ok")
    with pytest.raises((TypeError, ValueError, KeyError)):
        log.record.getMessage()
