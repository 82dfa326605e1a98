"""The README's table of stacks, made of what a run saw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Mapping

from cells import Cell
from stacks import Stack

Cells = Mapping[str, Cell]

# Places whose cells are the same in nearly every stack share a column; where they differ, it has each. `%d` is in none:
# it prints the number, without the shim and with it.
COLUMNS = {
    "in the text": ("argument", "message", "f-string"),
    "in a dict message": ("value in a dict message",),
    "as its key": ("key of a dict message",),
    "a field": ("field", "filter", "bound", "context"),
    "inside a field": ("in a dict", "in a list"),
    "as a key there": ("key", "bound key"),
}
WIDEST = 20


def table(seen: Mapping[Stack, tuple[Cells, Cells]]) -> str:
    """The table as Markdown. seen: the cells of each stack by place, without the shim and with it."""
    lines = [("logged through", *COLUMNS, "with the shim"), ("---",) * (len(COLUMNS) + 2)]
    all_places = [place for places in COLUMNS.values() for place in places]
    for stack, (without, with_shim) in seen.items():
        columns = [_column(without, places, stack) for places in COLUMNS.values()]
        lines.append((stack.name, *columns, _column(with_shim, all_places, stack, absent="")))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _column(cells: Cells, places: Iterable[str], stack: Stack, absent: str = "-") -> str:
    there = [place for place in places if place in cells]
    shown = [_shown(cells[place], absent if place in stack.hides else "**dropped**") for place in there]
    return ", ".join(dict.fromkeys(filter(None, shown)))


def _shown(cell: Cell, absent: str) -> str:
    if cell.kind == "absent":
        return absent
    if cell.kind == "shown":
        # The f-string's enum is Starlette's, and spelt as the host's is.
        return f"`{_shortened(cell.text.replace('WebSocketState', 'WS'))}`"
    return f"**raises {cell.text}**" if cell.kind == "raised" else "**lost**"


def _shortened(text: str) -> str:
    return text if len(text) <= WIDEST else text[:WIDEST].rpartition(" ")[0] + " …"
