"""A host's own `filter` and `addFilter`, wherever it has put them: called as without the shim, and with the same."""

import logging
import threading

import pytest

from .bench import Keeper, Log, is_text
from .members import WebSocketState

STATE = WebSocketState.CONNECTED


@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize("has_filter", [True, False])
def test_filterers_filter_replaced(is_before, has_filter, start, monkeypatch):
    original, called = logging.Filterer.filter, []

    def filter(self, record):
        called.append(self)
        self.calls = getattr(self, "calls", 0) + 1
        return original(self, record)

    log = Log(formats=False)
    if is_before:
        monkeypatch.setattr(logging.Filterer, "filter", filter)
    start()
    if not is_before:
        monkeypatch.setattr(logging.Filterer, "filter", filter)
    if has_filter:
        log.keeper.addFilter(lambda record: True)
    log.info("event")
    log.info("event")
    assert len(log.keeper.fields) == 2
    assert len(called) == 4
    if not has_filter:
        assert [one is log.logger or one is log.keeper for one in called] == [True] * 4
        assert (log.logger.calls, log.keeper.calls) == (2, 2)


@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize("owner", [logging.Logger, logging.Handler])
def test_filter_put_on_the_class(owner, is_before, start, monkeypatch):
    called = []

    def filter(self, record):
        called.append(self)
        record.state = STATE
        return logging.Filterer.filter(self, record)

    if is_before:
        monkeypatch.setattr(owner, "filter", filter, raising=False)
    start()
    if not is_before:
        monkeypatch.setattr(owner, "filter", filter, raising=False)
    log = Log(formats=False)
    log.addFilter(lambda record: True)
    log.info("event")
    assert called == [log.logger if owner is logging.Logger else log.keeper]
    assert owner is logging.Handler or is_text(log.record.state, "connected")


def test_add_filter_put_on_the_class_before(start, monkeypatch):
    called = []

    def add_filter(self, own):
        called.append(own)
        return logging.Filterer.addFilter(self, own)

    monkeypatch.setattr(logging.Logger, "addFilter", add_filter, raising=False)
    start()
    log, own = Log(), logging.Filter()
    log.addFilter(own)
    assert called == [own] == log.logger.filters


class Redacting(logging.Filterer):
    added = ()

    def filter(self, record):
        record.msg = "redacted"
        return super().filter(record)

    def addFilter(self, own):
        self.added += (own,)
        return super().addFilter(own)


class RedactingKeeper(Keeper, Redacting):
    """`logging.Handler` comes before the mixin, and has no `filter` of its own without the shim."""


class RedactingLogger(logging.Logger, Redacting):
    pass


@pytest.mark.parametrize("on", ["handler", "logger"])
def test_a_mixin_after_the_stock_class(on, start):
    start()
    log, own = Log(formats=False, logger=RedactingLogger("mixed") if on == "logger" else None), logging.Filter()
    if on == "handler":
        log.logger.removeHandler(log.keeper)
        log.keeper = RedactingKeeper(formats=False)
        log.addHandler(log.keeper)
    filterer = log.keeper if on == "handler" else log.logger
    filterer.addFilter(own)
    log.info("secret")
    assert filterer.added == (own,)
    assert log.record.msg == "redacted"


@pytest.mark.parametrize("how", ["append", "assign", "addFilter"])
def test_a_loggers_filter_sees_a_record_that_no_logger_made(how, start):
    start()
    log, seen = Log(formats=False), []

    def own(record):
        seen.append(record.state)
        return True

    if how == "append":
        log.logger.filters.append(own)
    elif how == "assign":
        log.logger.filters = [own]
    else:
        log.addFilter(own)
    log.handle(logging.makeLogRecord({"msg": "event", "levelno": 20, "state": STATE}))
    assert seen == ["connected"]


@pytest.mark.parametrize("is_replaced", [True, False])
@pytest.mark.parametrize("how", ["append", "addFilter"])
def test_a_filter_sees_a_clean_record_after_the_one_before(how, is_replaced, start, monkeypatch):
    start()
    log, seen = Log(formats=False), []
    if is_replaced:
        original = logging.Filterer.filter
        monkeypatch.setattr(logging.Filterer, "filter", lambda self, record: original(self, record))

    def add(record):
        record.state = STATE
        return True

    for own in (add, lambda record: seen.append(record.state) or True):
        if how == "append":
            log.logger.filters.append(own)
        else:
            log.addFilter(own)
    log.info("event")
    assert seen == ["connected"]


def test_threads_have_their_own_records(start):
    start()
    log, barrier = Log(formats=False), threading.Barrier(4)

    def add(record):
        record.late = STATE
        return True

    def run(number):
        barrier.wait()
        for step in range(300):
            log.info("%s", STATE if step % 3 == number % 3 else step, extra={"field": STATE if step % 2 else step})

    log.keeper.addFilter(add)
    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(log.keeper.fields) == 1200
    assert all(
        STATE not in (*fields["args"], fields["field"]) and is_text(fields["late"], "connected")
        for fields in log.keeper.fields
    )


def test_filters_of_a_replaced_filter_see_each_others_record_clean(start, monkeypatch):
    """An agent's `filter` that was there before goes through the host's filters itself."""
    seen, original = [], logging.Filterer.filter
    monkeypatch.setattr(logging.Filterer, "filter", lambda self, record: original(self, record))
    start()
    log = Log(formats=False)
    log.keeper.addFilter(lambda record: setattr(record, "state", STATE) or True)
    log.keeper.addFilter(lambda record: seen.append(record.state) or True)
    log.info("event")
    assert seen == ["connected"] == [fields["state"] for fields in log.keeper.fields]
