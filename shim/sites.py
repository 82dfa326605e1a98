"""The call sites that an enum reached, counted: a bounded number of them, each told at its first sighting."""

from __future__ import annotations

import os
import sys
from _thread import RLock  # `threading` may not be imported before gevent's monkey-patching
from time import time

from .report import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Tuple, TypeVar

    Result = TypeVar("Result")

    # File, line, function, logger, place, class.
    Site = Tuple[str, int, str, str, str, str]
    Write = Callable[[str, Site, "Count"], None]

_MOST = 2000
# How long a count waits, where not every call is written: at least so many seconds, and this part of the time since the
# first sighting. With a row at each doubling of the count too, a site has about 200 rows in a year.
_SECONDS, _PART = 10.0, 0.1

# Seconds that a log call waits for another one's. Not for ever: a signal handler or a `__del__` may have come in there,
# and log, and wait for a handler's lock, which the one that waits here may hold.
_PATIENCE = 1.0


class Count:
    """Of one site; times are seconds since the epoch."""

    __slots__ = ("calls", "due", "first", "last", "offset", "second", "written")

    def __init__(self, now: float) -> None:
        self.calls, self.written = 0, 0
        self.first = self.last = now
        self.due = now + _SECONDS
        self.offset: int | None = None  # in a file, of what is written anew
        self.second = -1  # of the time that is written there


class Sites:
    """Counts sites and hands on what is new: safe with threads, signal handlers and forks."""

    def __init__(self, write: Write | None, update: Write | None = None) -> None:
        """write: is handed the run, the site and its count, now and then. update: the same with every call, where that
        is cheap. Without both they stay in memory.
        """
        self._write, self._update = write, update
        self._start()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._start)

    def _start(self) -> None:
        """Also in a forked child: its parent goes on counting what it had, and the lock may be another thread's."""
        self._lock = RLock()  # reentrant, for a signal handler that logs
        self._counts: dict[Site, Count] = {}
        self._due = 0.0
        self._surplus = Count(0.0)
        self.run = os.urandom(8).hex()

    def add(self, site: Site) -> None:
        """One call more. Raises what `write` does."""
        now, lock = time(), self._lock
        if not lock.acquire(True, _PATIENCE):
            lock = self._another_lock()
        try:
            count = self._counts.get(site)
            if count is None:
                count = self._new(site, now)
            count.calls += 1
            count.last = now
            if count is self._surplus:
                return
            if self._update is not None:
                self._update(self.run, site, count)
                return
            if count.calls >= 2 * count.written:
                self._hand_on(site, count)
            if now >= self._due:
                self._due = now + _SECONDS
                self._hand_on_all(now)
        finally:
            lock.release()

    def _another_lock(self) -> RLock:
        """For all who come from now on, held: the one before may never be given back."""
        self._lock = lock = RLock()
        lock.acquire()
        return lock

    def _alone(self, act: Callable[[], Result]) -> Result:
        lock = self._lock
        if not lock.acquire(True, _PATIENCE):
            lock = self._another_lock()
        try:
            return act()
        finally:
            lock.release()

    def _new(self, site: Site, now: float) -> Count:
        if len(self._counts) >= _MOST:
            say("more than %d places log an enum: no more are recorded" % _MOST)
            return self._surplus
        if not self._counts:
            self._flush_at_exit()
        count = self._counts[site] = Count(now)
        return count

    def _flush_at_exit(self) -> None:
        """`atexit` is the caller's; a child that multiprocessing forks ends without it, and has these instead."""
        util = sys.modules.get("multiprocessing.util")
        finalize = getattr(util, "Finalize", None)
        if finalize is not None:
            finalize(None, self.flush, exitpriority=-1000)

    def flush(self) -> None:
        """Hands on every count that has changed. Raises what `write` does."""
        self._alone(lambda: self._hand_on_all(float("inf")))

    def recorded(self) -> dict[Site, int]:
        """How often each site was seen in this process."""
        return self._alone(lambda: {site: count.calls for site, count in self._counts.items()})

    def each(self, write: Write) -> None:
        """Hands what is counted up to now to `write`. Raises what that does."""
        for site, count in self._alone(lambda: list(self._counts.items())):
            write(self.run, site, count)

    def _hand_on_all(self, now: float) -> None:
        for site, count in list(self._counts.items()):
            if count.calls != count.written and now >= count.due:
                self._hand_on(site, count)

    def _hand_on(self, site: Site, count: Count) -> None:
        count.written = count.calls
        count.due = count.last + max(_SECONDS, _PART * (count.last - count.first))
        if self._write is not None:
            self._write(self.run, site, count)
