"""Whole test suites under other interpreters, side by side: most of their time is waiting."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable

from processes import Run

Suite = Callable[[], Any]


class Suites:
    """Runs each suite once, all that are asked for at a time, and hands out what came of it."""

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers)
        self._futures: dict[object, Future[Any]] = {}

    def start(self, key: object, suite: Suite) -> None:
        if key not in self._futures:
            self._futures[key] = self._pool.submit(suite)

    def outcome(self, key: object) -> Any:
        return self._futures[key].result()

    def close(self) -> None:
        for future in self._futures.values():
            future.cancel()
        self._pool.shutdown()


def tail(run: Run, lines: int = 40) -> str:
    return "\n".join((run.stdout + run.stderr).splitlines()[-lines:])
