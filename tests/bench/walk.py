"""The shim's walk alone, `shim.convert.clean`, over what a host may log without an enum: against json.dumps of it."""

from __future__ import annotations

NODES = (10, 1_000, 10_000, 100_000, 1_000_000)

SHAPES = {
    "flat": "one flat dict",
    "items": "a list of small dicts",
    "deep": "dicts in dicts",
    "strings": "a list of long strings",
}

# No part is there twice: the walk visits each container once, json.dumps wherever it occurs.
STRUCTURES = """
LEAVES = ("ann", 200, True, 0.5, None)


def flat(nodes):
    return {"key%d" % number: LEAVES[number % 5] for number in range(nodes - 1)}


def items(nodes):
    return [{"user": "ann", "status": 200, "path": "/items", "seconds": 0.5} for _ in range(nodes // 5)]


def deep(nodes):
    return [chain(min(nodes, 200)) for _ in range(max(1, nodes // 200))]  # json.dumps goes no deeper than about 1,000


def chain(nodes):
    value = {"user": "ann"}
    for _ in range(nodes // 2 - 1):
        value = {"user": "ann", "inner": value}
    return value


def strings(nodes):
    return ["served %d " % number + "item " * 40 for number in range(nodes - 1)]


def context(nodes, last, depth=0):
    # That many nodes: this dict or, at every other depth, list, three leaves in it, and two more of its kind.
    rest = nodes - 1
    leaves = rest if rest < 8 else 3
    parts = [LEAVES[number % 5] for number in range(leaves)]
    if leaves == rest:
        parts[-1] = last
    else:
        half = (rest - leaves) // 2
        parts += [context(half, "ann", depth + 1), context(rest - leaves - half, last, depth + 1)]
    return parts if depth % 2 else {"key%d" % number: part for number, part in enumerate(parts)}
"""

CLEAN = """
from shim.convert import clean
from shim.policy import as_field
from shim.settings import Settings

replace = as_field(Settings())
"""
