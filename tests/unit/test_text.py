"""Which string: every style for every kind, and what happens when the host's own code raises."""

import enum
import re
import sys
from decimal import Decimal

import pytest
import wrapt

from shim.text import text

from .bench import is_text
from .members import KINDS, Color, Msg, Ratio, Role, Spoken, WebSocketState, params


@pytest.mark.parametrize("kind", **params(KINDS))
def test_every_style(kind):
    # `text` is for members; `clean` hands it what a proxy stands for.
    member = kind.member.__wrapped__ if isinstance(kind.member, wrapt.ObjectProxy) else kind.member
    assert is_text(text(member), kind.lower)
    assert is_text(text(member, "name"), kind.name)
    assert is_text(text(member, "full"), kind.full)
    if kind.value is not None:
        assert is_text(text(member, "value"), kind.value)


def test_an_explicit_style_passes_over_the_authors_str():
    assert text(Color.RED) == "the color Red"
    assert text(Color.RED, "lower") == "red"
    assert text(Color.RED, "name") == "RED"


@pytest.mark.parametrize("style", ["lower", "name", "value", "full"])
def test_a_str_member_keeps_its_text_under_an_explicit_style(style):
    assert is_text(text(Role.ADMIN, style), "Admin-User")
    assert is_text(text(Msg.STARTED, style), "Started %s")


def test_an_authors_str_may_be_written_in_any_way():
    class Data(int):
        pass

    class Lambda(Data, enum.Enum):
        ONE = 1
        __str__ = lambda self: "lambda"  # noqa: E731

    class Assigned(enum.Enum):
        ONE = 1

    Assigned.__str__ = lambda self: "assigned"

    class Both(Spoken, int, enum.Enum):
        ONE = 1

    assert text(Lambda.ONE) == "lambda"
    assert text(Assigned.ONE) == "assigned"
    assert text(Both.ONE) == "spoken ONE"


@pytest.mark.parametrize(
    "method", [enum.Enum.__str__, int.__repr__, object.__str__, int.__str__], ids=lambda method: method.__qualname__
)
def test_what_enum_or_the_data_type_wrote_is_no_authors_str(method):
    class Number(int, enum.Enum):
        ONE = 1
        __str__ = method

    assert text(Number.ONE) == "one"


def test_a_str_member_whose_str_is_its_data_types():
    class Text(str, enum.Enum):
        ONE = "The One"
        __str__ = str.__str__

    assert is_text(text(Text.ONE), "The One")


class Loud(str):
    pass


@pytest.mark.parametrize("given", ["Text", Loud("Text")])
def test_an_authors_str_may_return_a_subclass(given):
    class Own(enum.Enum):
        ONE = 1

        def __str__(self):
            return given

    assert is_text(text(Own.ONE), "Text")


def raises(self):
    raise RuntimeError("the host's")


@pytest.mark.parametrize("method", [raises, lambda self: None, lambda self: 1, lambda self: b"x", lambda: "x"])
def test_an_authors_str_that_fails_gives_the_next_rule(method):
    class Plain(enum.Enum):
        ONE = 1
        __str__ = method

    class Text(str, enum.Enum):
        ONE = "own text"
        __str__ = method

    assert is_text(text(Plain.ONE), "one")
    assert is_text(text(Text.ONE), "own text")


def test_an_authors_str_that_recurses_gives_the_next_rule():
    class Endless(enum.Enum):
        ONE = 1

        def __str__(self):
            return str(self)

    assert text(Endless.ONE) == "one"


def test_a_value_that_has_no_string_gives_the_name():
    class Mute:
        __str__ = __repr__ = raises

    class Holder(enum.Enum):
        ONE = Mute()

    assert text(Holder.ONE, "value") == "one"
    assert text(Holder.ONE) == "one"


class Lower:
    def lower(self):
        raise RuntimeError("the host's")


@pytest.mark.parametrize("name", [None, 5, Lower(), ["x"]])
@pytest.mark.parametrize("style", [None, "lower", "name"])
def test_the_last_resort(name, style):
    class Broken(enum.Enum):
        ONE = 1

    member = object.__new__(Broken)
    member._name_ = name
    assert is_text(text(member, style), "<serialization_error>")
    assert is_text(text(object.__new__(Broken), style), "<serialization_error>")


def test_names_and_values_that_are_shadowed():
    class Shadow(enum.Enum):
        @property
        def name(self):
            return "not this"

        @property
        def value(self):
            return "nor this"

        ONE = 7

    member = object.__new__(Shadow)
    member._name_, member._value_ = Loud("Two"), 8
    assert is_text(text(Shadow.ONE), "one")
    assert is_text(text(Shadow.ONE, "value"), "7")
    assert is_text(text(member), "two")
    assert is_text(text(member, "name"), "Two")


def test_values_of_any_kind():
    class Any(enum.Enum):
        NOTHING = None
        TEXT = "Some Text"
        PRICE = Decimal("1.0")
        INNER = WebSocketState.CONNECTED

    assert [text(one, "value") for one in Any] == ["None", "Some Text", "1.0", str(WebSocketState.CONNECTED)]
    assert [text(one) for one in Any] == ["nothing", "text", "price", "inner"]


def test_an_enum_made_on_the_fly_and_one_inside_a_class():
    class Outer:
        class Inner(enum.Enum):
            ONE = 1

    made = enum.Enum("Made", "ONE TWO", module=__name__)
    assert text(made.TWO, "full") == "Made.TWO"
    assert text(Outer.Inner, "full") == "Inner"
    assert text(Outer.Inner.ONE, "full") == "Inner.ONE"


def test_names_in_other_alphabets():
    class Word(enum.Enum):
        ÄRGER = 1
        МИР = 2

    assert [text(one) for one in Word] == ["ärger", "мир"]


class Sparse(enum.IntFlag):
    LATE = 8
    EARLY = 1
    PAIR = 6  # 2 and 4 have no name of their own
    WIDE = 12


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (9, "late|early"),
        (6, "pair"),
        (7, "early|pair"),
        (12, "wide"),
        (2, "2"),
        (3, "early|2"),
        (64 + 32 + 1, "early|96"),
        (0, "0"),
    ],
)
def test_flags_with_gaps_and_pairs(value, expected):
    assert text(Sparse(value)) == expected


def test_a_flag_of_pairs_only():
    class Pairs(enum.Flag):
        LOW = 3
        HIGH = 12

    assert text(Pairs.HIGH | Pairs.LOW) == "low|high"


def test_flags_with_aliases_and_negative_values():
    class Mode(enum.IntFlag):
        READ = R = 1
        WRITE = W = 2

    assert text(Mode.R | Mode.W) == "read|write"
    assert text(~Mode.READ) == "write"
    assert text(~Mode(0)) == "read|write"
    assert text(~(Mode.READ | Mode.WRITE)) == "0"


def test_a_flag_with_an_authors_str_and_one_that_mixes_in_float():
    class Said(enum.Flag):
        ONE = 1
        TWO = 2

        def __str__(self):
            return "said %d" % self._value_

    assert text(Said.ONE | Said.TWO) == "said 3"
    assert text(Said.ONE | Said.TWO, "lower") == "one|two"
    assert text(Ratio.HALF, "value") == "0.5"


def test_regex_flags_that_python_versions_name_differently():
    assert text(re.RegexFlag(0)) == ("noflag" if sys.version_info >= (3, 11) else "0")
    assert text(re.A | re.X | re.S) == "ascii|dotall|verbose"
