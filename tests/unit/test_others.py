"""Classes that are passed over once they were met, whose objects are no enums or containers and can't claim to be."""

import enum
import gc

import pytest

from shim import families
from shim.convert import clean
from shim.policy import as_field
from shim.settings import Settings

from .members import WebSocketState

STATE = WebSocketState.CONNECTED
REPLACE = as_field(Settings())


class Plain:
    pass


class Slotted:
    __slots__ = ("part",)


class Proxy:
    def __init__(self, of):
        self.of = of

    @property
    def __class__(self):
        return type(self.of)

    def __getattr__(self, name):
        return getattr(self.of, name)


class Asked(Plain):
    def __getattribute__(self, name):
        return WebSocketState if name == "__class__" else object.__getattribute__(self, name)


class Listed(list):
    pass


@pytest.fixture(autouse=True)
def _forgotten():
    families.OTHERS.clear()
    yield
    families.OTHERS.clear()


@pytest.mark.parametrize("value", [Plain(), Slotted(), object()], ids=lambda value: type(value).__name__)
def test_a_class_is_met_once(value):
    assert clean(value, REPLACE) is value
    assert id(type(value)) in families.OTHERS
    assert clean({"a": [value], "b": STATE}, REPLACE) == {"a": [value], "b": "connected"}


@pytest.mark.parametrize(
    "value", [Proxy(1), Asked(), Listed(), STATE, WebSocketState], ids=lambda value: type(value).__name__
)
def test_what_may_be_an_enum_or_hold_one_is_looked_at_each_time(value):
    clean(value, REPLACE)
    clean({"a": [value]}, REPLACE)
    assert id(type(value)) not in families.OTHERS


def test_a_proxy_is_asked_each_time():
    assert clean(Proxy(1), REPLACE).of == 1
    assert clean([Proxy(STATE)], REPLACE) == ["connected"]


def test_no_class_is_kept_alive():
    cls = type("Short", (), {})
    clean(cls(), REPLACE)
    assert len(families.OTHERS) == 1
    del cls
    gc.collect()
    assert not families.OTHERS


def test_what_was_none_may_be_an_enum_of_a_family_that_is_added(monkeypatch):
    names = ("BASES", "ENUMS", "METACLASSES", "FLAGS", "PACKAGES")
    for name in names:
        monkeypatch.setattr(families, name, getattr(families, name))
    clean(Plain(), REPLACE)
    clean(enum.auto(), REPLACE)
    assert families.OTHERS
    other = type(enum)("other_enum")
    other.EnumMeta = type("EnumMeta", (type,), {})
    other.Enum = other.EnumMeta("Enum", (), {})
    families.add(other)
    assert not families.OTHERS
