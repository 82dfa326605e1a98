"""The folder of this copy of the shim that is put on PYTHONPATH."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ("site-packages", "dist-packages")


def folder() -> Path:
    """The folder that the door is in; for a copy in site-packages one with links to its parts.

    On PYTHONPATH site-packages would come in front of the standard library, and in front of another Python's own.
    Raises OSError where the links can't be made, or PYTHONPATH can't name the folder; RuntimeError without a home.
    """
    found = _linked() if ROOT.name in SITE else ROOT
    if os.pathsep in str(found):
        raise OSError(f"PYTHONPATH can't hold {found}, because of the {os.pathsep!r} in its name")
    return found


def _linked() -> Path:
    """The folder of links in the user's cache; it is made once for an installation."""
    parts = [ROOT / "sitecustomize.py", ROOT / "shim", ROOT / "enum_log_shim", *ROOT.glob("enum_log_shim-*.dist-info")]
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]
    # A relative one is to be ignored. Source: the XDG Base Directory Specification.
    named = os.environ.get("XDG_CACHE_HOME", "")
    cache = Path(named) if os.path.isabs(named) else Path.home() / ".cache"
    target = cache / "enum-log-shim" / digest
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(parts, target)
    return target


def _link(parts: list[Path], target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        new = Path(temporary) / "new"
        new.mkdir()
        for part in parts:
            (new / part.name).symlink_to(part)
        try:
            new.rename(target)
        except OSError:  # another process was first
            if not target.is_dir():
                raise
