"""The sitecustomize modules on a path: whose they are, and who may change them."""

from __future__ import annotations

import importlib.metadata
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from . import on_path

_OTHERS = stat.S_IWOTH


class Door(NamedTuple):
    """owners: the distributions that installed the file. is_open: anybody on this machine may put code there."""

    file: str
    is_ours: bool
    owners: list[str]
    is_open: bool


def read(file: str) -> Door:
    """What is to be known of a sitecustomize; raises nothing where it can't be read, or is in a zip."""
    path = Path(file)
    try:
        is_ours = b"def _enum_log_shim_door" in path.read_bytes()
        is_open = any(each.stat().st_mode & _OTHERS for each in _loaded(path, is_ours))
    except OSError:
        return Door(file, False, [], False)
    return Door(file, is_ours, _owners(path), is_open)


def intruders(value: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """What to tell, and to do, of each entry of PYTHONPATH into which anybody on this machine may put a module.

    known: the folders of which that is told already.
    """
    for entry in filter(None, value.split(os.pathsep)):
        if not os.path.exists(entry):
            if _mode(next(parent for parent in Path(entry).absolute().parents if os.path.exists(parent))) & _OTHERS:
                yield (
                    f"{entry} does not exist, and anybody may make it and so run code in that process",
                    f"take {entry} off PYTHONPATH",
                )
        elif entry not in known and _mode(Path(entry)) & _OTHERS:
            yield written_by_anybody(entry)


def written_by_anybody(folder: str) -> tuple[str, str]:
    is_everybodys = _mode(Path(folder)) & stat.S_ISVTX  # /tmp: it has to stay what it is
    do = f"take {folder} off PYTHONPATH" if is_everybodys else f"chmod -R o-w {folder}"
    return f"anybody may write to {folder}, and so run code in that process", do


def _mode(path: Path) -> int:
    """Zero where it can't be had."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def is_package(file: str) -> bool:
    """Whether a module called `shim` is ours."""
    return Path(file).with_name("light_wrapt.py").is_file()


def _loaded(path: Path, is_ours: bool) -> list[Path]:
    """What is loaded with it: whoever may write there has code run in the process."""
    shim = path.parent / "shim"
    return [path.parent, path, *((shim, *shim.rglob("*")) if is_ours and shim.is_dir() else ())]


def _owners(path: Path) -> list[str]:
    """pip lets one distribution overwrite another's file without a word, and removes it with either."""
    if path.parent.name not in on_path.SITE:
        return []
    installed = importlib.metadata.distributions(path=[str(path.parent)])
    return sorted(found.metadata["Name"] for found in installed if path.name in map(str, found.files or ()))
