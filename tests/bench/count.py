"""Instructions for one call."""

from __future__ import annotations

from instructions import counted
from jobs import Job

_FEW = 1


def instructions(job: Job) -> float:
    """What one child took more than another that made fewer calls, divided by that many calls.

    Raises RuntimeError where the program fails.
    """
    calls = [_FEW, _FEW + job.case.calls]
    try:
        few, many, _ = counted([*job.command, "count", *calls], job.env, job.folder)
    except (RuntimeError, ValueError) as error:
        raise RuntimeError(f"{job.key}: {error}")
    return (many - few) / job.case.calls
