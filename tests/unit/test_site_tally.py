"""However the rows come, split over files and streams, they are merged into the same list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shim.cli.sites.rows import row
from shim.cli.sites.stream import Reader
from shim.cli.sites.tally import Tally

from .site_rows import line, record


def totals(*records):
    tally = Tally()
    for each in records:
        tally.add(row(each))
    return tally.totals()


def time(second):
    return f"2026-11-24T00:00:{second:02}.000Z"


def test_a_run_tells_more_of_a_site_as_it_goes_on():
    (total,) = totals(record(count=1, last=time(1)), record(count=9, last=time(3)), record(count=4, last=time(2)))
    assert (total.calls, total.runs, total.last) == (9, 1, time(3))


def test_runs_add_up():
    rows = [record(run=run, count=count, first=time(count), last=time(count)) for run, count in (("a", 5), ("b", 7))]
    (total,) = totals(*rows)
    assert total[1:] == (12, 2, time(5), time(7))


@pytest.mark.parametrize(
    ("name", "value"),
    [("file", "b.py"), ("line", 43), ("function", "send"), ("logger", ""), ("place", "args[1]"), ("enum", "a:B")],
)
def test_each_part_tells_one_site_from_another(name, value):
    assert len(totals(record(), record(**{name: value}))) == 2


def test_the_busiest_comes_first_then_file_and_line():
    rows = [("b.py", 10, 1), ("a.py", 10, 1), ("a.py", 9, 1), ("z.py", 1, 2), ("a.py", 100, 1)]
    found = totals(*(record(file=file, line=number, count=count) for file, number, count in rows))
    assert [(total.site.file, total.site.line) for total in found] == [
        ("z.py", 1),
        ("a.py", 9),
        ("a.py", 10),
        ("a.py", 100),
        ("b.py", 10),
    ]


SITES = st.fixed_dictionaries(
    {
        "file": st.sampled_from(["", "a.py", "b.py"]),
        "line": st.integers(0, 2),
        "run": st.sampled_from(["r", "s", "t"]),
        "count": st.integers(1, 50),
        "first": st.integers(0, 59).map(time),
        "last": st.integers(0, 59).map(time),
    }
)


@given(st.lists(SITES, max_size=30), st.data())
def test_order_splitting_and_repetition_make_no_difference(rows, data):
    whole = totals(*(record(**each) for each in rows))
    shuffled = data.draw(
        st.permutations(rows + data.draw(st.lists(st.sampled_from(rows), max_size=9) if rows else st.just([])))
    )
    cut = data.draw(st.integers(0, len(shuffled)))
    tally = Tally()
    for part in (shuffled[cut:], shuffled[:cut]):  # files, each read by a reader of its own
        for found in Reader().read(f"{line(**each)}\n" for each in part):
            tally.add(found)
    assert tally.totals() == whole
    assert tally.runs == len({each["run"] for each in rows})
    assert sum(total.calls for total in whole) == sum(
        max(each["count"] for each in rows if key == (each["file"], each["line"], each["run"]))
        for key in {(each["file"], each["line"], each["run"]) for each in rows}
    )
