"""What the settings make of a member: its string, a plain number, or itself."""

from __future__ import annotations

import sys
from weakref import ref

from . import families
from .namespaces import is_class, of_class, of_instance
from .report import failed, is_foreign
from .text import author_str, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .settings import Settings


class PlainNames:
    """The enum classes, met so far, whose members are written as their name in lower case wherever they stand.

    known: their ids, so that no class is kept alive, and each for as long as it lives.
    """

    __slots__ = ("_is_learning", "known")

    def __init__(self, settings: Settings) -> None:
        self.known: dict[int, ref[type]] = {}
        self._is_learning = settings.style in (None, "lower") and not settings.keep_classes

    def meet(self, cls: Any) -> None:
        """Notes `cls` if it is such a class: no flags, no numbers or strings, and no `__str__` of its author's."""
        if self._is_learning and _is_plain(cls):
            key, known = id(cls), self.known
            known[key] = ref(cls, lambda _: known.pop(key, None))


def _is_plain(cls: Any) -> bool:
    try:
        if not issubclass(cls, families.ENUMS) or issubclass(cls, families.FLAGS):
            return False
        if cls._member_type_ is not object or author_str(cls):
            return False
        return not any(hasattr(cls, name) for name in ("__index__", "__int__", "__float__"))  # `%d` may take those
    except Exception as error:
        if is_foreign(error):
            raise
        # A metaclass of the host's: `text` has a next rule for that, and this has none
        failed("an enum class is looked at again", error)
        return False


def written(member: Any) -> str:
    """A member of a class in `PlainNames.known`."""
    return str.lower(member._name_)


def as_field(settings: Settings, names: PlainNames | None = None) -> Callable[[Any], Any]:
    """What replaces a member in a structured field: an int or float member is a plain number if the settings say so."""
    as_text = as_argument(settings, names)
    if not settings.keep_numbers:
        return as_text

    def replace(member: Any) -> Any:
        is_number = isinstance(member, (int, float)) and not is_kept(member, settings)
        return plain_number(member) if is_number else as_text(member)

    return replace


def as_argument(settings: Settings, names: PlainNames | None = None) -> Callable[[Any], Any]:
    """What replaces a member where it is shown as text. A kept class's member, or the class, replaces itself."""
    style = settings.style
    if settings.keep_classes:
        return lambda member: member if is_kept(member, settings) else text(member, style)
    names = names or PlainNames(settings)
    meet, known = names.meet, names.known

    def replace(member: Any) -> str:
        if id(type(member)) in known and type(getattr(member, "_name_", None)) is str:
            return written(member)
        meet(type(member))
        return text(member, style)

    return replace


def plain_number(member: Any) -> int | float:
    """The int or float that an int- or float-valued member is, of exactly that type whatever its class overrides."""
    return int.__pos__(member) if isinstance(member, int) else float.__pos__(member)


def is_kept(member: Any, settings: Settings) -> bool:
    """Whether ENUM_LOG_SHIM_KEEP names the class of `member`, where it is defined or where it is imported from."""
    if not settings.keep_classes:
        return False
    cls = member if isinstance(member, type) else type(member)
    defined = "%s:%s" % (cls.__module__, cls.__qualname__)
    return defined in settings.keep_classes or any(named(entry) is cls for entry in settings.keep_classes)


def is_kept_logger(name: Any, settings: Settings) -> bool:
    """Whether ENUM_LOG_SHIM_KEEP names the logger `name`, or one that it is a child of; False for what is no name."""
    return isinstance(name, str) and any(name == kept or name.startswith(kept + ".") for kept in settings.keep_loggers)


def named(entry: str) -> Any:
    """What "package.module:Class" names, or None where there is no such thing or that module is not imported.

    Reads namespaces only: a lazy module imports more when it is asked for an attribute.
    """
    module, _, path = entry.partition(":")
    found: Any = sys.modules.get(module)
    for name in path.split("."):
        found = (of_class(found) if is_class(found) else of_instance(found)).get(name)
    return found
