"""The kinds of member that aenum has beyond the standard library's, or in its own way; all that its release knows."""

import aenum

from shim import families

families.add(aenum)  # as its hook does, for those tests that convert without an installation


class State(aenum.Enum):
    CONNECTING = 0
    CONNECTED = 1
    OPEN = 1


class Level(aenum.IntEnum):
    NOTICE = 25


class Role(str, aenum.Enum):
    ADMIN = "Admin-User"


class Said(aenum.Enum):
    ONE = 1

    def __str__(self):
        return "said " + self.name


class Weight(aenum.IntEnum):
    HEAVY = 9

    def __str__(self):
        return "heavy!"


class Ratio(float, aenum.Enum):
    HALF = 0.5


class Numbered(aenum.AutoNumberEnum):
    FIRST = ()
    SECOND = ()


class Multi(aenum.MultiValueEnum):
    ONE = 1, "one", "eins"


class Ordered(aenum.OrderedEnum):
    LOW = 1
    HIGH = 2


class Unique(aenum.UniqueEnum):
    ONE = 1


class Named(aenum.Enum):
    _init_ = "value text"
    ONE = 1, "eins"


class Grown(aenum.Enum):
    ONE = 1


aenum.extend_enum(Grown, "TWO", 2)


class Constant(aenum.NamedConstant):
    PI = 3


def kinds(Kind):
    """Kinds as those of `members`, by name."""
    found = {
        "enum": Kind(State.CONNECTED, "connected", "CONNECTED", "1", "State.CONNECTED"),
        "alias": Kind(State.OPEN, "connected", "CONNECTED", "1", "State.CONNECTED"),
        "class": Kind(State, *["State"] * 4),
        "author": Kind(Said.ONE, "said ONE", "ONE", "1", "Said.ONE"),
        "int-enum": Kind(Level.NOTICE, "notice", "NOTICE", "25", "Level.NOTICE", number=25),
        "int-enum-author": Kind(Weight.HEAVY, "heavy!", "HEAVY", "9", "Weight.HEAVY", number=9),
        "str-mixin": Kind(Role.ADMIN, *["Admin-User"] * 4, message=str(Role.ADMIN)),
        "float-mixin": Kind(Ratio.HALF, "half", "HALF", "0.5", "Ratio.HALF", number=0.5),
        "auto-number": Kind(Numbered.SECOND, "second", "SECOND", "2", "Numbered.SECOND"),
        "multi-value": Kind(Multi("eins"), "one", "ONE", "1", "Multi.ONE"),
        "ordered": Kind(Ordered.HIGH, "high", "HIGH", "2", "Ordered.HIGH"),
        "unique": Kind(Unique.ONE, "one", "ONE", "1", "Unique.ONE"),
        "named-value": Kind(Named.ONE, "one", "ONE", "1", "Named.ONE"),
        "extended": Kind(Grown.TWO, "two", "TWO", "2", "Grown.TWO"),
    }
    if hasattr(aenum, "Flag"):
        found.update(_flags(Kind))
    if hasattr(aenum, "StrEnum"):
        found.update(_texts(Kind))
    return {"aenum-" + name: kind for name, kind in found.items()}


def _flags(Kind):
    class Mode(aenum.Flag):
        READ = 1
        WRITE = 2
        EXEC = 4

    class Access(aenum.Flag):
        READ = 1
        WRITE = 2
        BOTH = 3

    class Perm(aenum.IntFlag):
        READ = 1
        WRITE = 2
        EXEC = 4

    inverted = int(~Perm.WRITE)  # -3 or 5, by its release
    found = {
        "flag": Kind(Mode.WRITE, "write", "WRITE", "2", "Mode.WRITE"),
        "flag-combined": Kind(Mode.EXEC | Mode.READ, "read|exec", "READ|EXEC", "5", "Mode.READ|EXEC"),
        "flag-named-combination": Kind(Access.READ | Access.WRITE, "both", "BOTH", "3", "Access.BOTH"),
        "flag-zero": Kind(Mode(0), "0", "0", "0", "Mode.0"),
        "flag-inverted": Kind(~Mode.WRITE, "read|exec", "READ|EXEC", "5", "Mode.READ|EXEC"),
        "int-flag": Kind(Perm.EXEC, "exec", "EXEC", "4", "Perm.EXEC", number=4),
        "int-flag-combined": Kind(Perm.EXEC | Perm.READ, "read|exec", "READ|EXEC", "5", "Perm.READ|EXEC", number=5),
        "int-flag-zero": Kind(Perm(0), "0", "0", "0", "Perm.0", number=0),
        "int-flag-inverted": Kind(
            ~Perm.WRITE, "read|exec", "READ|EXEC", str(inverted), "Perm.READ|EXEC", number=inverted
        ),
    }
    if isinstance(Perm(17), Perm):  # up to 3.1.12 it is a plain int in some
        found["int-flag-unnamed"] = Kind(Perm(17), "read|16", "READ|16", "17", "Perm.READ|16", number=17)
    return found


def _texts(Kind):
    class Drink(aenum.StrEnum):
        TEA = "Green Tea"

    class Lower(aenum.LowerStrEnum):
        TEA = "green tea"

    class Upper(aenum.UpperStrEnum):
        TEA = "GREEN TEA"

    return {
        "str-enum": Kind(Drink.TEA, *["Green Tea"] * 4, message=str(Drink.TEA)),
        "lower-str-enum": Kind(Lower.TEA, *["green tea"] * 4, message=str(Lower.TEA)),
        "upper-str-enum": Kind(Upper.TEA, *["GREEN TEA"] * 4, message=str(Upper.TEA)),
    }
