"""The programs that are measured: one for each case and row, which differ in nothing else."""

from __future__ import annotations

from string import Template

from cases import BY_HAND, DUMPS, SHIM, WALK, Case
from walk import CLEAN, STRUCTURES

_PROGRAM = Template("""
import gc
import json
import logging
import os
import sys
from enum import Enum
from time import process_time

$structures


class State(Enum):
    CONNECTED = 1


MODE = sys.argv[1]
OUT = sys.stdout if MODE == "show" else open(os.devnull, "w")
json_default = None
log = logging.getLogger("bench")
log.setLevel(logging.INFO)
log.propagate = False
$handler
log.addHandler(handler)
$row
E = $data


def calls(n):
    for _ in range(n):
        $call


calls(1 if MODE == "show" else $warm_up)
gc.collect()
gc.freeze()  # else a collection of all that was imported falls into one of two runs: 1 % of 2,000 calls
if MODE == "count":
    calls(int(sys.argv[2]))
for line in sys.stdin if MODE == "time" else ():
    start = process_time()
    calls(int(line))
    print(process_time() - start, flush=True)
""")

_HANDLERS = {
    # Not logging.NullHandler, which calls no filter: one with an empty `emit` is the least that a host can have.
    "null": """
class Null(logging.Handler):
    def emit(self, record):
        pass


handler = Null()
if MODE == "show":
    handler.emit = lambda record: print(record.getMessage(), record.__dict__)
""",
    "json": """
from pythonjsonlogger.json import JsonFormatter
$default
handler = logging.StreamHandler(OUT)
handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", json_default=json_default))
""",
    "google": """
from google.cloud.logging_v2.handlers import StructuredLogHandler

handler = StructuredLogHandler(project_id="bench", stream=OUT)
""",
    "walk": "handler = logging.NullHandler()",
}

# What is written by hand goes no deeper than its case needs.
_FLAT = """
def plain(value):
    return value.name.lower() if isinstance(value, Enum) else value
"""
_DEEP = """
def plain(value):
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(plain, value))
    return value
"""
_REPLACE = """
def replace(record):
    fields = record.__dict__
    for name, value in fields.items():
        fields[name] = plain(value)
    if fields["args"]:
        fields["args"] = tuple(map(plain, fields["args"]))
"""
_DEFAULT = """
def json_default(value):
    if isinstance(value, Enum):
        return value.name.lower()
    raise TypeError(type(value).__name__)
"""
_ROWS = {
    "wrapper": """
import wrapt


def empty(wrapped, instance, args, kwargs):
    return wrapped(*args, **kwargs)


wrapt.wrap_function_wrapper(logging.Logger, "makeRecord", empty)
""",
    SHIM: 'assert sys.modules["_enum_log_shim"].installed()',
    "filter": """
class EnumFilter(logging.Filter):
    def filter(self, record):
        replace(record)
        return True


handler.addFilter(EnumFilter())
""",
    "factory": """
make = logging.getLogRecordFactory()


def factory(*args, **kwargs):  # `extra` comes to the record after it
    record = make(*args, **kwargs)
    replace(record)
    return record


logging.setLogRecordFactory(factory)
""",
    DUMPS: _DEFAULT,
    WALK: CLEAN,
}


def program(case: Case, row: str) -> str:
    """Run with `show` it logs once, to stdout; with `count` and a number, so often; with `time`, each number of calls
    that it reads, and answers with the seconds of processor time.
    """
    by_hand = (_DEEP if case.place == "nested" and row == "filter" else _FLAT) + _REPLACE if row in BY_HAND else ""
    return _PROGRAM.substitute(
        structures=STRUCTURES,
        handler=Template(_HANDLERS[case.handler]).substitute(default=_DEFAULT if row == "default" else ""),
        row=by_hand + _ROWS.get(row, ""),
        data=case.data,
        call=_call(case, row),
        warm_up=case.warm_up,
    )


def _call(case: Case, row: str) -> str:
    if row == DUMPS:  # without a default it has an encoder ready
        return "json.dumps(E, default=json_default)" if case.has_enum else "json.dumps(E)"
    return "clean(E, replace)" if row == WALK else case.call
