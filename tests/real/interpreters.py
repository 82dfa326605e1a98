"""The interpreters that this machine has, and virtual environments of them with the requirements of a test."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from processes import ROOT, environment, run
from uv import find_uv_bin

SUPPORTED = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
TOO_OLD = ("2.7", "3.6", "3.7")
CURRENT = "%d.%d" % sys.version_info[:2]

OLDEST_WRAPT = "wrapt==1.14.0"
NEWEST_WRAPT = "wrapt>=1.14,<3"  # what setup.cfg allows
LIGHT_WRAPT = "wrapt==1.17.3"  # the last that is light to import, and the one that the bundle carries
TESTING = ("hypothesis", "pytest", "pytest-timeout")  # for what runs tests in there
_REQUIREMENTS = ("starlette",)
_CACHE = ROOT / ".package" / "venvs"
_locks: dict[Path, threading.Lock] = {}


@functools.lru_cache(maxsize=None)
def find(version: str) -> Path | None:
    """The real path of a CPython of that version: this one, one of pyenv's, or one on PATH."""
    if version == CURRENT:
        return Path(getattr(sys, "_base_executable", sys.executable))
    pyenv = Path(os.path.expanduser("~")) / ".pyenv" / "versions"
    on_path = shutil.which(f"python{version}")
    candidates = [folder / "bin" / f"python{version}" for folder in sorted(pyenv.glob(f"{version}.*"), reverse=True)]
    return next(
        (path for path in [*candidates, *map(Path, filter(None, [on_path]))] if is_cpython(path, version)), None
    )


def is_cpython(path: Path, version: str) -> bool:
    # Asked for its version: what stands on PATH may be a launcher of pyenv's for a version that is not there.
    ask = "import platform as p, sys; sys.stdout.write(p.python_implementation() + ' %d.%d' % sys.version_info[:2])"
    try:
        done = run([path, "-S", "-c", ask], env=environment(measured=False), cwd=ROOT, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout == f"CPython {version}"


def found(version: str) -> Path:
    """As `find`; skips the test where there is none."""
    path = find(version)
    if path is None:
        pytest.skip(f"no CPython {version} under ~/.pyenv/versions or on PATH")
    return path


def venv(version: str, wrapt: str = NEWEST_WRAPT, *more: str) -> Path:
    """The interpreter of a virtual environment that is made once and kept; skips the test without a CPython `version`.

    No copy of the shim is installed in it, so that a test sees the checkout and nothing else.
    """
    base = found(version)
    # coverage brings the .pth file that measures what our tests start. Other versions number their branches otherwise.
    wanted = (*_REQUIREMENTS, *more, wrapt, *(["coverage"] if version == CURRENT else []))
    digest = hashlib.sha256(repr((str(base), wanted)).encode()).hexdigest()[:12]
    folder = _CACHE / f"{version}-{digest}"
    with _locks.setdefault(folder, threading.Lock()):
        if not folder.is_dir():
            _make(folder, base, wanted)
    return folder / "bin" / "python"


def venv_or_skip(*packages: str) -> Path:
    """As `venv`, of this version with the newest wrapt; skips the test where there are no such packages for it."""
    python = _venv_if_any(*packages)
    if python is None:
        pytest.skip(f"no {' '.join(packages)} for Python {CURRENT}")
    return python


@functools.lru_cache(maxsize=None)
def _venv_if_any(*packages: str) -> Path | None:
    try:
        return venv(CURRENT, NEWEST_WRAPT, *packages)
    except AssertionError as error:
        if "No solution found" not in str(error):  # in uv's words
            raise
        return None


def _make(folder: Path, base: Path, requirements: tuple[str, ...]) -> None:
    _CACHE.mkdir(parents=True, exist_ok=True)
    (_CACHE / ".gitignore").write_text("*\n")
    env = environment(measured=False)
    # Under another name until it is whole: a run that is broken off leaves no half of one.
    with tempfile.TemporaryDirectory(dir=_CACHE) as temporary:
        new = Path(temporary) / "venv"
        _to_its_end([base, "-m", "venv", "--without-pip", new], env, Path(temporary))
        # Not pip: there are 70 of these, and it takes 4 s of the processor for each, uv a tenth of that.
        command = [find_uv_bin(), "pip", "install", "--quiet", *_index(), "--python", new / "bin" / "python"]
        _to_its_end([*command, *requirements], env, Path(temporary))
        _move(new, folder)


@functools.lru_cache(maxsize=None)
def _index() -> list[str]:
    """Where pip is told to look for packages, which uv does not ask it."""
    done = run([sys.executable, "-m", "pip", "config", "list"], env=environment(measured=False), cwd=ROOT)
    urls = re.findall(r"^(?:global|install|:env:)\.index-url='(.*)'$", done.stdout, re.MULTILINE)
    return ["--default-index", urls[0]] if urls else []


def _to_its_end(command: list[object], env: dict[str, str], cwd: Path) -> None:
    done = run(command, env=env, cwd=cwd, timeout=280)
    assert done.code == 0, done.stdout + done.stderr


def _move(new: Path, folder: Path) -> None:
    try:
        new.rename(folder)
    except OSError:  # another test run was first
        assert folder.is_dir()
