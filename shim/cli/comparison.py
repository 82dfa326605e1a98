"""What the demo saw on each path, what it expects there, and where the one falls short of the other. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

_LABELS = "logging.googleapis.com/labels"
_ATTEMPT = 'auth attempt: {\n  "client_state": "connected"\n}'
_ERROR = re.compile(r"^[ |]*(\w+(?:\.\w+)*Error: .*)$", re.MULTILINE)


class Visit(NamedTuple):
    """One connection: how it was closed, and what the server wrote meanwhile."""

    path: str
    code: int
    stdout: str
    stderr: str


class Expected(NamedTuple):
    """Where in the line the state stands and what it reads with the shim; what comes of close code and line without."""

    keys: tuple[str, ...]
    value: object
    code_before: int
    lost_before: bool


EXPECTED = {
    "json": Expected(("message",), _ATTEMPT, 1011, True),
    "json_loguru": Expected(("record", "message"), _ATTEMPT, 1011, True),
    "labels": Expected((_LABELS, "state"), "connected", 1011, True),
    "json_fields": Expected(("state",), "connected", 1000, True),
    "key": Expected(("clients",), {"connected": 1}, 1000, True),
    "percent": Expected(("message",), "client is connected", 1000, False),
    "fstring": Expected(("message",), "client is connected", 1000, False),
}
PATHS = tuple(EXPECTED)


def told(visit: Visit) -> str:
    """The part of the log line that carries the state, as the line has it, or what became of the line."""
    lines = _lines(visit)
    if not lines:
        errors = _ERROR.findall(visit.stderr) or ["no error on stderr"]
        return f"{'lost' if visit.code == 1000 else 'raised'}: {errors[-1]}"
    value = _value(visit)
    if value is None:
        return str(lines[0])
    return f'"{EXPECTED[visit.path].keys[-1]}": {json.dumps(value)}'


def shortfalls(before: Sequence[Visit], after: Sequence[Visit]) -> list[str]:
    """Why this is not what the demo set out to show; empty if it is."""
    reasons = [f"without the shim, {reason}" for visit in before for reason in _unbroken(visit)]
    amiss = [f"with ENUM_LOG_SHIM=1, {reason}" for visit in after for reason in _broken(visit)]
    if amiss:
        # What the shim or `site` had to say about itself comes first there.
        start = "\n".join(after[0].stderr.splitlines()[:5])
        amiss.append(f"that server's stderr begins:\n{start or '(it is empty)'}")
    return reasons + amiss


def _unbroken(visit: Visit) -> list[str]:
    expected, reasons = EXPECTED[visit.path], []
    if visit.code != expected.code_before:
        reasons.append(f"{visit.path} closed with {visit.code}, not {expected.code_before}")
    if expected.lost_before and _lines(visit):
        reasons.append(f"{visit.path} did not lose its log line")
    return reasons


def _broken(visit: Visit) -> list[str]:
    expected, count, reasons = EXPECTED[visit.path], len(_lines(visit)), []
    if visit.code != 1000:
        reasons.append(f"{visit.path} closed with {visit.code}, not 1000")
    if count != 1:
        reasons.append(f"{visit.path} wrote {count} log lines, not 1")
    elif _value(visit) != expected.value:
        reasons.append(f"{visit.path} logged {told(visit)}, not {json.dumps(expected.value)}")
    if "Logging error" in visit.stderr or "Traceback" in visit.stderr:
        reasons.append(f"{visit.path} left an error on stderr")
    return reasons


def _lines(visit: Visit) -> list[Any]:
    """The app's own log lines, parsed. (Google's handler writes one about itself, before the first of a process.)"""
    parsed = [_parsed(line) for line in visit.stdout.splitlines() if line]
    return [line for line in parsed if _at(line, _LABELS, "python_logger") in ("legacy", None)]


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return line


def _value(visit: Visit) -> object:
    return _at(_lines(visit)[0], *EXPECTED[visit.path].keys)


def _at(found: Any, *keys: str) -> Any:
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found
