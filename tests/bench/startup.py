"""What agents that are loaded at the start of Python add to it, side by side: `python tests/bench/startup.py`.

Prints a Markdown table of times, as ratios against the same Python without any: the median of rounds in each of which
every row has its turn. The agents' environments are made once and kept.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "real"))

from processes import environment, run  # noqa: E402  (these lie beside the tests)
from real_agents import AGENTS, Party, receiver  # noqa: E402

CODES = ("pass", "import logging")


class Row(NamedTuple):
    name: str
    python: Path
    env: dict[str, str]
    plain: dict[str, str]  # the environment of what it is compared with, under the same Python


def rows(folder: Path, bundle: Path, url: str) -> Iterator[Row]:
    for name in AGENTS:
        place = folder / name
        place.mkdir()
        party = Party([name], place)
        print(f"an environment with {name} ...", file=sys.stderr)
        plain = party.environment([], url, None, bundle)
        if name == next(iter(AGENTS)):
            yield Row("the shim, switched off", party.python(), party.environment(["ours"], url, "0", bundle), plain)
            yield Row("the shim, on", party.python(), party.environment(["ours"], url, "1", bundle), plain)
        yield Row(name, party.python(), party.environment([name], url, None, bundle), plain)


def seconds(row: Row, code: str, env: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([row.python, "-c", code], env=env, cwd=ROOT.parent, check=True, capture_output=True, timeout=120)
    return time.perf_counter() - start


def measured(all_rows: list[Row], rounds: int) -> dict[tuple[str, str], list[float]]:
    """For each row and code the ratios, one a round; the first round, in which bytecode is written, is left out."""
    shares: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds + 1):
        print(f"round {number} of {rounds} ...", file=sys.stderr)
        for row in all_rows:
            for code in CODES:
                share = seconds(row, code, row.env) / seconds(row, code, row.plain)
                if number:
                    shares.setdefault((row.name, code), []).append(share)
    return shares


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as temporary, receiver() as (url, _):
        bundle = Path(temporary) / "bundle"
        made = run([sys.executable, "-m", "shim", "bundle", bundle], env=environment(measured=False), cwd=ROOT)
        assert made.code == 0, made.stderr
        cache = {"PYTHONPYCACHEPREFIX": str(Path(temporary) / "cache")}
        all_rows = []
        for row in rows(Path(temporary), bundle, url):
            for env in (row.env, row.plain):
                env.pop("PYTHONDONTWRITEBYTECODE", None)
                env.update(cache)
            all_rows.append(row)
        shares = measured(all_rows, rounds)
    show(all_rows, shares)


def show(all_rows: list[Row], shares: dict[tuple[str, str], list[float]]) -> None:
    print("| | " + " | ".join(f"`python -c '{code}'`" for code in CODES) + " |")
    print("|---|" + "---|" * len(CODES))
    for row in all_rows:
        medians = (f"{statistics.median(shares[row.name, code]):.2f}" for code in CODES)
        print(f"| {row.name} | {' | '.join(medians)} |")


if __name__ == "__main__":
    main()
