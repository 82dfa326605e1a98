"""A LogRecord, cleaned in place: no attribute of it that a handler or filter would show holds an enum afterwards."""

from __future__ import annotations

import logging
from contextvars import ContextVar

from . import families
from .arguments import are_taken, clean_arguments, renamed
from .convert import clean
from .glance import glance
from .members import as_enum
from .policy import PlainNames, as_argument, as_field, is_kept_logger
from .report import failed
from .scan import BULK
from .shapes import renders_itself, shape_of
from .stock import own_class
from .text import author_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import LogRecord
    from typing import Any, Callable

    from .glance import Met
    from .patching import Patches
    from .recorder import Recorder
    from .settings import Settings

    Replace = Callable[[Any], Any]

# What every record has, and what formatting adds; all else came by `extra=`, a filter or a factory.
_Record = own_class(logging, "LogRecord")
_MADE = frozenset(vars(_Record("", 0, "", 0, "", (), None)))
_ADDED_BY_FORMATTING = ("message", "asctime")
_OWN = _MADE.union(_ADDED_BY_FORMATTING)
_NEEDED = frozenset({"args", "levelno", "msg"})

# Author's code that we call (`__str__`, a lazy proxy) may log, and that record's enums may do so again.
_DEEPEST = 2


class Cleaner:
    """Cleans records under the settings it is made with, for as long as `patches` are active."""

    __slots__ = ("_argument", "_depth", "_field", "_known", "_patches", "_recorder", "_settings")

    def __init__(self, settings: Settings, patches: Patches) -> None:
        names = PlainNames(settings)
        self._patches = patches
        self._field = as_field(settings, names)
        self._argument = as_argument(settings, names)
        self._settings = settings
        self._recorder = recorder = patches.recorder
        self._known = {} if recorder is not None and recorder.observes else names.known  # a glance would convert
        # Not thread-local: several greenlets share a thread, and each may be in the middle of a record.
        self._depth: ContextVar[int] = ContextVar("enum_log_shim_depth", default=0)

    def clean_made(self, record: LogRecord, extra: Any) -> bool:
        """`clean` for a record fresh from the standard library's own makeRecord and factory, with this `extra`.

        Returns whether there is nothing in it now but plain values.
        """
        try:
            if not self._settings.keep_loggers and self._patches.active:
                if self._recorder is not None:
                    met: list[Met] = []
                    is_clean = glance(record, extra, self._known, met)
                    if met:
                        self._recorder.glanced(record, met)
                    if is_clean:
                        return True
                elif glance(record, extra, self._known):
                    return True
        except Exception as error:  # another thread changes `extra`, or a class whose metaclass can't be hashed
            failed("a record takes a closer look", error)
        self.clean(record, extra or ())
        return False

    def clean(self, record: LogRecord, extra: Any = None) -> None:
        """Cleans `record` in place; raises nothing, and leaves what resists as it was.

        extra: the names of the attributes that are not the record's own, where they are known.
        """
        token, depth = None, 0
        try:
            depth = self._depth.get()
            token = self._depth.set(depth + 1)
            if depth < _DEEPEST and self._patches.active and not is_kept_logger(record.name, self._settings):
                _clean_fields(record, extra, self._field, self._argument, self._patches.fields, self._recorder)
        except Exception as error:  # the one border: whatever fails in us, the host's log call goes on
            failed("a record is left as it was", error)
        finally:
            if token is not None:
                try:
                    self._depth.reset(token)
                except BaseException as error:  # Ctrl-C too: at `_DEEPEST` nothing would be cleaned any more
                    self._depth.set(depth)
                    if not isinstance(error, Exception):
                        raise
                    failed("a context variable is set again", error)


def _clean_fields(
    record: LogRecord,
    extra: Any,
    field: Replace,
    argument: Replace,
    own_ways: dict[str, Replace],
    recorder: Recorder | None,
) -> None:
    fields = record.__dict__
    if extra is None:
        if not fields.keys() >= _NEEDED:
            return  # something else of the host's that came to a handler
        extra = () if fields.keys() == _MADE else [name for name in fields if name not in _OWN]
    changes: dict[Any, Any] = {}
    is_renamed = False
    for name in extra:
        if name in fields:
            old = fields[name]
            new = own_ways[name](old) if name in own_ways else clean(old, field)
            if new is not old:
                changes[name] = new
            is_renamed |= type(name) is not str
    changes.update(_message_and_arguments(record, fields, field, argument))
    changes.update(_level(fields, argument))
    if (changes or is_renamed) and recorder is not None and not recorder.met(record, changes, is_renamed):
        return
    if changes:
        fields.update(changes)
    if is_renamed:
        record.__dict__ = _renamed(fields, argument)


def _message_and_arguments(
    record: LogRecord, fields: dict[str, Any], field: Replace, argument: Replace
) -> dict[str, Any]:
    changes = {}
    message, args = fields.get("msg"), fields.get("args")
    if type(message) is not str:
        new = _message(message, args, field, argument)
        if new is not message:
            changes["msg"] = message = new
    # A record's own getMessage may format in another way, where a string doesn't do: `"{0.value:d}".format(*args)`.
    if args and (type(record).getMessage is _Record.getMessage or are_taken(args, message)):
        new = clean_arguments(args, message, argument)
        if new is not args:
            changes["args"] = new
    return changes


def _message(message: Any, args: Any, field: Replace, argument: Replace) -> Any:
    """A message as it stands in the record: arguments still have to fit an enum that is a format itself."""
    if type(message) in BULK:
        return clean(message, field)
    member = as_enum(message)
    if member is None:
        is_container = shape_of(type(message), own_types_only=False) and not renders_itself(type(message))
        return clean(message, field) if is_container else message
    new = argument(member)
    is_format = isinstance(member, str) or (args and isinstance(member, families.ENUMS) and author_str(type(member)))
    return _as_before(message, new) if is_format and new is not member else new


def _as_before(message: Any, otherwise: str) -> str:
    try:
        return str.__str__(str(message))
    except Exception:  # an author's `__str__`, which the host would have called later
        return otherwise


def _level(fields: dict[str, Any], argument: Replace) -> dict[str, Any]:
    """A level as it would be for the plain int: `logging` writes "Level L.NOTICE" for an unknown one before 3.11."""
    number: Any = fields.get("levelno")
    name = fields.get("levelname")
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
    return {name: new for name, new in changes.items() if new is not fields.get(name)}


def _renamed(fields: dict[Any, Any], argument: Replace) -> dict[Any, Any]:
    """`fields` with each enum among their names as a string that is no other field's name, in the same order."""
    return dict(zip(renamed(list(fields), _ADDED_BY_FORMATTING, argument), fields.values()))
