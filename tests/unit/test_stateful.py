"""Any sequence of log calls and of changes to logging: what comes out is what a second, unwrapped copy of the standard
library gives for the same with the enums replaced beforehand, by a converter that knows nothing of ours."""

import importlib.util
import logging

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import shim

from .members import KINDS

spec = importlib.util.spec_from_file_location("plain_logging", logging.__file__)
plain_logging = importlib.util.module_from_spec(spec)
spec.loader.exec_module(plain_logging)

NAMES = ("stateful", "stateful.a", "stateful.a.b", "stateful.c")
STYLES = {"%": "%(levelname)s %(name)s %(message)s", "{": "{levelname} {message:>20}", "$": "$message $levelno"}
MADE = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class Member:
    """An enum that is yet to be put into a log call: `kind` has its strings."""

    def __init__(self, kind):
        self.kind = kind

    def __repr__(self):
        return "Member(%s)" % (self.kind.full,)


# Values are drawn with `Member`s in them; what is given to which library is made of them.
members = st.sampled_from([Member(kind) for kind in KINDS.values() if kind.value is not None])
numbers = st.sampled_from([Member(kind) for kind in KINDS.values() if isinstance(kind.member, (int, float))])
hashable = members.filter(lambda member: member.kind.hashable)
leaves = st.none() | st.integers(-5, 5) | st.sampled_from(["", "connected", "ä%s{}"]) | members


def containers(inner):
    names = st.sampled_from(["k1", "k2", "k3"])
    keyed = st.tuples(st.dictionaries(names, inner, max_size=2), hashable, inner)
    return (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(names, inner, max_size=3)
        | keyed.map(lambda drawn: {**drawn[0], drawn[1]: drawn[2]})
        | hashable.map(lambda member: frozenset([member]))
    )


values = st.recursive(leaves, containers, max_leaves=6)
extras = st.dictionaries(st.sampled_from(["field", "other"]), values, max_size=2)
calls = (
    st.tuples(st.just("plain %s") | members, st.just(()))
    | st.tuples(st.sampled_from(["%s", "%r|", "%-30s!"]), st.tuples(values))
    | st.tuples(st.just("%d %s %5.1f"), st.tuples(numbers, values, numbers))
    | st.tuples(st.just("%x %c"), st.tuples(st.just(Member(KINDS["int-enum"])), st.just(Member(KINDS["int-enum"]))))
    | st.tuples(st.just("%(a)s %(b)d"), st.tuples(st.fixed_dictionaries({"a": values, "b": numbers})))
    | st.tuples(st.dictionaries(st.sampled_from("ab"), values, max_size=2) | st.lists(values, max_size=2), st.just(()))
)
levels = st.sampled_from([10, 20, 30, Member(KINDS["int-enum"]), Member(KINDS["http-status"])])
names = st.sampled_from(NAMES)
attributes = st.sampled_from(["added", "later"])


def made_of(value, member):
    """`value` with `member(kind)` for each enum in it."""
    if isinstance(value, Member):
        return member(value.kind)
    if isinstance(value, dict):
        return {made_of(key, member): made_of(part, member) for key, part in value.items()}
    if isinstance(value, (list, tuple, frozenset)):
        return type(value)(made_of(part, member) for part in value)
    return value


def given(value):
    return made_of(value, lambda kind: kind.member)


class Sink:
    """What a handler of either library was handed."""

    def __init__(self):
        self.seen = []


def handler_of(library, sink, style, level, is_quiet):
    class Keeper(library.Handler):
        def emit(self, record):
            own = {name: value for name, value in vars(record).items() if name not in MADE}
            line = "" if is_quiet else self.format(record)
            shown = (record.levelno, record.levelname, record.args, record.msg, own)
            sink.seen.append((record.name, line, *map(repr, shown)))

    handler = Keeper(level)
    handler.setFormatter(library.Formatter(STYLES[style], style=style))
    return handler


class Dropping:
    def filter(self, record):
        return record.lineno % 2 == 0 or record.levelno > 20


def adding(name, value):
    def add(record):
        setattr(record, name, value)
        return True

    return add


def reading(sink):
    """A filter that looks at what the ones before it have added."""

    def read(record):
        sink.seen.append([repr(value) for name, value in vars(record).items() if name in ("added", "later", "made")])
        return True

    return read


