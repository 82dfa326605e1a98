"""How the work grows with what is logged: compared within one process, because seconds alone tell little."""

import gc
import sys
import time

import pytest

from .bench import Log
from .members import Level, WebSocketState

STATE = WebSocketState.CONNECTED
SMALL, LARGE = 500, 2000


class Part:
    """Is hashed by Python code, so that each look-up of a key that holds it is counted."""

    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return self.number

    def __eq__(self, other):
        return self.number == other.number


def calls_of(function):
    """How many functions of Python's and of C's `function` calls, at any depth."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(before)
    return calls


CALLS = {
    "argument": lambda log, mapping: log.info("event", mapping),
    "field": lambda log, mapping: log.info("event", extra={"field": mapping}),
    "message": lambda log, mapping: log.info(mapping),
}
KEYS = {
    "each another": lambda number: (STATE, Part(number)),
    "pairs that become equal": lambda number: ((STATE, "connected")[number % 2], Part(number // 2)),
    "a number": lambda number: (Level.NOTICE, Part(number)),
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_mapping_with_tuple_keys_takes_time_in_proportion(call, key, start):
    start()
    log = Log(formats=False)
    small, large = ({key(number): number for number in range(size)} for size in (SMALL, LARGE))
    # Four times the keys: a ratio of 4, and of 16 where each key is compared with all of the others.
    assert calls_of(lambda: call(log, large)) < 8 * calls_of(lambda: call(log, small))
    found = [record.args or getattr(record, "field", record.msg) for record in log.keeper.records]
    assert [len(mapping) for mapping in found] == [LARGE, SMALL]
    assert not any(
        isinstance(part, (Level, WebSocketState)) for mapping in found for names in mapping for part in names
    )


def time_of(function):
    """The processor time of the quickest of three runs, without the collector, which looks at more with each."""
    times = []
    gc.disable()
    try:
        for _ in range(3):
            begin = time.process_time()
            function()
            times.append(time.process_time() - begin)
    finally:
        gc.enable()
    return min(times)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_what_calls_nothing_takes_time_in_proportion_too(call, start):
    start()
    log = Log(formats=False)
    small, large = ({(STATE, number): number for number in range(size)} for size in (2000, 16_000))
    # Eight times the keys: a ratio of about 8, and of about 40 where a set of all the keys is copied for each.
    assert time_of(lambda: call(log, large)) < 20 * time_of(lambda: call(log, small))
