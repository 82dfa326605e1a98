"""Every kind of enum member, and what it has to be in a log, written by hand."""

import enum
import re
import signal
import socket
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from http import HTTPStatus

import wrapt

from . import aenum_members

NO_NUMBER = object()


class WebSocketState(enum.Enum):  # as Starlette's
    CONNECTING = 0
    CONNECTED = 1
    DISCONNECTED = 2
    OPEN = 1  # noqa: PIE796


class Level(enum.IntEnum):
    NOTICE = 25
    INFO = 20


class Role(str, enum.Enum):
    ADMIN = "Admin-User"


class Msg(str, enum.Enum):
    STARTED = "Started %s"

    def __str__(self):
        return "Server " + self.value


class Color(enum.Enum):
    RED = 1

    def __str__(self):
        return "the color Red"


class Spoken:
    """A mixin: behaviour only, no data."""

    def __str__(self):
        return "spoken " + self.name


class Greeting(Spoken, enum.Enum):
    HELLO = 1


class BaseEnum(enum.Enum):
    def __str__(self):
        return "base " + self.name


class Derived(BaseEnum):
    ONE = 1


class Weight(enum.IntEnum):
    HEAVY = 9

    def __str__(self):
        return "heavy!"


class Mode(enum.Flag):
    READ = 1
    WRITE = 2
    EXEC = 4


class Access(enum.Flag):
    NONE = 0
    READ = 1
    WRITE = 2
    BOTH = 3
    EXEC = 4


class Perm(enum.IntFlag):
    READ = 1
    WRITE = 2
    EXEC = 4


class IntAccess(enum.IntFlag):
    NONE = 0
    READ = 1
    WRITE = 2
    BOTH = 3
    EXEC = 4


class Ratio(float, enum.Enum):
    HALF = 0.5


class Whole(int, enum.Enum):
    SEVEN = 7


class Raw(bytes, enum.Enum):
    PING = b"ping"


class Day(date, enum.Enum):
    RELEASE = 2024, 2, 29


class Price(Decimal, enum.Enum):
    LOW = "1.50"


class Pair(tuple, enum.Enum):
    BOTH = 1, 2


@dataclass
class Tier:
    label: str
    rank: int


class Plan(Tier, enum.Enum):
    FREE = "free of charge", 1


class Kind:
    """One kind of member: `lower` is what the default style gives, `message` what it is as the message itself.

    number: what a numeric conversion takes it for.
    """

    def __init__(self, member, lower, name, value, full, message=None, number=NO_NUMBER, hashable=True):
        self.member = member
        self.lower, self.name, self.value, self.full = lower, name, value, full
        self.message = lower if message is None else message
        self.number = number
        self.hashable = hashable

    @property
    def is_number(self):
        return self.number is not NO_NUMBER


INVERTED = 5 if sys.version_info >= (3, 11) else -3

