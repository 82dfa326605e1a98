"""structlog: every kind of member, wherever it stands in an event, is its string before a host's processor sees it."""

import asyncio
import enum
import io
import json
import logging
import pickle
import types
from http import HTTPStatus

import orjson
import pytest
import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars

import shim
from shim.hooks import structlog as hook
from shim.patching import Patches

from .members import HASHABLE, KINDS, NUMBERS, Level, Msg, Role, WebSocketState, params

CONNECTED, OK = WebSocketState.CONNECTED, HTTPStatus.OK
BASE = structlog._base.BoundLoggerBase
FORMATTER = structlog.stdlib.ProcessorFormatter


@pytest.fixture(autouse=True)
def _configured():
    yield
    structlog.reset_defaults()
    clear_contextvars()


class Logger:
    """What a bound logger hands its result to."""

    def __init__(self):
        self.called = []

    def info(self, *args, **kwargs):
        self.called.append((args, kwargs))

    debug = warning = error = msg = info


def logger(*processors, cls=None, context=None):
    """A bound logger, and what each of its calls gave: an event dict, unless the last processor renders it."""
    target = Logger()
    bound = structlog.wrap_logger(
        target,
        processors=list(processors),
        wrapper_class=cls or structlog.make_filtering_bound_logger(0),
        **(context or {}),
    )
    return bound, target.called


def event(log, *processors):
    """The event dict that `log(bound logger)` leads to."""
    bound, called = logger(*processors)
    log(bound)
    ((_, found),) = called
    return found


def adding(name, value):
    def add(_, __, event_dict):
        event_dict[name] = value
        return event_dict

    return add


def with_contextvars(log, member):
    bind_contextvars(field=member)
    log.info("event")


PLACES = {
    "keyword": (lambda log, member: log.info("event", field=member), ()),
    "bound": (lambda log, member: log.bind(field=member).info("event"), ()),
    "new": (lambda log, member: log.bind(other=1).new(field=member).info("event"), ()),
    "contextvars": (with_contextvars, (merge_contextvars,)),
}


@pytest.mark.parametrize("kind", **params(KINDS))
@pytest.mark.parametrize("place", PLACES)
def test_a_value(start, place, kind):
    start()
    log, processors = PLACES[place]
    found = event(lambda bound: log(bound, kind.member), *processors)["field"]
    assert type(found) is str
    assert found == kind.lower


@pytest.mark.parametrize("kind", **params(KINDS))
def test_the_event(start, kind):
    start()
    found = event(lambda bound: bound.info(kind.member))["event"]
    assert type(found) is str
    assert found == kind.lower


@pytest.mark.parametrize("kind", **params(HASHABLE))
def test_a_key(start, kind):
    start()
    assert event(lambda bound: bound.info("event", field={kind.member: [kind.member]}))["field"] == {
        kind.lower: [kind.lower]
    }


@pytest.mark.parametrize("kind", **params(KINDS))
def test_a_value_that_a_processor_adds(start, kind):
    start()
    seen = []

    def see(_, __, event_dict):
        seen.append(event_dict["field"])
        return event_dict

    found = event(lambda bound: bound.info("event"), adding("field", kind.member), see, adding("last", kind.member))
    assert seen == [kind.lower]
    assert found == {"event": "event", "field": kind.lower, "last": kind.lower}


@pytest.mark.parametrize("kind", **params(KINDS))
def test_a_positional_argument_as_text(start, kind):
    start()
    assert event(lambda bound: bound.info("is %s", kind.member))["event"] == "is " + kind.lower


@pytest.mark.parametrize("kind", **params(NUMBERS))
def test_a_positional_argument_as_a_number(start, kind):
    start()
    assert event(lambda bound: bound.info("is %.1f", kind.member))["event"] == "is %.1f" % kind.number


METHODS = ["debug", "info", "warning", "warn", "error", "critical", "fatal", "msg", "exception"]


class Everything(Logger):
    critical = fatal = warn = exception = Logger.info


@pytest.mark.parametrize("name", METHODS)
def test_each_method(start, name):
    start()
    target = Everything()
    bound = structlog.wrap_logger(target, processors=[], wrapper_class=structlog.make_filtering_bound_logger(10))
    getattr(bound, name)("%s %d", CONNECTED, OK, field=CONNECTED)
    bound.log(20, "%s %d", CONNECTED, OK, field=CONNECTED)
    for _, found in target.called:
        assert (found["event"], found["field"]) == ("connected 200", "connected")


