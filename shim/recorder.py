"""What wrappers tell of the enums that they meet: which call sites are counted, and whether anything is converted."""

from __future__ import annotations

import atexit

from .callers import caller, is_logging, library_of, renderer, source
from .places import class_name, in_record, in_sequence, in_value, of_field
from .report import failed
from .site_rows import Folder, to_stderr
from .sites import Sites

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import LogRecord
    from typing import Any

    from .callers import Source
    from .glance import Met
    from .places import Found
    from .settings import Settings

_MOST_PLACES = 20  # of one log call
_REMEMBERED = 10_000


class Recorder:
    """Counts sites, under the settings it is made with. Raises nothing: whatever fails in it, the host goes on."""

    def __init__(self, settings: Settings) -> None:
        self.observes = settings.mode == "observe"
        self.sites = _sites(settings.sites)
        self._seen: dict[Any, None] = {}
        atexit.register(self.flush)  # early, and so run late: what other functions log at exit is counted

    def met(self, record: LogRecord, changes: dict[Any, Any], is_renamed: bool) -> bool:
        """Counts what of a record's fields is to change; returns whether it shall."""
        try:
            fields = record.__dict__
            found = in_record(fields, changes, is_renamed)
            if self.observes:
                # Where another library made the record, that one's wrapper has counted it.
                found = self._first_seen(fields, found) if caller()[1] in ("", "logging") else []
            self._add((record.pathname, record.lineno, record.funcName), record.name, found)
        except Exception as error:
            self._failed(error)
        return not self.observes

    def glanced(self, record: LogRecord, met: list[Met]) -> None:
        """Counts what was replaced in a record fresh from the standard library."""
        try:
            origin, name, add = (record.pathname, record.lineno, record.funcName), record.name, self.sites.add
            for at, member in met[:_MOST_PLACES]:
                place = of_field(at) if isinstance(at, str) else in_sequence("args", at)
                add(origin + (name, place, class_name(member)))
        except Exception as error:
            self._failed(error)

    def replaced(self, given: Any, cleaned: Any, place: str, library: str, logger: Any = "") -> Any:
        """Counts what `library` was handed, where it has been `cleaned`; returns which of both it shall have."""
        if cleaned is given:
            return given
        try:
            origin, called = caller()
            if not self.observes or called in ("", library):
                self._add(origin, logger, in_value(given, cleaned, place))
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

    def evaluated(self, frame: Any, line: int, place: str, member: Any) -> None:
        """Counts an enum that was rendered in an argument of the log call at `line`."""
        try:
            code = frame.f_code
            self._add((code.co_filename, line, code.co_name), "", [(place, class_name(member))])
        except Exception as error:
            self._failed(error)

    def flush(self) -> None:
        """Writes the counts that have changed."""
        try:
            self.sites.flush()
        except Exception as error:
            self._failed(error)

    def _add(self, origin: Source, logger: str, found: Found) -> None:
        for place, cls in found if len(found) == 1 else list(dict.fromkeys(found))[:_MOST_PLACES]:
            self.sites.add(origin + (logger, place, cls))

    def _first_seen(self, fields: dict[str, Any], found: Found) -> Found:
        """What stays in a record is met again by each handler, and in copies: those have its time and thread."""
        call, seen = (fields.get("created"), fields.get("thread"), fields.get("lineno")), self._seen
        new = [each for each in found if (call, each) not in seen]
        seen.update(dict.fromkeys((call, each) for each in new))
        while len(seen) > _REMEMBERED:
            seen.pop(next(iter(seen)), None)
        return new

    def _failed(self, error: Exception) -> None:
        """Broad excepts lead here: a record of sites is worth no log line, let alone a request."""
        failed("a call site is not recorded", error)


def _sites(where: str | None) -> Sites:
    """where: "stderr", a folder, or nothing for in memory alone."""
    if where in (None, "", "stderr"):
        return Sites(to_stderr if where else None)
    folder = Folder(str(where))
    return Sites(folder.write, folder.update)
