"""The enum classes whose members are written without another look, after the first one."""

import enum
import gc
import logging
import weakref

import pytest

from shim import families
from shim.policy import PlainNames, as_argument, as_field, written
from shim.settings import Settings

from .bench import Log, is_text
from .members import HASHABLE, KINDS, Color, WebSocketState, params


def a_class(names="ON OFF", **methods):
    return enum.Enum("State", names) if not methods else enum.Enum("State", names, type=type("Mixin", (), methods))


def logged(log, member):
    """What the member is as argument, field and part of a field."""
    log.info("%s", member, extra={"field": member, "inner": [member]})
    fields = log.keeper.fields[-1]
    return fields["args"][0], fields["field"], fields["inner"][0]


@pytest.mark.parametrize("kind", **params(KINDS))
@pytest.mark.parametrize("settings", [{}, {"style": "lower"}, {"style": "name"}, {"style": "full"}, {"style": "value"}])
def test_a_class_is_written_the_same_ever_after(kind, settings, start):
    start(**settings)
    log = Log(formats=False)
    first = logged(log, kind.member)
    assert logged(log, kind.member) == first == logged(log, kind.member)
    assert all(type(one) is str for one in first)


@pytest.mark.parametrize("kind", **params(HASHABLE))
def test_which_classes_are_known(kind):
    names = PlainNames(Settings())
    replace = as_argument(Settings(), names)
    cls = kind.member.__class__
    member = kind.member if type(kind.member) is cls else WebSocketState.CONNECTED  # `replace` is given what is behind
    replace(member)
    is_plain = cls.__mro__[1].__module__.partition(".")[0] in ("enum", "aenum") and "__str__" not in vars(cls)
    is_plain = is_plain and not issubclass(cls, (int, str, type, *families.FLAGS))
    assert (id(type(member)) in names.known) is (is_plain or type(member) is WebSocketState)
    assert type(member) is not WebSocketState or written(member) == replace(member)


@pytest.mark.parametrize("settings", [{"style": "full"}, {"style": "name"}, {"style": "value"}])
def test_no_class_is_known_in_another_style(settings):
    names = PlainNames(Settings(**settings))
    as_field(Settings(**settings), names)(WebSocketState.CONNECTED)
    assert names.known == {}


def test_no_class_is_known_where_one_is_kept():
    settings = Settings(keep_classes=frozenset({"a.module:Other"}))
    names = PlainNames(settings)
    names.meet(WebSocketState)
    assert names.known == {}


@pytest.mark.parametrize("method", ["__str__", "__index__", "__int__", "__float__"])
def test_who_has_a_way_of_his_own_is_never_known(method):
    cls = a_class(**{method: lambda self: "own" if method == "__str__" else 7})
    names = PlainNames(Settings())
    for _ in range(2):
        assert as_argument(Settings(), names)(cls.ON) == ("own" if method == "__str__" else "on")
    assert names.known == {}


@pytest.mark.parametrize("name", ["lower", "UPPER", "MiXed", "ÄÖ", "İ", "ẞ", "_x"])
def test_names_in_lower_case(name, start):
    start()
    log, cls = Log(formats=False), a_class([name])
    for _ in range(3):
        assert all(is_text(one, name.lower()) for one in logged(log, cls[name]))


def test_a_logged_class_dies(start):
    start()
    log = Log(formats=False)
    log.keeper.emit = lambda record: None
    cls = a_class()
    for _ in range(3):
        log.info("%s", cls.ON, extra={"state": cls.OFF})
    log.info("over")
    reference = weakref.ref(cls)
    del cls
    gc.collect()
    assert reference() is None


def test_a_class_in_the_place_of_a_dead_one():
    names = PlainNames(Settings())
    replace, met = as_argument(Settings(), names), set()
    for number in range(30):
        plain = a_class(["N%d" % number])
        assert replace(next(iter(plain))) == "n%d" % number
        met.add(id(plain))
        assert id(plain) in names.known
        del plain
        gc.collect()
        assert not met & set(names.known)
        spoken = a_class(__str__=lambda self: "spoken")
        assert replace(spoken.ON) == "spoken"
        del spoken


@pytest.mark.parametrize("name", [None, 5])
def test_a_member_without_a_name_after_its_class_is_known(name, start):
    start()
    log, cls = Log(formats=False), a_class()
    stray = object.__new__(cls)
    stray._value_, stray._name_ = 5, name
    before = logged(log, stray)
    assert is_text(logged(log, cls.ON)[0], "on")
    assert logged(log, stray) == before == ("<serialization_error>",) * 3


@pytest.mark.parametrize("is_known", [False, True])
def test_a_level_whose_name_is_an_enum(is_known, start, monkeypatch):
    monkeypatch.setattr(logging, "_levelToName", dict(logging._levelToName))
    monkeypatch.setattr(logging, "_nameToLevel", dict(logging._nameToLevel))
    logging.addLevelName(25, Color.RED if is_known else WebSocketState.CONNECTED)
    start()
    log = Log("%(levelname)s")
    log.log(25, "event")
    log.log(25, "%s", WebSocketState.CONNECTED, extra={"a": WebSocketState.CONNECTED})
    assert log.lines == ["the color Red" if is_known else "connected"] * 2
