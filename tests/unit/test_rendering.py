"""Enums that render as their string in f-strings, and outside of that stay themselves."""

import copy
import enum
import json
import logging
import pickle
import sys
import types

import aenum
import pytest

import shim

from .bench import Log, is_text
from .members import WebSocketState as Untouched


class State(enum.Enum):
    CONNECTING = 0
    CONNECTED = 1
    OPEN = 1  # noqa: PIE796


class Number(enum.IntEnum):
    ONE = 1


class Text(str, enum.Enum):
    ONE = "The One"


class Said(enum.Enum):
    ONE = 1

    def __str__(self):
        return "said"


class Formatted(enum.Enum):
    ONE = 1

    def __format__(self, spec):
        return "formatted " + spec


class Mode(enum.Flag):
    READ = 1
    WRITE = 2


class Base(enum.Enum):
    pass


class Derived(Base):
    ONE = 1


class DerivedSaid(Base):
    ONE = 1

    def __str__(self):
        return "said"


Imported = State


class Outer:
    class State(enum.Enum):
        ONE = 1


class AenumState(aenum.Enum):
    CONNECTED = 1
    OPEN = 1


class AenumNumber(aenum.IntEnum):
    ONE = 1


class AenumText(aenum.StrEnum):
    ONE = "The One"


class AenumSaid(aenum.Enum):
    ONE = 1

    def __str__(self):
        return "said"


class AenumMode(aenum.Flag):
    READ = 1
    WRITE = 2


HERE = __name__
ALL = [State, Number, Text, Said, Mode, AenumState, AenumNumber, AenumText, AenumSaid, AenumMode]


def rendering(*classes, **settings):
    return shim.install(shim.Settings(text_classes=["%s:%s" % (HERE, cls.__qualname__) for cls in classes], **settings))


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (State.CONNECTED, "connected"),
        (State.OPEN, "connected"),
        (Number.ONE, "one"),
        (Text.ONE, "The One"),
        (Said.ONE, "said"),
        (Mode.READ | Mode.WRITE, "read|write"),
        (Outer.State.ONE, "one"),
        (AenumState.OPEN, "connected"),
        (AenumNumber.ONE, "one"),
        (AenumText.ONE, "The One"),
        (AenumSaid.ONE, "said"),
        (AenumMode.READ | AenumMode.WRITE, "read|write"),
    ],
)
def test_every_way_to_render(member, expected):
    rendering(type(member))
    assert is_text(f"{member}", expected)
    assert is_text(str(member), expected)
    assert is_text("{}".format(member), expected)
    assert is_text("%s" % member, expected)
    assert is_text(format(member), expected)
    assert f"{member:>20}" == expected.rjust(20)
    assert f"[{member!s:^20}]" == "[%s]" % expected.center(20)


def test_a_specification_for_numbers_is_the_numbers():
    rendering(Number)
    assert f"{Number.ONE:d} {Number.ONE:03d}" == "1 001"


def test_a_specification_that_never_fitted_still_raises():
    rendering(State)
    with pytest.raises(ValueError, match="format"):
        f"{State.CONNECTED:d}"


@pytest.mark.parametrize(
    ("style", "expected"), [("name", "CONNECTED"), ("value", "1"), ("full", "State.CONNECTED"), ("lower", "connected")]
)
def test_styles(style, expected):
    rendering(State, Said, style=style)
    assert f"{State.CONNECTED}" == str(State.CONNECTED) == expected
    assert f"{Said.ONE}" == str(Said.ONE) == {"name": "ONE", "value": "1", "full": "Said.ONE", "lower": "one"}[style]


def test_in_a_log_call(start):
    rendering(State)
    log = Log()
    log.info(f"state {State.CONNECTED}")
    log.info("state %s", State.CONNECTED)
    assert log.lines == ["state connected"] * 2


