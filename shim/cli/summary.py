"""The report of `python -m shim check`, for people: coloured on a terminal, plain in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from . import contents, diagnosis, doors

_COLORS = {"ON": "32", "OFF": "1;31", "error": "1;31", "warning": "33"}


def show(report: diagnosis.Report, found: Sequence[diagnosis.Finding]) -> None:
    """Prints whether the shim is on, what was seen, and each finding with what to do."""
    state = "ON" if diagnosis.is_converted(report) else "OFF"
    print(f"The shim is {_colored(state)} in {report['python']['executable']}\n")
    for name, value in _rows(report):
        print(f"  {name:<14} {value}")
    for finding in found:
        print(f"\n{_colored(finding.level)}: {finding.what}\n  do: {finding.do}")


def _colored(word: str) -> str:
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return word
    return f"\033[{_COLORS[word]}m{word}\033[0m"


def _rows(report: diagnosis.Report) -> Iterator[tuple[str, object]]:
    yield "Python", ".".join(map(str, report["python"]["version"])) + _flags(report["python"]["flags"])
    for name, value in report["environ"].items():
        yield "environment" if name == next(iter(report["environ"])) else "", f"{name}={value}"
    found = [doors.read(file) for file in report["doors"]]
    for index, door in enumerate(found):
        front = found[index - 1] if index else None
        yield "" if front else "sitecustomize", f"{index + 1}. {door.file} ({_whose(door)}; {_role(front)})"
    if "shim" not in report:
        return
    shim = report["shim"]
    yield "wrapt", _wrapt(report)
    libraries = ", ".join(f"{name} {version}" for name, version in report["versions"].items() if name != "wrapt")
    yield "libraries", libraries or "none of those that we know"
    yield "wrapped", ", ".join(shim["wrapped"]) or "nothing"
    yield "probe", _came_out(report["probe"])
    yield "json", _came_out(report["json"])
    if report["starlette"] is not None:
        yield "f-string", report["starlette"]
    yield "children", "have the shim" if report["child"] else "have no shim"
    for line in diagnosis.said(report):
        yield "it said", line


def _came_out(probe: dict[str, str | None]) -> str:
    if probe["error"] is not None:
        return f"raises {probe['error']}"
    return "no line" if probe["line"] is None else probe["line"]


def _flags(flags: Sequence[str]) -> str:
    return f" ({', '.join(flags)})" if flags else ""


def _whose(door: doors.Door) -> str:
    return "the shim's" if door.is_ours else f"of {' and '.join(door.owners)}" if door.owners else "another's"


def _role(front: doors.Door | None) -> str:
    if front is None:
        return "wins"
    return "shadowed by the one above" + (", which runs it" if front.is_ours else "")


def _wrapt(report: diagnosis.Report) -> str:
    shim = report["shim"]
    if not shim["wrapped"]:
        return f"{report['versions'].get('wrapt', 'not installed')}"
    kind = "C extension" if shim["c_extension"] else "pure Python"
    if shim["private_wrapt"]:
        return f"{contents.WRAPT}, the bundle's own, {kind}"
    return f"{report['versions'].get('wrapt', 'of unknown version')}, the environment's, {kind}"
