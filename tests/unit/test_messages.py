"""What stands for the message: an enum, a container, a catalogue's entry, an object of the host's."""

import enum
import sys

import pytest

from .bench import Log, is_text, line
from .members import Color, Level, Msg, Role, WebSocketState

STATE = WebSocketState.CONNECTED


def test_a_catalogue_of_formats():
    class Plain(str, enum.Enum):
        LOGIN = "user %s"

    assert line(Msg.STARTED, 8080) == "Server Started 8080"
    assert line(Plain.LOGIN) == "Plain.LOGIN"


def test_a_catalogue_whose_str_is_the_text():
    class Texts(str, enum.Enum):
        LOGIN = "User %s logged in from %s"
        __str__ = str.__str__

    assert line(Texts.LOGIN, "me", STATE) == "User me logged in from connected"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="StrEnum is new in 3.11")
def test_a_catalogue_of_a_str_enum():
    class Texts(enum.StrEnum):
        LOGIN = "User %s, code %d"

    assert line(Texts.LOGIN, STATE, Level.INFO) == "User connected, code 20"


def test_a_catalogue_of_plain_members():
    class Texts(enum.Enum):
        LOGIN = "User %s"

        def __str__(self):
            return self.value

    assert line(Texts.LOGIN, "me") == "User me"
    assert line(Texts.LOGIN, STATE) == "User connected"
    assert line(Texts.LOGIN) == "User %s"


def test_a_message_that_is_a_member_is_exactly_a_str(start):
    start()
    log = Log()
    for member in (STATE, Color.RED, Role.ADMIN, Msg.STARTED):
        log.info(member)
    assert [type(record.msg) for record in log.keeper.records] == [str] * 4
    assert log.lines == ["connected", "the color Red", "Role.ADMIN", "Server Started %s"]


def test_a_str_member_as_the_message_is_what_it_was_under_every_style():
    for style in ("lower", "name", "value", "full"):
        assert line(Role.ADMIN, style=style) == str(Role.ADMIN)
        assert line(Msg.STARTED, 1, style=style) == "Server Started 1"
        assert line(STATE, style=style) == {
            "lower": "connected", "name": "CONNECTED", "value": "1", "full": "WebSocketState.CONNECTED"
        }[style]  # fmt: skip


class Failing(enum.Enum):
    ONE = 1

    def __str__(self):
        raise RuntimeError("the host's")


class FailingText(str, enum.Enum):
    ONE = "own text"

    def __str__(self):
        raise RuntimeError("the host's")


@pytest.mark.parametrize("args", [(), (1,)])
@pytest.mark.parametrize(("cls", "expected"), [(Failing, "one"), (FailingText, "own text")])
def test_a_message_whose_str_raises(cls, expected, args, start):
    start()
    log = Log(formats=False)
    log.info(cls.ONE, *args, extra={"state": STATE})
    assert is_text(log.record.msg, expected)
    assert is_text(log.record.state, "connected")


class Brace:
    """A message object, as the logging cookbook writes it."""

    def __init__(self, text, *args):
        self.text, self.args, self.asked = text, args, 0

    def __str__(self):
        self.asked += 1
        return self.text.format(*self.args)


@pytest.mark.parametrize("args", [(), (1, "x"), (STATE,), ({"state": STATE},), (Role.ADMIN,)])
def test_a_message_object_is_left_alone_and_asked_as_often_as_before(args, start):
    def asked():
        log, message = Log(), Brace("%s " * len(args))
        log.info(message, *args)
        assert log.record.msg is message
        return message.asked

    before = asked()
    start()
    assert asked() == before == 1


def test_the_format_of_a_message_object_is_read_for_numbers():
    assert line(Brace("%d {}", 1), Level.INFO) == "20 1"
    assert line(Brace("%(code)d"), {"code": Level.INFO}) == "20"


def test_a_message_object_whose_str_raises(start):
    class Raising:
        def __str__(self):
            raise RuntimeError("the host's")

    start()
    log = Log(formats=False)
    log.info(Raising(), Level.INFO, extra={"state": STATE})
    assert is_text(log.record.state, "connected")
    with pytest.raises(RuntimeError, match="the host's"):
        log.record.getMessage()


def test_a_container_that_renders_itself_is_a_message_object(start):
    class Event(dict):
        def __str__(self):
            return "event " + self["state"].name

    class Plain(dict):
        pass

    start()
    log = Log()
    event, plain = Event(state=STATE), Plain(state=STATE)
    log.info(event)
    log.info(plain)
    assert log.keeper.records[0].msg is event
    assert type(log.keeper.records[1].msg) is Plain
    assert log.lines == ["event CONNECTED", "{'state': 'connected'}"]


def test_a_subclass_of_str_as_the_message(start):
    class Marked(str):
        pass

    start()
    log = Log()
    message = Marked("%s %d")
    log.info(message, STATE, Level.INFO)
    assert log.record.msg is message
    assert log.line == "connected 20"


@pytest.mark.parametrize("message", [None, 5, 1.5, b"x", {"a": [1]}, ["x"], (1,), ValueError("x"), object()])
def test_a_message_without_an_enum_is_the_same_object(message, start):
    start()
    log = Log()
    log.info(message)
    assert log.record.msg is message
    assert log.line == str(message)
