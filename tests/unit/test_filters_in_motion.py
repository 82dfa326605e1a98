"""Filters that add, remove or replace filters while a record is being filtered: the same calls as without the shim."""

import pytest

from .bench import Log, is_text, shimmed
from .members import WebSocketState

STATE = WebSocketState.CONNECTED


def named(calls, name):
    """A filter that notes its call."""

    def note(record):
        calls.append(name)
        return True

    return note


def add_at_the_end(filterer, own, calls):
    filterer.addFilter(named(calls, "late"))


def add_in_front(filterer, own, calls):
    filterer.filters.insert(0, named(calls, "early"))  # the one that runs comes once more


def add_next(filterer, own, calls):
    filterer.filters.insert(filterer.filters.index(own) + 1, named(calls, "next"))


def remove_itself(filterer, own, calls):
    filterer.removeFilter(own)


def remove_the_last(filterer, own, calls):
    filterer.removeFilter(filterer.filters[-1])


def remove_the_first(filterer, own, calls):
    filterer.removeFilter(filterer.filters[0])


def remove_all(filterer, own, calls):
    filterer.filters.clear()


def put_another_list(filterer, own, calls):
    filterer.filters = [named(calls, "other")]


MOVES = [
    add_at_the_end,
    add_in_front,
    add_next,
    remove_itself,
    remove_the_last,
    remove_the_first,
    remove_all,
    put_another_list,
]


@pytest.fixture(params=["logger", "handler"])
def on(request):
    """The logger or its handler, of a Log."""
    return lambda log: log.logger if request.param == "logger" else log.keeper


def calls_of(filterer, log, move, before, after):
    """The names of the filters in the order of their calls, of three records, of which the first makes the move."""
    calls = []

    def moving(record):
        calls.append("moving")
        if calls.count("moving") == 1:
            move(filterer, moving, calls)
        return True

    names = ["before %d" % number for number in range(before)] + ["after %d" % number for number in range(after)]
    for name in names:
        filterer.addFilter(named(calls, name))
    filterer.filters.insert(before, moving)
    for number in range(3):
        calls.append(number)
        log.info("event")
    return calls, len(filterer.filters), len(log.lines)


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 2)])
@pytest.mark.parametrize("move", MOVES)
def test_the_same_filters_are_called(move, before, after, on):
    plain, log = Log(), Log()
    expected = calls_of(on(plain), plain, move, before, after)
    with shimmed():
        assert calls_of(on(log), log, move, before, after) == expected


@pytest.mark.parametrize("count", [1, 2])
def test_a_filter_that_was_added_meanwhile_is_shown_text(count, on, start):
    start()
    log, seen = Log(), []
    filterer = on(log)

    def late(record):
        seen.append(record.state)
        return True

    def first(record):
        record.state = STATE
        filterer.addFilter(late)
        return True

    filterer.addFilter(first)
    for _ in range(count - 1):
        filterer.addFilter(lambda record: True)
    log.info("event")
    assert is_text(seen[0], "connected")
    assert is_text(log.record.state, "connected")
