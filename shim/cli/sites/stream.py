"""The rows in a stream of log lines: each is the JSON object that holds our key, wherever it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from . import rows

# How far from its key a row is looked for, on either side: the most that a buffer keeps of what was read.
_REACH = 32_768
# Objects that end before the key, and braces inside of texts, may stand between it and its row's brace.
_BRACES = 32
# A row inside a text, inside a text ...: Docker's log of a line that holds one, as Loki's line.
_DEPTH = 4
_DECODER = json.JSONDecoder()


class Reader:
    """Takes a stream piece by piece and keeps no more than a piece of it; a line with the key and no row is bad."""

    def __init__(self) -> None:
        self.rows = 0
        self.bad = 0
        self.first_bad = 0  # the number of the first bad line
        self.lines = 0
        self._buffer = ""
        self._from = 0  # in the buffer; what comes before was searched
        self._counted = 0  # likewise, for the ends of lines
        self._read = 0  # characters that are no longer in the buffer
        self._row = (-1, -1)  # where the last row begins and ends in the stream
        self._line = -1  # lines before the last one with a key
        self._is_bad = False

    def read(self, pieces: Iterable[str]) -> Iterator[rows.Row]:
        for piece in pieces:
            self._buffer += piece
            yield from self._search(len(self._buffer) - _REACH)
            self._forget()
        yield from self._search(len(self._buffer))
        self._end_line()
        self._count_to(len(self._buffer))
        self.lines += self._buffer[-1:] not in ("", "\n")

    def _search(self, limit: int) -> Iterator[rows.Row]:
        """limit: from there on what belongs to a row may not have come yet."""
        while True:
            key = self._buffer.find(rows.KEY, self._from)
            if key < 0 or key >= limit:
                self._from = max(self._from, limit if key < 0 else key)
                return
            self._from = key + len(rows.KEY)
            self._begin_line(key)
            yield from self._at(key)

    def _at(self, key: int) -> Iterator[rows.Row]:
        """The row that holds the key there, unless a key before it has led to that row."""
        for brace in self._braces(key):
            begin, end = self._row
            if self._read + brace == begin and self._read + key < end:
                self._is_bad = False
                return
            row, length = _row(self._buffer[brace : brace + _REACH], key - brace)
            if row is not None:
                self._row = self._read + brace, self._read + brace + length
                self._is_bad = False
                self.rows += 1
                yield row
                return

    def _braces(self, key: int) -> Iterator[int]:
        """Where an object may begin that holds what is at `key`, the nearest first."""
        brace = key
        for _ in range(_BRACES):
            brace = self._buffer.rfind("{", max(0, key - _REACH), brace)
            if brace < 0:
                return
            yield brace

    def _begin_line(self, key: int) -> None:
        self._count_to(key)
        if self.lines != self._line:
            self._end_line()
            self._line = self.lines
            self._is_bad = True

    def _end_line(self) -> None:
        if self._is_bad:
            self.bad += 1
            self.first_bad = self.first_bad or self._line + 1
        self._is_bad = False

    def _count_to(self, end: int) -> None:
        self.lines += self._buffer.count("\n", self._counted, end)
        self._counted = end

    def _forget(self) -> None:
        length = max(0, self._from - _REACH)
        if self._counted < length:
            self._count_to(length)
        self._read += length
        self._from -= length
        self._counted -= length
        self._buffer = self._buffer[length:]


def _row(text: str, key: int, depth: int = _DEPTH) -> tuple[rows.Row | None, int]:
    """The row that begins with `text` and goes on beyond `key`, and its length; None if there is none."""
    found, end = _decoded(text)
    if isinstance(found, dict):
        if rows.KEY not in found or end <= key:
            return None, 0
        try:
            return rows.row(found), end
        except ValueError:
            return None, 0
    # It may stand in a text, with quotes that are escaped. Where that ends was perhaps cut off.
    inner, end = _decoded(f'"{text}""')
    if depth and isinstance(inner, str) and rows.KEY in inner and end - 2 > key:
        return _row(inner, 0, depth - 1)[0], end - 2
    return None, 0


def _decoded(text: str) -> tuple[object, int]:
    try:
        found: tuple[object, int] = _DECODER.raw_decode(text)
        return found
    except (ValueError, RecursionError):
        return None, 0
