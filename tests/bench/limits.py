"""What the shim may cost, in instructions under Python 3.11 with wrapt 1.17.3 and its C extension."""

from __future__ import annotations

from typing import NamedTuple

from cases import BASE, BY_HAND, CASES, DUMPS, ROWS, SHIM, WALK
from jobs import USUAL, Key
from measure import Figures, normal


class Limit(NamedTuple):
    """`figure` may be at most `limit`; goal: what is aimed at.

    Judged to two decimals, as they are given: where the shim does nothing, a call may differ by an instruction or two.
    """

    what: str
    figure: float
    limit: float
    goal: float | None = None

    @property
    def is_kept(self) -> bool:
        return round(self.figure, 2) <= self.limit


def judged(figures: Figures) -> list[Limit]:
    """Every limit for which there is a figure."""
    return [*_on_calls(figures), *_against_hands(figures), *_on_walks(figures)]


def _on_calls(figures: Figures) -> list[Limit]:
    found = []
    for name, case in CASES.items():
        ratio = figures.ratio(Key(USUAL, name, SHIM))
        if case.limit is not None and ratio is not None:
            found.append(Limit(f"{name}: the shim / without", ratio, case.limit, case.goal))
    return found


def _against_hands(figures: Figures) -> list[Limit]:
    """In every case cheaper than what people write by hand."""
    found = []
    for name, case in CASES.items():
        for row in BY_HAND:
            shim, by_hand = (figures.instructions.get(Key(USUAL, name, each)) for each in (SHIM, row))
            # A factory sees no `extra`: it costs nothing where a big structure is in there.
            if shim and by_hand and not (case.nodes and case.place not in ROWS[row].reaches):
                found.append(Limit(f"{name}: the shim / {ROWS[row].title}", shim / by_hand, 1.0))
    return found


def _on_walks(figures: Figures) -> list[Limit]:
    """A structure without an enum is walked in no more than json.dumps takes for it."""
    found = []
    for name, case in CASES.items():
        key = Key(USUAL, name, WALK)
        ratio = figures.ratio(key) or figures.time.get(key)
        if case.handler == "walk" and ratio is not None:
            found.append(Limit(f"{name}: {'instructions' if case.is_counted else 'time'} / json.dumps", ratio, 1.0))
        added = added_to_dumps(figures, Key(USUAL, name, SHIM))
        if added is not None and case.nodes >= 1_000 and not case.has_enum:
            found.append(Limit(f"{name}: what the shim adds / json.dumps", added, 1.0))
    return found


def added_to_dumps(figures: Figures, shim: Key) -> float | None:
    """What the shim adds to a call that logs a structure, as a multiple of what json.dumps alone takes for that."""
    base, dumps = (figures.instructions.get(normal(shim._replace(row=row))) for row in (BASE, DUMPS))
    own = figures.instructions.get(shim)
    return (own - base) / dumps if own and base and dumps else None