@pytest.mark.parametrize("name", ["ainfo", "awarning", "aerror", "aexception"])
def test_each_async_method(start, name):
    start()
    bound, called = logger()

    async def log():
        await getattr(bound, name)("%s %d", CONNECTED, OK, field=CONNECTED)

    asyncio.run(log())
    ((_, found),) = called
    assert (found["event"], found["field"]) == ("connected 200", "connected")


def test_a_mapping_as_the_argument(start):
    start()
    bound, called = logger()
    bound.info("%(state)s %(status)d", {"state": CONNECTED, "status": OK})
    assert called[0][1]["event"] == "connected 200"


class Format(str, enum.Enum):
    BOTH = "%d is %s"


def test_a_catalogue_of_formats(start):
    start()
    bound, called = logger()
    bound.info(Msg.STARTED, CONNECTED)
    bound.info(Format.BOTH, OK, OK)
    assert [found["event"] for _, found in called] == ["Started connected", "200 is ok"]


def test_a_level_that_is_off_formats_nothing(start):
    start()

    class Arguable:
        def __str__(self):
            raise AssertionError("formatted")

    bound, called = logger(cls=structlog.make_filtering_bound_logger(30))
    bound.info("%s %s", CONNECTED, Arguable())
    assert called == []


def test_what_the_host_raises_it_still_raises(start):
    start()
    bound, _ = logger()
    with pytest.raises(TypeError, match="not all arguments converted"):
        bound.info("none", CONNECTED)
    with pytest.raises(TypeError, match=r"a (real )?number is required"):
        bound.info("%d", CONNECTED)


RENDERERS = {
    "json": (structlog.processors.JSONRenderer(), '{"state": "connected", "by": {"connected": 1}, "event": "e"}'),
    "orjson": (
        structlog.processors.JSONRenderer(serializer=orjson.dumps),
        b'{"state":"connected","by":{"connected":1},"event":"e"}',
    ),
    "key-value": (structlog.processors.KeyValueRenderer(), "state='connected' by={'connected': 1} event='e'"),
    "console": (structlog.dev.ConsoleRenderer(colors=False), "e by={'connected': 1} state=connected"),
}


@pytest.mark.parametrize(("renderer", "line"), RENDERERS.values(), ids=RENDERERS)
def test_renderers(start, renderer, line):
    start()
    bound, called = logger(merge_contextvars, renderer)
    bound.bind(state=CONNECTED).info("e", by={CONNECTED: 1})
    (((rendered,), _),) = called
    assert (" ".join(rendered.split()) if isinstance(rendered, str) and rendered[0] == "e" else rendered) == line


def test_logfmt(start):
    start()
    bound, called = logger(structlog.processors.LogfmtRenderer())
    bound.info(CONNECTED, state=CONNECTED, role=Role.ADMIN)
    assert called == [(("state=connected role=Admin-User event=connected",), {})]


def test_a_dict_as_the_event(start):
    start()
    assert event(lambda bound: bound.info({"state": CONNECTED}))["event"] == {"state": "connected"}


def test_str_members_as_the_names_of_fields(start):
    start()
    found = event(lambda bound: bound.info("event", **{Role.ADMIN: 1}))
    assert {type(name) for name in found} == {str}
    assert found["Admin-User"] == 1


def test_a_context_with_enums_as_keys(start):
    start()
    bound, called = logger(structlog.processors.JSONRenderer())
    bound = bound.bind()
    bound._context[CONNECTED] = CONNECTED
    bound.info("event")
    assert json.loads(called[0][0][0]) == {"connected": "connected", "event": "event"}


@pytest.mark.parametrize("cls", [structlog.BoundLogger, structlog.stdlib.BoundLogger])
def test_other_bound_loggers(start, cls):
    start()
    bound, called = logger(cls=cls)
    bound.info("event", field=CONNECTED)
    assert called[0][1]["field"] == "connected"


def test_a_bound_logger_of_the_hosts_own(start):
    start()

    class Own(BASE):
        def info(self, event, **kwargs):
            return self._proxy_to_logger("info", event, own=CONNECTED, **kwargs)

        def _process_event(self, method_name, event, event_kw):
            return super()._process_event(method_name, event, {**event_kw, "more": CONNECTED})

    bound, called = logger(cls=Own)
    bound.info("event", field=CONNECTED)
    assert called == [((), {"own": "connected", "field": "connected", "more": "connected", "event": "event"})]


