"""Sites as one self-contained page: it loads nothing, and runs no script but its own. Needs the extra `cli`."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import jinja2
from markupsafe import Markup

from . import shown
from .checkout import Checkout
from .reading import Sites
from .tally import Total

_HERE = Path(__file__).parent
_BEFORE, _AFTER = 4, 6  # lines of source around that of the call; a call may go on over several


class Line(NamedTuple):
    number: int
    text: str
    is_hit: bool


class Entry(NamedTuple):
    """A site as it is shown; reason: why there is no source."""

    total: Total
    lines: list[Line]
    reason: str


class Group(NamedTuple):
    file: str
    entries: list[Entry]


def rendered(sites: Sites, checkout: Checkout) -> str:
    style, script = (_HERE.joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(visible=shown.visible, number_of=shown.number_of)
    page = environment.get_template("page.html")
    return page.render(
        sites=sites,
        groups=_groups(sites.totals, checkout),
        style=Markup(style),
        style_hash=_hash(style),
        script=Markup(script),
        script_hash=_hash(script),
    )


def _hash(text: str) -> str:
    """As a Content-Security-Policy names what it lets through."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _groups(totals: Iterable[Total], checkout: Checkout) -> list[Group]:
    """By file, that with the most calls first."""
    groups: dict[str, list[Entry]] = {}
    for total in totals:
        site = total.site._replace(line=0)
        groups.setdefault(shown.where(site, checkout.path(site.file)), []).append(_entry(total, checkout))
    found = [Group(file, entries) for file, entries in groups.items()]
    return sorted(found, key=lambda group: -sum(entry.total.calls for entry in group.entries))


def _entry(total: Total, checkout: Checkout) -> Entry:
    excerpt = checkout.excerpt(total.site, _BEFORE, _AFTER)
    if excerpt is None:
        return Entry(total, [], _reason(total, checkout))
    lines = [
        Line(number, shown.source_line(text), number == excerpt.line)
        for number, text in enumerate(excerpt.lines, excerpt.first)
    ]
    return Entry(total, lines, "")


def _reason(total: Total, checkout: Checkout) -> str:
    if not (total.site.file and total.site.line):
        return "Its source is not known."
    if checkout.path(total.site.file) is None:
        return "The checkout has no such file."
    return "The checkout's file has no such line: it is that of another version."
