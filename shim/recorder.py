"""What wrappers tell of the enums that they meet: which call sites are counted, and whether anything is converted."""

from __future__ import annotations

import atexit
from itertools import islice

from .callers import caller, is_logging, library_of, renderer, source
from .places import class_name, in_record, in_value
from .report import say
from .site_rows import writer
from .sites import Sites

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import LogRecord
    from typing import Any, Iterable

    from .callers import Source
    from .places import Found
    from .settings import Settings
    from .sites import Site

_MOST_PLACES = 20  # of one log call
_LONGEST = 500  # characters of a text in a row, so that a row goes into a pipe in one piece
_REMEMBERED = 10_000


class Recorder:
    """Counts sites, under the settings it is made with. Raises nothing: whatever fails in it, the host goes on."""

    def __init__(self, settings: Settings) -> None:
        self.observes = settings.mode == "observe"
        self.sites = Sites(writer(settings.sites) if settings.sites else None)
        self._debug = settings.debug
        self._seen: dict[Any, None] = {}
        atexit.register(self.flush)  # early, and so run late: what other functions log at exit is counted

    def met(self, record: LogRecord, changes: dict[Any, Any], is_renamed: bool) -> bool:
        """Counts what of a record's fields is to change; returns whether it shall."""
        try:
            fields = record.__dict__
            found = in_record(fields, changes, is_renamed)
            origin = _text(fields.get("pathname")), _number(fields.get("lineno")), _text(fields.get("funcName"))
            if not self.observes:
                self._add(origin, _text(fields.get("name")), found)
            elif caller()[1] in ("", "logging"):  # else the library that made the record has counted it
                self._add(origin, _text(fields.get("name")), self._first_seen(fields, found))
        except Exception as error:
            self._failed(error)
        return not self.observes

    def replaced(self, given: Any, cleaned: Any, place: str, library: str, logger: Any = "") -> Any:
        """Counts what `library` was handed, where it has been `cleaned`; returns which of both it shall have."""
        if cleaned is given:
            return given
        try:
            origin, called = caller()
            if not self.observes or called in ("", library):
                self._add(origin, _text(logger), in_value(given, cleaned, place))
        except Exception as error:
            self._failed(error)
        return given if self.observes else cleaned

    def rendered(self, member: Any, rendered: str, new: str) -> str:
        """Counts who had `member` rendered, and returns which text he shall have."""
        try:
            frame = renderer()
            module = "" if frame is None else frame.f_globals.get("__name__")
            # `enum` asks for one within the other; a library has what it renders from a call that is counted.
            is_counted = module == "enum" or library_of(str(module)) or (self.observes and is_logging(frame))
            if frame is not None and not is_counted:
                is_between = module == "json" or str(module).startswith("json.")
                self._add(caller()[0] if is_between else source(frame), "", [("f-string", class_name(member))])
        except Exception as error:
            self._failed(error)
        return rendered if self.observes else new

    def flush(self) -> None:
        """Writes the counts that have changed."""
        try:
            self.sites.flush()
        except Exception as error:
            self._failed(error)

    def _add(self, origin: Source, logger: str, found: Iterable[Found]) -> None:
        file, line, function = origin
        for place, cls in dict.fromkeys(islice(found, _MOST_PLACES)):
            site: Site = (file[-_LONGEST:], line, function[:_LONGEST], logger[:_LONGEST], place, cls[:_LONGEST])
            self.sites.add(site)

    def _first_seen(self, fields: dict[Any, Any], found: Iterable[Found]) -> Iterable[Found]:
        """What stays in a record is met again by each handler, and in copies: those have its time and thread."""
        for each in found:
            key = (fields.get("created"), fields.get("thread"), fields.get("lineno"), each)
            if key not in self._seen:
                self._seen[key] = None
                if len(self._seen) > _REMEMBERED:
                    self._seen.pop(next(iter(self._seen)), None)
                yield each

    def _failed(self, error: Exception) -> None:
        """Broad excepts lead here: a record of sites is worth no log line, let alone a request."""
        if self._debug:
            say("a call site is not recorded: %s: %s" % (type(error).__name__, error))


def _text(value: Any) -> str:
    return value if type(value) is str else ""


def _number(value: Any) -> int:
    return value if type(value) is int and value >= 0 else 0
