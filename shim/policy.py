"""What the settings make of a member: its string, a plain number, or itself."""

from __future__ import annotations

import sys

from .text import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .settings import Settings


def as_field(settings: Settings) -> Callable[[Any], Any]:
    """What replaces a member in a structured field: an int or float member is a plain number if the settings say so."""
    as_text = as_argument(settings)
    if not settings.keep_numbers:
        return as_text

    def replace(member: Any) -> Any:
        is_number = isinstance(member, (int, float)) and not is_kept(member, settings)
        return plain_number(member) if is_number else as_text(member)

    return replace


def as_argument(settings: Settings) -> Callable[[Any], Any]:
    """What replaces a member where it is shown as text. A kept class's member, or the class, replaces itself."""
    style = settings.style
    if not settings.keep_classes:
        return lambda member: text(member, style)
    return lambda member: member if is_kept(member, settings) else text(member, style)


def plain_number(member: Any) -> int | float:
    """The int or float that an int- or float-valued member is, of exactly that type whatever its class overrides."""
    return int.__pos__(member) if isinstance(member, int) else float.__pos__(member)


def is_kept(member: Any, settings: Settings) -> bool:
    """Whether ENUM_LOG_SHIM_KEEP names the class of `member`, where it is defined or where it is imported from."""
    if not settings.keep_classes:
        return False
    cls = member if isinstance(member, type) else type(member)
    defined = "%s:%s" % (cls.__module__, cls.__qualname__)
    return defined in settings.keep_classes or any(_named(entry) is cls for entry in settings.keep_classes)


def _named(entry: str) -> Any:
    """What "package.module:Class" names, if that module is imported. Reads namespaces only: a lazy module imports more
    when it is asked for an attribute.
    """
    module, _, path = entry.partition(":")
    found: Any = sys.modules.get(module)
    for name in path.split("."):
        found = getattr(found, "__dict__", {}).get(name)
    return found
