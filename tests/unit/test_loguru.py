"""loguru: every kind of member, wherever it can stand in a log call, is its string before the host's code sees it."""

import inspect
import json
import logging
import types
from datetime import timedelta
from http import HTTPStatus

import loguru
import pytest
from loguru import logger

import shim
from shim.hooks import loguru as hook
from shim.patching import Patches

from .members import HASHABLE, KINDS, NUMBERS, Level, Msg, Role, WebSocketState, params

CONNECTED, OK = WebSocketState.CONNECTED, HTTPStatus.OK
LOGGER, HANDLER = loguru._logger.Logger, loguru._handler.Handler


@pytest.fixture(autouse=True)
def _configured():
    core = logger._core
    extra, patcher = dict(core.extra), core.patcher
    yield
    logger.remove()
    core.extra, core.patcher = extra, patcher


@pytest.fixture
def sink(start):
    """Adds a function as a sink, and returns the list of what it is handed."""

    def sink(**options):
        logger.remove()
        messages = []
        logger.add(messages.append, catch=False, **{"format": "{message}", **options})
        return messages

    return sink


def only_record(messages):
    (message,) = messages
    return message.record


def patched(member):
    logger.patch(lambda record: record["extra"].update(field=member)).info("event")


def configured(member):
    logger.configure(extra={"field": member})
    logger.info("event")


def core_patched(member):
    logger.configure(patcher=lambda record: record["extra"].update(field=member))
    logger.info("event")


def contextualized(member):
    with logger.contextualize(field=member):
        logger.info("event")


PLACES = {
    "keyword": lambda member: logger.info("event", field=member),
    "bound": lambda member: logger.bind(field=member).info("event"),
    "contextualized": contextualized,
    "configured": configured,
    "patched": patched,
    "patched by configure": core_patched,
    "lazy": lambda member: logger.opt(lazy=True).info("event", field=lambda: member),
}


@pytest.mark.parametrize("kind", **params(KINDS))
@pytest.mark.parametrize("place", PLACES)
def test_extra(start, sink, place, kind):
    start()
    messages = sink()
    PLACES[place](kind.member)
    found = only_record(messages)["extra"]["field"]
    assert type(found) is str
    assert found == kind.lower


@pytest.mark.parametrize("kind", **params(KINDS))
@pytest.mark.parametrize("colors", [False, True])
def test_an_argument_as_text(start, sink, kind, colors):
    start()
    messages = sink()
    logger.opt(colors=colors).info("is {} {word}", kind.member, word=kind.member)
    assert messages == ["is %s %s\n" % (kind.lower, kind.lower)]
    assert type(only_record(messages)["message"]) is str


@pytest.mark.parametrize("kind", **params(NUMBERS))
@pytest.mark.parametrize("colors", [False, True])
def test_an_argument_as_a_number(start, sink, kind, colors):
    start()
    messages = sink()
    if isinstance(kind.member, (int, float)):
        logger.opt(colors=colors).info("is {:.1f}", kind.member)
        assert messages == ["is %.1f\n" % kind.number]


@pytest.mark.parametrize("kind", **params(KINDS))
def test_the_message(start, sink, kind):
    start()
    messages = sink()
    logger.info(kind.member)
    assert only_record(messages)["message"] == (str(kind.member) if isinstance(kind.member, str) else kind.lower)


@pytest.mark.parametrize("kind", **params(HASHABLE))
def test_keys_and_nesting_when_serialized(start, sink, kind):
    start()
    messages = sink(serialize=True)
    logger.bind(bound={kind.member: [kind.member]}).info("event", field={"deep": {kind.member: 1}})
    extra = json.loads(messages[0])["record"]["extra"]
    assert extra == {"bound": {kind.lower: [kind.lower]}, "field": {"deep": {kind.lower: 1}}}


METHODS = ["trace", "debug", "info", "success", "warning", "error", "critical", "exception"]


@pytest.mark.parametrize("name", METHODS)
def test_each_method(start, sink, name):
    start()
    messages = sink(level=0)
    getattr(logger, name)("{} {:d}", CONNECTED, OK)
    assert messages[0].startswith("connected 200\n")


