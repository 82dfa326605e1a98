"""Levels that are enums."""

import enum
import logging

import pytest

from .bench import Log, field
from .members import Level, WebSocketState


class Own(enum.IntEnum):
    TRACE = 5
    AUDIT = 35
    INFO = 20


@pytest.fixture
def _registered():
    names = dict(logging._levelToName), dict(logging._nameToLevel)
    logging.addLevelName(Own.AUDIT, "AUDIT")
    yield
    for current, old in zip((logging._levelToName, logging._nameToLevel), names):
        current.clear()
        current.update(old)


def logged(level):
    log = Log("%(levelname)s %(levelno)s")
    log.log(level, "event")
    return log


def test_a_known_level(start):
    start()
    log = logged(Own.INFO)
    assert type(log.record.levelno) is int
    assert log.record.levelno == 20
    assert log.line == "INFO 20"


@pytest.mark.parametrize("level", [Own.TRACE, Level.NOTICE, Own.AUDIT])
def test_a_level_without_a_name(level, start):
    start()
    log = logged(level)
    assert type(log.record.levelno) is int
    assert type(log.record.levelname) is str
    assert log.line == "Level %d %d" % (level.value, level.value)


@pytest.mark.usefixtures("_registered")
@pytest.mark.parametrize("level", [Own.AUDIT, 35])
def test_a_level_with_a_name_of_its_own(level, start):
    start()
    log = logged(level)
    assert type(log.record.levelno) is int
    assert log.line == "AUDIT 35"


@pytest.mark.usefixtures("_registered")
def test_a_levels_name_that_is_an_enum(start):
    logging.addLevelName(36, WebSocketState.CONNECTED)
    start()
    log = logged(36)
    assert type(log.record.levelname) is str
    assert log.line == "connected 36"


def test_a_name_that_a_filter_gave_is_left_alone(start):
    start()
    log = Log("%(levelname)s")
    log.addFilter(lambda record: setattr(record, "levelname", "MINE") or True)
    log.log(Own.TRACE, "event")
    assert log.line == "MINE"


def test_a_level_that_a_filter_sets(start):
    start()
    log = Log()
    log.addFilter(lambda record: setattr(record, "levelno", Own.INFO) or True)
    log.info("event")
    assert type(log.record.levelno) is int


def test_thresholds_are_as_before(start):
    start()
    log = Log()
    log.logger.setLevel(Own.AUDIT)
    log.keeper.setLevel(Own.TRACE)
    log.log(Own.INFO, "no")
    log.log(Own.AUDIT, "yes")
    assert log.lines == ["yes"]


def test_a_plain_level_is_the_same_object(start):
    start()
    log = Log()
    log.info("event")
    assert log.record.levelno is logging.INFO
    assert log.record.levelname is logging.getLevelName(logging.INFO)


def test_a_record_without_a_level(start):
    start()
    log = Log()
    log.keeper.handle(logging.makeLogRecord({"msg": "x"}))
    assert log.record.levelno is None


@pytest.mark.parametrize("settings", [{"keep_numbers": True}, {"style": "full"}])
def test_a_level_under_other_settings(settings, start):
    start(**settings)
    log = logged(Level.NOTICE)
    assert type(log.record.levelno) is int
    assert log.line == "Level 25 25"


def test_a_level_as_a_field():
    assert field(Own.INFO) == "info"
