"""Where rows are read from: files, folders of them, and standard input."""

from __future__ import annotations

import codecs
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from . import shown

_PIECE = 1 << 20
# A log may hold a few bytes that are no text; of what is no log they are a good part.
_HEAD = 4096
_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\b\t\n\r\f\x1b") | {"\ufffd"}


class Unusable(Exception):
    """There is nothing to read from, or it is no log; the text says what, and what to do."""


class Input(NamedTuple):
    """path: None is standard input."""

    name: str
    path: Path | None


STDIN = Input("standard input", None)


def named(paths: Sequence[str]) -> list[Input]:
    """Raises Unusable, or OSError where a folder can't be listed."""
    return [found for path in paths for found in ([STDIN] if path == "-" else _at(Path(path)))]


def default(environ: Mapping[str, str]) -> list[Input]:
    """What is read where nothing was named. Raises Unusable, or OSError."""
    folder = environ.get("ENUM_LOG_SHIM_SITES", "").strip()
    if folder and folder != "stderr" and Path(folder).is_dir():
        return _at(Path(folder))
    if sys.stdin is not None and not sys.stdin.isatty():
        return [STDIN]
    raise Unusable("nothing to read: name a file or a folder, pipe a log into it, or see --help")


def _at(path: Path) -> list[Input]:
    if not path.is_dir():
        return [Input(shown.name(path), path)]
    entries = sorted(path.iterdir())
    files = [file for file in entries if file.suffix == ".jsonl" and file.is_file()]
    others = [file for file in entries if file.is_file() and not file.name.startswith(".")]
    if others and not files:
        raise Unusable(f"{shown.name(path)} holds no *.jsonl file, but others, such as {shown.visible(others[0].name)}")
    return [Input(shown.name(file), file) for file in files]


def size(found: Sequence[Input]) -> int | None:
    """All bytes to be read; None where that can't be told."""
    total = 0
    for _, path in found:
        status = path.stat() if path else None
        if status is None or not stat.S_ISREG(status.st_mode):
            return None
        total += status.st_size
    return total


def pieces(found: Input) -> Iterator[bytes]:
    """Raises OSError where it can't be read, Unusable where standard input is closed."""
    if found.path is None:
        if sys.stdin is None:
            raise Unusable("standard input is closed")
        yield from _pieces(sys.stdin.buffer)
        return
    with found.path.open("rb") as stream:
        yield from _pieces(stream)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while True:
        piece = stream.read(_PIECE)
        if not piece:
            return
        yield piece


class Text:
    """The pieces as text; what is no UTF-8 is replaced. `is_log`: whether they began as a text does."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.is_log = True

    def __iter__(self) -> Iterator[str]:
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        head = ""
        for piece in self._pieces:
            text = decode(piece)
            if len(head) < _HEAD:
                head = (head + text)[:_HEAD]
                self.is_log = 10 * sum(char in _CONTROLS for char in head) <= len(head)
            yield text
        yield decode(b"", True)
