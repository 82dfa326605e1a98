"""The stacks that people log through, and the places in which an enum can stand, with the real packages.

Without the shim each stack writes the enum in its own way, loses the line or raises; with it all write one string.
"""

from __future__ import annotations

import functools
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, NamedTuple

import interpreters
import processes
import pytest
from cells import Cell, cell
from places import PLACES, calls_of
from processes import ROOT, Host
from stacks import LOCAL, Stack
from stacks_afar import AFAR
from stacks_table import table
from suites import Suites

pytestmark = [
    pytest.mark.timeout(900),  # the environment is made once
    pytest.mark.skipif(sys.version_info < (3, 10), reason="the newest releases of these packages need Python 3.10"),
]

STACKS = (*LOCAL, *AFAR)
# Every stack's requirements agree, so that one environment has them all.
REQUIREMENTS = sorted({name for stack in STACKS for name in stack.requirements})
HOST = Path(__file__).with_name("stack_host.py")
MODES = {"without": "0", "with": "1"}
EXPECTED = {place.name: Cell("shown", place.expected) for place in PLACES}

each_stack = pytest.mark.parametrize("stack", STACKS, ids=[stack.name for stack in STACKS])


class Seen(NamedTuple):
    """cells, lines: by place. stderr: what the host left there during its calls, and of its own."""

    cells: dict[str, Cell]
    lines: dict[str, list[str]]
    stderr: dict[str, str]


Outcome = Callable[[Stack, str], Seen]


@pytest.fixture(scope="module")
def environment_python() -> Path:
    return interpreters.venv(interpreters.CURRENT, interpreters.NEWEST_WRAPT, *REQUIREMENTS)


@pytest.fixture(scope="module")
def outcome(environment_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """What came of a stack's calls: each stack in a process of its own, once without the shim and once with it."""
    suites = Suites(2)

    def seen(stack: Stack, mode: str) -> Seen:
        for each in STACKS:
            for flag in MODES:
                suites.start(
                    (each, flag), functools.partial(log_through, each, flag, environment_python, tmp_path_factory)
                )
        result: Seen = suites.outcome((stack, mode))
        return result

    yield seen
    suites.close()


def log_through(stack: Stack, mode: str, python: Path, folders: pytest.TempPathFactory) -> Seen:
    folder = folders.mktemp("stack")
    (folder / HOST.name).write_text(HOST.read_text())
    given = json.dumps({"set_up": stack.set_up, "calls": calls_of(stack.api)})
    run = Host(folder, python)("-c", "import stack_host; stack_host.main()", given, flag=MODES[mode])
    assert run.code == 0, run.stderr
    told: dict[str, Any] = json.loads(run.stdout)
    cells = {place.name: cell(told[place.name], place, stack.message) for place in PLACES if place.name in told}
    stderr = {name: each["stderr"] for name, each in told.items()}
    return Seen(cells, {name: each["lines"] for name, each in told.items()}, {**stderr, "": run.stderr})


@each_stack
def test_with_the_shim_each_place_shows_the_one_string(stack: Stack, outcome: Outcome) -> None:
    cells = outcome(stack, "with").cells
    expected = {name: Cell("absent") if name in stack.hides else EXPECTED[name] for name in cells}
    assert {name: (cells[name], expected[name]) for name in cells if cells[name] != expected[name]} == {}


@each_stack
def test_with_the_shim_no_other_spelling_and_no_complaint_is_left(stack: Stack, outcome: Outcome) -> None:
    seen = outcome(stack, "with")
    lines = [line for name in seen.lines for line in seen.lines[name]]
    # Beside the place itself: a message's arguments, its template, a copy of the text.
    assert [line for line in lines if "CONNECTED" in line or "HTTPStatus" in line] == []
    assert {name: text for name, text in seen.stderr.items() if text} == {}


@each_stack
def test_without_the_shim_no_place_shows_it(stack: Stack, outcome: Outcome) -> None:
    cells = outcome(stack, "without").cells
    assert [name for name in cells if cells[name] == EXPECTED[name]] == ["number"]
    assert stack.hides <= {name for name in cells if cells[name].kind == "absent"}


def test_every_line_that_is_lost_without_the_shim_is_told_on_stderr(outcome: Outcome) -> None:
    for stack in STACKS:
        seen = outcome(stack, "without")
        lost = [name for name in seen.cells if seen.cells[name].kind == "lost"]
        # Another process writes to the stderr that it shares with the host, and not while the call is made.
        assert [name for name in lost if not seen.stderr[name] + seen.stderr[""]] == [], stack.name


KINDS = ("the one string", "other spellings", "lost", "raised", "dropped", "not shown by the stack")


def kind_of(stack: Stack, place: str, found: Cell) -> str:
    if found.kind == "absent":
        return "not shown by the stack" if place in stack.hides else "dropped"
    if found.kind == "shown":
        return "the one string" if found == EXPECTED[place] else "other spellings"
    return found.kind


def test_figures(outcome: Outcome, environment_python: Path, figure: Callable[[str, str], None]) -> None:
    counts: dict[str, Counter[str]] = {}
    for mode in MODES:
        cells = [(stack, *item) for stack in STACKS for item in outcome(stack, mode).cells.items()]
        counts[mode] = Counter(kind_of(*one) for one in cells)
        told = ", ".join(f"{counts[mode][kind]} {kind}" for kind in KINDS if counts[mode][kind])
        figure(f"{len(STACKS)} stacks, {len(cells)} cells, {mode} the shim", told)
    figure("stacks, releases", releases(environment_python))
    assert counts["with"].keys() <= {"the one string", "not shown by the stack"}


def releases(python: Path) -> str:
    code = (
        "import sys, importlib.metadata as m; print(*(f'{name} {m.version(name)}' for name in sys.argv[1:]), sep=', ')"
    )
    run = processes.run([python, "-c", code, *REQUIREMENTS], env=processes.environment(measured=False), cwd=ROOT)
    assert run.code == 0, run.stderr
    return run.stdout.strip()


def test_the_readmes_table_is_what_was_seen(outcome: Outcome) -> None:
    seen = {stack: (outcome(stack, "without").cells, outcome(stack, "with").cells) for stack in STACKS}
    expected = table(seen)
    heading = expected.splitlines()[0]
    _, there, below = (ROOT / "README.md").read_text(encoding="utf-8").partition(heading)
    found = (there + below).split("\n\n", 1)[0].splitlines()
    assert found == expected.splitlines(), f"the README's table of stacks is to be:\n{expected}"
