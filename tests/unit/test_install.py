"""install() and uninstall(): by identity, as often as one likes, and only what is ours."""

import enum
import logging
import sys

import pytest

import shim

from .bench import Keeper, Log, is_text
from .members import WebSocketState

STATE = WebSocketState.CONNECTED
CLASSES = (logging.Logger, logging.Handler, logging.Filterer, logging.LogRecord, logging.LoggerAdapter)
OWNERS = (logging, enum.Enum, *CLASSES)


def state():
    """Everything that an installation may replace, by identity."""
    namespaces = [(owner, name, id(value)) for owner in OWNERS for name, value in list(vars(owner).items())]
    return namespaces, list(sys.meta_path), list(sys.path_hooks), sys.excepthook, logging.getLogRecordFactory()


def test_install_and_uninstall_leave_the_originals():
    before = state()
    assert not shim.installed()
    assert shim.install(shim.Settings()) is True
    assert shim.installed()
    assert state() != before
    shim.uninstall()
    assert not shim.installed()
    assert state() == before


def test_twice_is_harmless():
    before = state()
    assert shim.install(shim.Settings()) is True
    during = state()
    assert shim.install(shim.Settings(style="name")) is True
    assert state() == during
    log = Log()
    log.info("%s", STATE)
    assert log.line == "connected"
    shim.uninstall()
    shim.uninstall()
    assert state() == before


def test_uninstall_without_install_is_harmless():
    before = state()
    shim.uninstall()
    assert state() == before


def test_again_and_again():
    before = state()
    for style in ("name", None, "full"):
        log = Log()
        shim.install(shim.Settings(style=style))
        log.info("%s", STATE)
        assert log.line == {"name": "CONNECTED", None: "connected", "full": "WebSocketState.CONNECTED"}[style]
        shim.uninstall()
        assert state() == before


def test_after_uninstall_an_enum_is_itself_again(start):
    start()
    log = Log(formats=False)
    log.addFilter(lambda record: True)
    shim.uninstall()
    log.info("%s", STATE, extra={"state": STATE})
    assert log.record.state is STATE
    assert log.record.args == (STATE,)


def test_mode_off_installs_nothing():
    before = state()
    assert shim.install(shim.Settings(mode="off")) is False
    assert not shim.installed()
    assert state() == before


def test_observe_converts_nothing():
    shim.install(shim.Settings(mode="observe"))
    log = Log(formats=False)
    log.info("%s", STATE, extra={"state": STATE})
    assert log.record.state is STATE
    assert log.record.args == (STATE,)


def changed(before, after):
    """The attributes of logging's classes that an installation replaced."""
    old = {(owner, name): value for owner, name, value in before[0]}
    return [(owner, name) for owner, name, value in after[0] if old.get((owner, name)) != value]


def test_a_wrapper_that_somebody_put_over_ours_stays():
    before = state()
    originals = {owner: dict(vars(owner)) for owner in OWNERS}
    shim.install(shim.Settings())
    replaced = changed(before, state())
    assert replaced
    theirs = {}
    for owner, name in replaced:
        ours = vars(owner)[name]

        def over(self, *args, _ours=ours, **kwargs):
            return _ours.__get__(self, type(self))(*args, **kwargs)

        theirs[owner, name] = over
        setattr(owner, name, over)
    try:
        log = Log(formats=False)
        log.info("%s", STATE, extra={"state": STATE})
        assert is_text(log.record.state, "connected")
        shim.uninstall()
        assert not shim.installed()
        assert all(vars(owner)[name] is over for (owner, name), over in theirs.items())
        log = Log(formats=False)
        log.info("%s", STATE, extra={"state": STATE})
        log.keeper.handle(log.record)
        assert log.record.state is STATE
        assert log.record.args == (STATE,)
    finally:
        for owner, name in replaced:
            if name in originals[owner]:
                setattr(owner, name, originals[owner][name])
            else:  # it was inherited
                delattr(owner, name)
    assert state() == before


def test_a_record_factory_that_is_set_later_stays(start):
    made = logging.getLogRecordFactory()

    def factory(*args, **kwargs):
        return made(*args, **kwargs)

    start()
    logging.setLogRecordFactory(factory)
    shim.uninstall()
    assert logging.getLogRecordFactory() is factory


def test_a_logger_class_that_is_set_later_stays(start):
    class Own(logging.Logger):
        pass

    start()
    logging.setLoggerClass(Own)
    shim.uninstall()
    assert logging.getLoggerClass() is Own


def test_a_finder_that_somebody_put_before_ours_stays(start):
    class Finder:
        def find_spec(self, name, path=None, target=None):
            return None

    start()
    finder = Finder()
    sys.meta_path.insert(0, finder)
    try:
        shim.uninstall()
        assert sys.meta_path[0] is finder
    finally:
        sys.meta_path.remove(finder)


def test_a_method_that_a_subclass_has_of_its_own_stays(start):
    class Own(logging.Handler):
        def handle(self, record):
            return "handled"

    method = vars(Own)["handle"]
    start()
    assert vars(Own)["handle"] is method
    shim.uninstall()
    assert Own().handle(logging.makeLogRecord({})) == "handled"


def test_skip():
    before = state()
    shim.install(shim.Settings(skip=["logging", "starlette"]))
    assert changed(before, state()) == []
    log = Log(formats=False)
    log.info("event", extra={"state": STATE})
    assert log.record.state is STATE


def test_what_is_wrapped_looks_as_before(start):
    names = [(owner, name) for owner in CLASSES for name in vars(owner) if callable(getattr(owner, name))]

    def looks():
        return [
            (getattr(owner, name).__name__, getattr(owner, name).__qualname__, getattr(owner, name).__doc__)
            for owner, name in names
            if hasattr(getattr(owner, name), "__qualname__") and hasattr(getattr(owner, name), "__name__")
        ]

    before = looks()
    start()
    assert looks() == before


def test_what_a_handler_returns_is_as_before(start):
    def returned():
        keeper = Keeper()
        record = logging.makeLogRecord({"msg": "x"})
        first = keeper.handle(record)
        keeper.addFilter(lambda record: False)
        last = Log().handle(logging.makeLogRecord({"levelno": 20}))
        return first is record, first is True, keeper.handle(record), last

    before = returned()
    start()
    assert returned() == before


@pytest.mark.parametrize("value", ["1", "", None])
def test_install_without_settings_reads_the_environment(value, monkeypatch):
    for name in ("ENUM_LOG_SHIM", "ENUM_LOG_SHIM_STYLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENUM_LOG_SHIM_STYLE", "name")
    if value is not None:
        monkeypatch.setenv("ENUM_LOG_SHIM", value)
    is_on = value != ""
    assert shim.install() is is_on
    log = Log(formats=False)
    log.info("event", extra={"state": STATE})
    assert log.record.state == ("CONNECTED" if is_on else STATE)
