"""Cycles, shared references, depth, and other threads."""

import sys
import threading
from collections import OrderedDict, deque

import pytest

from .bench import Log, field, is_text
from .members import WebSocketState

STATE = WebSocketState.CONNECTED


def test_cycles():
    given = [STATE]
    given.append(given)
    found = field(given)
    assert is_text(found[0], "connected")
    assert found[1] is given


def test_a_cycle_through_several_containers(start):
    start()
    log = Log()
    inner = {"state": STATE}
    outer = {"inner": inner, "list": [inner, 1]}
    inner["outer"] = outer
    log.info("event", extra={"outer": outer, "other": STATE})
    assert log.line == "event"
    assert is_text(log.record.outer["inner"]["state"], "connected")
    assert is_text(log.record.other, "connected")
    assert inner["state"] is STATE
    assert outer["inner"] is inner


def test_a_cycle_without_an_enum_is_the_same_object():
    given = {"a": [1]}
    given["a"].append(given)
    assert field(given) is given


def test_a_cycle_as_an_argument_and_as_the_message(start):
    start()
    log = Log()
    given = [STATE]
    given.append(given)
    log.info("%s", given)
    log.info(given)
    assert all(line.startswith("['connected', ") for line in log.lines)


def test_shared_references_are_visited_once():
    node = [STATE]
    for _ in range(60):
        node = [node, node]
    found = field(node)
    for _ in range(60):
        assert found[0] is found[1]
        found = found[0]
    assert found == ["connected"]


def test_shared_references_in_keys_and_without_an_enum():
    node = plain = (1,)
    for _ in range(25):  # the hash of a tuple goes through all of its paths
        node, plain = {"a": node, "b": node, "c": [node]}, (plain, [plain])
    assert field(node) is node
    assert field(plain) is plain


def test_the_same_member_many_times():
    found = field([STATE] * 1000 + [{STATE: STATE}] * 3)
    assert found[:1000] == ["connected"] * 1000
    assert found[1000] is found[1002]


WRAPS = {"list": lambda v: [v], "dict": lambda v: {"a": v}, "tuple": lambda v: (v,), "deque": lambda v: deque([v])}


@pytest.mark.parametrize("names", [["list"], ["dict"], list(WRAPS)], ids="-".join)
def test_depth(names, start):
    start()
    log = Log()
    node, plain = STATE, None
    for number in range(100000):
        wrap = WRAPS[names[number % len(names)]]
        node, plain = wrap(node), wrap(plain)
    log.info("event", extra={"deep": node, "plain": plain, "other": STATE})
    assert log.line == "event"
    assert log.record.plain is plain
    assert is_text(log.record.other, "connected")
    found = log.record.deep
    for _ in range(100000):
        found = found["a"] if isinstance(found, dict) else found[0]
    assert is_text(found, "connected")


def test_a_structure_that_another_thread_changes(start):
    start()
    log = Log(formats=False)
    shared = {"state": STATE}
    done = threading.Event()

    def change():
        number = 0
        while not done.is_set():
            number += 1
            shared[number % 200] = [STATE]
            shared.pop((number * 7) % 200, None)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    other = threading.Thread(target=change)
    other.start()
    try:
        for _ in range(100):
            log.info("event %s", 1, extra={"shared": shared, "list": [shared], "other": STATE})
    finally:
        done.set()
        other.join()
        sys.setswitchinterval(interval)
    assert len(log.keeper.records) == 100
    assert all(is_text(record.other, "connected") for record in log.keeper.records)


def test_an_extra_dict_that_another_thread_changes(start):
    start()
    log = Log(formats=False)
    shared = {"f0": 1}
    done = threading.Event()

    def change():
        number = 0
        while not done.is_set():
            number += 1
            shared["f%d" % (number % 50)] = number

    other = threading.Thread(target=change)
    other.start()
    lost = 0
    try:
        for _ in range(100):
            try:
                log.info("event", extra=shared)
            except RuntimeError:  # logging's own loop over `extra`, as without the shim
                lost += 1
    finally:
        done.set()
        other.join()
    assert len(log.keeper.records) == 100 - lost


def test_an_ordered_dict_in_itself():
    given = OrderedDict(a=STATE)
    given["self"] = given
    found = field(given)
    assert is_text(found["a"], "connected")
    assert found["self"] is given
