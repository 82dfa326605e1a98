"""Time as a ratio: the rows of a case take turns, so that what else the machine does hits each of them alike.

It is the processor's time that a program took: one that has to wait for another does not count its waiting.
"""

from __future__ import annotations

import contextlib
import statistics
import subprocess
from collections.abc import Iterator, Sequence

from jobs import Job, Key

_GENERATIONS = 3  # of processes: where one lies in memory makes it faster or slower for as long as it lives
_ROUNDS = 9
_LONG_ENOUGH = 0.02  # seconds of calls without the shim, in one turn


def shares(jobs: Sequence[Job]) -> dict[Key, float]:
    """How many times as long as the first of `jobs` each of them takes: the median of all rounds."""
    rounds = [one for _ in range(_GENERATIONS) for one in _generation(jobs)]
    return {job.key: statistics.median(one[job.key] / one[jobs[0].key] for one in rounds) for job in jobs[1:]}


def _generation(jobs: Sequence[Job]) -> list[dict[Key, float]]:
    with contextlib.ExitStack() as stack:
        timers = [stack.enter_context(_timer(job)) for job in jobs]
        calls = _calls(timers[0])
        # Each round begins with another row.
        turns = [[*timers[number:], *timers[:number]] for number in range(len(timers))]
        return [{timer.key: timer.seconds(calls) for timer in turns[number % len(turns)]} for number in range(_ROUNDS)]


def _calls(timer: _Timer) -> int:
    calls = 1
    while timer.seconds(calls) < _LONG_ENOUGH:
        calls *= 2
    return calls


class _Timer:
    """A program that makes so many calls as it is asked for, and tells how long they took."""

    def __init__(self, key: Key, process: subprocess.Popen[str]) -> None:
        self.key = key
        self._process = process

    def seconds(self, calls: int) -> float:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{calls}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.key}: it ended before it was asked to")
        return float(answer)


@contextlib.contextmanager
def _timer(job: Job) -> Iterator[_Timer]:
    command = [*map(str, job.command), "time"]
    pipe = subprocess.PIPE
    # Leaving it closes its stdin, at which it ends.
    with subprocess.Popen(command, env=job.env, cwd=job.folder, encoding="utf-8", stdin=pipe, stdout=pipe) as process:
        yield _Timer(job.key, process)
