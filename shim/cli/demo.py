"""`python -m shim demo`: a real legacy app under a real server, without the shim and with it, side by side."""

from __future__ import annotations

import argparse
import importlib.util
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

# What the extra `demo` installs: the package's name, and the module that shows whether it is there.
EXTRA = {
    "fastapi": "fastapi",
    "google-cloud-logging": "google.cloud.logging",
    "hypercorn": "hypercorn",
    "loguru": "loguru",
    "rich": "rich",
    "websockets": "websockets",
}


def main(argv: Sequence[str]) -> int:
    argparse.ArgumentParser(prog="python -m shim demo", description=__doc__).parse_args(argv)
    absent = [package for package, module in EXTRA.items() if not _present(module)]
    if absent:
        hint = 'pip install "./.package[demo]" (from a checkout)'
        print(f"the demo needs {', '.join(absent)}, not installed here: {hint}", file=sys.stderr)
        return 2
    # By default SIGTERM ends the interpreter at once, and the server and the temporary folder would stay behind.
    signal.signal(signal.SIGTERM, _leave)
    try:
        return _show()
    except KeyboardInterrupt:
        return 130


def _present(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ImportError:
        return False


def _leave(signum: int, frame: object) -> NoReturn:
    sys.exit(128 + signum)


def _show() -> int:
    # Imported late: these need the extra.
    from shim.cli import comparison, screen, server

    screen.introduce(server.LEGACY_APP)
    try:
        with server.container() as folder:
            with screen.progress("starting hypercorn without the shim ..."):
                before = server.visit_all(folder, "0", comparison.PATHS)
            with screen.progress("starting hypercorn with ENUM_LOG_SHIM=1 ..."):
                after = server.visit_all(folder, "1", comparison.PATHS)
    except server.ServerFailed as failure:
        screen.fail([str(failure)])
        return 1
    screen.compare(before, after)
    reasons = comparison.shortfalls(before, after)
    if reasons:
        screen.fail(reasons)
        return 1
    screen.succeed()
    return 0
