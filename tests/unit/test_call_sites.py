"""The recorded list names the file, line, function and place that a person would point at, and how often."""

import ast
import copy
import inspect
import logging
import re
from pathlib import Path

import pytest

import shim
from shim.places import _items, in_value

from . import call_sites
from .bench import Log
from .members import Color

MODES = pytest.mark.parametrize("mode", ["on", "observe"])
TEXT = [f"{call_sites.WebSocketState.__module__}:WebSocketState"]
SOURCE = Path(call_sites.__file__).read_text(encoding="utf-8")


def expected(function):
    """{(line, function, place): calls}, as the comments in the source of `function` and what it calls say."""
    found = {}
    sources = {"decorated": (call_sites.logged,), "method": (call_sites.Connection,)}.get(function.__name__, ())
    for each in (function, *sources):
        lines, first = inspect.getsourcelines(each)
        for number, line in enumerate(lines, first):
            _, arrow, places = line.rstrip("\n").partition("  # -> ")
            for place in places.split("; ") if arrow else ():
                name, _, calls = place.partition(" (")
                found[number, within(number), name] = int(calls.partition(" ")[0] or 1)
    return found


def within(line):
    """The innermost function around a line."""
    functions = [node for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.FunctionDef)]
    around = [node for node in functions if node.lineno <= line <= node.end_lineno]
    return max(around, key=lambda node: node.lineno).name


