"""Records on all their ways: factories, logger classes, adapters, queues, and records that no logger made."""

import copy
import logging
import logging.handlers
import pickle
import queue

import pytest

from .bench import Keeper, Log, is_text
from .members import Level, WebSocketState

STATE = WebSocketState.CONNECTED


@pytest.fixture
def factory():
    """Sets a record factory that changes each record with the function given; `_pristine` puts the old one back."""
    made = logging.getLogRecordFactory()

    def use(change):
        def factory(*args, **kwargs):
            record = made(*args, **kwargs)
            change(record)
            return record

        logging.setLogRecordFactory(factory)
        return factory

    return use


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("extra", [None, {}, {"a": 1}, {"a": STATE}])
def test_a_factory(is_first, extra, factory, start):
    if not is_first:
        start()
    factory(lambda record: record.__dict__.update(state=STATE, deep=[STATE]))
    if is_first:
        start()
    log = Log()
    log.info("event", extra=extra)
    assert is_text(log.record.state, "connected")
    assert log.record.deep == ["connected"]


def test_a_factory_that_adds_one_attribute_and_drops_another(factory, start):
    start()

    def change(record):
        del record.processName
        record.state = STATE

    factory(change)
    log = Log()
    log.info("event")
    assert is_text(log.record.state, "connected")


def test_a_factory_that_replaces_message_and_arguments(factory, start):
    start()
    factory(lambda record: record.__dict__.update(msg=[STATE]))
    log = Log()
    log.info("event")
    assert log.line == "['connected']"


def test_a_factory_of_records_of_a_class_of_its_own(start):
    class Own(logging.LogRecord):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.state = STATE

        def getMessage(self):
            return "own " + super().getMessage()

    start()
    logging.setLogRecordFactory(Own)
    log = Log()
    log.info("%s", STATE)
    assert type(log.record) is Own
    assert is_text(log.record.state, "connected")
    assert log.line == "own connected"


class Own(logging.Logger):
    """A logger class as agents make them: it adds an attribute and replaces a field's value."""

    def makeRecord(self, *args, **kwargs):
        record = super().makeRecord(*args, **kwargs)
        record.added = [STATE]
        record.state = STATE
        return record


def test_a_logger_class_that_adds_and_replaces(start):
    start()
    log = Log(logger=Own("own"))
    seen = []
    log.addFilter(lambda record: seen.append((record.state, record.added)) or True)
    log.info("event", extra={"state": "plain"})
    assert seen == [("connected", ["connected"])]
    assert is_text(log.record.state, "connected")


def test_a_logger_class_that_replaces_without_a_filter(start):
    start()
    log = Log(logger=Own("own"))
    log.info("event", extra={"state": "plain", "added": "plain"})
    assert is_text(log.record.state, "connected")
    assert log.record.added == ["connected"]


def test_a_logger_class_that_is_set_for_all(start):
    logging.setLoggerClass(Own)
    start()
    log = Log()
    assert type(log.logger) is Own
    log.info("event")
    assert is_text(log.record.state, "connected")


def test_a_logger_class_with_a_make_record_all_its_own(start):
    class Whole(logging.Logger):
        def makeRecord(self, name, level, fn, lno, msg, args, exc_info, func=None, extra=None, sinfo=None):
            record = logging.LogRecord(name, level, fn, lno, msg, args, exc_info, func, sinfo)
            record.__dict__.update(extra or {}, state=STATE)
            return record

    start()
    log = Log(logger=Whole("whole"))
    log.info("%s", STATE, extra={"other": {STATE: 1}})
    assert is_text(log.record.state, "connected")
    assert log.record.other == {"connected": 1}
    assert log.line == "connected"


def test_a_logger_class_whose_handle_changes_the_record(start):
    class Handling(logging.Logger):
        def handle(self, record):
            record.state = STATE
            super().handle(record)

    start()
    log = Log(logger=Handling("handling"))
    log.info("event", extra={"state": "plain"})
    assert is_text(log.record.state, "connected")


def test_make_record_called_by_the_host(start):
    start()
    log = Log()
    record = log.logger.makeRecord("n", 20, "f", 1, "%s", (STATE,), None, extra={"state": STATE})
    assert is_text(record.state, "connected")
    log.handle(record)
    assert log.line == "connected"


def test_make_record_called_as_logging_calls_it(start):
    start()
    args = "n", 20, "f", 1, "%s", (STATE,), None, "func", {"state": [STATE]}, None
    record = Log().logger.makeRecord(*args)
    assert record.state == ["connected"]
    assert record.getMessage() == "connected"


@pytest.mark.parametrize("name", ["msg", "args", "levelno", "levelname", "name", "relativeCreated"])
def test_a_record_that_lacks_what_every_record_has(name, start):
    start()
    keeper = Keeper(formats=False)
    record = logging.makeLogRecord({"state": STATE})
    del record.__dict__[name]
    keeper.handle(record)
    assert keeper.records == [record]
    assert name not in record.__dict__


