"""A LogRecord, cleaned in place: no attribute of it that a handler or filter would show holds an enum afterwards."""

from __future__ import annotations

import logging
from logging import LogRecord

from .arguments import clean_arguments, clean_name
from .convert import LEAVES, as_enum, clean, free_key
from .policy import as_argument, as_field
from .report import say
from .shapes import renders_itself, shape_of
from .text import author_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .patching import Patches
    from .settings import Settings

    Replace = Callable[[Any], Any]

# What every record has, and what formatting adds; all else came by `extra=`, a filter or a factory.
_MADE = tuple(vars(LogRecord("", 0, "", 0, "", (), None)))
_ADDED_BY_FORMATTING = ("message", "asctime")
_OWN = frozenset(_MADE + _ADDED_BY_FORMATTING)
_COUNT = len(_MADE)


class Cleaner:
    """Cleans records under the settings it is made with, for as long as `patches` are active.

    It remembers the record that it cleaned last, so that a handler, which sees it next, need not look at it again: by the
    float object in `relativeCreated`, which no other record has but a copy, and which keeps nothing of the host's alive.
    """

    __slots__ = ("_argument", "_debug", "_field", "_kept", "_patches", "count", "latest")

    def __init__(self, settings: Settings, patches: Patches) -> None:
        self._patches = patches
        self._field = as_field(settings)
        self._argument = as_argument(settings)
        self._kept = settings.keep_loggers
        self._debug = settings.debug
        self.forget()

    def forget(self) -> None:
        """The latest record may change without gaining an attribute."""
        self.latest: object = self
        self.count = 0

    def clean(self, record: LogRecord, extra: dict[str, Any] | None = None) -> None:
        """Cleans `record` in place; raises nothing, and leaves one that resists as it was.

        extra: where all that the record has beside its own attributes is known to come from this dict, it is what is
        looked at; going through the record's attributes for them takes twice as long.
        """
        try:
            fields = record.__dict__
            count = len(fields)
            args = fields["args"]
            if (
                type(fields["msg"]) is not str
                or type(fields["levelno"]) is not int
                or type(fields["levelname"]) is not str
                or (args and not (type(args) is tuple and LEAVES.issuperset(map(type, args))))
                or (count != _COUNT and not (extra and _are_plain_extras(count, extra)))
            ) and not _is_of(record.name, self._kept) and self._patches.active:
                _clean_fields(record, fields, self._field, self._argument)
            self.count = count
            self.latest = fields["relativeCreated"]
        except Exception as error:  # the one border: whatever fails in us, the host's log call goes on
            self.forget()
            if self._debug:
                say("a record is left as it was: %s: %s" % (type(error).__name__, error))


def _are_plain_extras(count: int, extra: dict[str, Any]) -> bool:
    if type(extra) is not dict or count != _COUNT + len(extra):
        return False
    for name, value in extra.items():
        if type(value) not in LEAVES or type(name) is not str:
            return False
    return True


def _is_of(name: str, loggers: tuple[str, ...]) -> bool:
    return any(name == kept or name.startswith(kept + ".") for kept in loggers)


def _clean_fields(record: LogRecord, fields: dict[str, Any], field: Replace, argument: Replace) -> None:
    names = _extras(fields)
    changes = {name: clean(fields[name], field) for name in names if type(fields[name]) not in LEAVES}
    message, args = fields.get("msg"), fields.get("args")
    if type(message) is not str:
        changes["msg"] = message = _message(message, args, field, argument)
    if args:
        changes["args"] = clean_arguments(args, message, argument)
    changes.update(_level(fields.get("levelno"), fields.get("levelname"), argument))
    fields.update({name: new for name, new in changes.items() if new is not fields.get(name)})
    if not all(type(name) is str for name in names):
        record.__dict__ = _renamed(fields, argument)


def _extras(fields: dict[Any, Any]) -> list[Any]:
    """The names of the attributes that came after `LogRecord.__init__`, which sets its own in a fixed order."""
    names = list(fields)
    if len(names) >= _COUNT and names[_COUNT - 1] == _MADE[-1]:
        return names[_COUNT:]
    return [name for name in names if name not in _OWN]


def _message(message: Any, args: Any, field: Replace, argument: Replace) -> Any:
    """A message as it stands in the record: arguments still have to fit an enum that is a format itself."""
    member = as_enum(message)
    if member is None:
        is_container = shape_of(type(message), own_types_only=False) and not renders_itself(type(message))
        return clean(message, field) if is_container else message
    new = argument(member)
    if new is member:
        return message
    if isinstance(member, str) or (args and author_str(type(member))):
        return str.__str__(str(message))
    return new


def _level(number: Any, name: Any, argument: Replace) -> dict[str, Any]:
    """A level as it would be for the plain int: `logging` writes "Level L.NOTICE" for an unknown one before 3.11."""
    if type(number) is int and type(name) is str:
        return {}
    changes = {"levelname": clean(name, argument)}
    member = as_enum(number)
    if isinstance(member, int) and argument(member) is not member:
        changes["levelno"] = plain = int.__pos__(member)
        if name == logging.getLevelName(number):
            changes["levelname"] = logging.getLevelName(plain)
    elif member is not None:
        changes["levelno"] = argument(member)
    return changes


def _renamed(fields: dict[Any, Any], argument: Replace) -> dict[Any, Any]:
    """`fields` with each enum among their names as a string that is no other field's name, in the same order."""
    taken = {*fields, *_ADDED_BY_FORMATTING}
    renamed = {}
    for name, value in fields.items():
        new = clean_name(name, argument)
        if new is not name:
            new = free_key(name, new, taken - {name})
            taken.add(new)
        renamed[new] = value
    return renamed
