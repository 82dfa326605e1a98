"""Which arguments a format takes as numbers: read as CPython reads it."""

import enum
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shim.percent import conversions

from .bench import Log, shimmed
from .members import Level, Ratio


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain", ""),
        ("100%%", ""),
        ("%s", "s"),
        ("%s %d %r", "sdr"),
        ("%%%s%%%d", "sd"),
        ("%5%%s", "s"),
        ("%-010.3f", "f"),
        ("%+d % d %#x", "ddx"),
        ("%*d", "*d"),
        ("%.*f", "*f"),
        ("%*.*g|%c", "**gc"),
        ("%-*s", "*s"),
        ("%ld %hd %Li", "ddi"),
        ("%\n%s", "\ns"),
        ("%.s", "s"),
        ("%5.d", "d"),
        ("%i%u%o%x%X%e%E%f%F%g%G%a", "iuoxXeEfFgGa"),
        ("100% sure, %s", "ss"),
        ("ä%dé%s\N{SNOWMAN}%r", "dsr"),
    ],
)
def test_positions(text, expected):
    assert "".join(conversions(text).positional) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%(a)s", {"a": {"s"}}),
        ("%(a)s %(b)05d %(a)d", {"a": {"s", "d"}, "b": {"d"}}),
        ("%(a(b)c)s", {"a(b)c": {"s"}}),
        ("%()d", {"": {"d"}}),
        ("%%(a)d", {}),
        ("%(a b)-5.2f", {"a b": {"f"}}),
        ("%(%(x)s)d", {"%(x)s": {"d"}}),
        ("%(never closed", {}),
    ],
)
def test_keys(text, expected):
    found = conversions(text)
    assert {key: set(used) for key, used in found.keyed.items()} == expected
    assert found.positional == []


@given(st.text(alphabet="%()*.-+# 0123456789sdrifxchlL\n" + "ä"))
@example("%")
@example("%(")
@example("%" * 1000 + "(" * 1000)
@example("%.")
@example("%(a)")
def test_no_string_raises(text):
    conversions(text)


class Recorder(dict):
    """Says which keys a format asks for."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def __missing__(self, key):
        self.asked.append(key)
        return 1


@given(st.text(alphabet="%()ab. sd5"))
def test_keys_are_the_ones_that_cpython_asks_for(text):
    asked = Recorder()
    try:
        text % asked
    except (ValueError, TypeError, OverflowError):
        return
    assert set(conversions(text).keyed) == set(asked.asked)


class Spy:
    """Says whether it was asked for a number or for a text."""

    def __init__(self):
        self.asked = "nothing"

    def __index__(self):
        self.asked = "number"
        return 1

    __int__ = __index__

    def __float__(self):
        self.asked = "number"
        return 1.0

    def __str__(self):
        self.asked = "text"
        return "x"

    __repr__ = __str__


@given(st.text(alphabet="%%%. -#05sdrifgeaux", max_size=20))
@example("%5%%d%%%s")
def test_positions_are_what_cpython_asks_of_each_argument(text):
    used = conversions(text).positional
    spies = [Spy() for _ in used]
    try:
        text % tuple(spies)
    except (ValueError, TypeError, OverflowError):
        return
    assert [spy.asked for spy in spies] == ["text" if character in "sra" else "number" for character in used]


literals = st.text(alphabet=string.ascii_letters + " ().*ä", max_size=4)
flags = st.text(alphabet="-+ #0", max_size=3)
sizes = st.sampled_from(["", "", "h", "l", "L"])
digits = st.sampled_from(["", "", "1", "7", "12"])
precisions = st.sampled_from(["", "", ".", ".0", ".3"])
ints = st.integers(-(2**70), 2**70)
floats = st.floats(allow_nan=False)


def member(value):
    """An int or float enum's member with that value."""
    return enum.Enum("Made", {"MADE": value}, type=type(value), module=__name__).MADE


@st.composite
def pieces(draw, with_star=True):
    """A conversion, the plain arguments CPython gets for it, and the host's arguments with enums."""
    character = draw(st.sampled_from("diuoxXeEfFgGcsra%"))
    width, precision, stars = draw(digits), draw(precisions), []
    if with_star and draw(st.booleans()):
        width, stars = "*", [draw(st.integers(-12, 12))]
    if with_star and draw(st.booleans()):
        precision, stars = ".*", stars + [draw(st.integers(0, 9))]
    text = draw(flags) + width + precision + draw(sizes) + character
    if character == "%":
        return text, stars, [member(star) for star in stars]
    if character == "c":
        plain = draw(st.integers(1, 0x10FFFF))
    elif character in "oxX":
        plain = draw(ints)
    else:
        plain = draw(st.one_of(ints, floats)) if character not in "eEfFgG" else draw(st.floats(-1e300, 1e300))
    host = member(plain)
    if character in "sra":
        plain = "made"
    return text, stars + [plain], [member(star) for star in stars] + [host]


@settings(max_examples=3 * settings.default.max_examples)
@given(st.lists(st.tuples(literals, pieces()), max_size=5), literals)
def test_a_line_with_members_is_the_line_with_their_numbers(parts, end):
    text = "".join(literal + "%" + conversion for literal, (conversion, _, _) in parts) + end
    plain = tuple(value for _, (_, values, _) in parts for value in values)
    host = tuple(value for _, (_, _, values) in parts for value in values)
    try:
        expected = text % plain
    except (ValueError, TypeError, OverflowError):
        return
    log = Log()
    with shimmed():
        log.info(text, *host)
    if plain:  # without arguments logging doesn't format
        assert log.line == expected


@settings(max_examples=3 * settings.default.max_examples)
@given(st.lists(st.tuples(literals, st.sampled_from("abc"), pieces(with_star=False)), min_size=1, max_size=5))
def test_a_line_with_a_mapping_is_the_line_with_its_numbers(parts):
    first = {}
    for _, key, piece in parts:
        first.setdefault(key, piece)
    used = [(literal, key, first[key]) for literal, key, _ in parts]
    text = "".join(literal + "%(" + key + ")" + conversion for literal, key, (conversion, _, _) in used)
    plain = {key: (values or ["x"])[0] for key, (_, values, _) in first.items()}
    host = {key: (values or ["x"])[0] for key, (_, _, values) in first.items()}
    try:
        expected = text % plain
    except (ValueError, TypeError, OverflowError):
        return
    log = Log()
    with shimmed():
        log.info(text, host)
    assert log.line == expected


@given(st.text(alphabet="%()*.-+# 015sdrifxcka", max_size=9), st.lists(st.sampled_from([Level.INFO, Ratio.HALF, "x"])))
def test_any_format_fails_or_not_as_it_did_before(text, args):
    plain = tuple(getattr(arg, "value", arg) for arg in args)
    log = Log(formats=False)
    with shimmed():
        log.info(text, *args)
    if "s" in text or "r" in text or "a" in text or not args:
        return
    try:
        expected = text % plain
    except Exception as error:
        with pytest.raises(type(error)):
            log.record.getMessage()
    else:
        assert log.record.getMessage() == expected
