"""What never changes for the host."""

import gc
import io
import logging
import sys
import threading
import traceback
import warnings
import weakref

import pytest

import shim

from .bench import Keeper, Log, shimmed
from .members import Level, WebSocketState

STATE = WebSocketState.CONNECTED
OWN = ("name", "pathname", "filename", "module", "lineno", "funcName", "exc_info", "exc_text", "stack_info")
FORMAT = "%(name)s %(levelname)s %(pathname)s %(filename)s %(module)s %(lineno)d %(funcName)s %(message)s"


def here():
    return sys._getframe(1).f_lineno


@pytest.mark.parametrize("is_on", [False, True])
def test_file_line_and_function_are_the_hosts(is_on):
    log = Log(FORMAT)

    def hosts_function():
        log.info("%s", 1, extra={"state": STATE})
        return here()

    if is_on:
        shim.install(shim.Settings())
    number = hosts_function()
    assert log.record.pathname == __file__
    assert log.record.lineno == number - 1
    assert log.record.funcName == "hosts_function"


@pytest.mark.parametrize("call", ["debug", "info", "warning", "error", "critical"])
def test_stacklevel_and_every_method(call, start):
    start()
    log = Log(FORMAT)

    def helper():
        getattr(log.logger, call)("%s", STATE, stacklevel=2)

    def hosts_function():
        helper()
        return here()

    number = hosts_function()
    assert (log.record.lineno, log.record.funcName) == (number - 1, "hosts_function")
    assert log.line.split("\n")[0].endswith("hosts_function connected")


def test_module_functions_and_stack_info(start):
    start()
    log = Log()
    logging.root.addHandler(log.keeper)
    try:
        logging.warning("%s", STATE, stack_info=True, stacklevel=1)
        number = here() - 1
    finally:
        logging.root.removeHandler(log.keeper)
    assert (log.record.lineno, log.record.funcName) == (number, "test_module_functions_and_stack_info")
    assert log.record.stack_info.rstrip().endswith('logging.warning("%s", STATE, stack_info=True, stacklevel=1)')


PLAIN_CALLS = [
    lambda log: log.info("plain"),
    lambda log: log.info("100%"),
    lambda log: log.info("%s %d %r", "a", 1, [2]),
    lambda log: log.info("%(a)s", {"a": 1}),
    lambda log: log.info({"a": [1, None]}),
    lambda log: log.info("ä \N{SNOWMAN} %s", "\x00"),
    lambda log: log.warning("w", extra={"user": "me", "deep": {"a": (1,)}}),
    lambda log: log.log(25, "level"),
    lambda log: log.error("with error", exc_info=ValueError("x")),
    lambda log: log.info(None),
    lambda log: log.info(ValueError("the message")),
]


def written(call):
    """All that a plain StreamHandler writes, and what is left in the record."""
    stream, log = io.StringIO(), Log()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s:%(funcName)s:%(lineno)d:%(message)s"))
    log.addHandler(handler)
    call(log)
    return stream.getvalue(), list(log.record.__dict__), {name: type(v) for name, v in log.record.__dict__.items()}


@pytest.mark.parametrize("call", PLAIN_CALLS)
def test_a_line_without_an_enum_is_the_same(call):
    before = written(call)
    with shimmed():
        during = written(call)
    assert during == before == written(call)


@pytest.mark.parametrize("call", PLAIN_CALLS)
def test_every_attribute_without_an_enum_is_the_same_object(call, start):
    made, kept = logging.getLogRecordFactory(), []

    def factory(*args, **kwargs):
        record = made(*args, **kwargs)
        kept.append(dict(record.__dict__))
        return record

    logging.setLogRecordFactory(factory)
    start()
    log = Log(formats=False)
    call(log)
    for name, value in kept[0].items():
        assert log.record.__dict__[name] is value


@pytest.mark.parametrize("extra", [None, {"state": STATE}, {"a": 1}])
def test_a_record_has_no_additional_attributes(extra, start):
    log = Log(formats=False)
    log.info("%s", STATE, extra=extra)
    before = list(log.record.__dict__)
    start()
    log = Log(formats=False)
    log.addFilter(lambda record: True)
    log.keeper.addFilter(lambda record: True)
    log.info("%s", STATE, extra=extra)
    assert list(log.record.__dict__) == before
    assert type(log.record) is logging.LogRecord


