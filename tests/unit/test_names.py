"""Names of `extra` fields that are enums."""

import enum

import pytest

from .bench import Log, is_text
from .members import Level, Role, WebSocketState

STATE = WebSocketState.CONNECTED


class Key(enum.Enum):
    USER = 1
    NAME = 2
    MSG = 3
    MESSAGE = 4
    ASCTIME = 5
    ARGS = 6
    LEVELNO = 7


class StrKey(str, enum.Enum):
    USER = "user"
    TENANT = "tenant"

    def __str__(self):
        return self.value


def logged(extra, fmt=None):
    log = Log(fmt)
    log.info("event %s", 1, extra=extra)
    return log


def test_a_name(start):
    start()
    log = logged({Key.USER: "me"}, "%(message)s %(user)s")
    assert log.line == "event 1 me"
    assert all(type(name) is str for name in log.record.__dict__)


def test_a_name_that_is_a_str_member(start):
    start()
    log = logged({StrKey.USER: "me", Role.ADMIN: STATE}, "%(user)s %(Admin-User)s")
    assert log.line == "me connected"
    assert all(type(name) is str for name in log.record.__dict__)


@pytest.mark.parametrize("key", [Key.NAME, Key.MSG, Key.ARGS, Key.LEVELNO])
def test_no_attribute_of_the_record_is_overwritten(key, start):
    before = logged({}).record.__dict__
    start()
    log = logged({key: "extra"})
    assert log.line == "event 1"
    assert log.record.__dict__["Key." + key.name] == "extra"
    for own in ("msg", "args", "levelno"):
        assert log.record.__dict__[own] == before[own]
    assert log.record.name == log.logger.name


@pytest.mark.parametrize("key", [Key.MESSAGE, Key.ASCTIME])
def test_what_formatting_adds_does_not_overwrite_a_field(key, start):
    start()
    log = logged({key: "extra"}, "%(asctime)s %(message)s")
    assert log.line.endswith(" event 1")
    assert log.keeper.fields[0]["Key." + key.name] == "extra"


def test_nothing_is_dropped_where_names_collide(start):
    start()
    log = logged({"user": 1, Key.USER: 2, "connected": 3, STATE: 4})
    fields = log.keeper.fields[0]
    assert [fields[name] for name in ("user", "Key.USER", "connected", "WebSocketState.CONNECTED")] == [1, 2, 3, 4]


def test_the_order_is_kept(start):
    extra = {"a": 1, Key.USER: 2, "b": 3, StrKey.TENANT: 4, Level.INFO: 5, "c": 6}
    start()
    log = logged(extra)
    names = list(log.keeper.fields[0])
    added = [name for name in names if name not in logged({}).keeper.fields[0]]
    assert added == ["a", "user", "b", "tenant", "info", "c"]
    assert names[: len(names) - len(added)] == list(logged({}).keeper.fields[0])


def test_a_name_that_a_filter_adds(start):
    start()
    log = Log()
    log.addFilter(lambda record: record.__dict__.update({Key.USER: [STATE]}) or True)
    log.info("event")
    assert log.record.user == ["connected"]
    assert Key.USER not in log.record.__dict__


def test_values_and_names(start):
    start()
    log = logged({STATE: STATE, (STATE, 1): 5})
    assert is_text(log.record.connected, "connected")
    assert 5 in log.record.__dict__.values()


def test_names_that_are_no_enum_are_left_alone(start):
    start()
    extra = {5: 1, ("a", 1): 2, None: 3}
    log = logged(extra)
    assert {name: log.record.__dict__[name] for name in extra} == extra


def test_the_hosts_own_collision_is_still_its_error(start):
    class Bad(str, enum.Enum):
        NAME = "name"

    start()
    with pytest.raises(KeyError):
        logged({Bad.NAME: 1})
    with pytest.raises(KeyError):
        logged({"message": STATE})
