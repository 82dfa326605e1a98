"""Sites as annotations of a pull request: workflow commands that GitHub's runner reads from a step's output. Pure."""

from __future__ import annotations

from . import shown
from .tally import Total

_TITLE = "An enum reaches a log call"


def annotation(total: Total, path: str | None) -> str:
    """One line. path: the file's in the checkout; without one the annotation belongs to the run as a whole."""
    site = total.site
    properties = {"title": _TITLE}
    if path is not None:
        properties = {"file": path, **({"line": str(site.line)} if site.line else {}), **properties}
    joined = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::warning {joined}::{_data(_message(total, path))}"


def _message(total: Total, path: str | None) -> str:
    site = total.site
    logger = f", logger {shown.visible(site.logger)}" if site.logger else ""
    calls = f"{shown.number_of(total.calls, 'call')}, the last at {total.last}"
    source = "" if path is not None else f"{shown.where(site, None)}: "
    enum, place = shown.visible(site.enum), shown.visible(site.place)
    return f"{source}{enum} in {place}, function {shown.visible(site.function)}{logger}: {calls}"


# As GitHub's toolkit escapes them: escapeData and escapeProperty in packages/core/src/command.ts.


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(shown.visible(text)).replace(":", "%3A").replace(",", "%2C")
