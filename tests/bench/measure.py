"""Measures: first all instructions, two programs side by side, then all times, one case after the other."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import clock
import count
import instructions
import jobs
from cases import CASES, ROWS
from jobs import USUAL, Job, Key, Setting


class Figures(NamedTuple):
    """instructions: of one call. time: of one call, as a multiple of the time that its case's first row takes."""

    instructions: dict[Key, float]
    time: dict[Key, float]

    def ratio(self, key: Key) -> float | None:
        """How many times the instructions of its case's first row."""
        own, base = (self.instructions.get(normal(each)) for each in (key, base_of(key)))
        return own / base if own is not None and base else None


def base_of(key: Key) -> Key:
    return key._replace(row=CASES[key.case].rows[0])


def normal(key: Key) -> Key:
    """What has no wrapt in it is counted once for all kinds of wrapt."""
    return key if ROWS[key.row].uses_wrapt else key._replace(setting=USUAL._replace(python=key.setting.python))


def keys(settings: Iterable[Setting], cases: Iterable[str], rows: Iterable[str]) -> list[Key]:
    """What is to be measured under `settings`: under any but the first wrapt only what has a wrapt in it."""
    cases, rows = list(cases), list(rows)
    found: dict[Key, None] = {}
    for setting in settings:
        for case in cases:
            base, *others = (Key(setting, case, row) for row in CASES[case].rows)
            wanted = [key for key in others if key.row in rows and (ROWS[key.row].uses_wrapt or normal(key) == key)]
            found.update(dict.fromkeys([base, *wanted] if wanted else []))
    return list(found)


def measure(wanted: list[Key], shim: Path, is_timed: bool) -> Figures:
    """Raises RuntimeError where a program fails."""
    with tempfile.TemporaryDirectory() as cache, ThreadPoolExecutor(2) as pool:
        for setting in dict.fromkeys(normal(key).setting for key in wanted):
            _say(f"the environment of {setting.title}")
            jobs.python(setting)
        to_make = dict.fromkeys(normal(key) for key in wanted)
        copy = _copied(shim, Path(cache))
        made = dict(zip(to_make, pool.map(lambda key: jobs.make(key, copy, Path(cache)), to_make)))
        return Figures(_instructions(made.values(), pool), _times(wanted, made) if is_timed else {})


def _copied(shim: Path, cache: Path) -> Path:
    """A copy, so that who edits the original meanwhile changes no figure, nor has it compiled while it is counted."""
    copy = cache / "path"
    shutil.copytree(shim / "shim", copy / "shim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(shim / "sitecustomize.py", copy)
    return copy


def _instructions(made: Iterable[Job], pool: ThreadPoolExecutor) -> dict[Key, float]:
    to_count = [job for job in made if job.case.is_counted] if instructions.is_possible() else []
    found = {}
    for number, (job, taken) in enumerate(zip(to_count, pool.map(count.instructions, to_count)), 1):
        found[job.key] = taken
        _say(f"[{number}/{len(to_count)}] {job.key}: {taken:,.0f} instructions")
    return found


def _times(wanted: list[Key], made: dict[Key, Job]) -> dict[Key, float]:
    found: dict[Key, float] = {}
    groups: dict[Key, list[Key]] = {}
    for key in wanted:
        groups.setdefault(base_of(key), []).append(key)
    for number, (base, group) in enumerate(groups.items(), 1):
        shares = clock.shares([made[normal(key)] for key in group])
        found.update({key: shares[normal(key)] for key in group if key != base})
        _say(f"[{number}/{len(groups)}] {base.setting.title}: {base.case}: timed")
    return found


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
