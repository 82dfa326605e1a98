"""What a row says is untrusted: it is shown as what it is, and nothing more."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shim.cli.sites import github, shown
from shim.cli.sites.rows import row
from shim.cli.sites.tally import Total

from .site_rows import record

TEXTS = st.text(alphabet=st.characters(), max_size=40)  # lone surrogates among them


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("extra.é[1]", "extra.é[1]"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\r\nb\t", "a\\r\\nb\\t"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("a\u202eb\u200b", "a\\u202eb\\u200b"),
        ("\u2028\ud800\U000e0001", "\\u2028\\ud800\\U000e0001"),
        ("", ""),
    ],
)
def test_what_could_be_taken_for_something_else_is_escaped(text, visible):
    assert shown.visible(text) == visible


@given(TEXTS)
def test_whatever_it_is_nothing_but_visible_characters_are_shown(text):
    for char in shown.visible(text):
        assert char == " " or unicodedata.category(char)[0] not in "CZ"


def test_tabs_of_a_source_line_are_blanks():
    assert shown.source_line("\tlog.info(\x1b)  \n") == "    log.info(\\x1b)"


def total(**changes):
    found = row(record(**changes))
    return Total(found.site, found.calls, 1, found.first, found.last)


def test_an_annotation():
    assert github.annotation(total(), "app/ws.py") == (
        "::warning file=app/ws.py,line=42,title=An enum reaches a log call::starlette.websockets:WebSocketState in "
        "extra.ws_state, function receive, logger app.ws: 3 calls, the last at 2026-11-24T00:00:05.000Z"
    )


def test_an_annotation_without_a_line_or_a_file_of_the_checkout():
    assert github.annotation(total(line=0), "a.py").startswith("::warning file=a.py,title=")
    text = github.annotation(total(file="/x/y.py", logger="", count=1), None)
    assert text.startswith("::warning title=An enum reaches a log call::/x/y.py:42: starlette")
    assert text.endswith("function receive: 1 call, the last at 2026-11-24T00:00:05.000Z")
    assert "::(source not known): " in github.annotation(total(file="", line=0), None)


def unescaped(text):
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, char)
    return text


@given(TEXTS, TEXTS, TEXTS)
def test_no_value_can_end_an_annotation_or_add_to_it(path, place, function):
    text = github.annotation(total(place=place, function=function), path)
    assert "\n" not in text
    assert "\r" not in text
    # As GitHub's runner takes it apart: properties up to the next "::", at commas, and their names up to "=".
    properties, message = re.fullmatch(r"::warning (.*?)::(.*)", text).groups()
    pairs = [pair.split("=", 1) for pair in properties.split(",")]
    assert [name for name, _ in pairs] == ["file", "line", "title"]
    assert unescaped(pairs[0][1]) == shown.visible(path)
    assert f"in {shown.visible(place)}, function {shown.visible(function)}, logger" in unescaped(message)


def test_per_cent_signs_and_line_ends_are_escaped_as_the_toolkit_does():
    assert "in 100%25\\n, function" in github.annotation(total(place="100%\n"), None)
    assert "file=a%2Cb%3Ac%25.py," in github.annotation(total(), "a,b:c%.py")
