"""What the probe's report means: why the shim is off, what to do."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import NamedTuple

from ..settings import OFF, ON
from . import cautions, doors

Report = cautions.Report

# Agents whose sitecustomize runs no other, by a part of its path.
OPENTELEMETRY = "opentelemetry/instrumentation/auto_instrumentation"
ELASTIC = "elasticapm/instrumentation/wrapper"


class Finding(NamedTuple):
    """level: "error" where it keeps the shim off, else "warning"."""

    level: str
    what: str
    do: str


def is_converted(report: Report) -> bool:
    """Whether the live probe came out with its enum as a string."""
    line = (report.get("probe") or {}).get("line")
    return line is not None and isinstance(json.loads(line)["state"], str)


def findings(report: Report, folder: str) -> list[Finding]:
    """What is wrong, the errors first; no error means that the probe came out converted.

    folder: what to put on PYTHONPATH.
    """
    is_on = is_converted(report)
    errors = [] if is_on else [Finding("error", *pair) for pair in _errors(report, folder)]
    return errors + [Finding("warning", *pair) for pair in cautions.found(report, is_on)]


def _errors(report: Report, folder: str) -> list[tuple[str, str]]:
    if report["python"]["version"] < [3, 8]:
        version = ".".join(map(str, report["python"]["version"]))
        return [(f"this is Python {version}, and the shim needs 3.8 or newer", "start the app with a newer Python")]
    found = [*_flags(report), *_switch(report), *_lost(report), *_path(report, folder), *_shadow(report, folder)]
    return found or list(_inside(report))


def _flags(report: Report) -> Iterator[tuple[str, str]]:
    options = {"isolated": "-I", "ignore_environment": "-E", "no_site": "-S"}
    flags = report["python"]["flags"]
    for name in flags[:1]:  # -I includes -E
        yield (
            f"Python was started with {options[name]}, and so without PYTHONPATH or without any sitecustomize",
            f"start it without {options[name]}",
        )


def _switch(report: Report) -> Iterator[tuple[str, str]]:
    value = report["environ"].get("ENUM_LOG_SHIM")
    word = (value or "").strip().lower()
    if value is None:
        yield "ENUM_LOG_SHIM is not set in that process", "set ENUM_LOG_SHIM=1 in its environment"
    elif word == "observe":
        yield (
            "ENUM_LOG_SHIM=observe converts nothing: it only records who logs an enum",
            "nothing, if that is what it is there for; else set ENUM_LOG_SHIM=1",
        )
    elif word in OFF:
        yield f"ENUM_LOG_SHIM={value!r} is off", "set ENUM_LOG_SHIM=1"
    elif word not in ON:
        yield f"ENUM_LOG_SHIM={value[:40]!r} is no value that is known", "set ENUM_LOG_SHIM=1"


def _lost(report: Report) -> Iterator[tuple[str, str]]:
    for door in map(doors.read, report["doors"]):
        if not door.is_ours and "enum-log-shim" in door.owners:
            others = " and ".join(name for name in door.owners if name != "enum-log-shim") or "somebody"
            yield (
                f"{door.file} was installed with the shim, and {others} has overwritten it",
                "make a folder with `python -m shim bundle DIR`, which nobody overwrites, and set PYTHONPATH=DIR",
            )


def _path(report: Report, folder: str) -> Iterator[tuple[str, str]]:
    found = [doors.read(file) for file in report["doors"]]
    if report["python"]["flags"] or any(door.is_ours or "enum-log-shim" in door.owners for door in found):
        return
    value = report["environ"].get("PYTHONPATH", "")
    entries = [entry for entry in value.split(os.pathsep) if entry]
    absent = [entry for entry in entries if not os.path.exists(entry)]
    what = f"no folder on PYTHONPATH={value} holds the shim's sitecustomize.py" if value else "PYTHONPATH is not set"
    if absent:
        what += f"; {absent[0]} does not exist" + ("" if os.path.isabs(absent[0]) else " (seen from here)")
    yield what + ", in that process", f"set PYTHONPATH={os.pathsep.join([folder, *entries])}"


def _shadow(report: Report, folder: str) -> Iterator[tuple[str, str]]:
    found = [doors.read(file) for file in report["doors"]]
    if report["shim"]["finders"] or not any(door.is_ours for door in found) or found[0].is_ours:
        return
    first = found[0]
    what = f"{first.file} comes first on the path, and does not run the shim's sitecustomize.py behind it"
    if OPENTELEMETRY in first.file:
        yield what, _behind_opentelemetry(report, folder)
    elif ELASTIC in first.file:
        yield (
            f"{what}: Elastic's runs no other, and offers no other way in",
            f"put the shim first: elasticapm-run sh -c 'PYTHONPATH={folder}:$PYTHONPATH exec python app.py'",
        )
    else:
        yield what + _whose(first), f"put the shim first: PYTHONPATH={folder}:$PYTHONPATH"


def _behind_opentelemetry(report: Report, folder: str) -> str:
    if not report["entry_point"]:
        return "use a folder made with `python -m shim bundle DIR`: OpenTelemetry finds it by its metadata"
    return (
        "OpenTelemetry did not come to our entry point opentelemetry_pre_instrument, be it too old or because its own "
        f"start failed (see stderr). Put the shim first: sh -c 'PYTHONPATH={folder}:$PYTHONPATH exec python app.py' "
        "after opentelemetry-instrument"
    )


def _whose(door: doors.Door) -> str:
    return f" (installed by {' and '.join(door.owners)})" if door.owners else ""


def said(report: Report) -> list[str]:
    """What the shim itself wrote to stderr, there."""
    prefix = "enum-log-shim: "
    return [line[len(prefix) :] for line in report["stderr"].splitlines() if line.startswith(prefix)]


def _inside(report: Report) -> Iterator[tuple[str, str]]:
    """Why nothing is wrapped though the door was there and the switch on."""
    lines = said(report)
    if "logging" in cautions.skipped(report):
        yield "ENUM_LOG_SHIM_SKIP names logging", "take it out of that list"
    elif any("wrapt is not installed" in line for line in lines):
        yield "wrapt is not installed for this Python", "pip install wrapt, or use `python -m shim bundle DIR`"
    elif lines:
        yield lines[0], "ENUM_LOG_SHIM_DEBUG=1 tells more"
    elif not report["shim"]["finders"]:
        yield "the shim's sitecustomize.py did not run, or was undone", "see what the process wrote to stderr"
    else:
        layers = " > ".join(report["make_record"])
        yield f"Logger.makeRecord is not ours any more: {layers}", "find out who replaces it after the start"