def test_the_standard_librarys_arguments(start):
    start()
    formatting = structlog.stdlib.PositionalArgumentsFormatter()
    bound, called = logger(formatting, cls=structlog.stdlib.BoundLogger)
    bound.info("%s %d", CONNECTED, OK)
    bound.info("%(a)s %(b)d", {"a": CONNECTED, "b": OK})
    bound.info(Msg.STARTED, CONNECTED)
    assert [found["event"] for _, found in called] == ["connected 200", "connected 200", "Started connected"]


def line_of(formatter, log):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    own = logging.getLogger("unit.structlog")
    own.handlers, own.propagate = [handler], False
    own.setLevel(1)
    try:
        log(own)
    finally:
        logging.root.manager.loggerDict.pop(own.name)
    return json.loads(stream.getvalue())


def test_processor_formatter_with_a_foreign_record(start):
    start()
    bind_contextvars(context=CONNECTED)
    formatter = FORMATTER(
        foreign_pre_chain=[merge_contextvars, structlog.stdlib.ExtraAdder(), adding("added", CONNECTED)],
        processors=[
            FORMATTER.remove_processors_meta,
            adding("late", CONNECTED),
            structlog.processors.JSONRenderer(),
        ],
    )
    found = line_of(formatter, lambda own: own.info("foreign %s", CONNECTED, extra={"field": {CONNECTED: OK}}))
    assert found == {
        "event": "foreign connected",
        "field": {"connected": "ok"},
        "context": "connected",
        "added": "connected",
        "late": "connected",
    }


def test_processor_formatter_with_structlogs_record(start):
    start(skip=["logging"])

    def log(own):
        structlog.wrap_logger(
            own,
            processors=[merge_contextvars, FORMATTER.wrap_for_formatter],
            wrapper_class=structlog.stdlib.BoundLogger,
        ).info("event", field={CONNECTED: CONNECTED})

    formatter = FORMATTER(processor=structlog.processors.JSONRenderer())
    assert line_of(formatter, log) == {"event": "event", "field": {"connected": "connected"}}


def callsite(bound, called):
    bound.info("event %s", CONNECTED)  # the line that is looked for
    return called[-1][1]


@pytest.mark.parametrize("cls", [None, structlog.stdlib.BoundLogger], ids=["native", "stdlib"])
def test_file_line_and_function_are_the_hosts(start, cls):
    names = ("pathname", "lineno", "func_name", "module")
    adder = structlog.processors.CallsiteParameterAdder(map(structlog.processors.CallsiteParameter, names))
    without = callsite(*logger(adder, cls=cls))
    start()
    found = callsite(*logger(adder, cls=cls))
    assert {name: found[name] for name in names} == {name: without[name] for name in names}
    assert found["func_name"] == "callsite"


def test_the_hosts_chain_and_context_stay_what_they_are(start):
    start()
    own = [adding("added", CONNECTED)]
    structlog.configure(processors=own, logger_factory=Logger)
    bound = structlog.get_logger().bind(field=CONNECTED)
    bound.info("event")
    assert bound._processors is own
    assert bound.bind()._processors is own
    assert vars(bound)["_processors"] is own
    assert len(own) == 1
    assert structlog.get_context(bound)["field"] is CONNECTED
    assert "enum_log_shim" not in repr(bound)


def test_an_event_dict_without_an_enum_is_the_same_object(start):
    start()
    seen = []

    def see(_, __, event_dict):
        seen.append(event_dict)
        return event_dict

    bound, _ = logger(see, see, see)
    bound.info("event", field={"a": [1]})
    assert seen[0] is seen[1] is seen[2]


def test_a_chain_that_changes_in_place(start):
    """As `capture_logs` changes it, for the sake of loggers that are cached."""
    start()
    structlog.configure(processors=[structlog.processors.JSONRenderer()], logger_factory=Logger)
    structlog.configure(cache_logger_on_first_use=True)
    log = structlog.get_logger()
    log.info("event", field=CONNECTED)
    with structlog.testing.capture_logs() as captured:
        log.info("event", field=CONNECTED)
    assert captured == [{"field": "connected", "event": "event", "log_level": "info"}]