def test_the_host_formats_an_attribute_or_item(start, sink):
    start()
    messages = sink()
    logger.info("{.value} {[0]} {} {[s].name}", CONNECTED, [CONNECTED], OK, {"s": CONNECTED})
    assert messages == ["1 connected ok CONNECTED\n"]


def test_dicts_and_lists(start, sink):
    start()
    messages = sink()
    logger.info({CONNECTED: [OK]})
    logger.info("{}", {CONNECTED: [OK]})
    assert messages == ["{'connected': ['ok']}\n"] * 2


def test_a_message_that_takes_arguments(start, sink):
    start()
    messages = sink()
    logger.info(Role.ADMIN, user=CONNECTED)
    logger.info(CONNECTED, user=CONNECTED)  # an enum has no `format`: this raises without the shim
    assert messages == ["Admin-User\n", "connected\n"]


def test_lazy_arguments_are_called_once_and_only_when_they_are_shown(start, sink):
    start()
    messages = sink(level="INFO")
    calls = []

    def late():
        calls.append(1)
        return OK

    lazy = logger.opt(lazy=True)
    lazy.debug("{}", late)
    assert calls == []
    lazy.info("{:d}", late)
    lazy.info("{x} {x:d} {x.value}", x=late)
    assert messages == ["200\n", "ok 200 200\n"]
    assert len(calls) == 2


def test_a_disabled_level_looks_at_nothing(start, sink):
    start()
    messages = sink(level="INFO")

    class Value:
        @property
        def __class__(self):
            raise AssertionError("looked at")

    logger.debug("{0.x} {}", Value(), CONNECTED, y=Value())
    assert messages == []


def test_the_records_own_fields(start, sink):
    start()
    messages = sink()
    logger.opt(record=True).info("{record[extra][field]} {record[level].name} {field}", field=CONNECTED)
    assert messages == ["connected INFO connected\n"]


def test_without_capture(start, sink):
    start()
    messages = sink()
    logger.opt(capture=False).info("{field}", field=CONNECTED)
    assert messages == ["connected\n"]
    assert only_record(messages)["extra"] == {}


def test_patchers_filters_and_formats_see_clean_records(start, sink):
    start()
    seen = []

    def adding(name):
        def add(record):
            seen.append(json.dumps(record["extra"]))  # as loguru's documentation serialises records
            record["extra"][name] = CONNECTED
            return True

        return add

    def add_and_format(record):
        adding("format")(record)
        return "{extra}\n"

    messages = sink(filter=adding("filter"), format=add_and_format)
    logger.configure(patcher=adding("core"), extra={"configured": CONNECTED})
    logger.patch(adding("one")).patch(adding("two")).info("event", field=CONNECTED)
    names = ["configured", "field", "core", "one", "two", "filter", "format"]
    assert [list(json.loads(line)) for line in seen] == [names[:count] for count in range(2, 7)]
    assert only_record(messages)["extra"] == dict.fromkeys(names, "connected")
    assert messages == ["%r\n" % dict.fromkeys(names, "connected")]


def test_what_a_patcher_puts_beside_extra(start, sink):
    start()
    messages = sink(format="{message} {own}")

    def patch(record):
        record["message"] = CONNECTED
        record["own"] = {CONNECTED: CONNECTED}

    logger.patch(patch).info("event")
    assert messages == ["connected {'connected': 'connected'}\n"]


def test_a_field_that_a_patcher_adds(start, sink):
    start()
    messages = sink(format="{own}")
    logger.patch(lambda record: record.update(own={CONNECTED: CONNECTED})).info("event")
    assert messages == ["{'connected': 'connected'}\n"]


def test_a_patcher_may_empty_a_record(start, sink):
    start()
    sink()
    emptied = logger.patch(dict.clear)
    with pytest.raises(KeyError):
        emptied.info("event", field=CONNECTED)


