"""Where the rows of a record of sites go: a file a process in a folder, or stderr. One JSON line, one write."""

from __future__ import annotations

import os
from time import gmtime, strftime

from .report import say, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .sites import Count, Site, Write


_LONGEST = 500


def writer(where: str) -> Write:
    """What writes rows to the folder `where`, made at once, or to "stderr". A failure is one line on stderr."""
    return to_stderr if where == "stderr" else _Folder(where).write


def to_stderr(run: str, site: Site, count: Count) -> None:
    write(row(run, site, count))


class _Folder:
    """A file of its own for each run, made for its first row: a forked child has another one."""

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)  # a server may go to another folder
        self._run, self._file = "", -1
        self._is_torn = False
        try:
            os.makedirs(self._path, exist_ok=True)
            if not os.access(self._path, os.W_OK | os.X_OK):
                raise PermissionError("it can't be written to")
        except OSError as error:
            self._tell(error)

    def write(self, run: str, site: Site, count: Count) -> None:
        try:
            if run != self._run:
                self._open(run)
            if self._file >= 0:
                self._put(("\n" if self._is_torn else "") + row(run, site, count))
        except OSError as error:
            self._tell(error)

    def _open(self, run: str) -> None:
        """Its name is no other's, whatever host writes to the same volume: `run` is random. It is tried once."""
        parents, self._run, self._file, self._is_torn = self._file, run, -1, False
        if parents >= 0:
            os.close(parents)
        path = os.path.join(self._path, "sites-%d-%s.jsonl" % (os.getpid(), run))
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)

    def _put(self, line: str) -> None:
        data = line.encode()
        self._is_torn = True
        self._is_torn = os.write(self._file, data) < len(data)

    def _tell(self, error: OSError) -> None:
        say("ENUM_LOG_SHIM_SITES: %s: %s; sites are not recorded" % (self._path, error.strerror or error))


def row(run: str, site: Site, count: Count) -> str:
    """One line of JSON, pure ASCII, and short enough for a pipe to take it in one piece."""
    from json import dumps  # not before the first row: importing it costs a start more than all of this

    file, line, function, logger, place, cls = site
    fields = {
        "enum_log_shim": "site",
        "run": run,
        "file": _text(file)[-_LONGEST:],
        "line": line if type(line) is int and line > 0 else 0,
        "function": _text(function)[:_LONGEST],
        "logger": _text(logger)[:_LONGEST],
        "place": place[:_LONGEST],
        "class": cls[:_LONGEST],
        "first": _time(count.first),
        "last": _time(count.last),
        "count": count.calls,
    }
    return dumps(fields) + "\n"


def _text(value: Any) -> str:
    """What a host's own kind of record has may be anything."""
    return value if isinstance(value, str) else ""


def _time(seconds: float) -> str:
    return strftime("%Y-%m-%dT%H:%M:%S", gmtime(seconds)) + ".%03dZ" % (seconds % 1 * 1000)
