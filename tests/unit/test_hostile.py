"""Objects that resist, or only look like an enum: left alone, and the record is emitted."""

import enum
from collections import UserDict
from types import MappingProxyType
from unittest import mock

import pytest
import wrapt

from .bench import Log, field, is_text
from .members import Level, WebSocketState

STATE = WebSocketState.CONNECTED


def raising(*args, **kwargs):
    raise RuntimeError("the host's")


def hostile(*names, base=object):
    return type("Hostile", (base,), dict.fromkeys(names, raising))


class ClassRaises:
    __class__ = property(raising)


class ClassIsNoType:
    __class__ = 5


class NameAndValue:
    name = _name_ = "CONNECTED"
    value = _value_ = 1


class AnyAttribute:
    def __getattr__(self, name):
        return self


class AskedForAttributes:
    def __getattribute__(self, name):
        raise RuntimeError("the host's")


HOSTILE = {
    "class-raises": ClassRaises,
    "class-is-no-type": ClassIsNoType,
    "eq": hostile("__eq__", "__ne__"),
    "hash": hostile("__hash__"),
    "len": hostile("__len__", "__bool__"),
    "iter": hostile("__iter__", "__getitem__", "__contains__", "keys"),
    "str": hostile("__str__", "__repr__", "__format__"),
    "getattr": hostile("__getattr__"),
    "getattribute": AskedForAttributes,
    "name-and-value": NameAndValue,
    "any-attribute": AnyAttribute,
    "mock": mock.Mock,
    "magic-mock": mock.MagicMock,
    "mock-of-the-class": lambda: mock.Mock(spec=WebSocketState),
    "mock-of-a-member": lambda: mock.Mock(spec=STATE),
    "magic-mock-of-a-member": lambda: mock.MagicMock(spec=Level.INFO),
    "autospec": lambda: mock.create_autospec(WebSocketState),
    "unbound-proxy": lambda: wrapt.ObjectProxy.__new__(wrapt.ObjectProxy),
    "proxy-of-no-enum": lambda: wrapt.ObjectProxy([1]),
    "dict-that-raises": hostile("__iter__", "items", "keys", "__len__", "__getitem__", "__eq__", base=dict),
    "list-that-raises": hostile("__iter__", "__len__", "__getitem__", "__eq__", "__bool__", base=list),
    "tuple-that-raises": hostile("__iter__", "__len__", "__getitem__", "__bool__", "__hash__", base=tuple),
    "mapping-proxy-that-raises": lambda: MappingProxyType(hostile("__iter__", "keys", "items", base=UserDict)()),
    "str-that-raises": hostile("__str__", "__eq__", "__hash__", "__len__", "lower", base=str),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_objects_that_are_no_enum_are_left_alone(make, start):
    start()
    log = Log(formats=False)
    given = make()
    inner = [given, STATE]
    log.info("%s %s", given, STATE, extra={"given": given, "inner": inner, "other": {"a": STATE}})
    assert log.record.given is given
    assert log.record.inner[0] is given
    assert is_text(log.record.inner[1], "connected")
    assert log.record.args[0] is given
    assert is_text(log.record.args[1], "connected")
    assert log.record.other == {"a": "connected"}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_objects_that_are_no_enum_as_the_message_and_the_argument_of_a_filter(make, start):
    start()
    log = Log(formats=False)
    given = make()
    log.addFilter(lambda record: setattr(record, "added", given) or True)
    log.info(given, extra={"other": STATE})
    assert log.record.msg is given
    assert log.record.added is given
    assert is_text(log.record.other, "connected")


class Mortal:
    """A key whose `__hash__` works once: in the host's own dict."""

    def __init__(self):
        self.calls = 0

    def __hash__(self):
        self.calls += 1
        if self.calls > 1:
            raise RuntimeError("the host's")
        return 1


def test_a_key_that_can_be_hashed_no_more_passes_through(start):
    start()
    log = Log()
    given = {Mortal(): STATE}
    log.info("event", extra={"given": given, "other": [STATE]})
    assert log.record.given is given
    assert log.record.other == ["connected"]


class StrangeMeta(type):
    def __getattribute__(cls, name):
        raise RuntimeError("the host's")


class EqualMeta(type):
    """With `__eq__` and no `__hash__`, the classes can't be looked up in a table."""

    def __eq__(cls, other):
        return cls is other


class CallsItselfEnum(type):
    def __instancecheck__(cls, value):
        return True

    def __subclasscheck__(cls, other):
        return True


@pytest.mark.parametrize("meta", [StrangeMeta, EqualMeta, CallsItselfEnum])
def test_strange_metaclasses(meta, start):
    start()
    log = Log(formats=False)
    given = meta("Given", (), {})()
    of_dict = meta("OfDict", (dict,), {})()
    log.info("%s %s", given, STATE, extra={"given": given, "dict": of_dict, "a": STATE, "inner": [given, STATE]})
    assert log.record.given is given
    assert log.record.dict is of_dict
    assert is_text(log.record.a, "connected")
    assert is_text(log.record.inner[1], "connected")
    assert is_text(log.record.args[1], "connected")


class Lazy:
    """As Django's and werkzeug's: each question is handed on to what it stands for."""

    def __init__(self, make):
        self.__dict__["make"] = make

    @property
    def __class__(self):
        return type(self.__dict__["make"]())

    def __getattr__(self, name):
        return getattr(self.__dict__["make"](), name)


def test_lazy_proxies():
    lazy_list, unbound = Lazy(lambda: [STATE]), Lazy(raising)
    assert is_text(field(Lazy(lambda: STATE)), "connected")
    assert field(lazy_list) is lazy_list
    assert field(unbound) is unbound


def test_a_custom_enum_meta():
    class Meta(enum.EnumMeta):
        def __iter__(cls):
            raise RuntimeError("the host's")

        __len__ = __contains__ = __getitem__ = __iter__

    class Strict(enum.Enum, metaclass=Meta):
        ONE = 1

    assert field([Strict.ONE, Strict]) == ["one", "Strict"]


def test_members_that_compare_and_hash_in_strange_ways():
    class Strange(enum.Enum):
        ONE = [1]
        TWO = {"a": 2}

        __eq__ = __bool__ = raising
        __hash__ = None

    assert field([Strange.ONE, {"a": Strange.TWO}]) == ["one", {"a": "two"}]
