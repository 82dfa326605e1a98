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
$logger
$row
E = $data


def calls(n):
    for _ in range(n):
        $call


calls(1 if MODE == "show" else $warm_up)
gc.collect()
gc.freeze()  # else a collection of all that was imported falls into one of two runs: 1 % of 2,000 calls
for number in sys.argv[2:] if MODE == "count" else ():
    child = os.fork()
    if not child:
        calls(int(number))
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(1)
for line in sys.stdin if MODE == "time" else ():
    start = process_time()
    calls(int(line))
    print(process_time() - start, flush=True)
""")

_STDLIB = """
log = logging.getLogger("bench")
log.setLevel(logging.INFO)
log.propagate = False
%s
log.addHandler(handler)
"""
_STRUCTLOG = """
import structlog
from structlog.processors import JSONRenderer, TimeStamper, add_log_level
from structlog.stdlib import ProcessorFormatter

native = [structlog.contextvars.merge_contextvars, add_log_level, TimeStamper(fmt="iso"), JSONRenderer()]
over_logging = [
    structlog.stdlib.filter_by_level, structlog.contextvars.merge_contextvars, structlog.stdlib.add_logger_name,
    add_log_level, structlog.stdlib.PositionalArgumentsFormatter(), TimeStamper(fmt="iso"),
    ProcessorFormatter.wrap_for_formatter,
]
"""
_PROCESSOR_FORMATTER = (
    _STRUCTLOG
    + """
handler = logging.StreamHandler(OUT)
handler.setFormatter(
    ProcessorFormatter(
        processors=[ProcessorFormatter.remove_processors_meta, JSONRenderer()],
        foreign_pre_chain=[add_log_level, TimeStamper(fmt="iso")],
    )
)
"""
)
_LOGURU = """
from loguru import logger as log

log.remove()
"""

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
    "processor formatter": _PROCESSOR_FORMATTER,
    "walk": "handler = logging.NullHandler()",
}
# Who logs in another way than through the standard library's own loggers.
_LOGGERS = {
    "structlog": _STRUCTLOG
    + """
structlog.configure(
    processors=native,
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    logger_factory=structlog.WriteLoggerFactory(OUT),
    cache_logger_on_first_use=True,
)
log = structlog.get_logger().bind(user="ann")
""",
    "structlog over logging": _STDLIB % _PROCESSOR_FORMATTER
    + """
structlog.configure(
    processors=over_logging,
    wrapper_class=structlog.stdlib.BoundLogger,
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
log = structlog.get_logger("bench")
""",
    "loguru": _LOGURU + "log.add(OUT)",
    "loguru, serialized": _LOGURU + "log.add(OUT, serialize=True)",
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
    """Run with `show` it logs once, to stdout; with `count` and numbers, so often, each in a child of its own;
    with `time`, each number of calls that it reads, and answers with the seconds of processor time.
    """
    by_hand = (_DEEP if case.place == "nested" and row == "filter" else _FLAT) + _REPLACE if row in BY_HAND else ""
    return _PROGRAM.substitute(
        structures=STRUCTURES,
        logger=_logger(case.handler, _DEFAULT if row == "default" else ""),
        row=by_hand + _ROWS.get(row, ""),
        data=case.data,
        call=_call(case, row),
        warm_up=case.warm_up,
    )


def _logger(handler: str, default: str) -> str:
    return _LOGGERS.get(handler) or _STDLIB % Template(_HANDLERS[handler]).substitute(default=default)


def _call(case: Case, row: str) -> str:
    if row == DUMPS:  # without a default it has an encoder ready
        return "json.dumps(E, default=json_default)" if case.has_enum else "json.dumps(E)"
    return "clean(E, replace)" if row == WALK else case.call
