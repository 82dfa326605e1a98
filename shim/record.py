"""A LogRecord, cleaned in place: no attribute of it that a handler or filter would show holds an enum afterwards."""

from __future__ import annotations

import logging

from .arguments import clean_arguments, clean_name
from .convert import LEAVES, as_enum, clean, free_key
from .policy import as_argument, as_field, plain_number
from .report import say
from .shapes import renders_itself, shape_of
from .text import author_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .settings import Settings

    Replace = Callable[[Any], Any]

# What every record has, in the order of its making, and what formatting adds; all else came by `extra=`, a filter or a
# factory.
_MADE = tuple(vars(logging.LogRecord("", 0, "", 0, "", (), None)))
_ADDED_BY_FORMATTING = ("message", "asctime")
_OWN = frozenset(_MADE + _ADDED_BY_FORMATTING)
_COUNT, _LAST = len(_MADE), _MADE[-1]


def cleaner(settings: Settings) -> Callable[[logging.LogRecord], None]:
    """What cleans a record under these settings. It raises nothing: a record that resists is left as it was."""
    field, argument = as_field(settings), as_argument(settings)
    kept, debug = settings.keep_loggers, settings.debug

    def clean_record(record: logging.LogRecord) -> None:
        try:
            fields = record.__dict__
            if _is_plain(record, fields) or kept and _is_of(record.name, kept):
                return
            changes = _changes(fields, field, argument)
            if changes:
                fields.update(changes)
            if not all(type(name) is str for name in fields):
                record.__dict__ = _renamed(fields, argument)
        except Exception as error:  # the one border: whatever fails in us, the host's log call goes on
            if debug:
                say("a record is left as it was: %s: %s" % (type(error).__name__, error))

    return clean_record


def _is_plain(record: logging.LogRecord, fields: dict[str, Any]) -> bool:
    """Whether there is certainly nothing to clean: the quick answer for nearly every record.

    Extra fields are looked at from the end, back to the last attribute that `LogRecord.__init__` sets: that costs a log
    call without any of them nothing, and the others a tenth of asking for each attribute whether it is the record's own.
    """
    args = fields["args"]
    if args and not (type(args) is tuple and LEAVES.issuperset(map(type, args))):
        return False
    if type(fields["msg"]) is not str or type(fields["levelno"]) is not int or type(record) is not logging.LogRecord:
        return False
    extras = len(fields) - _COUNT
    for name in reversed(fields):
        if name == _LAST:
            return extras == 0
        if type(name) is not str or type(fields[name]) not in LEAVES:
            return False
        extras -= 1
    return False


def _is_of(name: str, loggers: tuple[str, ...]) -> bool:
    return any(name == kept or name.startswith(kept + ".") for kept in loggers)


def _changes(fields: dict[str, Any], field: Replace, argument: Replace) -> dict[str, Any]:
    changes = {}
    message, args = fields.get("msg"), fields.get("args")
    if type(message) is not str:
        changes["msg"] = message = _message(message, args, field, argument)
    if type(args) not in LEAVES and args != ():
        changes["args"] = clean_arguments(args, message, argument)
    if type(fields.get("levelno")) is not int or type(fields.get("levelname")) is not str:
        changes.update(_level(fields.get("levelno"), fields.get("levelname"), argument))
    for name, value in fields.items():
        if type(value) not in LEAVES and name not in _OWN:
            changes[name] = clean(value, field)
    return changes


def _message(message: Any, args: Any, field: Replace, argument: Replace) -> Any:
    """A message as it stands in the record: arguments still have to fit an enum that is a format itself."""
    member = as_enum(message)
    if member is None:
        is_container = shape_of(type(message), own_types_only=False) and not renders_itself(type(message))
        return clean(message, field) if is_container else message
    new = argument(member)
    if new is member:
        return message
    if isinstance(member, str) or args and author_str(type(member)):
        return str.__str__(str(message))
    return new


def _level(number: Any, name: Any, argument: Replace) -> dict[str, Any]:
    """A level as it would be for the plain int: `logging` writes "Level L.NOTICE" for an unknown one before 3.11."""
    changes = {"levelname": clean(name, argument)}
    member = as_enum(number)
    if isinstance(member, int) and argument(member) is not member:
        changes["levelno"] = plain = plain_number(member)
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
