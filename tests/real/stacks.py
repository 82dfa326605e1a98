"""The stacks that people log through: what each needs, how a host sets it up, and which places it does not show.

The set-up runs in the namespace of `stack_host.py`.
"""

from __future__ import annotations

from typing import NamedTuple


class Stack(NamedTuple):
    """message: where the message stands in a line. api: the way to log. hides: the places that its lines never show."""

    name: str
    requirements: tuple[str, ...]
    set_up: str
    message: tuple[str, ...] = ("message",)
    api: str = "logging"
    hides: frozenset[str] = frozenset()


GOOGLE = """
import google.cloud.logging_v2
from google.cloud.logging.handlers import StructuredLogHandler
google.cloud.logging_v2._instrumentation_emitted = True  # a line about itself before the first
attach(StructuredLogHandler(project_id="p", stream=out))
def fields(values): return {"%s": values}
"""

STRUCTLOG = """
import structlog
added = {}
def add(logger, name, event):
    return {**event, **added}
@contextlib.contextmanager
def processed(**values):
    added.update(values)
    try:
        yield
    finally:
        added.clear()
"""
PROCESSOR_FORMATTER = """
from structlog.stdlib import ExtraAdder, ProcessorFormatter
to_json = [ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()]
written_by(ProcessorFormatter(foreign_pre_chain=[ExtraAdder()], processors=to_json))
"""
STRUCTLOG_OVER_LOGGING = """
structlog.configure(
    processors=[structlog.contextvars.merge_contextvars, structlog.stdlib.PositionalArgumentsFormatter(), add,
                ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(), wrapper_class=structlog.stdlib.BoundLogger,
)
log = structlog.get_logger("host")
"""
STRUCTLOG_NATIVE = """
structlog.configure(
    processors=[structlog.contextvars.merge_contextvars, add, %s],
    logger_factory=structlog.WriteLoggerFactory(out),
)
log = structlog.get_logger()
"""
ORJSON = """
import orjson
def dumps(value, **more): return orjson.dumps(value, **more).decode()
"""

POWERTOOLS = """
from aws_lambda_powertools import Logger
log = Logger(service="host", stream=out)
"""

LOGURU = """
from loguru import logger
logger.remove()
logger.add(out, serialize=True)
"""
# As loguru's README has it.
INTERCEPTED = """
class InterceptHandler(logging.Handler):
    def emit(self, record):
        try:
            level = logger.level(record.levelname).name
        except ValueError:
            level = record.levelno
        logger.opt(depth=6, exception=record.exc_info).log(level, record.getMessage())
attach(InterceptHandler())
"""

# A handler that hands on the text alone.
FIELDS = frozenset({"field", "in a dict", "in a list", "key", "filter", "bound", "bound key"})

LOCAL = (
    Stack("home-made json.dumps", (), "written_by(HomeMade())"),
    Stack(
        "python-json-logger, json",
        ("python-json-logger",),
        "from pythonjsonlogger.json import JsonFormatter\nwritten_by(JsonFormatter())",
    ),
    Stack(
        "python-json-logger, orjson",
        ("python-json-logger", "orjson"),
        "from pythonjsonlogger.orjson import OrjsonFormatter\nwritten_by(OrjsonFormatter())",
    ),
    Stack(
        "python-json-logger, msgspec",
        ("python-json-logger", "msgspec"),
        "from pythonjsonlogger.msgspec import MsgspecFormatter\nwritten_by(MsgspecFormatter())",
    ),
    Stack("google-cloud-logging, json_fields", ("google-cloud-logging",), GOOGLE % "json_fields"),
    Stack("google-cloud-logging, labels", ("google-cloud-logging",), GOOGLE % "labels"),
    Stack("google-cloud-logging, http_request", ("google-cloud-logging",), GOOGLE % "http_request"),
    Stack("ecs-logging", ("ecs-logging",), "from ecs_logging import StdlibFormatter\nwritten_by(StdlibFormatter())"),
    Stack("aws-lambda-powertools", ("aws-lambda-powertools",), POWERTOOLS, api="powertools"),
    Stack(
        "json-log-formatter",
        ("json-log-formatter",),
        "from json_log_formatter import JSONFormatter\nwritten_by(JSONFormatter())",
    ),
    Stack(
        "json-log-formatter, verbose",
        ("json-log-formatter",),
        "from json_log_formatter import VerboseJSONFormatter\nwritten_by(VerboseJSONFormatter())",
    ),
    Stack(
        "json-log-formatter, flat",
        ("json-log-formatter",),
        "from json_log_formatter import FlatJSONFormatter\nwritten_by(FlatJSONFormatter())",
    ),
    Stack(
        "logstash-formatter, V0",
        ("logstash-formatter",),
        "from logstash_formatter import LogstashFormatter\nwritten_by(LogstashFormatter())",
        message=("@message",),
    ),
    Stack(
        "logstash-formatter, V1",
        ("logstash-formatter",),
        "from logstash_formatter import LogstashFormatterV1\nwritten_by(LogstashFormatterV1())",
    ),
    Stack("structlog's ProcessorFormatter", ("structlog",), STRUCTLOG + PROCESSOR_FORMATTER, message=("event",)),
    Stack(
        "structlog over logging",
        ("structlog",),
        STRUCTLOG + PROCESSOR_FORMATTER + STRUCTLOG_OVER_LOGGING,
        message=("event",),
        api="structlog",
    ),
    Stack(
        "structlog",
        ("structlog",),
        STRUCTLOG + STRUCTLOG_NATIVE % "structlog.processors.JSONRenderer()",
        message=("event",),
        api="structlog",
    ),
    Stack(
        "structlog, orjson",
        ("structlog", "orjson"),
        STRUCTLOG + ORJSON + STRUCTLOG_NATIVE % "structlog.processors.JSONRenderer(serializer=dumps)",
        message=("event",),
        api="structlog",
    ),
    Stack(
        "structlog, ecs-logging",
        ("structlog", "ecs-logging"),
        "from ecs_logging import StructlogFormatter\n" + STRUCTLOG + STRUCTLOG_NATIVE % "StructlogFormatter()",
        api="structlog",
    ),
    Stack("loguru", ("loguru",), LOGURU + "log = logger", message=("record", "message"), api="loguru"),
    Stack("loguru's InterceptHandler", ("loguru",), LOGURU + INTERCEPTED, message=("record", "message"), hides=FIELDS),
)
