"""Log calls into which faults are injected: between them they reach what of the shim runs in a host."""

import enum
import logging
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from http import HTTPStatus
from types import MappingProxyType

import loguru
import structlog
import wrapt

from shim import Settings
from shim.hooks import google_cloud_logging
from shim.members import as_enum

from .bench import Log
from .members import Access, Color, Level, Msg, Price, Ratio, Role, WebSocketState

STATE = WebSocketState.CONNECTED
Point = namedtuple("Point", "x y")
_MADE = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


OBJECT = object()


class Broken(enum.Enum):
    ONE = 1

    def __str__(self):
        raise ValueError("the author's")


class OwnDict(dict):
    pass


class OwnFiltered(logging.Handler):
    def filter(self, record):
        record.own = STATE
        return True

    def emit(self, record):
        pass


class SubLogger(logging.Logger):
    def makeRecord(self, *args, **kwargs):
        record = super().makeRecord(*args, **kwargs)
        record.made = STATE
        return record


def adding(name, value):
    def add(record):
        setattr(record, name, value)
        return True

    return add


def picture(record):
    """What of a record a fault may leave unconverted."""
    own = {name: value for name, value in vars(record).items() if name not in _MADE}
    return [record.msg, record.args, record.levelno, record.levelname, own]


def logged(call, *filters, handler_filters=(), formats=True, cls=logging.Logger):
    """A step: what a handler got by `call(log)`, and whether a line was made of each record."""

    def step():
        log = Log(formats=formats, logger=cls("unit.faults"))
        for one in filters:
            log.addFilter(one)
        for one in handler_filters:
            log.keeper.addFilter(one)
        call(log)
        return [picture(record) for record in log.keeper.records], len(log.lines) if formats else 0

    return step


def by_factory(log):
    made = logging.getLogRecordFactory()

    def factory(*args, **kwargs):
        record = made(*args, **kwargs)
        record.added = STATE
        return record

    logging.setLogRecordFactory(factory)
    try:
        log.info("event")
    finally:
        logging.setLogRecordFactory(made)


def handled(log):
    log.handle(logging.makeLogRecord({"msg": "%s", "args": (STATE,), "levelno": 20, "field": [STATE]}))
    log.keeper.handle(logging.makeLogRecord({"msg": STATE, "field": {STATE: 1}}))


def own_filtered(log):
    log.addHandler(OwnFiltered())
    log.info("event")


BIG = {"list": [STATE] * 1100, "plain": list(range(5))}
CYCLE = [STATE]
CYCLE.append(CYCLE)
CONTAINERS = {
    "tuple": (STATE, 1),
    "set": {STATE},
    "frozenset": frozenset([STATE, 2]),
    "deque": deque([STATE], maxlen=3),
    "ordered": OrderedDict(a=STATE),
    "default": defaultdict(list, a=STATE),
    "counter": Counter({STATE: 2}),
    "point": Point(STATE, 1),
    "proxy": MappingProxyType({"a": STATE}),
    "own": OwnDict(a=STATE),
    "nested": {"a": [{"b": (STATE, [Level.INFO])}]},
    "keys": {STATE: 1, "connected": 2, (1, STATE): 3},
}

LOGGED = {
    "argument": logged(lambda log: log.info("%s", STATE)),
    "two arguments": logged(lambda log: log.info("%s %r", STATE, Color.RED)),
    "plain": logged(lambda log: log.info("%s", "x", extra={"field": [1, {"a": 2}]})),
    "plain object": logged(lambda log: log.info("%s %s", OBJECT, object, extra={"field": OBJECT})),
    "numbers": logged(lambda log: log.info("%d %*d %.2f %c", HTTPStatus.OK, Level.INFO, 5, Ratio.HALF, HTTPStatus.OK)),
    "decimal": logged(lambda log: log.info("%d %s", Price.LOW, Price.LOW)),
    "mapping": logged(lambda log: log.info("%(a)s %(b)d", {"a": STATE, "b": HTTPStatus.OK, STATE: 1})),
    "surplus": logged(lambda log: log.info("event", STATE), formats=False),
    "container argument": logged(lambda log: log.info("%s %s", [STATE], {"a": {STATE}})),
    "field": logged(lambda log: log.info("event", extra={"field": STATE})),
    "fields": logged(lambda log: log.info("event", extra={"a": Color.RED, "b": Role.ADMIN, "c": Access.EXEC})),
    "combined": logged(lambda log: log.info("event", extra={"a": Access.READ | Access.EXEC, "b": ~Access.EXEC})),
    "author raises": logged(lambda log: log.info("event", extra={"a": Broken.ONE})),
    "class": logged(lambda log: log.info("event", extra={"a": WebSocketState, "b": wrapt.ObjectProxy(STATE)})),
    "names": logged(lambda log: log.info("event", extra={STATE: 1, "other": STATE}), formats=False),
    "message": logged(lambda log: log.info(STATE)),
    "message catalogue": logged(lambda log: log.info(Msg.STARTED, STATE)),
    "message dict": logged(lambda log: log.info({"state": STATE})),
    "plain message dict": logged(lambda log: log.info({"state": 1})),
    "level": logged(lambda log: log.log(Level.NOTICE, "event")),
    "big": logged(lambda log: log.info("event", extra=BIG)),
    "cycle": logged(lambda log: log.info("event", extra={"cycle": CYCLE})),
    "filter": logged(lambda log: log.info("event"), adding("added", STATE), adding("later", [STATE])),
    "handler filter": logged(lambda log: log.info("event"), handler_filters=[adding("added", STATE), adding("b", 1)]),
    "plain filter": logged(lambda log: log.info("event"), adding("added", 1), handler_filters=[adding("b", 1)]),
    "factory": logged(by_factory),
    "handled": logged(handled),
    "own filter": logged(own_filtered),
    "subclass": logged(lambda log: log.info("%s", STATE), cls=SubLogger),
    "adapter": logged(lambda log: logging.LoggerAdapter(log.logger, {"a": STATE}).info("%s", STATE)),
}
LOGGED.update(
    {name: logged(lambda log, value=value: log.info("event", extra={"a": value})) for name, value in CONTAINERS.items()}
)


