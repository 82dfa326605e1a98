"""What google-cloud-logging's entries are written as. Its real client is in `tests/real/test_google_cloud.py`."""

import copy
import enum
import logging
import sys
import types
from collections import OrderedDict
from http import HTTPStatus

import pytest

from shim import Settings
from shim.hooks import google_cloud_logging
from shim.hooks.google_cloud_logging import _Writer
from shim.patching import Patches
from shim.record import Cleaner

from .bench import is_text
from .members import KINDS, NUMBERS, Color, Level, Ratio, Role, WebSocketState, params

STATE = WebSocketState.CONNECTED


def written(entry, **settings):
    """`entry` as it is written."""
    ((entries,), _) = _Writer(Settings(**settings), Patches()).written(([entry],), {})
    return entries[0]


@pytest.mark.parametrize("kind", **params(KINDS))
@pytest.mark.parametrize("name", ["jsonPayload", "labels", "resource", "operation", "protoPayload"])
def test_what_is_nested(kind, name):
    new = written({name: {"a": kind.member, "b": {"c": [kind.member]}}})
    assert is_text(new[name]["a"], kind.lower)
    assert is_text(new[name]["b"]["c"][0], kind.lower)


@pytest.mark.parametrize("kind", **params(KINDS))
@pytest.mark.parametrize("name", ["textPayload", "insertId", "trace", "spanId", "logName"])
def test_what_is_a_string(kind, name):
    assert is_text(written({name: kind.member})[name], kind.lower)


@pytest.mark.parametrize("kind", **params({name: kind for name, kind in NUMBERS.items() if name != "decimal-mixin"}))
def test_numbers_are_kept_in_payloads_only(kind):
    new = written({"jsonPayload": {"a": kind.member}, "labels": {"a": kind.member}}, keep_numbers=True)
    assert new == {"jsonPayload": {"a": kind.number}, "labels": {"a": kind.lower}}
    assert type(new["jsonPayload"]["a"]) in (int, float)


def test_defaults_of_a_batch():
    args, kwargs = [{"labels": {"a": STATE}}], {"labels": {STATE: STATE}, "resource": None, "partial_success": True}
    before = copy.deepcopy((args, kwargs))
    new = _Writer(Settings(), Patches()).written((args,), kwargs)
    assert new == (([{"labels": {"a": "connected"}}],), {**kwargs, "labels": {"connected": "connected"}})
    assert (args, kwargs) == before


def test_an_entry_without_an_enum_is_the_same_object():
    plain = {"severity": 300, "httpRequest": {"status": 200}, "jsonPayload": {"a": [1]}, "labels": None}
    entries = [plain]
    kwargs = {"labels": {"a": "b"}}
    ((new,), rest) = _Writer(Settings(), Patches()).written((entries,), kwargs)
    assert new is entries
    assert rest["labels"] is kwargs["labels"]
    ((new,), _) = _Writer(Settings(), Patches()).written(([plain, {"textPayload": STATE}],), {})
    assert new[0] is plain


@pytest.mark.parametrize("depth", [1, 5, 49, 50, 51, 200])
def test_what_is_deep_and_what_is_wide(depth):
    for innermost, expected in (
        (STATE, "connected"),
        (1, 1),
        ({STATE: 1}, {"connected": 1}),
        ((STATE,), ("connected",)),
    ):
        deep, wanted = innermost, expected
        for _ in range(depth):
            deep, wanted = {"a": [deep]}, {"a": [wanted]}
        assert written({"jsonPayload": deep}) == {"jsonPayload": wanted}
        wide = {"jsonPayload": {"a": [{"b": 1}] * depth, "z": innermost}}
        assert written(wide)["jsonPayload"]["z"] == expected


def test_a_structure_that_holds_itself():
    cycle = {"a": 1}
    cycle["self"] = [cycle]
    entry = {"jsonPayload": cycle}
    assert written(entry) is entry
    new = written({"jsonPayload": cycle, "textPayload": STATE})
    assert new["textPayload"] == "connected"
    assert new["jsonPayload"] is cycle


class Severity(enum.Enum):
    ERROR = 7
    LOUD = "warning"
    HIGH = 800
    STRANGE = "strange"
    ODD = 150
    NONE = None


class SpokenSeverity(enum.Enum):
    LOW = 1

    def __str__(self):
        return "Info"


