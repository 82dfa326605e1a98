"""`python -m shim`: each command is a module of `shim.cli` with a `main(argv)`, imported only when it is called."""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import io
import os
import sys
from collections.abc import Sequence

COMMANDS = {
    "check": "tell whether the shim is on where the app is started, and if not, why",
    "run": "run a command with the shim on",
    "bundle": "make a folder that is all a container needs",
    "sites": "list the log calls that an enum reached, from what the shim recorded",
    "demo": "show a real app without the shim, and with it",
}


def version() -> str:
    try:
        return importlib.metadata.version("enum-log-shim")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m shim", allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"enum-log-shim {version()}")
    table = top.add_subparsers(dest="command", metavar="command", title="commands")
    for name, line in COMMANDS.items():
        table.add_parser(name, help=line, add_help=False)
    return top


def main(argv: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what is shown (an environment's value, a path) may be any bytes
            stream.reconfigure(errors="backslashreplace")
    # Only the first word is parsed here: the rest is the command's own, whatever it holds ("--", another --help).
    command = parser().parse_args(argv[:1]).command
    if command is None:
        parser().print_help(sys.stderr)
        return 2
    try:
        code: int = importlib.import_module(f"shim.cli.{command}").main(argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


if __name__ == "__main__":
    if not __package__:  # `python DIR/shim`, which needs nothing on the path
        sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.exit(main(sys.argv[1:]))
