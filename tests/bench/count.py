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
    """For one call: what one run took more than another that made fewer calls, divided by that many calls."""
    few, many = (_collected(job, calls) for calls in (_FEW, _FEW + job.case.calls))
    return (many - few) / job.case.calls


def _collected(job: Job, calls: int) -> int:
    counter = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={job.folder / 'callgrind.out'}"]
    done = run([*counter, *job.command, "count", calls], env=job.env, cwd=job.folder, timeout=1200)
    found = re.findall(r"Collected *: *(\d+)", done.stderr)
    if done.code or len(found) != 1:
        raise RuntimeError(f"{job.key}: exit code {done.code}\n{done.stderr}")
    return int(found[0])
