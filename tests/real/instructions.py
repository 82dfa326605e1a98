"""Instructions, counted by valgrind: what another run repeats, whatever else the machine does.

By cachegrind without a cache, which takes two thirds of callgrind's time and gives the same ratios to three decimals.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from processes import run

_COUNTER = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")


def is_possible() -> bool:
    return shutil.which("valgrind") is not None


def counted(command: Iterable[object], env: dict[str, str], cwd: Path) -> list[int]:
    """How many instructions each child that `command` forks has taken when it ends, and last `command` itself.

    A child has those of its parent up to the fork: so the start and the imports, which take long here, are
    had once for all that is to be compared. Raises RuntimeError where the command fails.
    """
    done = run([*_COUNTER, *command], env=env, cwd=cwd, timeout=1200)
    if done.code:
        raise RuntimeError(f"exit code {done.code}\n{done.stderr}")
    return [int(number.replace(",", "")) for number in re.findall(r"I +refs: +([\d,]+)", done.stderr)]
