"""`{}` formats: text where the spec takes text, a number where it takes one, and the host's own access to parts."""

import enum
from http import HTTPStatus

import pytest

from shim import Settings
from shim.braces import Template
from shim.policy import as_argument

from .members import KINDS, NUMBERS, Level, Msg, Price, Ratio, Role, WebSocketState, params

CONNECTED, OK = WebSocketState.CONNECTED, HTTPStatus.OK


class Connection:
    state = CONNECTED
    parts = {"state": CONNECTED, 0: "zero"}


def formatted(text, *args, **kwargs):
    return Template(text, as_argument(Settings())).format(*args, **kwargs)


@pytest.mark.parametrize("kind", **params(KINDS))
@pytest.mark.parametrize("text", ["{}", "{0}", "{:}", "{!s}", "{:s}"])
def test_text(text, kind):
    found = formatted(text, kind.member)
    assert type(found) is str
    assert found == kind.lower


@pytest.mark.parametrize("kind", **params(NUMBERS))
def test_a_numeric_spec_keeps_the_number(kind):
    if isinstance(kind.member, (int, float)):
        assert formatted("{:.2f}", kind.member) == format(kind.number, ".2f")


CASES = {
    "{:d}": ([OK], "200"),
    "{:05}": ([OK], "00200"),
    "{:+}": ([OK], "+200"),
    "{:,}": ([Level.NOTICE], "25"),
    "{:x}": ([OK], "c8"),
    "{:.1f}": ([Ratio.HALF], "0.5"),
    "{:.2}": ([Ratio.HALF], "0.5"),
    "{:>12}|": ([CONNECTED], "   connected|"),
    "{:*^6}": ([OK], "**ok**"),
    "{:.4s}": ([CONNECTED], "conn"),
    "{!r}": ([CONNECTED], "'connected'"),
    "{!a:>13}": ([CONNECTED], "  'connected'"),
    "{.value} {.name}": ([CONNECTED, CONNECTED], "1 CONNECTED"),
    "{0.value} {0}": ([CONNECTED], "1 connected"),
    "{0.state} {0.parts[state]} {0.parts[0]}": ([Connection], "connected connected zero"),
    "{[0]} {[state]}": ([[CONNECTED], {"state": CONNECTED}], "connected connected"),
    "{}": ([{CONNECTED: [CONNECTED]}], "{'connected': ['connected']}"),
    "{:{}} {}": ([CONNECTED, 11, OK], "connected   ok"),
    "{0:{1}}": ([OK, "d"], "200"),
    "{{{}}} }}": ([CONNECTED], "{connected} }"),
    "{:>{width}}": ([CONNECTED], "  connected"),
}


@pytest.mark.parametrize(("text", "case"), CASES.items(), ids=CASES)
def test_fields(text, case):
    args, expected = case
    assert formatted(text, *args, width=11) == expected


def test_a_spec_of_the_members_own_kind_is_the_members():
    class Own(str, enum.Enum):
        ONE = "one"

        def __format__(self, spec):
            return "as " + spec

    assert formatted("{:%Y}", Own.ONE) == "as %Y"
    assert formatted("{}", Own.ONE) == "one"


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("{} {}", [CONNECTED]),
        ("{} {0}", [CONNECTED]),
        ("{0} {}", [CONNECTED]),
        ("{:d}", [CONNECTED]),
        ("{.missing}", [CONNECTED]),
        ("{", [CONNECTED]),
        ("{name}", [CONNECTED]),
        ("{:{:{}}}", [CONNECTED, 1, 2]),
        ("{!x}", [CONNECTED]),
    ],
)
def test_what_raises_raises_the_same(text, args):
    with pytest.raises(Exception) as without:  # noqa: PT011
        text.format(*args)
    with pytest.raises(type(without.value)) as found:
        formatted(text, *args)
    assert str(found.value) == str(without.value)


@pytest.mark.parametrize("text", ["{}", "{0.real} {1!r} {x:>4} {x:{y}} {{}}", "plain"])
def test_a_format_without_an_enum_is_the_same(text):
    args, kwargs = (7, "a"), {"x": 1, "y": 3, "self": 1}
    assert formatted(text, *args, **kwargs) == text.format(*args, **kwargs)


def test_a_value_is_formatted_once():
    seen = []

    class Value:
        def __format__(self, spec):
            seen.append(spec)
            return "value"

    assert formatted("{:a} {}", Value(), CONNECTED) == "value connected"
    assert seen == ["a"]


def test_a_decimal_keeps_its_own_format():
    try:
        expected = f"{Price.LOW:.2f}"
    except ValueError:  # as from 3.12 on
        with pytest.raises(ValueError, match="format code"):
            formatted("{:.2f}", Price.LOW)
    else:
        assert formatted("{:.2f}", Price.LOW) == expected


def test_the_text_itself_may_be_a_str_member():
    assert Template(Role.ADMIN, as_argument(Settings())).format(CONNECTED) == "Admin-User"
    assert Template(Msg.STARTED, as_argument(Settings())) == "Started %s"


def test_a_kept_class_stays():
    entry = "%s:WebSocketState" % WebSocketState.__module__
    kept = as_argument(Settings(keep_classes=[entry]))
    assert Template("{}", kept).format(CONNECTED) == str(CONNECTED)