class TextSeverity(str, enum.Enum):
    BAD = "critical"
    STRANGE = "strange"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Severity.ERROR, "ERROR"),
        (Severity.LOUD, "WARNING"),
        (Severity.HIGH, 800),
        (Severity.STRANGE, "DEFAULT"),
        (Severity.ODD, "DEFAULT"),
        (Severity.NONE, "DEFAULT"),
        (Severity, "DEFAULT"),
        (SpokenSeverity.LOW, "INFO"),
        (TextSeverity.BAD, "CRITICAL"),
        (TextSeverity.STRANGE, "DEFAULT"),
        (Level.INFO, 20),
        (HTTPStatus.OK, 200),
        ("bogus", "bogus"),
        (7, 7),
        (None, None),
    ],
)
def test_severities(given, expected):
    new = written({"severity": given})["severity"]
    assert new == expected
    assert type(new) is type(expected)


@pytest.mark.parametrize("style", ["lower", "name", "value", "full"])
def test_a_severity_is_found_under_every_style(style):
    assert written({"severity": Severity.ERROR}, style=style) == {"severity": "ERROR"}
    assert written({"severity": Severity.LOUD}, style=style) == {"severity": "WARNING"}


@pytest.mark.parametrize("key", ["status", "requestSize", "request_size", "cacheFillBytes"])
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (HTTPStatus.OK, [200]),
        (Ratio.HALF, [0.5]),
        (STATE, [1]),
        (Role.ADMIN, []),
        (WebSocketState, []),
        (None, [None]),
        ("200", ["200"]),
    ],
)
def test_numbers_of_a_request(key, given, expected):
    new = written({"httpRequest": {key: given, "requestMethod": STATE, "userAgent": None}})["httpRequest"]
    assert new == {**dict(zip([key], expected)), "requestMethod": "connected", "userAgent": None}
    assert not isinstance(new.get(key), enum.Enum)


def test_a_request_whose_keys_are_members():
    class Field(enum.Enum):
        STATUS = 1

    assert written({"httpRequest": {Field.STATUS: HTTPStatus.OK}})["httpRequest"] == {"status": 200}


def test_what_is_kept():
    kept = {"keep_classes": ["%s:WebSocketState" % WebSocketState.__module__]}
    entry = {"severity": STATE, "httpRequest": {"status": STATE}, "textPayload": STATE}
    assert written(entry, **kept) is entry
    assert written({"textPayload": Color.RED}, **kept) == {"textPayload": "the color Red"}


@pytest.mark.parametrize(
    ("log", "is_kept"),
    [
        ("projects/p/logs/app", True),
        ("projects/p/logs/app.child", True),
        ("projects/p/logs/apple", False),
        ("app", False),
    ],
)
def test_loggers_that_are_kept(log, is_kept):
    entry = {"logName": log, "textPayload": STATE}
    settings = {"keep_loggers": ["app"]}
    assert (written(entry, **settings) is entry) == is_kept
    batch = {"logger_name": log, "labels": {"a": STATE}}
    ((entries,), rest) = _Writer(Settings(**settings), Patches()).written(([{"textPayload": STATE}],), batch)
    assert (rest is batch) == (entries[0]["textPayload"] is STATE) == is_kept


class Hostile(dict):
    def items(self):
        raise RuntimeError("the host's")


@pytest.mark.parametrize(
    "entries",
    [None, 5, "x", (one for one in [1]), [None, 5, STATE], [Hostile(a=STATE)]],
    ids=lambda entries: type(entries).__name__,
)
def test_what_is_no_list_of_entries_goes_through(entries):
    patches, other = Patches(), object()
    wrapper = google_cloud_logging._write_entries_wrapper(patches, _Writer(Settings(), patches))
    new_args, new_kwargs = wrapper(lambda *args, **kwargs: (args, kwargs), None, (entries,), {"other": other})
    assert new_args[0] is entries
    assert new_kwargs["other"] is other
    assert wrapper(lambda *args, **kwargs: (args, kwargs), None, (), {}) == ((), {})


def test_other_mappings():
    new = written({"httpRequest": OrderedDict(status=HTTPStatus.OK), "labels": types.MappingProxyType({"a": STATE})})
    assert new["httpRequest"] == {"status": 200}
    assert new["labels"] == {"a": "connected"}
    assert type(new["labels"]) is types.MappingProxyType


class Api:
    """As the library's transports are."""

    def write_entries(self, entries, logger_name=None):
        """Its own."""
        return entries, logger_name


