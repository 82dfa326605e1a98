"""All that the inputs hold, read with a progress bar and merged; what could not be read is told."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from . import inputs, shown
from .rows import KEY
from .stream import Reader
from .tally import Tally, Total

_LONG = 4 << 20  # bytes; who has less to read needs no progress bar


class Sites(NamedTuple):
    totals: list[Total]
    runs: int
    rows: int
    lines: int
    bad: int


def read(found: Sequence[inputs.Input], tell: Callable[[str], None]) -> Sites:
    """tell: is given a line for each input with bad lines. Raises inputs.Unusable and OSError."""
    tally, readers = Tally(), []
    with _Progress(inputs.size(found)) as progress:
        for each in found:
            reader, text = Reader(), inputs.Text(progress.watch(inputs.pieces(each)))
            for row in reader.read(text):
                tally.add(row)
            if not (reader.rows or text.is_log):
                raise inputs.Unusable(f"{each.name} is no log: it holds no row, and is no text")
            readers.append((each, reader))
    for each, reader in readers:
        if reader.bad:
            tell(_complaint(each, reader))
    rows, lines, bad = (sum(getattr(reader, name) for _, reader in readers) for name in ("rows", "lines", "bad"))
    return Sites(tally.totals(), tally.runs, rows, lines, bad)


def _complaint(each: inputs.Input, reader: Reader) -> str:
    lines = f"{shown.number_of(reader.bad, 'line')} of {each.name} with {KEY!r} and no row that can be read"
    return f"{lines}; the first is line {reader.first_bad}"


class _Progress:
    """A progress bar on stderr, if that is a terminal, once it is clear that the reading takes its time."""

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._read = 0
        self._is_wanted = sys.stderr is not None and sys.stderr.isatty() and importlib.util.find_spec("rich")
        self._advance: Callable[[int], None] | None = None
        self._stop: Callable[[], None] = lambda: None

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def watch(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._read += len(piece)
            if self._advance is not None:
                self._advance(self._read)
            elif self._is_wanted and (self._read if self._total is None else self._total) >= _LONG:
                self._start()
            yield piece

    def _start(self) -> None:
        # Imported late: it needs the extra.
        from . import table

        self._advance, self._stop = table.progress(self._total)
        self._advance(self._read)
