"""`python -m shim run`: a command, with the shim on in every Python that it starts."""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import on_path

_DESCRIPTION = """\
Becomes COMMAND, with this copy of the shim first on PYTHONPATH and ENUM_LOG_SHIM=1 (ENUM_LOG_SHIM=observe stays what it
is). Exit code and signals are the command's own; 127 where there is no such command, 126 where it can't be executed.
"""


def main(argv: Sequence[str]) -> int:
    own, command = split(argv)
    parser = argparse.ArgumentParser(
        prog="python -m shim run", usage="%(prog)s [-h] [--] COMMAND ...", description=_DESCRIPTION
    )
    parser.parse_args(own)
    if not command:
        parser.error("a COMMAND is needed, such as: python -m shim run -- gunicorn app:app")
    try:
        env = environment(os.environ, on_path.folder())
    except (OSError, RuntimeError) as error:  # there may be no home folder either
        print(f"python -m shim run: no folder for PYTHONPATH can be had: {error}", file=sys.stderr)
        return 1
    return _become(command, env)


def split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """Our own options, and what comes after them; a first "--" belongs to neither."""
    own = list(itertools.takewhile(lambda word: word.startswith("-") and word != "--", argv))
    rest = list(argv[len(own) :])
    return own, rest[1:] if rest[:1] == ["--"] else rest


def environment(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """`environ` with the shim on, `folder` first on its PYTHONPATH."""
    path = [str(folder), *filter(None, [environ.get("PYTHONPATH")])]
    is_observed = environ.get("ENUM_LOG_SHIM", "").strip().lower() == "observe"
    switch = {} if is_observed else {"ENUM_LOG_SHIM": "1"}
    return {**environ, **switch, "PYTHONPATH": os.pathsep.join(path)}


def _become(command: list[str], env: dict[str, str]) -> int:
    # Python ignores these for itself, and an ignored signal stays ignored in what is executed.
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        os.execvpe(command[0], command, env)
    except OSError as error:
        return _failed(command[0], error, env)


def _failed(name: str, error: OSError, env: Mapping[str, str]) -> int:
    """Says why, and returns the exit code that `env` gives for it."""
    is_absent = isinstance(error, FileNotFoundError) or ("/" not in name and isinstance(error, NotADirectoryError))
    why = error.strerror
    if is_absent:
        is_there = shutil.which(name, path=env.get("PATH")) is not None
        why = "the interpreter that its first line names does not exist" if is_there else "no such command"
    print(f"python -m shim run: {name}: {why}", file=sys.stderr)
    return 127 if is_absent else 126
