"""The command line."""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

from cases import BASE, CASES, ROWS
from interpreters import NEWEST_WRAPT
from jobs import USUAL, Setting

_DESCRIPTION = """\
Measures what the shim costs a log call: against the call without it, an empty wrapt wrapper, and what people write by
hand. Instructions are counted by valgrind, as two counts subtracted, and the next run repeats them; time is a ratio of
programs that take turns. The tables go to stdout, the progress to stderr.

Without options: Python 3.11, wrapt 1.17.3 with its C extension, all cases, all rows; and the figures are kept in
.bench/cost.json and .bench/cost.svg. Anything narrower or wider is kept only where --json and --svg say. Each
environment is made once, which needs an index of packages.
"""
_EXAMPLES = """\
python tests/bench --no-time --case extra --row shim
python tests/bench --shim ../other-checkout --no-time --check
python tests/bench --all --json full.json
"""


def parse(argv: list[str], root: Path) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/bench",
        description=_DESCRIPTION,
        epilog=f"rows: {', '.join(row for row in ROWS if row != BASE)}\ncases:\n{_listed()}\nexamples:\n{_EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--all",
        action="store_true",
        help="Python 3.8, 3.11 and 3.13, wrapt 1.17.3 and the newest, both with and without C",
    )
    add("--case", action="append", metavar="TEXT", help="only cases with that in their name; may be repeated")
    add("--limited", action="store_true", help="only the log calls that have a limit")
    add("--row", action="append", choices=list(ROWS), metavar="ROW", help="only that row; may be repeated")
    add("--python", action="append", metavar="X.Y", help="that Python instead of 3.11; may be repeated")
    add("--shim", type=Path, default=root, metavar="DIR", help="measure the shim in that folder, not this checkout's")
    add("--no-time", action="store_true", help="count only: a machine that does something else doesn't matter to that")
    add("--check", action="store_true", help="exit with 1 if a limit is exceeded")
    add("--json", type=Path, metavar="FILE", help="write the figures there")
    add("--svg", type=Path, metavar="FILE", help="draw them there")
    options = parser.parse_args(argv)
    options.cases = [case for case in CASES if _is_wanted(case, options)]
    if not options.cases:
        parser.error(f"no such case has {options.case} in its name; --help lists them")
    if not (options.shim / "sitecustomize.py").is_file():
        parser.error(f"{options.shim} holds no sitecustomize.py")
    _place(options, root)
    return options


def _is_wanted(name: str, options: argparse.Namespace) -> bool:
    is_limited = CASES[name].limit is not None and CASES[name].handler != "walk"
    is_named = not options.case or any(text in name for text in options.case)
    return is_named and (is_limited or not options.limited)


def _place(options: argparse.Namespace, root: Path) -> None:
    """A run of everything that is measured by default is the one to keep."""
    narrowed = options.all or options.case or options.limited or options.row or options.python or options.no_time
    if not narrowed and options.shim == root:
        options.json = options.json or root / ".bench" / "cost.json"
        options.svg = options.svg or root / ".bench" / "cost.svg"


def settings(options: argparse.Namespace) -> list[Setting]:
    pythons = options.python or (["3.8", "3.11", "3.13"] if options.all else [USUAL.python])
    if not options.all:
        return [USUAL._replace(python=python) for python in pythons]
    wrapts, extensions = (USUAL.wrapt, NEWEST_WRAPT), (True, False)
    return [Setting(*each) for each in itertools.product(pythons, wrapts, extensions)]


def _listed() -> str:
    return "\n".join(f"  {case}" for case in CASES)