def test_levels(start, sink):
    start()
    messages = sink(format="{level.name} {level.no} {message}")
    logger.log(Level.NOTICE, "event")
    logger.log("INFO", "event")
    logger.log(21, "{}", CONNECTED)
    assert messages == ["Level 25 25 event\n", "INFO 20 event\n", "Level 21 21 connected\n"]
    assert type(messages[0].record["level"].no) is int


def test_catch(start, sink):
    start()
    messages = sink(format="{message} {function}")
    logger.remove()
    logger.add(messages.append, format="{message} {function}")

    @logger.catch(message=CONNECTED)
    def raising():
        return 1 / 0

    raising()
    with logger.catch(message=CONNECTED):
        raise ValueError
    assert [message.splitlines()[0] for message in messages] == ["connected test_catch"] * 2
    assert [message.record["exception"].type for message in messages] == [ZeroDivisionError, ValueError]


def place(log):
    log.info("{}", CONNECTED)  # the line that is looked for


def outer(log):
    place(log.opt(depth=1))


@pytest.mark.parametrize("call", [place, outer, lambda log: log.info("plain")])
@pytest.mark.parametrize("change", [lambda log: log, lambda log: log.patch(lambda record: None).bind(x=CONNECTED)])
def test_file_line_and_function_are_the_hosts(start, sink, call, change):
    messages = sink()
    call(change(logger))
    start()
    call(change(logger))
    names = ("line", "function", "module", "name")
    places = [[message.record["file"].path, *map(message.record.get, names)] for message in messages]
    assert places[0] == places[1]
    assert places[0][0] == __file__


def intercepted(send):
    """What loguru makes of a record, by the handler of its documentation."""

    class InterceptHandler(logging.Handler):
        def emit(self, record):
            frame, depth = inspect.currentframe(), 0
            while frame and (depth == 0 or frame.f_code.co_filename == logging.__file__):
                frame, depth = frame.f_back, depth + 1
            logger.opt(depth=depth, exception=record.exc_info).log(record.levelname, record.getMessage())

    own = logging.getLogger("unit.loguru")
    own.handlers, own.propagate = [InterceptHandler()], False
    own.setLevel(1)
    try:
        send(own)
    finally:
        logging.root.manager.loggerDict.pop(own.name)


def test_the_intercept_handler(start, sink):
    start()
    messages = sink()

    def send(own):
        own.info("%s %d", CONNECTED, OK)

    intercepted(send)
    assert messages == ["connected 200\n"]
    assert only_record(messages)["function"] == "send"
    assert only_record(messages)["name"] == __name__


def test_a_handler_of_the_standard_library_as_a_sink(start):
    start(skip=["logging"])
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    logger.remove()
    logger.add(handler, format="{message}")
    logger.info("{}", CONNECTED, field=CONNECTED)
    assert [(record.getMessage(), record.extra) for record in records] == [("connected", {"field": "connected"})]


def test_enqueue(start, sink):
    start()
    messages = sink(enqueue=True)
    logger.bind(bound=CONNECTED).info("{}", CONNECTED, field=CONNECTED)
    logger.complete()
    assert messages == ["connected\n"]
    assert only_record(messages)["extra"] == {"bound": "connected", "field": "connected"}


def test_nothing_of_the_hosts_is_changed(start, sink):
    start()
    sink()
    own = {CONNECTED: [CONNECTED]}
    bound = logger.bind(own=own)
    bound.info("{}", own, more=own)
    assert own == {CONNECTED: [CONNECTED]}
    assert bound._options[-1]["own"] is own


def test_values_without_an_enum_are_the_same_objects(start, sink):
    start()
    messages = sink()
    own = {"a": [1]}
    logger.bind(own=own).info("event")
    assert only_record(messages)["extra"]["own"] is own


@pytest.mark.parametrize("text", ["{} {0}", "{} {}", "{missing}", "{:d}", "{"])
def test_what_the_host_raises_it_still_raises(start, sink, text):
    sink()
    with pytest.raises((IndexError, KeyError, ValueError)) as without:
        logger.info(text, CONNECTED)
    start()
    with pytest.raises(type(without.value)) as found:
        logger.info(text, CONNECTED)
    assert str(found.value) == str(without.value)


