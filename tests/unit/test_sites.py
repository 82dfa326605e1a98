"""How sites are counted, when they are written, and what a row of one looks like."""

import errno
import json
import os
import stat
import threading

import pytest

from shim import site_rows
from shim.cli.sites.rows import row as read
from shim.sites import Count, Sites

SITE = ("/srv/app/ws.py", 42, "receive", "app.ws", "extra.state", "starlette.websockets:WebSocketState")
OTHER = (*SITE[:4], "args[0]", SITE[5])


def in_folder(path):
    folder = site_rows.Folder(str(path))
    return Sites(folder.write, folder.update)


class Clock:
    def __init__(self, monkeypatch):
        self.now = 1_000_000.0
        monkeypatch.setattr("shim.sites.time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def written():
    return []


@pytest.fixture
def sites(clock, written):
    return Sites(lambda run, site, count: written.append((site, count.calls)))


def test_the_first_call_is_written_at_once_and_then_each_doubling(sites, written):
    for _ in range(20):
        sites.add(SITE)
    assert written == [(SITE, calls) for calls in (1, 2, 4, 8, 16)]
    sites.flush()
    sites.flush()
    assert written[5:] == [(SITE, 20)]


def test_a_count_waits_ten_seconds_at_most_while_something_is_seen(sites, written, clock):
    for _ in range(3):
        sites.add(SITE)
    sites.add(OTHER)
    clock.now += 11
    sites.add(OTHER)
    assert written == [(SITE, 1), (SITE, 2), (OTHER, 1), (OTHER, 2), (SITE, 3)]


def test_a_year_of_calls_makes_few_rows(sites, written, clock):
    for _ in range(365 * 24):
        sites.add(SITE)
        clock.now += 3600
    assert len(written) < 120


def test_the_number_of_sites_is_bounded(sites, written, capsys):
    for line in range(3000):
        sites.add((*SITE[:1], line, *SITE[2:]))
        sites.add((*SITE[:1], line, *SITE[2:]))
    assert len(sites.recorded()) == 2000
    assert len(written) == 4000
    assert capsys.readouterr().err.count("more than 2000 places log an enum: no more are recorded") == 1


def test_threads(clock):
    sites = Sites(None)
    threads = [threading.Thread(target=lambda: [sites.add(SITE) for _ in range(5000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sites.recorded() == {SITE: 40_000}


def test_a_forked_child_starts_anew_though_the_lock_is_held(tmp_path):
    sites = in_folder(tmp_path)
    sites.add(SITE)
    with sites._lock:
        child = os.fork()
        if not child:
            code = 1
            try:
                held = threading.Thread(target=sites.add, args=(OTHER,))
                held.start()
                held.join(20)
                code = 0 if sites.recorded() == {OTHER: 1} else 2
            finally:
                os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    rows = [read(json.loads(file.read_text())) for file in tmp_path.iterdir()]
    assert sorted((row.site.place, row.calls) for row in rows) == [("args[0]", 1), ("extra.state", 1)]
    assert len({row.run for row in rows}) == 2


def test_who_counts_may_be_interrupted_by_a_log_call_that_waits_for_another_one():
    """By a signal handler or a `__del__`: it wants a handler's lock, whose owner formats a class that is counted."""
    inside, handlers_lock_is_free, in_time = threading.Event(), threading.Event(), []

    def update(run, site, count):
        if site is SITE and not inside.is_set():
            inside.set()
            in_time.append(handlers_lock_is_free.wait(10))

    sites = Sites(None, update)
    interrupted = threading.Thread(target=sites.add, args=(SITE,))
    interrupted.start()
    assert inside.wait(10)
    sites.add(OTHER)
    handlers_lock_is_free.set()
    interrupted.join(10)
    assert in_time == [True]
    sites.add(SITE)
    assert sites.recorded() == {SITE: 2, OTHER: 1}


def row_of(site, calls=3):
    count = Count(1_000_000.5)
    count.calls, count.last = calls, 1_000_001.25
    return site_rows.row("abc", site, count)


def test_a_row():
    assert json.loads(row_of(SITE)) == {
        "enum_log_shim": "site",
        "run": "abc",
        "file": "/srv/app/ws.py",
        "line": 42,
        "function": "receive",
        "logger": "app.ws",
        "place": "extra.state",
        "class": "starlette.websockets:WebSocketState",
        "first": "1970-01-12T13:46:40.500Z",
        "last": "1970-01-12T13:46:41.250Z",
        "count": 3,
    }


@pytest.mark.parametrize(
    "site",
    [
        (None, None, None, None, "extra.x", "m:C"),
        (b"f", "3", 4, object(), "extra.x", "m:C"),
        ("f" * 9000, -1, "g" * 9000, "l" * 9000, "p" * 9000, "c" * 9000),
        ("/é\udcff\n", True, "\u2028", "\x00", "extra[…]", "m:C"),
    ],
    ids=["nothing", "other types", "long", "odd letters"],
)
def test_whatever_a_record_has_the_row_can_be_read(site):
    text = row_of(site)
    assert text.isascii()
    assert text.count("\n") == 1
    assert len(text) < 4096
    assert read(json.loads(text)).calls == 3


def test_a_file_of_the_process_that_nobody_else_may_read(tmp_path):
    sites = in_folder(tmp_path / "a" / "b")
    sites.add(SITE)
    (file,) = (tmp_path / "a" / "b").iterdir()
    assert file.name == f"sites-{os.getpid()}-{sites.run}.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("failure", ["open", "write"])
def test_a_failure_is_one_line(tmp_path, monkeypatch, capfd, failure):
    sites = in_folder(tmp_path)

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(*((site_rows, "_write_at") if failure == "write" else (os, "open")), fail)
        for line in range(5):
            sites.add((*SITE[:1], line, *SITE[2:]))
    said = "enum-log-shim: ENUM_LOG_SHIM_SITES: %s: No space left on device; sites are not recorded\n" % tmp_path
    assert capfd.readouterr().err == said
    assert len(sites.recorded()) == 5


def rows_in(folder):
    (file,) = folder.iterdir()
    return [read(json.loads(line)) for line in file.read_text().splitlines()]


def test_every_call_is_in_the_file_whose_length_is_that_of_the_list(tmp_path):
    sites = in_folder(tmp_path)
    for number in range(1, 30):
        sites.add(SITE)
        sites.add(OTHER)
        assert [(row.site.place, row.calls) for row in rows_in(tmp_path)] == [
            ("extra.state", number),
            ("args[0]", number),
        ]


def test_half_a_row_is_taken_back(tmp_path, monkeypatch, capfd):
    sites = in_folder(tmp_path)
    sites.add(SITE)
    real = site_rows._write_at
    with monkeypatch.context() as patched:
        patched.setattr(site_rows, "_write_at", lambda file, data, offset: real(file, data[:20], offset))
        sites.add(OTHER)
        sites.add(OTHER)
    assert "No space left on device" in capfd.readouterr().err
    assert [(row.site.place, row.calls) for row in rows_in(tmp_path)] == [("extra.state", 1)]
    sites.add(OTHER)
    assert [(row.site.place, row.calls) for row in rows_in(tmp_path)] == [("extra.state", 1), ("args[0]", 3)]


def test_the_time_of_the_last_call_is_written_once_a_second(tmp_path, clock):
    sites = in_folder(tmp_path)
    for _ in range(3):
        sites.add(SITE)
        clock.now += 2
    (row,) = rows_in(tmp_path)
    assert (row.first, row.last, row.calls) == ("1970-01-12T13:46:40.000Z", "1970-01-12T13:46:44.000Z", 3)
