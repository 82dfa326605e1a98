"""The real start-up agents, in front of us, behind us and under their launchers: the shim works, and so do they."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

import pytest
from real_agents import AGENTS, PROCESSES, Party, Told
from suites import Suites

pytestmark = pytest.mark.timeout(900)  # the environments are made once

# PYTHONPATH, a bar, and the launchers in front of the host's command: `ours` there is a shell that puts our folder in
# front of what the launcher made of PYTHONPATH.
ALONE = ("{0} ours |", "ours {0} |", "ours | {0}", "| {0} ours")
TOGETHER = (
    "ddtrace opentelemetry ours |",
    "ddtrace ours opentelemetry |",
    "ours ddtrace opentelemetry |",
    "opentelemetry ddtrace ours |",
    "opentelemetry ours ddtrace |",
    "ours opentelemetry ddtrace |",
    "ours | ddtrace opentelemetry",
    "ours | opentelemetry ddtrace",
)
GEVENT = "from gevent import monkey\nmonkey.patch_all()\n"
MATRIX = [
    *((name, order.format(name), flag) for name in AGENTS for order in ALONE for flag in ("on", "off")),
    *(("ddtrace with gevent", order.format("ddtrace"), "on") for order in ALONE),
    *(("ddtrace<4.13 with gevent", order, "on") for order in ("ddtrace ours |", "ours ddtrace |")),
    *(("ddtrace with opentelemetry", order, "on") for order in TOGETHER),
]
# Elastic's sitecustomize runs no other, and nothing else that it does at start-up leads to us.
SHUT = ("elastic ours |", "ours | elastic")

in_each_case = pytest.mark.parametrize(("who", "order", "flag"), MATRIX, ids=[", ".join(case) for case in MATRIX])

SEEN = ["is State.UP", "{<State.UP: 1>: [<State.UP: 1>]}", "WebSocketState.CONNECTED"]
SEEN_AS_STRINGS = ["is up", "{'up': ['up']}", "connected"]

Outcome = Callable[[str, str, str], "tuple[Told, Told]"]


@pytest.fixture(scope="module")
def outcome(
    request: pytest.FixtureRequest, bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outcome]:
    """What came of an order, and of the same one without us: all that this run of pytest selected, started at once."""
    suites, parties = Suites(os.cpu_count() or 1), {}
    for item in request.session.items:
        if item.module is not request.module:
            continue
        who, order, flag = (item.callspec.params[name] for name in ("who", "order", "flag"))
        if who not in parties:
            parties[who] = party_of(who, tmp_path_factory.mktemp("party"))
        for key in ((who, without_us(order), "on"), (who, order, flag)):
            suites.start(key, functools.partial(start, parties[who], *key[1:], bundle))
    yield lambda who, order, flag: (
        suites.outcome((who, order, flag)),
        suites.outcome((who, without_us(order), "on")),
    )
    suites.close()


def party_of(who: str, cwd: Path) -> Party:
    first, _, second = who.partition(" with ")
    if second == "gevent":
        return Party(["ddtrace"], cwd, first, second, first=GEVENT)
    return Party([first, second] if second else [first], cwd)


def without_us(order: str) -> str:
    """An empty folder takes our place where an agent would take note of it, whatever it holds: elasticapm-run if it is
    all of PYTHONPATH, and OpenTelemetry's sitecustomize, which moves to the front unless its folder is the last.
    """
    beside_one = order.endswith("|") and len(order.split()) == 3
    return order.replace("ours ", "") if beside_one else order.replace("ours", "empty")


def start(party: Party, order: str, flag: str, bundle: Path) -> Told:
    path, _, launchers = order.partition("|")
    off = None if launchers else "0"  # unset is off as well, and OpenTelemetry calls our entry point either way
    return party(path.split(), launchers.split(), "1" if flag == "on" else off, bundle)


def is_on(order: str, flag: str) -> bool:
    return flag == "on" and order not in SHUT


@in_each_case
@pytest.mark.parametrize("process", PROCESSES)
def test_in_each_process(outcome: Outcome, who: str, order: str, flag: str, process: str) -> None:
    with_us, without = (told.of(process) for told in outcome(who, order, flag))
    assert with_us["facts"] == without["facts"]
    assert without["seen"] == SEEN
    if is_on(order, flag):
        assert (with_us["wrappers"], with_us["finders"]) == (1, 1)
        assert with_us["seen"] == SEEN_AS_STRINGS
        assert "is up" in str(with_us["sent"])
        assert "State" not in str(with_us["sent"])
    else:
        assert (with_us["wrappers"], with_us["finders"]) == (0, 0)
        assert (with_us["seen"], with_us["sent"]) == (SEEN, without["sent"])


@in_each_case
def test_the_run_as_a_whole(outcome: Outcome, who: str, order: str, flag: str) -> None:
    with_us, without = outcome(who, order, flag)
    assert without.run.code == 0, without.run.stderr
    assert without.of("exits") == {"codes": [0, 0]}
    said, said_without = (sorted(told.run.stderr.splitlines()) for told in (with_us, without))  # by several at a time
    assert said == (as_strings(said_without) if is_on(order, flag) else said_without)
    assert with_us.run._replace(stderr="") == without.run._replace(stderr="")
    assert with_us.of("exits") == without.of("exits")
    assert with_us.spans == without.spans


def as_strings(lines: list[str]) -> list[str]:
    """What the host says where no enum is left for OpenTelemetry's handler to complain of."""
    complaints = ("opentelemetry.attributes: Invalid type `<enum 'State'>`", "LoggingHandler.emit detected recursive")
    return [line.replace("is State.UP", "is up") for line in lines if not line.startswith(complaints)]


@pytest.mark.parametrize(("who", "order", "flag"), [case for case in MATRIX if case[0] in AGENTS and case[2] == "on"])
def test_the_agent_is_at_work(outcome: Outcome, who: str, order: str, flag: str) -> None:
    # Else the other tests would compare nothing with nothing.
    for told in outcome(who, order, flag):
        for process in PROCESSES:
            _, (started, *_) = told.of(process)["facts"]
            assert started, process
        if who in ("ddtrace", "elastic"):
            assert {*told.spans} >= {f"host-{process}" for process in PROCESSES}