def test_str_subclasses_that_format_in_their_own_way(start, sink):
    start()
    messages = sink()

    class Markup(str):
        def format(self, *args):
            return "own %s" % args[0].value

    logger.info(Markup("{}"), CONNECTED)
    assert messages == ["own 1\n"]


def test_a_catalogue_of_formats(start, sink):
    start()
    messages = sink()
    logger.info(Msg.STARTED, CONNECTED)
    assert messages == ["Started %s\n"]


def test_a_kept_class(start, sink):
    start(keep_classes=["%s:WebSocketState" % WebSocketState.__module__])
    messages = sink()
    logger.info("{state} {status}", state=CONNECTED, status=OK)
    assert only_record(messages)["extra"]["state"] is CONNECTED
    assert messages == ["%s ok\n" % CONNECTED]


@pytest.mark.parametrize("kept", [__name__, __name__.partition(".")[0]])
def test_a_kept_module(start, sink, kept):
    """loguru's loggers have one name, so `logger:` is the module that a record comes from."""
    start(keep_loggers=[kept])
    messages = sink(filter=lambda record: record["extra"].update(added=CONNECTED) or True)
    logger.info("{}", CONNECTED, field=CONNECTED)
    assert messages == ["%s\n" % CONNECTED]
    assert only_record(messages)["extra"] == {"field": CONNECTED, "added": CONNECTED}


def test_another_kept_module(start, sink):
    start(keep_loggers=["other"])
    messages = sink()
    logger.opt(depth=1).info("{}", CONNECTED, field=CONNECTED)
    assert messages == ["connected\n"]


def test_numbers_may_stay_numbers(start, sink):
    start(keep_numbers=True)
    messages = sink()
    logger.info("{}", OK, field=OK)
    assert messages == ["ok\n"]
    assert type(only_record(messages)["extra"]["field"]) is int


def test_another_agents_wrapper_that_calls_with_keywords(start, sink):
    """As New Relic's does."""
    start()
    messages = sink()
    logger._log(
        level="INFO",
        from_decorator=False,
        options=list(logger._options),
        message="{}",
        args=(CONNECTED,),
        kwargs={},
    )
    assert messages == ["connected\n"]


def picture():
    return [dict(vars(owner)) for owner in (LOGGER, HANDLER, loguru._colorizer.Colorizer, type(logger._core))]


def test_uninstall_puts_back_exactly_what_was_there(start, sink):
    before = picture()
    start()
    sink(filter=lambda record: True)
    assert len([name for name in vars(HANDLER) if name.startswith("_filter")]) == 1
    shim.uninstall()
    assert picture() == before
    logger.info("{}", CONNECTED)


def test_a_filter_from_before(start, sink):
    messages = sink(filter=lambda record: record["extra"].update(field=CONNECTED) or True)
    start()
    logger.info("event")
    assert only_record(messages)["extra"] == {"field": "connected"}


def test_loggers_own_filters_need_no_looking_after(start, sink):
    start()
    for own in ("unit", {"unit": "INFO"}, ""):
        sink(filter=own)
    assert "_filter" not in vars(HANDLER)


def test_what_stands_in_a_record_is_known(sink):
    messages = sink()
    logger.info("event")
    known = hook.plain_types(loguru) | {dict}
    assert timedelta in known
    assert known.issuperset(map(type, only_record(messages).values()))


CHANGED = {
    "parameters": {"_log": lambda self, level, message: None},
    "body": {"_log": lambda self, level, from_decorator, options, message, args, kwargs: None},
}


@pytest.mark.parametrize("methods", CHANGED.values(), ids=CHANGED)
def test_a_loguru_whose_inside_has_changed_is_left_alone(methods):
    module = types.SimpleNamespace(
        _logger=types.SimpleNamespace(Logger=type("Logger", (), methods)), _handler=loguru._handler, logger=logger
    )
    patches = Patches()
    assert hook.wrap(module, patches, shim.Settings()) == "its inside has changed"
    assert patches.names() == []
