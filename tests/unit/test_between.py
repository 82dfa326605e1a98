"""Host's code between the making of a record and its handler: what it adds is clean, and it is called as ever."""

import functools
import logging

import pytest
import wrapt

from shim import uninstall

from .bench import Keeper, Log, is_text
from .members import WebSocketState

STATE = WebSocketState.CONNECTED
MADE = ("n", 20, "f", 1, "event", (), None, None, None, None)


@pytest.fixture(autouse=True)
def _no_other_handlers(monkeypatch):
    """One that goes a way of its own, of another test's, would have the shim look at every record."""
    monkeypatch.setattr(logging, "_handlerList", [])


def adding(method, at=0):
    """A method that adds to the record that it is called with (its argument number `at`) or else returns."""

    @functools.wraps(method)
    def add(self, *args, **kwargs):
        if at is not None:
            args[at].state = STATE
        result = method.__get__(self, type(self))(*args, **kwargs)
        if at is None:
            result.state = STATE
        return result

    return add


def by_wrapt(method, at=0):
    def add(wrapped, instance, args, kwargs):
        if at is not None:
            args[at].state = STATE
        result = wrapped(*args, **kwargs)
        if at is None:
            result.state = STATE
        return result

    return wrapt.FunctionWrapper(method, add)


PLACES = [
    (logging.Logger, "makeRecord", None),
    (logging.Logger, "handle", 0),
    (logging.Logger, "callHandlers", 0),
    (logging.Handler, "handle", 0),
]
each_place = pytest.mark.parametrize(("owner", "name", "at"), PLACES, ids=[name for _, name, _ in PLACES])


@each_place
@pytest.mark.parametrize("wrap", [adding, by_wrapt])
def test_wrapped_before(owner, name, at, wrap, start, monkeypatch):
    monkeypatch.setattr(owner, name, wrap(vars(owner)[name], at))
    start()
    log = Log(formats=False)
    log.info("event")
    uninstall()
    assert is_text(log.record.state, "connected")


@pytest.mark.parametrize("wrap", [adding, by_wrapt])
def test_make_record_wrapped_after(wrap, start, monkeypatch):
    start()
    log = Log(formats=False)
    monkeypatch.setattr(logging.Logger, "makeRecord", wrap(vars(logging.Logger)["makeRecord"], None))
    log.info("event")
    assert is_text(log.record.state, "connected")


@pytest.mark.parametrize(
    ("on", "name"),
    [
        ("logger", "makeRecord"),
        ("logger", "handle"),
        ("logger", "callHandlers"),
        ("logger", "filter"),
        ("handler", "handle"),
    ],
)
def test_replaced_on_one_of_them(on, name, start):
    start()
    log = Log(formats=False)
    owner = log.logger if on == "logger" else log.keeper
    method = getattr(owner, name)
    new = adding(lambda self, *args: method(*args), None if name == "makeRecord" else 0)
    setattr(owner, name, new.__get__(owner))
    log.logger.info("event")
    assert is_text(log.record.state, "connected")


def test_made_by_the_host_and_then_added_to(start):
    start()
    log = Log(formats=False)
    record = log.logger.makeRecord(*MADE)
    record.state = STATE
    log.handle(record)
    assert is_text(log.record.state, "connected")


class Super(Keeper):
    def handle(self, record):
        record.state, record.args = STATE, (STATE,)
        return super().handle(record)


class FilterSuper(Keeper):
    def filter(self, record):
        record.state, record.args = STATE, (STATE,)
        return super().filter(record)


class Mixin:
    def filter(self, record):
        record.state, record.args = STATE, (STATE,)
        return super().filter(record)


class Mixed(Mixin, Keeper):
    pass


@pytest.mark.parametrize("handler_class", [Super, FilterSuper, Mixed])
def test_a_handlers_own_way(handler_class, start):
    start()
    log, seen = Log(formats=False), []
    log.logger.removeHandler(log.keeper)
    keeper = handler_class(formats=False)
    keeper.addFilter(lambda record: seen.append((record.state, *record.args)) or True)
    log.addHandler(keeper)
    log.info("event %s", "x")
    (fields,) = keeper.fields
    assert seen == [("connected", "connected")] == [(fields["state"], *fields["args"])]


def test_a_handler_that_is_no_handler(start):
    class Forwarding:
        level = 0

        def handle(self, record):
            record.state = STATE
            log.keeper.handle(record)

    start()
    log = Log(formats=False)
    log.logger.handlers[:] = [Forwarding()]
    log.info("event")
    assert is_text(log.record.state, "connected")


def test_a_handler_that_does_not_look_and_adds(start):
    class Adding(logging.Handler):
        def filter(self, record):
            return True

        def emit(self, record):
            record.state = STATE

    start()
    log = Log(formats=False)
    log.logger.handlers.insert(0, Adding())
    log.info("event")
    assert is_text(log.record.state, "connected")


@pytest.mark.parametrize("name", ["makeRecord", "handle", "callHandlers"])
def test_a_logger_class(name, start):
    cls = type("Own", (logging.Logger,), {})
    setattr(cls, name, adding(getattr(logging.Logger, name), None if name == "makeRecord" else 0))
    start()
    log = Log(formats=False, logger=cls("own"))
    log.info("event")
    assert is_text(log.record.state, "connected")


@pytest.mark.parametrize("is_before", [True, False])
def test_a_factory(is_before, start):
    def factory(*args, **kwargs):
        record = logging.LogRecord(*args, **kwargs)
        record.state = STATE
        return record

    if is_before:
        logging.setLogRecordFactory(factory)
    start()
    logging.setLogRecordFactory(factory)
    log = Log(formats=False)
    log.info("event")
    assert is_text(log.record.state, "connected")
