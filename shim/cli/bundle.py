"""`python -m shim bundle`: a folder that is all a container needs, whole or not at all."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import errno
import os
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from . import contents

_DESCRIPTION = """\
Makes DIR, which is all that a container needs: put it on PYTHONPATH and set ENUM_LOG_SHIM=1. It holds
sitecustomize.py, the shim with a private copy of wrapt, and metadata. It runs under any Python from 3.8 on; wrapt's C
extension and the bytecode are those of the Python which makes it, so make it with the app's if you can. A bundle that
is in DIR already is replaced in one step; a container that has the old one mounted needs a restart.
"""


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m shim bundle", description=_DESCRIPTION)
    parser.add_argument("dir", metavar="DIR", type=Path, help="a new or empty folder, or an earlier bundle")
    target: Path = parser.parse_args(argv).dir.resolve()
    signal.signal(signal.SIGTERM, _leave)  # by default that ends Python at once, and leaves half a bundle beside DIR
    try:
        bundle(target)
    except (contents.Failed, OSError) as error:
        print(f"no bundle was made: {error}", file=sys.stderr)
        return 1
    python = "%s %d.%d" % (sys.implementation.name, *sys.version_info[:2])
    speed = f"its C extension for {python}" if contents.has_extension(target) else "no C extension"
    print(f"made {target}, with wrapt {contents.WRAPT} and {speed}")
    print(f"PYTHONPATH={shlex.quote(str(target))} ENUM_LOG_SHIM=1")
    return 0


def _leave(signum: int, frame: object) -> NoReturn:
    sys.exit(128 + signum)


def bundle(target: Path) -> None:
    """Makes a bundle, or replaces the one in `target`.

    Raises contents.Failed where that holds something else or wrapt can't be had, OSError where nothing can be written;
    then `target` is what it was.
    """
    target = target.resolve()
    _refuse(target)
    _make_parents(target)
    is_empty = target.is_dir() and not any(target.iterdir())
    # On the target's file system: putting it in place is then a rename.
    place, prefix = (target, ".") if is_empty else (target.parent, f".{target.name}.")
    staging = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
    try:
        new = staging / "new"
        new.mkdir()
        contents.write(new)
        if is_empty:
            _fill(target, new)
        elif target.exists():
            _replace(target, new)
        else:
            new.rename(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _make_parents(target: Path) -> None:
    """The folders above it, open to all whatever the umask is, as the bundle is."""
    absent = [parent for parent in target.parents if not parent.exists()]
    for parent in reversed(absent):
        parent.mkdir(exist_ok=True)
        parent.chmod(0o755)


def _refuse(target: Path) -> None:
    if os.pathsep in str(target):
        raise contents.Failed(f"PYTHONPATH can't hold {target}, because of the {os.pathsep!r} in its name")
    if target == contents.ROOT / "shim" or contents.ROOT / "shim" in target.parents:
        raise contents.Failed(f"{target} is inside of what is to be bundled: name a folder elsewhere")
    if target.exists() and not target.is_dir():
        raise contents.Failed(f"{target} is no folder")
    if os.path.ismount(target) and any(target.iterdir()):
        inside = target / "enum-log-shim"
        raise contents.Failed(f"{target} is a mount point, which can't be replaced in one step: name {inside}")
    stranger = next(contents.strangers(target), None)
    if stranger is not None:
        raise contents.Failed(f"{target} holds what no bundle put there: {stranger}. Name a new or an empty folder")


def _fill(target: Path, new: Path) -> None:
    """Moves what is in `new` into the empty folder `target`, which may be a mount point; the door comes last.

    Raises OSError, and then leaves `target` as it was.
    """
    moved: list[Path] = []
    try:
        for part in sorted(new.iterdir(), key=lambda part: part.name == "sitecustomize.py"):
            part.rename(target / part.name)
            moved.append(part)
    except BaseException:
        for part in moved:
            (target / part.name).rename(part)
        raise


def _replace(target: Path, new: Path) -> None:
    """Puts the folder `new` in the place of `target`. Raises OSError, and then leaves `target` as it was."""
    if _exchanged(new, target):
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        _move(target, old / "old")
        try:
            new.rename(target)
        except BaseException:
            (old / "old").rename(target)
            raise
    except BaseException:
        with contextlib.suppress(OSError):  # what could not be put back stays there
            old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)


def _move(target: Path, old: Path) -> None:
    try:
        target.rename(old)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        raise contents.Failed(f"{target} is part of an image's lower layer: remove it first, with rm -r {target}")


def _exchanged(one: Path, other: Path) -> bool:
    """Swaps two folders in one step, as Linux can (renameat2 with RENAME_EXCHANGE); False where that can't be had."""
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):  # neither glibc from 2.28 on nor a Linux
        return False
    here, exchange = -100, 2
    return bool(renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)
