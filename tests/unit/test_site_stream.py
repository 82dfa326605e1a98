"""Rows are found in whatever a log store makes of the lines, and what is none is counted."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shim.cli.sites import stream
from shim.cli.sites.rows import row

from .site_rows import line, record

ODD = {"place": 'extra.ctx["{a}\\"][0]', "function": "enum_log_shim", "file": "/app/{x}/é\u2028\x1b.py", "logger": "}{"}
FORMS = {
    "bare": line,
    "after a prefix": lambda **row: "[pod/web-1/app] " + line(**row),
    "after a prefix that opens what it doesn't close": lambda **row: 'it\'s "{ {"a": [ ' + line(**row),
    "after a prefix with our name": lambda **row: "enum_log_shim-web-1  | " + line(**row),
    "after a colour": lambda **row: "\x1b[36mweb-1 |\x1b[0m " + line(**row),
    "before a text": lambda **row: line(**row) + ' } enum_log_shim "',
    "without blanks": lambda **row: json.dumps(record(**row), separators=(",", ":")),
    "with other keys first": lambda **row: json.dumps(record(**row), sort_keys=True),
    "not escaped": lambda **row: json.dumps(record(**row), ensure_ascii=False),
    "a payload": lambda **row: json.dumps({"insertId": "x", "jsonPayload": record(**row), "labels": {"a": "b"}}),
    "a pretty array": lambda **row: json.dumps([{"jsonPayload": dict(sorted(record(**row).items()))}], indent=2),
    "among objects": lambda **row: json.dumps({"kubernetes": {"labels": {"a": {}}}, **record(**row), "x": {"y": []}}),
    "a text": lambda **row: json.dumps({"textPayload": line(**row), "severity": "ERROR"}),
    "a text after a prefix": lambda **row: json.dumps({"textPayload": "web {" + line(**row) + "\ntail"}),
    "docker's": lambda **row: json.dumps({"log": line(**row) + "\n", "stream": "stderr"}),
    "docker's in Loki's": lambda **row: json.dumps({"line": json.dumps({"log": line(**row) + "\n"})}),
    "three deep": lambda **row: json.dumps([json.dumps({"a": json.dumps({"b": line(**row)})})]),
    "a text with other escapes": lambda **row: json.dumps({"line": line(**row)}).replace('\\"', "\\u0022"),
}


def read(text, size=None):
    """What was found in `text`, given in pieces of `size` characters."""
    reader = stream.Reader()
    size = size or max(1, len(text))
    rows = list(reader.read(text[begin : begin + size] for begin in range(0, len(text), size)))
    return rows, reader


@pytest.fixture
def near(monkeypatch):
    """A row is looked for no further than a short one can reach: buffers are cut more often."""
    monkeypatch.setattr(stream, "_REACH", 2000)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("values", [{}, ODD], ids=["plain", "odd"])
def test_a_row_is_found_in_any_form(form, values):
    rows, reader = read(FORMS[form](**values) + "\n")
    assert rows == [row(record(**values))]
    assert (reader.rows, reader.bad) == (1, 0)


@pytest.mark.parametrize("form", FORMS)
def test_rows_are_found_among_other_lines(form):
    wanted = [record(run=str(number), **ODD) for number in range(20)]
    lines = ["INFO: a line", '{"a": "line"}', "", "{", '"']
    text = "".join(f"{FORMS[form](**each)}\n{lines[number % 5]}\n" for number, each in enumerate(wanted))
    rows, reader = read(text)
    assert [dict.fromkeys([each.run]) for each in rows] == [dict.fromkeys([each["run"]]) for each in wanted]
    assert reader.bad == 0
    assert reader.lines == text.count("\n")


@pytest.mark.parametrize("size", [1, 7, 64, 1000, 5000])
@pytest.mark.parametrize("form", FORMS)
def test_it_makes_no_difference_where_the_stream_is_cut(near, form, size):
    text = "x" * 3000 + "\n" + "".join(FORMS[form](run=str(number)) + "\n" for number in range(9)) + "enum_log_shim"
    rows, reader = read(text, size)
    assert [each.run for each in rows] == list("012345678")
    assert (reader.bad, reader.first_bad) == (1, reader.lines)
    assert reader.lines == text.count("\n") + 1


BAD = {
    "cut off": line()[:90],
    "cut off inside of a text": json.dumps({"log": line()})[:120],
    "another kind": line(enum_log_shim="summary"),
    "no count": line(count=None),
    "a count of another kind": line(count="many"),
    "YAML": "  enum_log_shim: site",
    "gcloud's value": "class=a:B;count=3;enum_log_shim=site;file=/app/ws.py",
    "Python": str(record()),
    "a path": '  File "/opt/enum_log_shim/__init__.py", line 3',
    "deep": '{"enum_log_shim": ' + "[" * 20_000,
    "deep in a text": '"{\\"enum_log_shim\\": ' + '{\\"a\\":' * 3000,
    "braces": "{" * 5000 + "enum_log_shim",
    "keys only": "enum_log_shim" * 50,
    "a huge number": line().replace(" 3}", " " + "9" * 5000 + "}"),
    "control characters": line().replace("receive", "re\x07ceive"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_line_is_counted_once_and_costs_no_other(bad):
    text = f"{line(run='1')}\n{BAD[bad]}\n{line(run='2')}\nplain\n{BAD[bad]}\n"
    rows, reader = read(text)
    assert [each.run for each in rows] == ["1", "2"]
    assert (reader.rows, reader.bad, reader.first_bad, reader.lines) == (2, 2, 2, 5)


def test_two_rows_on_a_line():
    rows, reader = read(f"{line(run='1')}{line(run='2')} {json.dumps({'log': line(run='3') + line(run='4')})}")
    assert [each.run for each in rows] == ["1", "2", "3", "4"]
    assert reader.bad == 0


def test_an_array_on_one_line_that_is_longer_than_the_reach():
    wanted = [record(run=str(number)) for number in range(500)]
    rows, reader = read(json.dumps([{"jsonPayload": each} for each in wanted]), 10_000)
    assert rows == [row(each) for each in wanted]
    assert (reader.bad, reader.lines) == (0, 1)


def test_nothing():
    assert read("")[0] == []
    assert read("")[1].lines == 0


TEXTS = st.text(max_size=30)
VALUES = st.fixed_dictionaries(dict.fromkeys(("run", "file", "function", "logger", "place", "enum"), TEXTS))


@given(st.lists(st.tuples(VALUES, st.sampled_from(sorted(FORMS)), st.integers(1, 2**53)), max_size=5), TEXTS)
@example([({"place": 'enum_log_shim{"enum_log_shim": ['}, "docker's in Loki's", 1)], "{")
def test_any_values_in_any_form_come_out_as_they_went_in(rows, between):
    wanted = [record(count=count, **values) for values, _, count in rows]
    text = "\n".join(f"{FORMS[form](count=count, **values)}\n{between}" for values, form, count in rows)
    found, _ = read(text)
    assert [each for each in found if each in [row(one) for one in wanted]] == found
    assert {each.site for each in found} == {row(each).site for each in wanted}


@given(st.text(alphabet='{}[]",:\\ \nabenum_log_shim', max_size=300))
def test_any_text_is_read_to_its_end(text):
    _, reader = read(text.replace("ab", "enum_log_shim"))
    assert reader.bad <= reader.lines
