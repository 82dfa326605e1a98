"""Each kind of member in each place that the specification names."""

import logging
import logging.handlers
import queue

import pytest

import shim

from .bench import Log, is_text
from .members import HASHABLE, KINDS, NUMBERS, params

TEXT_AUTHORS = ("str-author", "str-enum-author")
every_kind = pytest.mark.parametrize("kind", **params(KINDS))
every_hashable_kind = pytest.mark.parametrize("kind", **params(HASHABLE))
every_number = pytest.mark.parametrize("kind", **params(NUMBERS))


@every_kind
def test_field(kind, start):
    start()
    log = Log("%(message)s %(state)s")
    log.info("event", extra={"state": kind.member})
    assert is_text(log.record.state, kind.lower)
    assert log.line == "event " + kind.lower


@every_kind
def test_nested_field(kind, start):
    start()
    log = Log()
    log.info("event", extra={"labels": {"a": [1, {"b": ("x", kind.member)}]}})
    ((one, inner),) = [log.record.labels["a"]]
    assert one == 1
    assert inner["b"][0] == "x"
    assert is_text(inner["b"][1], kind.lower)


@every_hashable_kind
def test_key_in_a_field(kind, start):
    start()
    log = Log()
    log.info("event", extra={"labels": {"first": 0, kind.member: 1, ("t", kind.member): 2}})
    first, second, third = log.record.labels
    assert first == "first"
    assert is_text(second, kind.lower)
    assert third == ("t", kind.lower)
    assert is_text(third[1], kind.lower)
    assert list(log.record.labels.values()) == [0, 1, 2]


@every_hashable_kind
@pytest.mark.parametrize("container", [set, frozenset])
def test_item_of_a_set(kind, container, start):
    start()
    log = Log()
    log.info("event", extra={"states": container([kind.member])})
    assert type(log.record.states) is container
    (item,) = log.record.states
    assert is_text(item, kind.lower)


# Whether a str member's own text or its author's is the name, the specification doesn't say.
@pytest.mark.parametrize("kind", **params({name: kind for name, kind in HASHABLE.items() if name not in TEXT_AUTHORS}))
def test_name_of_a_field(kind, start):
    start()
    log = Log()
    log.info("event", extra={kind.member: 1})
    assert log.record.__dict__[kind.lower] == 1
    assert {type(name) for name in log.record.__dict__} == {str}


@every_kind
def test_dict_as_the_message(kind, start):
    start()
    log = Log()
    log.info({"state": kind.member})
    assert type(log.record.msg) is dict
    assert is_text(log.record.msg["state"], kind.lower)
    assert log.line == str({"state": kind.lower})


@every_kind
def test_list_as_the_message(kind, start):
    start()
    log = Log()
    log.info([kind.member, 1])
    assert log.record.msg == [kind.lower, 1]
    assert is_text(log.record.msg[0], kind.lower)


@every_kind
def test_message(kind, start):
    start()
    log = Log()
    log.info(kind.member)
    assert is_text(log.record.msg, kind.message)
    assert log.line == kind.message


@every_kind
def test_message_with_arguments(kind, start):
    start()
    log = Log(formats=False)
    log.info(kind.member, kind.member, extra={"state": kind.member})
    assert is_text(log.record.msg, kind.message)
    assert is_text(log.record.args[0], kind.lower)
    assert is_text(log.record.state, kind.lower)


@every_kind
def test_text_conversions(kind, start):
    start()
    log = Log()
    log.info("%s|%10s|%.2s|%r|%a", *[kind.member] * 5)
    assert all(is_text(arg, kind.lower) for arg in log.record.args)
    assert log.line == "%s|%10s|%.2s|%r|%a" % ((kind.lower,) * 5)


@every_kind
def test_container_as_an_argument(kind, start):
    start()
    log = Log()
    log.info("%s %r", [kind.member], {"k": (kind.member,)})
    assert log.line == "%s %r" % ([kind.lower], {"k": (kind.lower,)})


@every_number
@pytest.mark.parametrize("conversion", "diueEfFgG")
def test_numeric_conversions(kind, conversion, start):
    start()
    log = Log()
    log.info("%" + conversion, kind.member)
    (arg,) = log.record.args
    assert type(arg) in (int, float)
    assert log.line == ("%" + conversion) % kind.number


