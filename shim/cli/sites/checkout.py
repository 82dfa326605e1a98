"""The checkout in which a row's file, a path of some container, is looked up; nothing outside of it is ever read."""

from __future__ import annotations

import os
import re
import tokenize
from pathlib import Path
from typing import NamedTuple

from .rows import Site

_LARGEST = 4_000_000
_SUFFIXES = (".py", ".pyw", ".pyx", ".pyi")
_SHEBANG = re.compile(rb"#!.*python")
# What comes after these names a library's module: its last part alone could be any file of the checkout.
_LIBRARY = re.compile(r"site-packages|dist-packages|python\d\.\d+")


class Excerpt(NamedTuple):
    """A few lines of source around that numbered `line`; `first` is the number of the first of them."""

    lines: list[str]
    first: int
    line: int


class Checkout:
    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._paths: dict[str, str | None] = {}
        self._texts: dict[str, list[str]] = {}

    def path(self, file: str) -> str | None:
        """The longest end of `file` that is a Python source in the checkout; None if none is."""
        if file not in self._paths:
            self._paths[file] = next(filter(self._read, _ends(file)), None)
        return self._paths[file]

    def line(self, site: Site) -> str | None:
        excerpt = self.excerpt(site, 0, 0)
        return excerpt.lines[0] if excerpt else None

    def excerpt(self, site: Site, before: int, after: int) -> Excerpt | None:
        """None where the checkout has no such file or no such line."""
        path = self.path(site.file)
        lines = self._texts[path] if path else []
        if not 1 <= site.line <= len(lines):
            return None
        first = max(1, site.line - before)
        return Excerpt(lines[first - 1 : site.line + after], first, site.line)

    def _read(self, path: str) -> bool:
        """Whether that is a source of the checkout; its lines are kept then."""
        if path not in self._texts:
            lines = self._lines(path)
            if lines is None:
                return False
            self._texts[path] = lines
        return True

    def _lines(self, path: str) -> list[str] | None:
        try:
            file = (self._root / path).resolve()
            # A link may lead out of it, and a device or a pipe would be waited for.
            if self._root not in file.parents or not file.is_file() or file.stat().st_size > _LARGEST:
                return None
            if not (file.name.endswith(_SUFFIXES) or _is_script(file)):
                return None  # a log line must not name a file of secrets, and have it shown
            with tokenize.open(os.fspath(file)) as source:
                text = source.read()
        except (OSError, ValueError, SyntaxError, RuntimeError):  # not to be read, not in its encoding, a loop of links
            return None
        return None if "\0" in text else text.rstrip("\n").split("\n")


def _is_script(file: Path) -> bool:
    with file.open("rb") as source:
        return bool(_SHEBANG.match(source.readline(200)))


def _ends(file: str) -> list[str]:
    """The paths that `file` ends with, the longest first; none that leads upwards."""
    parts = [part for part in re.split(r"[\\/]+", file) if part not in ("", ".")]
    if ".." in parts or "\0" in file:
        return []
    library = max((index for index, part in enumerate(parts) if _LIBRARY.fullmatch(part)), default=-1)
    least = min(library + 1, len(parts) - 1) if library >= 0 else len(parts) - 1
    return ["/".join(parts[index:]) for index in range(least + 1)]
