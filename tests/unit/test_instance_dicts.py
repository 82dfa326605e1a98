"""An instance's `__dict__` in a log call: from CPython 3.13 on the garbage collector doesn't see what is in one."""

import pytest
import structlog
from loguru import logger

from .bench import Log
from .members import WebSocketState

STATE = WebSocketState.CONNECTED


@pytest.fixture(autouse=True)
def _alive():
    yield
    Session.alive.clear()


class Session:
    alive = []  # a dict that outlives its instance is one like any other

    def __init__(self):
        self.user = "ann"
        self.alive.append(self)


def filled_before():
    session = Session()
    session.state = STATE
    return vars(session)


def filled_after():
    session = Session()
    fields = vars(session)
    session.state = STATE
    return fields


def filled_through_the_dict():
    fields = vars(Session())
    fields["state"] = STATE
    return fields


def log_after_a_filter(log, fields):
    log.addFilter(lambda record: record.__dict__.update(a=fields) or True)
    log.info("event")


# The call, and where the dict is in the record.
PLACES = {
    "extra": (lambda log, fields: log.info("event", extra=fields), lambda record: record.__dict__),
    "field": (lambda log, fields: log.info("event", extra={"a": fields}), lambda record: record.a),
    "deep": (lambda log, fields: log.info("event", extra={"a": [(fields,)]}), lambda record: record.a[0][0]),
    "message": (lambda log, fields: log.info(fields), lambda record: record.msg),
    "argument": (lambda log, fields: log.info("%s %s", 1, fields), lambda record: record.args[1]),
    "mapping": (lambda log, fields: log.info("%(state)s", fields), lambda record: record.args),
    "filter": (log_after_a_filter, lambda record: record.a),
}


each_dict = pytest.mark.parametrize("fields", [filled_before, filled_after, filled_through_the_dict])


@each_dict
@pytest.mark.parametrize("place", PLACES)
def test_an_instances_dict_is_looked_into(place, fields, start):
    start()
    call, found = PLACES[place]
    log = Log(formats=False)
    call(log, fields())
    in_record = found(log.record)
    assert (in_record["user"], in_record["state"]) == ("ann", "connected")


# Each alone: beside a list, or another value that is looked into, it would be looked into as well.
alone = pytest.mark.parametrize("place", [lambda one: one, lambda one: (one,)], ids=["field", "deep"])
EXPECTED = {"user": "ann", "state": "connected"}


@each_dict
@alone
def test_structlog_looks_into_it(place, fields, start):
    start()
    events = []

    def processor(_, __, event):
        events.append(event)
        raise structlog.DropEvent

    log = structlog.wrap_logger(None, processors=[processor], wrapper_class=structlog.BoundLogger)
    log.info("event", field=place(fields()))
    assert events == [{"event": "event", "field": place(EXPECTED)}]


@each_dict
@alone
@pytest.mark.parametrize("call", [logger.info, lambda message, **extra: logger.bind(**extra).info(message)])
def test_loguru_looks_into_it(call, place, fields, start):
    start()
    messages = []
    logger.remove()
    logger.add(messages.append, format="{message}", catch=False)
    call("event", field=place(fields()))
    logger.info("{} {[state]}", fields(), fields())
    logger.remove()
    assert messages[0].record["extra"] == {"field": place(EXPECTED)}
    assert messages[1] == f"{EXPECTED} connected\n"
