"""A member's string: always exactly `str`, because msgspec, `yaml.safe_dump` and orjson's keys refuse a subclass."""

from __future__ import annotations

from functools import reduce
from operator import or_

from . import families
from .report import failed, is_foreign

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs a process more than all of the shim
    from typing import Any, Callable, Optional, Sequence

    Rule = Callable[[Any], Optional[str]]

LAST_RESORT = "<serialization_error>"


def text(member: Any, style: str | None = None) -> str:
    """The string that stands for `member`, an enum member or an enum class, in a log line; raises nothing.

    `style` is None (what the author's `__str__` gives, else the name in lower case) or one of the keys of `STYLES`,
    which passes over the author's `__str__`. A rule that raises gives way to the next one, in the end to LAST_RESORT.
    """
    for rule in _rules(member, style):
        try:
            found = rule(member)
            if found is not None:
                return str.__str__(found)
        except Exception as error:
            if is_foreign(error):
                raise
            # A rule calls the host's code (`__str__`, a value's own): the next one may do
            failed("an enum's text is the next rule's", error)
    return LAST_RESORT


def author_str(cls: Any) -> Callable[[Any], str] | None:
    """The `__str__` that the author of the enum class `cls` gave it, or None where `enum` or the data type did.

    `EnumType` writes `__str__` into class namespaces by itself, differently by version (3.11: `int.__repr__` for an
    IntEnum, `object.__str__` for `re.RegexFlag` before), so that "is it in the class's `__dict__`" tells nothing.
    """
    method = cls.__str__
    data_type = cls._member_type_
    if families.wrote(method):
        return None
    if method in (object.__str__, data_type.__str__, data_type.__repr__):
        return None
    return method  # type: ignore[no-any-return]


def has_author_format(cls: Any) -> bool:
    """Whether the author of the enum class `cls` gave it a `__format__`."""
    method = cls.__format__
    stock = (object.__format__, cls._member_type_.__format__)
    return not families.wrote(method) and method not in stock


def _rules(member: Any, style: str | None) -> Sequence[Rule]:
    if isinstance(member, families.METACLASSES):
        return (_class_name,)
    if style is None:
        return (_author_text, _own_text, _lower)
    return (_own_text, STYLES[style], _lower)


def _class_name(cls: Any) -> str:
    return cls.__name__  # type: ignore[no-any-return]


def _author_text(member: Any) -> str | None:
    return str(member) if author_str(member.__class__) else None


def _own_text(member: Any) -> str | None:
    return str.__str__(member) if isinstance(member, str) else None


def _name(member: Any) -> str:
    if isinstance(member, families.FLAGS):
        return _flag_names(member)
    return member._name_  # type: ignore[no-any-return]


def _lower(member: Any) -> str:
    return _name(member).lower()


def _value(member: Any) -> str:
    return str(member._value_)


def _full(member: Any) -> str:
    return f"{member.__class__.__name__}.{_name(member)}"


STYLES: dict[str, Callable[[Any], str]] = {"lower": _lower, "name": _name, "value": _value, "full": _full}


def _flag_names(member: Any) -> str:
    """The names of the members that `member` combines, in definition order; what has no name is one number at the end.

    Written out here because `_name_` of a combination is None before 3.11, and iterating a Flag class includes named
    combinations there.
    """
    named: dict[str, Any] = member.__class__._member_map_
    bits = _bits(member._value_, named)
    for name, one in named.items():
        if one._value_ == bits:
            return name
    names, rest = _cover(bits, {name: one._value_ for name, one in named.items()})
    return "|".join(names + ([str(rest)] if rest or not names else []))


def _bits(value: int, named: dict[str, Any]) -> int:
    """`value` as a non-negative number, as from 3.11 on: `int(~READ)` is negative before."""
    if value >= 0:
        return value
    mask: int = reduce(or_, (one._value_ for one in named.values()), 0)
    beyond = 1 << mask.bit_length()
    return beyond + value if beyond + value >= 0 else (1 << value.bit_length()) + value


def _cover(bits: int, named: dict[str, int]) -> tuple[list[str], int]:
    """The names whose bits make up `bits`, in the order of `named`, and the bits that none of them has.

    Single bits go first; a name for several bits is taken only for what they leave. Of two names for one value, the
    first is the member and the other its alias.
    """
    taken, rest = set(), bits
    for single in (True, False):
        for name, value in named.items():
            if value & rest and value & bits == value and (value & (value - 1) == 0) is single:
                taken.add(name)
                rest &= ~value
    return [name for name in named if name in taken], rest