@pytest.fixture
def handler():
    """On the root logger, so that all is handled."""
    handler = logging.NullHandler()
    logging.getLogger().addHandler(handler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(1)
    yield handler
    logging.getLogger().setLevel(level)
    logging.getLogger().removeHandler(handler)


@MODES
@pytest.mark.parametrize("function", call_sites.FUNCTIONS, ids=lambda function: function.__name__)
def test_the_places_that_a_person_would_point_at(start, handler, mode, function):
    start(mode=mode, sites="", text_classes=TEXT)
    function()
    seen = shim.recorded()
    assert {(line, name, place): calls for (_, line, name, _, place, _), calls in seen.items()} == expected(function)
    assert {site[0] for site in seen} <= {call_sites.__file__}
    assert bool(seen) == (function is not call_sites.plain)


def test_the_corpus_is_whole():
    assert len(call_sites.FUNCTIONS) == 32
    assert len(re.findall(r"# -> ", SOURCE)) == 32


@MODES
def test_logger_and_class(start, handler, mode):
    start(mode=mode, sites="", text_classes=TEXT)
    call_sites.arguments()
    call_sites.f_string()
    module = Color.__module__
    assert [(site[3], site[5]) for site in shim.recorded()] == [
        ("unit.call_sites", f"{module}:WebSocketState"),
        ("unit.call_sites", f"{module}:Color"),
        ("", f"{module}:WebSocketState"),
    ]


@MODES
def test_many_handlers_and_copies_count_once(start, mode):
    start(mode=mode, sites="")
    log, other = Log(formats=False), Log(formats=False)

    class Copying(logging.Handler):
        def emit(self, record):
            other.logger.handle(copy.copy(record))

    log.addHandler(Copying())
    log.addHandler(logging.NullHandler())
    for _ in range(4):
        log.info("%s", Color.RED, extra={"color": Color.RED})
    assert sorted((site[4], calls) for site, calls in shim.recorded().items()) == [("args[0]", 4), ("extra.color", 4)]


def test_observing_changes_nothing(start):
    start(mode="observe", sites="", text_classes=TEXT)
    log, fields = Log(), {"state": call_sites.STATE, "ctx": {call_sites.STATE: [call_sites.STATE]}}
    log.info("%s %r", call_sites.STATE, call_sites.STATE, extra=fields)
    assert log.line == "WebSocketState.CONNECTED <WebSocketState.CONNECTED: 1>"
    assert log.record.state is fields["state"]
    assert log.record.ctx is fields["ctx"]
    assert f"{call_sites.STATE} {call_sites.STATE!s:>26}" == "WebSocketState.CONNECTED   WebSocketState.CONNECTED"


@MODES
def test_what_is_kept_is_no_site(start, handler, mode):
    start(mode=mode, sites="", keep_classes=[f"{Color.__module__}:Color"], keep_loggers=["unit.quiet"])
    logging.getLogger("unit.quiet").info("%s", call_sites.STATE)
    logging.getLogger("unit.loud").info("%s %s", Color.RED, call_sites.STATE)
    assert [site[3:5] for site in shim.recorded()] == [("unit.loud", "args[1]")]


def test_a_record_that_nobody_logged(start):
    start(sites="")
    log = Log(formats=False)
    log.handle(logging.makeLogRecord({"msg": "x", "levelno": 20, "state": call_sites.STATE}))
    assert list(shim.recorded()) == [("", 0, None, None, "extra.state", f"{Color.__module__}:WebSocketState")]


def test_a_recorder_that_fails_changes_no_line(start, monkeypatch, capsys):
    start(sites="", debug=True, text_classes=TEXT)

    def fail(*_):
        raise MemoryError("no more")

    monkeypatch.setattr("shim.sites.Sites.add", fail)
    log = Log(formats=False)
    log.info("%s", call_sites.STATE, extra={"state": call_sites.STATE, "ctx": [call_sites.STATE]})
    assert (log.record.args, log.record.state, log.record.ctx) == (("connected",), "connected", ["connected"])
    assert f"{call_sites.STATE}" == "connected"
    assert capsys.readouterr().err.count("a call site is not recorded: MemoryError: no more") == 1


def test_nothing_is_recorded_unless_asked_for(start):
    start()
    Log(formats=False).info("%s", call_sites.STATE)
    assert shim.recorded() == {}


@MODES
def test_structlog(start, mode):
    structlog = pytest.importorskip("structlog")
    called = []
    processors = [structlog.contextvars.merge_contextvars, lambda _, __, event: {**event, "c": Color.RED}]
    bound = structlog.wrap_logger(
        structlog.ReturnLogger(), processors=[*processors, lambda *a: called.append(a) or "x"]
    )
    start(mode=mode, sites="")
    for _ in range(2):
        bound.bind(a=Color.RED).info("event", b=[Color.RED])
    line = inspect.currentframe().f_lineno - 1
    found = {(site[0], site[1], site[4]): calls for site, calls in shim.recorded().items()}
    places = ('event["a"]', 'event["b"][0]', 'event["c"]')
    assert found == {(__file__, line, place): 2 for place in places}
    assert all((event["a"] is Color.RED) == (mode == "observe") for _, _, event in called)


@MODES
def test_loguru(start, mode):
    loguru = pytest.importorskip("loguru")
    lines = []
    loguru.logger.remove()
    number = loguru.logger.add(lines.append, format="{message} {extra[b]}")
    start(mode=mode, sites="")
    loguru.logger.bind(b=call_sites.STATE).info("a {} {c}", call_sites.STATE, c=call_sites.STATE)
    line = inspect.currentframe().f_lineno - 1
    loguru.logger.remove(number)
    found = {(site[0], site[1], site[4]): calls for site, calls in shim.recorded().items()}
    assert found == {(__file__, line, place): 1 for place in ("args[0]", 'extra["b"]', 'extra["c"]')}
    assert lines == (
        ["a connected connected connected\n"] if mode == "on" else ["a %s %s %s\n" % ((call_sites.STATE,) * 3)]
    )


def test_a_cycle_and_a_big_structure_take_no_longer_than_a_small_one(start):
    cycle = {"state": call_sites.STATE}
    cycle["again"] = [cycle, {"up": cycle}]
    start(sites="")
    log = Log(formats=False)
    log.info("x", extra={"ctx": cycle})
    assert [site[4] for site in shim.recorded()] == ['extra.ctx["state"]']
    log.info("x", extra={"big": {"k%d" % number: call_sites.STATE for number in range(1000)}})
    assert len(shim.recorded()) == 1 + 20


def places():
    return {site[4]: calls for site, calls in shim.recorded().items()}


@MODES
def test_structlog_over_logging_counts_once(start, handler, mode):
    structlog = pytest.importorskip("structlog")
    bound = structlog.wrap_logger(
        logging.getLogger("unit.over"),
        processors=[structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    start(mode=mode, sites="")
    bound.info("event", state=call_sites.STATE)
    assert places() == {'event["state"]': 1}


@MODES
def test_what_a_formatter_renders_is_no_site_of_its_own(start, mode):
    class Rendering(logging.Formatter):
        def format(self, record):
            return f"{record.state}"

    start(mode=mode, sites="", text_classes=TEXT)
    log = Log()
    log.keeper.setFormatter(Rendering())
    log.info("x", extra={"state": call_sites.STATE})
    assert places() == {"extra.state": 1}


@MODES
def test_a_patcher_of_loguru_counts_once(start, mode):
    loguru = pytest.importorskip("loguru")
    loguru.logger.remove()
    number = loguru.logger.add(lambda line: None)
    start(mode=mode, sites="")
    patched = loguru.logger.patch(lambda record: None)
    loguru.logger.configure(patcher=lambda record: None)
    patched.bind(b=call_sites.STATE).info("a")
    loguru.logger.configure(patcher=lambda record: None)
    loguru.logger.remove(number)
    assert places() == {'extra["b"]': 1}


def test_where_something_was_left_out():
    given = {"a": call_sites.STATE, "b": [call_sites.STATE], "c": 1}
    found = in_value(given, {"b": ["connected"], "c": 1}, "x")
    assert [place for place, _ in found] == ['x["a"]', 'x["b"][0]']


def test_a_part_is_seen_once_and_no_more_than_enough(monkeypatch):
    old, new = {"state": call_sites.STATE}, {"state": "connected"}
    old["again"], new["again"] = [old], [new]
    seen = []
    monkeypatch.setattr("shim.places._items", lambda *pair: seen.append(pair) or _items(*pair))
    assert [place for place, _ in in_value(old, new, "x")] == ['x["state"]']
    assert len(seen) == 1
    many = {str(number): [call_sites.STATE] for number in range(1000)}
    assert len(in_value(many, {key: ["connected"] for key in many}, "x")) == 50
