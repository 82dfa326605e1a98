"""Filters: what one adds, a later one reads as text, and a handler too."""

import json
import logging
import sys
from logging.config import dictConfig

import pytest

import shim

from .bench import Log, is_text
from .members import WebSocketState

STATE = WebSocketState.CONNECTED
NEW_RECORDS = pytest.mark.skipif(sys.version_info < (3, 12), reason="filters may return a record since 3.12")


def adding(**fields):
    def add(record):
        record.__dict__.update(fields)
        return True

    return add


class Reading:
    """A filter that keeps what it was shown, and fails as CloudLoggingFilter does where that is no JSON."""

    def __init__(self):
        self.seen = []

    def filter(self, record):
        self.seen.append(record.state)
        json.dumps(record.state)
        return True


@pytest.fixture(params=["logger", "handler"])
def on(request):
    """The logger or its handler, of a Log."""
    return lambda log: log.logger if request.param == "logger" else log.keeper


def test_a_filter_is_shown_text(on, start):
    start()
    log, reading = Log(), Reading()
    on(log).addFilter(reading)
    log.info("event", extra={"state": {"a": STATE}})
    assert reading.seen == [{"a": "connected"}]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_later_filter_is_shown_text_too(on, start, count):
    start()
    log, readings = Log(), [Reading() for _ in range(count)]
    for number, reading in enumerate(readings):
        on(log).addFilter(adding(state=STATE, **{"n%d" % number: [STATE]}))
        on(log).addFilter(reading)
    log.info("event", extra={"state": "plain"})
    assert [reading.seen for reading in readings] == [["connected"]] * count
    assert is_text(log.record.state, "connected")
    assert log.record.n0 == ["connected"]


def test_a_filter_that_replaces_what_was_text(on, start):
    start()
    log = Log()
    on(log).addFilter(adding(state=STATE))
    log.info("event", extra={"state": "plain"})
    log.info("event", extra={"state": STATE})
    assert [record.state for record in log.keeper.records] == ["connected"] * 2


def test_a_filter_of_the_logger_and_one_of_the_handler(start):
    start()
    log, reading = Log(), Reading()
    log.addFilter(adding(state=STATE))
    log.keeper.addFilter(reading)
    log.keeper.addFilter(adding(state=[STATE]))
    log.info("event")
    assert reading.seen == ["connected"]
    assert log.record.state == ["connected"]


def test_what_one_handlers_filter_adds_the_next_handler_is_shown_as_text(start):
    start()
    log, reading = Log(), Reading()
    log.keeper.addFilter(adding(state=STATE))
    second = type(log.keeper)()
    second.addFilter(reading)
    log.addHandler(second)
    log.info("event", extra={"state": "plain"})
    assert reading.seen == ["connected"]


def test_filters_that_were_there_before(on, start):
    log, reading = Log(), Reading()
    on(log).addFilter(adding(state=STATE))
    on(log).addFilter(reading)
    start()
    log.info("event", extra={"state": "plain"})
    assert reading.seen == ["connected"]
    assert is_text(log.record.state, "connected")


def test_filters_that_were_there_before_on_a_logger_that_the_manager_does_not_know(start):
    log, reading = Log(logger=logging.Logger("alone")), Reading()
    log.addFilter(adding(state=STATE))
    log.addFilter(reading)
    start()
    log.info("event", extra={"state": "plain"})
    assert reading.seen == ["connected"]


@pytest.mark.parametrize("count", [1, 2])
def test_filters_that_are_appended_to_the_list(on, start, count):
    start()
    log, reading = Log(), Reading()
    for _ in range(count):
        on(log).filters.append(adding(state=STATE))
        on(log).filters.append(reading)
    log.info("event", extra={"state": "plain"})
    assert reading.seen == ["connected"] * count
    assert is_text(log.record.state, "connected")


