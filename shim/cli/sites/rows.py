"""A row of a record: a place in the host's source whose log call an enum reached, as one process saw it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

KEY = "enum_log_shim"
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", re.ASCII)
_MOST = 2**53  # a store of log lines may keep numbers as floats, and these are exact up to here


class Site(NamedTuple):
    """A file of "" and a line of 0 stand for a source that is not known; `enum` is the enum's class."""

    file: str
    line: int
    function: str
    logger: str
    place: str
    enum: str


class Row(NamedTuple):
    """`calls` is the number of all calls which the process `run` made there up to `last`."""

    run: str
    site: Site
    first: str
    last: str
    calls: int


def row(found: Mapping[str, object]) -> Row:
    """Raises ValueError where that is none."""
    if found.get(KEY) != "site":
        raise ValueError(f"of an unknown kind: {found.get(KEY)!r}")
    function, logger, place, enum = (_text(found, name) for name in ("function", "logger", "place", "class"))
    site = Site(_text(found, "file"), _number(found, "line", 0), function, logger, place, enum)
    return Row(_text(found, "run"), site, _time(found, "first"), _time(found, "last"), _number(found, "count", 1))


def _text(found: Mapping[str, object], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")
    return value


def _number(found: Mapping[str, object], name: str, least: int) -> int:
    """Cloud Logging keeps every number as a float, and BigQuery shows numbers as texts."""
    value = found.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"{name} is no number")
    number = value if isinstance(value, int) else float(value)
    if not least <= number <= _MOST or number != int(number):
        raise ValueError(f"{name} is no count")
    return int(number)


def _time(found: Mapping[str, object], name: str) -> str:
    """Always with milliseconds, so that times compare as their texts do."""
    parts = _TIME.fullmatch(_text(found, name))
    if parts is None:
        raise ValueError(f"{name} is no time")
    return f"{parts[1]}.{(parts[2] or '')[:3]:0<3}Z"