@pytest.mark.parametrize("kind", **params({n: k for n, k in NUMBERS.items() if isinstance(k.number, int)}))
def test_integer_conversions_and_widths(kind, start):
    start()
    log = Log()
    log.info("%x %X %o %*d %.*f", *[kind.member] * 4, 7, kind.member if 0 <= kind.number < 99 else 2, 0.5)
    precision = kind.number if 0 <= kind.number < 99 else 2
    assert {type(arg) for arg in log.record.args} == {int, float}
    assert log.line == "%x %X %o %*d %.*f" % ((kind.number,) * 4 + (7, precision, 0.5))


@every_kind
def test_mapping_as_the_argument(kind, start):
    start()
    log = Log()
    log.info("%(state)s %(state)r", {"state": kind.member})
    assert is_text(log.record.args["state"], kind.lower)
    assert log.line == "%s %r" % (kind.lower, kind.lower)


@every_number
def test_number_in_a_mapping(kind, start):
    start()
    log = Log()
    log.info("%(code)d %(other)s", {"code": kind.member, "other": kind.member})
    assert type(log.record.args["code"]) in (int, float)
    assert is_text(log.record.args["other"], kind.lower)
    assert log.line == "%d %s" % (kind.number, kind.lower)


@every_number
def test_key_that_is_used_both_ways_stays_a_number(kind, start):
    start()
    log = Log()
    log.info("%(code)s %(code)d", {"code": kind.member})
    assert type(log.record.args["code"]) in (int, float)
    assert log.line == "%(code)s %(code)d" % {"code": log.record.args["code"]}


@every_kind
def test_argument_without_a_placeholder(kind, start):
    start()
    log = Log(formats=False)
    log.info("no placeholder", kind.member)
    log.info("%d", 1, kind.member)
    assert is_text(log.keeper.records[0].args[0], kind.lower)
    assert is_text(log.keeper.records[1].args[1], kind.lower)


@every_kind
@pytest.mark.parametrize("on", ["logger", "handler"])
def test_filter(kind, on, start):
    start()
    log = Log()

    def add(record):
        record.state = kind.member
        record.labels = {"state": [kind.member]}
        return True

    (log.logger if on == "logger" else log.keeper).addFilter(add)
    log.info("event")
    assert is_text(log.record.state, kind.lower)
    assert is_text(log.record.labels["state"][0], kind.lower)


@every_kind
def test_record_factory(kind, start):
    start()
    made = logging.getLogRecordFactory()

    def factory(*args, **kwargs):
        record = made(*args, **kwargs)
        record.state = kind.member
        return record

    logging.setLogRecordFactory(factory)
    log = Log()
    log.info("event")
    assert is_text(log.record.state, kind.lower)


@every_kind
def test_make_record_of_a_logger_class(kind, start):
    start()

    class Own(logging.Logger):
        def makeRecord(self, *args, **kwargs):
            record = super().makeRecord(*args, **kwargs)
            record.state = kind.member
            record.replaced = kind.member
            return record

    log = Log(logger=Own("own"))
    log.info("event", extra={"replaced": "plain"})
    assert is_text(log.record.state, kind.lower)
    assert is_text(log.record.replaced, kind.lower)


@every_kind
def test_record_that_no_logger_made(kind, start):
    start()
    log = Log()
    log.keeper.handle(logging.makeLogRecord({"msg": "%s", "args": (kind.member,), "state": kind.member}))
    log.handle(logging.LogRecord("n", 20, "f", 1, "%s", (kind.member,), None))
    assert is_text(log.keeper.records[0].state, kind.lower)
    assert log.lines == [kind.lower] * 2


@every_kind
def test_record_of_a_queue_listener(kind, start):
    records = queue.Queue()
    log = Log()
    log.logger.removeHandler(log.keeper)
    log.addHandler(logging.handlers.QueueHandler(records))
    log.info("event", extra={"state": "plain"})
    records.queue[0].state = kind.member
    start()
    listener = logging.handlers.QueueListener(records, log.keeper)
    listener.start()
    listener.stop()
    assert is_text(log.record.state, kind.lower)


@every_kind
def test_adapter(kind, start):
    start()
    log = Log()
    logging.LoggerAdapter(log.logger, {"state": kind.member}).info("%s", kind.member)
    assert is_text(log.record.state, kind.lower)
    assert log.line == kind.lower


@every_kind
def test_without_the_shim_nothing_is_converted(kind):
    log = Log(formats=False)
    log.info("event", extra={"state": kind.member})
    assert log.record.state is kind.member
    assert not shim.installed()
