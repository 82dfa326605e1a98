"""Record classes of the host's that put message and arguments together in a way of their own."""

import logging
from http import HTTPStatus

import pytest

from .bench import Log, is_text
from .members import WebSocketState

STATE = WebSocketState.CONNECTED


class Brace(logging.LogRecord):
    def getMessage(self):
        args = self.args
        return str(self.msg).format(**args) if isinstance(args, dict) else str(self.msg).format(*args)


class Both(logging.LogRecord):
    """A `%` message where it can be one."""

    def getMessage(self):
        return super().getMessage() if "%" in str(self.msg) else str(self.msg).format(*self.args)


BRACES = [
    ("status {:d}", HTTPStatus.OK),
    ("status {:>5}|{:x}", HTTPStatus.OK, HTTPStatus.NOT_FOUND),
    ("rate {:.1f}", HTTPStatus.OK),
    ("state {0.name} {0.value}", STATE),
    ("phrase {0.phrase}", HTTPStatus.OK),
    ("state {0[0].name} {1}", [STATE], 1),
    ("{state.name} {status:d}", {"state": STATE, "status": HTTPStatus.OK}),
    ("at 50%: {0.name}", STATE),
    ("at 50 %, status {:d} of {}", HTTPStatus.OK, 5),
    ("disk is 100% full: {0.name}", STATE),
]


def lines(factory, calls):
    logging.setLogRecordFactory(factory)
    log = Log()
    for call in calls:
        log.info(*call)
    return log.lines


@pytest.mark.parametrize("call", BRACES, ids=[call[0] for call in BRACES])
def test_braces_are_filled_in_as_without_the_shim(call, start):
    expected = lines(Brace, [call])
    start()
    assert lines(Brace, [call]) == expected


def test_a_brace_record_is_cleaned_but_for_its_arguments(start):
    start()
    logging.setLogRecordFactory(Brace)
    log = Log()
    log.info("{0.name}", STATE, extra={"state": STATE})
    assert log.line == "CONNECTED"
    assert is_text(log.record.state, "connected")
    assert log.record.args == (STATE,)


class Prefixed(logging.LogRecord):
    def getMessage(self):
        return "own " + super().getMessage()


@pytest.mark.parametrize("cls", [Prefixed, Both])
def test_a_record_that_leaves_it_to_its_base_class_is_converted(cls, start):
    start()
    prefix = "own " if cls is Prefixed else ""
    calls = [
        ("%s %d", STATE, HTTPStatus.OK),
        ("%(state)s", {"state": STATE}),
        ("100 %% of %s", STATE),
        ("%*d", HTTPStatus.OK, HTTPStatus.OK),
    ]
    expected = ["connected 200", "connected", "100 % of connected", "%200d" % 200]
    assert lines(cls, calls) == [prefix + line for line in expected]