def test_loggers_made_before_and_kept_after(start):
    bound, called = logger()
    bound = bound.bind(field=CONNECTED)
    start()
    bound.info("event")
    shim.uninstall()
    bound.info("event")
    assert [found["field"] for _, found in called] == ["connected", CONNECTED]


def test_uninstall_puts_back_exactly_what_was_there(start):
    def picture():
        owners = [BASE, FORMATTER, structlog._native, *map(structlog.make_filtering_bound_logger, hook._LEVELS)]
        return [dict(vars(owner)) for owner in owners]

    before = picture()
    start()
    assert picture() != before
    shim.uninstall()
    assert picture() == before


def test_bound_loggers_are_pickled_as_before(start):
    start()
    bound = structlog.make_filtering_bound_logger(0)(None, [merge_contextvars], {"field": CONNECTED})
    assert vars(pickle.loads(pickle.dumps(bound))) == vars(bound)


def test_a_kept_class(start):
    start(keep_classes=["%s:WebSocketState" % WebSocketState.__module__])
    found = event(lambda bound: bound.info("event", field=CONNECTED, other=OK))
    assert found["field"] is CONNECTED
    assert found["other"] == "ok"


def test_a_kept_logger_of_the_standard_library(start):
    """The name is the standard library's logger's: structlog's own loggers have none."""
    start(keep_loggers=["unit.kept"])
    seen = {}

    def see(log, _, event_dict):
        seen[log.name] = event_dict["field"]
        raise structlog.DropEvent

    for name in ("unit.kept", "unit.kept.child", "unit.other"):
        own = logging.getLogger(name)
        structlog.wrap_logger(own, processors=[see], wrapper_class=structlog.stdlib.BoundLogger).warning("", field=OK)
    assert seen == {"unit.kept": OK, "unit.kept.child": OK, "unit.other": "ok"}
    assert type(seen["unit.kept"]) is HTTPStatus


def test_a_kept_logger_in_processor_formatter(start):
    start(keep_loggers=["unit.structlog"], skip=["logging"])
    seen = []
    see = [adding("field", CONNECTED), lambda _, __, event_dict: seen.append(event_dict["field"]) or "{}"]
    line_of(FORMATTER(processors=see), lambda own: own.info("event"))
    assert seen == [CONNECTED]


def test_numbers_may_stay_numbers(start):
    start(keep_numbers=True)
    found = event(lambda bound: bound.info("%s", OK, field=OK, state=CONNECTED))
    assert type(found["field"]) is int
    assert found == {"event": "ok", "field": 200, "state": "connected"}


def test_a_style(start):
    start(style="full")
    assert event(lambda bound: bound.info("%s", CONNECTED, field=Level.NOTICE)) == {
        "event": "WebSocketState.CONNECTED",
        "field": "Level.NOTICE",
    }


def test_drop_event_goes_through(start):
    start()

    def drop(*_):
        raise structlog.DropEvent

    bound, called = logger(drop)
    bound.info("event", field=CONNECTED)
    assert called == []


def test_what_the_hosts_last_processor_makes(start):
    start(keep_loggers=["any"])
    bound, called = logger(
        lambda _, __, event_dict: ((event_dict.pop("event"), CONNECTED), {"extra": {"s": CONNECTED}})
    )
    bound.info("event")
    assert called == [(("event", "connected"), {"extra": {"s": "connected"}})]


def test_an_event_dict_of_the_hosts_own_kind(start):
    start()
    own = types.SimpleNamespace(state=CONNECTED)
    seen = []
    bound, _ = logger(lambda *_: own, lambda _, __, event_dict: seen.append(event_dict) or {})
    bound.info("event")
    assert seen == [own]


CHANGED = {
    "processors": types.SimpleNamespace(
        _base=types.SimpleNamespace(BoundLoggerBase=type("Base", (), {"_process_event": lambda self: self._chain})),
        stdlib=structlog.stdlib,
    ),
    "formatter": types.SimpleNamespace(
        _base=structlog._base,
        stdlib=types.SimpleNamespace(ProcessorFormatter=type("Formatter", (), {"format": lambda self, record: ""})),
    ),
}


@pytest.mark.parametrize("module", CHANGED.values(), ids=CHANGED)
def test_a_structlog_whose_inside_has_changed_is_left_alone(module):
    patches = Patches()
    assert hook.wrap(module, patches, shim.Settings()) == "its inside has changed"
    assert patches.names() == []
