"""Log calls as people write them. Where an enum stands, a comment at the line to point at says which place it is."""

import functools
import logging

from .members import Color, Level, WebSocketState

STATE = WebSocketState.CONNECTED
log = logging.getLogger("unit.call_sites")


class Adapter(logging.LoggerAdapter):
    def process(self, msg, kwargs):
        return msg, {**kwargs, "extra": {"by": STATE, **kwargs.get("extra", {})}}


def argument():
    log.info("%s", STATE)  # -> args[0]


def arguments():
    log.info("%s %s %s", 1, STATE, Color.RED)  # -> args[1]; args[2]


def number():
    log.info("%d", Level.NOTICE)  # -> args[0]


def nested_argument():
    log.info("%s", ["x", (STATE,)])  # -> args[0][1][0]


def mapping():
    log.info("%(state)s", {"state": STATE})  # -> args["state"]


def field():
    log.info("state", extra={"ws_state": STATE})  # -> extra.ws_state


def two_fields():
    log.info("state", extra={"one": STATE, "two": STATE})  # -> extra.one; extra.two


def deep():
    log.info("state", extra={"ctx": {"a": [STATE]}})  # -> extra.ctx["a"][0]


def as_key():
    log.info("state", extra={"ctx": {STATE: 1}})  # -> extra.ctx{key}


def in_a_set():
    log.info("state", extra={"ctx": [{STATE}]})  # -> extra.ctx[0]{}


def no_name_of_a_field():
    ctx = {"ann@example.com": STATE, 5: {"x": Color.RED}}
    log.info("state", extra={"ctx": ctx})  # -> extra.ctx[…]; extra.ctx[…]["x"]


def far_back():
    log.info("state", extra={"ctx": [0] * 10 + [STATE, STATE]})  # -> extra.ctx[…]


def enum_class():
    log.info("state", extra={"ctx": WebSocketState})  # -> extra.ctx


def message():
    log.info(STATE)  # -> msg


def message_dict():
    log.info({"state": STATE})  # -> msg["state"]


def level():
    log.log(Level.NOTICE, "x")  # -> level


def several_lines():
    log.info(  # -> args[0]; extra.state
        "%s",
        STATE,
        extra={
            "state": STATE,
        },
    )


def adapter():
    Adapter(log, {}).info("x")  # -> extra.by


def helper():
    def tell(state):
        log.info("%s", state)  # -> args[0]

    tell(STATE)


def helper_with_stacklevel():
    def tell(state):
        log.info("%s", state, stacklevel=2)

    tell(STATE)  # -> args[0]


def logged(function):
    @functools.wraps(function)
    def wrapper(state):
        log.info("called", extra={"state": state})  # -> extra.state
        return function(state)

    return wrapper


def decorated():
    @logged
    def handle(state):
        log.info("%s", state)  # -> args[0]

    handle(STATE)


def exception():
    try:
        raise ValueError
    except ValueError:
        log.exception("failed in %s", STATE)  # -> args[0]


def in_a_loop():
    for _ in range(3):
        log.info("%s", STATE)  # -> args[0] (3 calls)


def on_the_root_logger():
    logging.getLogger().warning("%s", STATE)  # -> args[0]


def filtered():
    def add(record):
        record.added = STATE
        return True

    log.addFilter(add)
    try:
        log.info("x")  # -> extra.added
    finally:
        log.removeFilter(add)


def f_string():
    log.info(f"is {STATE}")  # -> f-string


def f_string_with_a_width():
    log.info(f"is {STATE:>20}")  # -> f-string


def formatted_before():
    text = "{} {}".format(STATE, 1)  # -> f-string
    log.info(text)


def percent_before():
    log.info("is %s" % STATE)  # -> f-string


def as_text():
    log.info("is " + str(STATE))  # -> f-string


class Connection:
    def close(self):
        log.info("closing", extra={"state": STATE})  # -> extra.state


def method():
    Connection().close()


def plain():
    log.info("%s %d", "connected", 1, extra={"state": "connected", "ctx": {"a": [1]}})


FUNCTIONS = [
    value for value in list(vars().values()) if callable(value) and getattr(value, "__module__", "") == __name__
]
FUNCTIONS = [function for function in FUNCTIONS if function not in (Adapter, Connection, logged)]
