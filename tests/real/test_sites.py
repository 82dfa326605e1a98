"""`python -m shim sites`: what many processes recorded becomes one list, whatever the log has made of it."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from processes import ROOT, Host, Run, environment, run
from test_bundle import installed_copy
from unit.site_rows import line, record

PROG = "python -m shim sites: "
SOURCE = "import logging\n\n\nasync def receive(ws):\n    logging.info('state', extra={'ws_state': ws.client_state})\n"
SITES = (
    line(run="a", line=5, count=2),
    line(run="b", line=5, count=1),
    line(run="a", line=5, count=7, last="2026-11-25T00:00:00.000Z"),
    line(run="a", file="/srv/db.py", line=9, function="<module>", logger="", place="f-string", count=90),
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "app").mkdir(parents=True)
    (root / "app" / "ws.py").write_text(SOURCE)
    return root


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "record.jsonl"
    file.write_text("\n".join(SITES) + "\n")
    return file


def sites(*args: object, cwd: Path, text: str | bytes | None = None, **more: Any) -> Run:
    """text: what it is given on standard input."""
    env = environment([ROOT], more.pop("measured", True), **more.pop("variables", {}))
    command = [sys.executable, "-m", "shim", "sites", *args]
    if text is None:
        return run(command, env=env, cwd=cwd, **more)
    (cwd / "stdin").write_bytes(text.encode() if isinstance(text, str) else text)
    with (cwd / "stdin").open("rb") as stdin:
        return run(command, env=env, cwd=cwd, stdin=stdin, **more)


def listed(*args: object, cwd: Path, **more: Any) -> list[dict[str, Any]]:
    done = sites(*args, "--format", "json", cwd=cwd, **more)
    assert (done.code, done.stderr) == (0, ""), done
    found: list[dict[str, Any]] = json.loads(done.stdout)["sites"]
    return found


def refused(done: Run, *words: object) -> bool:
    """One clear line, and the exit code."""
    told = (done.code, done.stdout, done.stderr.count("\n"), done.stderr.startswith(PROG))
    assert told == (2, "", 1, True), done
    assert all(str(word) in done.stderr for word in words), done.stderr
    return True


# What it shows.


def test_the_list_is_merged_and_the_busiest_comes_first(log: Path, cwd: Path, checkout: Path) -> None:
    busy, other = listed(log, "--root", checkout, cwd=cwd)
    assert (busy["place"], busy["count"], busy["runs"], busy["path"], busy["source"]) == ("f-string", 90, 1, None, None)
    assert other == {
        **{name: value for name, value in record(line=5, last="2026-11-25T00:00:00.000Z").items() if name in other},
        "count": 8,
        "runs": 2,
        "path": "app/ws.py",
        "source": SOURCE.splitlines()[4],
    }


def test_the_table_has_each_source_line(log: Path, cwd: Path, checkout: Path) -> None:
    done = sites(log, "--root", checkout, cwd=cwd, variables={"FORCE_COLOR": None, "COLUMNS": None})
    assert (done.code, done.stderr) == (0, "")
    rows = [[cell.strip() for cell in row.split("│")[1:-1]] for row in done.stdout.splitlines() if "│" in row]
    assert [row[:3] for row in rows] == [
        ["90", "/srv/db.py:9 <module>", "starlette.websockets:WebSocketState"],
        ["", "", "f-string"],
        ["8", "app/ws.py:5 receive", "starlette.websockets:WebSocketState"],
        ["", SOURCE.splitlines()[4].strip(), "extra.ws_state"],
        ["", "", "app.ws"],
    ]
    assert rows[2][3] == "2026-11-25"
    assert done.stdout.endswith("\n2 sites, 98 calls, 2 runs\n")


def test_the_table_fits_a_width_that_is_asked_for(log: Path, cwd: Path, checkout: Path) -> None:
    done = sites(log, "--root", checkout, cwd=cwd, variables={"COLUMNS": "60"})
    assert max(map(len, done.stdout.splitlines())) == 60


def test_annotations_name_the_file_as_the_checkout_does(log: Path, cwd: Path, checkout: Path) -> None:
    done = sites(log, "--root", checkout, "--format", "github", cwd=cwd)
    first, second = done.stdout.splitlines()
    assert first.startswith("::warning title=An enum reaches a log call::/srv/db.py:9: starlette.websockets:")
    assert second.startswith("::warning file=app/ws.py,line=5,title=An enum reaches a log call::starlette.websockets:")


def test_what_a_terminal_would_obey_is_shown_escaped(cwd: Path, checkout: Path) -> None:
    (checkout / "app" / "ws.py").write_text("# \x1b]0;title\x07\u202e\n")
    odd = "a\x1b[31m\x9b\x7f\u202e\r\n::error::[red]"
    text = line(line=1, file="/app/ws.py", place=odd, function=odd, logger=odd, enum=odd)
    text += "\n" + line(file=odd)
    for form in ("table", "json", "github"):
        done = sites("--root", checkout, "--format", form, "-", cwd=cwd, text=text)
        assert done.code == 0
        assert not set(done.stdout) & set("\x1b\x07\x9b\x7f\u202e\r")
        assert "\n::error" not in done.stdout
        assert "[red]" in done.stdout
    assert "\\x1b]0;title\\x07\\u202e" in sites("--root", checkout, "-", cwd=cwd, text=text).stdout


def test_a_narrow_encoding_is_no_error(log: Path, cwd: Path, checkout: Path) -> None:
    (checkout / "app" / "ws.py").write_text(SOURCE.replace("'state'", "'é→'"))
    for variables in ({"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        done = sites(log, "--root", checkout, cwd=cwd, variables=variables)
        assert (done.code, done.stderr) == (0, "")
        assert "ws.py:5" in done.stdout


def on_a_terminal(*args: object, cwd: Path, stream: str, **variables: object) -> tuple[str, Run]:
    """What it writes to a terminal that is its stdout or stderr."""
    ours, theirs = pty.openpty()
    text = b""

    def read() -> None:
        nonlocal text
        try:
            while True:
                text += os.read(ours, 65536)
        except OSError:  # so Linux ends it
            pass

    thread = threading.Thread(target=read)
    thread.start()
    try:
        variables = {"TERM": "xterm-256color", "NO_COLOR": None, "COLUMNS": "120", **variables}
        done = sites(*args, cwd=cwd, variables=variables, measured=False, **{stream: theirs})
    finally:
        os.close(theirs)
        thread.join(30)
        os.close(ours)
    return text.decode(), done


def test_colours_are_for_a_terminal(log: Path, cwd: Path) -> None:
    assert "\x1b[" in on_a_terminal(log, cwd=cwd, stream="stdout")[0]
    assert "\x1b[3" not in on_a_terminal(log, cwd=cwd, stream="stdout", NO_COLOR="1")[0]
    assert "\x1b" not in sites(log, cwd=cwd).stdout


def test_a_long_input_has_a_progress_bar_on_a_terminal(tmp_path: Path, cwd: Path) -> None:
    long = tmp_path / "long.log"
    long.write_text((line() + "\n") * 50_000)
    text, done = on_a_terminal(long, "--format", "json", cwd=cwd, stream="stderr")
    assert "reading" in text
    assert "MB" in text
    assert (done.code, json.loads(done.stdout)["lines"]) == (0, 50_000)
    assert sites(long, "--format", "json", cwd=cwd).stderr == ""
    (tmp_path / "short.log").write_text(line())
    assert on_a_terminal(tmp_path / "short.log", "--format", "json", cwd=cwd, stream="stderr")[0] == ""


# What it reads.


def test_rows_are_read_from_a_pipe(cwd: Path) -> None:
    prefixed = "".join(f"[pod/web-{number}/app] {line(run=str(number))}\nplain\n" for number in range(3))
    assert [found["count"] for found in listed("-", cwd=cwd, text=prefixed)] == [9]
    assert [found["count"] for found in listed(cwd=cwd, text=prefixed)] == [9]


def test_the_folder_of_the_setting_is_the_default(log: Path, cwd: Path) -> None:
    folder = {"ENUM_LOG_SHIM_SITES": log.parent}
    assert len(listed(cwd=cwd, variables=folder, text=line())) == 2
    assert len(listed("-", cwd=cwd, variables=folder, text=line())) == 1
    for other in ("stderr", str(log), "/nowhere"):
        assert len(listed(cwd=cwd, variables={"ENUM_LOG_SHIM_SITES": other}, text=line())) == 1


def test_with_nothing_to_read_it_says_what_to_do(cwd: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        assert refused(sites(cwd=cwd, stdin=theirs), "name a file or a folder", "--help")
    finally:
        os.close(ours)
        os.close(theirs)
    script = 'exec "$0" -m shim sites "$@" <&-'
    for args in ((), ("-",)):
        done = run(["sh", "-c", script, sys.executable, *args], env=environment([ROOT]), cwd=cwd)
        assert refused(done)


def test_files_and_folders_together(tmp_path: Path, cwd: Path) -> None:
    folder = tmp_path / "record"
    folder.mkdir()
    for run_ in "abc":
        (folder / f"{run_}.jsonl").write_text(line(run=run_) + "\n")
    (folder / "notes.txt").write_text(line(run="no"))
    (folder / "folder.jsonl").mkdir()
    os.mkfifo(folder / "pipe.jsonl")
    (found,) = listed(folder, folder / "a.jsonl", "-", cwd=cwd, text=line(run="d"))
    assert (found["count"], found["runs"]) == (12, 4)


@pytest.mark.parametrize("form", ["table", "json", "github"])
def test_no_sites(tmp_path: Path, cwd: Path, form: str) -> None:
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "log.txt").write_text("INFO: a line\n")
    (tmp_path / "folder" / "lost+found").mkdir(parents=True)
    wanted = {"table": ("no sites (0 lines read)\n", "no sites (1 line read)\n"), "github": ("", "")}
    for path in ("empty.jsonl", "log.txt", "folder"):
        done = sites(tmp_path / path, "--format", form, "--fail-on-sites", cwd=cwd)
        assert (done.code, done.stderr) == (0, "")
        if form == "json":
            assert json.loads(done.stdout)["sites"] == []
        else:
            assert done.stdout == wanted[form][path == "log.txt"]


def test_bad_lines_are_told_and_no_error(tmp_path: Path, cwd: Path) -> None:
    (tmp_path / "a\x1b.log").write_text(f"plain\n{line()[:70]}\n{line()}\n  enum_log_shim: site\n")
    done = sites(tmp_path / "a\x1b.log", "--format", "json", cwd=cwd)
    assert done.code == 0
    assert (json.loads(done.stdout)["bad_lines"], len(json.loads(done.stdout)["sites"])) == (2, 1)
    path = f"{tmp_path}/a\\x1b.log"
    told = f"2 lines of {path} with 'enum_log_shim' and no row that can be read; the first is line 2\n"
    assert done.stderr == PROG + told


def test_a_log_with_bytes_that_are_no_text_is_read(cwd: Path) -> None:
    text = b"plain \xff\xfe\n" * 1000 + b"\0\xf0" + line().encode() + b"\r\n\xc3"
    assert len(listed("-", cwd=cwd, text=text)) == 1


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 9, line().encode("utf-16")])
def test_what_is_no_log_is_a_clear_error(tmp_path: Path, cwd: Path, log: Path, content: bytes) -> None:
    (tmp_path / "picture").write_bytes(content)
    assert refused(sites(log, tmp_path / "picture", cwd=cwd), tmp_path / "picture", "no log")
    assert refused(sites("-", cwd=cwd, text=content), "standard input", "no log")
    assert refused(sites(sys.executable, cwd=cwd), "no log")


def test_a_folder_of_other_files_is_a_clear_error(checkout: Path, cwd: Path) -> None:
    assert refused(sites(checkout / "app", cwd=cwd), "no *.jsonl file", "ws.py")


def test_what_cannot_be_read_is_a_clear_error(tmp_path: Path, cwd: Path) -> None:
    assert refused(sites(tmp_path / "absent", cwd=cwd), "absent", "No such file")
    assert refused(sites("/proc/self/mem", cwd=cwd), "rror")


# How it ends.


def test_the_exit_code_tells_whether_there_is_a_site(log: Path, cwd: Path) -> None:
    for form in ("table", "json", "github"):
        assert sites(log, "--format", form, cwd=cwd).code == 0
        done = sites(log, "--format", form, "--fail-on-sites", cwd=cwd)
        assert (done.code, done.stderr) == (1, "")
        assert "db.py" in done.stdout


USAGE = {
    "an unknown option": ["--nope"],
    "an abbreviation": ["--form", "json"],
    "an unknown format": ["--format", "xml"],
    "no value": ["--html"],
    "no such root": ["--root", "/nowhere", "-"],
    "standard input twice": ["-", "-"],
}


@pytest.mark.parametrize("case", USAGE)
def test_a_usage_error_is_one_line(cwd: Path, case: str) -> None:
    assert refused(sites(*USAGE[case], cwd=cwd, text=line()), "--help")


def test_a_page_that_cannot_be_written_is_one_line(log: Path, cwd: Path) -> None:
    assert refused(sites(log, "--html", cwd / "absent" / "page.html", cwd=cwd), "absent/page.html", "No such file")


def test_who_reads_may_have_read_enough(tmp_path: Path, cwd: Path) -> None:
    (tmp_path / "many.jsonl").write_text("".join(line(line=number) + "\n" for number in range(5000)))
    for form in ("table", "json", "github"):
        command = f"{sys.executable} -m shim sites {shlex.quote(str(tmp_path))} --format {form}"
        script = f"({command}; echo $? >&2) | head -n 1"
        done = run(["bash", "-c", script], env=environment([ROOT]), cwd=cwd)
        assert done.stderr == "141\n"


def test_an_interrupt_ends_it_quietly(cwd: Path) -> None:
    command = [sys.executable, "-m", "shim", "sites", "-"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment([ROOT], measured=False), cwd=cwd, **pipes) as process:
        process.stdin.write(b"a line\n" * 30_000)  # more than a pipe holds: it is reading
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout, stderr) == (130, b"", b"")


def test_help_helps(cwd: Path) -> None:
    done = sites("--help", cwd=cwd)
    assert (done.code, done.stderr) == (0, "")
    for word in ("kubectl logs", "gcloud logging read", "--format=json", "ENUM_LOG_SHIM_SITES", "exit code"):
        assert word in done.stdout
    top = run([sys.executable, "-m", "shim", "--help"], env=environment([ROOT]), cwd=cwd)
    assert "sites" in top.stdout


# Where it runs.


def test_any_interpreter_makes_the_list(any_host: Host, log: Path) -> None:
    done = any_host("-m", "shim", "sites", log, "--format", "json", flag=None)
    assert (done.code, done.stderr) == (0, "")
    assert [site["count"] for site in json.loads(done.stdout)["sites"]] == [90, 8]


def test_without_the_extra_it_says_what_is_needed(python_without_wrapt: Path, log: Path, cwd: Path) -> None:
    host = Host(cwd, python_without_wrapt)
    hint = 'pip install "./.package[cli]"'
    assert refused(host("-m", "shim", "sites", log, flag=None), "needs rich,", hint, "--format json does without")
    assert refused(host("-m", "shim", "sites", log, "--html", "x.html", flag=None), "needs jinja2,", hint)
    assert host("-m", "shim", "sites", log, "--format", "github", flag=None).code == 0


def test_it_is_no_different_under_the_shim(log: Path, cwd: Path) -> None:
    plain = sites(log, "--html", "page.html", "--format", "table", cwd=cwd)
    assert sites(log, "--html", "page.html", "--format", "table", cwd=cwd, variables={"ENUM_LOG_SHIM": "1"}) == plain


def test_a_bundle_and_an_installed_copy_hold_the_page(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory, log: Path, cwd: Path
) -> None:
    for name in ("page.html", "page.css", "page.js"):
        assert (bundle / "shim" / "cli" / "sites" / name).is_file()
    command = [sys.executable, bundle / "shim", "sites", log, "--html", "page.html"]
    done = run(command, env=environment(), cwd=cwd)
    assert (done.code, (cwd / "page.html").stat().st_size > 1000) == (0, True)
    tell = "import os, shim.cli.sites as it; print(sorted(os.listdir(os.path.dirname(it.__file__))))"
    done = run([installed_copy(tmp_path_factory), "-c", tell], env=environment(), cwd=cwd)
    assert "'page.css', 'page.html', 'page.js'" in done.stdout


# How much it takes.

# What getrusage tells was perhaps the memory of the process that forked this one.
MEASURED = """
import re, sys
from shim.__main__ import main
code = main(["sites", *sys.argv[1:], "--format", "json"])
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr)
sys.exit(code)
"""
LINES = {
    "rows": lambda number: line(run=str(number % 8), line=number % 50, count=number + 1),
    "texts": lambda number: json.dumps({"textPayload": line(run=str(number % 8), count=number + 1), "labels": {}}),
    "a log": lambda number: (
        line(count=number + 1) if number % 100 == 0 else f"web-1 | INFO: request {number} {{'a': 1}}"
    ),
    "a pretty array": lambda number: json.dumps({"jsonPayload": record(count=number + 1)}, indent=2) + ",",
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the most that it took in /proc")
@pytest.mark.parametrize("kind", LINES)
def test_a_million_lines_take_no_more_memory_than_ten_thousand(
    tmp_path: Path, cwd: Path, figure: Any, kind: str
) -> None:
    took = {}
    for count in (10_000, 1_000_000):
        file, lines, number = tmp_path / f"{count}.log", 0, 0
        with file.open("w") as stream:
            stream.write("[\n")
            while lines < count:
                text = LINES[kind](number)
                stream.write(text + "\n")
                lines, number = lines + text.count("\n") + 1, number + 1
        begun = time.monotonic()
        env = environment([ROOT], measured=False)
        done = run([sys.executable, "-c", MEASURED, file], env=env, cwd=cwd, timeout=200)
        seconds = time.monotonic() - begun
        found = json.loads(done.stdout)
        assert (done.code, found["bad_lines"], found["lines"] >= count) == (0, 0, True)
        took[count] = int(done.stderr) // 1024
    figure(f"sites, 1,000,000 lines, {kind}", f"{seconds:.1f} s, {took[1_000_000]} MiB ({took[10_000]} for 10,000)")
    assert took[1_000_000] < took[10_000] + 10