def identity(cls):
    """All that has to be the same while a class's rendering is wrapped."""
    members = list(cls.__members__.values())
    return {
        "iteration": [id(one) for one in cls],
        "members": [(name, id(one)) for name, one in cls.__members__.items()],
        "repr": [repr(one) for one in members],
        "repr of the class": repr(cls),
        "name": [one.name for one in members],
        "value": [one.value for one in members],
        "hash": [hash(one) for one in members],
        "equality": [[one == other for other in members + [1, "The One", None]] for one in members],
        "by value": [id(cls(one.value)) for one in members],
        "by name": [id(cls[one.name]) for one in members],
        "copy": [(id(copy.copy(one)), id(copy.deepcopy(one))) for one in members],
        "pickle": [pickle.dumps(one) for one in members],
        "unpickled": [id(pickle.loads(pickle.dumps(one))) for one in members],
        "length": len(cls),
        "types": [type(one) for one in members],
        "dir": [name for name in dir(cls) if not name.startswith("__")],
        "doc": cls.__doc__,
        "bases": cls.__mro__,
        "truth": [bool(one) for one in members],
    }


@pytest.mark.parametrize("cls", ALL)
def test_it_stays_itself(cls):
    before = identity(cls)
    rendering(*ALL)
    assert identity(cls) == before
    shim.uninstall()
    assert identity(cls) == before


@pytest.mark.parametrize("is_on", [False, True])
def test_json_is_as_before(is_on):
    if is_on:
        rendering(*ALL)
    for value in (State.CONNECTED, {"a": State.CONNECTED}, {State.CONNECTED: 1}, Said.ONE, Mode.READ):
        with pytest.raises(TypeError):
            json.dumps(value)
    assert json.dumps([Number.ONE, Text.ONE]) == '[1, "The One"]'


def test_a_class_that_is_not_named_renders_as_before():
    before = str(Untouched.CONNECTED), f"{Untouched.CONNECTED}"
    rendering(*ALL)
    assert (str(Untouched.CONNECTED), f"{Untouched.CONNECTED}") == before


@pytest.mark.parametrize("cls", [*ALL, Formatted])
def test_uninstall_puts_back_what_was_there(cls):
    before = dict(vars(cls))
    rendered = [(str(one), f"{one}") for one in cls]
    rendering(*ALL, Formatted)
    shim.uninstall()
    assert dict(vars(cls)) == before
    assert all(vars(cls)[name] is value for name, value in before.items())
    assert [(str(one), f"{one}") for one in cls] == rendered


def test_a_wrapper_that_somebody_put_over_ours_stays_and_renders_as_before():
    class Later(enum.Enum):
        ONE = 1

    module = types.ModuleType("unit_fake_over")
    module.Later = Later
    sys.modules[module.__name__] = module
    try:
        shim.install(shim.Settings(text_classes=["unit_fake_over:Later"]))
        ours = vars(Later)["__str__"]
        Later.__str__ = lambda self: "<%s>" % ours.__get__(self)()
        theirs = vars(Later)["__str__"]
        assert str(Later.ONE) == "<one>"
        shim.uninstall()
        assert vars(Later)["__str__"] is theirs
        assert str(Later.ONE) == "<Later.ONE>"
    finally:
        del sys.modules[module.__name__]


def test_a_kept_class_renders_as_before():
    before = str(State.CONNECTED)
    rendering(State, keep_classes=[HERE + ":State"])
    assert str(State.CONNECTED) == before


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("Nothing", "AttributeError: %s has no Nothing" % HERE),
        ("Outer.Nothing", "AttributeError: %s has no Outer.Nothing" % HERE),
        ("Nothing.State", "AttributeError: %s has no Nothing.State" % HERE),
        ("HERE", "TypeError: HERE is no enum class"),
        ("Outer", "TypeError: Outer is no enum class"),
        ("State.CONNECTED", None),
        ("pytest", "TypeError: pytest is no enum class"),
    ],
)
def test_an_entry_that_names_no_enum_class_is_one_line_and_the_rest_is_as_it_is(path, reason, capsys, monkeypatch):
    monkeypatch.setattr("shim.report._said", set())
    entry = "%s:%s" % (HERE, path)
    shim.install(shim.Settings(text_classes=[entry, HERE + ":State"]))
    assert str(State.CONNECTED) == "connected"
    log = Log()
    log.info("%s", Untouched.CONNECTED)
    assert log.line == "connected"
    (line,) = capsys.readouterr().err.splitlines()
    start = "enum-log-shim: %s is not wrapped: " % entry
    assert line.startswith(start)
    assert reason is None or line == start + reason


