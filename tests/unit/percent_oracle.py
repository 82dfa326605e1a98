"""What CPython itself makes of a `%` format, with plain values where the enums would stand: nothing here reads one."""

import enum
import re

from shim.arguments import clean_arguments
from shim.percent import conversions

# Most strings of any characters are no formats: a byte is one of these.
PIECES = [
    *"%()*.-+# 0123456789diouxXeEfFgGcrsahlLab{}\nä\U0001f600\udc80",
    *("%s", "%d", "%c", "%r", "%%", "%5", "%.2f", "%-", "%*d", "%.*f", "%*.*", "%ld", "%#x", "%+"),
    *("%(a)s", "%(a)d", "%(b)s", "%(b)d", "%(a)", "%(b)", "%(a(b)c)", "%()s", "%(a)%", "%(a)5.1f"),
]
MADE = enum.IntEnum("Made", {"MADE": 65}, module=__name__).MADE
# A width that would take all the memory there is.
_TOO_WIDE = re.compile(r"\d{4}")
_MOST = 12


class Made(int):
    """What stands for MADE: its string where text is wanted, its number where a number is."""

    def __str__(self):
        return "made"

    def __repr__(self):
        return "'made'"


PLAIN = Made(65)


class Asked(dict):
    """Has any key, and remembers which ones it was asked for."""

    def __missing__(self, key):
        self[key] = PLAIN
        return PLAIN


def text_of(data):
    return "".join(PIECES[byte % len(PIECES)] for byte in data)


def data_of(text):
    """Bytes of which `text_of` gives `text`, or None: a character may be in no piece."""
    return bytes(map(PIECES.index, text)) if set(text) <= set(PIECES) else None


def check(text):
    """Raises AssertionError where `text` is read in another way than CPython reads it."""
    conversions(text)
    if _TOO_WIDE.search(text):
        return
    for count in range(_MOST):
        expected = formatted(text, (PLAIN,) * count)
        if expected is not None:
            args = (MADE,) * count
            assert formatted(text, cleaned(args, text)) == expected, (text, count)
    asked = Asked()
    if formatted(text, asked) is not None and asked:
        plain = {key: 65 if is_number(text, asked, key) else "made" for key in asked}
        args = dict.fromkeys(asked, MADE)
        assert formatted(text, cleaned(args, text)) == formatted(text, plain), text


def cleaned(args, text):
    found = clean_arguments(args, text, lambda member: "made")
    assert MADE.__class__ not in map(type, found.values() if isinstance(found, dict) else found)
    return found


def is_number(text, asked, key):
    """Whether a string in that place is refused."""
    return formatted(text, {**asked, key: "made"}) is None


def formatted(text, args):
    """The text, or None where CPython refuses the format or these arguments for it."""
    try:
        return text % args
    except (ValueError, TypeError, OverflowError, KeyError):
        return None
