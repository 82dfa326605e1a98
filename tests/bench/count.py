"""Instructions for each call, counted by valgrind's callgrind: what another run repeats, whatever else is going on."""

from __future__ import annotations

import re
import shutil

from jobs import Job
from processes import run

_FEW = 1


def is_possible() -> bool:
    return shutil.which("valgrind") is not None


def instructions(job: Job) -> float:
    """For one call: what one child took more than another that made fewer calls, divided by that many calls.

    Both are forked from one process: its start and imports, which valgrind makes 50 times slower, are had once.
    """
    counts = [_FEW, _FEW + job.case.calls]
    counter = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    done = run([*counter, *job.command, "count", *counts], env=job.env, cwd=job.folder, timeout=1200)
    found = [int(number.replace(",", "")) for number in re.findall(r"I +refs: +([\d,]+)", done.stderr)]
    if done.code or len(found) != len(counts) + 1:
        raise RuntimeError(f"{job.key}: exit code {done.code}\n{done.stderr}")
    few, many, _ = found
    return (many - few) / job.case.calls