class Target:
    """What a structlog logger hands its result to."""

    def __init__(self):
        self.called = []

    def info(self, *args, **kwargs):
        self.called.append((args, kwargs))


def by_structlog(call, *processors):
    def step():
        target = Target()
        wrapper = structlog.make_filtering_bound_logger(0)
        call(structlog.wrap_logger(target, processors=list(processors), wrapper_class=wrapper))
        return target.called

    return step


def add(_, __, event_dict):
    return {**event_dict, "added": [STATE]}


_latest = []  # whose messages the one handler adds to


def by_loguru(call, is_new=False, **options):
    """is_new: its handler is made each time, which takes longer than all the rest."""
    messages = []

    def add():
        loguru.logger.remove()
        loguru.logger.add(messages.append, catch=False, **{"format": "{message}", **options})

    def step():
        messages.clear()
        if is_new or not _latest or _latest[0] is not messages:
            _latest[:] = [messages]
            add()
        call(loguru.logger)
        records = [message.record for message in messages]
        return [[record["message"], record["extra"], record["line"], record["function"]] for record in records]

    return step


def patched(record):
    record["extra"]["patched"] = STATE


class Api:
    """A transport of google-cloud-logging's: what its client hands it is written."""

    def __init__(self):
        self.written = []

    def write_entries(self, *args, **kwargs):
        self.written.append((args, kwargs))


def by_google(patches, entry, **settings):
    writer = google_cloud_logging._Writer(Settings(**settings), patches)
    wrapper = google_cloud_logging._write_entries_wrapper(patches, writer)

    def step():
        api = Api()
        wrapper(api.write_entries, api, ([entry],), {"labels": {"a": STATE}})
        return api.written

    return step


OTHERS = {
    "structlog": by_structlog(lambda log: log.bind(a=STATE).info("event", b=[STATE]), add),
    "structlog arguments": by_structlog(lambda log: log.info("%s %d", STATE, HTTPStatus.OK)),
    "structlog plain": by_structlog(lambda log: log.info("event", a=1)),
    "loguru": by_loguru(lambda log: log.bind(a=STATE).info("{} {:d} {a}", STATE, HTTPStatus.OK, a=[STATE])),
    "loguru access": by_loguru(lambda log: log.info("{0.value} {1}", STATE, STATE)),
    "loguru colors": by_loguru(lambda log: log.opt(colors=True).info("<red>{}</red>", STATE)),
    "loguru patched": by_loguru(lambda log: log.patch(patched).info("event"), filter=lambda record: True),
    "loguru handler": by_loguru(lambda log: log.info("event"), is_new=True, filter=lambda record: True),
    "loguru plain": by_loguru(lambda log: log.info("event {}", 1)),
}


def rendered_steps(cls):
    """cls: an enum class that ENUM_LOG_SHIM_TEXT names."""
    return {"str": lambda: [str(cls.ONE)], "format": lambda: [f"{cls.ONE}", f"{cls.ONE:>5}"]}


def is_between(got, off, on):
    """Whether `got` is what it is without the shim, or with it, or in each of its parts one of both."""
    if got is off or (type(got) is type(on) and got == on) or (type(got) is type(off) and got == off):
        return True
    if type(got) is str:  # an enum's text, by another rule or of another part; a key or a line that is half of each
        return as_enum(off) is not None or (type(off) is str and type(on) is str)
    if type(got) is not type(off) or not hasattr(got, "__len__") or len(got) != len(off):
        return False
    if isinstance(got, (set, frozenset)):
        return all(part in off or part in on for part in got)
    if hasattr(got, "items"):
        return _parts_are([*got, *got.values()], [*off, *off.values()], [*on, *on.values()])
    return _parts_are(list(got), list(off), list(on))


def _parts_are(got, off, on):
    return len(got) == len(off) == len(on) and all(map(is_between, got, off, on))
