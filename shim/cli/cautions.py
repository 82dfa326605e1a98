"""What does not keep the shim off, and should be known: what the warnings of `python -m shim check` say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Dict

from . import doors

Report = Dict[str, Any]


def found(report: Report, is_on: bool) -> Iterator[tuple[str, str]]:
    """Each as what it is and what to do. is_on: whether the live probe came out converted."""
    shim = report.get("shim") or {"finders": 0}
    if shim["finders"] and not report["child"]:
        yield (
            "a Python that this one starts has no shim",
            "see which agent changes PYTHONPATH for it; a folder made with `python -m shim bundle DIR` may get in",
        )
    if shim["finders"] and shim["compiles"]:
        yield _compiles(report)
    if is_on and report["json"]["error"] is not None:
        yield _json(report)
    yield from _wider(report, shim)


def skipped(report: Report) -> list[str]:
    """What ENUM_LOG_SHIM_SKIP names."""
    return [name.strip() for name in report["environ"].get("ENUM_LOG_SHIM_SKIP", "").split(",")]


def _json(report: Report) -> tuple[str, str]:
    """Why JSON of an enum still raises in a log call."""
    what, default = "JSON made in a log call's argument still raises", report["shim"]["json_default"]
    if "json" in skipped(report):
        return f"{what}: ENUM_LOG_SHIM_SKIP names json", "take it out of that list"
    if not report["python"]["has_columns"]:
        no_columns = "that Python's code has no columns, so the log call can't be found"
        return f"{what}: {no_columns}", "start it without PYTHONNODEBUGRANGES and -X no_debug_ranges"
    if default != os.path.join(os.path.dirname(report["shim"]["file"]), "hooks", "json.py"):
        return f"{what}: json.JSONEncoder.default is now of {default}", "find out who replaces it after the start"
    return f"{what}: {report['json']['error']}", "see what it wrote to stderr; ENUM_LOG_SHIM_DEBUG=1 tells more"


def _compiles(report: Report) -> tuple[str, str]:
    place = os.path.dirname(os.path.dirname(report["shim"]["file"]))
    level = report["python"]["optimize"]  # each has bytecode of its own
    python = report["python"]["executable"] + (f" -{'O' * level}" if level else "")
    return (
        f"{place} holds no bytecode for this Python, so each start compiles the shim",
        f"{python} -m compileall -q --invalidation-mode checked-hash {place}",
    )


def _wider(report: Report, shim: dict[str, Any]) -> Iterator[tuple[str, str]]:
    first, *others = report["shims"] or [""]
    if others and doors.is_package(first):
        strange = [file for file in others if not doors.is_package(file)]
        if strange:
            yield f"{strange[0]} can't be imported: {first} comes first", "rename the app's module, or leave the shim"
    seen = [doors.read(file) for file in report["doors"]]
    ours = [door for door in seen if door.is_ours]
    if len({os.path.realpath(door.file) for door in ours}) > 1:
        yield (
            f"the shim is on the path more than once: {', '.join(door.file for door in ours)}",
            "leave one of them; the first one counts",
        )
    opened = [os.path.dirname(door.file) for door in seen if door.is_open]
    yield from map(doors.written_by_anybody, opened)
    yield from doors.intruders(report["environ"].get("PYTHONPATH", ""), opened)
    for door in ours:
        if door.owners not in ([], ["enum-log-shim"]):
            yield (
                f"{door.file} belongs to {' and '.join(door.owners)} as well: uninstalling one removes it",
                "use `python -m shim bundle DIR` and PYTHONPATH",
            )
    if shim["finders"] and report["starlette"] and not any("WebSocketState" in name for name in shim["wrapped"]):
        yield "Starlette's WebSocketState is not wrapped: f-strings stay as they are", "ENUM_LOG_SHIM_DEBUG=1 tells why"