def test_what_belongs_to_the_record_is_not_touched(start):
    start()
    log = Log(formats=False)
    try:
        raise ValueError(STATE)
    except ValueError as error:
        raised = error
        log.exception("%s", STATE, stack_info=True)
    assert log.record.exc_info[:2] == (ValueError, raised)
    assert raised.args == (STATE,)
    assert log.record.thread == threading.get_ident()
    assert log.record.threadName == threading.current_thread().name
    assert type(log.record.created) is float
    assert log.record.stack_info.startswith("Stack (most recent call last)")


def test_own_fields_with_an_enum_are_not_touched(start):
    """They are never touched, even where a host puts an enum there itself."""
    start()
    keeper = Keeper(formats=False)
    given = dict.fromkeys(OWN + ("created", "msecs", "thread", "threadName", "process", "processName"), STATE)
    keeper.handle(logging.makeLogRecord(given))
    assert all(keeper.records[0].__dict__[name] is STATE for name in given)


def test_what_a_handler_raises_goes_through(start):
    start()

    class Failing(logging.Handler):
        calls = 0

        def emit(self, record):
            self.calls += 1
            raise OSError("the host's")

    log, failing = Log(), Failing()
    log.addHandler(failing)
    with pytest.raises(OSError, match="the host's") as caught:
        log.info("%s", STATE, extra={"state": STATE})
    assert failing.calls == 1
    assert "shim" not in traceback.format_exception_only(type(caught.value), caught.value)[0]


def test_what_a_factory_raises_goes_through_and_it_is_called_once(start):
    calls = []

    def factory(*args, **kwargs):
        calls.append(args)
        raise OSError("the host's")

    start()
    logging.setLogRecordFactory(factory)
    log = Log()
    with pytest.raises(OSError, match="the host's"):
        log.info("%s", STATE)
    assert len(calls) == 1


def test_extras_that_are_not_allowed_are_still_an_error(start):
    start()
    with pytest.raises(KeyError):
        Log().info("event", extra={"message": STATE})
    with pytest.raises(TypeError):
        Log().info("event", extra=5)


def test_a_line_that_can_not_be_formatted_is_reported_as_before(start, capsys):
    start()
    log = Log()
    log.logger.removeHandler(log.keeper)
    log.addHandler(logging.StreamHandler(io.StringIO()))
    log.info("%d", STATE)
    error = capsys.readouterr().err
    assert "--- Logging error ---" in error
    assert "TypeError: " in error  # whose text is another one from 3.15 on


def test_levels_and_disabled_loggers_are_as_before(start):
    start()
    log = Log()
    log.logger.setLevel(logging.ERROR)
    log.info("%s", STATE)
    log.logger.disabled = True
    log.error("%s", STATE)
    assert log.lines == []
    assert not log.logger.isEnabledFor(Level.INFO)


def test_a_call_that_is_not_logged_converts_nothing(start):
    start()
    log, asked = Log(), []

    class Asked:
        @property
        def __class__(self):
            asked.append(1)
            return Asked

    log.logger.setLevel(logging.ERROR)
    log.info("%s", Asked(), extra={"a": Asked()})
    assert asked == []


def test_warnings_that_logging_captures(start):
    start()
    log = Log()
    logger = logging.getLogger("py.warnings")
    logger.addHandler(log.keeper)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(True)
            warnings.warn("state is %s" % STATE.name, UserWarning, stacklevel=1)
    finally:
        logging.captureWarnings(False)
        logger.removeHandler(log.keeper)
    assert "state is CONNECTED" in log.line


def test_many_threads_at_once(start):
    start()
    log = Log()
    log.addFilter(lambda record: setattr(record, "added", STATE) or True)
    log.addFilter(lambda record: setattr(record, "state", [STATE, record.added]) or True)

    def work():
        for number in range(100):
            log.info("%s %d", STATE, number, extra={"state": STATE})

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(log.lines) == 800
    assert all(record.state == ["connected", "connected"] for record in log.keeper.records)


def test_a_record_does_not_live_longer(start):
    start()
    log = Log()
    log.info("%s", STATE, extra={"state": STATE})
    record = weakref.ref(log.record)
    log.keeper.records.clear()
    gc.collect()
    assert record() is None