def test_a_class_may_be_named_where_it_is_imported_from_and_twice():
    shim.install(shim.Settings(text_classes=["%s:Imported" % HERE, "%s:State" % HERE, "%s:State" % HERE]))
    assert f"{State.CONNECTED}" == str(Imported.CONNECTED) == "connected"
    shim.uninstall()
    assert str(State.CONNECTED) == "State.CONNECTED"
    assert "__str__" not in vars(State)


def test_a_class_that_is_an_enum_for_text_and_to_be_kept_is_kept(capsys, monkeypatch):
    monkeypatch.setattr("shim.report._said", set())
    shim.install(shim.Settings(text_classes=[HERE + ":Imported"], keep_classes=[HERE + ":State"], debug=True))
    assert str(State.CONNECTED) == "State.CONNECTED"
    log = Log(formats=False)
    log.info("event", extra={"state": State.CONNECTED})
    assert log.record.state is State.CONNECTED
    assert HERE + ":Imported is not wrapped: ENUM_LOG_SHIM_KEEP names it" in capsys.readouterr().err


def test_a_module_is_not_asked_for_what_it_makes_when_it_is_asked(monkeypatch, capsys):
    module = types.ModuleType("unit_fake_lazy")
    asked = []
    module.__getattr__ = asked.append
    monkeypatch.setitem(sys.modules, module.__name__, module)
    shim.install(shim.Settings(text_classes=["unit_fake_lazy:State"]))
    assert asked == []
    assert capsys.readouterr().err.count("unit_fake_lazy has no State") == 1


def test_members_of_a_subclass_render_as_those_of_its_base():
    rendering(Base)
    assert f"{Derived.ONE}" == "one"
    assert f"{DerivedSaid.ONE}" == "said"
    log = Log()
    log.info("%s %s", Derived.ONE, DerivedSaid.ONE)
    assert log.line == "one said"


class Failing(enum.Enum):
    ONE = 1

    def __str__(self):
        raise RuntimeError("the host's")


def test_what_an_authors_str_raises_it_still_raises():
    rendering(Failing)
    with pytest.raises(RuntimeError, match="the host's"):
        str(Failing.ONE)


def test_starlettes_state():
    websockets = pytest.importorskip("starlette.websockets")
    cls = websockets.WebSocketState
    before, plain, attributes = identity(cls), str(cls.CONNECTED), dict(vars(cls))
    shim.install(shim.Settings())
    assert f"{cls.CONNECTED}" == str(cls.CONNECTED) == "{}".format(cls.CONNECTED) == "connected"
    assert identity(cls) == before
    with pytest.raises(TypeError):
        json.dumps(cls.CONNECTED)
    shim.uninstall()
    assert str(cls.CONNECTED) == plain
    assert dict(vars(cls)) == attributes


def test_starlettes_state_is_skipped():
    cls = pytest.importorskip("starlette.websockets").WebSocketState
    plain = str(cls.CONNECTED)
    shim.install(shim.Settings(skip=["starlette"]))
    assert str(cls.CONNECTED) == plain
    shim.uninstall()
    make = vars(logging.Logger)["makeRecord"]
    shim.install(shim.Settings(skip=["logging"]))
    assert vars(logging.Logger)["makeRecord"] is make
    assert str(cls.CONNECTED) == "connected"