def test_a_list_of_filters_that_is_put_in_place(on, start):
    start()
    log = Log()
    on(log).filters = [adding(state=STATE)]
    log.info("event")
    assert is_text(log.record.state, "connected")


def test_a_filter_from_a_configuration(start):
    start()
    log, reading = Log(), Reading()

    class Adds(logging.Filter):
        def filter(self, record):
            record.state = STATE
            return True

    name = log.logger.name
    dictConfig({
        "version": 1,
        "incremental": False,
        "disable_existing_loggers": False,
        "filters": {"adds": {"()": Adds}, "reads": {"()": lambda: reading}},
        "loggers": {name: {"filters": ["adds", "reads"], "level": "DEBUG"}},
    })  # fmt: skip
    log.addHandler(log.keeper)
    log.info("event")
    assert reading.seen == ["connected"]


def test_a_handlers_own_filter_method(start):
    start()

    class Own(type(Log().keeper)):
        def filter(self, record):
            record.state = STATE
            return super().filter(record)

    log, reading, own = Log(), Reading(), Own()
    own.addFilter(reading)
    log.addHandler(own)
    log.info("event")
    assert reading.seen == ["connected"]
    assert is_text(own.records[0].state, "connected")


def test_a_filter_that_rejects(on, start):
    start()
    log = Log()
    on(log).addFilter(lambda record: record.msg != "no")
    on(log).addFilter(adding(state=STATE))
    log.info("no")
    log.info("yes")
    assert log.lines == ["yes"]


def test_logging_filter_by_name_works(on, start):
    start()
    log = Log()
    on(log).addFilter(logging.Filter("other"))
    log.info("event")
    assert log.lines == []


def test_each_filter_is_called_once_with_the_same_record(on, start):
    start()
    log, seen = Log(), []
    for _ in range(3):
        on(log).addFilter(lambda record: seen.append(record) or True)
    log.info("event")
    assert seen == [log.record] * 3
    assert len(on(log).filters) == 3


def test_a_filter_that_removes_itself_and_one_that_adds_one(on, start):
    start()
    log, calls = Log(), []

    def once(record):
        calls.append("once")
        on(log).removeFilter(once)
        return True

    on(log).addFilter(once)
    log.info("event")
    log.info("event")
    assert calls == ["once"]


@pytest.mark.parametrize("error", [ValueError("the host's"), KeyboardInterrupt(), SystemExit(3)], ids=repr)
@pytest.mark.parametrize("others", [0, 1])
def test_what_a_filter_raises_goes_through(on, start, error, others):
    start()
    log = Log()

    def fail(record):
        raise error

    on(log).addFilter(fail)
    for _ in range(others):
        on(log).addFilter(adding(a=1))
    with pytest.raises(type(error)) as caught:
        log.info("event", extra={"state": STATE})
    assert caught.value is error


@NEW_RECORDS
@pytest.mark.parametrize("others", [0, 1])
def test_a_filter_that_returns_another_record(on, start, others):
    start()
    log, reading = Log(), Reading()

    def replace(record):
        return logging.makeLogRecord({**record.__dict__, "state": STATE, "args": (STATE,)})

    on(log).addFilter(replace)
    for _ in range(others):
        on(log).addFilter(reading)
    log.info("%s", "x", extra={"state": "plain"})
    assert reading.seen == ["connected"] * others
    assert is_text(log.record.state, "connected")
    assert log.line == "connected"


def test_addfilter_is_as_before(on, start):
    start()
    log = Log()
    only = adding(a=1)
    assert on(log).addFilter(only) is None
    on(log).addFilter(filter=only)
    assert on(log).filters == [only]
    on(log).removeFilter(only)
    assert on(log).filters == []


def test_uninstall_leaves_the_filters_to_themselves(on, start):
    start()
    log = Log()
    on(log).addFilter(adding(state=STATE))
    on(log).addFilter(adding(other=STATE))
    shim.uninstall()
    log.info("event")
    assert log.record.state is STATE
    assert log.record.other is STATE
