"""`python tests/bench`: what the shim costs a log call."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / "tests" / "real"))

import instructions  # noqa: E402
import interpreters  # noqa: E402
import options  # noqa: E402
import table  # noqa: E402
from cases import ROWS  # noqa: E402
from limits import judged  # noqa: E402
from measure import keys, measure  # noqa: E402
from picture import picture  # noqa: E402


def main(argv: list[str]) -> int:
    chosen = options.parse(argv, ROOT)
    settings = [each for each in options.settings(chosen) if _is_found(each.python)]
    if not instructions.is_possible():
        _warn("instructions are not counted: valgrind is not on PATH")
    wanted = keys(settings, chosen.cases, chosen.row or ROWS)
    if not wanted:
        _warn("nothing of what was asked for can be measured")
        return 2
    figures = measure(wanted, chosen.shim.resolve(), not chosen.no_time)
    print(table.tables(figures, wanted))
    found = judged(figures)
    print(table.verdict(found))
    _write(chosen.json, json.dumps(table.as_json(figures, wanted), indent=1) + "\n")
    _write(chosen.svg, picture(figures))
    return int(chosen.check and not all(limit.is_kept for limit in found))


def _is_found(python: str) -> bool:
    if interpreters.find(python) is None:
        _warn(f"no CPython {python} was found: it is left out")
    return interpreters.find(python) is not None


def _write(file: Path | None, text: str) -> None:
    if file is not None and text:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _warn(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