class Logger:
    name = "main"

    def log(self, message=None, **kw):
        return message, kw


class Batch:
    logger = Logger()

    def log(self, message=None, **kw):
        return message, kw


@pytest.fixture
def library():
    """A stand-in for the modules, with those that a release has."""
    made = []

    def make(**modules):
        for name, namespace in modules.items():
            module = types.ModuleType("unit_fake_cloud." + name)
            vars(module).update(namespace)
            sys.modules[module.__name__] = module
            made.append(module.__name__)
        return sys.modules["unit_fake_cloud.client"]

    yield make
    for name in made:
        del sys.modules[name]


def test_wrapped_and_undone(library):
    client = library(client={}, _http={"_LoggingAPI": Api}, logger={"Logger": Logger, "Batch": Batch})
    before = [dict(vars(owner)) for owner in (Api, Logger, Batch)]
    patches = Patches()
    assert google_cloud_logging.wrap(client, patches, Settings(keep_loggers=["kept"])) == ""
    entries = [{"textPayload": STATE}]
    assert Api().write_entries(entries) == ([{"textPayload": "connected"}], None)
    assert entries == [{"textPayload": STATE}]
    over = Api.write_entries
    for owner in Logger(), Batch():
        assert owner.log(STATE, a=STATE) == ("connected", {"a": STATE})
        assert owner.log(message=STATE) == ("connected", {})
        assert owner.log({"a": STATE}) == ({"a": STATE}, {})
        assert owner.log() == (None, {})
    own = Logger()
    own.name = "kept.child"
    assert own.log(STATE) == (STATE, {})
    with pytest.raises(TypeError):
        Logger().log(STATE, STATE, STATE)
    patches.undo()
    assert [dict(vars(owner)) for owner in (Api, Logger, Batch)] == before
    assert over(Api(), entries)[0] is entries


@pytest.mark.parametrize(
    "modules",
    [
        {},
        {"_http": {}},
        {"_http": {"_LoggingAPI": object}},
        {"_http": {"_LoggingAPI": Api}, "_gapic": {}},
        {"_gapic": {"_LoggingAPI": object}, "_http": {"_LoggingAPI": Api}},
    ],
    ids=repr,
)
def test_an_inside_that_has_changed_is_a_reason_and_no_wrapper(library, modules):
    client = library(client={}, logger={"Logger": Logger}, **modules)
    patches = Patches()
    assert google_cloud_logging.wrap(client, patches, Settings()).startswith("its inside has changed")
    assert patches.names() == []


def test_a_release_without_log(library):
    patches = Patches()
    client = library(client={}, _http={"_LoggingAPI": Api}, logger={"Logger": object})
    assert google_cloud_logging.wrap(client, patches, Settings()) == ""
    assert len(patches.names()) == 1
    patches.undo()


@pytest.mark.parametrize("settings", [{}, {"keep_numbers": True}, {"style": "full"}], ids=str)
def test_a_records_request_is_that_of_an_entry(library, settings):
    client = library(client={}, _http={"_LoggingAPI": Api}, logger={"Logger": Logger})
    patches, settings = Patches(), Settings(**settings)
    cleaner = Cleaner(settings, patches)
    assert google_cloud_logging.wrap(client, patches, settings) == ""
    request = {"status": HTTPStatus.OK, "responseSize": Level.NOTICE, "requestMethod": Role.ADMIN}
    record = logging.makeLogRecord({"http_request": request, "request": request, "other": HTTPStatus.OK})
    cleaner.clean(record)
    assert record.http_request == {"status": 200, "responseSize": 25, "requestMethod": "Admin-User"}
    assert type(record.http_request["status"]) is int
    status = 200 if settings.keep_numbers else "HTTPStatus.OK" if settings.style else "ok"
    assert (record.other, record.request["status"]) == (status, status)
    assert request["status"] is HTTPStatus.OK
    patches.undo()


def test_a_records_request_without_an_enum_is_the_same_object(library):
    client = library(client={}, _http={"_LoggingAPI": Api}, logger={"Logger": Logger})
    patches = Patches()
    google_cloud_logging.wrap(client, patches, Settings())
    for request in ({"status": 200}, None, "GET", [1]):
        record = logging.makeLogRecord({"http_request": request, "other": STATE})
        Cleaner(Settings(), patches).clean(record)
        assert (record.http_request is request, record.other) == (True, "connected")
    patches.undo()
