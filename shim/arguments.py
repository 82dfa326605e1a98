"""A record's `%` arguments without their enums: text where the format takes text, a plain number where it takes one."""

from __future__ import annotations

from operator import index

from .convert import clean, free_key
from .members import as_enum
from .percent import CONVERSIONS, NUMERIC, conversions
from .policy import plain_number
from .report import failed
from .shapes import CONTAINERS, MAPPINGS, shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

    Replace = Callable[[Any], Any]


def clean_arguments(args: Any, message: Any, replace: Replace) -> Any:
    """`record.args` as they should be for the format `str(message)`, or `args` itself where there is no enum in them.

    The format is read only where an argument is a number-valued enum. Raises nothing.
    """
    try:
        if type(args) in MAPPINGS:
            return _by_key(args, message, replace)
        if shape_of(type(args), own_types_only=False) is None:
            return _by_position((args,), message, replace)[0]  # the one argument of `msg % args`
        if isinstance(args, tuple) and as_enum(args) is None:
            return _by_position(args, message, replace)
        if as_enum(args) is not None and conversions(str(message)).keyed:
            return args  # a member that is a mapping, and is used as one
        return clean(args, replace, own_types_only=True)
    except Exception as error:  # `str(message)` is the host's code, which it would have called later
        failed("arguments are left as they were", error)
        return args


def are_taken(args: Any, message: Any) -> bool:
    """Whether `str(message)` is a `%` format that takes just these arguments, and none for `str.format`."""
    text = str(message)
    used = conversions(text)
    if "{" in text or not CONVERSIONS.issuperset(used.positional):
        return False
    return bool(used.keyed) if type(args) in MAPPINGS else len(used.positional) == len(args)


def _by_position(args: Any, message: Any, replace: Replace) -> Any:
    if not args:
        return args
    members = [*map(as_enum, args)]
    used = conversions(str(message)).positional if any(map(_is_number, members)) else []
    used += [""] * (len(args) - len(used))
    new = [_argument(value, member, conversion, replace) for value, member, conversion in zip(args, members, used)]
    return tuple.__new__(type(args), new) if _differ(new, args) else args


def _by_key(args: Any, message: Any, replace: Replace) -> Any:
    pairs = list(args.items())
    members = [as_enum(value) for _, value in pairs]
    used = conversions(str(message)).keyed if any(map(_is_number, members)) else {}
    keys = renamed([key for key, _ in pairs], (), replace)
    uses = [_numeric_one(used.get(key)) for key, _ in pairs]
    values = [_argument(value, member, use, replace) for (_, value), member, use in zip(pairs, members, uses)]
    if not _differ(keys + values, [key for key, _ in pairs] + [value for _, value in pairs]):
        return args
    new_values = iter(values)
    shape = shape_of(type(args), own_types_only=True)
    assert shape is not None
    return shape.rebuild(args, lambda _: next(new_values), lambda _: keys)


def _differ(new: Any, old: Any) -> bool:
    return any(one is not other for one, other in zip(new, old))


def _numeric_one(used: set[str] | None) -> str:
    """A key that is used both ways stays a number: `%s` shows a number too, `%d` shows no text."""
    return next((character for character in sorted(used or ()) if character in NUMERIC), "")


def renamed(keys: list[Any], also_taken: Iterable[str], replace: Replace) -> list[Any]:
    """`keys` with each enum among them as a name that is none of the others."""
    names = [clean_name(key, replace) for key in keys]
    taken = {key for key, name in zip(keys, names) if key is name}.union(also_taken)
    for at, (key, name) in enumerate(zip(keys, names)):
        if name is not key:
            names[at] = free_key(key, name, taken, replace)
            taken.add(names[at])
    return names


def clean_name(key: Any, replace: Replace) -> Any:
    """A name that a format looks up: a `str` member is its own text here, whatever its author's `__str__` gives,
    because `%(user)s` finds it by that text.
    """
    member = as_enum(key)
    if isinstance(member, str) and replace(member) is not member:
        return str.__str__(member)
    return clean(key, replace, own_types_only=True)


def _argument(value: Any, member: Any, conversion: str, replace: Replace) -> Any:
    """member: what `as_enum` gives for `value`; asked once, or two answers might make text of what `%d` takes."""
    if member is None:
        return clean(value, replace, own_types_only=True) if issubclass(type(value), CONTAINERS) else value
    new = replace(member)
    if new is member:
        return value
    if (conversion in NUMERIC and _is_number(member)) or conversion == "c":
        try:
            return _number(member, conversion)
        except Exception as error:  # a member's own `__int__`, or a conversion that takes none of its kind
            failed("an argument is left as it was", error)
            return value
    return new


def _is_number(member: Any) -> bool:
    """Whether a numeric conversion takes it, an enum or None: an int or float member, or one that can be either."""
    cls = type(member)
    return cls is not type(None) and any(hasattr(cls, method) for method in ("__index__", "__int__", "__float__"))


def _number(member: Any, conversion: str) -> Any:
    """The plain number, or for `%c` the plain character, that CPython would have taken from `member`."""
    if isinstance(member, str):
        return str.__str__(member)
    if isinstance(member, (int, float)):
        return plain_number(member)
    if conversion in "eEfFgG":
        return float(member)
    return int(member) if conversion in "diu" else index(member)