def test_adapters(start):
    class Adapter(logging.LoggerAdapter):
        def process(self, msg, kwargs):
            kwargs.setdefault("extra", {})["adapted"] = [STATE]
            return {"message": msg, "state": STATE}, kwargs

    start()
    log = Log()
    Adapter(log.logger, {}).info("event", extra={"state": STATE})
    assert log.record.adapted == ["connected"]
    assert is_text(log.record.state, "connected")
    assert log.line == "{'message': 'event', 'state': 'connected'}"


def test_records_that_no_logger_made(start):
    start()
    keeper = Keeper()
    keeper.handle(logging.makeLogRecord({"msg": STATE, "levelno": Level.NOTICE, "a": {STATE: STATE}}))
    keeper.handle(logging.LogRecord("n", 20, "f", 1, "%d %s", (Level.NOTICE, STATE), None))
    keeper.handle(logging.makeLogRecord({}))
    assert keeper.records[0].a == {"connected": "connected"}
    assert type(keeper.records[0].levelno) is int
    assert keeper.lines == ["connected", "25 connected", ""]


def test_a_record_that_no_logger_made_and_a_handler_that_filters_in_its_own_way(start):
    class Own(Keeper):
        def filter(self, record):
            return True

    start()
    keeper = Own()
    keeper.handle(logging.makeLogRecord({"msg": "%s", "args": (STATE,), "state": STATE}))
    assert is_text(keeper.records[0].state, "connected")
    assert keeper.lines == ["connected"]


def test_a_handler_whose_own_filter_takes_more_than_the_record(start):
    class Own(Keeper):
        def filter(self, entry, strict=False):
            self.asked = entry.state, strict
            entry.late = STATE
            return True

        def handle(self, record):
            if self.filter(entry=record, strict=True):
                self.emit(record)

    start()
    keeper = Own()
    keeper.handle(logging.makeLogRecord({"msg": "event", "state": STATE}))
    assert keeper.asked == ("connected", True)
    assert is_text(keeper.records[0].late, "connected")


def test_something_else_that_comes_to_a_handler_is_left_alone(start):
    class Event:
        levelno, name = 20, "event"

    class Taking(logging.Handler):
        def emit(self, record):
            self.taken = record

    start()
    event, handler = Event(), Taking()
    event.state = STATE
    handler.handle(event)
    assert handler.taken is event
    assert event.state is STATE


def test_a_copy_that_a_handler_changes_and_hands_on(start):
    keeper = Keeper()

    class Forwarding(logging.Handler):
        def emit(self, record):
            other = copy.copy(record)
            other.state, other.args = STATE, (STATE,)
            keeper.handle(other)
            keeper.handle(logging.makeLogRecord({**record.__dict__, "state": [STATE]}))

    start()
    log = Log()
    log.logger.removeHandler(log.keeper)
    log.addHandler(Forwarding())
    log.info("%s", "x", extra={"state": "plain"})
    assert [record.state for record in keeper.records] == ["connected", ["connected"]]
    assert keeper.lines == ["connected", "x"]


def test_a_record_that_is_changed_after_it_was_handled(start):
    start()
    log = Log()
    log.info("event", extra={"state": "plain"})
    log.record.added = STATE
    log.keeper.handle(log.record)
    assert is_text(log.record.added, "connected")


def test_a_record_that_is_handled_twice_is_the_same_twice(start):
    start()
    log = Log()
    log.info("%s %d", STATE, Level.INFO, extra={"state": [STATE]})
    first = dict(log.record.__dict__)
    log.handle(log.record)
    assert log.lines == ["connected 20"] * 2
    assert {name: log.record.__dict__[name] for name in first} == first


def test_copies_and_pickles_of_a_record(start):
    start()
    log = Log()
    log.info("%s", STATE, extra={"state": {"a": STATE}})
    for other in (copy.copy(log.record), pickle.loads(pickle.dumps(log.record))):
        assert other.state == {"a": "connected"}
        assert other.getMessage() == "connected"


def test_a_queue_handler_and_its_listener(start):
    start()
    records, log = queue.Queue(), Log()
    log.logger.removeHandler(log.keeper)
    log.addHandler(logging.handlers.QueueHandler(records))
    listener = logging.handlers.QueueListener(records, log.keeper, respect_handler_level=True)
    listener.start()
    log.info("%s %d", STATE, Level.INFO, extra={"state": {"a": [STATE]}})
    listener.stop()
    assert log.line == "connected 20"
    assert log.record.state == {"a": ["connected"]}


def test_a_handler_that_formats_and_one_after_it(start):
    start()
    log = Log("%(asctime)s %(message)s %(state)s")
    second = Keeper("%(message)s %(state)s")
    log.addHandler(second)
    log.info("%s", STATE, extra={"state": STATE})
    assert second.lines == ["connected connected"]


def test_a_parents_handler(start):
    start()
    log = Log()
    child = logging.getLogger(log.logger.name + ".child")
    child.info("%s", STATE, extra={"state": STATE})
    assert log.line == "connected"
    assert is_text(log.record.state, "connected")
