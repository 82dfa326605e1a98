"""What is measured: the log calls, and what may stand between such a call and its line."""

from __future__ import annotations

from typing import NamedTuple

import walk

_FIELDS = "{'user': 'ann', 'status': 200, 'path': '/items'}"
_ONE_ENUM = "{'user': 'ann', 'state': State.CONNECTED, 'path': '/items'}"
_JSON_FIELDS = f"{{'json_fields': {_FIELDS}}}"
_NODES = (10, 1_000, 100_000)

USUAL = ("null", "json", "google")
ALL = (*USUAL, "structlog", "structlog over logging", "processor formatter", "loguru", "loguru, serialized")

NOT_COUNTED = 10_000  # a walk over more nodes is timed only


class Case(NamedTuple):
    """A log call, or a walk over `data` alone.

    handler: one of those in programs.py, or "walk". place: where in the call an enum stands, or would: the first
    argument, an extra field, or inside of one; "" if the call has no place for one. data: what `E` is in the call.
    nodes: how many of them the data has, where that is many. limit, goal: at most so many times the instructions of the
    first of `rows`, under Python 3.11 with wrapt 1.17.3 and its C extension.
    """

    handler: str
    call: str
    place: str = ""
    data: str = "None"
    limit: float | None = None
    goal: float | None = None
    nodes: int = 0
    usual_calls: int = 1_000

    @property
    def has_enum(self) -> bool:
        return "State." in self.data

    @property
    def calls(self) -> int:
        """How many are counted: of a big structure few, 20 for 1,000 nodes, because each takes so much longer."""
        return max(2, min(1_000, 20_000 // self.nodes)) if self.nodes else self.usual_calls

    @property
    def warm_up(self) -> int:
        return min(300, self.calls)

    @property
    def is_counted(self) -> bool:
        return self.handler != "walk" or self.nodes <= NOT_COUNTED

    @property
    def rows(self) -> list[str]:
        """What it is measured with; the first is what the others are compared with."""
        return [name for name, row in ROWS.items() if self.handler in row.handlers and (self.nodes or not row.nested)]


class Row(NamedTuple):
    """What stands in a log call's way. reaches: the places in which it finds an enum. nested: whether it is only for
    the cases with many nodes.
    """

    title: str
    reaches: tuple[str, ...] = ()
    uses_wrapt: bool = False
    handlers: tuple[str, ...] = USUAL
    nested: bool = False


BASE, SHIM, DUMPS, WALK = "without", "shim", "dumps", "walk"
BY_HAND = ("filter", "factory")
ROWS = {
    BASE: Row("without the shim", handlers=ALL),
    "wrapper": Row("an empty wrapt wrapper", uses_wrapt=True),
    SHIM: Row("the shim", ("argument", "field", "nested"), uses_wrapt=True, handlers=ALL),
    "filter": Row("a filter by hand", ("argument", "field", "nested")),
    "factory": Row("a record factory by hand", ("argument",)),
    "default": Row("json_default", ("field", "nested"), handlers=("json",)),
    DUMPS: Row("json.dumps alone", handlers=("json", "walk"), nested=True),
    WALK: Row("the shim's walk alone", handlers=("walk",)),
}

_MANY = 50_000  # so that 30,000 instructions, by which the starts of two programs differ, are less than 0.1 % of it
_PLAIN = "log.info('served')"
_SERVED = "log.info('served', extra=E)"
_TWO = "log.info('%s got %s', E, 200)"
_KEYWORDS = "log.info('served', status=200, path='/items')"
_BRACES = "log.info('served {} to {user}', 200, user='ann')"
_CONTEXT = "log.info('served', extra={'context': E})"

CASES = {
    "no arguments, null handler": Case("null", _PLAIN, "", "None", 1.25, 1.18),
    "two arguments, null handler": Case("null", _TWO, "argument", "'ann'", 1.28, 1.18),
    "three extra fields, null handler": Case("null", _SERVED, "field", _FIELDS, 1.28, 1.18),
    "three extra fields, JSON line": Case("json", _SERVED, "field", _FIELDS, 1.10, 1.06),
    "google-cloud-logging line": Case("google", _PLAIN, "", "None", 1.12, 1.06),
    "google-cloud-logging line, json_fields": Case("google", _SERVED, "nested", _JSON_FIELDS),
    "structlog, JSON line": Case("structlog", _KEYWORDS, "", "None", 1.11, 1.10),
    "structlog, JSON line, a dict": Case("structlog", "log.info('served', context=E)", "", _FIELDS, 1.12, 1.10),
    # Five places in a row clean what they hand on: two processors, the record, its handler and the renderer.
    "structlog over logging, JSON line": Case("structlog over logging", _KEYWORDS, "", "None", 1.30, 1.10),
    "through a ProcessorFormatter": Case("processor formatter", _SERVED, "", _FIELDS, 1.18, 1.10),
    "loguru line": Case("loguru", _BRACES, "", "None", 1.10),
    "loguru line, serialized": Case("loguru, serialized", _BRACES, "", "None", 1.10),
    "below the level": Case("null", "log.debug('served')", "", "None", 1.0, 1.0, 0, _MANY),
    "one enum in extra, JSON line": Case("json", _SERVED, "field", _ONE_ENUM, 1.15, 1.10),
    "one enum as %s, null handler": Case("null", _TWO, "argument", "State.CONNECTED"),
    "one enum as %s, JSON line": Case("json", _TWO, "argument", "State.CONNECTED"),
    **{
        f"{nodes:,} nodes, {many} enum, JSON line": Case(
            "json", _CONTEXT, "nested", f"context({nodes}, {last})", nodes=nodes
        )
        for nodes in _NODES
        for many, last in (("no", "'ann'"), ("one", "State.CONNECTED"))
    },
    **{
        f"walk: {title}, {nodes:,} nodes": Case("walk", "", "", f"{name}({nodes})", 1.0, nodes=nodes)
        for name, title in walk.SHAPES.items()
        for nodes in walk.NODES
    },
}
