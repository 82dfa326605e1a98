"""Copies of a record, which may take each other's place in memory: each one is looked at."""

import copy
import logging

import pytest

from .bench import Log, is_text
from .members import WebSocketState

STATE = WebSocketState.CONNECTED


class Tee(logging.Handler):
    """Hands a copy to each of its handlers, with something of its own in it."""

    def __init__(self, handlers, make):
        super().__init__()
        self.handlers = handlers
        self.make = make

    def emit(self, record):
        for handler in self.handlers:
            one = self.make(record)
            one.target = STATE
            handler.handle(one)
            del one


class Noting(logging.Handler):
    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def emit(self, record):
        self.seen.append(record.target)


@pytest.mark.parametrize("make", [copy.copy, lambda record: logging.makeLogRecord(vars(record))])
def test_each_copy_is_clean(make, start):
    start()
    log, seen = Log(formats=False), []
    log.addHandler(Tee([Noting(seen) for _ in range(20)], make))
    log.info("event")
    assert len(seen) == 20
    assert all(is_text(target, "connected") for target in seen)


def test_each_record_made_of_the_same_attributes_is_clean(start):
    start()
    seen = []
    handler = Noting(seen)
    attributes = {"msg": "event", "target": STATE, "relativeCreated": 1.5}
    for _ in range(20):
        handler.handle(logging.makeLogRecord(attributes))
    assert all(is_text(target, "connected") for target in seen)