KINDS = {
    "enum": Kind(WebSocketState.CONNECTED, "connected", "CONNECTED", "1", "WebSocketState.CONNECTED"),
    "alias": Kind(WebSocketState.OPEN, "connected", "CONNECTED", "1", "WebSocketState.CONNECTED"),
    "enum-author": Kind(Color.RED, "the color Red", "RED", "1", "Color.RED"),
    "enum-author-mixin": Kind(Greeting.HELLO, "spoken HELLO", "HELLO", "1", "Greeting.HELLO"),
    "enum-author-base": Kind(Derived.ONE, "base ONE", "ONE", "1", "Derived.ONE"),
    "enum-class": Kind(WebSocketState, *["WebSocketState"] * 4),
    "int-enum": Kind(Level.NOTICE, "notice", "NOTICE", "25", "Level.NOTICE", number=25),
    "int-enum-author": Kind(Weight.HEAVY, "heavy!", "HEAVY", "9", "Weight.HEAVY", number=9),
    "int-mixin": Kind(Whole.SEVEN, "seven", "SEVEN", "7", "Whole.SEVEN", number=7),
    "str-mixin": Kind(Role.ADMIN, *["Admin-User"] * 4, message="Role.ADMIN"),
    "str-author": Kind(Msg.STARTED, "Server Started %s", *["Started %s"] * 3),
    "flag": Kind(Mode.WRITE, "write", "WRITE", "2", "Mode.WRITE"),
    "flag-combined": Kind(Mode.EXEC | Mode.READ, "read|exec", "READ|EXEC", "5", "Mode.READ|EXEC"),
    "flag-named-combination": Kind(Access.READ | Access.WRITE, "both", "BOTH", "3", "Access.BOTH"),
    "flag-zero": Kind(Mode(0), "0", "0", "0", "Mode.0"),
    "flag-named-zero": Kind(Access(0), "none", "NONE", "0", "Access.NONE"),
    "flag-inverted": Kind(~Mode.WRITE, "read|exec", "READ|EXEC", "5", "Mode.READ|EXEC"),
    "int-flag": Kind(Perm.EXEC, "exec", "EXEC", "4", "Perm.EXEC", number=4),
    "int-flag-combined": Kind(Perm.EXEC | Perm.READ, "read|exec", "READ|EXEC", "5", "Perm.READ|EXEC", number=5),
    "int-flag-named-combination": Kind(IntAccess(3), "both", "BOTH", "3", "IntAccess.BOTH", number=3),
    "int-flag-all": Kind(
        IntAccess(7), "read|write|exec", "READ|WRITE|EXEC", "7", "IntAccess.READ|WRITE|EXEC", number=7
    ),
    "int-flag-zero": Kind(Perm(0), "0", "0", "0", "Perm.0", number=0),
    "int-flag-named-zero": Kind(IntAccess(0), "none", "NONE", "0", "IntAccess.NONE", number=0),
    "int-flag-unnamed": Kind(Perm(16), "16", "16", "16", "Perm.16", number=16),
    "int-flag-half-named": Kind(Perm(17), "read|16", "READ|16", "17", "Perm.READ|16", number=17),
    # The number is -3 before 3.11: text is the same everywhere, numbers stay what the host's Python says.
    "int-flag-inverted": Kind(~Perm.WRITE, "read|exec", "READ|EXEC", str(INVERTED), "Perm.READ|EXEC", number=INVERTED),
    "regex-flag": Kind(re.IGNORECASE, "ignorecase", "IGNORECASE", "2", "RegexFlag.IGNORECASE", number=2),
    "regex-flag-combined": Kind(
        re.M | re.I, "ignorecase|multiline", "IGNORECASE|MULTILINE", "10", "RegexFlag.IGNORECASE|MULTILINE", number=10
    ),
    "http-status": Kind(HTTPStatus.NOT_FOUND, "not_found", "NOT_FOUND", "404", "HTTPStatus.NOT_FOUND", number=404),
    "signal": Kind(
        signal.SIGTERM, "sigterm", "SIGTERM", str(int(signal.SIGTERM)), "Signals.SIGTERM", number=int(signal.SIGTERM)
    ),
    "address-family": Kind(
        socket.AF_INET,
        "af_inet",
        "AF_INET",
        str(int(socket.AF_INET)),
        "AddressFamily.AF_INET",
        number=int(socket.AF_INET),
    ),
    "float-mixin": Kind(Ratio.HALF, "half", "HALF", "0.5", "Ratio.HALF", number=0.5),
    "bytes-mixin": Kind(Raw.PING, "ping", "PING", "b'ping'", "Raw.PING"),
    "date-mixin": Kind(Day.RELEASE, "release", "RELEASE", "2024-02-29", "Day.RELEASE"),
    "decimal-mixin": Kind(Price.LOW, "low", "LOW", "1.50", "Price.LOW", number=1.5),
    "tuple-mixin": Kind(Pair.BOTH, "both", "BOTH", "(1, 2)", "Pair.BOTH"),
    # A dataclass that compares by value has no hash, and so its enum's members have none.
    "dataclass-mixin": Kind(Plan.FREE, "free", "FREE", None, "Plan.FREE", hashable=False),
    "proxy": Kind(
        wrapt.ObjectProxy(WebSocketState.CONNECTED), "connected", "CONNECTED", "1", "WebSocketState.CONNECTED"
    ),
    "int-proxy": Kind(wrapt.ObjectProxy(Level.NOTICE), "notice", "NOTICE", "25", "Level.NOTICE", number=25),
}

if sys.version_info >= (3, 11):

    class Drink(enum.StrEnum):
        TEA = "Green Tea"

    class DrinkAuthor(enum.StrEnum):
        TEA = "Green Tea"

        def __str__(self):
            return "a cup of " + self.value

    class Bare(int, enum.ReprEnum):
        ONE = 1

    class Kept(enum.Flag, boundary=enum.KEEP):
        READ = 1

    KINDS["str-enum"] = Kind(Drink.TEA, *["Green Tea"] * 4)
    KINDS["str-enum-author"] = Kind(DrinkAuthor.TEA, "a cup of Green Tea", *["Green Tea"] * 3)
    KINDS["repr-enum"] = Kind(Bare.ONE, "one", "ONE", "1", "Bare.ONE", number=1)
    KINDS["flag-unnamed"] = Kind(Kept(8), "8", "8", "8", "Kept.8")
    KINDS["flag-half-named"] = Kind(Kept(9), "read|8", "READ|8", "9", "Kept.READ|8")

KINDS.update(aenum_members.kinds(Kind))

HASHABLE = {name: kind for name, kind in KINDS.items() if kind.hashable}
NUMBERS = {name: kind for name, kind in KINDS.items() if kind.is_number}


def params(kinds):
    """For `pytest.mark.parametrize("kind", **params(KINDS))`."""
    return {"argvalues": list(kinds.values()), "ids": list(kinds)}
