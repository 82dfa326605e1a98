"""structlog's oldest and newest release that a Python can have, and between them the one that fills in by itself."""

from __future__ import annotations

import interpreters
import pytest
from processes import Host

OLDEST, INLINE, NEWEST = "structlog==20.2.0", "structlog==24.4.0", "structlog"
VERSIONS = ("3.8", interpreters.CURRENT, "3.13")

_START = """
import enum, json, logging, sys
from http import HTTPStatus
import structlog
from structlog.contextvars import bind_contextvars, merge_contextvars

class State(enum.Enum):
    CONNECTED = 1

def configure(*processors, **options):
    structlog.configure(processors=list(processors), logger_factory=structlog.PrintLoggerFactory(sys.stdout), **options)
    return structlog.get_logger()
"""

_NATIVE = """
def adds(_, __, event):
    event["added"] = State.CONNECTED
    return event

def routes(_, __, event):
    json.dumps(event)  # raises for an enum
    return event

log = configure(
    merge_contextvars, routes, adds, routes, structlog.processors.JSONRenderer(sort_keys=True),
    wrapper_class=structlog.make_filtering_bound_logger(20), cache_logger_on_first_use=True,
)
bind_contextvars(context=State.CONNECTED)
for _ in range(2):
    log.bind(bound=State.CONNECTED).info(State.CONNECTED, field={State.CONNECTED: [HTTPStatus.OK]})
    log.debug("off", field=State.CONNECTED)
configure(structlog.processors.KeyValueRenderer(sort_keys=True))
structlog.get_logger().info("event", field=State.CONNECTED)
"""
_NATIVE_LINES = [
    '{"added": "connected", "bound": "connected", "context": "connected", "event": "connected",'
    ' "field": {"connected": ["ok"]}}'
] * 2 + ["event='event' field='connected'"]

_STDLIB = """
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(structlog.stdlib.ProcessorFormatter(
    processor=structlog.processors.JSONRenderer(sort_keys=True),
    foreign_pre_chain=[merge_contextvars],
))
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel(20)
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level, structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(), merge_contextvars,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(), wrapper_class=structlog.stdlib.BoundLogger,
)
bind_contextvars(context=State.CONNECTED)
structlog.get_logger("app").info("%s %d", State.CONNECTED, HTTPStatus.OK, field=State.CONNECTED)
logging.getLogger("app").info("foreign %s %d", State.CONNECTED, HTTPStatus.OK)
"""
_STDLIB_LINES = [
    '{"context": "connected", "event": "connected 200", "field": "connected", "logger": "app"}',
    '{"context": "connected", "event": "foreign connected 200"}',
]

_POSITIONAL = """
import asyncio
from structlog.processors import CallsiteParameter as P
log = configure(
    structlog.processors.CallsiteParameterAdder({P.FILENAME, P.FUNC_NAME, P.LINENO}),
    structlog.processors.JSONRenderer(sort_keys=True), wrapper_class=structlog.make_filtering_bound_logger(20),
)
def here():
    log.info("%s %d", State.CONNECTED, HTTPStatus.OK)
    log.log(30, "%s", State.CONNECTED)
here()
async def there():
    await log.ainfo("%s", State.CONNECTED)
asyncio.run(there())
"""


@pytest.fixture(params=VERSIONS)
def version(request) -> str:
    return request.param


def logged(host: Host, source: str, **options: object) -> list[str]:
    done = host("-c", _START + source, **options)
    assert (done.code, done.stderr) == (0, ""), done
    return done.stdout.splitlines()


def host(cwd, version: str, release: str) -> Host:
    return Host(cwd, interpreters.venv(version, interpreters.NEWEST_WRAPT, release))


@pytest.mark.parametrize("extension", [None, "1"], ids=["C", "pure"])
@pytest.mark.parametrize("release", [OLDEST, INLINE, NEWEST])
def test_native_and_standard_loggers(cwd, version: str, release: str, extension: str | None):
    app = host(cwd, version, release)
    assert logged(app, _NATIVE, WRAPT_DISABLE_EXTENSIONS=extension) == _NATIVE_LINES
    assert logged(app, _STDLIB, WRAPT_DISABLE_EXTENSIONS=extension) == _STDLIB_LINES


@pytest.mark.parametrize("release", [INLINE, NEWEST])
def test_positional_arguments_and_the_place_they_are_logged_at(cwd, version: str, release: str):
    app = host(cwd, version, release)
    without, found = (logged(app, _POSITIONAL, flag=flag) for flag in ("0", "1"))
    assert [line.replace("State.CONNECTED", "connected") for line in without] == found
    assert len(found) == 3
    assert '"event": "connected 200"' in found[0]
    assert '"func_name": "here"' in found[0]


def test_without_the_shim_it_raises(cwd, version: str):
    done = host(cwd, version, NEWEST)("-c", _START + _NATIVE, flag="0")
    assert done.code == 1
    assert "not JSON serializable" in done.stderr


def test_it_can_be_skipped(cwd):
    done = host(cwd, interpreters.CURRENT, NEWEST)("-c", _START + _NATIVE, SKIP="structlog", DEBUG="1")
    assert "structlog is not wrapped: ENUM_LOG_SHIM_SKIP names it" in done.stderr
    assert "not JSON serializable" in done.stderr


def test_a_process_that_does_not_import_it_imports_nothing_for_it(cwd):
    source = "import logging, sys; print([name for name in sys.modules if 'hooks.structlog' in name])"
    done = host(cwd, interpreters.CURRENT, NEWEST)("-c", source)
    assert (done.stdout, done.stderr) == ("[]\n", "")