class Libraries(RuleBasedStateMachine):
    """Each rule does the same to both."""

    @initialize(style=st.sampled_from([None, "name", "value", "full"]), keeps_numbers=st.booleans())
    def start(self, style, keeps_numbers):
        self.settings = {"style": style, "keep_numbers": keeps_numbers}
        self.style = style or "lower"
        self.made = []
        self.count = 0
        assert shim.install(shim.Settings(**self.settings))
        self.last_resorts = {}
        for library in (logging, plain_logging):
            library.getLogger(NAMES[0]).propagate = False
            library.lastResort, self.last_resorts[library] = library.NullHandler(), library.lastResort

    def teardown(self):
        shim.uninstall()
        for library in (logging, plain_logging):
            library.setLogRecordFactory(library.LogRecord)
            library.lastResort = self.last_resorts[library]
            for name in NAMES:
                library.Logger.manager.loggerDict.pop(name, None)

    # What the specification makes of a value.

    def field(self, value):
        return made_of(value, self._of_field) if shim.installed() else given(value)

    def argument(self, value):
        return made_of(value, self._text) if shim.installed() else given(value)

    def _text(self, kind):
        return getattr(kind, self.style)

    def _of_field(self, kind):
        is_kept = self.settings["keep_numbers"] and isinstance(kind.member, (int, float))
        return kind.number if is_kept else self._text(kind)

    def number(self, member):
        return member.kind.number if shim.installed() else given(member)

    def message(self, value):
        if not isinstance(value, Member) or not shim.installed():
            return self.field(value)
        kind = value.kind
        return str(kind.member) if isinstance(kind.member, str) else self._text(kind)

    def arguments(self, message, args):
        if not isinstance(message, str) or not args:
            return args
        if message.startswith("%("):
            of = {"a": self.argument, "b": self.number}
            return ({key: of[key](value) for key, value in args[0].items()},)
        if message == "%x %c":
            return tuple(self.number(arg) for arg in args)
        if len(args) == 3:
            return (self.number(args[0]), self.argument(args[1]), self.number(args[2]))
        return tuple(self.argument(arg) for arg in args)

    def level(self, level):
        return self.number(level) if isinstance(level, Member) else level

    # What happens to both.

    def both(self, act):
        """`act(library, convert)` for each, in one line: some filters look at its number."""
        for library, is_shimmed in ((logging, True), (plain_logging, False)):
            act(library, is_shimmed)

    @rule(name=names, level=st.sampled_from([0, 10, 25]), propagate=st.booleans(), disabled=st.booleans())
    def configure(self, name, level, propagate, disabled):
        def act(library, _):
            logger = library.getLogger(name)
            logger.setLevel(level or (1 if name == NAMES[0] else 0))
            logger.propagate = propagate and name != NAMES[0]
            logger.disabled = disabled and name == NAMES[3]

        self.both(act)

    @rule(name=names, style=st.sampled_from([*STYLES]), level=st.sampled_from([0, 15, 30]), is_quiet=st.booleans())
    def add_handler(self, name, style, level, is_quiet):
        sinks = Sink(), Sink()

        def act(library, is_shimmed):
            handler = handler_of(library, sinks[not is_shimmed], style, level, is_quiet)
            library.getLogger(name).addHandler(handler)
            self.made.append((sinks, handler))

        self.both(act)

    def _filterers(self, name, on_handler):
        for library, is_shimmed in ((logging, True), (plain_logging, False)):
            logger = library.getLogger(name)
            yield (logger.handlers[-1] if on_handler and logger.handlers else logger), is_shimmed

    @rule(name=names, on_handler=st.booleans(), kind=st.sampled_from(["drop", "read"]))
    def add_filter(self, name, on_handler, kind):
        sinks = Sink(), Sink()
        for filterer, is_shimmed in self._filterers(name, on_handler):
            filterer.addFilter(Dropping() if kind == "drop" else reading(sinks[not is_shimmed]))
        self.made.append((sinks, None))

    @rule(name=names, on_handler=st.booleans(), attribute=attributes, value=values)
    @precondition(lambda self: shim.installed())
    def add_adding_filter(self, name, on_handler, attribute, value):
        for filterer, is_shimmed in self._filterers(name, on_handler):
            filterer.addFilter(adding(attribute, given(value) if is_shimmed else self.field(value)))

    @rule(value=values)
    @precondition(lambda self: shim.installed())
    def set_factory(self, value):
        def act(library, is_shimmed):
            made = given(value) if is_shimmed else self.field(value)

            def factory(*args, **kwargs):
                record = library.LogRecord(*args, **kwargs)
                record.made = made
                return record

            library.setLogRecordFactory(factory)

        self.both(act)

    def _call(self, name, level, call, extra, is_shimmed):
        """What to log: the same objects as the host has, or what the specification makes of them."""
        message, args = call
        if is_shimmed:
            return given(level), given(message), given(args), given(extra)
        fields = {key: self.field(value) for key, value in extra.items()}
        return self.level(level), self.message(message), self.arguments(message, args), fields

    @rule(name=names, level=levels, call=calls, extra=extras)
    def log(self, name, level, call, extra):
        def act(library, is_shimmed):
            number, message, args, fields = self._call(name, level, call, extra, is_shimmed)
            library.getLogger(name).log(number, message, *args, extra=fields)

        self.both(act)
        self.count += 1

    @rule(name=names, level=levels, call=calls, extra=extras)
    def log_with_an_adapter(self, name, level, call, extra):
        def act(library, is_shimmed):
            number, message, args, fields = self._call(name, level, call, extra, is_shimmed)
            library.LoggerAdapter(library.getLogger(name), fields).log(number, message, *args)

        self.both(act)

    @rule(name=names, call=calls, extra=extras, on_handler=st.booleans())
    def handle(self, name, call, extra, on_handler):
        def act(library, is_shimmed):
            _, message, args, fields = self._call(name, 20, call, extra, is_shimmed)
            args = args[0] if len(args) == 1 and isinstance(args[0], dict) and args[0] else args
            made = {"name": name, "levelno": 20, "levelname": "INFO", "msg": message, "args": args, **fields}
            record = library.makeLogRecord(made)
            logger = library.getLogger(name)
            (logger.handlers[0] if on_handler and logger.handlers else logger).handle(record)

        self.both(act)

    @rule()
    def uninstall_and_install(self):
        shim.uninstall()
        assert shim.install(shim.Settings(**self.settings))

    @invariant()
    def both_have_seen_the_same(self):
        for (shimmed, plain), _ in getattr(self, "made", ()):
            assert shimmed.seen == plain.seen


Libraries.TestCase.settings = settings(max_examples=2 * settings.default.max_examples, stateful_step_count=30)
TestLibraries = Libraries.TestCase
