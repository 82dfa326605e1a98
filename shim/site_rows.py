"""Where the rows of a record of sites go: a file a process in a folder, or stderr. One JSON line a row."""

from __future__ import annotations

import errno
import os
from functools import lru_cache
from time import gmtime, strftime

from .report import say, write

# Not in a log call: a child that is forked while another thread is importing `json` would wait for ever for that lock.
try:
    from _json import encode_basestring_ascii as _quoted  # a sixth of what `json` costs a start
except ImportError:  # a Python without that extension
    from json import dumps as _quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .sites import Count, Site

_LONGEST = 500
_TAIL = ', "last": "%s", "count": %15d}\n'
_BEFORE_COUNT = len(_TAIL.partition("%15d")[0] % "2026-01-01T00:00:00.000Z")


def to_stderr(run: str, site: Site, count: Count) -> None:
    write(row(run, site, count))


class Folder:
    """A file of its own for each run, made for its first row: a forked child has another one.

    A row has its place in the file, and its count is written there with every call: a server that ends by a signal, as
    uvicorn does, runs nothing at exit. So a file is as long as the list of its sites.
    """

    def __init__(self, path: str) -> None:
        """Makes the folder. What fails then, or later, is one line on stderr."""
        self._path = os.path.abspath(path)  # a server may go to another folder
        self._run, self._file, self._end = "", -1, 0
        self._is_told = False
        try:
            os.makedirs(self._path, exist_ok=True)
            if not os.access(self._path, os.W_OK | os.X_OK):
                raise PermissionError("it can't be written to")
        except OSError as error:
            self._tell(error)

    def write(self, run: str, site: Site, count: Count) -> None:
        """Appends a row, or writes the whole of what has changed in it."""
        try:
            if run != self._run:
                self._open(run)
            if self._file < 0:
                return
            tail = _tail(count).encode()
            if count.offset is None:
                head = _head(run, site, count).encode()
                self._put(head + tail, self._end)
                count.offset = self._end + len(head)
                self._end = count.offset + len(tail)
            else:
                _write_at(self._file, tail, count.offset)
            count.second = int(count.last)
        except OSError as error:
            self._tell(error)

    def update(self, run: str, site: Site, count: Count) -> None:
        """The same, and for a row that is there no more than the number, but once a second."""
        if count.offset is None or int(count.last) != count.second:
            self.write(run, site, count)
            return
        try:
            _write_at(self._file, b"%15d" % count.calls, count.offset + _BEFORE_COUNT)
        except OSError as error:
            self._tell(error)

    def _open(self, run: str) -> None:
        """Its name is no other's, whatever host writes to the same volume: `run` is random. It is tried once."""
        parents, self._run, self._file, self._end = self._file, run, -1, 0
        if parents >= 0:
            os.close(parents)
        path = os.path.join(self._path, "sites-%d-%s.jsonl" % (os.getpid(), run))
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def _put(self, data: bytes, offset: int) -> None:
        """Half a row is taken back: the next one begins where this one would have."""
        if _write_at(self._file, data, offset) < len(data):
            os.ftruncate(self._file, offset)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _tell(self, error: OSError) -> None:
        if not self._is_told:
            self._is_told = True
            say("ENUM_LOG_SHIM_SITES: %s: %s; sites are not recorded" % (self._path, error.strerror or error))


def _seek_and_write(file: int, data: bytes, offset: int) -> int:
    os.lseek(file, offset, os.SEEK_SET)
    return os.write(file, data)


# In one step where that can be had, because a signal handler may log between two.
_write_at = getattr(os, "pwrite", _seek_and_write)


def row(run: str, site: Site, count: Count) -> str:
    """One line of JSON, pure ASCII, and short enough for a pipe to take it in one piece."""
    return _head(run, site, count) + _tail(count)


def _head(run: str, site: Site, count: Count) -> str:
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
    }
    parts = ['"%s": %s' % (name, _quoted(it) if isinstance(it, str) else it) for name, it in fields.items()]
    return "{" + ", ".join(parts)


def _tail(count: Count) -> str:
    """Always of the same length."""
    return _TAIL % (_time(count.last), count.calls)


def _text(value: Any) -> str:
    """What a host's own kind of record has may be anything."""
    return value if isinstance(value, str) else ""


def _time(seconds: float) -> str:
    return "%s.%03dZ" % (_second(int(seconds)), seconds % 1 * 1000)


@lru_cache(maxsize=8)
def _second(seconds: int) -> str:
    return strftime("%Y-%m-%dT%H:%M:%S", gmtime(seconds))
