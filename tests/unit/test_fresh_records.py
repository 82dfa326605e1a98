"""Records of plain values are handed on without another look: only as long as nothing comes between."""

import gc
import logging
import weakref

import pytest

from .bench import Keeper, Log, is_text
from .members import Color, WebSocketState

STATE = WebSocketState.CONNECTED


class Host:
    pass


class Flagged:
    __slots__ = ("__weakref__",)


@pytest.mark.parametrize("make", [Host, Flagged, lambda: type("Made", (), {})])
@pytest.mark.parametrize("where", ["message", "argument", "extra", "inner"])
def test_what_no_handler_wanted_is_let_go(where, make, start):
    start()
    log = Log()
    log.keeper.setLevel(logging.CRITICAL)
    value = make()
    reference = weakref.ref(value)
    message = value if where == "message" else "%s"
    args = {"message": (), "argument": (value,), "extra": (1,), "inner": ([value],)}[where]
    log.info(message, *args, extra={"value": value, "more": {"value": (value,)}} if where == "extra" else None)
    del value, message, args
    gc.collect()
    assert reference() is None


def test_what_a_filter_added_is_let_go(start):
    start()
    log, references = Log(formats=False), []

    def add(record):
        record.host = Host()
        return not references.append(weakref.ref(record.host))

    log.addFilter(add)
    log.keeper.setLevel(logging.CRITICAL)
    log.info("event")
    gc.collect()
    assert references[0]() is None


def set_state(record):
    record.state = STATE


def replace_field(record):
    record.field = STATE


def replace_message(record):
    record.msg, record.args = STATE, ()


def replace_arguments(record):
    record.args = (STATE,)


def replace_level(record):
    record.levelname = STATE


def put_a_name(record):
    record.__dict__[STATE] = 1


CHANGES = [set_state, replace_field, replace_message, replace_arguments, replace_level, put_a_name]
LOGGED = {"plain": {"field": "plain"}, "object": {"field": object()}, "enum": {"field": STATE}}
anything_changed = pytest.mark.parametrize("change", CHANGES)
anything_logged = pytest.mark.parametrize("extra", list(LOGGED.values()), ids=list(LOGGED))


def is_clean(fields):
    values = [*fields, *fields.values(), *fields["args"]]
    return STATE not in values and "connected" in values


@pytest.fixture(params=["logger", "handler", "second", "parent"])
def log_and_filterer(request):
    """A log whose keeper is reached after the filter; and who has the filter."""
    log = Log(formats=False)
    if request.param == "parent":
        log.logger.removeHandler(log.keeper)
        child = log.logger.getChild("child")
        first = Keeper(formats=False)
        child.addHandler(first)
        log.logger.addHandler(log.keeper)
        log.info = child.info
        return log, first
    if request.param == "second":
        log.logger.removeHandler(log.keeper)
        first = Keeper(formats=False)
        log.addHandler(first)
        log.addHandler(log.keeper)
        return log, first
    return log, log.logger if request.param == "logger" else log.keeper


@anything_logged
@anything_changed
def test_what_a_filter_changes(change, extra, log_and_filterer, start):
    start()
    log, filterer = log_and_filterer
    filterer.addFilter(lambda record: change(record) or True)
    log.info("event %s", "x", extra=extra)
    assert is_clean(log.keeper.fields[0])


@anything_changed
def test_what_a_filter_changes_for_the_next_one(change, start):
    start()
    log, seen = Log(formats=False), []
    log.addFilter(lambda record: change(record) or True)
    log.addFilter(lambda record: seen.append(dict(vars(record))) or True)
    log.info("event %s", "x", extra={"field": "plain"})
    assert is_clean(seen[0])


@anything_logged
def test_what_the_first_handler_adds_in_emit(extra, start):
    class Adding(logging.Handler):
        def emit(self, record):
            set_state(record)

    start()
    log = Log(formats=False)
    log.logger.handlers.insert(0, Adding())
    log.info("event", extra=extra)
    assert is_text(log.record.state, "connected")


@pytest.mark.parametrize("extra", [{"field": object()}, {"field": STATE}])
def test_the_message_that_the_first_handler_replaces(extra, start):
    class Replacing(logging.Handler):
        def emit(self, record):
            replace_message(record)

    start()
    log = Log(formats=False)
    log.logger.handlers.insert(0, Replacing())
    log.info("event", extra=extra)
    assert is_text(log.record.msg, "connected")


def test_another_record_of_as_many_attributes(start):
    start()
    log = Log(formats=False)
    one = logging.makeLogRecord({"msg": "event", "levelno": 20, "state": STATE})
    other = logging.makeLogRecord({"msg": "event", "levelno": 20, "state": STATE})
    log.handle(one)
    log.handle(other)
    log.keeper.setLevel(logging.INFO)
    log.debug("unwanted", extra={"state": "plain"})  # nobody saw it, and so it is fresh still
    beside = logging.makeLogRecord({"msg": "event", "levelno": 20, "state": STATE})
    log.handle(beside)
    assert [fields["state"] for fields in log.keeper.fields] == ["connected"] * 3


def test_records_at_the_same_place_with_other_content(start):
    start()
    log = Log(formats=False)
    for number in range(50):
        fields = {
            "msg": "event",
            "levelno": 20,
            "state": STATE if number % 2 else "plain",
            "number": Color.RED if number % 3 else 1,
        }
        record = logging.makeLogRecord(fields)
        log.handle(record)
        record.late = STATE
        log.handle(record)
        log.keeper.records.clear()
        del record
    assert not any(value in (STATE, Color.RED) for fields in log.keeper.fields for value in fields.values())


def test_the_message_that_a_handlers_own_way_replaces(start):
    class Own(Keeper):
        def handle(self, record):
            record.msg = STATE
            return super().handle(record)

    start()
    log, keeper = Log(), Own()
    log.logger.handlers[:] = [keeper]
    log.info("event")
    assert keeper.lines == ["connected"]
