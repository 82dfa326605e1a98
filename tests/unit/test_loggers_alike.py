"""A Logger class of the host's is looked at as the standard library's is, unless it may change a record by itself."""

import gc
import logging
import weakref

import pytest

from shim.stock import subclasses_alike

from .bench import Keeper
from .members import WebSocketState

STATE = WebSocketState.CONNECTED


class Host:
    pass


DICTS = [{"event": "plain"}, {"event": STATE}, {"event": ["plain", {"state": STATE}]}, {STATE: Host()}]


class Named(logging.Logger):
    def findCaller(self, *args, **kwargs):  # as structlog's does
        return super().findCaller(*args, **kwargs)


class InLog(logging.Logger):
    def _log(self, level, msg, args, exc_info=None, extra=None, stack_info=False, stacklevel=1):
        record = self.makeRecord(self.name, level, "file.py", 1, msg, args, exc_info, "f", extra, stack_info)
        record.field = STATE
        self.handle(record)


class InMakeRecord(logging.Logger):
    def makeRecord(self, *args, **kwargs):
        record = super().makeRecord(*args, **kwargs)
        record.field = STATE
        return record


class InHandle(logging.Logger):
    def handle(self, record):
        record.field = STATE
        super().handle(record)


class InFilter(logging.Logger):
    def filter(self, record):
        record.field = STATE
        return super().filter(record)


class InCallHandlers(logging.Logger):
    def callHandlers(self, record):
        record.field = STATE
        super().callHandlers(record)


class Below(InHandle):
    pass


OTHERS = [InLog, InMakeRecord, InHandle, InFilter, InCallHandlers, Below]


def log_of(cls):
    logger, keeper = cls("app", logging.INFO), Keeper(formats=False)
    logger.addHandler(keeper)
    return logger, keeper


@pytest.mark.parametrize("cls", OTHERS)
def test_what_its_own_way_puts_in_place_of_a_field(cls, start):
    start()
    logger, keeper = log_of(cls)
    for _ in range(2):  # the class is met in the first
        logger.info("event", extra={"field": "plain"})
    assert [fields["field"] for fields in keeper.fields] == ["connected"] * 2


@pytest.mark.parametrize("cls", [logging.Logger, logging.RootLogger, Named])
@pytest.mark.parametrize("message", DICTS, ids=range(len(DICTS)))
@pytest.mark.parametrize("beside", [{}, {"beside": Host()}, {"state": STATE}], ids=["plain", "object", "enum"])
def test_a_dict_as_message(cls, message, beside, start):
    start()
    keeper = Keeper(formats=False)
    logger = cls(logging.INFO) if cls is logging.RootLogger else cls("app", logging.INFO)
    logger.addHandler(keeper)
    for _ in range(2):
        logger.info(message, extra=beside)
    for fields in keeper.fields:
        assert repr(fields["msg"]) == repr(message).replace(repr(STATE), "'connected'")
        assert fields.get("state") in (None, "connected")
        assert (fields["msg"] is message) == (STATE not in message and repr(STATE) not in repr(message))


@pytest.mark.parametrize("cls", [logging.Logger, Named])
def test_a_message_that_an_earlier_handler_puts_an_enum_in(cls, start):
    class Changing(logging.Handler):
        def emit(self, record):
            record.msg["event"] = STATE

    start()
    logger, keeper = log_of(cls)
    logger.handlers.insert(0, Changing())
    for _ in range(2):
        logger.info({"event": "plain"}, extra={"beside": Host()})
    assert [fields["msg"] for fields in keeper.fields] == [{"event": "connected"}] * 2


def test_which_are_alike():
    alike, meet = subclasses_alike(logging.Logger)
    for cls in [Named, *OTHERS, type("Named2", (Named,), {}), int]:
        meet(cls)
        meet(cls)
    assert {cls for cls in [Named, *OTHERS, int] if id(cls) in alike} == {Named}


def test_no_class_is_kept_alive():
    alike, meet = subclasses_alike(logging.Logger)
    cls = type("Short", (logging.Logger,), {})
    key, reference = id(cls), weakref.ref(cls)
    meet(cls)
    assert key in alike
    del cls
    gc.collect()
    assert reference() is None
    assert key not in alike


@pytest.mark.parametrize("cls", [logging.Logger, Named])
@pytest.mark.parametrize("message", DICTS, ids=range(len(DICTS)))
def test_a_dict_as_message_is_clean_as_soon_as_it_is_in_a_record(cls, message, start):
    start()
    logger = cls("app")
    for _ in range(2):
        record = logger.makeRecord("app", logging.INFO, "file.py", 1, message, (), None, "f", {"beside": Host()}, None)
        assert repr(record.msg) == repr(message).replace(repr(STATE), "'connected'")
