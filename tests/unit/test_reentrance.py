"""Code of the host's that runs while a record is cleaned, and logs itself: it is asked a few times, and no more."""

import enum
import logging

import pytest

from .bench import Log, is_text
from .members import WebSocketState

STATE = WebSocketState.CONNECTED
MOST = 100  # without a bound: 2 ** depth, to the end of the stack


class Sub(logging.Logger):
    """A logger whose records are looked at twice or more, as the root logger's: 2 ** depth times without a bound."""


class Counting:
    """What it does to log itself, and how often."""

    def __init__(self, log):
        self.log = log
        self.count = 0

    def __call__(self, value):
        self.count += 1
        assert self.count <= MOST, "asked without an end"
        PLACES[self.log.place](self.log, value)


def lazy(asked):
    class Lazy:
        @property
        def __class__(self):
            asked(self)
            return str

    return Lazy()


def author_str(asked):
    class Author(enum.Enum):
        ONE = 1

        def __str__(self):
            asked(self)
            return "author's"

    return Author.ONE


# Two arguments: logging itself asks a single one for its class.
PLACES = {
    "field": lambda log, value: log.info("event", extra={"field": value, "other": STATE}),
    "deep field": lambda log, value: log.info("event", extra={"field": [{"a": value}], "other": STATE}),
    "argument": lambda log, value: log.info("%s %s", value, 1, extra={"other": STATE}),
    "named argument": lambda log, value: log.info("%(a)s", {"a": value}, extra={"other": STATE}),
    "message": lambda log, value: log.info(value, extra={"other": STATE}),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("filters", [0, 1, 2])
@pytest.mark.parametrize("cls", [logging.Logger, Sub])
@pytest.mark.parametrize("make", [lazy, author_str])
def test_what_logs_itself_is_asked_a_few_times(make, cls, filters, place, start):
    start()
    log = Log(formats=False, logger=cls("unit.reentrance"))
    log.place = place
    for _ in range(filters):
        log.addFilter(lambda record: True)
    asked = Counting(log)
    PLACES[place](log, make(asked))
    assert 0 < asked.count <= MOST
    assert len(log.keeper.records) == asked.count + 1  # none is lost
    assert is_text(log.keeper.records[-1].other, "connected")
    log.info("%s", STATE, extra={"other": STATE})  # and all is as it was before
    assert is_text(log.keeper.records[-1].args[0], "connected")


def test_what_an_authors_str_logs_is_converted(start):
    start()
    log = Log()

    class Author(enum.Enum):
        ONE = 1

        def __str__(self):
            log.info("%s", STATE, extra={"other": STATE})
            return "author's"

    log.info("%s", Author.ONE)
    assert log.lines == ["connected", "author's"]
    assert is_text(log.keeper.records[0].other, "connected")


def test_what_an_authors_str_raises_ends_no_more_than_its_own_text(start):
    start()
    log = Log()

    class Author(enum.Enum):
        ONE = 1

        def __str__(self):
            log.info("%s", STATE)
            raise ValueError("the author's")

    for _ in range(5):
        log.info("%s", Author.ONE)
    assert log.lines == ["connected", "one"] * 5
