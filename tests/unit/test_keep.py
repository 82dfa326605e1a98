"""NUMBERS=keep, and what KEEP leaves alone."""

import enum
import logging
import sys
import types
from http import HTTPStatus

import pytest

from .bench import Log, field, is_text, line
from .members import KINDS, NUMBERS, Color, Level, Perm, Ratio, WebSocketState, params

PLAIN_NUMBERS = {name: kind for name, kind in NUMBERS.items() if name != "decimal-mixin"}


class Kind(enum.Enum):
    AUDIT = 1


class Outer:
    class Kind(enum.IntEnum):
        AUDIT = 1


HERE = __name__


@pytest.mark.parametrize("kind", **params(PLAIN_NUMBERS))
def test_numbers_stay_numbers_in_fields(kind):
    for value in (field(kind.member, keep_numbers=True), field({"a": [kind.member]}, keep_numbers=True)["a"][0]):
        assert type(value) in (int, float)
        assert value == kind.number


@pytest.mark.parametrize("kind", **params({n: k for n, k in KINDS.items() if n not in NUMBERS}))
def test_what_is_no_number_is_text_all_the_same(kind):
    assert is_text(field(kind.member, keep_numbers=True), kind.lower)


def test_numbers_in_keys_and_messages():
    found = field({HTTPStatus.OK: 1, Ratio.HALF: 2, Perm.READ: {Level.INFO}}, keep_numbers=True)
    assert found == {200: 1, 0.5: 2, 1: {20}}
    assert [type(key) for key in found] == [int, float, int]
    assert line({"code": HTTPStatus.OK}, keep_numbers=True) == "{'code': 200}"


def test_numbers_are_text_in_lines():
    assert line("%s %d", HTTPStatus.OK, HTTPStatus.OK, keep_numbers=True) == "ok 200"
    assert line("%(a)s", {"a": HTTPStatus.OK}, keep_numbers=True) == "ok"


def test_numbers_and_style():
    assert field([HTTPStatus.OK, Color.RED], keep_numbers=True, style="full") == [200, "Color.RED"]


def test_a_kept_class_is_left_alone_everywhere(start):
    start(keep_classes=[HERE + ":Kind"])
    log = Log()
    value = {"kind": Kind.AUDIT, Kind.AUDIT: [Kind.AUDIT, Kind]}
    log.info("%s %r", Kind.AUDIT, [Kind.AUDIT], extra={"kind": Kind.AUDIT, "deep": value})
    assert log.record.kind is Kind.AUDIT
    assert log.record.deep is value
    assert log.record.args[0] is Kind.AUDIT
    assert log.line == "%s %r" % (Kind.AUDIT, [Kind.AUDIT])


def test_a_kept_class_as_the_message(start):
    start(keep_classes=[HERE + ":Kind"])
    log = Log()
    log.info(Kind.AUDIT)
    assert log.record.msg is Kind.AUDIT


def test_others_beside_a_kept_class_are_text():
    kept = {"keep_classes": [HERE + ":Kind"]}
    assert field([Kind.AUDIT, WebSocketState.CONNECTED], **kept) == [Kind.AUDIT, "connected"]
    assert field({(Kind.AUDIT, Color.RED): 1}, **kept) == {(Kind.AUDIT, "the color Red"): 1}


def test_a_kept_class_stays_kept_where_keys_collide():
    value = {(Kind.AUDIT, "connected"): 1, (Kind.AUDIT, WebSocketState.CONNECTED): 2}
    found = field(value, keep_classes=[HERE + ":Kind"])
    assert found == {(Kind.AUDIT, "connected"): 1, (Kind.AUDIT, "WebSocketState.CONNECTED"): 2}


@pytest.mark.parametrize("entry", [HERE + ":Outer.Kind", "unit_fake_reexport:Kind", "unit_fake_reexport:deep.Kind"])
def test_a_class_is_kept_where_it_is_defined_and_where_it_is_imported_from(entry, monkeypatch):
    module = types.ModuleType("unit_fake_reexport")
    module.Kind, module.deep = Outer.Kind, Outer
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert field(Outer.Kind.AUDIT, keep_classes=[entry]) is Outer.Kind.AUDIT
    assert field(Kind.AUDIT, keep_classes=[entry]) == "audit"


def test_a_kept_class_whose_module_is_imported_later(start, monkeypatch):
    start(keep_classes=["unit_fake_later:Kind"])
    log = Log()
    log.info("event", extra={"kind": Kind.AUDIT})
    module = types.ModuleType("unit_fake_later")
    module.Kind = Kind
    monkeypatch.setitem(sys.modules, module.__name__, module)
    log.info("event", extra={"kind": Kind.AUDIT})
    assert [record.kind for record in log.keeper.records] == ["audit", Kind.AUDIT]


def test_a_lazy_module_is_not_asked_for_attributes(start, monkeypatch):
    class Lazy(types.ModuleType):
        def __getattr__(self, name):
            raise AssertionError("a log call imports nothing")

    monkeypatch.setitem(sys.modules, "unit_fake_lazy", Lazy("unit_fake_lazy"))
    assert field(Kind.AUDIT, keep_classes=["unit_fake_lazy:Kind"]) == "audit"


def test_a_class_whose_module_is_missing_or_has_no_such_class():
    assert field(Kind.AUDIT, keep_classes=["unit_nowhere:Kind", HERE + ":Nothing", HERE + ":Kind.Nothing"]) == "audit"


def test_a_kept_number():
    kept = {"keep_classes": ["http:HTTPStatus"]}
    assert field(HTTPStatus.OK, **kept) is HTTPStatus.OK
    assert field(HTTPStatus.OK, keep_numbers=True, **kept) is HTTPStatus.OK
    assert line("%d", HTTPStatus.OK, **kept) == "200"


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [("audit", True), ("audit.http", True), ("audit.http.v1", True), ("audits", False), ("app.audit", False)],
)
def test_loggers(name, is_kept, start):
    start(keep_loggers=["audit"])
    log = Log(formats=False, logger=logging.Logger(name))
    log.info("%s", Kind.AUDIT, extra={"kind": Kind.AUDIT})
    assert log.record.kind == (Kind.AUDIT if is_kept else "audit")
    assert log.record.args == ((Kind.AUDIT if is_kept else "audit"),)


def test_a_kept_logger_with_a_filter_and_a_record_that_no_logger_made(start):
    start(keep_loggers=["audit"])
    log = Log(logger=logging.Logger("audit.x"))
    log.addFilter(lambda record: setattr(record, "kind", Kind.AUDIT) or True)
    log.info("event")
    log.keeper.handle(logging.makeLogRecord({"name": "audit", "kind": Kind.AUDIT}))
    assert [record.kind for record in log.keeper.records] == [Kind.AUDIT] * 2
