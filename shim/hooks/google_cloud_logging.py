"""google-cloud-logging's own API: what a client writes is clean before it is made into protobuf or JSON.

Every entry passes `write_entries` of the client's transport, HTTP's or gRPC's: a Logger's, a Batch's and the handlers'.
"""

from __future__ import annotations

import sys
from operator import is_not

from ..convert import clean
from ..members import as_enum
from ..policy import as_argument, as_field, is_kept_logger, plain_number
from ..report import failed
from ..scan import is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..patching import Patches
    from ..settings import Settings

    Replace = Callable[[Any], Any]

# `_gax` is gRPC's in 1.0.
_TRANSPORTS = ("_http", "_gapic", "_gax")
_LIBRARY = "google.cloud.logging_v2"
_STRUCTURED = ("jsonPayload", "protoPayload")
# Each is 100 more than the one before.
_SEVERITIES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
# Of an HttpRequest, by JSON's names and protobuf's, both of which are taken; any other string there loses the entry.
_NUMBERS = frozenset(
    ["status", "requestSize", "request_size", "responseSize", "response_size", "cacheFillBytes", "cache_fill_bytes"]
)


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> str:
    """Wraps what `google.cloud.logging_v2.client`, or before 2.0 `google.cloud.logging.client`, writes with.

    Returns why nothing was wrapped, or an empty string. Raises ImportError without wrapt.
    """
    package = module.__name__.rpartition(".")[0]
    loaded = [vars(sys.modules[name]) for name in (f"{package}.{one}" for one in _TRANSPORTS) if name in sys.modules]
    transports = [namespace.get("_LoggingAPI") for namespace in loaded]
    if not transports or not all(hasattr(transport, "write_entries") for transport in transports):
        return "its inside has changed: no transport with write_entries"
    writer = _Writer(settings, patches)
    for transport in transports:
        patches.wrap(transport, "write_entries", _write_entries_wrapper(patches, writer))
    loggers = vars(sys.modules.get(f"{package}.logger", object))
    for owner in filter(None, (loggers.get("Logger"), loggers.get("Batch"))):
        if hasattr(owner, "log"):  # from 3.0 on
            patches.wrap(owner, "log", _log_wrapper(patches, writer))
    patches.fields["http_request"] = writer.http_request  # a record's, which a handler writes as an entry's
    return ""


def _write_entries_wrapper(patches: Patches, writer: _Writer) -> Callable[..., Any]:
    def enum_log_shim_write_entries(wrapped: Any, api: Any, args: Any, kwargs: Any) -> Any:
        try:
            if patches.active:
                args, kwargs = writer.written(args, kwargs)
        except Exception as error:  # called in a way that is not the library's: it is called as it was
            failed("entries are left as they were", error)
        return wrapped(*args, **kwargs)

    return enum_log_shim_write_entries


def _log_wrapper(patches: Patches, writer: _Writer) -> Callable[..., Any]:
    """`log` takes a string or a mapping as the message, and writes no payload for anything else."""

    def enum_log_shim_log(wrapped: Any, owner: Any, args: Any, kwargs: Any) -> Any:
        try:
            if patches.active and type(args[0] if args else None) not in (str, dict):
                args, kwargs = writer.logged(owner, args, kwargs)
        except Exception as error:  # a host's own subclass, whose attributes are its code: it is called as it was
            failed("a message is left as it was", error)
        return wrapped(*args, **kwargs)

    return enum_log_shim_log


class _Writer:
    """What is written in place of a call's arguments, under the settings it is made with. Raises what a host's own
    kind of owner or entry raises.
    """

    def __init__(self, settings: Settings, patches: Patches) -> None:
        self._settings = settings
        self._recorder = patches.recorder
        self._field = as_field(settings)
        self._argument = as_argument(settings)  # all that is no payload is strings, to protobuf and to the API

    def logged(self, owner: Any, args: Any, kwargs: Any) -> Any:
        message = args[0] if args else kwargs.get("message")
        logger = getattr(owner, "logger", owner)  # a Batch's
        if as_enum(message) is None or is_kept_logger(logger.name, self._settings):
            return args, kwargs
        message = self._told(message, clean(message, self._argument), "message")
        return ((message, *args[1:]), kwargs) if args else (args, {**kwargs, "message": message})

    def written(self, args: Any, kwargs: Any) -> Any:
        if self._is_kept(kwargs.get("logger_name")):
            return args, kwargs
        new = {name: self._part(name, value) for name, value in kwargs.items()}
        entries = self._told(args[0], self._entries(args[0]), "entries")
        return (entries, *args[1:]), self._told(kwargs, new, "written")

    def _told(self, given: Any, cleaned: Any, place: str) -> Any:
        recorder = self._recorder
        return cleaned if recorder is None else recorder.replaced(given, cleaned, place, _LIBRARY)

    def _is_kept(self, log: Any) -> bool:
        """log: a log's full name, "projects/…/logs/name", or None."""
        settings = self._settings
        return bool(settings.keep_loggers) and is_kept_logger(str(log).partition("/logs/")[2], settings)

    def _entries(self, entries: Any) -> Any:
        new = [self._entry(entry) for entry in entries] if isinstance(entries, (list, tuple)) else []
        return new if any(map(is_not, new, entries)) else entries

    def _entry(self, entry: Any) -> Any:
        if not isinstance(entry, dict) or (type(entry) is dict and is_plain(entry)):
            return entry
        if self._is_kept(entry.get("logName")):
            return entry
        new = {name: self._part(name, value) for name, value in entry.items()}
        return new if any(map(is_not, new.values(), entry.values())) else entry

    def _part(self, name: str, value: Any) -> Any:
        if name == "severity":
            return self._severity(value)
        if name == "httpRequest":
            return self.http_request(value)
        return clean(value, self._field if name in _STRUCTURED else self._argument)

    def _severity(self, value: Any) -> Any:
        """A number as it was, or the first severity among the member's string, name and value; without any of them the
        API's own word for none, because any other string would lose the entry.
        """
        member = as_enum(value)
        if member is None or self._argument(member) is member:
            return value
        if isinstance(member, int):
            return plain_number(member)
        value = getattr(member, "_value_", None)
        texts = (self._argument(member), getattr(member, "_name_", None), value)
        found = [text.upper() for text in texts if isinstance(text, str) and text.upper() in _SEVERITIES]
        if not found and type(value) is int and value in range(0, 100 * len(_SEVERITIES), 100):
            return value
        return found[0] if found else _SEVERITIES[0]

    def http_request(self, request: Any) -> Any:
        """`request`, an entry's or a record's, without its enums."""
        try:
            request = self._with_numbers(request)
        except Exception as error:  # a host's own mapping, whose items are its code
            failed("the numbers of a request are left as they were", error)
        return clean(request, self._argument)

    def _with_numbers(self, request: Any) -> Any:
        """`request` with plain numbers where the API takes nothing else; a member that is none is left out."""
        if not isinstance(request, dict):
            return request
        members = {key: as_enum(value) for key, value in request.items()}
        numbers = {key: _number(member) for key, member in members.items() if self._is_number(key, member)}
        if not numbers:
            return request
        new = {**request, **numbers}
        return {key: value for key, value in new.items() if value is not None or key not in numbers}

    def _is_number(self, key: Any, member: Any) -> bool:
        return member is not None and clean(key, self._argument) in _NUMBERS and self._argument(member) is not member


def _number(member: Any) -> int | float | None:
    try:
        return plain_number(member) if isinstance(member, (int, float)) else int(member._value_)
    except Exception:  # the value is the host's, of any type
        return None
