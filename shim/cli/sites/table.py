"""Sites as a table for people, and the progress bar. Needs the extra `cli`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from . import shown
from .checkout import Checkout
from .reading import Sites
from .tally import Total

# In a pipe nothing is broken into two lines, so that a search in it finds what it looks for.
_WIDE = 10_000


def rendered(sites: Sites, checkout: Checkout) -> str:
    """The table as text, coloured where stdout is a terminal."""
    # No markup: what is shown holds brackets of its own.
    console = Console(highlight=False, markup=False, emoji=False, width=None if _is_of_a_width() else _WIDE)
    with console.capture() as capture:
        console.print(_table(sites, checkout))
    return capture.get()


def _is_of_a_width() -> bool:
    return sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()


def _table(sites: Sites, checkout: Checkout) -> Table:
    table = Table(show_lines=True)
    table.add_column("calls", justify="right", no_wrap=True)
    for heading in ("log call", "enum, place, logger"):
        table.add_column(heading, overflow="fold")
    table.add_column("last seen (UTC)")
    for total in sites.totals:
        table.add_row(str(total.calls), _call(total, checkout), _enum(total), _time(total.last))
    return table


def _call(total: Total, checkout: Checkout) -> Text:
    site = total.site
    text = Text(shown.where(site, checkout.path(site.file)), "bold")
    text.append(f" {shown.visible(site.function)}", "not bold")
    line = checkout.line(site)
    if line is not None:
        text.append("\n" + shown.source_line(line).strip(), "not bold cyan")
    return text


def _enum(total: Total) -> Text:
    site = total.site
    text = Text(shown.visible(site.enum))
    text.append("\n" + shown.visible(site.place), "yellow")
    if site.logger:
        text.append("\n" + shown.visible(site.logger), "dim")
    return text


def _time(time: str) -> str:
    day, _, clock = time.partition("T")
    return f"{day}\n{clock[:8]}"


def progress(total: int | None) -> tuple[Callable[[int], None], Callable[[], None]]:
    """Shows a bar on stderr; gives what is called with the bytes read so far, and what takes it away."""
    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=total)
    bar.start()
    return lambda read: bar.update(task, completed=read), bar.stop
