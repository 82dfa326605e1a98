"""What the demo prints: coloured on a terminal, plain in a pipe, and readable at 80 columns."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shim.cli.comparison import Visit, told

# No highlighting and no markup: log lines hold brackets and numbers of their own.
_out = Console(highlight=False, markup=False)
_err = Console(highlight=False, markup=False, stderr=True)

_INTRODUCTION = """\
A legacy FastAPI app logs the state of its websockets, an enum, through
google-cloud-logging's StructuredLogHandler and through a logger of its own over
loguru. hypercorn serves it twice with the shim on PYTHONPATH: once with
ENUM_LOG_SHIM=0, once with ENUM_LOG_SHIM=1.
"""


def introduce(app: Path) -> None:
    """Say what is about to be shown, and print the app's log calls."""
    _out.print(_INTRODUCTION)
    _out.print(f"{app}:", soft_wrap=True)
    for line in app.read_text("utf-8").splitlines():
        if "ws.client_state" in line or "json.dumps" in line:
            _out.print(Text(line, style="cyan"), soft_wrap=True)
    _out.print()


def progress(line: str) -> contextlib.AbstractContextManager[object]:
    """A spinner where stderr is a terminal, else just the line."""
    if _err.is_terminal:
        return _err.status(line, spinner="line")
    _err.print(line)
    return contextlib.nullcontext()


def compare(before: Sequence[Visit], after: Sequence[Visit]) -> None:
    """One row per path: close code, and log line or its loss."""
    table = Table("path", show_lines=True)
    for heading in ("without the shim", "with ENUM_LOG_SHIM=1"):
        table.add_column(heading, overflow="fold")
    for old, new in zip(before, after):
        table.add_row(old.path, _cell(old), _cell(new))
    _out.print(table)


def _cell(visit: Visit) -> Text:
    line = told(visit)
    code = (f"closed with {visit.code}\n", "green" if visit.code == 1000 else "bold red")
    return Text.assemble(code, (line, "red" if line.startswith(("lost", "raised")) else ""))


def succeed() -> None:
    _out.print("Seen: 1011 and lost lines before; 1000 and every line intact after.", style="green")


def fail(reasons: Sequence[str]) -> None:
    _out.print("Not seen what should be seen:", style="bold red")
    for reason in reasons:
        _out.print(f"- {reason}", soft_wrap=True)
