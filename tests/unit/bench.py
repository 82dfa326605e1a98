"""A logger of a test's own, a handler that keeps what it is handed, and pictures of what must not change."""

import itertools
import logging
from contextlib import contextmanager

import shim

_numbers = itertools.count()
_made = []


class Keeper(logging.Handler):
    """Keeps each record as it is when it is emitted, its attributes then, and its line."""

    def __init__(self, fmt=None, formats=True):
        super().__init__()
        self.setFormatter(logging.Formatter(fmt))
        self.formats = formats
        self.records, self.fields, self.lines = [], [], []

    def emit(self, record):
        self.records.append(record)
        self.fields.append(dict(record.__dict__))
        if self.formats:
            self.lines.append(self.format(record))


class Log:
    """A fresh logger with a Keeper; `log.info(...)` and the like are the logger's."""

    def __init__(self, fmt=None, formats=True, logger=None):
        self.logger = logger or logging.getLogger("unit%d" % next(_numbers))  # no parent that would hold it
        self.logger.propagate = False
        self.logger.setLevel(1)
        self.keeper = Keeper(fmt, formats)
        _made.append(self)
        self.logger.addHandler(self.keeper)
        for name in ("debug", "info", "warning", "error", "exception", "log", "handle", "addFilter", "addHandler"):
            setattr(self, name, getattr(self.logger, name))

    @property
    def record(self):
        """The only record so far, as the handler was handed it, perhaps more than once."""
        record = self.keeper.records[0]
        assert all(other is record for other in self.keeper.records)
        return record

    @property
    def line(self):
        (line,) = self.keeper.lines
        return line

    @property
    def lines(self):
        return self.keeper.lines


def forget():
    """Removes all loggers made here: one with a filter makes the shim wrap more at the next installation."""
    while _made:
        log = _made.pop()
        logging.root.manager.loggerDict.pop(log.logger.name, None)
        log.logger.filters = log.keeper.filters = []


@contextmanager
def shimmed(**settings):
    """The shim for a while: a fixture is set up once for all of hypothesis's examples."""
    assert shim.install(shim.Settings(**settings))
    try:
        yield
    finally:
        shim.uninstall()


def field(value, **settings):
    """What an `extra` field with that value is when a handler gets it."""
    log = Log()
    with shimmed(**settings):
        log.info("event", extra={"field": value})
    return log.record.field


def line(message, *args, **settings):
    """The line that a plain formatter writes."""
    log = Log()
    with shimmed(**settings):
        log.info(message, *args)
    return log.line


def is_text(value, expected):
    """Whether `value` is `expected` and exactly a str."""
    return type(value) is str and value == expected


def picture(value):
    """What `value` consists of, by identity, two levels of attributes and all levels of the usual containers."""
    if isinstance(value, dict):
        inner = [(id(key), picture(key), picture(item)) for key, item in dict.items(value)]
    elif isinstance(value, (list, tuple)):
        inner = [picture(item) for item in value]
    elif isinstance(value, (set, frozenset)):
        inner = sorted(id(item) for item in value)
    else:
        inner = None
    return id(value), type(value), inner, sorted(map(repr, getattr(value, "__dict__", {}).items())) if inner else None
