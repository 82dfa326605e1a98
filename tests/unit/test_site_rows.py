"""Which objects are rows of a record."""

import json

import pytest

from shim.cli.sites.rows import Site, row

from .site_rows import record


def test_a_row():
    found = row(record())
    enum = "starlette.websockets:WebSocketState"
    assert found.site == Site("/app/ws.py", 42, "receive", "app.ws", "extra.ws_state", enum)
    assert found[0] == "a1"
    assert found[2:] == ("2026-11-24T00:00:00.123Z", "2026-11-24T00:00:05.000Z", 3)


def test_no_source_and_no_logger():
    found = row(record(file="", line=0, logger="", place="f-string"))
    assert found.site[:5] == ("", 0, "receive", "", "f-string")


def test_what_else_a_log_store_adds_is_passed_over():
    assert row({**record(), "severity": "INFO", "kubernetes": {"pod": "web-1"}}) == row(record())


@pytest.mark.parametrize("name", list(record()))
@pytest.mark.parametrize("value", [None, [], {}, True, "", -1, 1.5, "x", float("nan"), float("inf"), 10**400, "1e999"])
def test_a_wrong_or_absent_value_is_an_error(name, value):
    is_text = name in ("run", "file", "function", "logger", "place", "class")
    if is_text and isinstance(value, str):
        assert row(record(**{name: value})) is not None
        return
    with pytest.raises(ValueError, match=f"{name}|kind|convert"):
        row(record(**{name: value}))


@pytest.mark.parametrize("number", [7, 7.0, "7", "7.0", "7e0"])
def test_numbers_as_log_stores_write_them(number):
    found = row(record(line=number, count=number))
    assert json.dumps([found.site.line, found.calls]) == "[7, 7]"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-24T00:00:00Z", "2026-11-24T00:00:00.000Z"),
        ("2026-11-24T00:00:00.1Z", "2026-11-24T00:00:00.100Z"),
        ("2026-11-24T00:00:00.123456Z", "2026-11-24T00:00:00.123Z"),
    ],
)
def test_times_compare_as_texts_whatever_their_fraction(written, read):
    found = row(record(first=written, last=written))
    assert (found.first, found.last) == (read, read)


@pytest.mark.parametrize("time", ["2026-11-24 00:00:00", "2026-11-24T00:00:00", "yesterday", "2026-11-24T00:00:00.Z\n"])
def test_what_is_no_time_is_an_error(time):
    with pytest.raises(ValueError, match="first"):
        row(record(first=time))
