"""Values of a row as they may be shown: they come from a log, into which anybody may have written. Pure."""

from __future__ import annotations

import os

from .rows import Site


def visible(text: str) -> str:
    """`text` with everything escaped that a terminal, or a reader's eye, would take for something else."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def source_line(text: str) -> str:
    return visible(text.rstrip().expandtabs(4))


def where(site: Site, path: str | None) -> str:
    """File and line; path: what the file is called in the checkout."""
    if not site.file:
        return "(source not known)"
    return visible(path or site.file) + (f":{site.line}" if site.line else "")


def number_of(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def name(path: os.PathLike[str] | str) -> str:
    return visible(os.fspath(path))
