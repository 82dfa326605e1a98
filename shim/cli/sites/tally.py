"""Many rows, merged into one list of sites. The order in which they come makes no difference. Pure."""

from __future__ import annotations

from typing import NamedTuple

from .rows import Row, Site


class Total(NamedTuple):
    """What all runs together saw of a site; `runs` is how many of them did."""

    site: Site
    calls: int
    runs: int
    first: str
    last: str


class _Seen:
    __slots__ = ("counts", "first", "last")

    def __init__(self, row: Row) -> None:
        self.counts: dict[int, int] = {}
        self.first = row.first
        self.last = row.last


class Tally:
    """Grows with the number of sites and of the runs that saw them, and not with that of the rows."""

    def __init__(self) -> None:
        self._runs: dict[str, int] = {}
        self._sites: dict[Site, _Seen] = {}

    @property
    def runs(self) -> int:
        return len(self._runs)

    def add(self, row: Row) -> None:
        seen = self._sites.get(row.site)
        if seen is None:
            seen = self._sites[row.site] = _Seen(row)
        run = self._runs.setdefault(row.run, len(self._runs))
        seen.counts[run] = max(seen.counts.get(run, 0), row.calls)
        seen.first = min(seen.first, row.first)
        seen.last = max(seen.last, row.last)

    def totals(self) -> list[Total]:
        """The busiest first."""
        totals = [
            Total(site, sum(seen.counts.values()), len(seen.counts), seen.first, seen.last)
            for site, seen in self._sites.items()
        ]
        return sorted(totals, key=lambda total: (-total.calls, total.site))
